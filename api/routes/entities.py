"""/id/{…} answers 303, /doc/{…} the document: actors, instruments, projects, judgments, statements, figures, claims."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from api import linked, links, schemaorg
from api.deps import BaseUrlDep
from api.documents import NEGOTIATED, missing, page_number, serve
from api.errors import NotFound
from api.linked import ENDINGS
from api.past import PastDep, relations
from api.present import Presenter
from api.site import Site, SiteDep
from api.views import entity as entity_view
from api.views import statement as statement_view
from graph.ids import PAL, PREFIXES
from graph.read import description, entity

router = APIRouter(tags=["linked data"])

_GET: Final = ["GET", "HEAD"]


def _iri(site: Site, path: str) -> str:
    """The IRI of a path below `id/`. Raises :class:`NotFound` for what no IRI can be."""
    iri = site.ids.entity(path)
    if not path or any(letter in path for letter in ' <>"{}|\\^`') or any(ord(letter) < 32 for letter in path):
        raise NotFound(f"{path!r} is no identifier.")
    return iri


@router.api_route("/id/{path:path}", methods=_GET, summary="A thing: see the document about it")
def thing(path: str, site: SiteDep) -> Response:
    """303 to the document; 308 for a renamed thing, 410 for a withdrawn one, 404 for an unknown one."""
    iri = _iri(site, path)
    if not description.exists(site.store, iri):
        return missing(site, "id", path)
    address = links.local(iri, site.ids) or ""
    link = links.link_header([(address, {"rel": "describedby"})])
    return RedirectResponse(address, 303, {"Link": link, "Vary": "Accept", "Cache-Control": NEGOTIATED})


@router.api_route("/doc/{path:path}", methods=_GET, summary="The document about a thing")
def document(path: str, request: Request, site: SiteDep, past: PastDep, base: BaseUrlDep) -> Response:
    """HTML for browsers; Turtle, JSON-LD, N-Triples, RDF/XML, TriG and N-Quads by Accept, `format=` or file ending.

    `page=` gives the further parts of a long description; on HTML pages `family=` one family of relations alone.
    """
    stem, ending = linked.split(path)
    iri = _iri(site, stem)
    if not description.exists(site.store, iri):
        suffix = next((name for name, one in ENDINGS.items() if ending is not None and one.name == ending.name), "")
        return missing(site, "doc", stem, suffix)
    address = links.local(iri, site.ids) or ""
    family, number = request.query_params.get("family", ""), page_number(request)
    response = serve(request, site, iri, address, ending, lambda show: view(show, iri, family, number))
    if past.on:
        response.headers["Link"] = f"{response.headers['Link']}, {relations(base, stem, original=False)}"
    return response


def view(show: Presenter, iri: str, family: str, number: int) -> tuple[str, dict[str, Any]]:
    """The page that fits the kind of thing."""
    statement = statement_view.context(show, iri)
    if statement is not None:
        return "statement.html", {**statement, "schema": schemaorg.statement(show, iri, statement)}
    thing = entity.read(show.site.store, iri)
    if "Observation" in thing.types or PREFIXES["qb"] + "Observation" in thing.types:
        found = statement_view.figure(show, iri, thing)
        return "figure.html", {**found, "schema": schemaorg.figure(show, iri, found)}
    if "Claim" in thing.types:
        found = statement_view.claim(show, iri, thing)
        return "claim.html", {**found, "schema": schemaorg.claim(show, iri, found)}
    if family:
        return "family.html", entity_view.family(show, iri, thing, family, number)
    found = entity_view.context(show, iri, thing)
    explore = f"/explore?focus={iri.rpartition('/')[2]}" if found["graph"] else ""
    schema = schemaorg.entity(show, iri, thing)
    return "entity.html", {**found, "explore": explore, "schema": schema, "pal": PAL}
