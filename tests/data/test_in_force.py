"""Entry into force reckoned from the deposit: recounted from the tables, held against the dates that sources state."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from pyoxigraph import Store

from graph.read.embedded import load_release

FACTS = Path(__file__).parents[2] / "graph" / "facts"
DEPOSIT = {"ratification", "acceptance", "approval", "accession", "formal-confirmation"}
OTHERS = {"succession", "participation", "definitive-signature", "denunciation", "withdrawal"}

#: Treaty -> what its article says, written here a second time, by hand: days, or months, or months and then the first
#: of the month that follows.
ARTICLES = {
    "untoc": ("days", 30), "palermo-protocol": ("days", 30), "smuggling-protocol": ("days", 30), "cedaw": ("days", 30),
    "crc": ("days", 30), "traffic-in-persons-convention-1950": ("days", 90), "crc-opsc": ("months", 1),
    "cedaw-op": ("months", 3), "icrmw": ("first after", 3), "cets-197": ("first after", 3),
    "cets-201": ("first after", 3), "cets-210": ("first after", 3), "ilo-c029": ("months", 12),
    "ilo-c105": ("months", 12), "ilo-c182": ("months", 12), "ilo-c189": ("months", 12), "ilo-c190": ("months", 12),
    "ilo-p029": ("months", 12),
}  # fmt: skip

#: Stated days that the article does not give; the source's day is kept. DECISIONS.md says why.
INDEPENDENCE = {(treaty, who) for treaty in ("ilo-c105",) for who in ("ago", "bdi", "bgd", "bhs", "brb")}
OF_THE_TREATY = {("ilo-c105", "nor")}
OF_REGISTRATION = {("ilo-c105", "blr")}
TWO_DAYS_OFF = {("ilo-c190", "fra")}
DISAGREE = INDEPENDENCE | OF_THE_TREATY | OF_REGISTRATION | TWO_DAYS_OFF


def rows(family: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted(FACTS.glob(f"{family}-*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            found.extend(csv.DictReader(handle))
    return found


def reckoned(treaty: str, deposit: date, general: date) -> date | None:
    """The day on which the treaty applies for one that deposited on a day; None where the month has no such day."""
    unit, number = ARTICLES[treaty]
    if unit == "days":
        own = deposit + timedelta(number)
    else:
        ahead = deposit.month - 1 + number + (unit == "first after")
        year, month = deposit.year + ahead // 12, ahead % 12 + 1
        if unit == "first after":
            own = date(year, month, 1)
        elif deposit.day > monthrange(year, month)[1]:
            return None
        else:
            own = date(year, month, deposit.day)
    return max(own, general)


def general_dates() -> dict[str, date]:
    """The one full day on which a treaty entered into force, as instruments state it."""
    days: dict[str, set[str]] = defaultdict(set)
    for row in rows("instruments"):
        if row["entry_into_force"]:
            days[row["id"]].add(row["entry_into_force"])
    return {one: date.fromisoformat(*found) for one, found in days.items() if len(found) == 1 and len(min(found)) == 10}


def acts() -> dict[tuple[str, str], dict[str, set[str]]]:
    """Treaty and participant -> kind of act -> every date stated for it."""
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows("treaty-actions"):
        kind = "deposit" if row["action"] in DEPOSIT else row["action"]
        found[row["treaty"], row["participant"]][kind].add(row["date"])
    return found


def certain_deposits() -> dict[tuple[str, str], date]:
    """Where every source that dates the deposit gives the one full day, and nothing else binds or ends."""
    found = {}
    for key, kinds in acts().items():
        days = kinds.get("deposit", set()) - {""}
        if key[0] in ARTICLES and len(days) == 1 and len(min(days)) == 10 and not OTHERS & set(kinds):
            found[key] = date.fromisoformat(min(days))
    return found


@pytest.fixture(scope="module")
def store(release_dir: Path) -> Store:
    return load_release(release_dir)[0]


def test_every_treaty_of_the_list_is_held_here_too(store: Store) -> None:
    query = "PREFIX pal: <https://w3id.org/palermo/ontology#> SELECT ?t WHERE { ?rule pal:ruleOfTreaty ?t }"
    assert {row[0].value for row in store.query(query)} == set(ARTICLES)  # type: ignore[union-attr]
    assert set(ARTICLES) <= set(general_dates()), "without a day of its own a treaty gets no derived ones"


def test_the_release_holds_the_days_that_the_articles_give(store: Store) -> None:
    query = (
        "PREFIX pal: <https://w3id.org/palermo/ontology#> PREFIX con: <https://w3id.org/palermo/concept/> "
        "SELECT ?treaty ?who ?day WHERE { ?p pal:inForceUnder ?rule ; pal:treaty ?treaty ; pal:participant ?who ; "
        "pal:inForceSince ?day }"
    )
    made = {
        tuple(str(cell.value).rsplit("/", 1)[1] for cell in (row[0], row[1])): date.fromisoformat(row[2].value)
        for row in store.query(query)  # type: ignore[union-attr]
    }
    general, every = general_dates(), acts()
    expected = {
        key: day
        for key, deposit in certain_deposits().items()
        if not every[key].get("entry-into-force", set()) - {""}
        and (day := reckoned(key[0], deposit, general[key[0]])) is not None
    }
    assert len(expected) > 900
    assert {key: made.get(key) for key in expected} == expected
    for key in set(made) - set(expected):
        assert len(every[key]["deposit"] - {""}) > 1 or OTHERS & set(every[key]), key


def test_derived_days_agree_with_the_days_that_sources_state() -> None:
    """Where both can be known they must be equal, but for what is known to be otherwise."""
    general, every = general_dates(), acts()
    compared: dict[str, int] = defaultdict(int)
    unlike = set()
    for (treaty, who), deposit in certain_deposits().items():
        stated = {day for day in every[treaty, who].get("entry-into-force", set()) if len(day) == 10}
        if stated:
            compared[treaty] += 1
            day = reckoned(treaty, deposit, general[treaty])
            if day is None or day.isoformat() not in stated:
                unlike.add((treaty, who))
    assert compared["cets-197"] >= 30
    assert sum(compared.values()) >= 112
    assert unlike == DISAGREE
