"""Names to ids: what is certain is taken and explained, likeness alone never is."""

from __future__ import annotations

import pytest

from graph.build.pipeline import facts_directory
from graph.build.refresh import matching, run
from graph.build.refresh.matching import SURE, Names


@pytest.fixture(scope="module")
def participants() -> Names:
    return matching.participants(run.tables_of(facts_directory()))


@pytest.mark.parametrize(
    ("text", "one", "score", "why"),
    [
        ("France", "fra", 100, "its name as it stands"),
        ("Allemagne", "deu", 100, "its name as it stands"),
        ("CÔTE D'IVOIRE", "civ", 98, "but for case, accents"),
        ("Cote d’Ivoire", "civ", 98, "but for case, accents"),
        ("Saint Vincent and the Grenadines", "vct", 100, "its name"),
        ("St. Vincent & the Grenadines", "vct", 98, "but for case"),
        ("Viet Nam", "vnm", 100, "its name"),
        ("Bolivia (Plurinational State of)", "bol", 97, "an official name"),
        ("Republic of Korea", "kor", 97, "an official name"),
        ("Democratic People's Republic of Korea", "prk", 97, "an official name"),
        ("Netherlands (Kingdom of the)", "nld", 97, "an official name"),
        ("Netherlands, Kingdom of the", "nld", 97, "an official name"),
        ("Czech Republic", "cze", 97, "an official name"),
        ("Congo", "cog", 100, "its name"),
        ("Democratic Republic of the Congo", "cod", 100, "its name"),
        ("European Union", "eu", 100, "its name"),
        ("Grenadines and Saint Vincent", "vct", 96, "in another order"),
    ],
)
def test_what_is_certain(participants: Names, text: str, one: str, score: int, why: str) -> None:
    match = participants.find(text)
    assert (match.id, match.score, match.sure) == (one, score, True)
    assert why in match.why
    assert match.explained() == f"“{text}” is {one}: {match.why}, score {score}"


@pytest.mark.parametrize(
    ("text", "near"), [("Nigeriaa", "nga"), ("Untied Kingdom", "gbr"), ("Frnace", "fra"), ("Guinea Bisau", "gnb")]
)
def test_likeness_is_a_question(participants: Names, text: str, near: str) -> None:
    match = participants.find(text)
    assert (match.id, match.sure) == ("", False)
    assert match.candidates[0][0] == near
    assert all(score < SURE for _, score in match.candidates)
    assert f"near are {near} (" in match.explained()


def test_a_name_of_two_things_is_a_question() -> None:
    names = Names([("a", "The Agency"), ("b", "Agency"), ("c", "Court")])
    assert names.find("Agency").id == "b"
    match = names.find("agency, the")
    assert (match.sure, match.candidates) == (False, (("a", 96), ("b", 96)))


def test_every_state_is_found_by_its_names_and_codes() -> None:
    tables = run.tables_of(facts_directory())
    names = matching.states(tables)
    for row in tables["states"]:
        assert names.find(row["name_en"]).id == row["id"]
        assert names.find(row["name_fr"]).id == row["id"]
        assert names.by_code(row["alpha2"], "ISO 3166-1").id == row["id"]
        assert names.by_code(row["id"].upper(), "ISO 3166-1").score == 100
    assert not names.by_code("ZZZ", "ISO 3166-1").sure
