"""Who was evaluated when: reports of monitoring bodies by round, visits, and leading judgments."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from graph.dates import PartialDate
from graph.read import labels
from graph.read.labels import Label
from graph.read.store import Store
from graph.read.treaties import day, partial


@dataclass(frozen=True, slots=True)
class Report:
    """A report of one body on one state in one round. `path` is its id below `id/`; dates are None where not known."""

    path: str
    body: str
    state: str
    round: str
    reference: str
    adopted: PartialDate | None
    published: PartialDate | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of a body to a state, and the first report published after it, where one is known."""

    path: str
    body: str
    state: str
    start: PartialDate
    end: PartialDate | None
    report: Report | None


@dataclass(frozen=True, slots=True)
class Judgment:
    """A judgment: its court, the states that it is against, the day and the application's number."""

    path: str
    court: str
    states: tuple[str, ...]
    date: PartialDate | None
    reference: str


@dataclass(frozen=True)
class Oversight:
    """Reports, visits and judgments of a release, with the names of everything in one language by local id."""

    reports: tuple[Report, ...]
    visits: tuple[Visit, ...]
    judgments: tuple[Judgment, ...]
    names: dict[str, Label]

    def of(self, body: str) -> dict[str, list[Report]]:
        """The reports of a body by state, the states by name, each state's reports by round."""
        found: dict[str, list[Report]] = defaultdict(list)
        for one in self.reports:
            if one.body == body:
                found[one.state].append(one)
        ordered = sorted(found, key=lambda state: self.names[state].text.casefold())
        return {state: sorted(found[state], key=lambda one: one.round) for state in ordered}

    def repeated(self, body: str) -> dict[str, list[Report]]:
        """The states that a body reported on in two rounds or more. A combined round, `1-2`, is one round."""
        return {state: found for state, found in self.of(body).items() if len({one.round for one in found}) > 1}


_REPORTS: Final = """
SELECT DISTINCT ?report ?body ?state ?round ?reference ?adopted ?published ?day WHERE {
  ?report a pal:Evaluation ; pal:monitoringBody ?body ; pal:evaluatedState ?state ; pal:round ?round .
  OPTIONAL { ?report pal:reference ?reference }
  OPTIONAL { ?report pal:adoptedOn ?adopted } OPTIONAL { ?report pal:publishedOn ?published }
  OPTIONAL { ?report pal:day ?day }
} ORDER BY ?report ?reference"""

_VISITS: Final = """
SELECT ?visit ?body ?state ?start ?end WHERE {
  VALUES ?body { %s }
  ?visit pal:predicate pal:monitors ; pal:subject ?body ; pal:object ?state ; pal:start ?start ; pal:end ?end .
} ORDER BY ?visit"""

_JUDGMENTS: Final = """
SELECT DISTINCT ?case ?court ?state ?date ?reference WHERE {
  ?case a pal:Judgment .
  OPTIONAL { ?court pal:decided ?case } OPTIONAL { ?case pal:respondent ?state }
  OPTIONAL { ?case pal:date ?date } OPTIONAL { ?case pal:reference ?reference }
} ORDER BY ?case ?reference ?state"""


def read(store: Store, lang: str) -> Oversight:
    """Read everything. Raises :class:`graph.read.store.StoreError`."""

    def local(iri: str | None) -> str:
        return store.ids.local(iri or "") or ""

    reports: dict[str, Report] = {}
    for row in store.select(_REPORTS).values():
        path = local(row["report"])
        reports.setdefault(
            path,
            Report(
                path, local(row["body"]), local(row["state"]), row["round"] or "", row["reference"] or "",
                partial(row["adopted"]), partial(row["published"]), day(row["day"]),
            ),
        )  # fmt: skip
    bodies = sorted({one.body for one in reports.values()})
    visits = [
        _visit(local(row["visit"]), local(row["body"]), local(row["state"]), row["start"], row["end"], reports)
        for row in store.select(_VISITS % labels.values(store.ids.entity(one) for one in bodies)).values()
    ]
    judgments: dict[str, Judgment] = {}
    for row in store.select(_JUDGMENTS).values():
        path, state = local(row["case"]), local(row["state"])
        one = judgments.setdefault(
            path, Judgment(path, local(row["court"]), (), partial(row["date"]), row["reference"] or "")
        )
        if state and state not in one.states:
            judgments[path] = replace(one, states=(*one.states, state))
    wanted = {name for one in reports.values() for name in (one.body, one.state)}
    wanted |= {name for one in judgments.values() for name in (one.path, one.court, *one.states) if name}
    wanted |= {one.state for one in visits}
    found = labels.of(store, (store.ids.entity(one) for one in wanted), lang)
    names = {local(iri): label for iri, label in found.items()}
    return Oversight(
        tuple(reports.values()),
        tuple(sorted(visits, key=lambda one: (one.start.sort_key, one.path), reverse=True)),
        tuple(sorted(judgments.values(), key=lambda one: (one.date is None, str(one.date), one.path))),
        names,
    )


def _visit(path: str, body: str, state: str, start: str | None, end: str | None, reports: dict[str, Report]) -> Visit:
    first = partial(start)
    assert first is not None  # the query asks for it
    after = [
        one
        for one in reports.values()
        if one.body == body and one.state == state and one.published and one.published.first_day > first.last_day
    ]
    return Visit(
        path, body, state, first, partial(end), min(after, key=lambda one: (str(one.published), one.path), default=None)
    )
