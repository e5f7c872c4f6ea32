"""What status tables of every depositary have in common: a participant, and days under headings that name acts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.build.refresh import dates
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.matching import Match, Names
from graph.build.refresh.reading import Stated

#: Acts by the names that headings give them, lower case.
ACTS: Final[dict[str, str]] = {
    "signature": "signature",
    "ratification": "ratification",
    "acceptance": "acceptance",
    "approval": "approval",
    "accession": "accession",
    "succession": "succession",
    "formal confirmation": "formal-confirmation",
    "definitive signature": "definitive-signature",
    "participation": "participation",
    "succession to signature": "succession-to-signature",
    "denunciation": "denunciation",
    "withdrawal": "withdrawal",
    "entry into force": "entry-into-force",
}
#: Acts by which a participant does not become bound.
UNBOUND: Final = frozenset({"signature", "succession-to-signature", "entry-into-force", "denunciation", "withdrawal"})

_PART: Final = re.compile(r"([A-Za-z ]+?) ?(?:\(([A-Za-z]{1,2})\))?")
_CELL: Final = re.compile(r"(\[?) ?([^\]]*?\d{4})(?: ([A-Za-z]{1,2}))? ?(\]?)(?: ([A-Za-z]{1,2}))?")


@dataclass(frozen=True)
class Heading:
    """A column of a status table: which act a day stands for, by the mark that follows it ("" where none does)."""

    label: str
    acts: Mapping[str, str]

    @classmethod
    def parse(cls, label: str, where: str) -> Heading:
        """`Acceptance(A), Ratification, Accession(a)` as marks and acts. Raises :class:`LayoutError`."""
        acts: dict[str, str] = {}
        for part in label.split(","):
            found = _PART.fullmatch(part.strip())
            act = ACTS.get(found.group(1).strip().casefold(), "") if found else ""
            if not found or not act or (found.group(2) or "") in acts:
                raise LayoutError(where, f"a heading of {', '.join(ACTS)}, each with its mark", repr(label))
            acts[found.group(2) or ""] = act
        return cls(label, acts)

    def read(self, cell: str, where: str) -> tuple[str, str, bool]:
        """Act, day and whether it stands in brackets, of a cell like `14 May 2002 a` that is not empty."""
        found = _CELL.fullmatch(cell)
        if not found:
            raise LayoutError(where, "a day and perhaps a mark, like 14 May 2002 a", repr(cell))
        mark = found.group(3) or found.group(5) or ""
        if mark not in self.acts:
            allowed = ", ".join(f"{mark or 'no mark'} ({act})" for mark, act in self.acts.items())
            raise LayoutError(where, f"under “{self.label}” one of {allowed}", repr(cell))
        return self.acts[mark], dates.day(found.group(2).strip(), where), bool(found.group(1) or found.group(4))


def status_rows(treaty: str, rows: list[list[str]], names: Names, where: str) -> list[Stated]:
    """The acts of a status table: its header row first, the participant in the first column.

    A day in brackets (a predecessor's act, or one taken back) is a question. Raises :class:`LayoutError` for a name
    that stands twice, a row without any day, and whatever :class:`Heading` does not know.
    """
    headings = [Heading.parse(label, where) for label in rows[0][1:]]
    found: list[Stated] = []
    seen: set[str] = set()
    for cells in rows[1:]:
        name = re.sub(r"(?:[ ,]*\d{1,3})+[ ,]*$", "", cells[0]).strip()
        place = f"{where}, {name or 'a row without a name'}"
        if not name or name in seen or not any(cells[1:]):
            raise LayoutError(place, "each participant once, with a day", " | ".join(cells))
        seen.add(name)
        match = names.find(name)
        for heading, cell in zip(headings, cells[1:], strict=True):
            if cell:
                act, day, bracketed = heading.read(cell, place)
                found.append(act_of(treaty, _asked(match) if bracketed else match, act, day))
    return found


def _asked(match: Match) -> Match:
    near = ((match.id, match.score - 1),) if match.id else match.candidates
    return Match(match.text, "", 0, "its day stands in brackets: an act taken back, or a predecessor's", near)


def act_of(treaty: str, participant: Match, act: str, day: str, note: str = "") -> Stated:
    """One act; without its participant where that is not sure."""
    values = {"treaty": treaty, "action": act, "date": day}
    if participant.sure:
        values["participant"] = participant.id
    return Stated("treaty-actions", values, {"participant": participant}, note)
