"""/: what this is, where to begin, the numbers of the release."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from pyoxigraph import NamedNode

from api import rendering
from api.deps import SettingsDep
from api.documents import conditional, structured
from api.errors import NotFound
from api.negotiate import HTML
from api.present import Part, Presenter
from api.routes import changes
from api.site import SiteDep
from api.views import entity as entity_view
from graph.ids import PREFIXES
from graph.read import records, sources
from viz.tours import tours

router = APIRouter(tags=["pages"])

#: Where a reader may begin; what a release does not hold is left out.
BEGIN: Final = {
    "france": ("fra", "miprof", "cncdh", "expertise-france", "fr-se-joint-statement-2019"),
    "treaties": ("palermo-protocol", "untoc", "cets-197", "crc-opsc", "eu-directive-2011-36"),
    "watch": ("greta", "coe-committee-parties", "sr-trafficking", "ecthr", "us-tip-office"),
    "help": ("unodc", "unvtf", "alliance-8-7", "ccem", "blue-heart-campaign"),
}
FOCUS: Final = "fra"
#: The drawing on a phone, in pixels.
NARROW: Final = (360, 560)
#: Stories that are told on the first page, and sources that stand under what is new.
STORIES: Final = 4
NEWEST: Final = 5

_COUNTS: Final = (
    ("actors", ("nodes: actors", "nodes: states")),
    ("instruments", ("nodes: instruments",)),
    ("actions", ("nodes: treaty-actions",)),
    ("relations", ("nodes: relations",)),
    ("figures", ("nodes: statistics",)),
    ("sources", ("nodes: sources",)),
)


@router.api_route("/", methods=["GET", "HEAD"], summary="The first page")
def home(request: Request, site: SiteDep, settings: SettingsDep) -> Response:
    """The first page."""

    def make() -> bytes:
        show = Presenter(site, rendering.chrome(request).lang)
        try:
            changed = changes.entry(request, settings)
        except NotFound:  # files of somebody else, which no release has put together
            changed = None
        embed = rendering.frame(f"{rendering.chrome(request).base}/embed?lang={show.lang}", show.words("home.title"))
        return rendering.page(request, "home.html", **_context(show), show=show, changed=changed, embed=embed)

    body = site.cache.get(("home", *rendering.key(request)), make)
    return conditional(request, site, body, HTML, {})


def _context(show: Presenter) -> dict[str, Any]:
    site, counts = show.site, show.site.manifest.counts
    every = [site.ids.entity(one) for group in BEGIN.values() for one in group]
    known = records.read(site.store, every)
    show.learn(known)
    groups = []
    for key, names in BEGIN.items():
        parts: list[tuple[Part, Part | None]] = []
        for iri in map(site.ids.entity, names):
            if iri in known:
                what = show.values(known[iri], PREFIXES["dcterms"] + "description")
                parts.append(
                    (show.link(iri, show.short(iri)), what[0].part if what and not what[0].part.lang else None)
                )
        if parts:
            groups.append((key, parts))
    focus = site.ids.entity(FOCUS)
    rows = site.store.select("SELECT ?c WHERE { ?c a pal:Claim ; pal:claimNumber ?n } ORDER BY ?n ?c LIMIT 30").rows
    claims = [term.value for (term,) in rows if isinstance(term, NamedNode)]
    schema = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Palermo",
        "description": show.words("home.lead"),
        "url": site.ids.base,
        "inLanguage": ["en", "fr"],
    }
    return {
        "graph": entity_view.graph(show, focus),
        "narrow": entity_view.graph(show, focus, NARROW, "ego-narrow"),
        "focus": show.link(focus),
        "groups": groups,
        "claims": [show.link(one) for one in claims],
        "stories": tours()[:STORIES],
        "newest": _newest(show),
        "numbers": [(key, sum(counts.get(name, 0) for name in names)) for key, names in _COUNTS],
        "schema": Markup(structured(schema)),
    }


def _newest(show: Presenter) -> list[sources.Citation]:
    """The newest dated sources."""
    dated = [one for one in sources.every(show.site.store) if one.issued]
    return sorted(dated, key=lambda one: (one.issued, one.iri), reverse=True)[:NEWEST]
