"""The quality of a release, counted from the release itself: who bears facts out, how old they are, what is missing.

Nothing here is judged. A *fact* is a statement of the network or a figure, counted once however many sources state it.
A publisher is the text before an opening bracket, so that "(via …)" is no second witness. Two publishers are called
independent, though one may quote the other: that cannot be seen from here. Confidence is the degree that the rule
`80-confidence` gives.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.ids import CONCEPT
from graph.read.store import Store

#: Family -> class whose instances are its facts.
FAMILIES: Final = {
    "treaty-actions": "TreatyAction",
    "relations": "Relation",
    "evaluations": "Evaluation",
    "statistics": "Observation",
}
#: Degrees of confidence, best first.
DEGREES: Final = ("corroborated", "authoritative", "single", "weak", "contested")
#: What the outside world says there is: key, number, and a pattern whose distinct ?x are what is here.
EXPECTED: Final = {
    "un-members": (193, "?x a pal:State ; pal:partyTo ?treaty FILTER NOT EXISTS { ?x pal:isoAlpha3 'VAT' }"
                        " FILTER NOT EXISTS { ?x pal:isoAlpha3 'PSE' } FILTER NOT EXISTS { ?x pal:isoAlpha3 'XKX' }"
                        " FILTER NOT EXISTS { ?x pal:isoAlpha3 'COK' } FILTER NOT EXISTS { ?x pal:isoAlpha3 'NIU' }"),
    "coe-members": (46, "?x pal:memberOf ?coe . ?coe dcterms:identifier 'coe' . ?x a pal:State"),
    "eu-members": (27, "?x pal:memberOf ?eu . ?eu dcterms:identifier 'eu' . ?x a pal:State"),
    "cets-197-parties": (48, "?x pal:partyTo ?treaty . ?treaty dcterms:identifier 'cets-197'"),
    "greta-round-1": (48, "?e a pal:Evaluation ; pal:round ?r ; pal:evaluatedState ?x ;"
                          " pal:monitoringBody/dcterms:identifier 'greta' FILTER(?r IN ('1', '1-2'))"),
    "greta-round-2": (48, "?e a pal:Evaluation ; pal:round ?r ; pal:evaluatedState ?x ;"
                          " pal:monitoringBody/dcterms:identifier 'greta' FILTER(?r IN ('2', '1-2'))"),
    "greta-round-3": (48, "?e a pal:Evaluation ; pal:round '3' ; pal:evaluatedState ?x ;"
                          " pal:monitoringBody/dcterms:identifier 'greta'"),
    "greta-round-4": (48, "?e a pal:Evaluation ; pal:round '4' ; pal:evaluatedState ?x ;"
                          " pal:monitoringBody/dcterms:identifier 'greta'"),
}  # fmt: skip
#: Parties that the depositary or the UN counts, by our newest figure of it: key, indicator and treaty. Where more are
#: counted than stand here, acts are missing, and a state without one is not known to stand aside.
COUNTED: Final = {
    "palermo-protocol-parties": ("parties-to-palermo-protocol", "palermo-protocol"),
    "untoc-parties": ("parties-to-untoc", "untoc"),
}
#: Fill rates: key -> class, property.
FILLED: Final = {
    "actors.established": ("Actor", "pal:established"),
    "actors.homepage": ("Actor", "foaf:homepage"),
    "instruments.adopted": ("Instrument", "pal:adoptedOn"),
    "treaty-actions.date": ("TreatyAction", "pal:date"),
    "relations.start": ("Relation", "pal:startDay"),
    "evaluations.published": ("Evaluation", "pal:publishedOn"),
    "party-statuses.start": ("PartyStatus", "pal:startDay"),
    "party-statuses.in-force": ("PartyStatus", "pal:inForceDay"),
    "statistics.year": ("Observation", "pal:period"),
    "sources.url": ("Source", "schema:url"),
    "sources.published": ("Source", "dcterms:issued"),
}
#: Ages of facts: key and the years up to which it goes, counted from the release's own date.
AGES: Final = (("0-2", 2), ("3-5", 5), ("6-10", 10), ("older", 9999))
UNDATED: Final = "unknown"
#: What an address answered; the last one where it was never asked.
OUTCOMES: Final = ("alive", "dead", "unclear", "unchecked")
#: Properties whose stated values may contradict each other.
STATED: Final = ("Date", "Start", "End", "Established", "Ended", "AdoptedOn", "EntryIntoForce", "PublishedOn")


@dataclass(frozen=True, slots=True)
class Family:
    """The facts of a family: all, by kind of any stating source, of several publishers, of weak sources only; `ages`
    by the newest source that states them."""

    name: str
    facts: int
    kinds: Mapping[str, int]
    several: int
    weak: int
    confidence: Mapping[str, int]
    ages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Lost:
    """A source that cannot be read again: without an address, or with one that is dead since a day."""

    iri: str
    title: str
    language: str
    url: str
    checked: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One property of one thing with values that exclude each other: the preferred first, and the rule that chose it
    (`rank`, `newer` or `id`)."""

    node: str
    property: str
    values: tuple[tuple[str, tuple[str, ...]], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. `counted` is the figure that says of how many, by its IRI, and `year` the year it is of,
    where a source of ours counts; else both are empty."""

    key: str
    here: int
    of: int
    counted: str = ""
    year: str = ""

    @property
    def share(self) -> float:
        """Between 0 and 1; 1 where there is nothing to fill."""
        return self.here / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything that the report says. `years` counts sources by year of publication ("" for none), `links` those with
    an address by what it answered; `lost` are those without one and those whose address is dead."""

    release: str
    date: str
    families: tuple[Family, ...]
    sources: int
    source_kinds: Mapping[str, int]
    without_address: int
    years: Mapping[str, int]
    links: Mapping[str, int]
    lost: tuple[Lost, ...]
    contradictions: tuple[Contradiction, ...]
    coverage: tuple[Share, ...]
    filled: tuple[Share, ...]
    labels: tuple[Share, ...]
    translated: int
    explained: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Source:
    kind: str
    rank: int
    publisher: str
    published: str
    flagged: bool
    url: str
    title: str
    language: str
    outcome: str
    checked: str


def measurements(found: Quality) -> Iterator[tuple[str, str, int, int]]:
    """Every share of the report: metric, what it was measured of, how many, of how many."""
    for one in found.families:
        yield "several-publishers", one.name, one.several, one.facts
        yield "weak-only", one.name, one.weak, one.facts
    for metric, shares in (("coverage", found.coverage), ("filled", found.filled), ("labels", found.labels)):
        for share in shares:
            yield metric, share.key, share.here, share.of
    addressed = found.sources - found.without_address
    yield "addresses", "sources", addressed, found.sources
    yield "links-checked", "sources", addressed - found.links["unchecked"], addressed
    yield "links-alive", "sources", found.links["alive"], addressed - found.links["unchecked"]
    for one in found.families:
        yield "recent", one.name, one.ages["0-2"] + one.ages["3-5"], one.facts


def publisher(text: str) -> str:
    """Who answers for a page, without where it was read: "UNODC (copy at …)" is UNODC."""
    return re.sub(r" [(].*$", "", text, flags=re.DOTALL)


def read(store: Store, report: Path | None = None) -> Quality:
    """Count a release. `report` is its `report.json`, for findings whose reason is known. Raises
    :class:`graph.read.store.StoreError`."""
    sources = _sources(store)
    explained: list[dict[str, str]] = []
    if report is not None and report.exists():
        explained = json.loads(report.read_text("utf-8")).get("explained", [])
    entities = _count(store, "?x a pal:Entity")
    labels = [
        Share(lang, _count(store, f'?x a pal:Entity ; skos:prefLabel ?l FILTER(LANG(?l) = "{lang}")'), entities)
        for lang in ("en", "fr")
    ]
    years = Counter(one.published[:4] for one in sources.values())
    return Quality(
        release=store.manifest.release,
        date=store.manifest.date,
        families=tuple(_family(store, name, kind, sources, store.manifest.date) for name, kind in FAMILIES.items()),
        sources=len(sources),
        source_kinds=dict(sorted(Counter(one.kind for one in sources.values()).items())),
        without_address=sum(not one.url for one in sources.values()),
        years=dict(sorted(years.items())),
        links={name: sum(one.outcome == name for one in sources.values() if one.url) for name in OUTCOMES},
        lost=tuple(
            Lost(iri, one.title, one.language, one.url, one.checked)
            for iri, one in sorted(sources.items())
            if not one.url or one.outcome == "dead"
        ),
        contradictions=tuple(_contradictions(store, sources)),
        coverage=(
            *(Share(key, _count(store, pattern), of) for key, (of, pattern) in EXPECTED.items()),
            *counted(store),
        ),
        filled=tuple(
            Share(key, _count(store, f"?x a pal:{kind} ; {name} ?v"), _count(store, f"?x a pal:{kind}"))
            for key, (kind, name) in FILLED.items()
        ),
        labels=tuple(labels),
        translated=_count(
            store,
            f"GRAPH <{store.ids.source('palermo-editors')}> {{ ?x pal:statedName ?name }} "
            '?x skos:prefLabel ?name FILTER(LANG(?name) = "fr")',
        ),
        explained=tuple(explained),
    )


def _count(store: Store, pattern: str) -> int:
    rows = store.select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}").values()
    return int(rows[0]["n"] or 0)


