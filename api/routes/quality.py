"""/quality: who bears facts out, where sources contradict each other, what is covered and what is missing."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api import quality as view
from api.atlas import Reader, ReaderDep
from api.deps import SettingsDep
from api.errors import NotFound
from api.settings import Settings
from graph import manifest
from graph.ids import concept
from graph.read import labels, quality
from graph.read.quality import DEGREES, Quality

router = APIRouter(tags=["pages"])


def _read(reader: Reader, settings: Settings) -> Quality:
    site = reader.site
    # Anybody's own files come without the report of a build, and so without reasons for what it found.
    report = None if settings.data else (site.directory or settings.release) / manifest.REPORT
    return reader.atlas.kept("quality", "", lambda: quality.read(site.store, report))


def _named(found: Quality, reader: Reader) -> dict[str, dict[str, str]]:
    """The names of source kinds and degrees of confidence."""
    iris = {
        "kinds": {one: concept("source-kind", one) for one in found.source_kinds},
        "degrees": {one: concept("confidence", one) for one in DEGREES},
    }
    names = labels.of(reader.site.store, [iri for one in iris.values() for iri in one.values()], reader.lang)
    return {what: {one: names[iri].text for one, iri in those.items()} for what, those in iris.items()}


def _exhibit(name: str, reader: Reader, settings: Settings) -> view.Exhibit:
    """Raises :class:`NotFound` with the charts there are."""
    if name not in view.EXHIBITS:
        raise NotFound(f"There is no chart {name!r}; there are {', '.join(view.EXHIBITS)}.")
    found = _read(reader, settings)
    return view.exhibit(name, found, _named(found, reader), reader)


@router.get("/quality", summary="Quality of the data")
def page(reader: ReaderDep, settings: SettingsDep) -> Response:
    """The page. Everything is counted from the release that is served."""
    found = _read(reader, settings)
    named = _named(found, reader)
    disputed = {one.node for one in found.contradictions}
    things = {iri: label.text for iri, label in labels.of(reader.site.store, disputed, reader.lang).items()}
    told = [edge for edge in reader.site.network.edges if edge.iri in disputed]
    things |= {edge.iri: reader.site.teller.say(edge, reader.lang, because=False) for edge in told}
    return reader.page(
        "quality.html",
        title=reader.say("quality.title"),
        found=found,
        exhibits={name: view.exhibit(name, found, named, reader) for name in view.EXHIBITS},
        percent=lambda here, of: view.percent(here, of, reader),
        local=reader.site.ids.local,
        things=things,
    )


@router.get("/quality/{chart}.svg", summary="One chart of the quality report as a picture")
def picture(chart: str, reader: ReaderDep, settings: SettingsDep) -> Response:
    """The chart as a file."""
    return reader.picture(_exhibit(chart, reader, settings).wide)


@router.get("/quality/{chart}.csv", summary="The numbers of one chart of the quality report, as CSV")
def numbers(chart: str, reader: ReaderDep, settings: SettingsDep) -> Response:
    """One row for each bar: key, its name, of what, how many, of how many."""
    return reader.table(f"quality-{chart}", view.CSV_COLUMNS, list(_exhibit(chart, reader, settings).csv))


@router.get("/quality.csv", summary="The measurements of the quality report, as CSV")
def table(reader: ReaderDep, settings: SettingsDep) -> Response:
    """One row per measurement: metric, of what, how many, of how many."""
    rows = quality.measurements(_read(reader, settings))
    return reader.table("quality", ("metric", "of", "here", "total"), list(rows))
