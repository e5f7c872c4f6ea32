"""The lists: actors, instruments, treaties, treaty actions, relations, evaluations, projects, statistics, sources …

Each is filtered by its fields, sorted, and paged by a cursor that stays good under a rebuild; as JSON or CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response

from api import language
from api.deps import base_url
from api.errors import NotFound
from api.routes.v1 import described
from api.routes.v1.answering import CSV, PREFIX, ReleaseDep, answer, dumped, get, table, wanted
from api.routes.v1.asking import Asked, node, refused
from api.routes.v1.items import Items, columns, context, flat
from graph.read.collections import COLLECTIONS, Collection, Field
from graph.read.release import Release
from graph.read.rows import CursorError, Item

router = APIRouter(prefix=PREFIX)

DEFAULT_LIMIT: Final = 50
MOST: Final = 1000
#: Filters whose values are few enough to be listed in a message.
_CLOSED: Final = frozenset({"kind", "predicate", "family", "round", "language"})
_COMMON: Final = ("sort", "limit", "cursor", "fields", "lang")


def _filters(collection: Collection) -> list[Field]:
    return [field for field in collection.fields if field.filter]


def _sorts(collection: Collection) -> list[str]:
    return ["id", *(field.name for field in collection.fields if field.sort)]


def allowed(collection: Collection) -> list[str]:
    """The parameters that a list takes."""
    found = [*_COMMON, *(field.name for field in _filters(collection))]
    if collection.dated:
        found += ["as_of", "unknown"]
    return found + (["q"] if collection.kind == "entity" else [])


def _wanted_values(collection: Collection, asked: Asked, release: Release) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for field in _filters(collection):
        if field.name not in asked:
            continue
        values = asked.several(field.name)
        if field.holds == "entity":
            values = frozenset(node(field.name, one, release.index).id for one in values)
        elif field.holds == "concept":
            values = asked.several(field.name, release.rows.notations(field.scheme))
        elif field.name in _CLOSED:
            every = {str(item.get(field.name)) for item in release.rows.all(collection.name) if item.get(field.name)}
            values = asked.several(field.name, sorted(every))
        elif field.holds == "source":
            for one in values:
                if release.rows.one("sources", one) is None:
                    raise refused(field.name, one, ["the id of a source"])
        found[field.name] = values
    return found


def _keep(collection: Collection, asked: Asked, release: Release) -> Callable[[Item], bool] | None:
    if "q" not in asked:
        return None
    hits = {hit.node.iri for hit in release.names(asked.text("q"), limit=len(release.index))}
    return lambda item: item["iri"] in hits


def _list(collection: Collection, request: Request, release: Release, suffix: str) -> Response:
    media = wanted(request, suffix)
    asked = Asked(request, allowed(collection))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    sorts = _sorts(collection)
    sort = asked.choice("sort", [*sorts, *("-" + one for one in sorts)], collection.sort)
    as_of = asked.day("as_of") if collection.dated else None
    names = [field.name for field in collection.fields] + ["sentence", "standing", "rule"]
    fields = asked.several("fields", names)
    certain = collection.dated and asked.choice("unknown", ("include", "exclude"), "include") == "exclude"
    chosen = asked.whole("limit", DEFAULT_LIMIT, 1, MOST)
    limit = None if media is CSV and "limit" not in asked else chosen
    if certain and as_of is None:
        raise refused("unknown", "exclude", ["exclude together with as_of"])
    filters = _wanted_values(collection, asked, release)
    keep = _keep(collection, asked, release)

    def make() -> tuple[bytes, Mapping[str, str]]:
        try:
            page = release.rows.page(
                collection,
                filters=filters,
                sort=sort,
                limit=limit,
                cursor=asked.text("cursor") or None,
                as_of=as_of,
                keep=keep,
                certain=certain,
            )
        except CursorError as error:
            raise refused("cursor", str(error), [f"the cursor of an answer of this list sorted by {sort}"]) from None
        following = _next(request, page.next)
        headers = {"Palermo-Rows": str(page.count)}
        if following:
            headers["Link"] = f'<{following}>; rel="next"'
        if media is CSV:
            return table(columns(collection), (flat(collection, item) for item in page.items)), headers
        shape = Items(release, lang, as_of)
        body = {
            "@context": f"{base_url(request)}/api/v1/context/{collection.name}.jsonld",
            "release": release.manifest.release,
            "count": page.count,
            "next": following,
            "items": [shape.item(collection, item, fields) for item in page.items],
        }
        return dumped(body), headers

    return answer(request, make, media, lang)


def _next(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{base_url(request)}{quote(request.url.path)}?{urlencode([*pairs, ('cursor', cursor)])}"


#: Where the local ids of a list's items begin, so that the beginning may be left out in an address.
_BEGINNINGS: Final = {
    "treaty-actions": "action/",
    "party-statuses": "party/",
    "relations": "relation/",
    "evaluations": "evaluation/",
    "statistics": "statistic/",
    "claims": "claim/",
}


def find(collection: Collection, id_: str, release: Release) -> Item:
    """The item that an address names. Raises :class:`NotFound`."""
    rows, name = release.rows, collection.name
    found = rows.one(name, id_) or rows.one(name, _BEGINNINGS.get(name, "") + id_)
    if found is None and collection.kind == "entity":
        number = release.index.aliases.get(id_) or release.index.aliases.get(id_.lower())
        found = rows.one(name, release.index.nodes[number].id) if number is not None else None
    if found is None:
        prefix = release.index.ids.source("") if name == "sources" else release.index.ids.entity("")
        found = rows.one(name, id_.removeprefix(prefix))
    if found is None:
        raise NotFound(f"{id_[:200]!r} is not among the {name} of this release.", parameter="id", value=id_[:200])
    return found


def _item(collection: Collection, id_: str, request: Request, release: Release) -> Response:
    media = wanted(request, tables=False)
    asked = Asked(request, ("lang", "fields"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    fields = asked.several("fields", [field.name for field in collection.fields] + ["sentence", "rule"])
    found = find(collection, id_, release)

    def make() -> tuple[bytes, Mapping[str, str]]:
        where = f"{base_url(request)}/api/v1/context/{collection.name}.jsonld"
        item = Items(release, lang).item(collection, found, fields)
        return dumped({"@context": where, "release": release.manifest.release, **item}), {}

    return answer(request, make, media, lang)


def _parameters(collection: Collection) -> list[dict[str, Any]]:
    sorts = _sorts(collection)
    found = [described.text(one.name, f"{one.about} Several values are joined by ','.") for one in _filters(collection)]
    if collection.dated:
        found.append(described.AS_OF)
        about = "With as_of: whether to list what has no known day and may have held."
        found.append(described.choice("unknown", ("include", "exclude"), about))
    if collection.kind == "entity":
        found.append(described.text("q", "Only entities whose name is like this."))
    about = "Field to sort by; `-` before it turns the order round."
    return [
        *found,
        described.choice("sort", (*sorts, *("-" + one for one in sorts)), about),
        described.limit(DEFAULT_LIMIT, MOST),
        described.CURSOR,
        described.text("fields", "Only these fields, joined by ','."),
        described.LANG,
    ]


def _add(collection: Collection) -> None:
    name, tag = collection.name, ["lists"]
    page = described.page(described.item(collection))

    def listed(request: Request, release: ReleaseDep) -> Response:
        return _list(collection, request, release, "")

    def as_table(request: Request, release: ReleaseDep) -> Response:
        return _list(collection, request, release, ".csv")

    def one(id: str, request: Request, release: ReleaseDep) -> Response:
        return _item(collection, id, request, release)

    get(
        router,
        f"/{name}",
        tags=tag,
        summary=f"List {name}",
        description=collection.about,
        operation_id=f"list-{name}",
        openapi_extra={"parameters": _parameters(collection)},
        responses=described.answers(page, csv=True),
    )(listed)
    get(
        router,
        f"/{name}.csv",
        tags=tag,
        summary=f"List {name} as CSV",
        description=f"{collection.about} Without `limit`, all that match.",
        operation_id=f"list-{name}-csv",
        openapi_extra={"parameters": _parameters(collection)},
        responses=described.answers({"type": "string"}, media="text/csv"),
    )(as_table)
    get(
        router,
        f"/{name}/{{id:path}}",
        tags=tag,
        summary=f"One of the {name}",
        operation_id=f"get-one-of-{name}",
        openapi_extra={"parameters": [described.text("fields", "Only these fields."), described.LANG]},
        responses=described.answers(described.item(collection)),
    )(one)


@get(
    router,
    "/context/{name}.jsonld",
    tags=["lists"],
    summary="The JSON-LD context of a list",
    responses=described.answers(described.OBJECT, media="application/ld+json"),
)
def context_of(name: str, request: Request) -> Response:
    """What the fields of a list mean in RDF."""
    if name not in COLLECTIONS:
        raise NotFound(f"There is no list {name[:200]!r}; there are {', '.join(COLLECTIONS)}.")
    return Response(dumped(context(COLLECTIONS[name])), media_type="application/ld+json")


def add() -> None:
    """Register every list. Called last, since an item's address takes any path."""
    for collection in COLLECTIONS.values():
        _add(collection)
