"""Accepted proposals into the fact tables, whole or not at all.

    lock -> read strictly -> change in memory -> read the result strictly -> write beside -> commit -> rename into place

Everything is checked before anything is replaced. The changed files are written and synced in `.apply.part`; renaming
that directory to `.apply` is the moment at which the change is made: whoever takes the lock next finishes what a killed
run left (`.apply`), or throws away what it had not finished (`.apply.part`). So a kill loses nothing and leaves no
table half changed.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.build import keeping, vocabulary
from graph.build.findings import BuildError
from graph.build.refresh.errors import ProposalError
from graph.build.refresh.proposal import OPERATIONS, Proposal, filled, key_of, row_key
from graph.build.schema import FAMILIES, SET_ASIDE, Family
from graph.build.tables import Row, Tables, read
from graph.ids import Ids, redirects

_READY: Final = ".apply"
_PART: Final = ".apply.part"
_REDIRECTS: Final = "redirects.csv"


@dataclass
class Applied:
    """What was done: accepted proposals by operation, files that changed, identifiers that nobody states any more."""

    operations: dict[str, int]
    files: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)


def apply(proposals: Sequence[Proposal], facts: Path) -> Applied:
    """Put the accepted proposals into the tables below `facts`; the others stay where they are.

    Raises :class:`ProposalError` when a proposal does not fit the tables as they stand, and
    :class:`graph.build.findings.BuildError` when the tables would not be valid: then nothing has changed.
    """
    accepted = [one for one in proposals if one.accepted]
    with only_one(facts):
        notations = vocabulary.load().notations
        tables = read(facts, notations, redirects())
        edit = _Edit(tables, facts)
        for one in [*_sources(accepted, proposals, tables), *(one for one in accepted if one.family != "sources")]:
            edit.make(one)
        changed = edit.contents()
        _validate(changed, facts, notations)
        _place(changed, facts)
    counts = {name: sum(one.operation == name for one in accepted) for name in OPERATIONS}
    return Applied({name: count for name, count in counts.items() if count}, sorted(changed), edit.given_up)


@contextmanager
def only_one(facts: Path) -> Iterator[None]:
    """Hold the tables' one lock (:mod:`graph.build.keeping`); what a killed run left is finished or thrown away first.

    Whoever holds the lock already must not call this, nor :func:`apply`: it would wait for itself.
    """
    with keeping.alone(facts):
        shutil.rmtree(facts / _PART, ignore_errors=True)
        if (facts / _READY).exists():
            _finish(facts)
        yield


def _sources(accepted: list[Proposal], proposals: Sequence[Proposal], tables: Tables) -> list[Proposal]:
    """The new sources that accepted rows name: they need no decision of their own, but a rejected one is no source."""
    needed = {one.after["source"] for one in accepted if "source" in one.after}
    needed -= {row["id"] for row in tables["sources"]}
    offered = {one.after["id"]: one for one in proposals if one.family == "sources" and one.operation == "add"}
    for name in sorted(needed):
        if name not in offered:
            raise ProposalError(f"the source {name!r} is neither in the tables nor among the proposals")
        if offered[name].decision == "reject":
            raise ProposalError(f"the source {name!r} was rejected, yet an accepted proposal names it")
    return [offered[name] for name in sorted(needed)]


class _Edit:
    """Tables in memory, file by file."""

    def __init__(self, tables: Tables, facts: Path) -> None:
        self._facts, self._tables = facts, tables
        self._rows: dict[str, list[Row]] = {}
        for rows in [*tables.rows.values(), tables.set_aside]:
            for row in rows:
                self._rows.setdefault(row.file, []).append(row)
        self._keys = {(row.family, row_key(row)) for rows in tables.rows.values() for row in rows}
        self._changed: set[str] = set()
        self._withdrawn: dict[str, tuple[Row, str, str]] = {}

    def make(self, one: Proposal) -> None:
        """Carry out one proposal."""
        match one.operation:
            case "add":
                self._add(one)
            case "change":
                self._change(one)
            case "end" | "question":
                self._change(one) if one.before else self._add(one)
            case _:
                self._withdraw(one)

    def _add(self, one: Proposal) -> None:
        family = FAMILIES[one.family]
        if not one.after:
            raise ProposalError(f"proposal {one.id}: a question is answered by filling in `after`; it is empty")
        values = {column.name: one.after.get(column.name, "") for column in family.columns}
        key = key_of(family, values)
        if (one.family, key) in self._keys:
            raise ProposalError(f"proposal {one.id}: {one.family} {key} stands already")
        self._keys.add((one.family, key))
        self._rows.setdefault(one.file, []).append(Row(one.family, one.file, 0, values))
        self._changed.add(one.file)

    def _change(self, one: Proposal) -> None:
        row = self._find(one)
        for column, before in one.before.items():
            if row[column] != before:
                raise ProposalError(
                    f"proposal {one.id}: {one.family} {one.key} [{column}] is now {row[column]!r}, not {before!r}; "
                    f"propose again"
                )
        changed = Row(row.family, row.file, row.line, {**row.values, **one.after})
        self._rows[row.file].remove(row)
        self._rows[row.file].append(changed)
        self._keys.discard((row.family, one.key))
        self._keys.add((row.family, row_key(changed)))
        self._changed.add(row.file)

    def _withdraw(self, one: Proposal) -> None:
        row = self._find(one)
        if filled(row.values) != dict(one.before):
            raise ProposalError(f"proposal {one.id}: {one.family} {one.key} is no longer as proposed; propose again")
        self._rows[row.file].remove(row)
        self._keys.discard((row.family, one.key))
        origin = row.file.removeprefix(f"{row.family}-").removesuffix(".csv")
        words = {"family": row.family, "origin": origin, "key": one.key.replace(" - ", " "), "reason": one.reason}
        self._rows.setdefault("set-aside.csv", []).append(Row("set-aside", "set-aside.csv", 0, words))
        self._changed |= {row.file, "set-aside.csv"}
        day = next((s["read"] for s in self._of("sources") if s["id"] == one.source), "")
        self._withdrawn[_path(row)] = (row, day, one.reason)

    def _of(self, family: str) -> Iterator[Row]:
        return (row for rows in self._rows.values() for row in rows if row.family == family)

    def _find(self, one: Proposal) -> Row:
        found = [row for row in self._rows.get(one.file, []) if row.family == one.family and row_key(row) == one.key]
        if len(found) != 1:
            raise ProposalError(
                f"proposal {one.id}: {one.family} {one.key} does not stand in {one.file}; propose again"
            )
        return found[0]

    @property
    def given_up(self) -> list[str]:
        """Identifiers of withdrawn statements that no other row states."""
        found = []
        for path, (row, _, _) in sorted(self._withdrawn.items()):
            if all(_key(other) != _key(row) for other in self._of(row.family)):
                found.append(path)
        return found

    def contents(self) -> dict[str, bytes]:
        """The changed files, by path below the tables' directory, rows in the order of their keys."""
        found = {
            name: keeping.dump(self._family(name), [row.values for row in self._rows[name]])
            for name in sorted(self._changed)
        }
        if self.given_up and (self._facts.parent / _REDIRECTS).exists():
            found[f"../{_REDIRECTS}"] = self._redirected((self._facts.parent / _REDIRECTS).read_bytes())
        return found

    def _family(self, file: str) -> Family:
        if file == "set-aside.csv":
            return SET_ASIDE
        return max((f for n, f in FAMILIES.items() if file.startswith(f"{n}-")), key=lambda f: len(f.name))

    def _redirected(self, data: bytes) -> bytes:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
        known = {row[0] for row in rows}
        rows += [[path, "", *self._withdrawn[path][1:]] for path in self.given_up if path not in known]
        return _lines([rows[0], *sorted(rows[1:])])


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in FAMILIES[row.family].key)


