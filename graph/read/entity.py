"""What a page about one thing shows: names, facts, relations by family, and the acts on a treaty side by side.

Everything is asked piecewise and paged, so that a node with ten thousand relations is read as quickly as a leaf.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.ids import PAL, PREFIXES
from graph.read import records, statements
from graph.read.description import UnknownPageError
from graph.read.labels import values
from graph.read.records import Record, Stated
from graph.read.statements import Statement
from graph.read.store import Store, is_true

#: The families of the network in the order in which a page shows them; predicates without one come last.
FAMILIES: Final = ("treaty", "monitoring", "cooperation", "funding", "structure", "mandate", "other")

#: Statements of one family that a page shows, and those of a page of that family alone.
FEW: Final = 12
MANY: Final = 60
#: Rows of a table of acts on treaties on one page.
PARTICIPANTS: Final = 60

_TREATY_KINDS: Final = f"<{PAL}TreatyAction>, <{PAL}PartyStatus>"
_EDGE: Final = ("subject", "predicate", "object")


@dataclass(frozen=True)
class Section:
    """Statements of one family with a node at either end, newest first, those without a day last.

    `count` is the number of all of them, `counts` that number by predicate and by whether the node is the subject.
    """

    family: str
    count: int
    counts: dict[tuple[str, bool], int]
    statements: tuple[Statement, ...]
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class Commitment:
    """All acts of one participant on one treaty, in the order of their days, and the status they lead to."""

    participant: str
    treaty: str
    acts: tuple[Statement, ...]
    status: Statement | None

    @property
    def iris(self) -> tuple[str, ...]:
        """Its acts and its status."""
        return (*(act.iri for act in self.acts), *((self.status.iri,) if self.status is not None else ()))

    def by(self, *predicates: str) -> tuple[Statement, ...]:
        """The acts of these predicates (local names such as `signed`)."""
        wanted = {PAL + name for name in predicates}
        return tuple(act for act in self.acts if act.predicate in wanted)


@dataclass(frozen=True)
class Thing:
    """An IRI's own properties: `types` as local names, most specific first; `values` by property IRI."""

    iri: str
    types: tuple[str, ...]
    values: Record

    def literals(self, iri: str) -> list[Literal]:
        """The literals of one property."""
        return [one.value for one in self.values.get(iri, ()) if isinstance(one.value, Literal)]


def read(store: Store, iri: str) -> Thing:
    """The own properties of a node, edges to its neighbours left out. Raises :class:`StoreError`."""
    edges = families(store)
    own = records.read(store, [iri], without=edges).get(iri, {})
    types = [one.value.value for one in own.get(PREFIXES["rdf"] + "type", ()) if isinstance(one.value, NamedNode)]
    return Thing(iri, _by_depth(store, types), own)


def _by_depth(store: Store, types: list[str]) -> tuple[str, ...]:
    """Classes of the ontology as local names, the most specific first; other classes keep their IRI and come last."""
    if not types:
        return ()
    query = (
        f"SELECT ?c (COUNT(?d) AS ?n) WHERE {{ VALUES ?c {{ {values(types)} }} OPTIONAL {{ ?c rdfs:subClassOf+ ?d }} }}"
        " GROUP BY ?c"
    )
    depth = {
        class_.value: int(count.value)
        for class_, count in store.select(query).rows
        if isinstance(class_, NamedNode) and isinstance(count, Literal)
    }
    ordered = sorted(types, key=lambda one: (not one.startswith(PAL), -depth.get(one, 0), one))
    return tuple(one.removeprefix(PAL) for one in ordered)


def families(store: Store) -> dict[str, str]:
    """Edge predicate (IRI) to its family, inverse properties included. Raises :class:`StoreError`."""
    query = (
        "SELECT ?p ?f WHERE { ?t a pal:EdgeType ; pal:family ?f . { ?t pal:predicate ?p } UNION"
        " { ?t pal:predicate/owl:inverseOf ?p } UNION { ?t pal:predicate/^owl:inverseOf ?p } }"
    )
    return {
        predicate.value: family.value.rpartition("/")[2]
        for predicate, family in store.select(query).rows
        if isinstance(predicate, NamedNode) and isinstance(family, NamedNode)
    }


