"""A release several times over: what is copied, what is shared, what stays with the first."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from bench.multiply import multiply
from graph import manifest
from graph.ids import PREFIXES
from graph.read.embedded import load_release
from tests.stores.releases import write


def count(store: Store, pattern: str) -> int:
    """How many solutions a pattern has."""
    found = store.query(f"SELECT * {{ {pattern} }}", prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    return sum(1 for _ in found)


TRIG = """
@prefix pal: <https://w3id.org/palermo/ontology#> .
@prefix id: <https://w3id.org/palermo/id/> .
@prefix src: <https://w3id.org/palermo/source/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
src:a {
  id:fra a pal:State ; pal:isoAlpha3 "FRA" ; skos:prefLabel "France"@en ; pal:memberOf id:coe .
  id:coe a pal:IntergovernmentalBody ; skos:prefLabel "Council of Europe"@en .
}
<https://w3id.org/palermo/graph/sources> { src:a a pal:Source . }
<https://w3id.org/palermo/graph/ontology> { pal:State a owl:Class . }
"""


def test_three_times_the_release(tmp_path: Path) -> None:
    """Things and sources three times, words of the ontology once; the directory is a release like others."""
    release = write(tmp_path / "release", TRIG)
    multiply(release, 3, tmp_path / "larger")
    assert manifest.verify(tmp_path / "larger") == []
    three, described = load_release(tmp_path / "larger")
    assert described.hash != manifest.read(release).hash
    for pattern in ("?s a pal:State", "?s a pal:Source", "?s pal:memberOf ?o", "GRAPH ?g { ?s a pal:State }"):
        assert count(three, pattern) == 3
    for pattern in ("?s a owl:Class", "?s pal:isoAlpha3 ?o"):
        assert count(three, pattern) == 1
    assert count(three, '?s skos:prefLabel "France 3"@en') == 1
