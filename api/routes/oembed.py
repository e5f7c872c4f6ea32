"""/oembed: what a page of this server is embedded as elsewhere (https://oembed.com, version 1.0).

Views of the explorer, by whole or short address, and entities are `rich`: the drawing in a frame. Every other page is
a `link` with its title, read from the page itself.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

import orjson
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import explorer, inside, language
from api.deps import BaseUrlDep
from api.errors import BadRequest, NotFound
from api.explorer import Place
from api.links import safe
from api.routes import share
from api.routes.explore import DeskDep, TodayDep
from graph.read.index import UnknownNodeError
from viz.scene import WIDTH, Scene
from viz.state import State, StateError, parse

router = APIRouter(tags=["explorer"])

PATH: Final = "/oembed"
_HEIGHT: Final = 560
#: A frame smaller than this shows nothing; a consumer that allows less gets a link.
_LEAST_WIDTH, _LEAST_HEIGHT = 240, 200
_ENTITY: Final = re.compile(r"/doc/([^/]+)")
_SHORT: Final = re.compile(r"/s/([^/?#]+)")
_TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@router.api_route(PATH, methods=["GET", "HEAD"], summary="oEmbed for every page of this server")
async def oembed(
    request: Request,
    desk: DeskDep,
    today: TodayDep,
    base: BaseUrlDep,
    url: str = "",
    format: str = "json",
    maxwidth: int | None = None,
    maxheight: int | None = None,
) -> Response:
    """The answer for the address of a page, absolute or below this server."""
    if format not in ("json", "xml"):
        raise BadRequest("format is json or xml.", parameter="format", allowed=["json", "xml"])
    target = url.removeprefix(base) if url.startswith(f"{base}/") else url
    if not target.startswith("/") or target.startswith("//") or safe(base + target) is None:
        raise NotFound("oEmbed is for pages of this server: url= is one of their addresses.")
    if short := _SHORT.fullmatch(target):
        target = share.target(await run_in_threadpool(share.found, request, short[1]))
    state = _state(target)
    width = min(WIDTH, WIDTH if maxwidth is None else maxwidth)
    height = min(_HEIGHT, _HEIGHT if maxheight is None else maxheight)
    answer: dict[str, Any] = {"version": "1.0", "provider_name": "Palermo", "provider_url": base, "cache_age": 3600}
    if state is not None and width >= _LEAST_WIDTH and height >= _LEAST_HEIGHT:
        place = Place(desk, state.lang or language.of(request), today, base)
        scene, code = await run_in_threadpool(_shared, state, place)
        code = code.replace('width="100%"', f'width="{width}"').replace(f'height="{_HEIGHT}"', f'height="{height}"')
        answer |= {"type": "rich", "title": scene.caption, "html": code, "width": width, "height": height}
    else:
        answer |= {"type": "link", "title": await title_of(request, base, target)}
    if format == "xml":
        return Response(_xml(answer), media_type="text/xml; charset=utf-8")
    return Response(orjson.dumps(answer), media_type="application/json")


def _state(target: str) -> State | None:
    """The view of the explorer that a page is embedded as, None for a page without one. Raises :class:`BadRequest`."""
    parts = urlsplit(target)
    entity = _ENTITY.fullmatch(parts.path)
    try:
        if parts.path == explorer.PATH:
            return parse(parts.query)
        return parse(f"focus={unquote(entity[1])}") if entity else None
    except StateError as error:
        raise BadRequest(f"url: {error}.", parameter=error.parameter, allowed=error.allowed) from None


def _shared(state: State, place: Place) -> tuple[Scene, str]:
    try:
        scene = place.desk.scene(state, place.lang, place.today)
    except UnknownNodeError as error:
        raise NotFound(f"Nothing in this release has the id {error.args[0]!r}.") from None
    return scene, str(explorer.share(state, place, scene)["embed"])


async def title_of(request: Request, base: str, target: str) -> str:
    """The title of a page, asked of the application itself. Raises :class:`NotFound` where there is no such page."""
    if urlsplit(target).path == PATH:
        raise NotFound("There is no page at that address.")
    headers = {"Accept": "text/html", "Accept-Language": request.headers.get("accept-language", "en")}
    page = await inside.ask(request.app, base, target, headers)
    found = _TITLE.search(page.text) if page.status_code == 200 else None
    if found is None:
        raise NotFound("There is no page at that address.")
    return unescape(" ".join(found[1].split()))


def _xml(answer: dict[str, Any]) -> str:
    members = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in answer.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{members}</oembed>\n'
