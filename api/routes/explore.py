"""/explore: the interactive graph, the parts it is made of, and everything that a view is published as.

A page is whole without scripts: the server draws the graph and the table. With scripts, `/explore/view` gives the scene
and the same parts for each new state. Addresses of files take the state that the page takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

import orjson
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import Environment
from markupsafe import Markup

from api import explorer, language, links, rendering
from api.deps import BaseUrlDep, PagesDep, SettingsDep
from api.errors import BadRequest, NotFound
from api.explorer import PARTS, Place
from api.site import SiteDep
from graph.read.index import UnknownNodeError
from viz import export, layout, picture, query, scene, snapshot, svg, view, words
from viz.desk import Desk
from viz.scene import HEIGHT, WIDTH, Scene
from viz.state import State, StateError, parse

router = APIRouter(tags=["explorer"], include_in_schema=False)

_MAKING: Final = Lock()
_SIZE: Final = re.compile(r"([0-9]{3,4})x([0-9]{3,4})")
#: Fields of the page's form, and what the caller may add to a state.
_FIELDS: Final = ("families", "kinds")
_ALSO: Final = ("size", "find", "width", "parts")
#: Pixels across that a PNG may have.
WIDEST: Final = 4800
#: This page alone may be framed by others; it sets no cookie and runs no script.
FRAMED: Final = {
    "Content-Security-Policy": "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_HITS: Final = 8


def _desk(request: Request, site: SiteDep, settings: SettingsDep) -> Desk:
    state = request.app.state
    with _MAKING:
        if not hasattr(state, "desk"):
            directory = None if settings.data else settings.release
            state.desk = Desk(site.store, directory, site.network, site.teller)
        found: Desk = state.desk
    return found


def _today(request: Request) -> date:
    found: date | None = getattr(request.app.state, "today", None)
    return found or date.today()


DeskDep = Annotated[Desk, Depends(_desk)]
TodayDep = Annotated[date, Depends(_today)]


def _state(request: Request) -> State:
    """The state of a request's address. Raises :class:`BadRequest` that names the parameter."""
    try:
        return parse(request.url.query, _ALSO)
    except StateError as error:
        raise BadRequest(f"{error}.", parameter=error.parameter, allowed=error.allowed) from None


def _place(request: Request, desk: DeskDep, today: TodayDep, base: BaseUrlDep) -> Place:
    return Place(desk, language.of(request), today, base)


StateDep = Annotated[State, Depends(_state)]
PlaceDep = Annotated[Place, Depends(_place)]


def _known(make: Callable[[], Any], state: State) -> Any:
    """What `make` gives; an id that the release does not have is a 404 that says which."""
    try:
        return make()
    except UnknownNodeError as error:
        raise NotFound(f"Nothing in this release has the id {error.args[0]!r}.") from None
    except ValueError as error:
        raise BadRequest(f"{state.show}: {error}.") from None


def _size(request: Request) -> layout.Size:
    given = request.query_params.get("size")
    if given is None:
        return WIDTH, HEIGHT
    match = _SIZE.fullmatch(given)
    if match is None or not all(200 <= int(one) <= 4000 for one in match.groups()):
        raise BadRequest(f"size={given}: WIDTHxHEIGHT in pixels, each from 200 to 4000.")
    return int(match[1]), int(match[2])


def _filled(pages: Environment, state: State, place: Place, site: SiteDep, size: layout.Size) -> dict[str, Any]:
    """The context of every template of the explorer."""
    desk, ids = place.desk, place.desk.store.ids
    found: dict[str, Any] = _known(lambda: explorer.context(state, place, size), state)

    def label(local: str) -> str:
        return view.short(desk.index.find(local), place.lang)

    pages.filters.update(
        {
            "capitalize_first": lambda text: text[:1].upper() + text[1:],
            "host": lambda url: urlsplit(url).hostname or url,
            # the drawing is made by viz.svg, which escapes every text itself
            "safe_markup": Markup,
            "without": lambda several, one: tuple(x for x in several if x != one and not x.startswith(f"{one}:")),
            "with_one": lambda several, one: tuple(sorted({*several, one})),
            "pinned": lambda pins, one: tuple(sorted((*pins, one), key=lambda pin: str(pin.id))),
            "unpinned": lambda pins, one: tuple(pin for pin in pins if pin.id != one),
        }
    )
    return found | {
        "asset": site.assets.url,
        "preloads": site.assets.preloads,
        "has_assets": site.assets.built,
        "label": label,
        "joined": lambda nodes: words.joined([desk.name(node, place.lang) for node in nodes], place.lang),
        "local": lambda iri: links.local(iri, ids) or iri,
        "kind_of": scene.kind_of,
        "since": lambda path: desk.since(path, place.lang),
        "cite_text": lambda sentence: explorer.citation(state, place, sentence).text(),
        "source_line": explorer.source_line(state, place),
    }


