"""The proposal: one line of `changes.csv`, one decision of a curator.

The file is CSV (RFC 4180), UTF-8, lines end in LF, sorted by (connector, operation in the order of
:data:`OPERATIONS`, family, key, id), so that the same reading of the same tables gives the same bytes. Columns:

    id         12 hexadecimal digits that follow from the proposal as it was first made; it keeps them when edited
    connector  who proposes: untc, coe …
    operation  add | change | end | withdraw | question
    family     family of the fact table
    key        key of the row: the values of the family's key columns and of `source` (unless ids are unique over all
               files), in this order, separated by spaces, `-` for an empty one
    file       name of the table in which the row stands or will stand
    before     JSON object: change, end: the concerned columns as they stand; withdraw: the whole row; else empty
    after      JSON object: add: the whole row without its empty cells; change, end: the concerned columns as they
               would be; question: as for add or change, the doubtful cells left out; withdraw: empty
    source     id of the source that bears the proposal out (for a withdrawal: the reading that no longer states it)
    reason     in words, with the explanation of every match of a name to an id
    score      0-100: how surely the entities were matched; 100 for identity by code; empty where nothing was matched
    decision   empty | accept | reject: the curator's

What the operations mean:

    add        a fact that no row states; also a new row of the table sources
    change     the same page now states another value; the row then names the new reading
    end        what held ended on a stated date: fills `end` or `ended`, or adds the denunciation of a treaty
               (then `before` is empty and `after` is the whole row)
    withdraw   the page no longer states it, and a complete reading says so: the row goes to set-aside.csv
    question   a doubtful match, or something that no rule decides. To answer it, put the missing cells into `after`
               and accept; an accepted question is applied as a change where `before` is filled, else as an addition
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Final

from graph.build.refresh.errors import ProposalError
from graph.build.schema import FAMILIES, Family
from graph.build.tables import Row

OPERATIONS: Final = ("add", "change", "end", "withdraw", "question")
DECISIONS: Final = ("", "accept", "reject")

_ID: Final = re.compile(r"[0-9a-f]{12}")
_QUOTED: Final = re.compile(r"“[^”]+”")
_FILE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.csv")


@dataclass(frozen=True)
class Proposal:
    """One change of the fact tables that a curator may accept, reject or edit. See the module's own text."""

    id: str
    connector: str
    operation: str
    family: str
    key: str
    file: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    source: str
    reason: str
    score: int | None = None
    decision: str = ""

    @property
    def accepted(self) -> bool:
        """Whether a curator said yes."""
        return self.decision == "accept"

    @property
    def about(self) -> str:
        """The name that a question is about, in the quotation marks of its reason; empty for everything else."""
        found = _QUOTED.search(self.reason) if self.operation == "question" else None
        return found.group() if found else ""

    def decided(self, decision: str, after: Mapping[str, str] | None = None) -> Proposal:
        """The same proposal with a decision and, where the curator edited it, other values; its id stays.

        Raises :class:`ProposalError` for an unknown decision or column.
        """
        other = replace(self, decision=decision, after=self.after if after is None else dict(after))
        _check(other, f"proposal {self.id}")
        return other


COLUMNS: Final = tuple(field.name for field in fields(Proposal))


def propose(
    connector: str,
    operation: str,
    family: str,
    key: str,
    file: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
    source: str,
    reason: str,
    score: int | None = None,
) -> Proposal:
    """A new proposal; its id is a hash of what it says, its reason and score left out."""
    said = [connector, operation, family, key, file, _json(before, family), _json(after, family), source]
    digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:12]
    made = Proposal(digest, connector, operation, family, key, file, before, after, source, reason, score)
    _check(made, f"proposal {digest}")
    return made


def key_of(family: Family, values: Mapping[str, str]) -> str:
    """The key of a row, as the column `key` gives it."""
    return " ".join(values.get(name, "") or "-" for name in key_columns(family))


def key_columns(family: Family) -> tuple[str, ...]:
    """The columns whose values make a row unique over all files of its family."""
    return family.key + (("source",) if family.across == "source" else ())


def row_key(row: Row) -> str:
    """The key of a row of the tables."""
    return key_of(FAMILIES[row.family], row.values)


def filled(values: Mapping[str, str]) -> dict[str, str]:
    """A row without its empty cells."""
    return {name: value for name, value in values.items() if value}


