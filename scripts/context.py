"""Write ontology/context.jsonld from the ontology: a term for every property, coerced as its range says.

    .venv/bin/python scripts/context.py

To be run when a property is added or its range changes; a test compares the file with the ontology.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from graph.build import vocabulary
from graph.ids import PAL, PREFIXES

FILE = Path(__file__).resolve().parent.parent / "ontology" / "context.jsonld"

_PREFIXES = (
    "pal", "con", "rdf", "rdfs", "owl", "xsd", "skos", "dcterms", "foaf", "prov", "qb", "schema", "void", "dcat",
)  # fmt: skip
#: Terms for what other vocabularies give: by language, as links, as they stand.
_TEXTS = {
    "label": "rdfs:label", "prefLabel": "skos:prefLabel", "altLabel": "skos:altLabel", "definition": "skos:definition",
    "title": "dcterms:title", "description": "dcterms:description",
}  # fmt: skip
_LINKS = {
    "sources": "dcterms:source", "license": "dcterms:license", "partOfDataset": "dcterms:isPartOf",
    "inScheme": "skos:inScheme", "topConceptOf": "skos:topConceptOf", "broader": "skos:broader",
    "narrower": "skos:narrower", "exactMatch": "skos:exactMatch", "closeMatch": "skos:closeMatch",
    "sameAs": "owl:sameAs", "inverseOf": "owl:inverseOf", "homepage": "foaf:homepage",
    "primaryTopic": "foaf:primaryTopic", "url": "schema:url", "wasDerivedFrom": "prov:wasDerivedFrom",
    "subClassOf": "rdfs:subClassOf", "subPropertyOf": "rdfs:subPropertyOf", "domain": "rdfs:domain",
    "range": "rdfs:range", "isDefinedBy": "rdfs:isDefinedBy", "dataSet": "qb:dataSet",
}  # fmt: skip
_VALUES = {
    "identifier": "dcterms:identifier", "publisher": "dcterms:publisher", "language": "dcterms:language",
    "issued": "dcterms:issued", "notation": "skos:notation", "version": "owl:versionInfo",
}  # fmt: skip
#: Links that are told from their object: what is said of a thing hangs below it.
_REVERSE = {"statements": "pal:subject", "statementsAbout": "pal:object", "document": "foaf:primaryTopic"}


def context() -> dict[str, Any]:
    """The context as the ontology wants it. Raises :class:`ValueError` where a property's name is taken."""
    found: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
    found |= {prefix: PREFIXES[prefix] for prefix in _PREFIXES}
    found |= {name: {"@id": iri, "@container": "@language"} for name, iri in _TEXTS.items()}
    found |= {name: {"@id": iri, "@type": "@id"} for name, iri in _LINKS.items()}
    found |= {name: {"@id": iri} for name, iri in _VALUES.items()}
    found |= {name: {"@reverse": iri} for name, iri in _REVERSE.items()}
    for name, coercion in _properties().items():
        if name in found:
            raise ValueError(f"pal:{name}: the context has another meaning for {name!r}")
        found[name] = {"@id": f"pal:{name}", **coercion}
    return found


def _properties() -> dict[str, dict[str, str]]:
    """The coercion of every property of the ontology, by local name in alphabetical order."""
    types: dict[str, set[str]] = {}
    ranges: dict[str, str] = {}
    for triple in vocabulary.load().triples:
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        if subject.startswith(PAL) and isinstance(triple.object, NamedNode):
            name = subject.removeprefix(PAL)
            if triple.predicate.value == PREFIXES["rdf"] + "type":
                types.setdefault(name, set()).add(triple.object.value.rpartition("#")[2])
            elif triple.predicate.value == PREFIXES["rdfs"] + "range":
                ranges[name] = triple.object.value
    found: dict[str, dict[str, str]] = {}
    for name in sorted(types):
        range_ = ranges.get(name, "")
        if "ObjectProperty" in types[name]:
            found[name] = {"@type": "@id"}
        elif not types[name] & {"DatatypeProperty", "AnnotationProperty"}:
            continue
        elif range_ == PREFIXES["rdf"] + "langString":
            found[name] = {"@container": "@language"}
        elif range_.startswith(PREFIXES["xsd"]) and not range_.endswith("#string"):
            found[name] = {"@type": f"xsd:{range_.rpartition('#')[2]}"}
        else:
            found[name] = {}
    return found


def text() -> str:
    """The file: a line for each term."""
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(meaning)}" for name, meaning in context().items())
    return '{ "@context": {\n' + lines + "\n} }\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
