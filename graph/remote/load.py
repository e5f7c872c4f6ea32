"""Put a release into an engine, check it there, then switch to it; compare one that is there with a release directory.

A load says that it began, writes everything under a prefix of its own, reads all of it back and compares it statement
by statement, and only then says that it stands. Interrupted at any moment, it leaves the release that was in service
in service; the next load clears away what it left. The release before stays until the load after: servers that were
started on it go on answering.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from graph import manifest
from graph.ids import PREFIXES
from graph.manifest import Manifest
from graph.read.remote import RemoteStore, places, rows_of
from graph.read.store import Rows, StoreFailure, StoreUnavailable
from graph.remote import answers, placing
from graph.remote.endpoint import Endpoint
from graph.remote.placing import Place

Say = Callable[[str], None]

#: Triples in one request by the Graph Store Protocol, and in one INSERT DATA: Virtuoso compiles an update and takes
#: no more than 10,000 lines of its own code.
_CHUNK: Final = 20_000
_INSERTED: Final = 800
#: Differences that a report names.
_SHOWN: Final = 5

_XSD: Final = PREFIXES["xsd"]
_DURATION: Final = _XSD + "duration"
_NUMBERS: Final = frozenset(
    _XSD + one for one in ("integer", "decimal", "int", "long", "nonNegativeInteger", "boolean")
)


class LoadError(StoreFailure):
    """What stands in the engine is not what the release holds; `lines` say where."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("; ".join(lines))


def addresses(url: str) -> tuple[str, str]:
    """The addresses for updates and for the Graph Store Protocol that belong to one for queries, by the habits of
    engines; empty where none is known."""
    path = urlsplit(url).path.rstrip("/")
    root = url.rstrip("/").removesuffix(path) if path else url.rstrip("/")
    if path in ("/sparql", "/sparql-auth"):  # Virtuoso
        return f"{root}/sparql-auth", f"{root}/sparql-graph-crud-auth"
    if path == "/query":  # Oxigraph
        return f"{root}/update", f"{root}/store"
    if path.startswith("/repositories/"):  # GraphDB, RDF4J
        return f"{root}{path}/statements", f"{root}{path}/rdf-graphs/service"
    head, _, tail = path.rpartition("/")
    if head and tail in ("sparql", "query"):  # Fuseki, Stardog
        return f"{root}{head}/update", f"{root}{head}/data"
    return "", ""


@dataclass
class Local:
    """A release directory as graphs: the union, and each named graph by its name, in the order of names."""

    described: Manifest
    default: list[Triple]
    named: dict[str, list[Triple]] = field(default_factory=dict)

    @classmethod
    def read(cls, directory: Path) -> Local:
        """Read a directory. Raises :class:`graph.manifest.ManifestError` where it is not whole."""
        if wrong := manifest.verify(directory):
            raise manifest.ManifestError("; ".join(wrong))
        named: dict[str, list[Triple]] = {}
        for quad in parse(path=str(directory / manifest.DATASET), format=RdfFormat.N_QUADS):
            assert isinstance(quad.graph_name, NamedNode)  # the build writes no other
            named.setdefault(quad.graph_name.value, []).append(Triple(quad.subject, quad.predicate, quad.object))
        merged = parse(path=str(directory / manifest.MERGED), format=RdfFormat.N_TRIPLES)
        default = [Triple(one.subject, one.predicate, one.object) for one in merged]
        return cls(manifest.read(directory), default, dict(sorted(named.items())))

    def graphs(self, place: Place) -> Iterator[tuple[str, list[Triple]]]:
        """Every graph under the name that it gets at a place; the union comes first."""
        yield place.default, self.default
        for number, triples in enumerate(self.named.values(), 1):
            yield place.graph(number), triples

    def names(self, place: Place) -> list[Triple]:
        """Which graph has which name."""
        names = NamedNode(placing.NAMES)
        return [
            Triple(NamedNode(place.graph(number)), names, NamedNode(name)) for number, name in enumerate(self.named, 1)
        ]


def load(directory: Path, endpoint: Endpoint, say: Say) -> Place:
    """Put a release into an engine and switch to it. One that is in service already is checked and left as it is.

    Raises :class:`LoadError`, :class:`graph.read.store.StoreError`, :class:`graph.manifest.ManifestError`.
    """
    local = Local.read(directory)
    found = places(endpoint)
    current = placing.in_service(found)
    if current is not None and RemoteStore.open(endpoint).manifest.hash == local.described.hash:
        say(f"release {local.described.release} is in service there already")
        _refuse(differences(local, endpoint, current))
        return current
    for one in found:
        if one.number < (current.number if current else 0) or not one.stands:
            say(f"clearing away {one.iri}")
            _clear(endpoint, one)
    place = Place(max((one.number for one in found), default=0) + 1, stands=True)
    endpoint.update(place.said(placing.BEGAN, str(place.number)))
    say(f"writing {len(local.default)} triples and {len(local.named)} named graphs to {place.iri}")
    write(endpoint, place.names, local.names(place))
    for graph, triples in local.graphs(place):
        write(endpoint, graph, triples)
    endpoint.update(place.said(placing.MANIFEST, local.described.dump()))
    say("comparing what stands there with the release")
    _refuse(differences(local, endpoint, place))
    endpoint.update(place.said(placing.STANDS, str(place.number)))
    say(f"release {local.described.release}, {local.described.hash[:12]}, is in service")
    return place