def ordered(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Proposals in the order of the file."""
    return sorted(
        proposals, key=lambda one: (one.connector, OPERATIONS.index(one.operation), one.family, one.key, one.id)
    )


def dumps(proposals: Iterable[Proposal]) -> bytes:
    """The bytes of a file of proposals. Raises :class:`ProposalError` where two share an id."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    seen: set[str] = set()
    for one in ordered(proposals):
        if one.id in seen:
            raise ProposalError(f"two proposals have the id {one.id}: {one.operation} {one.family} {one.key}")
        seen.add(one.id)
        cells = dict(zip(COLUMNS, astuple(one), strict=True))
        cells["before"], cells["after"] = _json(one.before, one.family), _json(one.after, one.family)
        cells["score"] = "" if one.score is None else str(one.score)
        writer.writerow([cells[name] for name in COLUMNS])
    return out.getvalue().encode("utf-8")


def loads(data: bytes, name: str) -> list[Proposal]:
    """The proposals of a file; `name` is what errors call it. Raises :class:`ProposalError` with line and column."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProposalError(f"{name}: not UTF-8 at byte {error.start}") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: dict[str, Proposal] = {}
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise ProposalError(f"{name}:1: the columns are {', '.join(COLUMNS)}; found {', '.join(header) or 'none'}")
        for cells in reader:
            where = f"{name}:{reader.line_num}"
            if len(cells) != len(COLUMNS):
                raise ProposalError(f"{where}: {len(cells)} cells, the header has {len(COLUMNS)}")
            one = _from(dict(zip(COLUMNS, cells, strict=True)), where)
            if one.id in found:
                raise ProposalError(f"{where}: the id {one.id} stands twice")
            found[one.id] = one
    except csv.Error as error:
        raise ProposalError(f"{name}:{reader.line_num}: no CSV: {error}") from None
    return list(found.values())


def read(path: Path) -> list[Proposal]:
    """The proposals of a file. Raises :class:`ProposalError`."""
    try:
        return loads(path.read_bytes(), path.name)
    except FileNotFoundError:
        raise ProposalError(f"{path}: there is no such file of proposals") from None


def _from(cells: dict[str, str], where: str) -> Proposal:
    score = cells["score"]
    if score and not (score.isascii() and score.isdigit() and int(score) <= 100):
        raise ProposalError(f"{where} [score]: {score!r} is no whole number from 0 to 100")
    before, after = (_mapping(cells[name], f"{where} [{name}]") for name in ("before", "after"))
    one = Proposal(
        **{name: cells[name] for name in COLUMNS if name not in ("before", "after", "score")},
        before=before,
        after=after,
        score=int(score) if score else None,
    )
    _check(one, where)
    return one


def _mapping(text: str, where: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProposalError(f"{where}: no JSON: {error}") from None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ProposalError(f"{where}: a JSON object of texts is needed")
    return value


def _json(values: Mapping[str, str], family: str) -> str:
    """The object with the family's columns in their order; empty for no columns at all."""
    columns = FAMILIES[family].columns
    inside = {column.name: values[column.name] for column in columns if column.name in values}
    return json.dumps(inside, ensure_ascii=False) if inside else ""


def _check(one: Proposal, where: str) -> None:
    """Everything that can be said of a proposal without the tables."""
    if not _ID.fullmatch(one.id):
        raise ProposalError(f"{where} [id]: {one.id!r} is not 12 hexadecimal digits")
    for column, value, allowed in (
        ("operation", one.operation, OPERATIONS),
        ("family", one.family, tuple(FAMILIES)),
        ("decision", one.decision, DECISIONS),
    ):
        if value not in allowed:
            raise ProposalError(f"{where} [{column}]: {value!r}; allowed is one of {', '.join(map(repr, allowed))}")
    family = FAMILIES[one.family]
    names = [column.name for column in family.columns]
    for column, values in (("before", one.before), ("after", one.after)):
        if unknown := sorted(set(values) - set(names)):
            raise ProposalError(f"{where} [{column}]: {one.family} has no column {', '.join(unknown)}")
    if not _FILE.fullmatch(one.file) or not one.file.startswith(f"{one.family}-"):
        raise ProposalError(f"{where} [file]: {one.file!r} is no name of a table of {one.family} ({one.family}-*.csv)")
    if len(one.key.split(" ")) != len(key_columns(family)):
        raise ProposalError(f"{where} [key]: {one.key!r}; the key is {' '.join(key_columns(family))}")
    if not one.source or not one.reason or not one.connector:
        raise ProposalError(f"{where}: connector, source and reason are required")
    if shape := _shape(one):
        raise ProposalError(f"{where}: {shape}")


def _shape(one: Proposal) -> str:
    """What is wrong with the presence of before and after, or the empty string."""
    before, after = set(one.before), set(one.after)
    match one.operation:
        case "add":
            return "" if after and not before else "an addition has an empty before and a filled after"
        case "change":
            return "" if before and before == after else "a change has the same columns before and after"
        case "end":
            fits = bool(after) and before in (set(), after)
            return "" if fits else "an end has the same columns before and after, or no before and a whole row after"
        case "withdraw":
            return "" if before and not after else "a withdrawal has a filled before and an empty after"
        case _:
            return ""
