"""SPARQL of agents: the strangers' sandbox, with its limits, over either transport."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson
from pyoxigraph import NamedNode, RdfFormat, parse

from api.agents.answers import Answers
from api.sandbox.forward import Forwarder
from api.sandbox.job import Job
from api.sandbox.service import Sandbox
from api.settings import Settings

#: Rows that an agent is given when it does not say how many; more would only fill its memory.
ROWS: Final = 100
MOST_ROWS: Final = 1000
#: Characters of a graph (CONSTRUCT, DESCRIBE) that are given; the rest is cut and said to be.
TEXT: Final = 60_000
_NO_SOURCE: Final = (
    "The answer names no statement, entity, figure or source, so it has no sources of its own. Select the statement "
    "nodes too, or use GRAPH ?source { … }, and they are cited."
)


async def sparql(
    query: str, rows: int, *, sandbox: Sandbox | Forwarder, settings: Settings, answers: Answers, client: str, base: str
) -> dict[str, Any]:
    """Run a query and give its answer as plain values, with the sources of whatever it names.

    Raises the problems of :mod:`api.errors`, a syntax error with its line and a hint among them.
    """
    seen = await sandbox.inspect(client, query)
    graph = seen.form in ("CONSTRUCT", "DESCRIBE")
    job = Job(
        client=client,
        query=query,
        seen=seen,
        base=base,
        format="turtle" if graph else "json",
        coding="",
        rows=min(rows, settings.row_limit),
        seconds=settings.time_limit,
    )
    answer = await sandbox.run(job)
    try:
        body = b"".join([chunk async for chunk in answer.chunks()])
    finally:
        answer.close()
    found: dict[str, Any] = {"form": seen.form, "rows": answer.rows, "truncated": answer.truncated}
    if graph:
        text = body.decode()
        found |= {"turtle": text[:TEXT], "truncated": answer.truncated or len(text) > TEXT}
        return _told(found, set(_named(body)), answers)
    document = orjson.loads(body)
    if seen.form == "ASK":
        return answers.told(found | {"boolean": document["boolean"], "note": _NO_SOURCE}, ())
    found["columns"] = document["head"]["vars"]
    bindings = document["results"]["bindings"]
    found["bindings"] = [{name: _value(term) for name, term in row.items()} for row in bindings]
    named = {term["value"] for row in bindings for term in row.values() if term["type"] == "uri"}
    return _told(found, named, answers)


def _told(found: dict[str, Any], iris: set[str], answers: Answers) -> dict[str, Any]:
    sources, count = answers.sources_of(sorted(iris))
    if not sources:
        found["note"] = _NO_SOURCE
    elif count > len(sources):
        found["more_sources"] = count - len(sources)
    return answers.told(found, sources)


def _value(term: dict[str, str]) -> Any:
    """A term as agents read it best: text and numbers as they are, other languages and datatypes said."""
    datatype = term.get("datatype", "").rpartition("#")[2]
    if datatype == "integer":
        return int(term["value"])
    if datatype in ("decimal", "double", "float"):
        return float(term["value"])
    if datatype == "boolean":
        return term["value"] == "true"
    return term["value"] + (f"@{term['xml:lang']}" if "xml:lang" in term else "")


def _named(turtle: bytes) -> Iterator[str]:
    """Every IRI of a graph."""
    for quad in parse(turtle, format=RdfFormat.TURTLE):
        yield from (one.value for one in (quad.subject, quad.object) if isinstance(one, NamedNode))
