"""The service described in RDF (SPARQL 1.1 Service Description): languages, formats, features, graphs with counts."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from api.negotiate import Format
from api.sandbox.worker import GRAPH_FORMATS
from graph.ids import PREFIXES
from graph.read.embedded import EmbeddedStore
from graph.read.ondisk import made
from graph.read.store import Store

SD: Final = PREFIXES["sd"]
VOID: Final = PREFIXES["void"]
_RDF: Final = PREFIXES["rdf"]
_XSD: Final = PREFIXES["xsd"]
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_PROV: Final = PREFIXES["prov"]

#: https://www.w3.org/ns/formats/ names each format.
RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "TriG",
    "N-Triples",
    "N-Quads",
    "RDF_XML",
    "JSON-LD",
)

_GRAPHS: Final = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
_ALL: Final = "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }"

_PREFIXES: Final = {"sd": SD, "void": VOID, "formats": _FORMATS, "xsd": _XSD, "dcterms": PREFIXES["dcterms"]}


class Description:
    """The description of the service over one release.

    It counts when it is first asked, which reads the whole release: call it off the event loop.
    """

    def __init__(self, store: Store, *, federated: bool = False) -> None:
        self._store = store
        self._features = ("BasicFederatedQuery",) if federated else ()
        self._version = store.manifest.release
        self.serialized = lru_cache(maxsize=32)(self._serialized)

    @cached_property
    def _counts(self) -> tuple[int, list[tuple[str, int]]]:
        """Triples of the default graph and of each named one."""
        if isinstance(self._store, EmbeddedStore) and self._store.place:
            counted = made(self._store.place)  # a large release was counted when it was put on disk
            return counted.triples, list(counted.graphs.items())
        default = self._store.select(_ALL).values()[0]["triples"]
        graphs = [(str(row["graph"]), int(row["triples"] or 0)) for row in self._store.select(_GRAPHS).values()]
        return int(default or 0), graphs

    def __len__(self) -> int:
        return len(self.triples("http://localhost/sparql"))

    def triples(self, endpoint: str) -> list[Triple]:
        """The description of the service at an address."""
        counted, graphs = self._counts
        service, dataset, default = NamedNode(endpoint), BlankNode("dataset"), BlankNode("default")
        found = [
            _triple(service, "type", NamedNode(SD + "Service"), _RDF),
            _triple(service, "endpoint", service),
            _triple(service, "supportedLanguage", NamedNode(SD + "SPARQL11Query")),
            *(_triple(service, "resultFormat", NamedNode(_FORMATS + one)) for one in RESULT_FORMATS),
            *(_triple(service, "feature", NamedNode(SD + one)) for one in self._features),
            _triple(service, "defaultDataset", dataset),
            _triple(service, "availableGraphs", dataset),
            _triple(dataset, "type", NamedNode(SD + "Dataset"), _RDF),
            _triple(dataset, "type", NamedNode(SD + "GraphCollection"), _RDF),
            _triple(dataset, "defaultGraph", default),
            _triple(dataset, "hasVersion", Literal(self._version), PREFIXES["dcterms"]),
            _triple(default, "type", NamedNode(SD + "Graph"), _RDF),
            _count(default, counted),
        ]
        for number, (iri, count) in enumerate(graphs):
            entry, graph = BlankNode(f"entry{number}"), BlankNode(f"graph{number}")
            found += [
                _triple(dataset, "namedGraph", entry),
                _triple(entry, "type", NamedNode(SD + "NamedGraph"), _RDF),
                _triple(entry, "name", NamedNode(iri)),
                _triple(entry, "graph", graph),
                _triple(graph, "type", NamedNode(SD + "Graph"), _RDF),
                _count(graph, count),
            ]
        return found

    def _serialized(self, endpoint: str, form: Format) -> bytes:
        kind = GRAPH_FORMATS[form.name]
        prefixed = kind in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)
        return serialize(self.triples(endpoint), format=kind, prefixes=_PREFIXES if prefixed else None) or b""


def _triple(
    subject: NamedNode | BlankNode, name: str, value: NamedNode | BlankNode | Literal, space: str = SD
) -> Triple:
    return Triple(subject, NamedNode(space + name), value)


def _count(graph: BlankNode, number: int) -> Triple:
    return _triple(graph, "triples", Literal(str(number), datatype=NamedNode(_XSD + "integer")), VOID)
