"""Releases in SPARQL engines elsewhere: how one is reached, where a release stands in it, how it gets there.

endpoint.py   requests to an engine: authentication, retries, circuit breaker, errors
answers.py    what engines answer, in the one form that standard and our own code expect
placing.py    where a release stands in an engine that holds several, and which one is in service
rewriting.py  a query on a release, as a query on its place
load.py       put a release there, check it, switch; compare one that is there

Reading is :mod:`graph.read.remote`. What differs from engine to engine is listed in docs/engines.md.
"""
