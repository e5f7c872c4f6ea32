"""The network: a view as the explorer's scene, its measures, and the whole or a part of it as a file."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api import language, offline
from api.deps import base_url, settings
from api.errors import BadRequest
from api.negotiate import Format as Media
from api.routes.v1 import described
from api.routes.v1.answering import PREFIX, ReleaseDep, answer, dumped, get, wanted
from api.routes.v1.asking import Asked
from api.routes.v1.items import Items
from graph.read.export import FORMATS, export
from graph.read.measures import MEASURES, NAMES, PROJECTIONS, Measured, MeasureError, change, measure, similar
from graph.read.network import Filter
from graph.read.release import Release
from viz import scene as scenes
from viz.desk import Desk
from viz.state import MOST_IDS

router = APIRouter(prefix=PREFIX)

DEEPEST: Final = 3
_FORMATS: Final = (*FORMATS, offline.NAME)
DEFAULT_NODES: Final = 60
_OBJECT: Final = described.OBJECT
_FOCUS: Final = described.text("focus", "Entities in the middle, joined by commas; without one, everything.")
_KINDS: Final = described.text("kinds", "Only nodes of these classes or groups.", example="State,Treaty")
_DEPTH: Final = {"name": "depth", "in": "query", "description": "Steps from the focus.",
                 "schema": {"type": "integer", "minimum": 1, "maximum": DEEPEST, "default": 1}}  # fmt: skip
_making = threading.Lock()


def _desk(request: Request, release: Release) -> Desk:
    state = request.app.state
    with _making:
        if getattr(state, "scenes", None) is None:
            directory = None if settings(request).data else settings(request).release
            state.scenes = Desk(release.store, directory, release.index)
    found: Desk = state.scenes
    return found


@get(
    router,
    "/network",
    tags=["network"],
    summary="A view of the network, as the explorer draws it",
    openapi_extra={
        "parameters": [
            {**_FOCUS, "example": "fra"},
            _DEPTH,
            described.FAMILY,
            described.text("open", "Folded groups to open: id, id:family or id:family:kind.", example="greta"),
            described.AS_OF,
            described.limit(DEFAULT_NODES, MOST_IDS),
            described.LANG,
        ]
    },
    responses=described.answers(scenes.schema()),
)
def view(request: Request, release: ReleaseDep) -> Response:
    """Nodes with positions, statements, folded groups: the scene contract, whose JSON Schema stands at
    `/api/v1/network/schema`. `limit` bounds the nodes."""
    media = wanted(request, tables=False)
    asked = Asked(request, ("focus", "depth", "families", "open", "as_of", "limit", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    index = release.index
    focus = asked.nodes("focus", index, 1, 20) if "focus" in asked else [index.find("fra")]
    depth = asked.whole("depth", 1, 1, DEEPEST)
    families, as_of = asked.families(), asked.day("as_of")
    limit = asked.whole("limit", DEFAULT_NODES, 1, MOST_IDS)
    opened = asked.text("open")

    def make() -> tuple[bytes, Mapping[str, str]]:
        state = replace(
            offline.state_of(release, [one.id for one in focus], depth, families, as_of, limit),
            open=_opened(opened, release),
        )
        scene = _desk(request, release).scene(state, lang, offline.today(release))
        return dumped(scene.dump()), {}

    return answer(request, make, media, lang)


def _opened(text: str, release: Release) -> tuple[str, ...]:
    parts = [one.strip() for one in text.split(",") if one.strip()]
    for part in parts:
        local, *rest = part.split(":")
        good = local in release.index.aliases and len(rest) <= 2
        good = good and (not rest or rest[0] in scenes.FAMILIES) and (len(rest) < 2 or rest[1] in scenes.KINDS)
        if not good:
            allowed = [f"id, id:family or id:family:kind; kinds are {', '.join(scenes.KINDS)}"]
            raise BadRequest(f"open={part[:100]!r} does not fit; allowed: {allowed[0]}.",
                             parameter="open", value=part[:100], allowed=allowed)  # fmt: skip
    return tuple(sorted(parts))


@get(
    router,
    "/network/schema",
    tags=["network"],
    summary="The JSON Schema of a view",
    responses=described.answers(_OBJECT, media="application/schema+json"),
)
def schema(request: Request) -> Response:
    """The scene contract, JSON Schema 2020-12."""
    Asked(request, ())
    return Response(dumped(scenes.schema()), media_type="application/schema+json")


@get(
    router,
    "/network/export",
    tags=["network"],
    summary="The network as a file for Gephi, Cytoscape, yEd, Pajek, d3",
    openapi_extra={
        "parameters": [
            described.choice("format", _FORMATS, "File format; html is a drawing, the others are data."),
            _FOCUS,
            _DEPTH,
            described.FAMILY,
            _KINDS,
            described.AS_OF,
            described.choice("every", ("false", "true"), "Whether each statement is an edge, or one for each link."),
            described.LANG,
        ]
    },
    responses={
        **described.answers(_OBJECT),
        200: {
            "description": "The file.",
            "content": {
                **{
                    one.media_type: {"schema": _OBJECT if one.name == "d3" else {"type": "string"}}
                    for one in FORMATS.values()
                },
                offline.MEDIA_TYPE: {"schema": {"type": "string"}},
            },
        },
    },
)
def file(request: Request, release: ReleaseDep) -> Response:
    """One edge for each link, from subject to object, with statement, family, days and number of sources."""
    asked = Asked(request, ("format", "focus", "depth", "families", "kinds", "as_of", "every", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    named = asked.choice("format", _FORMATS, "graphml")
    focus = asked.nodes("focus", release.index, 1, 20) if "focus" in asked else []
    only = _filter(asked, release)
    depth, every = asked.whole("depth", 1, 1, DEEPEST), asked.flag("every")
    if named == offline.NAME:
        for name in ("kinds", "every"):
            if name in asked:
                raise BadRequest(f"{name} does not go with format=html, which draws a view.", parameter=name)
        return _drawing(request, release, [one.id for one in focus], depth, only, lang)
    chosen = FORMATS[named]

    def make() -> tuple[bytes, Mapping[str, str]]:
        found = release.view(
            [one.id for one in focus], depth, as_of=only.as_of, families=only.families, kinds=only.kinds, every=every
        )
        name = f"palermo-{release.manifest.release}{chosen.ending}"
        return export(release.index, found, chosen.name).encode(), {
            "Content-Disposition": f'attachment; filename="{name}"'
        }

    return answer(request, make, Media(chosen.name, chosen.media_type, charset=chosen.media_type.startswith("text/")))


def _drawing(
    request: Request, release: Release, focus: list[str], depth: int, only: Filter, lang: language.Lang
) -> Response:
    state = offline.state_of(release, focus, depth, only.families, only.as_of, MOST_IDS)
    name = f"palermo-{release.manifest.release}{offline.ENDING}"

    def make() -> tuple[bytes, Mapping[str, str]]:
        text = offline.html(release, _desk(request, release), state, lang, base_url(request))
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": offline.POLICY}
        return text.encode(), headers

    return answer(request, make, Media(offline.NAME, offline.MEDIA_TYPE, charset=True), lang)


def _filter(asked: Asked, release: Release) -> Filter:
    kinds = asked.several("kinds", release.index.named)
    return Filter(asked.families(), kinds, asked.day("as_of"))


def measured(found: Measured, release: Release, shape: Items, limit: int) -> dict[str, Any]:
    """A result as JSON: values with the entities they belong to."""
    index = release.index
    return {
        "release": release.manifest.release,
        "hash": found.release,
        "measure": found.measure,
        "method": found.method,
        "unit": found.unit,
        "parameters": dict(found.parameters),
        "nodes": found.nodes,
        "edges": found.edges,
        "summary": dict(found.summary),
        "items": [{**shape.entity(index.find(node)), "value": value} for node, value in found.values[:limit]],
        "groups": [
            {"number": number, "count": len(members), "members": list(members)}
            for number, members in enumerate(found.groups, 1)
        ],
    }


@get(
    router,
    "/network/measures",
    tags=["network"],
    summary="Who is central, who joins what, who belongs together",
    openapi_extra={
        "parameters": [
            described.choice("measure", NAMES, "What is measured."),
            described.choice("projection", PROJECTIONS, "Of all links, or of parties joined by shared treaties."),
            described.FAMILY,
            _KINDS,
            described.AS_OF,
            described.choice("unknown", ("include", "exclude"), "Whether links of unknown date count."),
            described.limit(50, 5000),
            described.LANG,
        ]
    },
    responses=described.answers(
        {"type": "object", "required": ["release", "measure", "method", "parameters", "items"]}
    ),
)
def measures(request: Request, release: ReleaseDep) -> Response:
    """With the method, its parameters and the release that gave the figures."""
    media = wanted(request, tables=False)
    asked = Asked(request, ("measure", "projection", "families", "kinds", "as_of", "unknown", "limit", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    name = asked.choice("measure", NAMES, next(iter(MEASURES)))
    projection = asked.choice("projection", PROJECTIONS, PROJECTIONS[0])
    only, limit = _filter(asked, release), asked.whole("limit", 50, 1, 5000)
    unknown = asked.choice("unknown", ("include", "exclude"), "include") == "include"

    def make() -> tuple[bytes, Mapping[str, str]]:
        try:
            found = measure(release.index, name, only, projection=projection, unknown=unknown)
        except MeasureError as error:
            raise BadRequest(f"{error}.") from None
        return dumped(measured(found, release, Items(release, lang), limit)), {}

    return answer(request, make, media, lang)


@get(
    router,
    "/network/similar",
    tags=["network"],
    summary="Who is bound by most nearly the same treaties",
    openapi_extra={
        "parameters": [
            described.text("id", "A state or organisation.", required=True, example="fra"),
            described.AS_OF,
            described.limit(20, 300),
            described.LANG,
        ]
    },
    responses=described.answers({"type": "object", "required": ["release", "method", "items"]}),
)
def alike(request: Request, release: ReleaseDep) -> Response:
    """Jaccard similarity of commitments: shared treaties over all that bind at least one of the two."""
    media = wanted(request, tables=False)
    asked = Asked(request, ("id", "as_of", "limit", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    node, as_of, limit = asked.node("id", release.index), asked.day("as_of"), asked.whole("limit", 20, 1, 300)

    def make() -> tuple[bytes, Mapping[str, str]]:
        try:
            found = similar(release.index, node.id, Filter(as_of=as_of))
        except MeasureError as error:
            raise BadRequest(f"{error}.", parameter="id", value=node.id) from None
        shape = Items(release, lang)
        items = [
            {**shape.entity(release.entity(one.participant)), "shared": one.shared, "similarity": one.similarity}
            for one in found[:limit]
        ]
        return dumped(
            {
                "release": release.manifest.release,
                "method": "Jaccard similarity of the sets of treaties that bind",
                "entity": shape.entity(node),
                "as_of": as_of.isoformat() if as_of else None,
                "items": items,
            }
        ), {}

    return answer(request, make, media, lang)


@get(
    router,
    "/network/change",
    tags=["network"],
    summary="What changed between two days",
    openapi_extra={
        "parameters": [
            described.day("before", "The first day."),
            described.day("after", "The second day."),
            described.FAMILY,
            _KINDS,
            described.limit(100, 5000),
            described.LANG,
        ]
    },
    responses=described.answers({"type": "object", "required": ["release", "came", "went", "degree"]}),
)
def changed(request: Request, release: ReleaseDep) -> Response:
    """Links that hold for certain on one of the days and not on the other, and nodes by their change of degree."""
    media = wanted(request, tables=False)
    asked = Asked(request, ("before", "after", "families", "kinds", "limit", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    before, after = asked.day("before", required=True), asked.day("after", required=True)
    assert before is not None  # required
    assert after is not None
    limit = asked.whole("limit", 100, 1, 5000)
    kinds = asked.several("kinds", release.index.named)
    only = Filter(asked.families(), kinds)

    def make() -> tuple[bytes, Mapping[str, str]]:
        try:
            found = change(release.index, before, after, only)
        except MeasureError as error:
            raise BadRequest(f"{error}.", parameter="after", value=after.isoformat()) from None
        shape, index = Items(release, lang), release.index
        body = {
            "release": release.manifest.release,
            "before": before.isoformat(),
            "after": after.isoformat(),
            **{
                name: {"count": len(ids), "items": [shape.statement(index.edge(one)) for one in ids[:limit]]}
                for name, ids in (("came", found.came), ("went", found.went))
            },
            "degree": [{**shape.entity(release.entity(node)), "change": by} for node, by in found.degree[:limit]],
        }
        return dumped(body), {}

    return answer(request, make, media, lang)
