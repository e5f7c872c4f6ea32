"""/cite.bib and its like: the citation of any page, for reference managers. `url=` is the page's address here."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from api import language
from api.deps import BaseUrlDep
from api.errors import NotFound
from api.routes.explore import TodayDep
from api.routes.oembed import title_of
from graph.manifest import Manifest
from viz.cite import Citation

router = APIRouter(tags=["pages"], include_in_schema=False)

#: File ending -> media type.
FORMS: Final = {
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}


@router.get("/cite.{form}", summary="The citation of a page")
async def cite(form: str, request: Request, today: TodayDep, base: BaseUrlDep, url: str = "") -> Response:
    """Text, BibTeX, RIS or CSL JSON. Raises :class:`NotFound` where there is no such page or form."""
    if form not in FORMS:
        raise NotFound(f"Citations are {', '.join(FORMS)}.")
    target = url.removeprefix(base) if url.startswith(f"{base}/") else url
    if not target.startswith("/") or target.startswith("//"):
        raise NotFound("url= is the address of a page of this server.")
    title = await title_of(request, base, target)
    found = Citation(title, base + target, _release(request), today, language.of(request))
    body = {"txt": lambda: found.text() + "\n", "bib": found.bibtex, "ris": found.ris, "json": found.csl}[form]()
    headers = {"Content-Disposition": f'inline; filename="palermo.{form}"', "Vary": "Accept-Language, Cookie"}
    return Response(body, 200, headers, FORMS[form])


def _release(request: Request) -> str:
    manifest: Manifest = request.app.state.manifest
    return manifest.release
