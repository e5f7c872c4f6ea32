"""The words: /ontology, its terms, closed lists, concepts and rules; /context.jsonld."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from api import linked, links
from api.documents import CACHEABLE, conditional, matches, serve
from api.errors import NotFound
from api.linked import ENDINGS, FORMATS
from api.negotiate import HTML, Format, pick
from api.present import Presenter
from api.rendering import VARY, chrome, key, page
from api.site import Site, SiteDep
from api.views import vocabulary
from graph.ids import CONCEPT, PAL, RULE
from graph.read import description, terms
from graph.read.rules import rules

router = APIRouter(tags=["linked data"])

_GET: Final = ["GET", "HEAD"]


@router.api_route("/ontology", methods=_GET, summary="The ontology")
def ontology(request: Request, site: SiteDep) -> Response:
    """A page with every term, or the whole ontology with closed lists and alignments as data."""
    form = pick(request.headers.get("accept"), request.query_params.getlist("format"), FORMATS)
    return _ontology(request, site, form, negotiated=True)


@router.api_route("/ontology.{ending}", methods=_GET, summary="The ontology as a file")
def ontology_file(ending: str, request: Request, site: SiteDep) -> Response:
    """The whole ontology in the format of the file ending."""
    if ending not in ENDINGS:
        raise NotFound(f"There is no format .{ending}; there are {', '.join(ENDINGS)}.")
    return _ontology(request, site, ENDINGS[ending], negotiated=False)


def _ontology(request: Request, site: Site, form: Format, *, negotiated: bool) -> Response:
    def html() -> bytes:
        show = Presenter(site, chrome(request).lang)
        found = vocabulary.ontology(show)
        return page(request, "ontology.html", **found, show=show, canonical=terms.ONTOLOGY, media=_MEDIA)

    def data() -> bytes:
        quads = description.graph(site.store, site.ids.graph("ontology"))
        return linked.render(quads, terms.ONTOLOGY, form, site.ids)

    is_page = form.name == HTML.name
    body = site.cache.get(("ontology", form.name, *(key(request) if is_page else ())), html if is_page else data)
    others = [(f"/ontology.{name}", {"rel": "alternate", "type": one.media}) for name, one in ENDINGS.items()]
    link = links.link_header([*others, (terms.ONTOLOGY, {"rel": "canonical"}), (linked.LICENCE, {"rel": "license"})])
    headers = {"Link": link, "Cache-Control": CACHEABLE}
    if negotiated:
        headers |= {"Vary": VARY, "Cache-Control": "public, no-cache"}
    return conditional(request, site, body, form, headers)


_MEDIA: Final = {name: one.media for name, one in ENDINGS.items()}


@router.api_route("/ontology/{name}", methods=_GET, summary="One term of the ontology")
def term(name: str, request: Request, site: SiteDep) -> Response:
    """A class or property with its definition and example."""
    stem, ending = linked.split(name)
    _known(site, PAL + stem)
    if stem not in site.ontology.classes and stem not in site.ontology.properties:
        # Kinds of edge stand on the page of their property, which says everything that a reader wants of them; what is
        # for programs alone, such as the structure of the figures, has no page but the ontology's.
        target = site.ontology.edge_types.get(PAL + stem, "")
        if (ending is None or ending.name == HTML.name) and _wants_page(request):
            return RedirectResponse(links.local(target, site.ids) or "/ontology", 303, {"Vary": "Accept"})
    return serve(
        request, site, PAL + stem, f"/ontology/{stem}", ending,
        lambda show: _filled("term.html", vocabulary.term(show, stem)),
    )  # fmt: skip


def _filled(template: str, found: dict[str, Any] | None) -> tuple[str, dict[str, Any]] | None:
    return (template, found) if found is not None else None


def _wants_page(request: Request) -> bool:
    return pick(request.headers.get("accept"), request.query_params.getlist("format"), FORMATS).name == HTML.name


@router.api_route("/concept/{path:path}", methods=_GET, summary="A closed list or one of its concepts")
def concept(path: str, request: Request, site: SiteDep) -> Response:
    """A list with all its concepts, or one concept."""
    stem, ending = linked.split(path)
    _known(site, CONCEPT + stem)
    return serve(
        request, site, CONCEPT + stem, f"/concept/{stem}", ending,
        lambda show: _filled("concept.html", vocabulary.concept(show, stem)),
    )  # fmt: skip


@router.api_route("/rule/{name}", methods=_GET, summary="An inference rule")
def rule(name: str, request: Request, site: SiteDep) -> Response:
    """What a rule says and how much of the release it made."""
    stem, ending = linked.split(name)
    if stem not in rules():
        raise NotFound(f"{stem!r} is no rule; there are {', '.join(rules())}.")
    return serve(
        request, site, RULE + stem, f"/rule/{stem}", ending,
        lambda show: _filled("rule.html", vocabulary.rule(show, stem)),
    )  # fmt: skip


@router.api_route("/context.jsonld", methods=_GET, summary="The JSON-LD context")
def context(request: Request) -> Response:
    """The context that JSON-LD documents of this server carry a part of."""
    body = files("ontology").joinpath("context.jsonld").read_bytes()
    headers = {"ETag": linked.etag(body), "Cache-Control": CACHEABLE}
    if matches(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/ld+json")


def _known(site: Site, iri: str) -> None:
    """Raises :class:`NotFound` for what the release says nothing of."""
    name = iri.replace("#", "/").removeprefix(CONCEPT)
    try:
        if description.exists(site.store, iri):
            return
    except ValueError:
        pass
    raise NotFound(f"{name!r} is no word of this release.")
