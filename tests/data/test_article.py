"""The actors of the article that the project began from, and what ties them together, each with its source.

Every edge stands in the tables as a row or a cell with a source; those marked dated also say since when.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

FACTS = Path(__file__).parents[2] / "graph" / "facts"

ACTORS = (
    "fra", "swe", "miprof", "un", "unga", "unsc", "unodc", "hrc", "sr-trafficking", "unvtf", "blue-heart-campaign",
    "coe", "greta", "eu", "european-commission", "expertise-france", "fr-se-initiative",
    "collectif-ensemble-contre-la-traite", "ccem", "ac-se",
)  # fmt: skip
INSTRUMENTS = (
    "untoc", "palermo-protocol", "a-res-64-293", "s-res-2331-2016", "s-res-2388-2017", "cets-197", "eu-dir-2011-36",
    "eu-agenda-migration-2015", "fra-decree-2013-7", "fra-law-2003-239", "fra-law-2013-711", "fra-law-2016-444",
)  # fmt: skip
PROJECTS = ("ef-altp", "eu4fast", "fr-see-cooperation", "fsp-gulf-of-guinea")

DATED = (
    ("fra", "signature", "untoc"), ("fra", "ratification", "untoc"),
    ("fra", "signature", "palermo-protocol"), ("fra", "ratification", "palermo-protocol"),
    ("fra", "entry-into-force", "cets-197"),
    ("fra", "memberOf", "coe"), ("fra", "memberOf", "eu"),
    ("miprof", "mandatedBy", "fra-decree-2013-7"), ("miprof", "coordinates", "fra-nap-2014-2016"),
    ("miprof", "coordinates", "fra-nap-2019-2021"), ("miprof", "coordinates", "fra-nap-2024-2027"),
    ("unga", "adopted", "untoc"), ("unga", "adopted", "palermo-protocol"), ("unga", "adopted", "a-res-64-293"),
    ("unsc", "adopted", "s-res-2331-2016"), ("unsc", "adopted", "s-res-2388-2017"),
    ("sr-trafficking", "mandatedBy", "chr-dec-2004-110"), ("siobhan-mullally", "holdsMandate", "sr-trafficking"),
    ("unvtf", "mandatedBy", "a-res-64-293"), ("unodc", "administers", "unvtf"),
    ("unodc", "launched", "blue-heart-campaign"), ("fra", "participatesIn", "blue-heart-campaign"),
    ("greta", "monitors", "fra"), ("greta", "evaluation", "fra"),
    ("european-commission", "adopted", "eu-agenda-migration-2015"),
    ("expertise-france", "implements", "ef-altp"),
    ("fra", "launched", "fr-se-initiative"), ("swe", "launched", "fr-se-initiative"),
    ("fra", "adopted", "fr-se-joint-statement-2019"),
    ("fra-parliament", "adopted", "fra-law-2003-239"), ("fra-parliament", "adopted", "fra-law-2013-711"),
    ("fra-parliament", "adopted", "fra-law-2016-444"),
)  # fmt: skip
SOURCED = (
    ("palermo-protocol", "amends_or_supplements", "untoc"), ("a-res-64-293", "implements", "palermo-protocol"),
    ("miprof", "country", "fra"), ("fra", "monitoredBy", "greta"), ("greta", "partOf", "coe"),
    ("greta", "mandatedBy", "cets-197"), ("sr-trafficking", "reportsTo", "unga"),
    ("sr-trafficking", "reportsTo", "hrc"), ("ac-se", "part_of", "alc-nice"), ("fra", "funds", "fsp-gulf-of-guinea"),
    ("unvtf", "funds", "shakti-samuha"), ("unvtf", "implements", "palermo-protocol"),
    ("fra", "contributesTo", "unvtf"), ("unga", "part_of", "un"), ("unsc", "part_of", "un"),
    ("fra-law-2013-711", "implements", "eu-dir-2011-36"),
    ("expertise-france", "country", "fra"), ("expertise-france", "participatesIn", "eu4fast"),
    ("fra", "funds", "ef-altp"), ("fra-mfa", "funders", "fr-see-cooperation"),
    ("ccem", "memberOf", "collectif-ensemble-contre-la-traite"),
    ("collectif-ensemble-contre-la-traite", "contributesTo", "miprof"), ("ccem", "cooperatesWith", "miprof"),
)  # fmt: skip


def rows(family: str) -> Iterator[dict[str, str]]:
    for path in sorted(FACTS.glob(f"{family}-*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            yield from csv.DictReader(handle)


@cache
def edges() -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """Date (empty when unknown) and source of every row or cell that says subject, verb, object."""
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows("treaty-actions"):
        found[row["participant"], row["action"], row["treaty"]].append((row["date"], row["source"]))
    for row in rows("relations"):
        found[row["subject"], row["relation"], row["object"]].append((row["start"], row["source"]))
    for row in rows("evaluations"):
        found[row["body"], "evaluation", row["country"]].append((row["published"] or row["adopted"], row["source"]))
    for row in rows("actors"):
        for column in ("part_of", "country"):
            found[row["id"], column, row[column]].append((row["established"], row["source"]))
    for row in rows("instruments"):
        for adopter in row["adopted_by"].split(";"):
            found[adopter, "adopted", row["id"]].append((row["adopted"], row["source"]))
        for column in ("amends_or_supplements", "implements"):
            for other in row[column].split(";"):
                found[row["id"], column, other].append((row["adopted"], row["source"]))
    for row in rows("projects"):
        for funder in row["funders"].split(";"):
            found[funder, "funders", row["id"]].append((row["start"], row["source"]))
    return found


@pytest.mark.parametrize(("family", "wanted"), [("actors", ACTORS), ("instruments", INSTRUMENTS)])
def test_the_actors_and_instruments_of_the_article_stand_in_the_tables(family: str, wanted: tuple[str, ...]) -> None:
    known = {row["id"] for row in rows(family)} | {row["id"] for row in rows("states")}
    assert set(wanted) <= known


def test_the_projects_of_the_article_stand_in_the_tables() -> None:
    assert set(PROJECTS) <= {row["id"] for row in rows("projects")}


@pytest.mark.parametrize("edge", DATED, ids=" ".join)
def test_edge_has_a_source_and_a_date(edge: tuple[str, str, str]) -> None:
    assert [(date, source) for date, source in edges().get(edge, []) if date and source]


@pytest.mark.parametrize("edge", SOURCED, ids=" ".join)
def test_edge_has_a_source(edge: tuple[str, str, str]) -> None:
    assert [source for _, source in edges().get(edge, []) if source]


def test_every_actor_of_the_article_is_tied_to_another() -> None:
    ends = {end for edge in DATED + SOURCED for end in (edge[0], edge[2])}
    assert set(ACTORS + INSTRUMENTS + PROJECTS) - ends == set()
