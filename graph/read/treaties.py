"""States and treaties: who signed, who is bound, in force, gone, and what is not known, as of any day.

Everything about treaty actions is read once into :class:`Commitments`; questions about a day are then answered from
memory, by the as-of rule of :mod:`graph.read.dates`. A signature is no ratification and no party status: it stands
apart and shows only where nothing stronger does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from graph.dates import PartialDate
from graph.read import labels
from graph.read.dates import Validity, valid
from graph.read.store import Store, is_true

#: How a participant stands to a treaty on a day, strongest first:
#: in-force  bound, and a source states that the treaty was in force for it by then
#: bound     an act of consent had been done by then
#: unknown   bound or signed at some time, on a day that no source states and perhaps not yet by then
#: left      was bound and had denounced it or withdrawn
#: signed    had signed and not bound itself
#: none      nothing known
Status = Literal["in-force", "bound", "unknown", "left", "signed", "none"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
#: The statuses that count as bound.
BOUND: Final[tuple[Status, ...]] = ("in-force", "bound")

Kind = Literal["state", "territory", "organisation"]


@dataclass(frozen=True, slots=True)
class Treaty:
    """A treaty to which any action is known. `order` puts it in the order of years: adoption, else entry into force."""

    id: str
    name: labels.Label
    short: str
    adopted: PartialDate | None
    in_force: PartialDate | None

    @property
    def order(self) -> tuple[date, str]:
        """By first known day, then by id."""
        known = self.adopted or self.in_force
        return (known.first_day if known else date.max, self.id)

    @property
    def year(self) -> int | None:
        """The year of adoption, else of entry into force."""
        known = self.adopted or self.in_force
        return known.year if known else None


@dataclass(frozen=True, slots=True)
class Participant:
    """A state, territory or organisation. `numeric` is its ISO 3166 number, empty for organisations; `region` and
    `continent` are notations of the closed list `region`."""

    id: str
    kind: Kind
    name: labels.Label
    numeric: str
    region: str
    continent: str


@dataclass(frozen=True, slots=True)
class Period:
    """A party status: bound from an act of consent until an act of leaving. `evidence` is its path below `id/`."""

    evidence: str
    start: PartialDate | None
    start_day: date | None
    end: PartialDate | None
    end_day: date | None
    in_force: PartialDate | None
    in_force_day: date | None
    known_by: date | None
    end_known_by: date | None

    def validity(self, on: date) -> Validity:
        """The as-of rule, with a departure of unknown day: certain once a source lists it, unknown before."""
        end = self.end_day or self.end_known_by
        found = valid(on, self.start_day, end, self.known_by)
        if self.end_known_by and not self.end_day and found is Validity.YES:
            return Validity.UNKNOWN
        return found


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that needs ratification. `evidence` is the action's path below `id/`."""

    evidence: str
    stated: PartialDate | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """How one participant stands to one treaty on a day: since when, and where it is written. `since` is None where
    the day is not known."""

    status: Status
    since: PartialDate | None = None
    evidence: str = ""


NOTHING: Final = Cell("none")


@dataclass(frozen=True, slots=True)
class Count:
    """How many stand how on a day, organisations apart from states and territories."""

    bound: int
    organisations: int
    unknown: int
    signed: int
    left: int

    @property
    def states(self) -> int:
        """States and territories bound."""
        return self.bound - self.organisations


