"""Finding: search and completion, explanations of a connection, comparison, figures that disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api import language
from api.negotiate import Format
from api.routes.v1 import described
from api.routes.v1.answering import CSV, PREFIX, ReleaseDep, answer, dumped, get, table, wanted
from api.routes.v1.asking import Asked, refused
from api.routes.v1.items import Items
from graph.read.collections import COLLECTIONS
from graph.read.compare import FEWEST, Row, compare
from graph.read.compare import MOST as MOST_COMPARED
from graph.read.network import Filter, Shown
from graph.read.paths import KINDS
from graph.read.release import Release
from graph.read.search import MAX_LETTERS

router = APIRouter(prefix=PREFIX)

_Q: Final = described.text("q", f"What is looked for; at most {MAX_LETTERS} letters are read.", required=True)
_KINDS: Final = described.text("kinds", "Only these kinds, joined by commas.", example="State,Treaty,Actor")
_LIST: Final = {"type": "object", "required": ["release", "items"]}
MOST_FOUND: Final = 100
MOST_PATHS: Final = 20


def _kinds(asked: Asked, release: Release) -> frozenset[str]:
    return asked.several("kinds", release.index.named)


@get(
    router,
    "/search",
    tags=["find"],
    summary="Entities by name",
    openapi_extra={"parameters": [_Q, _KINDS, described.limit(20, MOST_FOUND), described.LANG]},
    responses=described.answers(_LIST),
)
def search(request: Request, release: ReleaseDep) -> Response:
    """Accents, case and typing slips are forgiven; names in English and French and abbreviations count alike. Ranked by
    how well a name fits, then by how many nodes the entity is linked to."""
    media = wanted(request, tables=False)
    asked = Asked(request, ("q", "kinds", "limit", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    text, kinds = asked.text("q", required=True), _kinds(asked, release)
    limit = asked.whole("limit", 20, 1, MOST_FOUND)

    def make() -> tuple[bytes, Mapping[str, str]]:
        shape = Items(release, lang)
        items = [
            {**shape.found(hit.node), "score": hit.score, "matched": hit.matched}
            for hit in release.names(text, limit, kinds)
        ]
        return dumped({"release": release.manifest.release, "query": text, "items": items}), {}

    return answer(request, make, media, lang)


@get(
    router,
    "/complete",
    tags=["find"],
    summary="Names while typing",
    openapi_extra={"parameters": [_Q, _KINDS, described.limit(8, 20), described.LANG]},
    responses=described.answers(_LIST),
)
def complete(request: Request, release: ReleaseDep) -> Response:
    """The same search with short items: id, name, and a line that says who it is."""
    media = wanted(request, tables=False)
    asked = Asked(request, ("q", "kinds", "limit", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    text, kinds = asked.text("q", required=True), _kinds(asked, release)
    limit = asked.whole("limit", 8, 1, 20)

    def make() -> tuple[bytes, Mapping[str, str]]:
        shape = Items(release, lang)
        hits = release.names(text, limit, kinds)
        items = [{**shape.entity(hit.node), "kind": hit.node.kind, "who": shape.who(hit.node)} for hit in hits]
        return dumped({"release": release.manifest.release, "items": items}), {}

    return answer(request, make, media, lang)


@get(
    router,
    "/paths",
    tags=["find"],
    summary="How two entities are connected",
    openapi_extra={
        "parameters": [
            described.text("from", "One entity.", required=True, example="expertise-france"),
            described.text("to", "The other one.", required=True, example="eu"),
            described.FAMILY,
            described.AS_OF,
            described.limit(6, MOST_PATHS),
            described.LANG,
        ]
    },
    responses=described.answers(_LIST),
)
def paths(request: Request, release: ReleaseDep) -> Response:
    """Several explanations of different kinds, the most telling first, in words, each step with its sources."""
    media = wanted(request, tables=False)
    asked = Asked(request, ("from", "to", "families", "as_of", "limit", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    a, b = asked.node("from", release.index), asked.node("to", release.index)
    if a.number == b.number:
        raise refused("to", b.id, ["another entity than `from`"])
    families, as_of = asked.families(), asked.day("as_of")
    limit = asked.whole("limit", 6, 1, MOST_PATHS)

    def make() -> tuple[bytes, Mapping[str, str]]:
        shape, index = Items(release, lang, as_of), release.index
        items: list[dict[str, Any]] = []
        for one in release.paths(a.id, b.id, as_of=as_of, families=families, limit=limit):
            steps = [shape.statement(index.edges[step.line.edge], step.line.standing) for step in one.steps]
            items.append(
                {
                    "kind": one.kind,
                    "label": KINDS[one.kind][lang == "fr"],
                    "cost": one.cost,
                    "through": [shape.found(index.nodes[number]) for number in one.through],
                    "sentences": [step["sentence"] for step in steps],
                    "steps": steps,
                }
            )
        body = {
            "release": release.manifest.release,
            "from": shape.found(a),
            "to": shape.found(b),
            "as_of": as_of.isoformat() if as_of else None,
            "items": items,
        }
        return dumped(body), {}

    return answer(request, make, media, lang)


@get(
    router,
    "/compare",
    tags=["find"],
    summary="What two or three entities have in common and what not",
    openapi_extra={
        "parameters": [
            described.text("ids", "Two or three entities joined by commas.", required=True, example="fra,swe"),
            described.AS_OF,
            described.LANG,
        ]
    },
    responses=described.answers({"type": "object", "required": ["release", "entities", "direct", "sections"]}),
)
def comparison(request: Request, release: ReleaseDep) -> Response:
    """Commitments, monitoring, memberships, projects, partners and texts: shared ones first."""
    media = wanted(request, tables=False)
    asked = Asked(request, ("ids", "as_of", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    asked.text("ids", required=True)
    nodes, as_of = asked.nodes("ids", release.index, FEWEST, MOST_COMPARED), asked.day("as_of")

    def make() -> tuple[bytes, Mapping[str, str]]:
        shape, index = Items(release, lang, as_of), release.index
        found = compare(index, [one.number for one in nodes], Filter(as_of=as_of))

        def told(line: Shown) -> dict[str, Any]:
            return shape.statement(index.edges[line.edge], line.standing)

        def row(one: Row) -> dict[str, Any]:
            by = {node.id: [told(line) for line in lines] for node, lines in zip(nodes, one.lines, strict=True)}
            return {**shape.found(one.node), "shared": one.shared, "statements": by}

        body = {
            "release": release.manifest.release,
            "as_of": as_of.isoformat() if as_of else None,
            "entities": [shape.found(node) for node in found.nodes],
            "direct": [told(line) for line in found.direct],
            "sections": {
                name: {
                    "count": len(rows),
                    "shared": sum(one.shared for one in rows),
                    "items": [row(one) for one in rows],
                }
                for name, rows in found.sections.items()
            },
        }
        return dumped(body), {}

    return answer(request, make, media, lang)


#: What makes two figures answers to one question.
QUESTION: Final = ("indicator", "area", "period", "form", "sex", "age", "unit", "basis")


_CONFLICTS: Final = [
    described.text("area", "Only about this country or region.", example="fra"),
    described.text("indicator", "Only this indicator.", example="victims-identified"),
    described.LANG,
]


@get(
    router,
    "/statistics/conflicts",
    tags=["find"],
    summary="Same question, different figures",
    openapi_extra={"parameters": _CONFLICTS},
    responses=described.answers(_LIST, csv=True),
)
def conflicts(request: Request, release: ReleaseDep) -> Response:
    """Figures with the same indicator, area, period, breakdown, unit and basis and different values, side by side.
    Figures without a period are no answers to one question and are left out."""
    return _conflicts(request, release, wanted(request))


@get(
    router,
    "/statistics/conflicts.csv",
    tags=["find"],
    summary="Same question, different figures, as CSV",
    openapi_extra={"parameters": _CONFLICTS},
    responses=described.answers({"type": "string"}, media="text/csv"),
)
def conflicts_table(request: Request, release: ReleaseDep) -> Response:
    """One row per figure; rows of one question stand together and share its number."""
    return _conflicts(request, release, CSV)


def _conflicts(request: Request, release: Release, media: Format) -> Response:
    asked = Asked(request, ("area", "indicator", "lang"))
    lang = asked.lang(language.accepted(request.headers.get("accept-language")))
    area = asked.node("area", release.index).id if "area" in asked else None
    indicators = asked.several("indicator", release.rows.notations("indicator"))

    def make() -> tuple[bytes, Mapping[str, str]]:
        shape, collection = Items(release, lang), COLLECTIONS["statistics"]
        asked_once: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
        for item in release.rows.all("statistics"):
            fits = (area is None or item.get("area") == area) and (not indicators or item["indicator"] in indicators)
            if fits and "period" in item and "value" in item:
                asked_once[tuple(str(item.get(name, "")) for name in QUESTION)].append(item)
        items = []
        for question, figures in sorted(asked_once.items()):
            values = {figure["value"] for figure in figures}
            if len(values) > 1:
                items.append(
                    {
                        "question": {name: value or None for name, value in zip(QUESTION, question, strict=True)},
                        "values": sorted(values),
                        "figures": [shape.item(collection, figure) for figure in figures],
                    }
                )
        if media is CSV:
            columns = ("conflict", *QUESTION, "value", "publisher", "id", "sources")
            return table(columns, _figures(items)), {"Palermo-Rows": str(len(items))}
        return dumped({"release": release.manifest.release, "count": len(items), "items": items}), {}

    return answer(request, make, media, lang)


def _figures(items: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of a table of conflicts."""
    for number, item in enumerate(items, 1):
        for figure in item["figures"]:
            sources = [source["id"] for source in figure["sources"]]
            about = {name: figure.get(name) for name in ("value", "publisher", "id")}
            yield {"conflict": number, **item["question"], **about, "sources": sources}
