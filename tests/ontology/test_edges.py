"""edges.ttl alone says what is an edge: each kind is whole, and nothing that stands on statements is missing."""

from __future__ import annotations

from collections import Counter

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

import ontology
from graph.build.families import ACTION_PREDICATES, INVERSE, SYMMETRIC
from graph.build.schema import RELATIONS
from tests.ontology.support import SKOS, TERMS, of_type, terms, texts

GRAPH = terms()
EDGES = of_type(GRAPH, TERMS.EdgeType)
FAMILY = "https://w3id.org/palermo/concept/family/"
FAMILIES = {"treaty", "monitoring", "cooperation", "funding", "structure", "mandate"}


def name(term: object) -> str:
    return str(term).removeprefix(str(TERMS))


def test_one_kind_of_edge_for_each_property_on_statements() -> None:
    predicates = [name(GRAPH.value(one, TERMS.predicate)) for one in EDGES]
    from_columns = {"basedIn", "amendsOrSupplements", "takesPlaceIn", "decided", "respondent"}
    expected = {
        *(INVERSE.get(one, one) for one in RELATIONS), *ACTION_PREDICATES.values(), *from_columns,
        "partyTo", "evaluated",
    }  # fmt: skip
    assert Counter(predicates) == Counter(expected)
    assert len(EDGES) >= 42


@pytest.mark.parametrize("edge", EDGES, ids=name)
def test_a_kind_of_edge_is_whole(edge: URIRef) -> None:
    predicate = GRAPH.value(edge, TERMS.predicate)
    assert edge == TERMS[f"edge-{name(predicate)}"]
    assert (predicate, RDF.type, OWL.ObjectProperty) in GRAPH
    assert str(GRAPH.value(edge, TERMS.family)).removeprefix(FAMILY) in FAMILIES
    assert (GRAPH.value(edge, TERMS.edgeNode), RDF.type, OWL.Class) in GRAPH
    for end, generic in ((TERMS.edgeSource, TERMS.subject), (TERMS.edgeTarget, TERMS.object)):
        property_ = GRAPH.value(edge, end)
        assert property_ == generic or (property_, RDFS.subPropertyOf, generic) in GRAPH


@pytest.mark.parametrize("edge", EDGES, ids=name)
def test_a_kind_of_edge_has_words_in_both_languages(edge: URIRef) -> None:
    phrases = [RDFS.label, TERMS.inverseLabel]
    ended = [TERMS.endedLabel, TERMS.endedInverseLabel]
    lasting = GRAPH.value(edge, TERMS.lasting)
    assert isinstance(lasting, Literal)
    for phrase in phrases + (ended if lasting.toPython() else []):
        assert set(texts(GRAPH, edge, phrase)) == {"en", "fr"}
    if not lasting.toPython():
        assert not [one for phrase in ended for one in GRAPH.objects(edge, phrase)], "an act has no end"


@pytest.mark.parametrize("edge", EDGES, ids=name)
def test_what_has_no_direction_reads_the_same_both_ways(edge: URIRef) -> None:
    predicate = GRAPH.value(edge, TERMS.predicate)
    symmetric = (predicate, RDF.type, OWL.SymmetricProperty) in GRAPH
    directed = GRAPH.value(edge, TERMS.directed)
    assert directed == Literal(not symmetric)
    assert symmetric == (name(predicate) in SYMMETRIC)
    if symmetric:
        assert set(GRAPH.objects(edge, RDFS.label)) == set(GRAPH.objects(edge, TERMS.inverseLabel))
    else:
        assert GRAPH.value(predicate, OWL.inverseOf) is not None


def test_every_family_is_used_and_explained() -> None:
    used = Counter(str(GRAPH.value(one, TERMS.family)).removeprefix(FAMILY) for one in EDGES)
    assert set(used) == FAMILIES
    scheme = Graph()
    [file] = [one for one in ontology.schemes() if one.name == "family.ttl"]
    scheme.parse(data=file.read_text("utf-8"), format="turtle")
    for family in FAMILIES:
        concept = URIRef(FAMILY + family)
        assert scheme.value(concept, SKOS.notation) == Literal(family)
        for property_ in (SKOS.prefLabel, SKOS.definition):
            assert set(texts(scheme, concept, property_)) == {"en", "fr"}


def test_inverses_never_stand_on_statements() -> None:
    turned = {GRAPH.value(GRAPH.value(edge, TERMS.predicate), OWL.inverseOf) for edge in EDGES} - {None}
    assert not turned & {GRAPH.value(edge, TERMS.predicate) for edge in EDGES}
