"""/reconcile: the Reconciliation Service API 0.2, by which OpenRefine and others match table cells to entities.

The specification is a report of the W3C's Entity Reconciliation Community Group. Identifiers are local ids (`fra`),
types and properties the local names of the ontology. See docs/openrefine.md.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, cast
from urllib.parse import parse_qs

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api.deps import BaseUrlDep, PagesDep, SettingsDep
from api.errors import BadRequest, NotFound, TooLarge, UnsupportedMediaType
from api.extension import SETTINGS, Extension, extend, settings
from api.links import local, safe
from api.protocol import FORM
from api.routes.v1.answering import ReleaseDep
from graph.ids import PAL
from graph.read.index import UnknownNodeError
from graph.read.reconcile import Candidate, Query, Reconciler, Type, Wanted
from graph.read.search import fold

router = APIRouter(prefix="/reconcile", tags=["reconcile"])

#: Queries of one batch; OpenRefine sends ten at a time unless told more.
BATCH: Final = 50
#: Candidates of one query, and those that are given when a query names no limit.
MOST, USUAL = 50, 5
#: Suggestions of one answer.
_SUGGESTED: Final = 12
#: Pixels of the frame for previews.
_WIDTH, _HEIGHT = 430, 220
#: The preview is made to be framed; it runs no script.
_FRAMED: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_FIELDS: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})

_making = threading.Lock()


def _reconciler(request: Request, release: ReleaseDep) -> Reconciler:
    """Made at the first request that needs it."""
    state = request.app.state
    with _making:
        if getattr(state, "reconciler", None) is None:
            state.reconciler = Reconciler(release)
    return cast(Reconciler, state.reconciler)


ReconcilerDep = Annotated[Reconciler, Depends(_reconciler)]


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value), media_type="application/json", headers={"Cache-Control": "no-cache"})


_FORM_PARAMETERS: Final = {
    "queries": {"type": "string", "description": "A batch of reconciliation queries as JSON."},
    "extend": {"type": "string", "description": "A data extension query as JSON."},
}
_PARAMETERS: Final = [
    {"name": name, "in": "query", "schema": {"type": "string"}, "description": one["description"]}
    for name, one in _FORM_PARAMETERS.items()
]


@router.api_route(
    "",
    methods=["GET", "HEAD"],
    summary="Reconcile: the manifest, or the answer to a batch",
    openapi_extra={"parameters": _PARAMETERS},
)
async def get(request: Request, base: BaseUrlDep, release: ReleaseDep, reconciler: ReconcilerDep) -> Response:
    """Without parameters the service manifest, else the answer to `queries=` or `extend=`."""
    given = {name: request.query_params.getlist(name) for name in request.query_params}
    if not given:
        return _json(_manifest(base, release.store.ids.entity(""), request.app.state.manifest.release))
    return await run_in_threadpool(_answer, given, reconciler)


@router.post(
    "",
    summary="Reconcile: the answer to a batch that comes as a form",
    openapi_extra={"requestBody": {"content": {FORM: {"schema": {"type": "object", "properties": _FORM_PARAMETERS}}}}},
)
async def post(request: Request, settings: SettingsDep, reconciler: ReconcilerDep) -> Response:
    """The way in which clients send their batches."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != FORM:
        raise UnsupportedMediaType(f"The body is {media or 'of no stated type'}. Send a form: {FORM}.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > settings.query_limit:
            raise TooLarge(f"The body is longer than {settings.query_limit} bytes.", limit=settings.query_limit)
    try:
        given = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise BadRequest("The form cannot be read: percent-encoded UTF-8 is needed.") from None
    return await run_in_threadpool(_answer, given, reconciler)


def _answer(given: Mapping[str, Sequence[str]], reconciler: Reconciler) -> Response:
    names = [name for name in ("queries", "extend") if name in given]
    if len(names) != 1 or len(given[names[0]]) != 1:
        raise BadRequest(
            "Exactly one of the parameters queries and extend is needed, once.", allowed=[*_FORM_PARAMETERS]
        )
    name = names[0]
    try:
        asked = orjson.loads(given[name][0])
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"{name}: no JSON: {error.msg} at character {error.pos}.", parameter=name) from None
    if not isinstance(asked, dict):
        raise BadRequest(f"{name}: a JSON object is needed.", parameter=name)
    if name == "extend":
        return _json(extend(reconciler, _extension(asked, reconciler)))
    if len(asked) > BATCH:
        raise TooLarge(f"The batch has {len(asked)} queries; at most {BATCH} are answered at once.", limit=BATCH)
    queries = {key: _query(key, one) for key, one in asked.items()}
    return _json(
        {key: {"result": [_candidate(reconciler, one) for one in reconciler(query)]} for key, query in queries.items()}
    )


