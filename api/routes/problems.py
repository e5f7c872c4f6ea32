"""/problems/{kind}: what each kind of problem means and what to do about it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api import rendering
from api.deps import BaseUrlDep
from api.errors import KINDS, NotFound
from api.negotiate import HTML, Format, choose
from api.problems import PAGE_VARY, VARY

router = APIRouter(prefix="/problems", tags=["service"])

_JSON = Format("json", "application/json")
_HEADERS = {"Vary": VARY, "Cache-Control": "public, max-age=3600"}
_PAGE_HEADERS = {"Vary": PAGE_VARY, "Cache-Control": "no-cache"}


def _entry(kind: str, base: str) -> dict[str, Any]:
    one = KINDS[kind]
    return {
        "type": f"{base}/problems/{kind}",
        "status": one.status,
        "title": one.title,
        "about": one.about,
        "remedy": one.remedy,
    }


@router.api_route("", methods=["GET", "HEAD"], summary="Every kind of problem")
async def kinds(request: Request, base: BaseUrlDep) -> Response:
    """The list of problem types, as JSON or a page."""
    entries = [_entry(kind, base) for kind in sorted(KINDS)]
    if choose(request.headers.get("accept"), (_JSON, HTML)) is HTML:
        return HTMLResponse(rendering.page(request, "problems.html", entries=entries), headers=_PAGE_HEADERS)
    return JSONResponse(entries, headers=_HEADERS)


@router.api_route("/{kind}", methods=["GET", "HEAD"], summary="One kind of problem")
async def kind(kind: str, request: Request, base: BaseUrlDep) -> Response:
    """What the problem type means and what to do about it, as JSON or a page."""
    if kind not in KINDS:
        raise NotFound(f"There is no problem type {kind!r}; there are {', '.join(sorted(KINDS))}.")
    entry = _entry(kind, base)
    if choose(request.headers.get("accept"), (_JSON, HTML)) is HTML:
        return HTMLResponse(rendering.page(request, "problems.html", entries=[entry]), headers=_PAGE_HEADERS)
    return JSONResponse(entry, headers=_HEADERS)
