"""What the page of figures is filled with: charts, their table twins, and the article's figures checked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from babel.numbers import format_decimal

from api.atlas import NARROW, WIDE, Reader
from graph.read.series import Figure, Figures, Row
from viz.charts import dots
from viz.charts.dots import Dot, Line, Panel
from viz.charts.drawing import Drawing
from viz.questions import Checked, Question, desk


@cache
def french() -> dict[str, dict[str, str]]:
    """French for publishers and remarks."""
    raw: dict[str, dict[str, str]] = tomllib.loads(files("viz").joinpath("figures-fr.toml").read_text("utf-8"))
    return raw


@dataclass(frozen=True)
class Chart:
    """A question with its chart for a screen and a phone, and the rows of its table."""

    id: str
    title: str
    counts: str
    caveat: str
    wide: Drawing
    narrow: Drawing
    rows: tuple[dict[str, Any], ...]


def publisher(name: str, lang: str) -> str:
    """Who counted, in the reader's language."""
    return french()["publishers"].get(name, name) if lang == "fr" else name


def note(text: str, lang: str) -> str:
    """A remark in the reader's language."""
    return french()["notes"].get(text, text) if lang == "fr" else text


def value(figure: Figure, reader: Reader) -> str:
    """A figure with its unit where that is a per cent sign."""
    shown = str(format_decimal(figure.value, format="#,##0.##", locale=reader.lang))
    if figure.unit != "percent":
        return shown
    return f"{shown}\u00a0%"


def chart(question: Question, figures: Figures, reader: Reader) -> Chart:
    """One question, drawn and listed."""
    panels, rows = [], []
    for panel in question.panels:
        lines = []
        for row in figures.rows(panel.pick, desk().rounded):
            lines.append(_line(row, reader))
            rows += [_listed(one, panel.heading[reader.lang], figures, reader) for one in row.figures]
        if lines:
            heading = f"{panel.heading[reader.lang]} ({reader.say(f'basis.{panel.basis}')})"
            panels.append(Panel(heading, panel.basis, tuple(lines)))
    title = question.title[reader.lang]
    desc = reader.say("figures.desc", n=len(rows), panels=len(panels))
    percent = question.panels[0].pick.unit == "percent"
    unit = reader.say("figures.percent") if percent else ""
    wide, narrow = (dots.draw(panels, title, desc, unit, width, reader.lang) for width in (WIDE, NARROW))
    return Chart(
        question.id, title, question.counts[reader.lang], question.caveat[reader.lang], wide, narrow, tuple(rows)
    )


def _line(row: Row, reader: Reader) -> Line:
    rival = ""
    if row.rivals > 1:
        two = row.rivals == 2 and len(row.values) == 2
        rival = reader.say("figures.rival-two") if two else reader.say("figures.rival.many", n=row.rivals)
    period = row.period or reader.say("figures.no-period")
    return Line(period, tuple(_dot(row, one, period, reader) for one in row.values), rival)


def _dot(row: Row, number: Decimal, period: str, reader: Reader) -> Dot:
    same = row.of(number)
    who = list(dict.fromkeys(publisher(one.publisher, reader.lang) for one in same))
    name = reader.say(
        "figures.dot",
        period=period,
        value=value(same[0], reader),
        basis=reader.say(f"basis.{same[0].basis}"),
        publisher="; ".join(who) if reader.lang == "en" else " ; ".join(who),
    )
    about = "≈\u00a0" if all(one.id in row.rounded for one in same) else ""
    return Dot(float(number), about + value(same[0], reader), name, reader.doc(f"statistic/{same[0].id}"))


def _listed(figure: Figure, heading: str, figures: Figures, reader: Reader) -> dict[str, Any]:
    return {
        "heading": heading,
        "period": figure.period or reader.say("figures.no-period"),
        "value": value(figure, reader),
        "basis": reader.say(f"basis.{figure.basis}"),
        "publisher": publisher(figure.publisher, reader.lang),
        "note": note(figure.note, reader.lang),
        "href": reader.doc(f"statistic/{figure.id}"),
        "sources": [{"href": f"/source/{one}", "label": figures.titles.get(f"{one}")} for one in figure.sources],
    }


@dataclass(frozen=True)
class Verdict:
    """A figure of the article, what stands beside it, and what follows from comparing them."""

    title: str
    claim: str
    beside: tuple[tuple[Dot, str], ...]
    derived: str


def checked(one: Checked, figures: Figures, reader: Reader) -> Verdict:
    """The comparison, worked out from the figures and from nothing else."""
    claimed = figures.by_id[one.figure]
    beside = [figures.by_id[name] for name in one.beside]
    listed = [*beside, *(figures.by_id[name] for name in (one.part, one.whole) if name)]
    return Verdict(
        title=one.title[reader.lang],
        claim=f"claim/article-{int(one.claim):02}",
        beside=tuple((_single(figure, reader), figure.basis) for figure in listed),
        derived=_derived(claimed, beside, one, figures, reader),
    )


def _single(figure: Figure, reader: Reader) -> Dot:
    name = ", ".join(
        part
        for part in (
            _what(figure, reader),
            reader.say(f"basis.{figure.basis}"),
            publisher(figure.publisher, reader.lang),
            figure.period,
        )
        if part
    )
    return Dot(float(figure.value), value(figure, reader), name, reader.doc(f"statistic/{figure.id}"))


def _what(figure: Figure, reader: Reader) -> str:
    figures = reader.atlas.figures(reader.lang)
    if figure.form:
        return figures.name("exploitation-form", figure.form)
    return figures.name("age-group", figure.age) if figure.age else ""


def _derived(claimed: Figure, beside: list[Figure], one: Checked, figures: Figures, reader: Reader) -> str:
    say = reader.say
    if one.part:
        part, whole = figures.by_id[one.part], figures.by_id[one.whole]
        share = (part.value * 100 / whole.value).quantize(Decimal(1))
        key = "checked.found.share-same" if share == claimed.value else "checked.found.share"
        return say(key, part=value(part, reader), whole=value(whole, reader), share=str(share))
    same = [figure for figure in beside if figure.value == claimed.value]
    here = [figure for figure in beside if figure.period == claimed.period and figure.area == claimed.area]
    said: list[str] = []
    for figure in same:
        at_home = figure in here
        key = "same" if at_home else "other-year" if figure.area == claimed.area else "near"
        said.append(
            say(
                f"checked.found.{key}",
                publisher=publisher(figure.publisher, reader.lang),
                period=figure.period,
                area=_area(figure.area, reader),
            )
        )
    others = [figure for figure in here if figure not in same]
    if others and said:
        said.append(say("checked.found.but", values=_joined(others, reader)))
    elif others:
        ordered = sorted(others, key=lambda figure: figure.value)
        low, high = value(ordered[0], reader), value(ordered[-1], reader)
        said.append(say("checked.found.one" if len(ordered) == 1 else "checked.found.none", low=low, high=high))
    return " ".join(_capital(sentence) for sentence in said)


def _joined(figures: Iterable[Figure], reader: Reader) -> str:
    return ", ".join(f"{value(one, reader)} ({publisher(one.publisher, reader.lang)})" for one in figures)


def _area(local: str, reader: Reader) -> str:
    found = reader.atlas.commitments(reader.lang).participants.get(local)
    return found.name.text if found else local


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
