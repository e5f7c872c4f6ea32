"""The named queries as RDF: complete, and runnable as a tool would run them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple

from graph.ids import PREFIXES, Ids
from graph.read import examples, library
from graph.read.embedded import load_release

SELECT = NamedNode(PREFIXES["sh"] + "select")


@pytest.fixture(scope="module")
def described() -> set[Triple]:
    return set(examples.triples(Ids()))


def test_every_named_query_is_an_executable(described: set[Triple]) -> None:
    texts = {one.subject: one.object for one in described if one.predicate == SELECT}
    assert {node.value.rsplit("/", 1)[1] for node in texts if isinstance(node, NamedNode)} == set(library.load())


def test_they_stand_in_the_release_and_run_as_they_are(release_dir: Path) -> None:
    store: Store = load_release(release_dir)[0]
    rows = list(
        store.query(
            "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?query { ?q a sh:SPARQLExecutable ; sh:select ?query }"
        )
    )  # type: ignore[arg-type]
    assert len(rows) == len(library.load())
    for (text,) in rows[::10]:
        assert isinstance(text, Literal)
        store.query(text.value)


def test_another_base_moves_examples_and_their_prefixes() -> None:
    ids = Ids("https://example.org/kg/")
    made = set(examples.triples(ids))
    assert all(one.subject.value.startswith(ids.base) for one in made if isinstance(one.subject, NamedNode))
    text = next(one.object.value for one in made if one.predicate == SELECT and isinstance(one.object, Literal))
    assert "<https://example.org/kg/id/>" in text
