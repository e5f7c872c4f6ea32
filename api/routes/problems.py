"""/problems/{kind}: what each kind of problem means and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api import rendering
from api.deps import BaseUrlDep
from api.errors import KINDS, NotFound
from api.language import DEFAULT, Lang
from api.negotiate import HTML, Format, choose
from api.problems import PAGE_VARY, VARY, told

router = APIRouter(prefix="/problems", tags=["service"])

_JSON = Format("json", "application/json")
_HEADERS = {"Vary": VARY, "Cache-Control": "public, max-age=3600"}
_PAGE_HEADERS = {"Vary": PAGE_VARY, "Cache-Control": "no-cache"}


def _entry(kind: str, base: str, lang: Lang = DEFAULT) -> dict[str, Any]:
    return {"type": f"{base}/problems/{kind}", "status": KINDS[kind].status, **told(KINDS[kind], lang)}


def _page(request: Request, kinds: Iterable[str], base: str) -> Response:
    lang = rendering.chrome(request).lang
    entries = [_entry(kind, base, lang) for kind in kinds]
    return HTMLResponse(rendering.page(request, "problems.html", entries=entries), headers=_PAGE_HEADERS)


@router.api_route("", methods=["GET", "HEAD"], summary="Every kind of problem")
async def kinds(request: Request, base: BaseUrlDep) -> Response:
    """The list of problem types, as JSON or a page."""
    if choose(request.headers.get("accept"), (_JSON, HTML)) is HTML:
        return _page(request, sorted(KINDS), base)
    return JSONResponse([_entry(kind, base) for kind in sorted(KINDS)], headers=_HEADERS)


@router.api_route("/{kind}", methods=["GET", "HEAD"], summary="One kind of problem")
async def kind(kind: str, request: Request, base: BaseUrlDep) -> Response:
    """What the problem type means and what to do about it, as JSON or a page."""
    if kind not in KINDS:
        raise NotFound(f"There is no problem type {kind!r}; there are {', '.join(sorted(KINDS))}.")
    if choose(request.headers.get("accept"), (_JSON, HTML)) is HTML:
        return _page(request, [kind], base)
    return JSONResponse(_entry(kind, base), headers=_HEADERS)
