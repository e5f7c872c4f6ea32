"""/data and the files of the release, /.well-known/void, sitemap.xml, robots.txt; /graph/… leads to the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from babel.numbers import format_decimal
from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Quad
from starlette.responses import FileResponse, RedirectResponse

from api import linked, links, schemaorg
from api.deps import BaseUrlDep, SettingsDep
from api.documents import CACHEABLE, conditional, matches, structured
from api.errors import NotFound
from api.language import Lang
from api.linked import ENDINGS, FORMATS
from api.negotiate import HTML, Format, pick
from api.present import Presenter
from api.rendering import VARY, chrome, key, page
from api.site import Site, SiteDep
from api.views import blocks
from graph import manifest
from graph.ids import PREFIXES
from graph.read import description

router = APIRouter(tags=["data set"])

_GET: Final = ["GET", "HEAD"]
_MEDIA: Final = {name: one.media for name, one in ENDINGS.items()}
_SPDX: Final = "http://spdx.org/rdf/terms#"
_IANA: Final = "https://www.iana.org/assignments/media-types/"

#: Files of a release in the order in which people want them; others follow by name.
_FIRST: Final = ("dataset.nq", "merged.nt", "ontology.ttl", "void.ttl", "scene.json")


@router.api_route("/data", methods=_GET, summary="The data set: files, catalogue, statistics")
def data(request: Request, site: SiteDep) -> Response:
    """A page with the files to download, or the catalogue (DCAT) with the statistics (VoID) as data."""
    form = pick(request.headers.get("accept"), request.query_params.getlist("format"), FORMATS)
    return _data(request, site, form, negotiated=True)


def _data(request: Request, site: Site, form: Format, *, negotiated: bool) -> Response:
    about = site.ids.base + "data"

    def html() -> bytes:
        show = Presenter(site, chrome(request).lang)
        found = _context(show, about)
        return page(request, "data.html", **found, show=show, canonical=about, media=_MEDIA)

    def rdf() -> bytes:
        quads = (*description.graph(site.store, site.ids.graph("release")), *_distributions(site))
        return linked.render(quads, about, form, site.ids)

    is_page = form.name == HTML.name
    body = site.cache.get(("data", form.name, *(key(request) if is_page else ())), html if is_page else rdf)
    others = [(f"/data.{name}", {"rel": "alternate", "type": one.media}) for name, one in ENDINGS.items()]
    link = links.link_header([*others, (about, {"rel": "canonical"}), (linked.LICENCE, {"rel": "license"})])
    headers = {"Link": link, "Cache-Control": "public, no-cache" if negotiated else CACHEABLE}
    if negotiated:
        headers["Vary"] = VARY
    return conditional(request, site, body, form, headers)


def _distributions(site: Site) -> list[Quad]:
    """DCAT descriptions of the release's files, from its manifest, which knows their sizes and hashes."""
    about = NamedNode(site.ids.base + "data")
    integer = NamedNode(PREFIXES["xsd"] + "integer")
    found: list[Quad] = []
    for name, file in sorted(site.manifest.files.items()):
        one = NamedNode(f"{site.ids.base}data/{name}")
        checksum = NamedNode(f"{site.ids.base}data/{name}#sha256")
        said = (
            (about, "dcat", "distribution", one),
            (one, "rdf", "type", NamedNode(PREFIXES["dcat"] + "Distribution")),
            (one, "dcterms", "title", Literal(name)),
            (one, "dcterms", "license", NamedNode(linked.LICENCE)),
            (one, "dcat", "downloadURL", one),
            (one, "dcat", "byteSize", Literal(str(file.bytes), datatype=integer)),
            (one, "dcat", "mediaType", NamedNode(_IANA + file.media_type)),
        )
        found += [Quad(subject, NamedNode(PREFIXES[prefix] + term), value) for subject, prefix, term, value in said]
        algorithm = NamedNode(_SPDX + "checksumAlgorithm_sha256")
        found += [
            Quad(one, NamedNode(_SPDX + "checksum"), checksum),
            Quad(checksum, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(_SPDX + "Checksum")),
            Quad(checksum, NamedNode(_SPDX + "algorithm"), algorithm),
            Quad(checksum, NamedNode(_SPDX + "checksumValue"), Literal(file.sha256)),
        ]
    return found


def _context(show: Presenter, about: str) -> dict[str, Any]:
    site, t = show.site, show.words
    counts = site.manifest.counts
    names = sorted(site.manifest.files, key=lambda one: (_FIRST.index(one) if one in _FIRST else len(_FIRST), one))
    files = []
    for name in names:
        file = site.manifest.files[name]
        word = "data." + name.lower().replace(".", "_")
        what = t(word) if word in t else t("data.table" if name.startswith("tables/") else "data.other")
        files.append(
            {
                "name": name, "href": f"/data/{name}", "what": what, "bytes": file.bytes,
                "size": _size(file.bytes, show.lang), "media": file.media_type, "sha256": file.sha256,
            }
        )  # fmt: skip
    listed = [
        {
            "@type": "DataDownload",
            "name": file["name"],
            "contentUrl": f"{site.ids.base}data/{file['name']}",
            "encodingFormat": file["media"],
            "sha256": file["sha256"],
        }
        for file in files
    ]
    return {
        "files": files,
        "counts": {
            "triples": counts.get("triples", 0),
            "quads": counts.get("quads", 0),
            "sources": counts.get("nodes: sources", 0),
        },
        "schema": Markup(structured(schemaorg.dataset(show, about, listed))),
        "developers": blocks.developers(about, "/data", ""),
    }