def verify(directory: Path, endpoint: Endpoint) -> Place:
    """Compare the release in service with a directory, statement by statement. Raises as :func:`load` does."""
    local = Local.read(directory)
    store = RemoteStore.open(endpoint)
    if store.place is None:  # pragma: no cover - open() without a directory finds placed releases only
        raise StoreUnavailable(f"{endpoint.url} holds no release that `palermo load` put there")
    if store.manifest.hash != local.described.hash:
        raise LoadError(
            [
                f"release {store.manifest.release} ({store.manifest.hash[:12]}) is in service there, "
                f"{directory} is {local.described.release} ({local.described.hash[:12]})"
            ]
        )
    _refuse(differences(local, endpoint, store.place))
    return store.place


def _refuse(lines: list[str]) -> None:
    if lines:
        raise LoadError(lines)


def write(endpoint: Endpoint, graph: str, triples: list[Triple]) -> None:
    """Add triples to a graph, by the Graph Store Protocol where the engine has it. Raises
    :class:`graph.read.store.StoreError`."""
    size = _CHUNK if endpoint.graphs_url else _INSERTED
    for start in range(0, len(triples), size):
        body = serialize(triples[start : start + size], format=RdfFormat.N_TRIPLES) or b""
        if endpoint.graphs_url:
            endpoint.post(graph, body)
        else:
            endpoint.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{body.decode()}}} }}")


def _clear(endpoint: Endpoint, place: Place) -> None:
    """Drop everything of a place; that it began is forgotten last, so that this may be interrupted too."""
    names = _select(endpoint, f"SELECT ?graph WHERE {{ GRAPH <{place.names}> {{ ?graph <{placing.NAMES}> ?name }} }}")
    for one in names.values():
        endpoint.update(f"DROP SILENT GRAPH <{one['graph']}>")
    for graph in (place.default, place.names):
        endpoint.update(f"DROP SILENT GRAPH <{graph}>")
    endpoint.update(
        f"DELETE {{ GRAPH <{placing.PLACES}> {{ <{place.iri}> ?p ?o }} }} "
        f"WHERE {{ GRAPH <{placing.PLACES}> {{ <{place.iri}> ?p ?o }} }}"
    )


def _select(endpoint: Endpoint, query: str) -> Rows:
    result = answers.rows(endpoint.query(query, answers.ROWS, limit=10 * endpoint.limit).content)
    return rows_of(result)  # type: ignore[arg-type]  # a SELECT was asked


def differences(local: Local, endpoint: Endpoint, place: Place) -> list[str]:
    """What a place holds too much or too little, a line for each graph that differs."""
    wrong: list[str] = []
    expected = {place.names: local.names(place), **dict(local.graphs(place))}
    real = dict(zip((place.graph(n) for n in range(1, len(local.named) + 1)), local.named, strict=True))
    for graph, triples in expected.items():
        # N-Triples by CONSTRUCT: a sixth of the time of a SELECT with its answer in JSON
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        response = endpoint.query(query, answers.GRAPH, limit=10 * endpoint.limit)
        there = answers.triples(response.content, response.headers.get("content-type", ""))
        if line := _difference(real.get(graph, graph), _lines(triples), _lines(there)):
            wrong.append(line)
    return wrong


def _difference(graph: str, here: set[str], there: set[str]) -> str:
    missing, extra = sorted(here - there), sorted(there - here)
    if not missing and not extra:
        return ""
    named = [f"missing {one}" for one in missing[:_SHOWN]] + [f"not ours {one}" for one in extra[:_SHOWN]]
    return f"<{graph}>: {len(here)} triples expected, {len(there)} found: {'; '.join(named)}"


def _lines(triples: list[Triple]) -> set[str]:
    """Triples as they are compared. Blank nodes have names of the engine's own, so they are named by their place in the
    graph."""
    if any(isinstance(term, BlankNode) for one in triples for term in (one.subject, one.object)):
        dataset = Dataset(Quad(one.subject, one.predicate, one.object) for one in triples)
        dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
        triples = [Triple(one.subject, one.predicate, one.object) for one in dataset]
    return set(map(_line, triples))


def _line(triple: Triple) -> str:
    """A triple in a form in which engines that keep values and not spellings agree: numbers in shortest form, truth
    values as 1 and 0, language tags in lower case, durations as months or seconds."""
    return " ".join(_plain(term) for term in (triple.subject, triple.predicate, triple.object))


def _plain(term: object) -> str:
    if isinstance(term, Literal):
        if term.language:
            return f'"{term.value}"@{term.language.lower()}'
        if term.datatype.value == _DURATION:
            return _lasting(term.value)
        if term.datatype.value in _NUMBERS:
            try:
                value = {"true": "1", "false": "0"}.get(term.value, term.value)
                return f"number {Decimal(value).normalize():f}"
            except InvalidOperation:
                return str(term)
    return str(term)


def _lasting(text: str) -> str:
    """A duration of whole months or of days as Virtuoso keeps it: a number of months, or of seconds with a point or an
    exponent. Any other is left as it is written."""
    match = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", text)
    years, months, days = (int(one or 0) for one in match.groups()) if match and text != "P" else (0, 0, 0)
    if days and not years and not months:
        return f"lasting {86_400 * days} seconds"
    if (years or months) and not days:
        return f"lasting {12 * years + months} months"
    if re.fullmatch(r"\d+", text):
        return f"lasting {int(text)} months"
    if re.fullmatch(r"\d+(?:\.\d+)?e\+?\d+|\d+\.\d+", text):
        return f"lasting {Decimal(text).normalize():f} seconds"
    return f"lasting {text}"
