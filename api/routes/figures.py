"""/figures: victims, suspects and convictions by who counts what, and the article's figures checked."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api import figures as view
from api.atlas import ReaderDep
from api.errors import NotFound
from viz.charts import dots
from viz.questions import Question, desk

router = APIRouter(tags=["pages"])

_COLUMNS = (
    "question", "panel", "area", "period", "indicator", "form", "sex", "age", "value", "unit", "basis", "publisher",
    "note", "statistic", "sources",
)  # fmt: skip


def _question(name: str) -> Question:
    found = desk().question(name)
    if found is None:
        raise NotFound(f"There is no chart {name!r}; there are {', '.join(one.id for one in desk().questions)}.")
    return found


@router.get("/figures", summary="Figures: who counts what")
def page(reader: ReaderDep) -> Response:
    """Every question with its chart and table, and the box that checks the article."""
    figures = reader.atlas.figures(reader.lang)
    return reader.page(
        "figures.html",
        title=reader.say("figures.title"),
        charts=[view.chart(one, figures, reader) for one in desk().questions],
        checked=[view.checked(one, figures, reader) for one in desk().checked],
        bases=dots.LOOK,
        legend=dots.sample,
    )


@router.get("/figures/{question}.svg", summary="One chart as a picture")
def picture(question: str, reader: ReaderDep) -> Response:
    """The chart as a file."""
    return reader.picture(view.chart(_question(question), reader.atlas.figures(reader.lang), reader).wide)


@router.get("/figures/{question}.csv", summary="The figures of one chart, as CSV")
def table(question: str, reader: ReaderDep) -> Response:
    """One row per figure, as the record has it."""
    one, figures = _question(question), reader.atlas.figures(reader.lang)
    rows = [
        (one.id, panel.heading[reader.lang], figure.area, figure.period, figure.indicator, figure.form, figure.sex,
         figure.age, figure.value, figure.unit, figure.basis, figure.publisher, figure.note, figure.id,
         ";".join(figure.sources))
        for panel in one.panels
        for row in figures.rows(panel.pick)
        for figure in row.figures
    ]  # fmt: skip
    return reader.table(f"figures-{question}", _COLUMNS, rows)
