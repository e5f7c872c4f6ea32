"""Search by name: what people type, with what they mean."""

from __future__ import annotations

import time

import pytest

from graph.read.release import Release
from graph.read.search import fold

#: What is typed, and what must come first.
FIRST = {
    "France": "fra", "fra": "fra", "FR": "fra", "Expertise France": "expertise-france",
    "expertise farnce": "expertise-france", "greta": "greta", "gretta": "greta", "GRETA ": "greta",
    "group of experts on action against trafficking": "greta", "Etats-Unis": "usa", "états unis": "usa",
    "palermo protocl": "palermo-protocol", "palermo": "palermo-protocol", "protocole de palerme": "palermo-protocol",
    "palerme": "palermo-protocol", "miprof": "miprof", "conseil de leurope": "coe", "council of europe": "coe",
    "UNVTF": "unvtf", "suede": "swe", "Suède": "swe", "sweeden": "swe", "swden": "swe", "cets 197": "cets-197",
    "blue hart": "blue-heart-campaign", "eu": "eu", "union europeenne": "eu", "un": "un", "unodc": "unodc",
    "OIM": "iom", "OIT": "ilo", "royaume-uni": "gbr", "warsaw convention": "cets-197", "osce": "osce",
    "cote d'ivoire": "civ",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), sorted(FIRST.items()))
def test_first_hit(release: Release, typed: str, meant: str) -> None:
    hits = release.search(typed)
    assert hits, f"nothing for {typed!r}"
    assert hits[0].node.id == meant, [hit.node.id for hit in hits]


@pytest.mark.parametrize(
    ("typed", "meant"), [("mip", "miprof"), ("expert", "expertise-france"), ("palerm", "palermo-protocol")]
)
def test_while_typing(release: Release, typed: str, meant: str) -> None:
    assert meant in [hit.node.id for hit in release.search(typed, 8)]


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "zzzzzz", "\x00", "🙂"])
def test_nothing_to_find(release: Release, typed: str) -> None:
    assert release.search(typed) == []


def test_group_of_experts_is_not_group_of_friends(release: Release) -> None:
    experts = {
        hit.node.id: hit.score
        for hit in release.search("Group of Experts on Action against Trafficking in Human Beings")
    }
    friends = {hit.node.id: hit.score for hit in release.search("Group of Friends United against Human Trafficking")}
    assert experts["greta"] == 1.0
    assert friends.get("greta", 0.0) < 0.7


def test_equal_names_go_by_centrality(release: Release) -> None:
    hits = release.names("trafficking", 10, ["Treaty", "Protocol"])
    assert hits
    assert all(hit.node.kind in ("Treaty", "Protocol") for hit in hits)


def test_scores_are_between_nought_and_one(release: Release) -> None:
    for typed in FIRST:
        for hit in release.search(typed, 50):
            assert 0 < hit.score <= 1


def test_long_input_is_bounded(release: Release) -> None:
    start = time.process_time()
    release.search("trafficking " * 100_000)
    assert time.process_time() - start < 0.5


def test_quick_enough_for_every_key(release: Release) -> None:
    release.search("warm")
    start = time.process_time()
    for typed in FIRST:
        release.search(typed, 8)
    # 0.6 ms measured on average; five is the promise, and processor time does not count what others do.
    assert (time.process_time() - start) / len(FIRST) < 0.005


def test_folding() -> None:
    assert fold("Œuvre d’Élite, Straße") == "oeuvre d elite strasse"