@router.get("/explore", summary="The explorer")
def page(
    request: Request, site: SiteDep, pages: PagesDep, desk: DeskDep, today: TodayDep, base: BaseUrlDep
) -> Response:
    """The page of a state; a form without scripts is led to the canonical address of what it asks for."""
    place = _place(request, desk, today, base)
    submitted = _submitted(request, place)
    if submitted:
        return RedirectResponse(submitted, 303)
    state = _state(request)
    context = _filled(pages, state, place, site, (WIDTH, HEIGHT))
    del context["lang"]  # the layout's own
    return rendering.answer(request, rendering.page(request, "explorer/page.html", **context))


def _submitted(request: Request, place: Place) -> str | None:
    """The canonical address of a submitted form: several boxes of one name, a name that is searched for."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    names = [name for name, _ in pairs]
    find = next((value.strip() for name, value in pairs if name == "find"), None)
    if find is None and not any(names.count(name) > 1 for name in _FIELDS):
        return None
    joined: dict[str, str] = {}
    for name, value in pairs:
        if name != "find" and value:
            joined[name] = f"{joined[name]},{value}" if name in _FIELDS and name in joined else value
    if find:
        hits = place.desk.search(find, 1)
        if not hits:
            raise NotFound(f"Nothing called {find!r} was found.")
        joined["focus"] = hits[0].node.id
    try:
        return explorer.address(parse("&".join(f"{name}={quote(value)}" for name, value in joined.items())))
    except StateError as error:
        raise BadRequest(f"{error}.", parameter=error.parameter, allowed=error.allowed) from None


@router.get("/explore/view", summary="A view: its scene and the parts of its page")
def parts(request: Request, state: StateDep, place: PlaceDep, site: SiteDep, pages: PagesDep) -> Response:
    """The scene and, as HTML, everything on the page that changes with it; a page that was just loaded has the HTML
    and asks for `parts=no`."""
    if request.query_params.get("parts") == "no":
        made_scene = _known(lambda: place.desk.scene(state, place.lang, place.today, _size(request)), state)
        body = orjson.dumps({"scene": made_scene})
        return Response(body, 200, {"Vary": "Accept-Language, Cookie"}, "application/json")
    context = _filled(pages, state, place, site, _size(request))
    made = {name: pages.get_template(template).render(**context) for name, template in PARTS.items()}
    title = f"{context['x']('title')}: {context['scene'].caption} · Palermo"
    body = orjson.dumps({"scene": context["scene"], "parts": made, "title": title})
    return Response(body, 200, {"Vary": "Accept-Language, Cookie"}, "application/json")


@router.get("/explore/whole.json", summary="The whole network in columns, with positions")
def columns(desk: DeskDep) -> Response:
    """`scene.json` of the release."""
    data = desk.whole.read_bytes() if desk.whole else orjson.dumps(desk.packed())
    return Response(data, 200, {"Cache-Control": "public, max-age=3600"}, "application/json")


@router.get("/explore/scene.schema.json", summary="The JSON Schema of a scene")
def schema() -> Response:
    """The published contract of `/explore/data.json`."""
    return Response(orjson.dumps(scene.schema()), media_type="application/schema+json")


@router.get("/explore/search", summary="Find somebody as you type")
def search(request: Request, place: PlaceDep, q: str = "") -> Response:
    """Up to eight entities for what was typed: id, name, what it is, who that is."""
    del request
    hits = place.desk.search(q, _HITS) if q.strip() else []
    kinds = words.KIND[place.lang]
    found = []
    for hit in hits:
        node = hit.node
        kind = kinds[scene.kind_of(node.kind)][0]
        name = node.label(place.lang)
        if node.abbreviation and node.abbreviation != name and len(node.abbreviation) < len(name):
            name = f"{name} ({node.abbreviation})" if f"({node.abbreviation})" not in name else name
        who = node.description if place.lang == "en" else ""
        who = who or place.desk.introduction(node, place.lang, place.today)
        found.append({"id": node.id, "label": name, "kind": kind[:1].upper() + kind[1:], "who": who})
    return Response(orjson.dumps(found), media_type="application/json")


def _drawn(state: State, place: Place) -> Scene:
    """The scene of a file. The whole network has files of its own under /data."""
    if state.show == "whole":
        raise BadRequest("show=whole: the whole network is too large for this; its files stand at /data.")
    found: Scene = _known(lambda: place.desk.scene(state, place.lang, place.today), state)
    return found


def _sources(place: Place, made: Scene) -> dict[str, str]:
    index = place.desk.index
    return {edge.id: "; ".join(index.sources[one].title for one in index.edge(edge.id).sources) for edge in made.edges}


def _file(data: bytes | str, media: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Vary": "Accept-Language, Cookie"}
    return Response(data, 200, headers, media)


@router.get("/explore/picture.{form}", summary="A picture of a view")
def pictured(form: str, request: Request, state: StateDep, place: PlaceDep) -> Response:
    """SVG, or PNG at print size (`width=` in pixels), with caption, legend and source line in it."""
    if form not in ("svg", "png"):
        raise NotFound("Pictures are svg or png.")
    made = _drawn(state, place)
    text = svg.picture(made, explorer.source_line(state, place))
    if form == "svg":
        return _file(text, "image/svg+xml", "palermo.svg")
    given = request.query_params.get("width", str(picture.PRINT_WIDTH))
    if not given.isdigit() or not 200 <= int(given) <= WIDEST:
        raise BadRequest(f"width={given}: pixels from 200 to {WIDEST}.")
    return _file(picture.png(text, int(given)), "image/png", "palermo.png")


@router.get("/explore/data.{form}", summary="The data behind a view")
def data(form: str, state: StateDep, place: PlaceDep) -> Response:
    """CSV, GEXF, GraphML, JSON-LD, or the scene itself as JSON."""
    made = _drawn(state, place)
    ids = place.desk.store.ids
    match form:
        case "csv":
            return _file(export.table(made, ids, _sources(place, made)), "text/csv; charset=utf-8", "palermo.csv")
        case "gexf":
            return _file(export.gexf(made, ids), "application/gexf+xml", "palermo.gexf")
        case "graphml":
            return _file(export.graphml(made, ids), "application/graphml+xml", "palermo.graphml")
        case "jsonld":
            return _file(export.jsonld(made, ids), "application/ld+json", "palermo.jsonld")
        case "json":
            return _file(orjson.dumps(made), "application/json", "palermo.json")
        case _:
            raise NotFound("Data are csv, gexf, graphml, jsonld or json.")


@router.get("/explore/offline.html", summary="A view as one file that works without a network")
def offline(state: StateDep, place: PlaceDep) -> Response:
    """One self-contained HTML file; its own policy forbids every request."""
    made = _drawn(state, place)
    text = snapshot.html(made, explorer.source_line(state, place), _sources(place, made))
    headers = {
        "Content-Disposition": 'attachment; filename="palermo.html"',
        "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        "img-src data:; sandbox allow-scripts",
    }
    return Response(text, 200, headers, "text/html; charset=utf-8")


@router.get("/explore/query.rq", summary="The SPARQL query behind a view")
def behind(state: StateDep, place: PlaceDep) -> Response:
    """A SELECT that answers with the statements of the view."""
    text = query.sparql(_drawn(state, place), place.desk.store.ids)
    return _file(text, "application/sparql-query", "palermo.rq")


@router.get("/explore/cite.{form}", summary="The citation of a view or statement")
def cited(form: str, state: StateDep, place: PlaceDep) -> Response:
    """Text, BibTeX, RIS or CSL JSON."""
    if "/" in state.sel:
        edge = _known(lambda: place.desk.index.edge(state.sel), state)
        title = place.desk.say(edge, place.lang, state.asof or place.today)
    else:
        title = _known(lambda: place.desk.scene(state, place.lang, place.today), state).caption
    found = explorer.citation(state, place, title)
    match form:
        case "txt":
            return _file(found.text() + "\n", "text/plain; charset=utf-8", "palermo.txt")
        case "bib":
            return _file(found.bibtex(), "application/x-bibtex", "palermo.bib")
        case "ris":
            return _file(found.ris(), "application/x-research-info-systems", "palermo.ris")
        case "json":
            return _file(found.csl(), "application/vnd.citationstyles.csl+json", "palermo.json")
        case _:
            raise NotFound("Citations are txt, bib, ris or json.")


#: What the page of /explore/draw starts with: projects, with who carries them out and pays for them.
_EXAMPLE: Final = """PREFIX pal: <https://w3id.org/palermo/ontology#>
SELECT ?subject ?predicate ?object WHERE {
  ?project a pal:Project .
  ?statement pal:subject ?subject ; pal:predicate ?predicate ; pal:object ?object .
  FILTER(?subject = ?project || ?object = ?project)
}
ORDER BY ?subject ?predicate ?object
LIMIT 400
"""


@router.get("/explore/draw", summary="Draw a query")
def drawer(request: Request, site: SiteDep) -> Response:
    """A page that draws the answer of a SPARQL query; the query runs at the public endpoint like any other."""
    text = request.query_params.get("query") or _EXAMPLE
    lang = language.of(request)
    body = rendering.page(
        request,
        "explorer/draw.html",
        query=text,
        x=explorer.interface(lang),
        asset=site.assets.url,
        has_assets=site.assets.built,
        schema=site.completion,
    )
    return rendering.answer(request, body)


@router.get("/embed", summary="A view to be framed by other pages")
def embed(state: StateDep, place: PlaceDep, site: SiteDep, pages: PagesDep) -> Response:
    """The drawing with title, source, day and a link back: no script, no cookie; this address alone may be framed."""
    _drawn(state, place)
    filled = _filled(pages, state, place, site, (WIDTH, HEIGHT))  # first: it brings the filters of the template
    text = pages.get_template("explorer/embed.html").render(**filled)
    return Response(text, 200, FRAMED, "text/html; charset=utf-8")
