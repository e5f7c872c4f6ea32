"""What the linked-data document of one IRI contains, statement by statement with the graph that holds it.

Own triples, the statement nodes about it, whatever else links to it, the names of everything mentioned and the sources
of what is said. All three lists are paged side by side, so that the busiest node of the network costs no more than a
leaf: page n holds the n-th part of each, the first page always what the thing is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from graph.ids import CONCEPT, PAL, PREFIXES
from graph.read.labels import values
from graph.read.store import Rows, Store

#: Items of a page: own triples, statement nodes (some fifteen triples each), other links, triples of a source's graph.
OWN: Final = 500
STATEMENTS: Final = 100
LINKS: Final = 200
STATED: Final = 1000

_Subject: TypeAlias = NamedNode | BlankNode
_Graph: TypeAlias = NamedNode | DefaultGraph

_SOURCE: Final = NamedNode(PREFIXES["dcterms"] + "source")
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
#: What a document says of the sources it rests on.
_OF_SOURCES: Final = ", ".join(
    f"<{iri}>"
    for iri in (
        PREFIXES["rdf"] + "type",
        PREFIXES["dcterms"] + "title",
        PREFIXES["dcterms"] + "publisher",
        PREFIXES["dcterms"] + "issued",
        PREFIXES["schema"] + "url",
    )
)
#: Where a blank node of an ontology leads to further ones: lists and class expressions.
_INTO_BLANKS: Final = (
    "(owl:unionOf|owl:intersectionOf|owl:complementOf|owl:onProperty|owl:someValuesFrom|owl:allValuesFrom"
    "|sh:property|sh:in|rdf:first|rdf:rest)*"
)
#: The graph that holds a triple, once for each; none for one that stands in the default graph alone.
_IN_GRAPH: Final = "OPTIONAL { GRAPH ?g { ?s ?p ?o } }"


class UnknownPageError(LookupError):
    """There is no such page of a description."""


@dataclass(frozen=True)
class Description:
    """One page of the description of `iri`. A quad in the default graph is in no source's graph.

    `pages` is at least 1; `statements` and `links` count all pages.
    """

    iri: str
    quads: tuple[Quad, ...]
    page: int
    pages: int
    statements: int
    links: int


def exists(store: Store, iri: str) -> bool:
    """Whether the release says anything of an IRI, or holds a graph of that name. Raises :class:`StoreError`."""
    node = NamedNode(iri)
    return store.ask(f"ASK {{ {{ {node} ?p ?o }} UNION {{ GRAPH {node} {{ ?s ?p ?o }} }} }}")


def graph(store: Store, iri: str) -> tuple[Quad, ...]:
    """Everything in one named graph, in a stable order. Raises :class:`StoreError`."""
    node = NamedNode(iri)
    rows = store.select(f"SELECT ({node} AS ?g) ?s ?p ?o WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}")
    return tuple(sorted(_quads(rows), key=lambda one: str(one.triple)))


def describe(store: Store, iri: str, page: int = 1) -> Description:
    """One page of a description. Raises :class:`UnknownPageError` for a page past the last, :class:`StoreError`, and
    :class:`ValueError` for what is no IRI."""
    return _Reader(store, iri).page(page)


def pages(store: Store, iri: str) -> int:
    """How many pages a description has. Raises :class:`StoreError`, :class:`ValueError` for what is no IRI."""
    return _Reader(store, iri).sizes().pages


@dataclass(frozen=True)
class _Sizes:
    """What there is of each list, and the pages that they take side by side."""

    own: int
    statements: int
    links: int
    stated: int

    @property
    def pages(self) -> int:
        sizes = ((self.own, OWN), (self.statements, STATEMENTS), (self.links, LINKS), (self.stated, STATED))
        return max(1, *(ceil(count / size) for count, size in sizes))


class _Reader:
    def __init__(self, store: Store, iri: str) -> None:
        self._store = store
        self._node = NamedNode(iri)
        self._iri = iri
        self._sources = store.ids.source("")

        self._about = f"{{ ?n pal:subject {self._node} }} UNION {{ ?n pal:object {self._node} }}"

    def sizes(self) -> _Sizes:
        return _Sizes(
            own=self._count(f"{self._node} ?p ?o"),
            statements=self._count(self._about, "DISTINCT ?n"),
            links=self._count(self._linking()),
            stated=self._count(f"GRAPH {self._node} {{ ?s ?p ?o }}") if self._iri.startswith(self._sources) else 0,
        )

    def page(self, page: int) -> Description:
        sizes = self.sizes()
        if not 1 <= page <= sizes.pages:
            raise UnknownPageError(f"page {page} of {sizes.pages}")
        quads = dict.fromkeys(self._own(_window(page, OWN)))
        nodes: list[str] = []
        if sizes.statements:
            window = f"ORDER BY ?n {_window(page, STATEMENTS)}"
            rows = self._store.select(f"SELECT DISTINCT ?n WHERE {{ {self._about} }} {window}")
            nodes = [term.value for (term,) in rows.rows if isinstance(term, NamedNode)]
            quads.update(dict.fromkeys(self._statements(nodes)))
        if sizes.links:
            quads.update(dict.fromkeys(self._links(_window(page, LINKS))))
        if sizes.stated:
            quads.update(dict.fromkeys(self._stated(_window(page, STATED))))
        if page == 1:
            quads.update(dict.fromkeys(self._blanks()))
            quads.update(dict.fromkeys(self._members()))
        described = {self._iri, *nodes}
        quads.update(dict.fromkeys(self._labels(quads, described)))
        quads.update(dict.fromkeys(self._said_by(quads, described)))
        ordered = tuple(sorted(quads, key=lambda one: (str(one.graph_name), str(one.triple))))
        return Description(self._iri, ordered, page, sizes.pages, sizes.statements, sizes.links)

    def _count(self, pattern: str, what: str = "*") -> int:
        rows = self._store.select(f"SELECT (COUNT({what}) AS ?count) WHERE {{ {pattern} }}").rows
        return int(rows[0][0].value) if rows and isinstance(rows[0][0], Literal) else 0

    def _linking(self) -> str:
        """Links to the node that no statement node stands for. Of a term, only what the ontology says with it."""
        node = self._node
        pattern = (
            f"?s ?p {node} FILTER(isIRI(?s)) MINUS {{ ?s pal:subject {node} }} MINUS {{ ?s pal:object {node} }}"
            f" MINUS {{ ?n pal:object {node} ; pal:subject ?s ; pal:predicate ?p }}"
        )
        if self._iri.startswith((PAL, CONCEPT)) or PAL.startswith(self._iri):
            return f"GRAPH {NamedNode(self._store.ids.graph('ontology'))} {{ {pattern} }}"
        return pattern

    def _own(self, window: str) -> Iterator[Quad]:
        node = self._node
        query = (
            f"SELECT ?g ?s ?p ?o WHERE {{ {{ SELECT ?p ?o WHERE {{ {node} ?p ?o }} ORDER BY ?p ?o {window} }}"
            f" BIND({node} AS ?s) OPTIONAL {{ GRAPH ?g {{ {node} ?p ?o }} }} }}"
        )
        return _quads(self._store.select(query))

    def _statements(self, nodes: list[str]) -> Iterator[Quad]:
        """Every triple of the statement nodes, and the plain triples that stand beside them."""
        block = f"VALUES ?n {{ {values(nodes)} }}"
        yield from _quads(
            self._store.select(
                f"SELECT ?g (?n AS ?s) ?p ?o WHERE {{ {block} ?n ?p ?o OPTIONAL {{ GRAPH ?g {{ ?n ?p ?o }} }} }}"
            )
        )
        yield from _quads(
            self._store.select(
                f"SELECT DISTINCT ?g ?s ?p ?o WHERE {{ {block} ?n pal:subject ?s ; pal:predicate ?p ; pal:object ?o ."
                f" ?s ?p ?o {_IN_GRAPH} }}"
            )
        )

    def _links(self, window: str) -> Iterator[Quad]:
        node = self._node
        query = (
            f"SELECT ?g ?s ?p ?o WHERE {{ {{ SELECT ?s ?p WHERE {{ {self._linking()} }} ORDER BY ?s ?p {window} }}"
            f" BIND({node} AS ?o) OPTIONAL {{ GRAPH ?g {{ ?s ?p {node} }} }} }}"
        )
        return _quads(self._store.select(query))

    def _stated(self, window: str) -> Iterator[Quad]:
        node = self._node
        query = f"SELECT (?x AS ?g) ?s ?p ?o WHERE {{ BIND({node} AS ?x) {{ SELECT ?s ?p ?o WHERE {{"
        return _quads(
            self._store.select(f"{query} GRAPH {node} {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o {window} }} }}"),
        )

    def _blanks(self) -> Iterator[Quad]:
        node = self._node
        query = (
            f"SELECT DISTINCT ?g ?s ?p ?o WHERE {{ {node} ?first ?b FILTER(isBlank(?b)) ?b {_INTO_BLANKS} ?s"
            f" FILTER(isBlank(?s)) ?s ?p ?o {_IN_GRAPH} }}"
        )
        return _quads(self._store.select(query))

    def _members(self) -> Iterator[Quad]:
        """Of a closed list, its concepts in full."""
        if not self._iri.startswith(CONCEPT) or "/" in self._iri.removeprefix(CONCEPT):
            return iter(())
        members = f"?s skos:inScheme {self._node} ; ?p ?o"
        return _quads(self._store.select(f"SELECT ?g ?s ?p ?o WHERE {{ {members} {_IN_GRAPH} }}"))

    def _labels(self, quads: Iterable[Quad], described: set[str]) -> Iterator[Quad]:
        """The names of everything mentioned but classes, so that a document can be read by itself."""
        mentioned = {
            term.value
            for quad in quads
            for term in (quad.subject, quad.object)
            if isinstance(term, NamedNode) and term.value not in described and quad.predicate != _TYPE
        }
        query = "SELECT ?g ?s ?p ?o WHERE {{ VALUES ?s {{ {iris} }} BIND({label} AS ?p) ?s ?p ?o {graph} }}"
        graph = f"OPTIONAL {{ GRAPH ?g {{ ?s {_LABEL} ?o }} }}"
        yield from _quads(self._store.select(query.format(iris=values(sorted(mentioned)), label=_LABEL, graph=graph)))

    def _said_by(self, quads: Iterable[Quad], described: set[str]) -> Iterator[Quad]:
        """Which sources state what is described, as plain links, and what those sources are."""
        said: dict[tuple[str, str], None] = {}
        for quad in quads:
            graph, subject = quad.graph_name, quad.subject
            if (
                isinstance(graph, NamedNode)
                and graph.value.startswith(self._sources)
                and isinstance(subject, NamedNode)
                and subject.value in described
            ):
                said[subject.value, graph.value] = None
        for subject_iri, source in said:
            yield Quad(NamedNode(subject_iri), _SOURCE, NamedNode(source), DefaultGraph())
        sources = sorted({source for _, source in said})
        if sources:
            block = f"VALUES ?s {{ {values(sources)} }} ?s ?p ?o FILTER(?p IN ({_OF_SOURCES}))"
            yield from _quads(self._store.select(f"SELECT ?g ?s ?p ?o WHERE {{ {block} {_IN_GRAPH} }}"))


def _window(page: int, size: int) -> str:
    return f"LIMIT {size} OFFSET {(page - 1) * size}"


def _quads(rows: Rows) -> Iterator[Quad]:
    """Rows of graph, subject, predicate, object; without a graph, the default graph."""
    for graph, subject, predicate, value in rows.rows:
        if isinstance(subject, _Subject) and isinstance(predicate, NamedNode) and value is not None:
            where: _Graph = graph if isinstance(graph, NamedNode) else DefaultGraph()
            yield Quad(subject, predicate, value, where)
