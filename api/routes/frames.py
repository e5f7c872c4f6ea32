"""Pages to be framed elsewhere: what a page says, without its header, its forms and any script.

The page is asked of the application itself, so that a frame never says anything else than its page.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from api import inside, language, rendering
from api.atlas import interface
from api.deps import BaseUrlDep, PagesDep
from api.errors import BadRequest, NotFound
from api.routes.explore import FRAMED

router = APIRouter(tags=["pages"], include_in_schema=False)

#: Pages around the graph. Things, statements and the explorer's views are framed as drawings, by `/embed`.
PAGES: Final = re.compile(
    r"/(?:(?:treaties|stories)(?:/[a-z0-9-]+){0,2}"
    r"|figures|evaluations|projects|cases|people|method|quality|corrections|copies|search|data|sparql)"
)
_MAIN: Final = re.compile(r'<main id="main"[^>]*>(.*)</main>', re.DOTALL)
_TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)
#: What only a page of its own can do: forms, files of a drawing, and the foot with its address, citation and frame.
_LEFT_OUT: Final = re.compile(
    r'<form\b.*?</form>|<div class="take-one">.*?</div>|<section class="take".*?</section>|<button\b.*?</button>'
    r"|<script\b.*?</script>|<textarea\b.*?</textarea>",
    re.DOTALL,
)


@router.get("/embed/page", summary="A page to be framed by other pages")
async def framed(request: Request, base: BaseUrlDep, pages: PagesDep, of: str = "") -> Response:
    """What the page at `of` says, with its links and its address. Raises :class:`BadRequest` for no such address of
    this server, :class:`NotFound` where there is no page."""
    if not of.startswith("/") or not PAGES.fullmatch(of.partition("?")[0]):
        raise BadRequest("of: the address of a page below this server, such as /treaties or /stories.")
    lang = language.of(request)
    headers = {"Accept": "text/html", "Accept-Language": lang, "Accept-Encoding": "identity"}
    answer = await inside.ask(request.app, base, of, headers)
    found, title = _MAIN.search(answer.text), _TITLE.search(answer.text)
    if answer.status_code != 200 or found is None or title is None:
        raise NotFound("There is no such page, or not for what is asked of it.")
    assets = rendering.assets(request)
    text = pages.get_template("atlas/framed.html").render(
        lang=lang,
        say=interface(lang),
        title=unescape(" ".join(title[1].split())),
        # the page escapes every text from data itself
        said=Markup(_LEFT_OUT.sub("", found[1])),
        page=base + of,
        style=assets.files.get("main.css", ""),
    )
    return Response(text, 200, FRAMED, "text/html; charset=utf-8")
