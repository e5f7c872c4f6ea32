"""/stories: guided tours, each step a sentence with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response

from api.atlas import Reader, ReaderDep
from api.errors import NotFound
from api.figures import publisher, value
from graph.read import labels
from graph.read.index import UnknownNodeError
from viz.tours import Step, Tour, tours

router = APIRouter(tags=["pages"])


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


@router.get("/stories", summary="Guided tours")
def every(reader: ReaderDep) -> Response:
    """All tours, each with its lead."""
    return reader.page("stories.html", title=reader.say("stories.title"), tours=tours())


@router.get("/stories/{slug}", summary="One guided tour")
def one(slug: str, reader: ReaderDep) -> Response:
    """A tour, step by step."""
    known = tours()
    found: Tour | None = next((tour for tour in known if tour.slug == slug), None)
    if found is None:
        raise NotFound(f"There is no story {slug!r}; there are {', '.join(tour.slug for tour in known)}.")
    after = known[(known.index(found) + 1) % len(known)]
    return reader.page(
        "story.html",
        title=found.title[reader.lang],
        tour=found,
        steps=[(step, rests(step, reader)) for step in found.steps],
        after=after,
    )
