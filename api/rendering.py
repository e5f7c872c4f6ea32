"""Pages: the layout's own context (language, places, theme, files of the front end) joined with a page's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import FastAPI
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response

from api import language
from api.deps import base_url
from api.errors import Problem
from api.language import LANGUAGES, Lang, Words, words
from api.negotiate import HTML
from graph.dates import PartialDate
from graph.manifest import Manifest
from graph.read import dates
from viz.assets import Assets

#: Places of the header in their order: key of its word and address. One that this server has no route for is left out.
PLACES: Final = (
    ("explore", "/explore"),
    ("treaties", "/treaties"),
    ("figures", "/figures"),
    ("stories", "/stories"),
    ("query", "/sparql"),
    ("data", "/data"),
    ("ontology", "/ontology"),
    ("sources", "/sources"),
)
#: Further places, at the foot of every page.
MORE: Final = (
    ("evaluations", "/evaluations"),
    ("projects", "/projects"),
    ("cases", "/cases"),
    ("people", "/people"),
    ("method", "/method"),
    ("quality", "/quality"),
    ("corrections", "/corrections"),
)
THEMES: Final = ("light", "dark")
#: Formats of citations: file ending and name.
CITATIONS: Final = (("bib", "BibTeX"), ("ris", "RIS"), ("json", "CSL JSON"))

#: What an HTML page depends on besides its address.
VARY: Final = "Accept, Accept-Language, Cookie"


@dataclass(frozen=True)
class Place:
    """A link of the header."""

    key: str
    href: str
    current: bool


@dataclass(frozen=True)
class Chrome:
    """What every page's layout needs. `languages` are (code, address of this page in it, whether it is this one)."""

    lang: Lang
    t: Words
    theme: str
    places: tuple[Place, ...]
    more: tuple[Place, ...]
    languages: tuple[tuple[Lang, str, bool], ...]
    search: bool
    read: str
    base: str
    path: str
    here: str
    style: str
    script: str


def chrome(request: Request, lang: Lang | None = None) -> Chrome:
    """The layout's context for a request."""
    chosen = lang or _language(request)
    path = request.url.path
    known = _paths(request.app)
    files = assets(request).files
    theme = request.cookies.get("theme", "")
    return Chrome(
        lang=chosen,
        t=words(chosen),
        theme=theme if theme in THEMES else "",
        places=_places(PLACES, path, known),
        more=_places(MORE, path, known),
        languages=tuple((one, _in_language(request, one), one == chosen) for one in LANGUAGES),
        search="/search" in known,
        read=_read(request, words(chosen)),
        base=base_url(request),
        path=path,
        here=_in_language(request, chosen),
        style=files.get("main.css", ""),
        script=files.get("page.js", ""),
    )


def _read(request: Request, t: Words) -> str:
    """Which release this is, and up to when its sources were read."""
    manifest: Manifest = request.app.state.manifest
    if not manifest.date:
        return t("site.release_undated", release=manifest.release)
    when = dates.written(PartialDate.parse(manifest.date), t.lang)
    return t("site.release", release=manifest.release, date=when)


def _places(every: tuple[tuple[str, str], ...], path: str, known: frozenset[str]) -> tuple[Place, ...]:
    """The places that this server has a route for."""
    return tuple(Place(key, href, path == href or path.startswith(href + "/")) for key, href in every if href in known)


def key(request: Request) -> tuple[str, ...]:
    """What a rendered page depends on besides its own content: language, theme, this server's name, address."""
    one = chrome(request)
    asked = [f"{name}={request.query_params.get(name, '')}" for name in ("page", "family")]
    return one.lang, one.theme, one.base, request.url.path, *asked


def page(request: Request, template: str, /, **context: Any) -> bytes:
    """A page as bytes."""
    pages: Environment = request.app.state.pages
    place = chrome(request)
    filled = {"chrome": place, "t": place.t, "lang": place.lang, "citations": citations, "framed": framed, **context}
    return pages.get_template(template).render(**filled).encode()


def frame(source: str, title: str) -> str:
    """The code that shows a page of this server, which allows it, inside another: as wide as there is room."""
    shown = escape(title, quote=True)
    return (
        f'<iframe src="{escape(source, quote=True)}" title="{shown}" width="100%" height="560" loading="lazy" '
        'sandbox="allow-scripts allow-popups" referrerpolicy="no-referrer"></iframe>'
    )


def framed(base: str, address: str, title: str, lang: Lang) -> str:
    """The code that shows a page of this server inside another. `address` is the page's, below `base`."""
    path, _, query = address.partition("?")
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "lang"]
    of = path + (f"?{urlencode(sorted(pairs))}" if pairs else "")
    return frame(f"{base}/embed/page?{urlencode({'lang': lang, 'of': of})}", title)


def citations(address: str, lang: Lang) -> list[tuple[str, str]]:
    """Formats of a page's citation for reference managers: name and address."""
    asked = urlencode({"url": address, "lang": lang})
    return [(name, f"/cite.{ending}?{asked}") for ending, name in CITATIONS]


def answer(request: Request, body: bytes, headers: dict[str, str] | None = None, status: int = 200) -> Response:
    """An HTML answer; a language that was asked for by `?lang=` is remembered."""
    given = {"Vary": VARY, "Cache-Control": "no-cache", **(headers or {})}
    given["Content-Language"] = _language(request)
    response = Response(body, status, given, HTML.content_type)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(language.COOKIE, request.query_params["lang"], max_age=language.MAX_AGE, samesite="lax")
    return response


def _language(request: Request) -> Lang:
    """The reader's language; English for a request that asks for one that there is not (the problem page is one)."""
    try:
        return language.of(request)
    except Problem:
        return language.DEFAULT


def _in_language(request: Request, lang: Lang) -> str:
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{quote(request.url.path)}?{urlencode([*pairs, ('lang', lang)])}"


def _paths(app: FastAPI) -> frozenset[str]:
    found: frozenset[str] | None = getattr(app.state, "paths", None)
    if found is None:
        found = frozenset(_flat(app.routes))
        app.state.paths = found
    return found


def _flat(routes: Iterable[object]) -> Iterator[str]:
    """The addresses of routes, those of included routers among them."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _flat(inner.routes)
        else:
            yield str(getattr(route, "path", ""))


def assets(request: Request) -> Assets:
    """The files of the front end, read once for an application."""
    found: Assets | None = getattr(request.app.state, "assets", None)
    if found is None:
        found = Assets.read()
        request.app.state.assets = found
    return found
