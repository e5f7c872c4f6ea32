"""Strangers' SPARQL: read token by token, run in worker processes that are locked in, limited and replaceable.

tokens.py     SPARQL split into tokens, in every reading an engine could have of it
guard.py      what a query is and asks for: form, graphs, refused features, normalised text and shape
locks.py      what a worker may not do: no network, no new programs, limited memory
wire.py       messages between the server and its workers
zygote.py     a clean process that loads the release once and forks workers from itself
worker.py     runs one query at a time in such a fork
output.py     results on their way out: rows counted, cut at the cap, compressed
pool.py       the server's side of zygote and workers
lanes.py      who runs when: a quick lane, a slow lane, a fair share per client
verdicts.py   what is already known of a query
job.py        a query to run, and its answer
outcomes.py   what became of a query that has no answer
service.py    the whole: :class:`service.Sandbox`
"""
