"""What the tables must hold as far as sources say it: both names of everything, members with their dates, offices,
one id for one thing. Plain csv and lists written here by hand; no code of the build."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from tests.recount import rows

REDIRECTS = Path(__file__).parents[2] / "graph" / "redirects.csv"
OURS = "palermo-editors"
NAMED = ("actors", "instruments", "projects", "court-cases")

#: Year of accession to the Council of Europe (Statute, 5 May 1949), its 46 members of today.
COUNCIL = {
    1949: "bel dnk fra gbr grc irl ita lux nld nor swe tur", 1950: "deu isl", 1956: "aut", 1961: "cyp", 1963: "che",
    1965: "mlt", 1976: "prt", 1977: "esp", 1978: "lie", 1988: "smr", 1989: "fin", 1990: "hun", 1991: "pol", 1992: "bgr",
    1993: "cze est ltu rou svk svn", 1994: "and", 1995: "alb lva mda mkd ukr", 1996: "hrv", 1999: "geo",
    2001: "arm aze", 2002: "bih", 2003: "srb", 2004: "mco", 2007: "mne",
}  # fmt: skip
#: Year of accession to the European Union and the Communities before it, its 27 members of today.
UNION = {
    1958: "bel deu fra ita lux nld", 1973: "dnk irl", 1981: "grc", 1986: "esp prt", 1995: "aut fin swe",
    2004: "cyp cze est hun ltu lva mlt pol svk svn", 2007: "bgr rou", 2013: "hrv",
}  # fmt: skip
#: Offices of which sources give the whole line of holders with the year in which each began.
LINES = {
    "sr-trafficking": [("sigma-huda", "2004"), ("joy-ngozi-ezeilo", "2008"), ("maria-grazia-giammarinaro", "2014"),
                       ("siobhan-mullally", "2020")],
    "sr-slavery": [("gulnara-shahinian", "2008"), ("urmila-bhoola", "2014"), ("tomoya-obokata", "2020")],
    "eu-atc": [("myria-vassiliadou", "2011"), ("olivier-onidi", "2020"), ("diane-schmitt", "2021")],
    "miprof": [("elisabeth-moiron-braud", "2013"), ("roxana-maracineanu", "2023")],
}  # fmt: skip


@pytest.mark.parametrize(("body", "joined", "number"), [("coe", COUNCIL, 46), ("eu", UNION, 27)])
def test_members_with_the_year_in_which_they_joined(body: str, joined: dict[int, str], number: int) -> None:
    expected = {state: str(year) for year, states in joined.items() for state in states.split()}
    assert len(expected) == number
    starts: dict[str, set[str]] = defaultdict(set)
    states = {row["id"] for row in rows("states")}
    for row in rows("relations"):
        if row["relation"] == "memberOf" and row["object"] == body and row["subject"] in states and not row["end"]:
            starts[row["subject"]].add(row["start"][:4])
    assert {state: found - {""} for state, found in starts.items()} == {
        state: {year} for state, year in expected.items()
    }


@pytest.mark.parametrize("family", NAMED)
def test_everything_has_both_names_and_ours_are_marked(family: str) -> None:
    """A French name of a source, or one of ours whose source says so; never both, never none."""
    stated = {row["id"] for row in rows(family) if row["name_fr"]}
    added = {row["id"]: row for row in rows("names") if row["language"] == "fr"}
    every = {row["id"] for row in rows(family)}
    assert all(row["name_en"] for row in rows(family))
    assert every - stated - set(added) == set()
    ours = {one for one, row in added.items() if row["source"] == OURS} & every
    assert ours & stated == set(), "a name of a source makes ours needless"
    assert all(added[one]["name"].strip() for one in ours)


@pytest.mark.parametrize("office", LINES)
def test_the_line_of_an_office(office: str) -> None:
    holders: dict[str, list[str]] = defaultdict(list)
    for row in rows("relations"):
        if row["relation"] == "holdsMandate" and row["object"] == office and row["start"]:
            holders[row["subject"]].append(row["start"])
    line = sorted(((one, min(starts)) for one, starts in holders.items()), key=lambda pair: pair[1])
    assert [(one, start[:4]) for one, start in line] == LINES[office]


def test_a_successor_begins_when_the_predecessor_has_ended() -> None:
    """Nobody follows somebody whose office began later."""
    begun: dict[str, str] = {}
    for row in rows("relations"):
        if row["relation"] in ("holdsMandate", "chairs") and row["start"]:
            begun[row["subject"]] = min(begun.get(row["subject"], "9"), row["start"])
    pairs = [(row["subject"], row["object"]) for row in rows("relations") if row["relation"] == "succeeds"]
    compared = [(later, first) for later, first in pairs if later in begun and first in begun]
    assert len(compared) >= 6
    assert [(later, first) for later, first in compared if begun[later] < begun[first]] == []


def test_one_thing_has_one_id() -> None:
    """No two actors share an English name; what was merged leads on, and to something that stands."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows("actors"):
        names[row["name_en"].casefold()].add(row["id"])
    assert {name: found for name, found in names.items() if len(found) > 1} == {}
    with REDIRECTS.open(encoding="utf-8", newline="") as file:
        moved = {row["old"]: row["new"] for row in csv.DictReader(file)}
    standing = {row["id"] for family in (*NAMED, "states") for row in rows(family)}
    standing |= {f"source/{row['id']}" for row in rows("sources")}
    for old, new in moved.items():
        assert old not in standing, f"{old} is said to have moved, and stands"
        assert not new or new in standing, f"{old} leads to nothing"
    assert {"adper", "glo-act", "glo-act-asia"} <= set(moved)
