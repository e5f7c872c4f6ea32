"""The JSON-LD context knows every property, and means by it what the ontology says."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import OWL, RDF, RDFS, XSD

import ontology
from tests.ontology.support import TERMS, terms

CONTEXT: dict[str, Any] = json.loads(ontology.context().read_text("utf-8"))["@context"]
GRAPH = terms()


def test_every_property_has_a_readable_key() -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    properties = {one for kind in kinds for one in GRAPH.subjects(RDF.type, kind)}
    keys = {one["@id"] for one in CONTEXT.values() if isinstance(one, dict) and "@id" in one}
    assert {f"pal:{str(one).removeprefix(str(TERMS))}" for one in properties} - keys == set()


def test_keys_mean_declared_terms_and_links_are_links() -> None:
    for key, meaning in CONTEXT.items():
        iri = meaning.get("@id", "") if isinstance(meaning, dict) else ""
        if not iri.startswith("pal:"):
            continue
        term = TERMS[iri.removeprefix("pal:")]
        assert (term, None, None) in GRAPH, f"{key} means {term}, which is not declared"
        to = GRAPH.value(term, RDFS.range)
        if meaning.get("@container") == "@language":
            assert to == RDF.langString
        if (term, RDF.type, OWL.DatatypeProperty) in GRAPH:
            assert meaning.get("@type") != "@id"


def test_a_readable_document_is_the_graph_it_means() -> None:
    document = {
        "@context": CONTEXT,
        "id": "https://example.org/data/id/fra",
        "type": "pal:State",
        "label": {"en": "France", "fr": "France"},
        "memberOf": "https://example.org/data/id/coe",
        "startDay": "1789-01-01",
    }
    fra = NamedNode("https://example.org/data/id/fra")
    meant = {one.triple for one in parse(json.dumps(document).encode(), format=RdfFormat.JSON_LD)}
    assert meant == {
        Triple(fra, NamedNode(str(RDF.type)), NamedNode(TERMS.State)),
        Triple(fra, NamedNode(TERMS.memberOf), NamedNode("https://example.org/data/id/coe")),
        Triple(fra, NamedNode(str(RDFS.label)), Literal("France", language="en")),
        Triple(fra, NamedNode(str(RDFS.label)), Literal("France", language="fr")),
        Triple(fra, NamedNode(TERMS.startDay), Literal("1789-01-01", datatype=NamedNode(str(XSD.date)))),
    }
