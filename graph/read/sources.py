"""What a page about one source shows: what it is, and everything that it states, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.ids import PAL, PREFIXES
from graph.read import records, statements
from graph.read.description import UnknownPageError
from graph.read.records import Record
from graph.read.statements import Statement
from graph.read.store import Store

#: Statements, figures and things of one page.
SIZE: Final = 60


@dataclass(frozen=True)
class Citation:
    """A source as it is cited. `issued` is as its publisher prints it (a day, a month, a year or nothing), `url` empty
    where there is none, `kind` and `flags` the notations of closed lists."""

    iri: str
    title: str
    language: str
    publisher: str
    url: str
    issued: str
    kind: str
    flags: tuple[str, ...]
    rank: int


@dataclass(frozen=True)
class Stated:
    """One page of what a source states. `counts` has the number of statements, figures and things of all pages.

    `things` are the properties of entities as this source gives them, and nothing that another source adds.
    """

    counts: tuple[int, int, int]
    statements: tuple[Statement, ...]
    figures: dict[str, Record]
    things: dict[str, Record]
    page: int
    pages: int


def cite(store: Store, iris: tuple[str, ...] | list[str] | set[str]) -> dict[str, Citation]:
    """Citations by IRI; what is no source is left out. Raises :class:`graph.read.store.StoreError`."""
    return {
        iri: _citation(iri, record)
        for iri, record in records.read(store, sorted(set(iris))).items()
        if PREFIXES["dcterms"] + "title" in record or PAL + "sourceKind" in record
    }


def _citation(iri: str, record: Record) -> Citation:
    title = records.literal(record, PREFIXES["dcterms"] + "title")
    flags = (one.value.value for one in record.get(PAL + "flag", ()) if isinstance(one.value, NamedNode))
    rank = records.text(record, PAL + "sourceRank")
    return Citation(
        iri=iri,
        title=title.value if title is not None else iri,
        language=(title.language or "") if title is not None else "",
        publisher=records.text(record, PREFIXES["dcterms"] + "publisher"),
        url=records.link(record, PREFIXES["schema"] + "url"),
        issued=records.text(record, PREFIXES["dcterms"] + "issued"),
        kind=records.link(record, PAL + "sourceKind"),
        flags=tuple(sorted(flags)),
        rank=int(rank) if rank.isdigit() else 99,
    )


def stated(store: Store, iri: str, page: int = 1) -> Stated:
    """One page of what a source states. Raises :class:`UnknownPageError`, :class:`graph.read.store.StoreError`."""
    graph = NamedNode(iri)
    kinds = (
        f"GRAPH {graph} {{ ?s pal:subject ?o }}",
        f"GRAPH {graph} {{ ?s a pal:Observation }}",
        f"GRAPH {graph} {{ ?s a ?type }} FILTER NOT EXISTS {{ GRAPH {graph} {{ ?s pal:subject ?o }} }}"
        " FILTER(?type NOT IN (pal:Observation, qb:Observation))",
    )
    counts = tuple(_count(store, kind) for kind in kinds)
    pages = max(1, *(ceil(count / SIZE) for count in counts))
    if not 1 <= page <= pages:
        raise UnknownPageError(f"page {page} of {pages}")
    shown = [_page(store, kind, page) if count else [] for kind, count in zip(kinds, counts, strict=True)]
    return Stated(
        counts=(counts[0], counts[1], counts[2]),
        statements=tuple(statements.read(store, shown[0])),
        figures=records.read(store, shown[1]),
        things={node: _only(record, iri) for node, record in records.read(store, shown[2]).items()},
        page=page,
        pages=pages,
    )


def _only(record: Record, source: str) -> Record:
    found = {name: tuple(one for one in every if source in one.sources) for name, every in record.items()}
    return {name: every for name, every in found.items() if every}


def _count(store: Store, pattern: str) -> int:
    rows = store.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }}").rows
    return int(rows[0][0].value) if rows and isinstance(rows[0][0], Literal) else 0


def _page(store: Store, pattern: str, page: int) -> list[str]:
    window = f"ORDER BY ?s LIMIT {SIZE} OFFSET {(page - 1) * SIZE}"
    rows = store.select(f"SELECT DISTINCT ?s WHERE {{ {pattern} }} {window}").rows
    return [term.value for (term,) in rows if isinstance(term, NamedNode)]


def every(store: Store) -> list[Citation]:
    """All sources, by publisher and title. Raises :class:`graph.read.store.StoreError`."""
    rows = store.select("SELECT ?s WHERE { ?s a pal:Source }").rows
    found = cite(store, [term.value for (term,) in rows if isinstance(term, NamedNode)])
    return sorted(found.values(), key=lambda one: (one.publisher.casefold(), one.title.casefold(), one.iri))
