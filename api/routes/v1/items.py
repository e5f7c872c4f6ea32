"""Items as JSON that is also JSON-LD, and as flat rows for CSV.

The context says only what the graph says: a field that has no property of its own (a label in the reader's language, a
date as printed) is plain JSON and means nothing in RDF, so that the JSON-LD of an item is always a part of the graph.
"""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from api.language import Lang
from graph.ids import CONCEPT, PAL, PREFIXES, Ids
from graph.read.collections import Collection, Field
from graph.read.index import Edge, NetworkIndex, Node, Source
from graph.read.network import Standing
from graph.read.release import Release

_LINKS: Final = ("entity", "source", "concept", "statement")
_XSD: Final = PREFIXES["xsd"]

#: Members of answers that say nothing in RDF.
_PLAIN: Final = (
    "release", "count", "next", "id", "label", "sentence", "standing", "rule", "family", "sources", "knownBy", "who",
    "degree", "links", "relations", "neighbours", "hash",
)  # fmt: skip


def context(collection: Collection) -> dict[str, Any]:
    """The JSON-LD context of a list and of its items."""
    found: dict[str, Any] = {
        "@version": 1.1,
        "@vocab": PAL,
        "pal": PAL,
        "items": "@graph",
        **dict.fromkeys(_PLAIN),
    }
    for field in collection.fields:
        found[field.name] = _meaning(field)
    return {"@context": found}


def _meaning(field: Field) -> dict[str, Any] | None:
    prefix, _, local = field.property.partition(":")
    iri = PREFIXES[prefix] + local if prefix else ""
    if not iri or field.property == "rdf:type":
        return None
    if field.name == "predicate":
        return {"@id": iri, "@type": "@vocab"}
    match field.holds:
        case "entity" | "concept" | "iri" | "statement":
            return {"@id": iri, "@type": "@id"}
        case "words":
            return {"@id": iri, "@container": "@language"}
        case "day":
            return {"@id": iri, "@type": _XSD + "date"}
        case "integer":
            return {"@id": iri, "@type": _XSD + "integer"}
        case "text" if field.name not in ("otherNames", "title", "notes"):
            return {"@id": iri}
        case _:
            # Dates as printed and numbers have datatypes that change from value to value, some texts a language.
            return None


class Items:
    """Shapes items of one release in one language."""

    def __init__(self, release: Release, lang: Lang, as_of: date | None = None) -> None:
        self._release = release
        self._index: NetworkIndex = release.index
        self._ids: Ids = release.index.ids
        self._lang = lang
        self._on = as_of

    def entity(self, node: Node) -> dict[str, Any]:
        """A link to an entity."""
        return {"@id": node.iri, "id": node.id, "label": node.label(self._lang)}

    def kind(self, kind: str) -> str:
        """The label of a class."""
        words = self._index.kinds.get(kind, {})
        return words.get(self._lang) or words.get("en") or kind

    def who(self, node: Node) -> str:
        """One line that says who a node is: its kind, where it belongs, and in English what it does."""
        index, place = self._index, ""
        if node.country in index.aliases:
            place = index.find(node.country).label(self._lang)
        line = f"{self.kind(node.kind)}, {place}" if place and place != node.label(self._lang) else self.kind(node.kind)
        line = line[:1].upper() + line[1:]
        return f"{line}. {node.description}" if self._lang == "en" and node.description else line

    def found(self, node: Node) -> dict[str, Any]:
        """An entity as a search shows it."""
        return {
            **self.entity(node),
            "@type": node.kind,
            "kind": node.kind,
            "kindLabel": self.kind(node.kind),
            "abbreviation": node.abbreviation or None,
            "who": self.who(node),
            "degree": self._index.degree[node.number],
        }

    def source(self, source: Source) -> dict[str, Any]:
        """A source as it is cited."""
        return {
            "@id": source.iri,
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url or None,
            "issued": source.issued or None,
            "kind": source.kind,
        }

    def statement(self, edge: Edge, standing: Standing | None = None) -> dict[str, Any]:
        """A statement of the network with its sentence and its sources."""
        index = self._index
        found = {
            "@id": edge.iri,
            "@type": edge.kind,
            "id": self._ids.local(edge.iri) or edge.iri,
            "sentence": self._release.teller.say(edge, self._lang, self._on),
            "subject": self.entity(index.nodes[edge.subject]),
            "predicate": edge.predicate,
            "object": self.entity(index.nodes[edge.object]),
            "family": edge.family,
            "startDay": edge.start.isoformat() if edge.start else None,
            "endDay": edge.end.isoformat() if edge.end else None,
            "knownBy": edge.known_by.isoformat() if edge.known_by else None,
            "rule": edge.rule or None,
            "sources": [self.source(index.sources[one]) for one in edge.sources],
        }
        if standing is not None:
            found["standing"] = standing
        return found

    def item(self, collection: Collection, item: Mapping[str, Any], fields: Names[str] = ()) -> dict[str, Any]:
        """An item of a list; with `fields`, only those."""
        found: dict[str, Any] = {"@id": item["iri"], "@type": item["type"], "id": item["id"]}
        number = self._index.aliases.get(item["iri"]) if collection.kind == "entity" else None
        if number is not None:
            found["label"] = self._index.nodes[number].label(self._lang)
        edge = self._index.statements.get(item["iri"])
        if edge is not None and (not fields or "sentence" in fields):
            found["sentence"] = self._release.teller.say(self._index.edges[edge], self._lang, self._on)
        for field in collection.fields:
            if field.name in item and (not fields or field.name in fields):
                found[field.name] = self._value(field, item[field.name])
        for name in ("standing", "rule"):
            if name in item and (not fields or name in fields):
                found[name] = item[name]
        return found

    def _value(self, field: Field, value: Any) -> Any:
        if field.holds not in _LINKS:
            return value
        if isinstance(value, list):
            return [self._link(field, one) for one in value]
        return self._link(field, value)

    def _link(self, field: Field, value: str) -> dict[str, Any]:
        match field.holds:
            case "concept":
                iri = f"{CONCEPT}{field.scheme}/{value}"
                label = self._release.rows.concept(field.scheme, value, self._lang)
                return {"@id": iri, "id": value, "label": label}
            case "source":
                number = self._source_number(value)
                return {"@id": self._ids.source(value), "id": value, **number}
            case _:
                iri = value if value.startswith(("http:", "https:")) else self._ids.entity(value)
                node = self._index.aliases.get(iri)
                named = {"label": self._index.nodes[node].label(self._lang)} if node is not None else {}
                return {"@id": iri, "id": value, **named}

    def _source_number(self, value: str) -> dict[str, Any]:
        source = self._release.rows.one("sources", value)
        return {name: source[name] for name in ("title", "publisher", "url", "issued") if source and name in source}


def columns(collection: Collection) -> list[str]:
    """The columns of a list as CSV."""
    found = ["id", "iri", "type"]
    for field in collection.fields:
        if field.holds == "words":
            single = field.name.removesuffix("s")
            found += [f"{single}_en", f"{single}_fr"]
        elif field.name != "kind" or field.property != "rdf:type":
            found.append(field.name)
    return [*found, *(("standing",) if collection.dated else ())]


def flat(collection: Collection, item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as one row: links as local ids, texts per language in columns of their own."""
    found = dict(item)
    for field in collection.fields:
        if field.holds == "words":
            for language, value in (item.get(field.name) or {}).items():
                found[f"{field.name.removesuffix('s')}_{language}"] = value
    return found