def counted(store: Store) -> Iterator[Share]:
    """Parties here, of those that the newest figure of ours counts; see :data:`COUNTED`. Raises
    :class:`graph.read.store.StoreError`."""
    for key, (indicator, treaty) in COUNTED.items():
        figures = store.select(
            f"SELECT ?x ?value ?year WHERE {{ ?x pal:indicator <{CONCEPT}indicator/{indicator}> ; pal:value ?value ; "
            "pal:period ?year } ORDER BY DESC(?year) ?x LIMIT 1"
        ).values()
        for row in figures:
            here = _count(store, f"?x pal:partyTo ?t . ?t dcterms:identifier '{treaty}'")
            yield Share(key, here, int(row["value"] or 0), str(row["x"]), str(row["year"]))


def _sources(store: Store) -> dict[str, _Source]:
    rows = store.select(
        "SELECT ?s ?title (LANG(?title) AS ?language) ?kind ?rank ?publisher ?issued ?url ?flag ?outcome ?checked "
        "WHERE { ?s a pal:Source ; pal:sourceKind ?kind ; pal:sourceRank ?rank ; "
        "dcterms:publisher ?publisher ; dcterms:title ?title . "
        "OPTIONAL { ?s dcterms:issued ?issued } OPTIONAL { ?s schema:url ?url } OPTIONAL { ?s pal:flag ?flag } "
        "OPTIONAL { ?s pal:linkOutcome ?outcome ; pal:linkCheckedOn ?checked } } ORDER BY ?s ?flag"
    ).values()
    return {
        str(row["s"]): _Source(
            str(row["kind"]).removeprefix(f"{CONCEPT}source-kind/"), int(row["rank"] or 0),
            publisher(str(row["publisher"])), str(row["issued"] or ""), bool(row["flag"]), str(row["url"] or ""),
            str(row["title"]), str(row["language"] or ""),
            str(row["outcome"] or "unchecked").removeprefix(f"{CONCEPT}link-outcome/"),
            str(row["checked"] or ""),
        )
        for row in rows
    }  # fmt: skip


