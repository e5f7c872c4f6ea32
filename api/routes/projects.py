"""/projects: where cooperation takes place, with whom, for how much. /people: who held which office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from babel.numbers import format_decimal
from fastapi import APIRouter, Response

from api.atlas import NARROW, WIDE, Reader, ReaderDep, choice
from graph.read import cooperation, offices
from graph.read.cooperation import REGIONS, Cooperation, Project
from graph.read.dates import Validity, span
from graph.read.offices import Offices, Term
from viz.charts import spans, worldmap
from viz.charts.drawing import PURPLE, Drawing
from viz.charts.spans import Line, Span
from viz.charts.worldmap import Area

router = APIRouter(tags=["pages"])

#: From one project to many: three steps of one green, light enough and dark enough on both papers.
SHADES: Final = ((1, "#7FC8AE"), (3, "#009E73"), (6, "#00694C"))


def _read(reader: Reader) -> Cooperation:
    return reader.atlas.kept("projects", reader.lang, lambda: cooperation.read(reader.site.store, reader.lang))


def _asked(reader: Reader, found: Cooperation) -> tuple[str, str]:
    """Place and actor. Raises :class:`BadRequest`."""
    countries = {state for one in found.projects for state in one.countries}
    actors = {who for one in found.projects for who in (*one.implementers, *one.partners, *one.funders)}
    return (
        choice(reader.request, "place", [*REGIONS, *sorted(countries)]),
        choice(reader.request, "by", sorted(actors)),
    )


def _map(found: Cooperation, projects: list[Project], reader: Reader) -> Drawing:
    many = Counter(state for one in projects for state in one.countries)
    areas = {
        found.numbers[state]: Area(
            next(fill for least, fill in reversed(SHADES) if count >= least),
            reader.say("projects.area", n=count, who=found.names[state].text),
            reader.go("/projects", place=state),
        )
        for state, count in many.items()
        if found.numbers[state]
    }
    title, desc = reader.say("projects.map"), reader.say("projects.map-desc", n=len(many))
    return worldmap.draw(areas, title, desc, reader.lang)


def _row(one: Project, found: Cooperation, reader: Reader) -> dict[str, Any]:
    def named(ids: Iterable[str]) -> list[tuple[str, Any]]:
        return sorted(((local, found.names[local]) for local in ids), key=lambda pair: pair[1].text.casefold())

    budget = ""
    if one.budget is not None:
        shown = format_decimal(one.budget, format="#,##0", locale=reader.lang)
        budget = f"{shown}\u00a0€" if reader.lang == "fr" else f"€{shown}"
    return {
        "id": one.id,
        "name": found.names[one.id],
        "when": span(one.start, one.end, reader.lang) or reader.say("not-known"),
        "countries": named(one.countries),
        "implementers": named(one.implementers),
        "funders": named(one.funders),
        "partners": named(one.partners),
        "budget": budget,
    }


@router.get("/projects", summary="Cooperation projects")
def page(reader: ReaderDep) -> Response:
    """Map and list, by place and by who takes part."""
    found = _read(reader)
    place, by = _asked(reader, found)
    projects = found.some(place, by)
    countries = {state for one in found.projects for state in one.countries}
    leading = {who for one in found.projects for who in one.implementers}

    def options(ids: Iterable[str]) -> list[tuple[str, str]]:
        return sorted(((one, found.names[one].text) for one in ids), key=lambda pair: pair[1].casefold())

    return reader.page(
        "projects.html",
        title=reader.say("projects.title"),
        rows=[_row(one, found, reader) for one in projects],
        world=_map(found, projects, reader),
        place=place,
        by=by,
        regions=[(one, reader.say(f"region.{one}")) for one in REGIONS],
        countries=options(countries),
        actors=options(leading),
        everybody=found,
    )


def row(one: Project, found: Cooperation) -> tuple[object, ...]:
    """A project as a row of the CSV file."""
    return (
        one.id, found.names[one.id].text, one.start, one.end, ";".join(one.countries), ";".join(one.implementers),
        ";".join(one.funders), ";".join(one.partners), one.budget,
    )  # fmt: skip


@router.get("/projects.csv", summary="Cooperation projects, as CSV")
def table(reader: ReaderDep) -> Response:
    """One row per project."""
    found = _read(reader)
    rows = [row(one, found) for one in found.some(*_asked(reader, found))]
    columns = ("project", "name", "start", "end", "countries", "implementers", "funders", "partners", "budget_eur")
    return reader.table("projects", columns, rows)


@router.get("/projects.svg", summary="Where projects take place, as a picture")
def picture(reader: ReaderDep) -> Response:
    """The map as a file."""
    found = _read(reader)
    return reader.picture(_map(found, found.some(*_asked(reader, found)), reader))


def _offices(reader: Reader) -> Offices:
    return reader.atlas.kept("offices", reader.lang, lambda: offices.read(reader.site.store, reader.lang))


def _timeline(found: Offices, reader: Reader) -> tuple[Drawing, Drawing]:
    rows = []
    for office, terms in found.terms.items():
        label = found.names[office].text
        for one in terms:
            if one.start_day is None and one.end_day is None:
                continue
            lasting = span(one.start, one.end, reader.lang)
            name = f"{found.names[one.holder].text}, {label}, {lasting}"
            runs = one.end_day is None and not found.succeeded(one, reader.today)
            bar = Span(one.start_day, one.end_day, runs, name, reader.doc(one.path), PURPLE)
            rows.append(Line(found.names[one.holder].text, (bar,)))
    title, desc = reader.say("people.title"), reader.say("people.desc", n=len(found.terms))
    days = [one.start_day for terms in found.terms.values() for one in terms if one.start_day]
    first = date(min(days).year, 1, 1)
    wide, narrow = (spans.draw(rows, first, reader.today, title, desc, width, reader.lang) for width in (WIDE, NARROW))
    return wide, narrow


def _state(found: Offices, one: Term, on: date) -> str:
    """The key of the words for a term on a day; empty when it does not run then. A term without a known end is not
    said to run once somebody else's has begun."""
    match one.validity(on):
        case Validity.NO:
            return ""
        case Validity.UNKNOWN:
            return "maybe"
        case Validity.YES:
            return "succeeded" if found.succeeded(one, on) else "now"


@router.get("/people", summary="Who held which office")
def people(reader: ReaderDep) -> Response:
    """Terms of office as a timeline and a table, and who is in office on a day."""
    found = _offices(reader)
    listed = [
        {
            "office": found.names[office],
            "id": office,
            "terms": [
                {
                    "term": one,
                    "holder": found.names[one.holder],
                    "when": span(one.start, one.end, reader.lang) or reader.say("people.unknown-start"),
                    "state": _state(found, one, reader.on),
                }
                for one in terms
            ],
        }
        for office, terms in found.terms.items()
    ]
    return reader.page(
        "people.html", title=reader.say("people.title"), offices=listed, timeline=_timeline(found, reader)
    )


@router.get("/people.csv", summary="Terms of office, as CSV")
def people_table(reader: ReaderDep) -> Response:
    """One row per term."""
    found = _offices(reader)
    rows = [
        (office, found.names[office].text, one.holder, found.names[one.holder].text, one.start, one.end, one.path)
        for office, terms in found.terms.items()
        for one in terms
    ]
    columns = ("office", "office_name", "holder", "holder_name", "start", "end", "evidence")
    return reader.table("people", columns, rows)


@router.get("/people.svg", summary="Terms of office, as a picture")
def people_picture(reader: ReaderDep) -> Response:
    """The timeline as a file."""
    return reader.picture(_timeline(_offices(reader), reader)[0])
