"""The pages of words: the ontology as a whole, one term, one closed list, one concept, one rule."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode

from api import links
from api.present import Part, Presenter
from api.views import blocks
from graph.ids import CONCEPT, PAL, PREFIXES, RULE
from graph.read import records, terms
from graph.read.records import Record
from graph.read.rules import rules
from graph.read.terms import Term
from viz import classes

_SKOS = PREFIXES["skos"]
_RDFS = PREFIXES["rdfs"]
_OWL = PREFIXES["owl"]


def ontology(show: Presenter) -> dict[str, Any]:
    """What `ontology.html` prints."""
    found, t = show.site.ontology, show.words
    show.learn([PAL + name for name in (*found.classes, *found.properties)])
    show.learn([*found.schemes, *(RULE + name for name in rules())])
    boxes = {
        one.iri: classes.Box(show.name(one.iri), show.href(one.iri), t("ontology.abstract") if _abstract(one) else "")
        for one in found.classes.values()
    }
    diagram = classes.draw(boxes, {one.iri: one.parents for one in found.classes.values()}, t("ontology.diagram"))
    return {
        "title": show.values(found.record, PREFIXES["dcterms"] + "title"),
        "description": show.values(found.record, PREFIXES["dcterms"] + "description"),
        "version": records.text(found.record, _OWL + "versionInfo"),
        "counts": {"classes": len(found.classes), "properties": len(found.properties), "schemes": len(found.schemes)},
        "classes": [_term(show, name, one) for name, one in sorted(found.classes.items())],
        "properties": [_term(show, name, one) for name, one in sorted(found.properties.items())],
        "schemes": [(show.link(iri), _definition(show, _record(show, iri))) for iri in found.schemes],
        "rules": [show.link(RULE + name) for name in rules()],
        "diagram": diagram,
        "developers": blocks.developers(terms.ONTOLOGY, "/ontology", _ontology_query(show)),
    }


def term(show: Presenter, name: str) -> dict[str, Any] | None:
    """What `term.html` prints; None for what the ontology does not hold."""
    found = show.site.ontology
    known = found.classes.get(name) or found.properties.get(name)
    if known is None:
        return None
    is_class = name in found.classes
    children = [one.iri for one in found.classes.values() if known.iri in one.parents]
    used = _count(show, f"?s a {NamedNode(known.iri)}" if is_class else f"?s {NamedNode(known.iri)} ?o")
    path = links.local(known.iri, show.site.ids) or ""
    return {
        **_term(show, name, known),
        "path": path,
        "iri": known.iri,
        "kind": show.words("ontology.class" if is_class else "ontology.property"),
        "children": [show.link(one) for one in sorted(children)],
        "used": used,
        "edge": _edge(show, known.iri),
        "aligned": [
            Part(_curie(show, target), show.href(target))
            for name_ in ("equivalentClass", "equivalentProperty")
            for target in known.links(_OWL + name_)
        ]
        + [
            Part(_curie(show, target), show.href(target))
            for iri in (_RDFS + "subClassOf", _RDFS + "subPropertyOf", _SKOS + "closeMatch", _SKOS + "exactMatch")
            for target in known.links(iri)
            if not target.startswith(PAL)
        ],
        "developers": blocks.developers(known.iri, path, blocks.own_query(known.iri)),
    }


def _term(show: Presenter, name: str, one: Term) -> dict[str, Any]:
    return {
        "name": name,
        "label": show.kind(name),
        "title": Part(show.kind(name), lang=_foreign(show, one.iri)),
        "href": show.href(one.iri),
        "definition": _definition(show, one.record),
        "examples": [value.part.text for value in show.values(one.record, _SKOS + "example")],
        "parents": [show.link(parent) for parent in one.parents],
        "domain": [show.link(target) for target in one.links(_RDFS + "domain")],
        "range": [_range(show, target) for target in one.links(_RDFS + "range")],
        "inverse": [show.link(target) for target in one.links(_OWL + "inverseOf")],
        "abstract": _abstract(one),
    }


def _range(show: Presenter, iri: str) -> Part:
    return show.link(iri) if iri.startswith(PAL) else Part(_curie(show, iri), show.href(iri))


def _curie(show: Presenter, iri: str) -> str:
    for prefix, start in show.site.ids.prefixes.items():
        if iri.startswith(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


def _foreign(show: Presenter, iri: str) -> str:
    label = show.label(iri)
    return label.language if label.foreign else ""


def _abstract(one: Term) -> bool:
    return records.text(one.record, PAL + "isAbstract") == "true"


def _definition(show: Presenter, record: Record) -> list[Part]:
    return [value.part for value in show.values(record, _SKOS + "definition")]


def _edge(show: Presenter, iri: str) -> dict[str, Any] | None:
    record = show.site.ontology.edges.get(iri)
    if record is None:
        return None
    family = records.link(record, PAL + "family")
    return {
        "family": show.link(family) if family else None,
        "reads": [value.part for value in show.values(record, _RDFS + "label")],
        "back": [value.part for value in show.values(record, PAL + "inverseLabel")],
    }


def _record(show: Presenter, iri: str) -> Record:
    return records.read(show.site.store, [iri]).get(iri, {})


def concept(show: Presenter, path: str) -> dict[str, Any] | None:
    """What `concept.html` prints for a closed list or one of its concepts; None for what is neither."""
    iri = CONCEPT + path
    record = _record(show, iri)
    if not record:
        return None
    is_scheme = "/" not in path
    members = terms.concepts(show.site.store, iri) if is_scheme else {}
    show.learn(members)
    place = links.local(iri, show.site.ids) or ""
    label = show.label(iri)
    return {
        "iri": iri,
        "path": place,
        "title": Part(label.text[:1].upper() + label.text[1:], lang=label.language if label.foreign else ""),
        "kind": show.words("ontology.scheme" if is_scheme else "ontology.concept"),
        "definition": _definition(show, record),
        "notation": records.text(record, _SKOS + "notation"),
        "scheme": [show.link(one.value.value) for one in record.get(_SKOS + "inScheme", ())],
        "broader": [show.link(one.value.value) for one in record.get(_SKOS + "broader", ())],
        "aligned": [
            Part(_curie(show, one.value.value), show.href(one.value.value))
            for name in ("exactMatch", "closeMatch", "broadMatch")
            for one in record.get(_SKOS + name, ())
        ],
        "members": [
            (show.link(one), records.text(of, _SKOS + "notation"), _definition(show, of)) for one, of in members.items()
        ],
        "used": 0 if is_scheme else _count(show, f"?s ?p {NamedNode(iri)} FILTER(!STRSTARTS(STR(?s), '{CONCEPT}'))"),
        "developers": blocks.developers(iri, place, blocks.own_query(iri)),
    }


def rule(show: Presenter, name: str) -> dict[str, Any] | None:
    """What `rule.html` prints; None for a rule that there is not."""
    known = rules().get(name)
    if known is None:
        return None
    iri = RULE + name
    node = NamedNode(iri)
    path = links.local(iri, show.site.ids) or ""
    query = f"PREFIX pal: <{PAL}>\n\nSELECT ?statement WHERE {{ ?statement pal:byRule {node} }}\nORDER BY ?statement"
    return {
        "iri": iri,
        "path": path,
        "title": show.link(iri),
        "kind": show.words("ontology.rule"),
        "definition": [Part(known.why, lang="" if show.lang == "en" else "en")] if known.why else [],
        "made": _count(show, f"?s pal:byRule {node}"),
        "text": known.text,
        "developers": blocks.developers(iri, path, query),
    }


def _count(show: Presenter, pattern: str) -> int:
    rows = show.site.store.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }}").rows
    return int(rows[0][0].value) if rows and isinstance(rows[0][0], Literal) else 0


def _ontology_query(show: Presenter) -> str:
    graph = NamedNode(show.site.ids.graph("ontology"))
    return (
        f"PREFIX skos: <{_SKOS}>\nPREFIX rdfs: <{_RDFS}>\n\nSELECT ?term ?label ?definition WHERE {{\n"
        f"  GRAPH {graph} {{ ?term rdfs:label ?label ; skos:definition ?definition }}\n"
        '  FILTER(LANG(?label) = "en" && LANG(?definition) = "en")\n}\nORDER BY ?term'
    )
