"""The OpenAPI description of the JSON API: parameters, items and answers, made from the same data as the answers."""

from __future__ import annotations

from typing import Any, Final

from graph.read.collections import Collection, Field
from graph.read.index import FAMILIES

PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string", "description": "The parameter that is wrong."},
        "value": {"type": "string", "description": "Its value."},
        "allowed": {"type": "array", "items": {"type": "string"}, "description": "What is allowed there."},
    },
}
_PROBLEM: Final = {"description": "A problem.", "content": {"application/problem+json": {"schema": PROBLEM}}}

LANG: Final = {"name": "lang", "in": "query", "schema": {"type": "string", "enum": ["en", "fr"]},
               "description": "Language of labels and sentences; otherwise Accept-Language decides."}  # fmt: skip
AS_OF: Final = {"name": "as_of", "in": "query", "schema": {"type": "string", "format": "date"},
                "description": "Only what held, or may have held, on that day; `standing` says which."}  # fmt: skip
FAMILY: Final = {"name": "families", "in": "query", "schema": {"type": "string"}, "example": "treaty,funding",
                 "description": f"Families of relations joined by commas: {', '.join(FAMILIES)}."}  # fmt: skip
CURSOR: Final = {"name": "cursor", "in": "query", "schema": {"type": "string"},
                 "description": "Where a page begins; `next` of the page before gives it."}  # fmt: skip


def text(name: str, about: str, *, required: bool = False, example: str | None = None) -> dict[str, Any]:
    """A parameter of free text."""
    found: dict[str, Any] = {"name": name, "in": "query", "schema": {"type": "string"}, "description": about}
    if required:
        found["required"] = True
    if example is not None:
        found["example"] = example
    return found


def choice(name: str, values: tuple[str, ...], about: str) -> dict[str, Any]:
    """A parameter of a few values."""
    return {"name": name, "in": "query", "schema": {"type": "string", "enum": list(values)}, "description": about}


def limit(default: int, most: int) -> dict[str, Any]:
    """The parameter `limit`."""
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return {"name": "limit", "in": "query", "schema": schema, "description": "Items of a page."}


def day(name: str, about: str) -> dict[str, Any]:
    """A required day."""
    schema = {"type": "string", "format": "date"}
    return {"name": name, "in": "query", "required": True, "schema": schema, "description": about}


def answers(
    schema: dict[str, Any], *, csv: bool = False, media: str = "application/json"
) -> dict[int | str, dict[str, Any]]:
    """The answers of a route."""
    content: dict[str, Any] = {media: {"schema": schema}}
    if csv:
        content["text/csv"] = {"schema": {"type": "string"}}
    ok = {"description": "The answer.", "content": content}
    return {200: ok, 304: {"description": "The client has it already."}, "default": _PROBLEM}


OBJECT: Final[dict[str, Any]] = {"type": "object"}
_LINK: Final = {
    "type": "object",
    "required": ["@id", "id"],
    "properties": {"@id": {"type": "string"}, "id": {"type": "string"}, "label": {"type": "string"}},
}


def _field(field: Field) -> dict[str, Any]:
    simple: dict[str, dict[str, Any]] = {
        "words": {"type": "object", "additionalProperties": {"type": "string"}},
        "day": {"type": "string", "format": "date"},
        "number": {"type": "number"},
        "integer": {"type": "integer"},
    }
    one = simple.get(field.holds, {"type": "string"})
    if field.holds in ("entity", "source", "statement", "concept"):
        one = _LINK
    shape: dict[str, Any] = {"type": "array", "items": one} if field.many else dict(one)
    return {**shape, "description": field.about}


def item(collection: Collection) -> dict[str, Any]:
    """The schema of one item."""
    properties: dict[str, Any] = {
        "@id": {"type": "string", "description": "Its IRI."},
        "@type": {"type": "string", "description": "Its class."},
        "id": {"type": "string", "description": "Its local id."},
        "label": {"type": "string", "description": "Its name in the language asked for, or else the other."},
        "sentence": {"type": "string", "description": "The statement in words."},
        "standing": {"type": "string", "enum": ["valid", "unknown"], "description": "With as_of: whether certain."},
    }
    properties |= {field.name: _field(field) for field in collection.fields}
    return {"type": "object", "required": ["@id", "@type", "id"], "properties": properties}


def page(one: dict[str, Any]) -> dict[str, Any]:
    """The schema of a page of items."""
    return {
        "type": "object",
        "required": ["@context", "release", "count", "items", "next"],
        "properties": {
            "@context": {"type": "string"},
            "release": {"type": "string"},
            "count": {"type": "integer", "description": "How many match in all."},
            "next": {"type": ["string", "null"], "description": "Address of the next page."},
            "items": {"type": "array", "items": one},
        },
    }
