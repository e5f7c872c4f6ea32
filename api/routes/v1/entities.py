"""One entity: what it is, its statements, its neighbours by family with counts."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response

from api import language
from api.deps import base_url
from api.errors import NotFound
from api.negotiate import Format
from api.routes.v1 import described
from api.routes.v1.answering import CSV, PREFIX, ReleaseDep, answer, dumped, get, table, wanted
from api.routes.v1.asking import IDENTIFIERS, Asked, refused
from api.routes.v1.items import Items
from graph.read.collections import COLLECTIONS, Collection
from graph.read.index import FAMILIES, Edge, Node, UnknownNodeError
from graph.read.neighbours import Neighbour, neighbours, tally
from graph.read.network import Filter, Standing, standing
from graph.read.release import Release

router = APIRouter(prefix=PREFIX)

DEFAULT_LIMIT: Final = 50
MOST: Final = 500
_LIST_OF: Final = {"Actor": "actors", "Instrument": "instruments", "Project": "projects", "Judgment": "judgments"}
_STATEMENT: Final = {
    "type": "object",
    "required": ["@id", "@type", "id", "sentence", "subject", "predicate", "object", "family", "sources"],
}
_DIRECTIONS: Final = ("both", "out", "in")
_COLUMNS: Final = (
    "id", "iri", "type", "subject", "predicate", "object", "family", "startDay", "endDay", "standing", "sentence",
    "sources",
)  # fmt: skip
_LINKED: Final = ("neighbour", "label", "kind", "statements", *_COLUMNS)

T = TypeVar("T")


def entity(id_: str, release: Release) -> Node:
    """The entity that an address names. Raises :class:`NotFound`."""
    try:
        return release.index.find(id_)
    except UnknownNodeError:
        message = f"{id_[:200]!r} names nothing in this release; an entity is named by {IDENTIFIERS}."
        raise NotFound(message, parameter="id", value=id_[:200], allowed=[IDENTIFIERS]) from None


def cut(
    items: Sequence[T], key: Callable[[T], list[Any]], limit: int, cursor: str | None
) -> tuple[list[T], str | None]:
    """A page of sorted items and the cursor of the next one. `key` orders them and is what a cursor holds.

    Raises :class:`api.errors.BadRequest` for a cursor that no such list gave out.
    """
    start = 0
    if cursor:
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            after = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            start = sum(1 for one in items if not after < key(one))
        except (ValueError, TypeError):
            raise refused("cursor", cursor, ["the cursor of an answer of this list"]) from None
    chosen = list(items[start : start + limit])
    if start + len(chosen) >= len(items) or not chosen:
        return chosen, None
    raw = json.dumps(key(chosen[-1]), separators=(",", ":"), ensure_ascii=False)
    return chosen, base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def following(request: Request, cursor: str | None) -> str | None:
    """The address of the next page."""
    if cursor is None:
        return None
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{base_url(request)}{quote(request.url.path)}?{urlencode([*pairs, ('cursor', cursor)])}"


_RELATIONS: Final = [
    described.FAMILY,
    described.text("predicates", "Only these predicates, joined by commas.", example="ratified,signed"),
    described.choice("direction", _DIRECTIONS, "Where the entity stands: subject (out) or object (in)."),
    described.AS_OF,
    described.limit(DEFAULT_LIMIT, MOST),
    described.CURSOR,
    described.LANG,
]
_NEIGHBOURS: Final = [
    described.FAMILY,
    described.text("kinds", "Only neighbours of these kinds, joined by commas.", example="State,UNBody"),
    described.AS_OF,
    described.limit(DEFAULT_LIMIT, MOST),
    described.CURSOR,
    described.LANG,
]
_CSV: Final = described.answers({"type": "string"}, media="text/csv")


@get(
    router,
    "/entities/{id:path}/relations",
    tags=["entities"],
    summary="Every statement at whose one end an entity stands",
    openapi_extra={"parameters": _RELATIONS},
    responses=described.answers(described.page(_STATEMENT), csv=True),
)
def relations(id: str, request: Request, release: ReleaseDep) -> Response:
    """Treaty actions, statuses, relations and reports, newest first; those without a known day come last."""
    return _relations(id, request, release, wanted(request))


@get(
    router,
    "/entities/{id:path}/relations.csv",
    tags=["entities"],
    summary="Every statement about an entity, as CSV",
    openapi_extra={"parameters": _RELATIONS},
    responses=_CSV,
)
def relations_table(id: str, request: Request, release: ReleaseDep) -> Response:
    """The same as a table; without `limit`, all that match."""
    return _relations(id, request, release, CSV)


def _relations(id: str, request: Request, release: Release, media: Format) -> Response:
    allowed = ("families", "predicates", "direction", "as_of", "limit", "cursor", "lang")
    asked = Asked(request, allowed)
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    index, node = release.index, entity(id, release)
    families = asked.families()
    predicates = asked.several("predicates", sorted(index.types))
    direction = asked.choice("direction", _DIRECTIONS, "both")
    as_of, limit = asked.day("as_of"), asked.whole("limit", DEFAULT_LIMIT, 1, MOST)

    def make() -> tuple[bytes, Mapping[str, str]]:
        found: list[tuple[Edge, Standing]] = []
        for link in index.incident[node.number]:
            for number in index.links[link].edges:
                edge = index.edges[number]
                side = "out" if edge.subject == node.number else "in"
                if (families and edge.family not in families) or (predicates and edge.predicate not in predicates):
                    continue
                state = standing(index, edge, as_of)
                if state is not None and direction in ("both", side):
                    found.append((edge, state))

        def key(one: tuple[Edge, Standing]) -> list[Any]:
            day = one[0].start
            return [day is None, -day.toordinal() if day else 0, one[0].iri]

        found.sort(key=key)
        whole = media is CSV and "limit" not in asked
        chosen, cursor = cut(found, key, len(found) or 1 if whole else limit, asked.text("cursor") or None)
        shape = Items(release, lang, as_of)
        items = [shape.statement(edge, state) for edge, state in chosen]
        headers = {"Palermo-Rows": str(len(found))}
        if media is CSV:
            return table(_COLUMNS, (_flat(item) for item in items)), headers
        return dumped(_page(request, release, len(found), items, cursor, "relations")), headers

    return answer(request, make, media, lang)


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **item,
        "iri": item["@id"],
        "type": item["@type"],
        "subject": item["subject"]["id"],
        "object": item["object"]["id"],
        "sources": [one["id"] for one in item["sources"]],
    }


def _page(
    request: Request, release: Release, count: int, items: list[dict[str, Any]], cursor: str | None, context: str
) -> dict[str, Any]:
    return {
        "@context": f"{base_url(request)}/api/v1/context/{context}.jsonld",
        "release": release.manifest.release,
        "count": count,
        "next": following(request, cursor),
        "items": items,
    }


@get(
    router,
    "/entities/{id:path}/neighbours",
    tags=["entities"],
    summary="What an entity is linked to, with counts by family",
    openapi_extra={"parameters": _NEIGHBOURS},
    responses=described.answers(
        {"type": "object", "required": ["release", "count", "counts", "items", "next"]}, csv=True
    ),
)
def around(id: str, request: Request, release: ReleaseDep) -> Response:
    """One item per link; `statement` is the one that stands for it and `statements` how many it is made of. `counts`
    are those of all pages, links of unknown date counted apart as well."""
    return _around(id, request, release, wanted(request))


@get(
    router,
    "/entities/{id:path}/neighbours.csv",
    tags=["entities"],
    summary="What an entity is linked to, as CSV",
    openapi_extra={"parameters": _NEIGHBOURS},
    responses=_CSV,
)
def around_table(id: str, request: Request, release: ReleaseDep) -> Response:
    """One row per link; without `limit`, all that match."""
    return _around(id, request, release, CSV)


def _around(id: str, request: Request, release: Release, media: Format) -> Response:
    asked = Asked(request, ("families", "kinds", "as_of", "limit", "cursor", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    index, node = release.index, entity(id, release)
    kinds = asked.several("kinds", index.named)
    families, as_of = asked.families(), asked.day("as_of")
    limit = asked.whole("limit", DEFAULT_LIMIT, 1, MOST)

    def make() -> tuple[bytes, Mapping[str, str]]:
        found = neighbours(index, node.number, Filter(families, kinds, as_of))

        def key(one: Neighbour) -> list[Any]:
            edge = index.edges[one.line.edge]
            inward = edge.subject != node.number
            degree = -index.degree[one.node.number]
            return [FAMILIES.index(edge.family), edge.predicate, inward, degree, one.node.id, edge.iri]

        whole = media is CSV and "limit" not in asked
        chosen, cursor = cut(found, key, len(found) or 1 if whole else limit, asked.text("cursor") or None)
        shape = Items(release, lang, as_of)
        counts = [
            {
                "family": one.family,
                "predicate": one.predicate,
                "label": _verb(release, one.predicate, one.outgoing, lang),
                "outgoing": one.outgoing,
                "links": one.links,
                "unknown": one.unknown,
            }
            for one in tally(index, node.number, found)
        ]
        items = [
            {
                **shape.found(one.node),
                "statement": shape.statement(index.edges[one.line.edge], one.line.standing),
                "statements": one.line.statements,
            }
            for one in chosen
        ]
        headers = {"Palermo-Rows": str(len(found))}
        if media is CSV:
            return table(_LINKED, (_neighbour(item) for item in items)), headers
        return dumped(
            {
                "release": release.manifest.release,
                "entity": shape.found(node),
                "as_of": as_of.isoformat() if as_of else None,
                "count": len(found),
                "counts": counts,
                "next": following(request, cursor),
                "items": items,
            }
        ), headers

    return answer(request, make, media, lang)


def _neighbour(item: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a link: its statement, the neighbour, and how many statements it is made of."""
    name = {"neighbour": item["id"], "label": item["label"], "kind": item["kind"]}
    return {**_flat(item["statement"]), **name, "statements": item["statements"]}


