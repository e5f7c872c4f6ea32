"""One thing at one address: which format, from the cache or made, with the headers that say how it hangs together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

import orjson
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import language, linked, links, rendering
from api.errors import BadRequest, Gone, NotFound
from api.linked import ENDINGS, FORMATS, LICENCE
from api.negotiate import GRAPHS, HTML, Format, pick
from api.present import Presenter
from api.shelf import keep
from api.site import Site
from graph.read import description
from graph.read.description import UnknownPageError

#: Makes what a template prints: template name and context, or None where there is nothing to show.
View = Callable[[Presenter], tuple[str, dict[str, Any]] | None]

#: Addresses with a file ending name one document for as long as the release is served; a client may keep it that long.
CACHEABLE: Final = "public, max-age=3600"
NEGOTIATED: Final = "public, no-cache"

_MEDIA: Final = {ending: one.media for ending, one in ENDINGS.items()}


def serve(request: Request, site: Site, iri: str, stem: str, ending: Format | None, view: View) -> Response:
    """The document about an IRI. `stem` is its address here without a file ending.

    Raises :class:`NotFound` for a page past the last, :class:`BadRequest`, :class:`NotAcceptable`.
    """
    number = page_number(request)
    language.of(request)  # an unknown language is refused, whatever the format
    form = ending or pick(request.headers.get("accept"), request.query_params.getlist("format"), FORMATS)
    canonical = _canonical(site, stem)
    try:
        if form.name == HTML.name:
            body = site.cache.get(("html", *rendering.key(request)), lambda: _page(request, site, stem, view))
        else:
            body = site.cache.get((form.name, iri, number), lambda: _data(site, iri, canonical, number, form))
    except UnknownPageError as error:
        raise NotFound(f"There is no such part of this document: {error}.") from None
    headers = {"Link": _links(site, iri, stem, canonical, number, form), "Cache-Control": NEGOTIATED}
    if ending is not None and form.name != HTML.name:
        headers["Cache-Control"] = CACHEABLE
    elif form.name != HTML.name:
        headers["Vary"] = rendering.VARY
        headers["Content-Location"] = f"{stem}.{_ending(form)}"
    keep(request)
    return conditional(request, site, body, form, headers)


def conditional(request: Request, site: Site, body: bytes, form: Format, headers: dict[str, str]) -> Response:
    """A body with its entity tag, or 304 for a client that has it already."""
    tag = linked.etag(body)
    headers = {**headers, "ETag": tag}
    if form.name == HTML.name:
        headers["Cache-Control"] = "private, no-cache"
        if matches(request, tag):
            return Response(status_code=304, headers={**headers, "Vary": rendering.VARY})
        return rendering.answer(request, body, headers)
    if matches(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, form.content_type)


def matches(request: Request, tag: str) -> bool:
    """Whether If-None-Match names this entity tag, weakly compared as RFC 9110 asks."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag.strip('"') in re.findall(r'"([^"]*)"', given)


def page_number(request: Request) -> int:
    """`page=` of a request, 1 without. Raises :class:`BadRequest`."""
    text = request.query_params.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise BadRequest(f"page={text!r}: a number from 1 on is needed.")
    return int(text)


def missing(site: Site, kind: str, local: str, ending: str = "") -> Response:
    """The answer for an id that the release does not hold: 308 when it was renamed.

    `kind` is the part of the address before the id (`id`, `doc`, `source`). Raises :class:`Gone` when it was withdrawn,
    :class:`NotFound` otherwise.
    """
    prefix = "source/" if kind == "source" else ""
    known = site.redirects.get(prefix + local)
    if known is not None and not known.new:
        raise Gone(f"{local} was withdrawn on {known.date}: {known.reason}.", withdrawn=known.date)
    target = known.new.removeprefix(prefix) if known is not None else _renamed_parts(site, local)
    if target:
        suffix = f".{ending}" if ending else ""
        return RedirectResponse(f"/{kind}/{target}{suffix}", 308, {"Cache-Control": CACHEABLE})
    raise NotFound(f"{local!r} is nothing that this release holds.")


def _renamed_parts(site: Site, local: str) -> str:
    """A statement's path whose parts were renamed, when the release holds it under their new names."""
    parts = [site.redirects[part].new if part in site.redirects else part for part in local.split("/")]
    target = "/".join(parts)
    if target == local or not all(parts):
        return ""
    return target if description.exists(site.store, site.ids.entity(target)) else ""


def _canonical(site: Site, stem: str) -> str:
    return site.ids.base.rstrip("/") + stem


def _page(request: Request, site: Site, stem: str, view: View) -> bytes:
    show = Presenter(site, rendering.chrome(request).lang)
    shown = view(show)
    if shown is None:
        raise UnknownPageError("no page")
    template, context = shown
    context.setdefault("schema", "")
    if stem.startswith(("/doc/", "/source/")):
        context["report"] = f"/corrections?about={quote(stem, safe='/')}"
    if context.get("explore"):  # what can be drawn can be shown elsewhere
        state = str(context["explore"]).partition("?")[2]
        source = f"{rendering.chrome(request).base}/embed?{state}&lang={show.lang}"
        context["embed"] = rendering.frame(source, show.words("entity.graph", name=context["title"].text))
    schema = Markup(structured(context["schema"]))
    return rendering.page(
        request, template, **{**context, "schema": schema}, show=show, canonical=_canonical(site, stem), media=_MEDIA
    )


def structured(data: object) -> str:
    """Data as JSON that may stand in a page: what could end the script element is written as an escape."""
    text = orjson.dumps(data).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _data(site: Site, iri: str, canonical: str, number: int, form: Format) -> bytes:
    found = description.describe(site.store, iri, number)
    quads = linked.document(found, canonical, site.ids, site.manifest)
    return linked.render(quads, iri, form, site.ids)


def _pages(site: Site, iri: str) -> int:
    """How many pages a description has; counted once, since a release never changes."""
    return int(site.cache.get(("pages", iri), lambda: str(description.pages(site.store, iri)).encode()))


def _ending(form: Format) -> str:
    return next(ending for ending, one in ENDINGS.items() if one.name == form.name)


def _links(site: Site, iri: str, stem: str, canonical: str, number: int, form: Format) -> str:
    found: list[tuple[str, Mapping[str, str]]] = []
    for one in (*GRAPHS, HTML):
        if one.name != form.name:
            found.append((f"{stem}.{_ending(one)}", {"rel": "alternate", "type": one.media}))
    if form.name == HTML.name:
        found.append((f"{stem}.ttl", {"rel": "describedby", "type": GRAPHS[0].media}))
    found += [
        (iri, {"rel": "describes"}),
        (canonical, {"rel": "canonical"}),
        (LICENCE, {"rel": "license"}),
        ("/.well-known/void", {"rel": "describedby", "title": "data set"}),
    ]
    if number > 1:
        found.append((f"{stem}?page={number - 1}" if number > 2 else stem, {"rel": "prev"}))
    if form.name != HTML.name and number < _pages(site, iri):
        found.append((f"{stem}?page={number + 1}", {"rel": "next"}))
    return links.link_header(found)