def age(published: str, on: str) -> str:
    """How old something published in a year is on the date of a release, as a key of :data:`AGES`."""
    if not published or not on:
        return UNDATED
    years = int(on[:4]) - int(published[:4])
    return next(key for key, most in AGES if years <= most)


def _family(store: Store, name: str, kind: str, sources: Mapping[str, _Source], on: str) -> Family:
    stating: dict[str, set[str]] = defaultdict(set)
    for row in store.select(f"SELECT ?x ?g WHERE {{ GRAPH ?g {{ ?x a pal:{kind} }} }}").values():
        if row["g"] in sources:
            stating[str(row["x"])].add(str(row["g"]))
    kinds: Counter[str] = Counter()
    ages: Counter[str] = Counter()
    several = weak = 0
    for graphs in stating.values():
        ages[age(max(sources[one].published for one in graphs), on)] += 1
        kinds.update({sources[one].kind for one in graphs})
        several += len({sources[one].publisher for one in graphs}) > 1
        weak += all(sources[one].flagged for one in graphs)
    degrees = store.select(
        f"SELECT ?c (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a pal:{kind} ; pal:confidence ?c }} GROUP BY ?c"
    ).values()
    found = {str(row["c"]).removeprefix(f"{CONCEPT}confidence/"): int(row["n"] or 0) for row in degrees}
    return Family(
        name, len(stating), dict(sorted(kinds.items())), several, weak, {one: found.get(one, 0) for one in DEGREES},
        {key: ages[key] for key in (*(key for key, _ in AGES), UNDATED)},
    )  # fmt: skip


def _contradictions(store: Store, sources: Mapping[str, _Source]) -> list[Contradiction]:
    found = []
    for name in STATED:
        stated: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        rows = store.select(f"SELECT ?x ?v ?g WHERE {{ GRAPH ?g {{ ?x pal:stated{name} ?v }} }}").values()
        for row in rows:
            stated[str(row["x"])][str(row["v"])].add(str(row["g"]))
        plain = f"{name[0].lower()}{name[1:]}"
        preferred = {
            str(row["x"]): str(row["v"]) for row in store.select(f"SELECT ?x ?v WHERE {{ ?x pal:{plain} ?v }}").values()
        }
        for node, values in stated.items():
            if any(not b.startswith(a) and not a.startswith(b) for a in values for b in values):
                found.append(_contradiction(node, plain, values, preferred[node], sources))
    return sorted(found, key=lambda one: (one.property, one.node))


def _contradiction(
    node: str, name: str, values: Mapping[str, set[str]], chosen: str, sources: Mapping[str, _Source]
) -> Contradiction:
    def standing(value: str) -> tuple[int, tuple[int, ...]]:
        """The best of those that state it, or a coarser value that holds it."""
        graphs = {graph for other, stating in values.items() if value.startswith(other) for graph in stating}
        return min((sources[one].rank, _newest(sources[one].published)) for one in graphs)

    rivals = [one for one in values if not one.startswith(chosen) and not chosen.startswith(one)]
    first = standing(chosen)
    second = min((standing(one) for one in rivals), default=first)
    reason = "rank" if first[0] != second[0] else "newer" if first[1] != second[1] else "id"
    ordered = sorted(values, key=lambda value: (value != chosen, standing(value), value))
    return Contradiction(node, name, tuple((one, tuple(sorted(values[one]))) for one in ordered), reason)


def _newest(published: str) -> tuple[int, ...]:
    return tuple(-int(part) for part in published.split("-")) if published else (1,)
