"""Each shapes file passes its valid example and finds, in the invalid one, each thing that is wrong."""

from __future__ import annotations

import re

import pytest
from pyshacl import validate
from rdflib import RDF, Graph, Namespace

import ontology
from tests.ontology.support import EXAMPLES

SH = Namespace("http://www.w3.org/ns/shacl#")
SHAPES = {one.name.removesuffix(".ttl"): one.read_text("utf-8") for one in ontology.shapes()}
FOLDER = EXAMPLES / "shapes"


def results(name: str, example: str) -> list[str]:
    """The messages of every result for one example."""
    data = Graph().parse(FOLDER / f"{name}.{example}.ttl", format="turtle")
    shapes = Graph().parse(data=SHAPES[name], format="turtle")
    _, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    return [str(report.value(one, SH.resultMessage)) for one in report.subjects(RDF.type, SH.ValidationResult)]


def test_one_file_for_each_family_and_two_examples_for_each_file() -> None:
    assert set(SHAPES) >= {
        "sources", "states", "actors", "instruments", "treaty-actions", "party-status", "relations", "evaluations",
        "projects", "statistics", "court-cases", "claims", "names-and-dates",
    }  # fmt: skip
    assert {one.name for one in FOLDER.iterdir()} == {f"{a}.{b}.ttl" for a in SHAPES for b in ("valid", "invalid")}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_what_is_right_passes(name: str) -> None:
    assert results(name, "valid") == []


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_each_thing_that_is_wrong_is_found(name: str) -> None:
    first = (FOLDER / f"{name}.invalid.ttl").read_text("utf-8").splitlines()[0]
    said = re.fullmatch(r"# fails: (\d+) .+", first)
    assert said, "the first line says how many results there are and what is wrong"
    found = results(name, "invalid")
    assert len(found) == int(said[1]), found


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_constraint_says_what_is_wrong(name: str) -> None:
    shapes = Graph().parse(data=SHAPES[name], format="turtle")
    properties = set(shapes.objects(None, SH.property))
    nested = {
        part
        for logical in (SH["or"], SH.xone, SH["not"])
        for value in shapes.objects(None, logical)
        for member in ([value] if logical == SH["not"] else shapes.items(value))
        for part in shapes.objects(member, SH.property)
    }
    assert properties
    for one in properties - nested:
        assert shapes.value(one, SH.message), f"{shapes.value(one, SH.path)} has no message"
