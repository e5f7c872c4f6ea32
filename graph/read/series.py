"""Figures as they stand in the record, ready to be set side by side: never added, never averaged, never joined.

Every observation is read once into :class:`Figures`. A question picks some of them into rows by period; where two
figures of one row differ, the row says so. A figure that a source itself calls rounded disagrees with nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from graph.ids import CONCEPT
from graph.read import labels
from graph.read.labels import Label
from graph.read.store import Store


@dataclass(frozen=True, slots=True)
class Figure:
    """One observation. Codes are notations of the closed lists, empty where there is none; `period` is `2021` or
    `2017-2018`, empty where no year is stated; `id` is the row's id, `sources` the ids of those that state it."""

    id: str
    indicator: str
    area: str
    period: str
    form: str
    sex: str
    age: str
    value: Decimal
    unit: str
    basis: str
    publisher: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one period, by value; `rival` when two of them differ and neither is called rounded."""

    period: str
    figures: tuple[Figure, ...]
    rounded: frozenset[str]

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The different values, smallest first."""
        return tuple(sorted({one.value for one in self.figures}))

    @property
    def rivals(self) -> int:
        """How many values disagree: those that are not merely rounded; fewer than two when none do."""
        exact = {one.value for one in self.figures if one.id not in self.rounded}
        return len(exact)

    def of(self, value: Decimal) -> tuple[Figure, ...]:
        """The figures of one value: several sources that say the same."""
        return tuple(one for one in self.figures if one.value == value)


@dataclass(frozen=True, slots=True)
class Pick:
    """What a series is made of: exact codes; `publishers` narrows it when not empty, `without` leaves out those that
    count a part only (the reason stands beside the list)."""

    area: str
    indicators: tuple[str, ...]
    unit: str
    form: tuple[str, ...] = ("",)
    sex: str = ""
    age: str = ""
    basis: str = ""
    publishers: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def takes(self, one: Figure) -> bool:
        """Whether a figure belongs."""
        return (
            one.area == self.area
            and one.indicator in self.indicators
            and one.unit == self.unit
            and one.form in self.form
            and one.sex == self.sex
            and one.age == self.age
            and one.basis == self.basis
            and one.id not in self.without
            and (not self.publishers or one.publisher in self.publishers)
            and one.publisher not in self.not_by
        )


@dataclass(frozen=True)
class Figures:
    """Every figure of a release by id, and the names of the closed lists in one language by IRI path."""

    by_id: dict[str, Figure]
    names: dict[str, str]
    titles: dict[str, Label]

    def rows(self, pick: Pick, rounded: frozenset[str] = frozenset()) -> list[Row]:
        """The rows of a series, the oldest period first and a period that is not stated last."""
        found: dict[str, list[Figure]] = defaultdict(list)
        for one in self.by_id.values():
            if pick.takes(one):
                found[one.period].append(one)
        return [
            Row(period, tuple(sorted(found[period], key=lambda one: (one.value, one.id))), rounded)
            for period in sorted(found, key=lambda period: (not period, period))
        ]

    def name(self, scheme: str, notation: str) -> str:
        """The name of a concept, its notation where it has none."""
        return self.names.get(f"{scheme}/{notation}", notation)


_QUERY: Final = """
SELECT ?figure ?indicator ?area ?period ?form ?sex ?age ?value ?unit ?basis ?publisher ?note WHERE {
  ?figure a pal:Observation ; pal:value ?value ; pal:indicator/skos:notation ?indicator ;
    pal:unit/skos:notation ?unit ; pal:basis/skos:notation ?basis ; dcterms:publisher ?publisher .
  OPTIONAL { ?figure pal:refArea ?area }
  OPTIONAL { ?figure pal:period ?period }
  OPTIONAL { ?figure pal:exploitationForm/skos:notation ?form }
  OPTIONAL { ?figure pal:sex/skos:notation ?sex }
  OPTIONAL { ?figure pal:ageGroup/skos:notation ?age }
  OPTIONAL { ?figure pal:note ?note }
} ORDER BY ?figure ?publisher ?note"""

_SOURCES: Final = """
SELECT ?figure ?source WHERE { GRAPH ?source { ?figure a pal:Observation } ?source a pal:Source }
ORDER BY ?figure ?source"""

_NAMES: Final = """
SELECT ?concept ?name WHERE {
  VALUES ?lang { "%s" }
  VALUES ?scheme { con:indicator con:basis con:exploitation-form con:sex con:age-group con:unit }
  ?concept skos:inScheme ?scheme ; skos:prefLabel ?name . FILTER(LANG(?name) = ?lang)
}"""


def read(store: Store, lang: str) -> Figures:
    """Read every figure. Raises :class:`graph.read.store.StoreError`."""
    if lang not in ("en", "fr"):
        raise ValueError(f"language {lang!r}; languages are en and fr")
    ids = store.ids
    sources: dict[str, list[str]] = defaultdict(list)
    for figure, source in store.select(_SOURCES).rows:
        sources[_value(figure)].append(_value(source).removeprefix(ids.source("")))
    found: dict[str, Figure] = {}
    for row in store.select(_QUERY).values():
        iri = row["figure"] or ""
        local = (ids.local(iri) or iri).removeprefix("statistic/")
        if local not in found:
            found[local] = Figure(
                id=local,
                indicator=row["indicator"] or "",
                area=ids.local(row["area"] or "") or "",
                period=row["period"] or "",
                form=row["form"] or "",
                sex=row["sex"] or "",
                age=row["age"] or "",
                value=Decimal(row["value"] or "0"),
                unit=row["unit"] or "",
                basis=row["basis"] or "",
                publisher=row["publisher"] or "",
                note=row["note"] or "",
                sources=tuple(sources[iri]),
            )
    names = {
        (row["concept"] or "").removeprefix(CONCEPT): row["name"] or "" for row in store.select(_NAMES % lang).values()
    }
    cited = {source for one in found.values() for source in one.sources}
    titles = labels.of(store, (ids.source(one) for one in cited), lang)
    return Figures(found, names, {iri.removeprefix(ids.source("")): label for iri, label in titles.items()})


def cited(figures: Iterable[Figure]) -> list[str]:
    """The ids of the sources of some figures, each once, in order of first need."""
    return list(dict.fromkeys(source for one in figures for source in one.sources))


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))
