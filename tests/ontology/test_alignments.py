"""Alignments tie our terms to terms that exist, with a reason, one vocabulary to a file."""

from __future__ import annotations

import pytest
from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SDO, VOID, XSD, Graph, URIRef
from rdflib import SKOS as RDFLIB_SKOS

import ontology
from tests.ontology.support import TERMS, terms

FILES = {one.name.removesuffix(".ttl"): one for one in ontology.alignments()}
DECLARED = {one for one in terms().subjects(RDF.type, None) if str(one).startswith(str(TERMS))}

#: Vocabularies of which rdflib knows every term.
KNOWN = {str(one): one for one in (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, RDFLIB_SKOS, SDO, VOID, XSD)}

#: Terms of vocabularies that rdflib does not carry, looked up in the vocabulary's own documents.
ELI = "http://data.europa.eu/eli/ontology#"
SDMX = "http://purl.org/linked-data/sdmx/2009/"
LOOKED_UP = {
    *(ELI + one for one in (
        "LegalResource", "date_document", "first_date_entry_in_force", "passed_by", "id_local", "title_short",
        "changes", "transposes",
    )),
    *(SDMX + one for one in (
        "dimension#refArea", "dimension#refPeriod", "dimension#sex", "dimension#age", "measure#obsValue",
        "attribute#unitMeasure",
    )),
}  # fmt: skip

#: Places that are not vocabularies: documents, tables of codes, licences, our own lists.
PLACES = (
    "https://w3id.org/palermo/", "https://creativecommons.org/", "http://publications.europa.eu/resource/authority/",
)  # fmt: skip


def graph(name: str) -> Graph:
    return Graph().parse(data=FILES[name].read_text("utf-8"), format="turtle")


def exists(term: URIRef) -> bool:
    if str(term) in LOOKED_UP:
        return True
    for base, vocabulary in KNOWN.items():
        if str(term).startswith(base):
            # Some namespaces (void, foaf) hold more than rdflib's list; membership is what rdflib can tell.
            return term in vocabulary
    return False


def test_one_file_for_each_vocabulary() -> None:
    assert set(FILES) >= {
        "org", "prov", "skos", "qb", "dcat-void", "eli", "schema", "foaf", "eu-authority", "dcterms",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_says_what_it_aligns_and_why(name: str) -> None:
    aligned = graph(name)
    header = URIRef(f"https://w3id.org/palermo/ontology/alignments/{name}")
    assert (header, RDF.type, OWL.Ontology) in aligned
    for property_ in (DCTERMS.title, DCTERMS.description, DCTERMS.license, OWL.versionInfo, RDFS.seeAlso):
        assert aligned.value(header, property_) is not None
    text = FILES[name].read_text("utf-8")
    blocks = [one for one in text.split("\n\n")[2:] if "subClassOf" in one or "Match" in one]
    assert blocks
    assert all(one.lstrip().startswith("# ") for one in blocks), "a comment with the reason before each group"


@pytest.mark.parametrize("name", sorted(FILES))
def test_aligned_terms_exist_on_both_sides(name: str) -> None:
    aligned = graph(name)
    header = URIRef(f"https://w3id.org/palermo/ontology/alignments/{name}")
    own = {one for one in aligned.subjects(RDF.type, None) if str(one).startswith(str(TERMS))}
    for subject, predicate, value in aligned:
        if subject == header:
            continue
        for term in (subject, predicate, value):
            if not isinstance(term, URIRef) or (str(term).startswith(PLACES) and not str(term).startswith(str(TERMS))):
                continue
            if str(term).startswith(str(TERMS)):
                assert term in DECLARED | own, f"{term} is not declared"
            else:
                assert exists(term), f"{term} is no term of its vocabulary"


def test_the_structure_of_the_figures_has_every_property_of_a_figure() -> None:
    aligned = graph("qb")
    structure = TERMS.figureStructure
    parts = list(aligned.objects(structure, QB.component))
    used = {aligned.value(one, kind) for one in parts for kind in (QB.dimension, QB.measure, QB.attribute)} - {None}
    figures = set(terms().subjects(RDFS.domain, TERMS.Observation)) - {TERMS.periodStart, TERMS.periodEnd}
    assert used == figures | {DCTERMS.publisher, TERMS.note}