def sections(store: Store, iri: str) -> list[Section]:
    """The relations of a node by family, the newest of each, acts on treaties left to :func:`commitments`."""
    counted, total = _counted(store, iri)
    return [
        Section(family, total[family], counted[family], _newest(store, iri, counted[family], 1, FEW))
        for family in FAMILIES
        if total[family]
    ]


def section(store: Store, iri: str, family: str, page: int) -> Section:
    """One page of one family. Raises :class:`UnknownPageError` for a page or a family that the node does not have."""
    counted, total = _counted(store, iri)
    pages = ceil(total[family] / MANY)
    if not 1 <= page <= pages:
        raise UnknownPageError(f"page {page} of {pages}")
    found = _newest(store, iri, counted[family], page, MANY)
    return Section(family, total[family], counted[family], found, page, pages)


def _counted(store: Store, iri: str) -> tuple[dict[str, dict[tuple[str, bool], int]], Counter[str]]:
    node = NamedNode(iri)
    query = (
        f"SELECT ?p ?out (COUNT(*) AS ?count) WHERE {{ {{ ?n pal:subject {node} BIND(true AS ?out) }} UNION"
        f" {{ ?n pal:object {node} BIND(false AS ?out) }} ?n pal:predicate ?p ; a ?type"
        f" FILTER(?type IN (pal:Relation, pal:Evaluation, pal:ProjectParticipation))"
        " FILTER NOT EXISTS { ?n a pal:Relation . FILTER(?type = pal:ProjectParticipation) } } GROUP BY ?p ?out"
    )
    of = families(store)
    counted: dict[str, dict[tuple[str, bool], int]] = defaultdict(dict)
    total: Counter[str] = Counter()
    for predicate, out, count in store.select(query).rows:
        if isinstance(predicate, NamedNode) and isinstance(out, Literal) and isinstance(count, Literal):
            family = of.get(predicate.value, "other")
            family = family if family in FAMILIES else "other"
            counted[family][predicate.value, is_true(out.value)] = int(count.value)
            total[family] += int(count.value)
    return counted, total


def _newest(store: Store, iri: str, counts: dict[tuple[str, bool], int], page: int, size: int) -> tuple[Statement, ...]:
    node, predicates = NamedNode(iri), values(sorted({predicate for predicate, _ in counts}))
    query = (
        f"SELECT DISTINCT ?n ?day WHERE {{ {{ ?n pal:subject {node} }} UNION {{ ?n pal:object {node} }}"
        f" ?n pal:predicate ?p FILTER(?p IN ({predicates.replace(' ', ', ')}))"
        f" FILTER NOT EXISTS {{ ?n a ?type FILTER(?type IN ({_TREATY_KINDS})) }}"
        " OPTIONAL { ?n pal:day ?on } OPTIONAL { ?n pal:startDay ?from } BIND(COALESCE(?on, ?from) AS ?day) }"
        f" ORDER BY DESC(BOUND(?day)) DESC(?day) ?n LIMIT {size} OFFSET {(page - 1) * size}"
    )
    found = [row[0].value for row in store.select(query).rows if isinstance(row[0], NamedNode)]
    return tuple(statements.read(store, found))


def commitments(store: Store, iri: str) -> dict[str, Commitment]:
    """What a participant did about treaties, or participants about a treaty, by the IRI of the other end.

    Of each act and status no more than how the participant stands: predicate, day, start and end. What a table shows
    comes from :func:`detailed`, so that a treaty with two hundred participants costs little more than a leaf.
    Raises :class:`StoreError`.
    """
    node = NamedNode(iri)
    query = (
        f"SELECT ?n ?type ?p ?other ?leads ?day ?start ?end WHERE {{"
        f" {{ ?n pal:subject {node} ; pal:object ?other BIND(true AS ?leads) }} UNION"
        f" {{ ?n pal:object {node} ; pal:subject ?other BIND(false AS ?leads) }}"
        f" ?n a ?type FILTER(?type IN ({_TREATY_KINDS})) ?n pal:predicate ?p OPTIONAL {{ ?n pal:day ?day }}"
        " OPTIONAL { ?n pal:start ?start } OPTIONAL { ?n pal:end|pal:endDay|pal:endKnownBy ?end } }"
    )
    of: dict[str, dict[str, Statement]] = defaultdict(dict)
    result = store.select(query)
    for row, terms in zip(result.values(), result.rows, strict=True):
        name, kind, predicate, other = (row[column] or "" for column in ("n", "type", "p", "other"))
        ends = (iri, other) if is_true(row["leads"] or "") else (other, iri)
        said = zip(("day", "start", "end"), terms[-3:], strict=True)
        dates = {PAL + what: (Stated(one, ()),) for what, one in said if isinstance(one, Literal)}
        of[other][name] = Statement(name, kind.removeprefix(PAL), ends[0], predicate, ends[1], (), "", (), dates)
    return {other: _commitment(list(every.values())) for other, every in of.items()}


