"""Every term says what it is, in both languages, without going round in a circle, and where it may be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, BNode, Literal, URIRef

import ontology
from tests.ontology.support import SKOS, TERMS, of_type, terms, texts

ONTOLOGY = URIRef("https://w3id.org/palermo/ontology")
GRAPH = terms()
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.SymmetricProperty)
CLASSES = of_type(GRAPH, OWL.Class)
PROPERTIES = sorted({one for kind in KINDS[1:] for one in of_type(GRAPH, kind)})
FACTS = Path(__file__).parents[2] / "graph" / "facts"

#: Words that carry no meaning of their own: what is left of a definition must be more than the label.
SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "or",
        "and",
        "to",
        "in",
        "on",
        "for",
        "by",
        "with",
        "that",
        "which",
        "who",
        "is",
        "are",
        "was",
        "be",
        "it",
        "its",
        "as",
        "at",
        "from",
        "not",
        "no",
        "has",
        "have",
        "what",
        "un",
        "une",
        "le",
        "la",
        "les",
        "l",
        "d",
        "de",
        "des",
        "du",
        "et",
        "ou",
        "à",
        "au",
        "aux",
        "en",
        "dans",
        "par",
        "pour",
        "que",
        "qui",
        "est",
        "son",
        "sa",
        "ses",
        "ne",
        "pas",
        "été",
        "ce",
        "se",
    ]
)


def name(term: object) -> str:
    return str(term).removeprefix(str(TERMS))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_as_many_terms_as_were_declared() -> None:
    assert len(CLASSES) >= 49
    assert len(PROPERTIES) >= 155


@pytest.mark.parametrize("term", [*CLASSES, *PROPERTIES], ids=name)
def test_a_term_is_explained_in_both_languages(term: URIRef) -> None:
    assert term.startswith(str(TERMS))
    assert (term, RDFS.isDefinedBy, ONTOLOGY) in GRAPH
    for property_ in (RDFS.label, SKOS.definition):
        assert set(texts(GRAPH, term, property_)) == {"en", "fr"}, f"{property_} once in English and once in French"
    examples = list(GRAPH.objects(term, SKOS.example))
    assert len(examples) == 1
    assert isinstance(examples[0], Literal)


@pytest.mark.parametrize("term", [*CLASSES, *PROPERTIES], ids=name)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_definition_does_not_repeat_its_label(term: URIRef, language: str) -> None:
    label, text = texts(GRAPH, term, RDFS.label)[language], texts(GRAPH, term, SKOS.definition)[language]
    assert f" {' '.join(words(label))} " not in f" {' '.join(words(text))} ", f"{label!r} is defined by itself"
    own = {word for word in words(text) if word not in SMALL} - set(words(label))
    assert len(own) >= 3, f"{text!r} says nothing beyond {label!r}"


@pytest.mark.parametrize("term", PROPERTIES, ids=name)
def test_a_property_has_a_domain_and_a_range_or_says_why_not(term: URIRef) -> None:
    for stated, reason in ((RDFS.domain, TERMS.noDomainReason), (RDFS.range, TERMS.noRangeReason)):
        either = [*GRAPH.objects(term, stated), *GRAPH.objects(term, reason)]
        assert len(either) == 1, f"exactly one of {stated} and {reason}"


@pytest.mark.parametrize("term", PROPERTIES, ids=name)
def test_domains_and_ranges_are_declared(term: URIRef) -> None:
    for used in [*GRAPH.objects(term, RDFS.domain), *GRAPH.objects(term, RDFS.range)]:
        assert not str(used).startswith(str(TERMS)) or used in CLASSES


@pytest.mark.parametrize("term", CLASSES, ids=name)
def test_broader_classes_are_declared(term: URIRef) -> None:
    for broader in GRAPH.objects(term, RDFS.subClassOf):
        assert not str(broader).startswith(str(TERMS)) or broader in CLASSES


@pytest.mark.parametrize("term", [*CLASSES, *PROPERTIES], ids=name)
def test_an_example_uses_its_term(term: URIRef) -> None:
    [example] = GRAPH.objects(term, SKOS.example)
    assert re.search(rf"pal:{name(term)}\b", str(example))


def test_examples_speak_of_things_that_are_recorded() -> None:
    known = {
        line.partition(",")[0]
        for family in ("states", "actors", "instruments", "projects", "court-cases", "sources")
        for file in FACTS.glob(f"{family}-*.csv")
        for line in file.read_text("utf-8").splitlines()
    }
    used = {
        match
        for example in GRAPH.objects(None, SKOS.example)
        for match in re.findall(r"(?:id|src):([a-z0-9]+(?:-[a-z0-9]+)*)", str(example))
    }
    assert len(used) > 60
    assert sorted(used - known) == []


def test_inverses_name_each_other_and_swap_their_ends() -> None:
    pairs = list(GRAPH.subject_objects(OWL.inverseOf))
    assert len(pairs) >= 2 * 38
    for one, other in pairs:
        assert (other, OWL.inverseOf, one) in GRAPH
        assert GRAPH.value(one, RDFS.domain) == GRAPH.value(other, RDFS.range)
        assert GRAPH.value(one, RDFS.range) == GRAPH.value(other, RDFS.domain)


def test_symmetric_properties_join_things_of_one_class() -> None:
    found = of_type(GRAPH, OWL.SymmetricProperty)
    assert {name(one) for one in found} >= {"cooperatesWith", "launchedWith", "signedAgreementWith"}
    for one in found:
        assert GRAPH.value(one, RDFS.domain) == GRAPH.value(one, RDFS.range)


def test_the_header_says_version_and_licence() -> None:
    assert GRAPH.value(ONTOLOGY, OWL.versionInfo) == Literal("1.0.0")
    assert GRAPH.value(ONTOLOGY, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")


def test_no_individuals_that_would_be_counted() -> None:
    allowed = {*KINDS, OWL.Ontology, TERMS.EdgeType}
    assert set(GRAPH.objects(None, RDF.type)) <= allowed
    assert not [one for one in GRAPH.subjects() if isinstance(one, BNode)]


def test_every_file_of_terms_is_found() -> None:
    files = {one.name for one in ontology.core()}
    assert files == {
        "attributes.ttl", "core.ttl", "inverses.ttl", "relations.ttl", "sources.ttl", "statements.ttl",
        "statistics.ttl", "treaties.ttl",
    }  # fmt: skip
