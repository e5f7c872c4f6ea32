"""A reading beside the fact tables: what to propose. The rules, in their order for every row that a page states:

1. A doubtful match is a question.
2. An earlier reading of the same page states the row: equal values propose nothing, a less precise date neither; other
   values are a `change` (an `end` where only the column of an end is filled).
3. Only other sources state it: a row of this source too (`add`), unless the connector finds that it brings nothing.
4. Nobody states it: `add`; the denunciation of a treaty is an `end`.

Then, what an earlier reading of the page states and this one, being complete, does not: `withdraw`. Where the missing
row may be one whose name was not recognised, nothing is withdrawn: the question comes first. When much is missing at
once, the page has changed and not the world: that is a :class:`LayoutError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from graph.build.refresh.errors import LayoutError
from graph.build.refresh.proposal import Proposal, filled, key_of, propose, row_key
from graph.build.refresh.reading import Reading, Stated
from graph.build.schema import FAMILIES, Kind
from graph.build.tables import Row, Tables

#: More rows than this, and more than this share of the page's rows, cannot vanish from one reading to the next.
MOST_VANISHED: Final = 5
SHARE_VANISHED: Final = 0.2

#: Families whose rows say by themselves when something ended, and in which column.
_ENDS: Final = {"actors": "ended", "relations": "end", "projects": "end"}
_ENDING_ACTIONS: Final = frozenset({"denunciation", "withdrawal"})


def proposals(connector: str, readings: Iterable[Reading], tables: Tables) -> list[Proposal]:
    """What the readings propose, each new source with the first row that needs it."""
    found: dict[str, Proposal] = {}
    known = {row["id"] for row in tables["sources"]}
    for reading in readings:
        made = list(_Comparison(connector, reading, tables).all())
        source = reading.source["id"]
        if made and source not in known:
            known.add(source)
            made.append(_source(connector, reading))
        found.update({one.id: one for one in made})
    return list(found.values())


def _source(connector: str, reading: Reading) -> Proposal:
    source = reading.source
    reason = f"read on {source['read']}; it comes with the first accepted row that names it"
    key = key_of(FAMILIES["sources"], source)
    return propose(
        connector, "add", "sources", key, f"sources-{connector}.csv", {}, filled(source), source["id"], reason
    )


class _Comparison:
    """One reading against the tables."""

    def __init__(self, connector: str, reading: Reading, tables: Tables) -> None:
        self._connector, self._reading, self._tables = connector, reading, tables
        self._source = reading.source["id"]
        sources = {row["id"]: row for row in tables["sources"]}
        self._ages = {one: (row["published"], row["read"], one) for one, row in sources.items()}
        self._series = {
            one
            for one, row in sources.items()
            if one == self._source or (reading.earlier(row) and not _newer(row.values, reading.source))
        }
        self._rows: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
        for family in {stated.family for stated in reading.stated}:
            for row in tables[family]:
                self._rows.setdefault((family, self._key(family, row.values)), []).append(row)

    def all(self) -> Iterator[Proposal]:
        """Every proposal of the reading but its source."""
        first: dict[tuple[str, tuple[str, ...]], Stated] = {}
        for stated in self._reading.stated:
            key = stated.family, self._key(stated.family, stated.values)
            if stated.doubtful or first.setdefault(key, stated) is stated:
                yield from self._one(stated)
            elif stated.values != first[key].values:
                yield self._new("question", stated, _said("the page states this row twice, and otherwise", stated))
        yield from self._vanished()

    @staticmethod
    def _key(family: str, values: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(values.get(name, "") for name in FAMILIES[family].key)

    def _one(self, stated: Stated) -> Iterator[Proposal]:
        if stated.doubtful:
            yield self._new("question", stated, "which is meant? " + stated.explained())
            return
        rows = self._rows.get((stated.family, self._key(stated.family, stated.values)), [])
        own = sorted((row for row in rows if row["source"] in self._series), key=lambda row: self._ages[row["source"]])
        if own:
            yield from self._again(stated, own[-1])
        elif not rows:
            ending = stated.family == "treaty-actions" and stated.values["action"] in _ENDING_ACTIONS
            yield self._new("end" if ending else "add", stated, _said("no row states it", stated))
        elif self._reading.brings(stated, rows):
            names = ", ".join(sorted({row["source"] for row in rows}))
            yield self._new("add", stated, _said(f"so far only others state it: {names}", stated))

    def _again(self, stated: Stated, row: Row) -> Iterator[Proposal]:
        """An earlier reading of the page states the row: propose what differs now."""
        differing = {
            name: value
            for name, value in stated.values.items()
            if value and not _agrees(stated.family, name, row[name], value)
        } | {name: "" for name in sorted(stated.nothing) if row[name]}
        if not differing:
            return
        operation = (
            "end" if list(differing) == [_ENDS.get(stated.family)] and not row[next(iter(differing))] else "change"
        )
        told = ", ".join(
            f"{name} was {row[name] or 'empty'}, is {value or 'empty'}" for name, value in differing.items()
        )
        if row["source"] != self._source:
            differing["source"] = self._source
        before = {name: row[name] for name in differing}
        yield propose(
            self._connector, operation, stated.family, row_key(row), row.file, before, differing, self._source,
            _said(f"the page now states otherwise: {told}", stated), stated.score,
        )  # fmt: skip

    def _new(self, operation: str, stated: Stated, reason: str) -> Proposal:
        values = filled({**stated.values, "source": self._source})
        key = key_of(FAMILIES[stated.family], values)
        file = self._file(stated.family)
        return propose(
            self._connector, operation, stated.family, key, file, {}, values, self._source, reason, stated.score
        )

    def _file(self, family: str) -> str:
        """The table in which earlier readings of the page stand, else the connector's own."""
        files = [row.file for row in self._tables[family] if row["source"] in self._series]
        return max(sorted(set(files)), key=files.count) if files else f"{family}-{self._connector}.csv"

    def _vanished(self) -> Iterator[Proposal]:
        stated = {(one.family, self._key(one.family, one.values)) for one in self._reading.stated}
        unsure = {
            candidate
            for one in self._reading.stated
            for column in one.doubtful
            for candidate, _ in one.matches[column].candidates
        }
        covered = [
            row
            for rows in self._rows.values()
            for row in rows
            if row["source"] in self._series and self._reading.covers(row)
        ]
        gone = [row for row in covered if (row.family, self._key(row.family, row.values)) not in stated]
        if len(gone) > MOST_VANISHED and len(gone) > SHARE_VANISHED * len(covered):
            shown = "; ".join(row_key(row) for row in gone[:3])
            raise LayoutError(
                self._source,
                f"most of the {len(covered)} rows that earlier readings of the page state",
                f"{len(gone)} of them missing ({shown} …): a part of the page was not read",
            )
        for row in gone:
            if not unsure & set(row.values.values()):
                reason = f"the page as read on {self._reading.source['read']} no longer states it"
                yield propose(
                    self._connector, "withdraw", row.family, row_key(row), row.file, filled(row.values), {},
                    self._source, reason,
                )  # fmt: skip


def _newer(row: Mapping[str, str], source: Mapping[str, str]) -> bool:
    """Whether a source is of a later day than a reading: an old copy of a page says nothing against it."""
    return (row["published"] or row["read"]) > (source["published"] or source["read"])


def _said(first: str, stated: Stated) -> str:
    explained = stated.explained()
    return f"{first}; {explained}" if explained else first


def _agrees(family: str, column: str, old: str, new: str) -> bool:
    """Whether a new value says nothing against the old one: the same, a year beside a day within it, the same set."""
    if old == new:
        return True
    kind = FAMILIES[family].column(column)
    if kind.kind is Kind.DATE and old:
        return old.startswith(f"{new}-")
    return kind.many and bool(old) and set(new.split(";")) == set(old.split(";"))