def detailed(store: Store, some: Iterable[Commitment]) -> list[Commitment]:
    """Commitments with every date of their acts and statuses, in the order given. Raises :class:`StoreError`."""
    wanted = list(some)
    known = {one.iri: one for one in statements.read(store, [iri for one in wanted for iri in one.iris], brief=True)}
    return [_commitment([known[iri] for iri in one.iris]) for one in wanted]


def _commitment(every: list[Statement]) -> Commitment:
    acts = sorted((one for one in every if one.kind == "TreatyAction"), key=lambda one: (one.day or "9", one.iri))
    states = sorted((one for one in every if one.kind == "PartyStatus"), key=lambda one: (one.day or "9", one.iri))
    return Commitment(every[0].subject, every[0].object, tuple(acts), states[-1] if states else None)


@dataclass(frozen=True)
class YearCount:
    """Statements of one family in one year; `statement` is one of them."""

    year: int
    family: str
    count: int
    statement: str


def years(store: Store, iri: str) -> list[YearCount]:
    """The dated statements of a node by year and family; a status that follows from acts is left to the acts.

    Raises :class:`StoreError`.
    """
    node = NamedNode(iri)
    query = (
        f"SELECT ?p ?year (COUNT(DISTINCT ?n) AS ?count) (MIN(?n) AS ?one) WHERE {{ {{ ?n pal:subject {node} }} UNION"
        f" {{ ?n pal:object {node} }} ?n pal:predicate ?p FILTER(?p != pal:partyTo)"
        " OPTIONAL { ?n pal:day ?on } OPTIONAL { ?n pal:startDay ?from }"
        " BIND(SUBSTR(STR(COALESCE(?on, ?from)), 1, 4) AS ?year) FILTER(BOUND(?year)) } GROUP BY ?p ?year"
    )
    of = families(store)
    found: dict[tuple[int, str], tuple[int, str]] = {}
    for predicate, year, count, one in store.select(query).rows:
        if isinstance(predicate, NamedNode) and isinstance(year, Literal) and isinstance(count, Literal):
            key = int(year.value), of.get(predicate.value, "other")
            before = found.get(key, (0, ""))
            example = one.value if isinstance(one, NamedNode) else ""
            found[key] = before[0] + int(count.value), before[1] or example
    return [YearCount(year, family, *found[year, family]) for year, family in sorted(found)]


def mentions(store: Store, iri: str, limit: int = FEW) -> list[tuple[str, str]]:
    """Links to a node from things that are no statements and no figures: pairs of property and thing.

    Raises :class:`StoreError`.
    """
    node = NamedNode(iri)
    own = Literal(store.ids.entity(""))
    left_out = sorted(
        {*families(store), PREFIXES["prov"] + "wasDerivedFrom", PAL + "refArea", PREFIXES["rdf"] + "type"}
    )
    query = (
        f"SELECT ?p ?s WHERE {{ ?s ?p {node} FILTER(?s != {node} && STRSTARTS(STR(?s), {own}))"
        f" FILTER(?p NOT IN ({values(left_out).replace(' ', ', ')}))"
        f" FILTER NOT EXISTS {{ ?s pal:predicate ?x }} }} ORDER BY ?p ?s LIMIT {limit}"
    )
    return [
        (predicate.value, subject.value)
        for predicate, subject in store.select(query).rows
        if isinstance(predicate, NamedNode) and isinstance(subject, NamedNode)
    ]
