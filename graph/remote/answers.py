"""What engines answer, read into terms of the term library, in the one form that the standard gives it.

Virtuoso 7 answers an ASK with a table of one cell or none, named `__ASK_RETVAL`; columns that
:mod:`graph.remote.rewriting` had to add are taken out again.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from graph.read.store import StoreFailure
from graph.remote.rewriting import HIDDEN

ROWS: Final = "application/sparql-results+json"
GRAPH: Final = "application/n-triples, text/turtle;q=0.5"
_ASKED: Final = "__ASK_RETVAL"
#: How Virtuoso names blank nodes, which is no name that they may have.
_NODE: Final = "nodeID://"
_TO_CLEAN: Final = (HIDDEN.encode(), _ASKED.encode(), _NODE.encode())
_GRAPHS: Final = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
}


def rows(body: bytes, most: int | None = None) -> QuerySolutions | QueryBoolean:
    """The answer to a SELECT or ASK, out of SPARQL JSON, and no more rows than `most`. Raises :class:`StoreFailure`."""
    if most is not None or any(one in body for one in _TO_CLEAN):
        body = _cleaned(body, most)
    try:
        return parse_query_results(body, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise StoreFailure(f"the engine's answer is no SPARQL JSON: {str(error)[:200]}") from None


def _cleaned(body: bytes, most: int | None) -> bytes:
    try:
        document: dict[str, Any] = orjson.loads(body)
        columns: list[str] = document["head"]["vars"]
        found: list[dict[str, Any]] = document["results"]["bindings"]
        if columns == [_ASKED]:
            return orjson.dumps({"head": {}, "boolean": bool(found) and found[0][_ASKED]["value"] in ("1", "true")})
        document["head"]["vars"] = [one for one in columns if not one.startswith(HIDDEN)]
        for row in found:
            for name in [one for one in row if one.startswith(HIDDEN)]:
                del row[name]
            for term in row.values():
                if term["type"] == "bnode":
                    term["value"] = term["value"].removeprefix(_NODE)
        document["results"]["bindings"] = found[:most]
        return orjson.dumps(document)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise StoreFailure(f"the engine's answer is no SPARQL JSON: {type(error).__name__}") from None


def triples(body: bytes, media: str) -> list[Triple]:
    """The answer to a CONSTRUCT or DESCRIBE, each triple once. Raises :class:`StoreFailure`."""
    form = _GRAPHS.get(media.partition(";")[0].strip().lower())
    if form is None:
        raise StoreFailure(f"the engine answered with {media or 'no media type'}; N-Triples or Turtle was asked for")
    try:
        quads = parse(body, format=form)
        return list(dict.fromkeys(Triple(one.subject, one.predicate, one.object) for one in quads))
    except (SyntaxError, ValueError) as error:
        raise StoreFailure(f"the engine's answer is no {form.name}: {str(error)[:200]}") from None
