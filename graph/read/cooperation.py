"""Cooperation projects: when, where, carried out by whom, paid for by whom, with whom, for how much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from graph.dates import PartialDate
from graph.read import labels
from graph.read.labels import Label
from graph.read.store import Store
from graph.read.treaties import day, partial

#: Regions by which projects can be asked for: the states that belong to each, as the projects' own sources draw them.
REGIONS: Final[dict[str, frozenset[str]]] = {
    "gulf-of-guinea": frozenset({"ben", "civ", "cmr", "gha", "gin", "nga", "tgo"}),
    "south-east-europe": frozenset(
        {"alb", "bgr", "bih", "grc", "hrv", "mda", "mkd", "mne", "rou", "srb", "svn", "xkx"}
    ),
}


@dataclass(frozen=True, slots=True)
class Project:
    """A project; ids are local. `budget` is in euros, None where no source states it; days are the comparable ones."""

    id: str
    start: PartialDate | None
    start_day: date | None
    end: PartialDate | None
    end_day: date | None
    budget: Decimal | None
    countries: tuple[str, ...]
    implementers: tuple[str, ...]
    funders: tuple[str, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True)
class Cooperation:
    """Every project, the newest first, with names in one language by local id and ISO numbers of countries."""

    projects: tuple[Project, ...]
    names: dict[str, Label]
    numbers: dict[str, str]

    def some(self, place: str = "", by: str = "") -> list[Project]:
        """The projects that take place in a region or country, and that somebody carries out or takes part in."""
        states = REGIONS.get(place, frozenset({place}))
        return [
            one
            for one in self.projects
            if (not place or states & set(one.countries))
            and (not by or by in one.implementers or by in one.partners or by in one.funders)
        ]


_PROJECTS: Final = """
SELECT ?project ?start ?startDay ?end ?endDay ?budget WHERE {
  ?project a pal:Project .
  OPTIONAL { ?project pal:start ?start } OPTIONAL { ?project pal:startDay ?startDay }
  OPTIONAL { ?project pal:end ?end } OPTIONAL { ?project pal:endDay ?endDay }
  OPTIONAL { ?project pal:budget ?budget }
} ORDER BY ?project"""

_ENDS: Final = """
SELECT DISTINCT ?project ?role ?who WHERE {
  VALUES (?predicate ?role) {
    (pal:implements "implementers") (pal:coordinates "implementers") (pal:funds "funders")
    (pal:participatesIn "partners") (pal:cooperatesWith "partners")
  }
  ?project a pal:Project .
  { ?edge pal:predicate ?predicate ; pal:object ?project ; pal:subject ?who }
  UNION
  { ?edge pal:predicate ?predicate ; pal:subject ?project ; pal:object ?who FILTER(?predicate = pal:cooperatesWith) }
} ORDER BY ?project ?role ?who"""

_COUNTRIES: Final = """
SELECT DISTINCT ?project ?state ?number WHERE {
  ?project a pal:Project ; pal:takesPlaceIn ?state . OPTIONAL { ?state pal:isoNumeric ?number }
} ORDER BY ?project ?state"""


def read(store: Store, lang: str) -> Cooperation:
    """Read everything. Raises :class:`graph.read.store.StoreError`."""

    def local(iri: str | None) -> str:
        return store.ids.local(iri or "") or ""

    ends: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(_ENDS).values():
        ends[local(row["project"])][row["role"] or ""].append(local(row["who"]))
    countries: dict[str, list[str]] = defaultdict(list)
    numbers: dict[str, str] = {}
    for row in store.select(_COUNTRIES).values():
        countries[local(row["project"])].append(local(row["state"]))
        numbers[local(row["state"])] = row["number"] or ""
    found: dict[str, Project] = {}
    for row in store.select(_PROJECTS).values():
        name = local(row["project"])
        main = set(ends[name]["implementers"])
        found.setdefault(
            name,
            Project(
                id=name,
                start=partial(row["start"]),
                start_day=day(row["startDay"]),
                end=partial(row["end"]),
                end_day=day(row["endDay"]),
                budget=Decimal(row["budget"]) if row["budget"] else None,
                countries=tuple(countries[name]),
                implementers=tuple(ends[name]["implementers"]),
                funders=tuple(ends[name]["funders"]),
                partners=tuple(one for one in ends[name]["partners"] if one not in main),
            ),
        )
    wanted = {
        name
        for one in found.values()
        for name in (one.id, *one.countries, *one.implementers, *one.funders, *one.partners)
    }
    named = labels.of(store, (store.ids.entity(one) for one in wanted), lang)
    ordered = sorted(found.values(), key=lambda one: one.id)
    ordered.sort(key=lambda one: one.start_day or date.min, reverse=True)
    return Cooperation(tuple(ordered), {local(iri): label for iri, label in named.items()}, numbers)
