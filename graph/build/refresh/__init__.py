"""Live sources: fetched politely, parsed strictly, matched to known ids, and turned into proposals for the curator.

    fetch -> cache -> connector (parse, match) -> compare with the fact tables -> proposal (CSV) -> review -> apply

Nothing here writes into the fact tables but :mod:`graph.build.refresh.apply`, and that only accepted proposals.
"""
