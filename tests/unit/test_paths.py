"""Explanations of a connection, on the cases that a journalist would ask about."""

from __future__ import annotations

from datetime import date

import pytest

from graph.read.paths import KINDS, Explanation
from graph.read.release import Release


def through(release: Release, one: Explanation) -> list[str]:
    return [release.index.nodes[number].id for number in one.through]


def predicates(release: Release, one: Explanation) -> list[str]:
    return [release.index.edges[step.line.edge].predicate for step in one.steps]


def test_expertise_france_and_the_eu_meet_in_projects(release: Release) -> None:
    found = release.paths("expertise-france", "eu")
    assert found[0].kind == "project"
    assert predicates(release, found[0]) == ["implements", "funds"]
    named = {name for one in found for name in through(release, one)}
    assert {"ocwar-c", "ocwar-m", "el-paccto", "ef-altp"} <= named


def test_france_and_greta(release: Release) -> None:
    found = release.paths("fra", "greta")
    assert found[0].kind == "direct"
    assert predicates(release, found[0]) in (["monitors"], ["evaluated"])
    assert ["cets-197"] in [through(release, one) for one in found]


def test_france_and_sweden(release: Release) -> None:
    found = release.paths("fra", "swe")
    assert predicates(release, found[0]) == ["launchedWith"]
    assert through(release, found[1]) == ["fr-se-initiative"]
    assert "fr-se-joint-statement-2019" in {name for one in found[:4] for name in through(release, one)}
    # Being parties to the same world-wide treaty never comes before what the two did together.
    kinds = [one.kind for one in found]
    assert "treaty" not in kinds[:4]


def test_miprof_and_greta(release: Release) -> None:
    found = release.paths("miprof", "greta")
    assert {one.kind for one in found[:2]} == {"direct"}
    assert through(release, next(one for one in found if one.kind != "direct")) == ["cets-197"]


def test_before_their_initiative_france_and_sweden_had_others(release: Release) -> None:
    found = release.paths("fra", "swe", as_of="2005-01-01")
    nodes = {name for one in found for name in through(release, one)}
    assert found
    assert "fr-se-initiative" not in nodes
    assert all("launchedWith" not in predicates(release, one) for one in found)


@pytest.mark.parametrize(("a", "b"), [("fra", "usa"), ("expertise-france", "unodc"), ("ccem", "un"), ("bra", "ind")])
def test_explanations_are_simple_different_and_in_order(release: Release, a: str, b: str) -> None:
    found = release.paths(a, b)
    assert found
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    passed: list[int] = []
    for one in found:
        assert one.kind in KINDS
        assert one.steps[0].start == release.entity(a).number
        assert one.steps[-1].end == release.entity(b).number
        for first, second in zip(one.steps, one.steps[1:], strict=False):
            assert first.end == second.start
        for step in one.steps:
            edge = release.index.edges[step.line.edge]
            assert {edge.subject, edge.object} == {step.start, step.end}
        passed += one.through
    assert len(passed) == len(set(passed))


def test_a_hub_treaty_costs_more_than_a_project(release: Release) -> None:
    found = release.paths("fra", "nga", limit=20)
    by_kind = {one.kind: one.cost for one in reversed(found)}
    assert by_kind["project"] < by_kind["treaty"]


def test_families_restrict(release: Release) -> None:
    for one in release.paths("fra", "swe", families=["treaty"], limit=20):
        assert {release.index.edges[step.line.edge].family for step in one.steps} == {"treaty"}


def test_told_in_words_with_sources(release: Release) -> None:
    first = release.paths("fra", "swe")[0]
    assert release.words(first, "en") == ["France launched a joint initiative with Sweden on 8 March 2019."]
    assert "8\u00a0mars 2019" in release.words(first, "fr")[0]
    assert all(release.index.edges[step.line.edge].sources for step in first.steps)


def test_one_node_is_no_path(release: Release) -> None:
    with pytest.raises(ValueError, match="two different"):
        release.paths("fra", "FRA")


def test_bad_day(release: Release) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        release.paths("fra", "swe", as_of="yesterday")


def test_day_as_date_or_text(release: Release) -> None:
    assert release.paths("fra", "swe", as_of=date(2005, 1, 1)) == release.paths("fra", "swe", as_of="2005-01-01")