def _manifest(base: str, space: str, version: str) -> dict[str, Any]:
    here = f"{base}/reconcile"
    return {
        "versions": ["0.2"],
        "name": "Palermo: who acts against human trafficking",
        "identifierSpace": space,
        "schemaSpace": PAL,
        "documentation": f"{base}/data",
        "serviceVersion": version,
        "defaultTypes": [{"id": "Actor", "name": "actor"}, {"id": "Instrument", "name": "instrument"}],
        "view": {"url": f"{base}/doc/{{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": {
            one: {"service_url": here, "service_path": f"/suggest/{one}"} for one in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": SETTINGS,
        },
        "batchSize": BATCH,
    }


def _query(key: str, asked: Any) -> Query:
    """One query of a batch. Raises :class:`BadRequest` that says which and what is wrong."""

    def wrong(what: str) -> BadRequest:
        return BadRequest(f"queries, {key!r}: {what}", parameter="queries", query=key)

    if not isinstance(asked, dict) or set(asked) - _FIELDS:
        raise wrong(f"an object with {', '.join(sorted(_FIELDS))} is needed.")
    text, limit, strict = asked.get("query", ""), asked.get("limit", USUAL), asked.get("type_strict", "any")
    types = asked.get("type", [])
    types = [types] if isinstance(types, str) else types
    properties = asked.get("properties", [])
    if not isinstance(text, str) or not (text.strip() or properties):
        raise wrong("query (a text) or properties are needed.")
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        raise wrong("limit is a whole number from 1.")
    if strict not in ("any", "all", "should"):
        raise wrong("type_strict is any, all or should.")
    if not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        raise wrong("type is the id of a type or a list of them.")
    if not isinstance(properties, list):
        raise wrong("properties is a list of objects with pid and v.")
    columns = []
    for one in properties:
        if not isinstance(one, dict) or not isinstance(one.get("pid"), str) or "v" not in one:
            raise wrong("each of properties has pid (a text) and v.")
        values = one["v"] if isinstance(one["v"], list) else [one["v"]]
        columns.append((one["pid"], tuple(wanted for value in values if (wanted := _wanted(value)) is not None)))
    return Query(text, tuple(types), strict, tuple(columns), min(int(limit), MOST))


def _wanted(value: Any) -> Wanted | None:
    """A value of another column; None for what cannot be compared with anything."""
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return Wanted(str(value.get("name", "")), value["id"])
    return Wanted(value) if isinstance(value, str | int | float | bool) and value != "" else None


def _candidate(reconciler: Reconciler, one: Candidate) -> dict[str, Any]:
    return {
        "id": one.node.id,
        "name": one.node.label("en"),
        "description": one.node.description,
        "score": one.score,
        "match": one.match,
        "features": [{"id": name, "value": value} for name, value in one.features.items()],
        "type": [{"id": type_.id, "name": type_.name} for type_ in reconciler.type_of(one.node)],
    }


def _type(reconciler: Reconciler, one: Type) -> dict[str, Any]:
    broader = [_type(reconciler, reconciler.types[up]) for up in one.broader]
    return {"id": one.id, "name": one.name, **({"broader": broader} if broader else {})}


def _extension(asked: dict[str, Any], reconciler: Reconciler) -> Extension:
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise BadRequest("extend: ids is a list of identifiers.", parameter="extend")
    if not isinstance(properties, list) or not all(
        isinstance(one, dict) and isinstance(one.get("id"), str) for one in properties
    ):
        raise BadRequest("extend: properties is a list of objects with an id.", parameter="extend")
    if len(ids) * len(properties) > 100 * BATCH:
        raise TooLarge(f"extend: at most {100 * BATCH} cells (ids times properties) are filled at once.")
    known = reconciler.properties.by_id
    for one in properties:
        if one["id"] not in known:
            raise BadRequest(
                f"extend: {one['id']!r} is no property. `/reconcile/suggest/property?prefix=` finds them.",
                parameter="extend",
            )
    return Extension(tuple(ids), tuple((known[one["id"]], settings(one.get("settings", {}))) for one in properties))


@router.api_route("/suggest/{what}", methods=["GET", "HEAD"], summary="Suggest entities, properties or types")
def suggest(what: str, release: ReleaseDep, reconciler: ReconcilerDep, prefix: str = "", cursor: int = 0) -> Response:
    """What begins like `prefix`, from the `cursor`-th suggestion on."""
    if not 0 <= cursor <= 10_000:
        raise BadRequest("cursor is a whole number from 0 to 10000.", parameter="cursor")
    window = slice(cursor, cursor + _SUGGESTED)
    if what == "entity":
        hits = release.names(prefix, window.stop)[window]
        found = [
            {
                "id": hit.node.id,
                "name": hit.node.label("en"),
                "description": hit.node.description,
                "notable": [{"id": hit.node.kind, "name": reconciler.types[hit.node.kind].name}],
            }
            for hit in hits
        ]
        return _json({"result": found})
    if what == "property":
        properties = reconciler.properties.by_id.values()
        listed = [{"id": one.id, "name": one.name, "description": one.about} for one in properties]
    elif what == "type":
        listed = [_type(reconciler, one) for one in reconciler.types.values()]
    else:
        raise NotFound(f"There is no suggest service for {what!r}; there are entity, property and type.")
    return _json({"result": _beginning(prefix, listed)[window]})


def _beginning(prefix: str, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What has a word in its id or name that begins with the prefix, the exact ones first."""
    wanted = fold(prefix)
    found = []
    for one in listed:
        id_, name = fold(one["id"]), fold(one["name"])
        if id_.startswith(wanted) or f" {wanted}" in f" {name}":
            found.append((wanted not in (id_, name), not name.startswith(wanted), one["id"], one))
    return [one for *_, one in sorted(found, key=lambda one: one[:3])]


@router.api_route("/properties", methods=["GET", "HEAD"], summary="Properties that entities of a type have")
def properties(reconciler: ReconcilerDep, type: str = "", limit: int = 40) -> Response:
    """The properties worth fetching for a type, those that most of its entities have first."""
    if type and type not in reconciler.types:
        raise NotFound(f"type={type}: no such type. `/reconcile/suggest/type?prefix=` finds them.")
    if not 1 <= limit <= 500:
        raise BadRequest("limit is a whole number from 1 to 500.", parameter="limit")
    found = reconciler.properties.of_type(reconciler.below([type] if type else reconciler.types))
    answer = {"limit": limit, "properties": [{"id": one.id, "name": one.name} for one in found[:limit]]}
    return _json({"type": type, **answer} if type else answer)


@router.api_route("/preview", methods=["GET", "HEAD"], summary="A small page about an entity, to be framed")
def preview(
    base: BaseUrlDep, release: ReleaseDep, reconciler: ReconcilerDep, pages: PagesDep, id: str = ""
) -> Response:
    """Name, kind, description, a few facts and the sources, without scripts."""
    try:
        node = release.entity(id)
    except UnknownNodeError:
        raise NotFound(f"id={id}: no such entity in this release.") from None
    index, rows = release.index, release.rows
    item = next(
        (one for name in ("actors", "instruments", "projects", "judgments") if (one := rows.one(name, node.id))), {}
    )
    sources = [one for id_ in item.get("sources", ()) if (one := rows.one("sources", id_)) is not None]
    text = pages.get_template("preview.html").render(
        node=node,
        kind=index.kinds.get(node.kind, {}).get("en", node.kind),
        links=index.degree[node.number],
        href=f"{base}{local(node.iri, release.store.ids) or ''}",
        sources=[(one["title"], safe(one.get("url", "")), one.get("publisher", "")) for one in sources[:2]],
        more=max(0, len(sources) - 2),
    )
    return Response(text, headers={**_FRAMED, "Cache-Control": "no-cache"}, media_type="text/html; charset=utf-8")
