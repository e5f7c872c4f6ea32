"""/stories: guided tours, each step a sentence with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from api import explorer, rendering
from api.atlas import Reader, ReaderDep
from api.errors import NotFound
from api.figures import publisher, value
from api.routes.explore import PlaceDep
from graph.read import labels, records, sources
from graph.read.index import UnknownNodeError
from graph.read.sources import Citation
from viz import layout, svg
from viz.state import parse
from viz.tours import Step, Tour, tours

router = APIRouter(tags=["pages"])

#: What a step is drawn for, by the end of the drawing's name: a page's column, a phone.
SIZES: Final[dict[str, layout.Size]] = {"": (760, 540), "-narrow": (390, 560)}


@dataclass(frozen=True)
class Rest:
    """What a step rests on: a sentence or a name, where its evidence is, its language where it is another one."""

    text: str
    href: str
    lang: str = ""


def rests(step: Step, reader: Reader) -> list[Rest]:
    """The statements, figures, texts and claims behind a step, in the reader's language."""
    return [_rest(path, reader) for path in step.rests]


def _rest(path: str, reader: Reader) -> Rest:
    href = reader.doc(path)
    if path.startswith("statistic/"):
        figures = reader.atlas.figures(reader.lang)
        one = figures.by_id[path.removeprefix("statistic/")]
        parts = (
            value(one, reader),
            figures.name("indicator", one.indicator),
            publisher(one.publisher, reader.lang),
            one.period,
        )
        return Rest(", ".join(part for part in parts if part), href)
    try:
        edge = reader.site.network.edge(path)
    except UnknownNodeError:
        iri = reader.site.ids.entity(path)
        label = labels.of(reader.site.store, [iri], reader.lang)[iri]
        return Rest(label.text, href, label.language if label.foreign else "")
    return Rest(reader.site.teller.say(edge, reader.lang, reader.on), href)


def cited(tour: Tour, reader: Reader) -> list[list[Citation]]:
    """Who states what each step rests on: the sources of its statements, figures and texts, each once."""
    store, entity = reader.site.store, reader.site.ids.entity
    known = records.read(store, sorted({entity(path) for step in tour.steps for path in step.rests}))
    of = {
        iri: {source for values in record.values() for value in values for source in value.sources}
        for iri, record in known.items()
    }
    found = sources.cite(store, {source for every in of.values() for source in every})
    return [
        sorted(
            (found[iri] for iri in {one for path in step.rests for one in of.get(entity(path), ())} if iri in found),
            key=lambda one: (one.publisher.casefold(), one.title.casefold(), one.iri),
        )
        for step in tour.steps
    ]


def _tour(slug: str) -> Tour:
    known = tours()
    found = next((tour for tour in known if tour.slug == slug), None)
    if found is None:
        raise NotFound(f"There is no story {slug!r}; there are {', '.join(tour.slug for tour in known)}.")
    return found


@router.get("/stories", summary="Guided tours")
def every(reader: ReaderDep) -> Response:
    """All tours, each with its lead."""
    return reader.page("stories.html", title=reader.say("stories.title"), tours=tours())


@router.get("/stories/{slug}", summary="One guided tour")
def one(slug: str, reader: ReaderDep) -> Response:
    """A tour, step by step."""
    known, found = tours(), _tour(slug)
    after = known[(known.index(found) + 1) % len(known)]
    return reader.page(
        "story.html",
        title=found.title[reader.lang],
        tour=found,
        steps=[
            (step, rests(step, reader), stated)
            for step, stated in zip(
                found.steps,
                reader.atlas.kept(f"story {slug}", "", lambda: cited(found, reader)),
                strict=True,
            )
        ],
        source=lambda iri: f"/source/{iri.rpartition('/')[2]}",
        after=after,
    )


@router.get("/stories/{slug}/{name}.svg", summary="The network at a step of a tour")
def drawn(slug: str, name: str, place: PlaceDep) -> Response:
    """The view that a step opens in the explorer, as a picture. `name` is the step's number from 1, with `-narrow`
    after it for a phone."""
    found = _tour(slug)
    names = {f"{turn}{end}": (step, end) for turn, step in enumerate(found.steps, 1) if step.explore for end in SIZES}
    if name not in names:
        raise NotFound(f"No step {name!r} of this story is drawn; those that are: {', '.join(names)}.")
    step, end = names[name]
    state = parse(step.explore)
    scene = place.desk.scene(state, place.lang, place.today, SIZES[end])
    text = svg.picture(scene, explorer.source_line(state, place), SIZES[end][0] - 40)
    return Response(text, media_type="image/svg+xml", headers={"Cache-Control": "no-cache", "Vary": rendering.VARY})
