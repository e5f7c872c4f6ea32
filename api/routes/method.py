"""/method: how facts are gathered and checked, what is known to be missing, how to correct them."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from api.atlas import ReaderDep
from api.treaties import short
from graph.read import gaps
from viz.treaty_names import treaty_names

router = APIRouter(tags=["pages"])

#: Sections and the number of their paragraphs; the words are those of `method.{section}.{number}`.
SECTIONS: Final = (("gather", 3), ("prefer", 2), ("dates", 2), ("check", 2), ("licence", 2), ("report", 2))


@router.get("/method", summary="Method, gaps and corrections")
def page(reader: ReaderDep) -> Response:
    """The page. Gaps are counted from the release that is served."""
    found = reader.atlas.kept("gaps", "", lambda: gaps.read(reader.site.store))
    return reader.page(
        "method.html",
        title=reader.say("method.title"),
        sections=SECTIONS,
        gaps=found,
        partial=[short(one, reader.lang) for one, name in treaty_names().items() if name.partial],
    )


@router.get("/copies", summary="Copies of this site as files, and what they lack")
def copies(reader: ReaderDep) -> Response:
    """How a copy is made, and what of the site needs a server."""
    return reader.page("copies.html", title=reader.say("copies.title"))


@router.get("/method/gaps.csv", summary="What is known to be missing, as CSV")
def table(reader: ReaderDep) -> Response:
    """One row per kind of gap."""
    found = reader.atlas.kept("gaps", "", lambda: gaps.read(reader.site.store))
    return reader.table("gaps", ("gap", "missing", "total"), [(one.key, one.missing, one.total) for one in found])
