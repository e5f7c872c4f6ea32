"""VoID and DCAT: what a release holds, in RDF, for catalogues and for editors that complete from a schema."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.ids import PREFIXES, Ids

_XSD_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")

#: Vocabularies that the data use, for `void:vocabulary`.
_VOCABULARIES: Final = ("pal", "skos", "dcterms", "foaf", "prov", "qb", "schema")


def void(merged: set[Triple], ids: Ids, version: str, sources: int) -> set[Triple]:
    """The description of one release, with partitions by class and by property."""
    dataset = NamedNode(ids.base + "data")
    kinds: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    subjects: dict[str, set[str]] = defaultdict(set)
    for triple in merged:
        properties[triple.predicate.value] += 1
        if triple.predicate == _TYPE and isinstance(triple.object, NamedNode):
            kinds[triple.object.value] += 1
        if isinstance(triple.subject, NamedNode):
            subjects["all"].add(triple.subject.value)
    out = set(_header(dataset, ids, version))
    out |= {
        _count(dataset, "void", "triples", len(merged)),
        _count(dataset, "void", "entities", sum(one.startswith(ids.entity("")) for one in subjects["all"])),
        _count(dataset, "void", "distinctSubjects", len(subjects["all"])),
        _count(dataset, "void", "classes", len(kinds)),
        _count(dataset, "void", "properties", len(properties)),
        _count(dataset, "void", "documents", sources),
    }
    for name, which, counter, counted in (
        ("classPartition", "class", kinds, "entities"),
        ("propertyPartition", "property", properties, "triples"),
    ):
        for iri, count in counter.items():
            # A name of its own for each partition: blank nodes would differ between serialisations.
            part = NamedNode(f"{ids.graph('release')}/{which}/{iri.replace('#', '/').split('://', 1)[-1]}")
            out.add(Triple(dataset, _term("void", name), part))
            out.add(Triple(part, _term("void", which), NamedNode(iri)))
            out.add(_count(part, "void", counted, count))
    return out


def _header(dataset: NamedNode, ids: Ids, version: str) -> Iterator[Triple]:
    for kind in (_term("void", "Dataset"), _term("dcat", "Dataset")):
        yield Triple(dataset, _TYPE, kind)
    titles = {
        "en": "Palermo: who acts against human trafficking",
        "fr": "Palermo : qui agit contre la traite des êtres humains",
    }
    for language, title in titles.items():
        yield Triple(dataset, _term("dcterms", "title"), Literal(title, language=language))
    description = (
        "An open, sourced knowledge graph of the states, bodies, agencies and associations that act against human"
        " trafficking, the treaties and laws that bind them, and who monitors, funds and works with whom, since when,"
        " and which source says so."
    )
    yield Triple(dataset, _term("dcterms", "description"), Literal(description, language="en"))
    licence = NamedNode("https://creativecommons.org/licenses/by/4.0/")
    yield Triple(dataset, _term("dcterms", "license"), licence)
    yield Triple(dataset, NamedNode(PREFIXES["owl"] + "versionInfo"), Literal(version))
    yield Triple(dataset, _term("dcat", "version"), Literal(version))
    yield Triple(dataset, _term("void", "uriSpace"), Literal(ids.base))
    yield Triple(dataset, _term("void", "sparqlEndpoint"), NamedNode(ids.base + "sparql"))
    yield Triple(dataset, _term("foaf", "homepage"), NamedNode(ids.base))
    for prefix in _VOCABULARIES:
        yield Triple(dataset, _term("void", "vocabulary"), NamedNode(PREFIXES[prefix]))
    for example in ("fra", "greta", "palermo-protocol", "cets-197"):
        yield Triple(dataset, _term("void", "exampleResource"), NamedNode(ids.entity(example)))
    for name, media in (("dataset.nq", "application/n-quads"), ("merged.nt", "application/n-triples")):
        dump = NamedNode(f"{ids.base}data/{name}")
        yield Triple(dataset, _term("void", "dataDump"), dump)
        yield Triple(dataset, _term("dcat", "distribution"), dump)
        yield Triple(dump, _TYPE, _term("dcat", "Distribution"))
        yield Triple(dump, _term("dcat", "downloadURL"), dump)
        types = NamedNode("https://www.iana.org/assignments/media-types/" + media)
        yield Triple(dump, _term("dcat", "mediaType"), types)


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)


def _count(subject: NamedNode | BlankNode, prefix: str, name: str, value: int) -> Triple:
    return Triple(subject, _term(prefix, name), Literal(str(value), datatype=_XSD_INTEGER))
