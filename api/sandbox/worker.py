"""One worker: takes a query, runs it on the release it was forked with, sends the whole answer or what went wrong.

It lives in a locked process (:mod:`api.sandbox.locks`) and trusts nothing but its memory. Whatever kills it, a stack
overflow in the parser, a failed allocation, a signal, is seen from outside and becomes a problem there.

A request: `query`, `base`, `form` (SELECT, ASK, CONSTRUCT, DESCRIBE or ""), `format`, `coding`, `rows`, `bytes`,
`default` and `named` (graph IRIs given by the protocol, or None), and `prologue`, `from`, `from_named` as written;
`data`, N-Quads that are asked instead of a release, or None.
Or `inspect`, a text for the guard, with `depth` and `services`.
A reply: `ok` with `rows`, `truncated`, `cpu`, `retire`; or `error` with its members. `own` is the memory in bytes that
this worker shared with nobody after the answer before.
"""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import IO, Any, Final, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from api.errors import Problem
from api.sandbox import locks, wire
from api.sandbox.guard import inspect
from api.sandbox.output import Full, RowCounter, Sink, TooMany, XmlSafe, graph_note
from api.sandbox.syntax import explain, mistake

ROW_FORMATS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}

#: Pages that a worker may be given before it looks again what it owns, which takes it two milliseconds.
_LOOK: Final = (8 << 20) // resource.getpagesize()
#: Smaller answers are sent as they are.
_WORTH_CODING: Final = 500
_MERGED: Final = NamedNode("urn:palermo:merged")


class Refused(Exception):
    """The query cannot be answered; `members` is the reply."""

    def __init__(self, error: str, **members: Any) -> None:
        self.members = {"error": error, **members}
        super().__init__(error)


def serve(sock: socket.socket, store: Store, prefixes: dict[str, str]) -> None:
    """Answer requests until the server closes the connection."""
    unpacker, passed = wire.Unpacker(), list[int]()
    own = looked = 0
    while True:
        try:
            request, _ = wire.receive(sock, unpacker, passed)
        except (wire.Closed, OSError):
            return
        before = time.process_time()
        sink = Sink(int(request.get("bytes", 0)))
        try:
            if "inspect" in request:
                reply = inspected(request)
            elif "parse" in request:
                reply = parsed(request)
            else:
                reply, sink = answer(store, request, sink, prefixes)
        except Refused as refused:
            sink.discard()
            reply = refused.members
        reply |= {"cpu": time.process_time() - before, "own": own, "retire": bool(reply.get("retire"))}
        body, file = sink.finish()
        try:
            wire.send(sock, reply, body, file)
        except OSError:
            return
        sink.discard()
        if reply["retire"]:
            return
        if (given := _faults()) - looked > _LOOK:
            own, looked = locks.private_bytes(), given


def _faults() -> int:
    """Pages that this process was given so far, by copy or new."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def inspected(request: dict[str, Any]) -> dict[str, Any]:
    """What the guard sees in a long text, which would hold up the server's own process. Raises :class:`Refused`."""
    try:
        return asdict(inspect(request["inspect"], depth=request["depth"], services=request["services"]))
    except Problem as problem:
        raise Refused("refused", kind=problem.kind, detail=problem.detail, members=problem.members) from None


def parsed(request: dict[str, Any]) -> dict[str, Any]:
    """Whether a text is a query, for an engine elsewhere. Raises :class:`Refused`."""
    if told := mistake(request["parse"], request["base"]):
        raise Refused("syntax", **told)
    return {"ok": True}


def answer(store: Store, request: dict[str, Any], sink: Sink, prefixes: dict[str, str]) -> tuple[dict[str, Any], Sink]:
    """Run one query into a sink. Raises :class:`Refused`."""
    try:
        store, options, dirty = dataset(store, request)
        result = store.query(request["query"], base_iri=request["base"], **options)
        reply, sink = written(
            result, sink, request["format"], cap=int(request["rows"]), coding=request["coding"], prefixes=prefixes
        )
        return {**reply, "retire": dirty}, sink
    except SyntaxError as error:
        raise Refused("syntax", **explain(request["query"], str(error))) from None
    except TooMany:
        raise Refused("bytes") from None
    except MemoryError:
        raise Refused("memory", retire=True) from None
    except KeyError:
        raise Refused("format") from None
    except OSError:
        raise Refused("service", retire=True) from None
    except Exception as error:
        raise Refused("engine", retire=True, what=type(error).__name__) from None


