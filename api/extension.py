"""Data extension of the Reconciliation Service API: properties of reconciled entities, as cells of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.errors import BadRequest
from graph.dates import PartialDate
from graph.read.index import Node, UnknownNodeError
from graph.read.properties import Property, Value
from graph.read.reconcile import Reconciler

#: What a user may set for each fetched property, as the manifest describes it.
SETTINGS: Final[list[dict[str, Any]]] = [
    {
        "name": "limit",
        "label": "Values",
        "type": "number",
        "default": 0,
        "help_text": "The most values to fetch of each entity; 0 for all.",
    },
    {
        "name": "as_of",
        "label": "As of",
        "type": "text",
        "default": "",
        "help_text": "A day YYYY-MM-DD: leaves out relations that certainly did not hold then.",
    },
]


@dataclass(frozen=True)
class Settings:
    """What a user set for one property; `limit` 0 means no limit."""

    limit: int = 0
    as_of: date | None = None


@dataclass(frozen=True)
class Extension:
    """A data extension query: identifiers, and properties with their settings."""

    ids: tuple[str, ...]
    properties: tuple[tuple[Property, Settings], ...]


def settings(given: Any) -> Settings:
    """The settings of one property. Clients send numbers as text too. Raises :class:`BadRequest`."""
    if not isinstance(given, Mapping):
        raise BadRequest("extend: settings is an object.", parameter="extend")
    try:
        limit = int(given.get("limit") or 0)
        if limit < 0:
            raise ValueError
    except (ValueError, TypeError):
        raise BadRequest("extend: the setting limit is a whole number from 0.", parameter="extend") from None
    day = given.get("as_of") or None
    try:
        return Settings(limit, None if day is None else date.fromisoformat(day))
    except (ValueError, TypeError):
        raise BadRequest("extend: the setting as_of is a day YYYY-MM-DD.", parameter="extend") from None


def extend(reconciler: Reconciler, asked: Extension) -> dict[str, Any]:
    """The answer: a row for each identifier, empty cells for one that names nothing."""
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for id_ in asked.ids:
        node = _node(reconciler, id_)
        rows[id_] = {
            one.id: [] if node is None else _cells(reconciler, node, one, set_) for one, set_ in asked.properties
        }
    return {"meta": [_meta(one) for one, _ in asked.properties], "rows": rows}


def _node(reconciler: Reconciler, id_: str) -> Node | None:
    try:
        return reconciler.entity(id_)
    except UnknownNodeError:
        return None


def _meta(one: Property) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "name": one.name}
    if one.kind == "entity":
        found["type"] = {"id": "Entity", "name": "network entity"}
    return found


def _cells(reconciler: Reconciler, node: Node, one: Property, set_: Settings) -> list[dict[str, Any]]:
    values = reconciler.properties.values(node, one, set_.as_of)
    return [_cell(value, one) for value in values[: set_.limit or None]]


def _cell(value: Value, one: Property) -> dict[str, Any]:
    if value.node is not None:
        return {"id": value.node.id, "name": str(value.value)}
    if one.kind == "date":
        # the specification's dates are days with a time; a year or a month alone stays what it is
        text = str(value.value)
        return {"date": f"{text}T00:00:00Z"} if PartialDate.parse(text).precision == "day" else {"str": text}
    if isinstance(value.value, int):
        return {"int": value.value}
    if isinstance(value.value, float):
        return {"float": value.value}
    return {"str": value.value}
