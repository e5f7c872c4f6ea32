"""Each rule makes from its examples exactly what they say, on any base, and nothing more when run again."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, parse

from graph.build import infer
from graph.ids import RULE
from tests.ontology.support import EXAMPLES, IDS, add, construct, everything, store_of

RULES = {one.name: one for one in infer.rules()}
CASES = sorted(one.name.removesuffix(".in.trig") for one in (EXAMPLES / "rules").glob("*.in.trig"))


def test_as_many_rules_and_cases_as_there_were() -> None:
    assert len(RULES) >= 15
    assert len(CASES) >= 21
    assert {one.split(".")[0] for one in CASES} == set(RULES), "each rule has an example"


@pytest.mark.parametrize("case", CASES)
def test_a_rule_makes_what_its_example_says(case: str) -> None:
    name = case.split(".")[0]
    store = store_of(EXAMPLES / "rules" / f"{case}.in.trig")
    for earlier in infer.rules():
        if earlier.name == name:
            break
        add(store, construct(store, earlier))
    made = construct(store, RULES[name])
    expected = {
        quad.triple for quad in parse((EXAMPLES / "rules" / f"{case}.out.ttl").read_bytes(), format=RdfFormat.TURTLE)
    }
    before = {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert sorted(map(str, made - before)) == sorted(map(str, expected - before))
    assert expected <= made | before
    add(store, made)
    assert construct(store, RULES[name]) <= made | before, "a second run makes nothing new"


@pytest.mark.parametrize("case", CASES)
def test_all_rules_together_come_to_an_end(case: str) -> None:
    store = store_of(EXAMPLES / "rules" / f"{case}.in.trig")
    infer.infer(store, IDS, list(RULES.values()))


def test_rules_leave_the_ontology_alone() -> None:
    store = infer.store_of(set(everything()))
    made, _ = infer.infer(store, IDS, list(RULES.values()))
    assert sorted(map(str, made)) == []


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_what_it_makes_and_why(name: str) -> None:
    text = RULES[name].text
    assert re.fullmatch(r"\d\d-[a-z-]+", name)
    for field in ("title", "makes", "why", "stratum"):
        assert re.search(rf"^# {field} +\S", text, re.MULTILINE), f"the header has no {field}"
    code = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    assert "CONSTRUCT" in code
    assert not re.search(r"\b(BNODE|UUID|STRUUID|NOW|RAND|SERVICE)\b", code), "not the same on every run"
    assert not re.search(r"w3id\.org/palermo/(id|source|graph)/", code), "bound to one base"


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_names_itself_rightly(name: str) -> None:
    for used in re.findall(rf"<{re.escape(RULE)}([^>]*)>", RULES[name].text):
        assert used == name
