"""Each check finds what its breaking example has wrong, and passes what its other example has right."""

from __future__ import annotations

import re

import pytest

import ontology
from graph.build import infer
from tests.ontology.support import EXAMPLES, broaden, everything, rows, store_of

CHECKS = {one.name.removesuffix(".rq"): one.read_text("utf-8") for one in [*ontology.checks(), *ontology.warnings()]}
FOLDER = EXAMPLES / "checks"


def test_as_many_checks_as_there_were() -> None:
    assert len(ontology.checks()) >= 37
    assert len(ontology.warnings()) >= 8
    every = {one.name for one in ontology._files("checks", ".rq")}
    assert every == {f"{name}.rq" for name in CHECKS}, "a check that neither stops nor warns would never run"


def test_each_check_has_an_example_that_breaks_it_and_one_that_passes() -> None:
    for kind in ("breaks", "passes"):
        found = {one.name.removesuffix(f".{kind}.trig") for one in FOLDER.glob(f"*.{kind}.trig")}
        assert found == set(CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_finds_what_is_wrong(name: str) -> None:
    store = store_of(FOLDER / f"{name}.breaks.trig")
    broaden(store)
    assert rows(store, CHECKS[name]), "the breaking example passes: this check cannot fail"


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_passes_what_is_right(name: str) -> None:
    store = store_of(FOLDER / f"{name}.passes.trig")
    broaden(store)
    assert rows(store, CHECKS[name]) == []


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_ontology_alone_breaks_nothing(name: str) -> None:
    store = infer.store_of(set(everything()))
    assert rows(store, CHECKS[name]) == []


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_says_what_it_forbids_and_why(name: str) -> None:
    for field in ("forbids", "why"):
        assert re.search(rf"^# {field} +\S", CHECKS[name], re.MULTILINE)
    assert re.search(r"^SELECT\b", CHECKS[name], re.MULTILINE)
    assert "w3id.org/palermo/id/" not in CHECKS[name], "bound to one base"
