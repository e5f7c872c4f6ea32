"""Rows on a line of time: what lasted from when to when, what happened on a day, and which ends are not known.

A span whose beginning or end no source states fades out with dots at that end; it is never drawn as if it were known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from viz import text
from viz.charts.drawing import BLUE, INK, PAPER, QUIET, RULE, Drawing, line, linked, path, words
from viz.charts.scale import Linear, of_day, years
from viz.svg import number

ROW: Final = 24.0
FOOT: Final = 24.0

#: What a point is: a disc (done), a half disc (signed), a ring (began or planned), a cross (ended).
Sign = Literal["disc", "half", "ring", "cross"]


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`; None where not known, `open` where it still holds on the last day drawn."""

    start: date | None
    end: date | None
    open: bool
    name: str
    address: str | None
    colour: str = BLUE


@dataclass(frozen=True, slots=True)
class Point:
    """Something that happened on a day."""

    day: date
    sign: Sign
    name: str
    address: str | None
    colour: str = BLUE


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its label (a second, quieter text below it), what lasts and what happens."""

    label: str
    spans: tuple[Span, ...] = ()
    points: tuple[Point, ...] = ()
    said: str = ""


def draw(rows: Sequence[Line], first: date, last: date, title: str, desc: str, width: float, lang: str) -> Drawing:
    """The rows from `first` to `last`. On a narrow drawing labels stand above their line."""
    narrow = width < 480
    step = ROW + (16 if narrow else 0)
    left = 4.0 if narrow else 12 + min(max((text.width(row.label, 12) for row in rows), default=0), width * 0.42)
    drawing = Drawing(width, step * len(rows) + FOOT + 8, title, desc, lang)
    x = Linear(of_day(first), of_day(last), left, width - 12)
    bottom = step * len(rows) + 4
    for year in years(first.year, last.year, width - left, 48):
        if x(year) < left:
            continue
        drawing.add(line(x(year), 0, x(year), bottom, stroke=RULE))
        anchor: Literal["middle", "end"] = "end" if x(year) > width - 24 else "middle"
        drawing.add(words(x(year), bottom + 16, str(year), anchor=anchor, colour=QUIET))
    for turn, row in enumerate(rows):
        y = step * turn + step - 10
        lines = text.wrap(row.label, 12, width - 8 if narrow else left - 10)
        label = lines[0] + ("…" if len(lines) > 1 else "")
        if narrow:
            drawing.add(words(4, y - 12, label, halo=True))
        else:
            drawing.add(words(left - 10, y + 4, label, anchor="end"))
        for span in row.spans:
            drawing.add(_span(span, x, y))
        for point in row.points:
            drawing.add(linked(point.address, point.name, _point(point, x(of_day(point.day)), y)))
    return drawing


def _span(span: Span, x: Linear, y: float) -> str:
    start = x(of_day(span.start)) if span.start else (x(of_day(span.end)) - 26 if span.end else x.start)
    end = x(of_day(span.end)) if span.end else (x.stop if span.open or span.start is None else start + 26)
    start, end = max(x.start, start), min(x.stop, max(end, start + 3))
    d = f"M{number(start)} {number(y)}H{number(end)}"
    solid = span.start is not None and (span.end is not None or span.open)
    parts = path(d, stroke=span.colour, width=7, dash="" if solid else "2 3", extra=' class="bar"')
    return linked(span.address, span.name, parts)


def _point(point: Point, x: float, y: float) -> str:
    at, colour = f'cx="{number(x)}" cy="{number(y)}"', point.colour
    match point.sign:
        case "disc":
            return f'<circle class="mark" {at} r="5.5" fill="{colour}" stroke="{PAPER}" stroke-width="1.2"/>'
        case "ring":
            return f'<circle class="mark" {at} r="4.5" fill="{PAPER}" stroke="{colour}" stroke-width="2"/>'
        case "half":
            half = f'<path d="M{number(x)} {number(y - 5)}a5 5 0 0 0 0 10z" fill="{colour}"/>'
            return f'<circle class="mark" {at} r="5" fill="{PAPER}" stroke="{colour}" stroke-width="1.4"/>{half}'
        case "cross":
            d = f"M{number(x - 4)} {number(y - 4)}l8 8m0 -8l-8 8"
            return path(d, stroke=INK, width=2.4, extra=' class="mark"')
