"""A small file of proposals over the tiny tables: one of each operation."""

from __future__ import annotations

from pathlib import Path

from graph.build.refresh.proposal import Proposal, dumps, propose

FILE = "relations-tiny.csv"
SOURCE = "ccem-histoire"
ROW = {"subject": "fra", "relation": "cooperatesWith", "object": "greta", "start": "2009", "source": SOURCE}
ADD = propose(
    "coe", "add", "relations", f"fra cooperatesWith greta - {SOURCE}", FILE, {}, ROW, SOURCE, "no row states it", 100
)
CHANGE = propose(
    "coe", "change", "relations", "blr participatesIn blue-heart-campaign - src-unodc-blueheart-2019", FILE,
    {"start": "2019-05-20"}, {"start": "2019-05-21"}, "src-unodc-blueheart-2019", "the page gives another day",
)  # fmt: skip
QUESTION = propose(
    "coe", "question", "relations", f"fra supports unvtf - {SOURCE}", FILE, {},
    {"subject": "fra", "relation": "supports", "source": SOURCE}, SOURCE, "Which fund is meant?", 61,
)  # fmt: skip
ALL = [ADD, CHANGE, QUESTION]


def many(count: int) -> list[Proposal]:
    """Additions that differ in a note alone."""
    return [
        propose(
            "coe", "add", "relations", f"fra cooperatesWith greta {number} {SOURCE}", FILE, {},
            {**ROW, "number": str(number)}, SOURCE, "no row states it",
        )
        for number in range(2, count + 2)
    ]  # fmt: skip


def write(path: Path, proposals: list[Proposal]) -> Path:
    """Write the file and give its path back."""
    path.write_bytes(dumps(proposals))
    return path