def written(
    result: QuerySolutions | QueryBoolean | Iterable[Triple],
    sink: Sink,
    form: str,
    *,
    cap: int,
    coding: str,
    prefixes: dict[str, str],
) -> tuple[dict[str, Any], Sink]:
    """Write an answer in a format and a coding, cut after `cap` rows. Raises :class:`TooMany`."""
    mark = (b"", b"")
    if isinstance(result, QuerySolutions):
        counter = RowCounter(XmlSafe(sink) if form == "xml" else sink, form, cap)
        with contextlib.suppress(Full):
            result.serialize(cast("IO[bytes]", counter), format=ROW_FORMATS[form])
        counter.close()
        rows, truncated, mark = counter.rows, counter.truncated, counter.mark
    elif isinstance(result, QueryBoolean):
        rows, truncated, mark = _boolean(result, form, sink)
    else:
        rows, truncated = _graph(result, form, cap, sink, prefixes)
    coding = coding if sink.size >= _WORTH_CODING else ""
    return {"ok": True, "rows": rows, "truncated": truncated, "coding": coding}, sink.coded(coding, mark)


def _boolean(result: QueryBoolean, form: str, sink: Sink) -> tuple[int, bool, tuple[bytes, bytes]]:
    result.serialize(cast("IO[bytes]", sink), format=ROW_FORMATS[form])
    return 1, False, (b"", b"")


def _graph(result: Iterable[Triple], form: str, cap: int, sink: Sink, prefixes: dict[str, str]) -> tuple[int, bool]:
    """A graph is a set: the engine gives a constructed triple once for each solution."""
    kind = GRAPH_FORMATS[form]
    found: dict[Triple, None] = {}
    truncated = False
    for triple in result:
        found[triple] = None
        if len(found) > cap:
            found.popitem()
            truncated = True
            break
    serialize(
        found,
        cast("IO[bytes]", XmlSafe(sink) if form == "rdfxml" else sink),
        kind,
        prefixes=_used(prefixes, found) if form in ("turtle", "trig", "rdfxml") else None,
    )
    if truncated:
        sink.write(graph_note(form, cap))
    return len(found), truncated


def _used(prefixes: dict[str, str], triples: Iterable[Triple]) -> dict[str, str]:
    """Only the prefixes that stand for something in a graph."""
    seen: set[str] = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, NamedNode):
                seen.add(term.value)
            elif datatype := getattr(term, "datatype", None):
                seen.add(datatype.value)
    spaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in seen}
    return {name: space for name, space in prefixes.items() if any(one.startswith(space) for one in spaces)}


def dataset(store: Store, request: dict[str, Any]) -> tuple[Store, dict[str, Any], bool]:
    """The store and the options that give the query its dataset, and whether the store was added to.

    What the protocol names wins over FROM. Several default graphs are merged as sets: the engine would count a triple
    once for each graph that holds it.
    """
    default, named = request["default"], request["named"]
    if request["data"] is not None:
        store.bulk_load(request["data"].encode(), format=RdfFormat.N_QUADS)
        return store, {"default_graph": DefaultGraph(), "named_graphs": [NamedNode(iri) for iri in named or ()]}, True
    if default is None and named is None:
        if len(set(request["from"])) < 2:
            return store, {}, False
        default = _resolved(request, request["from"])
        named = _resolved(request, request["from_named"])
    graphs = [NamedNode(iri) for iri in dict.fromkeys(default or ())]
    options: dict[str, Any] = {"named_graphs": [NamedNode(iri) for iri in dict.fromkeys(named or ())]}
    if len(graphs) < 2:
        return store, {**options, "default_graph": graphs}, False

    def merged() -> Iterator[Quad]:
        for graph in graphs:
            for quad in store.quads_for_pattern(None, None, None, graph):
                yield Quad(quad.subject, quad.predicate, quad.object, _MERGED)

    options["default_graph"] = _MERGED
    try:
        store.extend(merged())
    except RuntimeError:  # on disk, where nothing can be added: what is asked for is copied, within the memory limit
        copy = Store()
        copy.extend(merged())
        for name in options["named_graphs"]:
            copy.extend(store.quads_for_pattern(None, None, None, name))
        return copy, options, True
    return store, options, True


def _resolved(request: dict[str, Any], terms: list[str]) -> list[str]:
    """The IRIs that terms stand for under the query's own prologue, by asking the engine."""
    if not terms:
        return []
    probe = f"{request['prologue']} SELECT ?g {{ VALUES ?g {{ {' '.join(terms)} }} }}"
    result = Store().query(probe, base_iri=request["base"])
    return [row[0].value for row in result] if isinstance(result, QuerySolutions) else []


def main(sock: socket.socket, store: Store, prefixes: dict[str, str], memory: int, file_size: int) -> None:
    """The life of a worker, from its fork to its exit."""
    locks.name_process("palermo-worker")
    locks.die_with_parent()
    locks.limit(memory, file_size)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)  # the engine says on stderr what it dies of
    files = 64 + len(os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ())  # a store on disk has many
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    serve(sock, store, prefixes)