@dataclass(frozen=True)
class Commitments:
    """Every treaty, participant, party status and signature of a release, in one language's names."""

    treaties: dict[str, Treaty]
    participants: dict[str, Participant]
    periods: dict[tuple[str, str], tuple[Period, ...]]
    signatures: dict[tuple[str, str], tuple[Signature, ...]]
    members: dict[str, frozenset[str]]
    regions: dict[str, str]

    def cell(self, treaty: str, participant: str, on: date) -> Cell:
        """How a participant stands to a treaty on a day."""
        periods = self.periods.get((treaty, participant), ())
        by_validity = [(period.validity(on), period) for period in periods]
        for found, period in by_validity:
            if found is Validity.YES:
                since = period.in_force_day
                status: Status = "in-force" if since is not None and since <= on else "bound"
                return Cell(status, period.start, period.evidence)
        if self._before(treaty, on):
            return NOTHING
        for found, period in by_validity:
            if found is Validity.UNKNOWN:
                return Cell("unknown", None, period.evidence)
        for period in reversed(periods):
            end = period.end_day or period.end_known_by
            if end is not None and end <= on:
                return Cell("left", period.end, period.evidence)
        return self._signed(treaty, participant, on)

    def _before(self, treaty: str, on: date) -> bool:
        """Whether the treaty had not been adopted by that day: nobody can have signed it on an unknown day before."""
        adopted = self.treaties[treaty].adopted
        return adopted is not None and on < adopted.first_day

    def _signed(self, treaty: str, participant: str, on: date) -> Cell:
        found = self.signatures.get((treaty, participant), ())
        for one in found:
            if one.day is not None and one.day <= on:
                return Cell("signed", one.stated, one.evidence)
        undated = next((one for one in found if one.day is None), None)
        return Cell("unknown", None, undated.evidence) if undated else NOTHING

    def column(self, treaty: str, on: date) -> dict[str, Cell]:
        """Everybody of whom something is known to a treaty on a day, by participant."""
        return {one: cell for one in self.participants if (cell := self.cell(treaty, one, on)).status != "none"}

    def count(self, treaty: str, on: date) -> Count:
        """How many stand how to a treaty on a day."""
        column = self.column(treaty, on)
        bound = [one for one, cell in column.items() if cell.status in BOUND]
        return Count(
            bound=len(bound),
            organisations=sum(self.participants[one].kind == "organisation" for one in bound),
            unknown=sum(cell.status == "unknown" for cell in column.values()),
            signed=sum(cell.status == "signed" for cell in column.values()),
            left=sum(cell.status == "left" for cell in column.values()),
        )

    def signed_only(self, on: date, treaty: str | None = None) -> list[tuple[Treaty, Participant, Cell]]:
        """Who had signed and not bound itself by a day, by treaty and name."""
        return [
            (one, who, cell)
            for one in self.in_order()
            if treaty is None or one.id == treaty
            for who in self.participants.values()
            if (cell := self.cell(one.id, who.id, on)).status == "signed"
        ]

    def in_order(self) -> list[Treaty]:
        """The treaties by year."""
        return sorted(self.treaties.values(), key=lambda one: one.order)

    def growth(self, treaty: str) -> list[tuple[date, int]]:
        """The number of parties bound since a known day, after each day on which it changed."""
        changes: dict[date, int] = defaultdict(int)
        for (one, _), periods in self.periods.items():
            if one != treaty:
                continue
            for period in periods:
                end = period.end_day or period.end_known_by
                if period.start_day is not None:
                    changes[period.start_day] += 1
                    if end is not None:
                        changes[end] -= 1
        total, steps = 0, []
        for day in sorted(changes):
            total += changes[day]
            steps.append((day, total))
        return steps

    def undated(self, treaty: str) -> list[Participant]:
        """Parties whose day is not known, which are in no growth line."""
        return [
            self.participants[who]
            for (one, who), periods in sorted(self.periods.items())
            if one == treaty and any(period.start_day is None for period in periods)
        ]


_TREATIES: Final = """
SELECT DISTINCT ?treaty ?short ?adopted ?force WHERE {
  ?action a pal:TreatyAction ; pal:treaty ?treaty .
  OPTIONAL { ?treaty pal:abbreviation ?short }
  OPTIONAL { ?treaty pal:adoptedOn ?adopted }
  OPTIONAL { ?treaty pal:entryIntoForce ?force }
} ORDER BY ?treaty ?short ?adopted ?force"""

_PARTICIPANTS: Final = """
SELECT DISTINCT ?who ?numeric ?region ?continent ?territory ?state WHERE {
  { ?who a pal:State } UNION { ?who a pal:Territory } UNION { ?action a pal:TreatyAction ; pal:participant ?who }
  BIND(EXISTS { ?who a pal:Territory } AS ?territory)
  BIND(EXISTS { ?who a pal:State } AS ?state)
  OPTIONAL { ?who pal:isoNumeric ?numeric }
  OPTIONAL {
    ?who pal:region ?in . ?in skos:notation ?region .
    ?in skos:broader* ?top . ?top skos:topConceptOf con:region ; skos:notation ?continent .
  }
} ORDER BY ?who"""

_PERIODS: Final = """
SELECT ?party ?treaty ?who ?start ?startDay ?end ?endDay ?force ?forceDay ?knownBy ?endKnownBy WHERE {
  ?party a pal:PartyStatus ; pal:treaty ?treaty ; pal:participant ?who .
  OPTIONAL { ?party pal:start ?start } OPTIONAL { ?party pal:startDay ?startDay }
  OPTIONAL { ?party pal:end ?end } OPTIONAL { ?party pal:endDay ?endDay }
  OPTIONAL { ?party pal:inForceSince ?force } OPTIONAL { ?party pal:inForceDay ?forceDay }
  OPTIONAL { ?party pal:knownBy ?knownBy } OPTIONAL { ?party pal:endKnownBy ?endKnownBy }
} ORDER BY ?party"""

_SIGNATURES: Final = """
SELECT ?action ?treaty ?who ?date ?day WHERE {
  VALUES ?predicate { pal:signed pal:succeededToSignatureOf }
  ?action a pal:TreatyAction ; pal:predicate ?predicate ; pal:treaty ?treaty ; pal:participant ?who .
  OPTIONAL { ?action pal:date ?date } OPTIONAL { ?action pal:day ?day }
} ORDER BY ?action"""

