"""Which name a reader sees: one ordered place decides, and it says in which language the name is."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.read import labels
from graph.read.embedded import EmbeddedStore

PREFIXES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX pal: <https://w3id.org/palermo/ontology#>
PREFIX : <https://example.org/>
"""

CASES = [
    # what is stated, language asked for, name, its language
    ('skos:prefLabel "a"@en, "b"@fr', "fr", "b", "fr"),
    ('skos:prefLabel "a"@en ; rdfs:label "b"@fr', "fr", "b", "fr"),
    ('skos:prefLabel "a"@en ; rdfs:label "b"@en', "en", "a", "en"),
    ('skos:prefLabel "a"@en-GB ; rdfs:label "b"@fr', "en", "a", "en-gb"),
    ('skos:prefLabel "a"@de, "b"', "fr", "b", ""),
    ('skos:prefLabel "a"@de, "b"@en', "fr", "b", "en"),
    ('skos:prefLabel "a"@de, "b"@ar', "fr", "b", "ar"),
    ('dcterms:title "t"@sv ; pal:abbreviation "T"', "en", "t", "sv"),
    ('pal:abbreviation "T" ; dcterms:identifier "t"', "en", "T", ""),
    ('dcterms:identifier "t"', "en", "t", ""),
    ('rdfs:seeAlso "nothing"', "en", "thing", ""),
]


@pytest.mark.parametrize(("stated", "asked", "text", "tag"), CASES)
def test_the_order_of_fallbacks(tmp_path: Path, stated: str, asked: str, text: str, tag: str) -> None:
    file = tmp_path / "data.ttl"
    file.write_text(f"{PREFIXES}\n:thing {stated} .", encoding="utf-8")
    found = labels.of(EmbeddedStore.of_files([file]), ["https://example.org/thing"], asked)
    label = found["https://example.org/thing"]
    assert (label.text, label.language) == (text, tag)
    assert label.foreign == (bool(tag) and tag.split("-")[0] != asked)


def test_what_is_unknown_is_named_after_its_address(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text("", encoding="utf-8")
    store = EmbeddedStore.of_files([file])
    for iri, name in (("https://x.example/a/b%20c", "b c"), ("https://x.example/o#T", "T"), ("urn:a:b", "urn:a:b")):
        assert labels.of(store, [iri], "en")[iri].text == name