def _path(row: Row) -> str:
    """The path below `id/` of the thing that a row is about."""
    ids, number = Ids(), int(row.values.get("number") or 1)
    match row.family:
        case "treaty-actions":
            iri = ids.action(row["treaty"], row["participant"], row["action"], number)
        case "relations":
            iri = ids.relation(row["subject"], row["relation"], row["object"], number)
        case "evaluations":
            iri = ids.evaluation(row["body"], row["country"], row["round"])
        case "statistics":
            iri = ids.observation(row["id"])
        case "claims":
            iri = ids.claim(row["id"])
        case _:
            iri = ids.entity(row["id"])
    return ids.local(iri) or ""


def _lines(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def _validate(changed: Mapping[str, bytes], facts: Path, notations: dict[str, frozenset[str]]) -> None:
    """Read the tables as they would be. Raises :class:`BuildError` with every finding."""
    with tempfile.TemporaryDirectory() as name:
        beside = Path(name)
        for path in facts.glob("*.csv"):
            if path.name not in changed:
                (beside / path.name).symlink_to(path.resolve())
        for file, data in changed.items():
            if not file.startswith("../"):
                (beside / file).write_bytes(data)
        try:
            read(beside, notations, redirects())
        except BuildError as error:
            raise BuildError("nothing was changed; the tables with the accepted proposals", error.lines) from None


def _place(changed: Mapping[str, bytes], facts: Path) -> None:
    """Write beside, commit by renaming the directory, then put every file into its place."""
    if not changed:
        return
    part = facts / _PART
    part.mkdir()
    for name, data in changed.items():
        with (part / name.replace("../", "..")).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    _sync(part)
    part.rename(facts / _READY)
    _sync(facts)
    _finish(facts)


def _finish(facts: Path) -> None:
    """Put the files of a committed change into their places. Doing it twice is doing it once."""
    ready = facts / _READY
    for path in sorted(ready.iterdir()):
        target = facts.parent / path.name.removeprefix("..") if path.name.startswith("..") else facts / path.name
        path.replace(target)
    _sync(facts)
    _sync(facts.parent)
    ready.rmdir()
    _sync(facts)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
