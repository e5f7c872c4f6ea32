"""An answer as a page shows it: names instead of identifiers, the ways of looking at it, the one that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson
from markupsafe import Markup

from api import links
from api.errors import BadRequest
from api.language import Lang, Words
from api.pages.terms import Named, cells
from api.site import Site
from api.views import drawn
from api.views.columns import Grid
from api.views.drawn import Picture
from graph.read import labels

#: Ways of looking at an answer; a table is always there.
VIEWS: Final = ("table", "chart", "map", "network")


@dataclass(frozen=True)
class Look:
    """How an answer is looked at: the view, and the column that it draws (empty: the first that can be drawn)."""

    view: str = VIEWS[0]
    column: str = ""

    @classmethod
    def of(cls, given: dict[str, str]) -> Look:
        """The look that parameters ask for. Raises :class:`BadRequest` for a view that there is not."""
        view = given.get("view") or VIEWS[0]
        if view not in VIEWS:
            raise BadRequest(f"view={view}: one of {', '.join(VIEWS)}.", parameter="view", allowed=list(VIEWS))
        return cls(view, given.get("column", ""))


def shown(site: Site, body: bytes, form: str, look: Look, t: Words, lang: Lang) -> dict[str, Any]:
    """What the template of an answer needs of the answer itself. Raises :class:`graph.read.store.StoreError`."""
    if form in ("CONSTRUCT", "DESCRIBE"):
        offered = ("table", "network") if form == "CONSTRUCT" else ("table",)
        return {"text": body.decode(), "views": offered, "view": look.view if look.view in offered else "table"}
    document = orjson.loads(body)
    if form == "ASK":
        return {"boolean": document["boolean"], "views": ("table",), "view": "table"}
    grid = _grid(site, document, lang)
    known = site.states
    possible = {
        "table": True,
        "chart": bool(grid.values),
        "map": drawn.state_column(grid, known) is not None,
        "network": grid.has_ends,
    }
    views = tuple(name for name in VIEWS if possible[name])
    view = look.view if look.view in views else "table"
    column = look.column if look.column in grid.values else next(iter(grid.values), "")
    numbers = [name for name in grid.values if grid.kind(name) == "number"]
    return {
        "columns": grid.columns,
        "cells": grid.cells,
        "numeric": {name for name in grid.columns if grid.kind(name) == "number"},
        "views": views,
        "view": view,
        "drawable": grid.values if view == "chart" else numbers if view == "map" and column in numbers else [],
        "column": column,
        "picture": _picture(grid, view, column, known, t, lang),
    }


def _picture(grid: Grid, view: str, column: str, known: dict[str, str], t: Words, lang: Lang) -> Picture | None:
    if view == "chart":
        return drawn.chart(grid, column, t, lang)
    return drawn.world(grid, column, known, t, lang) if view == "map" else None


def _grid(site: Site, document: dict[str, Any], lang: Lang) -> Grid:
    bindings = document["results"]["bindings"]
    iris = {
        term["value"]
        for row in bindings
        for term in row.values()
        if term["type"] == "uri" and links.local(term["value"], site.ids)
    }
    found = labels.of(site.store, iris, lang)
    names = {iri: one.text for iri, one in found.items() if one.language or one.text != labels.last_part(iri)}
    named = Named(site.ids, names)
    return Grid(tuple(document["head"]["vars"]), tuple(bindings), tuple(tuple(row) for row in cells(document, named)))


def svg(picture: Picture) -> Markup:
    """A picture for a page. The drawings escape every text from data themselves."""
    wide = Markup(picture.wide.svg("drawn"))
    if picture.narrow is None:
        return wide
    return Markup('<div class="for-wide">{}</div><div class="for-narrow">{}</div>').format(
        wide, Markup(picture.narrow.svg("drawn-narrow"))
    )
