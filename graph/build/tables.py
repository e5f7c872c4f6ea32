"""The strict reader: fact tables in, checked rows out, or every finding of the run at once.

A row is only what its source printed. Nothing is defaulted, guessed or repaired here.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph.build.cells import problem
from graph.build.findings import BuildError, Finding
from graph.build.schema import BESIDE, FAMILIES, LINK_CHECKS, SET_ASIDE, Family, Kind
from graph.ids import Redirect


@dataclass(frozen=True)
class Row:
    """One checked row. `values` has every column of its family as text, empty where unknown."""

    family: str
    file: str
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def many(self, column: str) -> list[str]:
        """The values of a cell that may hold several, in their order."""
        return _split(self.values[column])


@dataclass(frozen=True)
class Tables:
    """All fact tables: rows by family in file and line order, what was set aside when they were gathered, and what the
    addresses of sources last answered."""

    rows: dict[str, list[Row]]
    set_aside: list[Row] = field(default_factory=list)
    link_checks: list[Row] = field(default_factory=list)

    def __getitem__(self, family: str) -> list[Row]:
        return self.rows[family]


def read(directory: Path, notations: dict[str, frozenset[str]], redirects: dict[str, Redirect]) -> Tables:
    """Read `{family}-{origin}.csv` of every family below `directory`.

    Raises :class:`BuildError` with all findings: unknown file or column, missing value, bad date or id, unknown
    reference, duplicate key, value outside a closed list, an id that was given up.
    """
    findings: list[Finding] = []
    rows: dict[str, list[Row]] = {name: [] for name in FAMILIES}
    beside: dict[str, list[Row]] = {name: [] for name in BESIDE}
    for path in sorted(directory.glob("*.csv")):
        family = _family_of(path)
        if family is None:
            known = ", ".join(f"{name}-*.csv" for name in FAMILIES)
            findings.append(Finding(path.name, 0, "", f"belongs to no family; known: {known}, {', '.join(BESIDE)}"))
        else:
            kept = beside[path.name] if path.name in BESIDE else rows[family.name]
            kept.extend(_read_file(path, family, notations, findings))
    for name, family in FAMILIES.items():
        if not rows[name]:
            findings.append(Finding(f"{name}-*.csv", 0, "", f"no table of the family {name} in {directory}"))
        findings.extend(_duplicates(family, rows[name]))
    checks = beside[f"{LINK_CHECKS.name}.csv"]
    findings.extend(_duplicates(LINK_CHECKS, checks))
    known_sources = {row["id"] for row in rows["sources"]}
    findings.extend(
        Finding(row.file, row.line, "source", f"{row['source']!r} is no source; `palermo links` drops such rows")
        for row in checks
        if row["source"] not in known_sources
    )
    findings.extend(_references(rows, redirects))
    if findings:
        raise BuildError("the fact tables", [str(one) for one in sorted(findings)])
    return Tables(rows, beside[f"{SET_ASIDE.name}.csv"], checks)


def _family_of(path: Path) -> Family | None:
    if path.name in BESIDE:
        return BESIDE[path.name]
    fits = [family for name, family in FAMILIES.items() if path.name.startswith(f"{name}-")]
    return max(fits, key=lambda family: len(family.name)) if fits else None


def _read_file(
    path: Path, family: Family, notations: dict[str, frozenset[str]], findings: list[Finding]
) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        findings.append(Finding(path.name, line, "", f"not UTF-8 at byte {error.start}"))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    wanted = [column.name for column in family.columns]
    try:
        header = next(reader, [])
        if header != wanted:
            findings.extend(_header(path.name, header, wanted))
            return
        previous = reader.line_num
        for cells in reader:
            line, previous = previous + 1, reader.line_num
            if len(cells) != len(wanted):
                findings.append(Finding(path.name, line, "", f"{len(cells)} cells, the header has {len(wanted)}"))
                continue
            row = Row(family.name, path.name, line, dict(zip(wanted, cells, strict=True)))
            findings.extend(_cells(row, family, notations))
            yield row
    except csv.Error as error:
        findings.append(Finding(path.name, reader.line_num, "", f"no CSV: {error}"))


def _header(file: str, header: list[str], wanted: list[str]) -> Iterator[Finding]:
    allowed = ", ".join(wanted)
    for name in header:
        if name not in wanted:
            yield Finding(file, 1, name, f"unknown column; the columns are {allowed}")
    for name in wanted:
        if name not in header:
            yield Finding(file, 1, name, "this column is missing")
    if sorted(header) == sorted(wanted):
        yield Finding(file, 1, "", f"the columns stand in another order than {allowed}")
    for name in {name for name in header if header.count(name) > 1}:
        yield Finding(file, 1, name, "this column stands twice")


def _cells(row: Row, family: Family, notations: dict[str, frozenset[str]]) -> Iterator[Finding]:
    for column in family.columns:
        cell = row[column.name]
        if not cell:
            if column.required:
                yield Finding(row.file, row.line, column.name, "a value is required")
            continue
        values = _split(cell) if column.many else [cell]
        if not values:
            yield Finding(row.file, row.line, column.name, f"{cell!r} holds no value")
        for value in values:
            if message := problem(column, value, notations):
                yield Finding(row.file, row.line, column.name, message)
        for value in {value for value in values if values.count(value) > 1}:
            yield Finding(row.file, row.line, column.name, f"{value!r} stands twice in one cell")


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _duplicates(family: Family, rows: list[Row]) -> Iterator[Finding]:
    columns = family.key + (("source",) if family.across == "source" else ())
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in columns)
        if key in first:
            place = f"{first[key].file}:{first[key].line}"
            yield Finding(row.file, row.line, ", ".join(columns), f"{' · '.join(key)} stands already at {place}")
        else:
            first[key] = row
    types: dict[str, Row] = {}
    for row in rows if family.name in ("actors", "instruments") else []:
        other = types.setdefault(row["id"], row)
        if other["type"] != row["type"]:
            message = f"{row['id']} is a {row['type']} here and a {other['type']} at {other.file}:{other.line}"
            yield Finding(row.file, row.line, "type", message)


def _references(rows: dict[str, list[Row]], redirects: dict[str, Redirect]) -> Iterator[Finding]:
    ids = {name: {row["id"] for row in rows[name]} for name in FAMILIES if _has_ids(name)}
    owners: dict[str, set[str]] = defaultdict(set)
    for name, members in ids.items():
        for member in members:
            owners[member].add(name)
    for name, family in FAMILIES.items():
        for row in rows[name]:
            for column in family.columns:
                if column.kind is Kind.ID:
                    yield from _own_id(row, owners, redirects)
                elif column.kind in (Kind.REF, Kind.SOURCE):
                    targets = ("sources",) if column.kind is Kind.SOURCE else column.to
                    values = row.many(column.name) if column.many else [row[column.name]]
                    for value in filter(None, values):
                        if not any(value in ids[target] for target in targets):
                            yield Finding(row.file, row.line, column.name, _unknown(value, targets, owners, redirects))


def _has_ids(family: str) -> bool:
    """Whether a family's rows are things of their own; a row of names is only about one."""
    return any(column.kind is Kind.ID for column in FAMILIES[family].columns)


