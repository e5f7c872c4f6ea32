"""The tables counted again, by plain Python and from the CSV files alone: what the pages say is held against this."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Final

FACTS: Final = Path(__file__).resolve().parents[2] / "graph" / "facts"
CONSENT: Final = {
    "ratification", "acceptance", "approval", "accession", "succession", "participation", "definitive-signature",
    "formal-confirmation",
}  # fmt: skip
LEAVING: Final = {"denunciation", "withdrawal"}
FORCE: Final = "entry-into-force"


def rows(family: str) -> list[dict[str, str]]:
    """Every row of every table of a family."""
    found = []
    for path in sorted(FACTS.glob(f"{family}-*.csv")):
        with path.open(encoding="utf-8") as file:
            found += list(csv.DictReader(file))
    return found


def first(text: str) -> date:
    """The first day that a stated date covers."""
    parts = [int(part) for part in text.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def last(text: str) -> date:
    """The last day that a stated date covers."""
    parts = [int(part) for part in text.split("-")]
    month = parts[1] if len(parts) > 1 else 12
    return date(parts[0], month, parts[2] if len(parts) > 2 else monthrange(parts[0], month)[1])


def bound(treaty: str, on: date) -> tuple[set[str], set[str]]:
    """Who was bound by a treaty on a day for certain, and who perhaps: sources disagree on a day, or none gives one.

    A participant that ever left is counted by the days of its acts alone.
    """
    published = {row["id"]: row["published"] for row in rows("sources")}
    acts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows("treaty-actions"):
        if row["treaty"] == treaty:
            acts[row["participant"]].append(row)
    certain, perhaps = set(), set()
    for who, found in acts.items():
        consent = [row for row in found if row["action"] in CONSENT]
        force = [row for row in found if row["action"] == FORCE]
        gone = [row["date"] for row in found if row["action"] in LEAVING]
        if not consent and not force:
            continue
        if gone:
            assert all(gone), f"{who} left {treaty} on no known day"
            left = max(last(text) for text in gone)
            if left <= on and not any(
                row["date"] and first(row["date"]) >= left and first(row["date"]) <= on for row in consent
            ):
                continue
        by_act: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in consent:
            if row["date"]:
                by_act[row["action"], row["number"]].append(row["date"])
        if by_act:
            # of one act's stated dates, one is preferred: without knowing which, either all lie on one side or not
            sides = [{first(text) <= on for text in dates} for dates in by_act.values()]
            if any(side == {True} for side in sides):
                certain.add(who)
            elif any(True in side for side in sides):
                perhaps.add(who)
            continue
        proofs = [first(row["date"]) for row in force if row["date"]]
        proofs += [
            last(published[row["source"]]) for row in (*consent, *force) if not row["date"] and published[row["source"]]
        ]
        (certain if any(day <= on for day in proofs) else perhaps).add(who)
    return certain, perhaps


def signatories(treaty: str) -> set[str]:
    """Everybody of whom a signature is known."""
    kinds = {"signature", "succession-to-signature"}
    return {row["participant"] for row in rows("treaty-actions") if row["treaty"] == treaty and row["action"] in kinds}
