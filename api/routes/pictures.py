"""Every chart as a picture elsewhere: PNG for print beside each SVG, and a page that others may frame.

Charts are routes that end in `.svg`; both forms here ask the application for that very address, so that a new chart
has them as soon as it has its own.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from api import inside, language, rendering
from api.atlas import interface
from api.deps import BaseUrlDep, PagesDep
from api.errors import BadRequest, NotFound
from api.routes.explore import FRAMED, WIDEST
from viz import picture
from viz.assets import Assets

router = APIRouter(tags=["pages"], include_in_schema=False)

#: Charts of the pages around the graph. The explorer's pictures have forms of their own.
CHARTS: Final = re.compile(r"/(?:treaties|figures|quality)/[a-z0-9/-]+\.svg|/(?:evaluations|projects|people)\.svg")
_NAME: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)


async def _drawn(request: Request, base: str, address: str) -> str:
    """The SVG at an address of this server. Raises :class:`NotFound` where there is no chart."""
    if not CHARTS.fullmatch(urlsplit(address).path):
        raise NotFound("There is no chart at that address; charts are the pictures of pages, ending in .svg.")
    headers = {"Accept-Language": language.of(request), "Accept-Encoding": "identity"}
    answer = await inside.ask(request.app, base, address, headers)
    if answer.status_code != 200:
        raise NotFound("There is no such chart, or nothing to draw on that day.")
    return answer.text


@router.get("/embed/picture", summary="A chart to be framed by other pages")
async def framed(request: Request, base: BaseUrlDep, pages: PagesDep, of: str = "") -> Response:
    """The chart with its title, source line and links, without script or cookie. `of` is the address of its SVG."""
    if not of.startswith("/") or of.startswith("//"):
        raise BadRequest("of: the address of a chart below this server, such as /treaties/palermo-protocol/map.svg.")
    lang = language.of(request)
    drawn = await _drawn(request, base, of)
    found = _NAME.search(drawn)
    path, _, query = of.partition("?")
    page = re.sub(r"/(?:map|growth|timeline)$", "", path.removesuffix(".svg"))
    page = re.sub(r"^/(figures|quality)/", r"/\1#", page)
    assets: Assets = rendering.assets(request)
    text = pages.get_template("atlas/embed.html").render(
        lang=lang,
        say=interface(lang),
        title=Markup(found[1]) if found else "Palermo",  # escaped by the drawing
        # the drawing escapes every text from data itself
        # what has links in it is a group, not one image
        drawing=Markup(drawn.replace(' role="img"', ' role="group"', 1)),
        page=base + page + (f"?{query}" if query and "#" not in page else ""),
        style=assets.files.get("main.css", ""),
    )
    return Response(text, 200, FRAMED, "text/html; charset=utf-8")


@router.get("/{path:path}.png", summary="A chart as PNG")
async def png(path: str, request: Request, base: BaseUrlDep) -> Response:
    """The picture of the SVG at the same address, at print size (`width=` in pixels)."""
    given = request.query_params.get("width", str(picture.PRINT_WIDTH))
    if not given.isdigit() or not 200 <= int(given) <= WIDEST:
        raise BadRequest(f"width={given}: pixels from 200 to {WIDEST}.")
    kept = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "width"])
    drawn = await _drawn(request, base, f"/{path}.svg" + (f"?{kept}" if kept else ""))
    body = await run_in_threadpool(picture.png, drawn, int(given))
    name = path.replace("/", "-")
    headers = {"Content-Disposition": f'inline; filename="palermo-{name}.png"', "Vary": rendering.VARY}
    return Response(body, 200, headers, "image/png")