def _verb(release: Release, predicate: str, outgoing: bool, lang: str) -> str:
    kind = release.index.types[predicate]
    words = kind.label if outgoing else kind.inverse
    return words.get(lang) or words.get("en") or predicate


# A whole IRI may name an entity, so this address takes any path and comes after those below an entity.
@get(
    router,
    "/entities/{id:path}",
    tags=["entities"],
    summary="One entity, of any kind",
    openapi_extra={"parameters": [described.LANG]},
    responses=described.answers({"type": "object", "required": ["@id", "@type", "id", "label"]}),
)
def one(id: str, request: Request, release: ReleaseDep) -> Response:
    """Whatever has an identifier in the network: its fields, and how many statements of each family it has."""
    media = wanted(request, tables=False)
    lang = Asked(request, ("lang",)).lang(language.accepted(request.headers.get("accept-language")))
    node = entity(id, release)

    def make() -> tuple[bytes, Mapping[str, str]]:
        collection: Collection = COLLECTIONS[_LIST_OF[node.group]]
        shape = Items(release, lang)
        item = release.rows.one(collection.name, node.id) or {"iri": node.iri, "type": node.kind, "id": node.id}
        links = Counter(release.index.links[number].family for number in release.index.incident[node.number])
        where = f"{base_url(request)}/api/v1/entities/{node.id}"
        body = {
            "@context": f"{base_url(request)}/api/v1/context/{collection.name}.jsonld",
            "release": release.manifest.release,
            **shape.item(collection, item),
            "who": shape.who(node),
            "degree": release.index.degree[node.number],
            "links": {family: links[family] for family in FAMILIES},
            "relations": f"{where}/relations",
            "neighbours": f"{where}/neighbours",
        }
        return dumped(body), {}

    return answer(request, make, media, lang)
