"""/quality: who bears facts out, where sources contradict each other, what is covered and what is missing."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.atlas import Reader, ReaderDep
from api.deps import SettingsDep
from api.settings import Settings
from graph import manifest
from graph.ids import concept
from graph.read import labels, quality
from graph.read.quality import AGES, DEGREES, UNDATED, Quality

router = APIRouter(tags=["pages"])


def _read(reader: Reader, settings: Settings) -> Quality:
    site = reader.site
    # Anybody's own files come without the report of a build, and so without reasons for what it found.
    report = None if settings.data else (site.directory or settings.release) / manifest.REPORT
    return reader.atlas.kept("quality", "", lambda: quality.read(site.store, report))


@router.get("/quality", summary="Quality of the data")
def page(reader: ReaderDep, settings: SettingsDep) -> Response:
    """The page. Everything is counted from the release that is served."""
    found = _read(reader, settings)
    kinds = {one: concept("source-kind", one) for one in found.source_kinds}
    degrees = {one: concept("confidence", one) for one in DEGREES}
    names = labels.of(reader.site.store, [*kinds.values(), *degrees.values()], reader.lang)
    disputed = {one.node for one in found.contradictions}
    things = {iri: label.text for iri, label in labels.of(reader.site.store, disputed, reader.lang).items()}
    told = [edge for edge in reader.site.network.edges if edge.iri in disputed]
    things |= {edge.iri: reader.site.teller.say(edge, reader.lang, because=False) for edge in told}
    return reader.page(
        "quality.html",
        title=reader.say("quality.title"),
        found=found,
        kinds={one: names[iri].text for one, iri in kinds.items()},
        degrees={one: names[iri].text for one, iri in degrees.items()},
        ages=[*(key for key, _ in AGES), UNDATED],
        local=reader.site.ids.local,
        things=things,
    )


@router.get("/quality.csv", summary="The measurements of the quality report, as CSV")
def table(reader: ReaderDep, settings: SettingsDep) -> Response:
    """One row per measurement: metric, of what, how many, of how many."""
    rows = quality.measurements(_read(reader, settings))
    return reader.table("quality", ("metric", "of", "here", "total"), list(rows))