def _size(count: int, lang: Lang) -> str:
    """A size in bytes, kilobytes or megabytes, with the language's decimal sign and unit."""
    units = ("o", "ko", "Mo") if lang == "fr" else ("B", "kB", "MB")
    for power, unit in enumerate(units):
        if count < 1000 ** (power + 1) or power == len(units) - 1:
            return f"{format_decimal(count / 1000**power, format='#,##0.#' if power else '#', locale=lang)} {unit}"
    raise AssertionError("unreachable: the last unit takes every size")


@router.api_route("/data/{name:path}", methods=_GET, summary="A file of the release")
def file(name: str, request: Request, site: SiteDep, settings: SettingsDep) -> Response:
    """The file as the release holds it; ranges and conditional requests are answered."""
    known: manifest.File | None = site.manifest.files.get(name)
    if known is None or settings.data:
        raise NotFound(f"The release has no file {name!r}; /data lists those it has.")
    headers = {"ETag": f'"{known.sha256}"', "Cache-Control": CACHEABLE}
    if matches(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    path = _directory(site, settings.release) / name
    if not path.is_file():
        raise NotFound(f"The file {name!r} is gone: a newer release has taken its place.")
    return FileResponse(path, media_type=known.media_type, headers=headers)


def _directory(site: Site, release: Path) -> Path:
    """Where the files of the release that is served are, though a newer one may have been put into service."""
    if site.directory is None:
        site.directory = release.resolve()
    return site.directory


@router.api_route("/data.{ending}", methods=_GET, summary="The catalogue as a file")
def catalogue(ending: str, request: Request, site: SiteDep) -> Response:
    """VoID and DCAT in the format of the file ending."""
    if ending not in ENDINGS:
        raise NotFound(f"There is no format .{ending}; there are {', '.join(ENDINGS)}.")
    return _data(request, site, ENDINGS[ending], negotiated=False)


@router.api_route("/.well-known/void", methods=_GET, summary="The description of the data set")
def void() -> Response:
    """303 to the catalogue, which is negotiated."""
    return RedirectResponse("/data", 303, {"Vary": "Accept", "Cache-Control": CACHEABLE})


@router.api_route("/graph/{name}", methods=_GET, summary="A graph that is no source")
def graph(name: str, site: SiteDep) -> Response:
    """303 to where its contents can be had. Raises :class:`NotFound` for an unknown graph."""
    targets = {"ontology": "/ontology", "sources": "/sources", "release": "/data", "inferred": "/data#files"}
    if name not in targets:
        raise NotFound(f"There is no graph {name!r}; there are {', '.join(sorted(targets))}, and one for each source.")
    return RedirectResponse(targets[name], 303, {"Cache-Control": CACHEABLE})


@router.api_route("/robots.txt", methods=_GET, include_in_schema=False)
def robots(base: BaseUrlDep) -> Response:
    """Crawlers are welcome; free queries and other endless addresses are not theirs to follow."""
    text = f"User-agent: *\nDisallow: /sparql\nDisallow: /*?lang=\nAllow: /\n\nSitemap: {base}/sitemap.xml\n"
    return Response(text, headers={"Cache-Control": CACHEABLE}, media_type="text/plain")


@router.api_route("/sitemap.xml", methods=_GET, include_in_schema=False)
def sitemap(request: Request, site: SiteDep, base: BaseUrlDep) -> Response:
    """Every page about a thing, a source or a word, in both languages."""

    def make() -> bytes:
        query = (
            "SELECT DISTINCT ?s WHERE { ?s a ?type FILTER(isIRI(?s)) FILTER NOT EXISTS { ?s pal:predicate ?p } }"
            " ORDER BY ?s LIMIT 20000"
        )
        rows = site.store.select(query).rows
        paths = ["/", "/data", "/ontology", "/sources"]
        paths += [path for (one,) in rows if isinstance(one, NamedNode) and (path := links.local(one.value, site.ids))]
        lines = ['<?xml version="1.0" encoding="UTF-8"?>']
        lines.append(
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        )
        for path in dict.fromkeys(paths):
            address = escape(base + path)
            others = "".join(
                f'<xhtml:link rel="alternate" hreflang="{one}" href="{address}?lang={one}"/>' for one in ("en", "fr")
            )
            lines.append(f"<url><loc>{address}</loc>{others}</url>")
        return ("\n".join([*lines, "</urlset>"]) + "\n").encode()

    body = site.cache.get(("sitemap", base), make)
    headers = {"ETag": linked.etag(body), "Cache-Control": CACHEABLE}
    if matches(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/xml")
