"""/evaluations: rounds and states for GRETA and the Committee of the Parties, visits and the reports after them.
/cases: leading judgments."""

from __future__ import annotations

from datetime import date
from typing import Final

from fastapi import APIRouter, Response

from api.atlas import NARROW, WIDE, Reader, ReaderDep, choice
from graph.read import oversight
from graph.read.oversight import Oversight, Report
from viz.charts import spans
from viz.charts.drawing import BLUE, GREEN, ORANGE, PURPLE, YELLOW, Drawing
from viz.charts.spans import Line, Point

router = APIRouter(tags=["pages"])

GRETA: Final = "greta"
BODIES: Final = (GRETA, "coe-committee-parties")
#: Colour of a round's discs; their row and their words say the same.
ROUNDS: Final = {"1": BLUE, "1-2": YELLOW, "2": GREEN, "3": ORANGE, "4": PURPLE}


def _read(reader: Reader) -> Oversight:
    return reader.atlas.kept("oversight", reader.lang, lambda: oversight.read(reader.site.store, reader.lang))


def when(report: Report, reader: Reader) -> str:
    """When a report was published, or adopted where that alone is known; what is not known is written out."""
    if report.published:
        return reader.say("evaluations.published", when=reader.moment(report.published))
    if report.adopted:
        return reader.say("evaluations.adopted", when=reader.moment(report.adopted))
    return reader.say("evaluations.dateless")


def _drawn(found: Oversight, body: str, reader: Reader) -> tuple[Drawing, Drawing]:
    states = found.of(body)
    rows = []
    for state, reports in states.items():
        points = tuple(
            Point(
                one.day,
                "disc" if one.published else "ring",
                f"{found.names[state].text}, {reader.say('evaluations.round', round=one.round)}, {when(one, reader)}",
                reader.doc(one.path),
                ROUNDS[one.round],
            )
            for one in reports
            if one.day is not None
        )
        rows.append(Line(found.names[state].text, points=points))
    title, desc = reader.say("evaluations.chart"), reader.say("evaluations.chart-desc", n=len(states))
    days = [one.day for one in found.reports if one.body == body and one.day]
    first = date(min(days).year, 1, 1)
    last = max(reader.today, *days)
    wide, narrow = (spans.draw(rows, first, last, title, desc, width, reader.lang) for width in (WIDE, NARROW))
    return wide, narrow


@router.get("/evaluations", summary="Who was evaluated when")
def page(reader: ReaderDep) -> Response:
    """Reports by state and round, states with two rounds or more, visits."""
    found = _read(reader)
    body = choice(reader.request, "body", BODIES, GRETA)
    states = found.of(body)
    rounds = sorted({one.round for reports in states.values() for one in reports})
    return reader.page(
        "evaluations.html",
        title=reader.say("evaluations.title"),
        found=found,
        body=body,
        bodies=BODIES,
        states=states,
        rounds=rounds,
        colours=ROUNDS,
        repeated=found.repeated(GRETA),
        when=lambda one: when(one, reader),
        drawn=_drawn(found, body, reader),
    )


@router.get("/evaluations.csv", summary="Reports of monitoring bodies, as CSV")
def table(reader: ReaderDep) -> Response:
    """One row per report."""
    found = _read(reader)
    rows = [
        (
            one.body,
            one.state,
            found.names[one.state].text,
            one.round,
            one.reference,
            one.adopted,
            one.published,
            one.path,
        )
        for one in found.reports
    ]
    return reader.table(
        "evaluations", ("body", "state", "name", "round", "reference", "adopted", "published", "evidence"), rows
    )


@router.get("/evaluations.svg", summary="When reports were made, as a picture")
def picture(reader: ReaderDep) -> Response:
    """The chart as a file."""
    return reader.picture(_drawn(_read(reader), choice(reader.request, "body", BODIES, GRETA), reader)[0])


def _number(reference: str, reader: Reader) -> str:
    """The application's number without the English words around it."""
    number = reference.removeprefix("Application no. ").removeprefix("Applications nos. ")
    return number.replace(" and ", " et ") if reader.lang == "fr" else number


@router.get("/cases", summary="Leading judgments")
def cases(reader: ReaderDep) -> Response:
    """What the Strasbourg court decided."""
    found = _read(reader)
    return reader.page(
        "cases.html",
        title=reader.say("cases.title"),
        found=found,
        number=lambda one: _number(one.reference, reader),
    )


@router.get("/cases.csv", summary="Leading judgments, as CSV")
def cases_table(reader: ReaderDep) -> Response:
    """One row per judgment."""
    found = _read(reader)
    rows = [
        (one.path, found.names[one.path].text, one.court, ";".join(one.states), one.date, one.reference)
        for one in found.judgments
    ]
    return reader.table("cases", ("case", "name", "court", "respondent", "date", "reference"), rows)
