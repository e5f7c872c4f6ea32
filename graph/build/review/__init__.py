"""What curators decide: proposals accepted, rejected or edited, facts added by hand, and the log of all of it.

log       the append-only record of who decided what, when and why
desk      decisions on a file of proposals, one at a time, by any number of curators at once
facts     a new row of a fact table: checked column by column, put into its file
"""