_MEMBERS: Final = """
SELECT DISTINCT ?organisation ?who WHERE {
  VALUES ?organisation { %s }
  ?relation pal:predicate pal:memberOf ; pal:subject ?who ; pal:object ?organisation .
  FILTER NOT EXISTS { ?relation pal:endDay ?end }
} ORDER BY ?organisation ?who"""

_REGIONS: Final = """
SELECT ?notation ?name WHERE {
  VALUES ?lang { "%s" }
  ?region skos:inScheme con:region ; skos:notation ?notation ; skos:prefLabel ?name .
  FILTER(LANG(?name) = ?lang)
} ORDER BY ?notation"""

#: Organisations whose members can be asked for alone; the tables hold their membership in full.
ORGANISATIONS: Final = ("coe", "eu", "asean", "saarc", "cbss")


def read(store: Store, lang: str) -> Commitments:
    """Read everything about treaties. Raises :class:`graph.read.store.StoreError`."""
    local = store.ids.local
    treaties = _first(store.select(_TREATIES).values(), "treaty")
    participants = _first(store.select(_PARTICIPANTS).values(), "who")
    names = labels.of(store, [*treaties, *participants], lang)
    periods: dict[tuple[str, str], list[Period]] = defaultdict(list)
    for row in store.select(_PERIODS).values():
        key = (local(row["treaty"] or "") or "", local(row["who"] or "") or "")
        periods[key].append(
            Period(
                evidence=local(row["party"] or "") or "",
                start=partial(row["start"]),
                start_day=day(row["startDay"]),
                end=partial(row["end"]),
                end_day=day(row["endDay"]),
                in_force=partial(row["force"]),
                in_force_day=day(row["forceDay"]),
                known_by=day(row["knownBy"]),
                end_known_by=day(row["endKnownBy"]),
            )
        )
    signatures: dict[tuple[str, str], list[Signature]] = defaultdict(list)
    for row in store.select(_SIGNATURES).values():
        key = (local(row["treaty"] or "") or "", local(row["who"] or "") or "")
        signatures[key].append(Signature(local(row["action"] or "") or "", partial(row["date"]), day(row["day"])))
    found = [_participant(local(iri) or iri, row, names[iri]) for iri, row in participants.items()]
    return Commitments(
        treaties={
            (local(iri) or iri): Treaty(
                local(iri) or iri, names[iri], row["short"] or "", partial(row["adopted"]), partial(row["force"])
            )
            for iri, row in treaties.items()
        },
        participants={one.id: one for one in sorted(found, key=lambda one: (one.name.text.casefold(), one.id))},
        periods={key: tuple(sorted(found, key=_by_start)) for key, found in periods.items()},
        signatures={key: tuple(found) for key, found in signatures.items()},
        members=_members(store),
        regions={str(row["notation"]): str(row["name"]) for row in store.select(_REGIONS % _language(lang)).values()},
    )


def _participant(local: str, row: dict[str, str | None], name: labels.Label) -> Participant:
    kind: Kind = "territory" if is_true(row["territory"]) else "state" if is_true(row["state"]) else "organisation"
    return Participant(local, kind, name, row["numeric"] or "", row["region"] or "", row["continent"] or "")


def _members(store: Store) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {one: set() for one in ORGANISATIONS}
    block = labels.values(store.ids.entity(one) for one in ORGANISATIONS)
    for row in store.select(_MEMBERS % block).values():
        organisation, who = (store.ids.local(row[name] or "") for name in ("organisation", "who"))
        if organisation and who:
            found[organisation].add(who)
    return {one: frozenset(members) for one, members in found.items()}


def _language(lang: str) -> str:
    if lang not in ("en", "fr"):
        raise ValueError(f"language {lang!r}; languages are en and fr")
    return lang


def _by_start(period: Period) -> tuple[date, str]:
    return period.start_day or date.min, period.evidence


def _first(rows: Iterable[dict[str, str | None]], key: str) -> dict[str, dict[str, str | None]]:
    """The first row of each node: a node with two values of something keeps the first in order."""
    found: dict[str, dict[str, str | None]] = {}
    for row in _with(rows, key):
        found.setdefault(row[key] or "", row)
    return found


def _with(rows: Iterable[dict[str, str | None]], key: str) -> Iterator[dict[str, str | None]]:
    return (row for row in rows if row[key])


def partial(text: str | None) -> PartialDate | None:
    """A stated date, as it is stated; None for none."""
    return PartialDate.parse(text) if text else None


def day(text: str | None) -> date | None:
    """A comparable day; None for none."""
    return date.fromisoformat(text) if text else None