#: Families whose ids name nodes of one graph and so may not clash; a state may also be described by an actor's row.
_SHARED = frozenset({"actors", "instruments", "projects", "court-cases"})


def _own_id(row: Row, owners: dict[str, set[str]], redirects: dict[str, Redirect]) -> Iterator[Finding]:
    given_up = f"source/{row['id']}" if row.family == "sources" else row["id"]
    if given_up in redirects:
        yield Finding(row.file, row.line, "id", f"{row['id']!r} was given up (redirects.csv) and is never used again")
    clash = owners[row["id"]] & _SHARED - {row.family}
    if row.family in _SHARED and clash:
        yield Finding(row.file, row.line, "id", f"{row['id']!r} also names one of {', '.join(sorted(clash))}")
    if row.family == "actors" and "states" in owners[row["id"]] and row["type"] not in ("State", "Territory"):
        yield Finding(row.file, row.line, "type", f"{row['id']!r} is a state of the table states, not a {row['type']}")


def _unknown(value: str, targets: tuple[str, ...], owners: dict[str, set[str]], redirects: dict[str, Redirect]) -> str:
    if value in redirects:
        return f"{value!r} was given up; the id is now {redirects[value].new or 'withdrawn'!r}"
    if value in owners:
        return f"{value!r} is one of {', '.join(sorted(owners[value]))}; needed is one of {', '.join(targets)}"
    return f"{value!r} is unknown; needed is the id of one of {', '.join(targets)}"
