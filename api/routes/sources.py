"""/source/{id}: what a source is and everything that it states; /sources: all of them."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api import linked, links, rendering, schemaorg
from api.documents import conditional, missing, page_number, serve
from api.errors import NotFound
from api.linked import ENDINGS
from api.negotiate import HTML
from api.present import Presenter
from api.site import SiteDep
from api.views import source as source_view
from graph.ids import LOCAL_ID
from graph.read import description

router = APIRouter(tags=["linked data"])

_GET: Final = ["GET", "HEAD"]


@router.api_route("/source/{name}", methods=_GET, summary="A source and what it states")
def source(name: str, request: Request, site: SiteDep) -> Response:
    """HTML, or the description of the source with its graph, page by page; TriG keeps the graph apart."""
    stem, ending = linked.split(name)
    if not LOCAL_ID.fullmatch(stem):
        raise NotFound(f"{stem!r} is no identifier of a source.")
    iri = site.ids.source(stem)
    if not description.exists(site.store, iri):
        suffix = next((key for key, one in ENDINGS.items() if ending is not None and one.name == ending.name), "")
        return missing(site, "source", stem, suffix)
    number = page_number(request)

    def view(show: Presenter) -> tuple[str, dict[str, Any]] | None:
        found = source_view.context(show, iri, number)
        if found is None:
            return None
        return "source.html", {**found, "schema": schemaorg.source(show, found["citation"])}

    return serve(request, site, iri, links.local(iri, site.ids) or "", ending, view)


@router.api_route("/sources", methods=_GET, summary="All sources")
def index(request: Request, site: SiteDep) -> Response:
    """A page that lists every source by publisher."""
    number = page_number(request)

    def make() -> bytes:
        show = Presenter(site, rendering.chrome(request).lang)
        found = source_view.index(show, number)
        if found is None:
            raise NotFound(f"There is no page {number} of the sources.")
        return rendering.page(request, "sources.html", **found, show=show)

    body = site.cache.get(("sources", *rendering.key(request)), make)
    return conditional(request, site, body, HTML, {})
