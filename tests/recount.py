"""Counts made from the fact tables alone, by code that shares nothing with the build or the read layer.

Only the csv module reads here. Where the read layer counts nodes of the graph, these functions count keys of rows; the
two must agree.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

FACTS = Path(__file__).resolve().parent.parent / "graph" / "facts"

CONSENT = {
    "ratification", "acceptance", "approval", "accession", "succession", "participation", "definitive-signature",
    "formal-confirmation",
}  # fmt: skip
BINDING = CONSENT | {"entry-into-force"}
LEAVING = {"denunciation", "withdrawal"}


def rows(family: str) -> Iterator[dict[str, str]]:
    """Every row of a family's tables."""
    found = sorted(FACTS.glob(f"{family}-*.csv"))
    assert found, f"no table of the family {family}"
    for path in found:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def ids(*families: str) -> set[str]:
    """The ids of the rows of families."""
    return {row["id"] for family in families for row in rows(family)}


def actions() -> set[tuple[str, str, str, int]]:
    """Distinct treaty actions: treaty, participant, kind, number."""
    return {(r["treaty"], r["participant"], r["action"], int(r["number"] or 1)) for r in rows("treaty-actions")}


def evaluations() -> set[tuple[str, str, str]]:
    """Distinct reports: body, country, round."""
    return {(row["body"], row["country"], row["round"]) for row in rows("evaluations")}


def relations() -> set[tuple[str, str, str, int]]:
    """Distinct ties: the rows of relations, and what other tables say in their columns."""
    found: set[tuple[str, str, str, int]] = set()

    def add(subject: str, relation: str, object_: str, number: int = 1) -> None:
        if relation in ("fundedBy", "monitoredBy"):
            subject, object_, relation = object_, subject, {"fundedBy": "funds", "monitoredBy": "monitors"}[relation]
        if relation in ("cooperatesWith", "signedAgreementWith", "launchedWith"):
            subject, object_ = sorted((subject, object_))
        found.add((subject, relation, object_, number))

    def several(cell: str) -> list[str]:
        return [part.strip() for part in cell.split(";") if part.strip()]

    for row in rows("relations"):
        add(row["subject"], row["relation"], row["object"], int(row["number"] or 1))
    for row in rows("actors"):
        for parent in several(row["part_of"]):
            add(row["id"], "partOf", parent)
        if row["country"] and row["country"] != row["id"]:
            add(row["id"], "basedIn", row["country"])
    for row in rows("instruments"):
        for adopter in several(row["adopted_by"]):
            add(adopter, "adopted", row["id"])
        for column, relation in (("amends_or_supplements", "amendsOrSupplements"), ("implements", "implements")):
            for other in several(row[column]):
                add(row["id"], relation, other)
    for row in rows("projects"):
        for column, relation in (("implementer", "implements"), ("funders", "funds"), ("partners", "participatesIn")):
            for actor in several(row[column]):
                add(actor, relation, row["id"])
        for country in several(row["countries"]):
            add(row["id"], "takesPlaceIn", country)
    for row in rows("court-cases"):
        add(row["court"], "decided", row["id"])
        for state in several(row["respondent"]):
            add(row["id"], "respondent", state)
    return found


def bound() -> set[tuple[str, str]]:
    """Participant and treaty wherever an act says that it was bound at some time."""
    return {(row["participant"], row["treaty"]) for row in rows("treaty-actions") if row["action"] in BINDING}


def certain(treaty: str, day: str) -> tuple[set[str], set[str]]:
    """Participants that bound themselves by a day and had not left by it, and those about which the tables disagree or
    give no full date, which are left out of the comparison."""
    acts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows("treaty-actions"):
        if row["treaty"] == treaty and row["action"] in CONSENT | LEAVING | BINDING:
            acts[row["participant"]].append((row["action"], row["date"]))
    inside: set[str] = set()
    doubtful: set[str] = set()
    for participant, found in acts.items():
        if any(action in LEAVING for action, _ in found) or any(len(date) < 10 for _, date in found):
            doubtful.add(participant)
            continue
        consents = {date for action, date in found if action in CONSENT}
        before = {date <= day for date in consents}
        if len(before) != 1:
            doubtful.add(participant)
        elif before == {True}:
            inside.add(participant)
    return inside, doubtful
