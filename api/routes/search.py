"""/search: everything by name, as a page. `/explore/search` and `/api/v1/search` answer programs."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Response

from api.atlas import Reader, ReaderDep
from api.routes.explore import DeskDep
from graph.read.index import Node
from graph.read.search import MAX_LETTERS
from viz import scene, words

router = APIRouter(tags=["pages"])

#: Entities that one page lists; who is not among them is better found by another word.
MOST: Final = 40


@router.get("/search", summary="Find somebody or something by name")
def search(reader: ReaderDep, desk: DeskDep) -> Response:
    """The best matches, best first, each with what it is and who that is."""
    text = reader.request.query_params.get("q", "")[:MAX_LETTERS].strip()
    found = [_listed(hit.node, reader) for hit in desk.search(text, MOST)] if text else []
    title = reader.say("search.title", q=text) if text else reader.say("search.empty")
    return reader.page("search.html", title=title, q=text, found=found)


def _listed(node: Node, reader: Reader) -> dict[str, Any]:
    kind = words.KIND[reader.lang][scene.kind_of(node.kind)][0]
    label = node.label(reader.lang)
    return {
        "label": label,
        "short": node.abbreviation if node.abbreviation and node.abbreviation not in label else "",
        "lang": "en" if reader.lang == "fr" and not node.label_fr else "",
        "href": reader.doc(node.id),
        "kind": kind[:1].upper() + kind[1:],
        "who": node.description,
    }
