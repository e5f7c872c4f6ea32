"""Figures as dots in rows, one row for each period: nothing is joined, so that nothing is said about the years between.

Panels stand below one another, one for each thing that is counted; scales start at nought and are the same in all
panels of a chart. Where sources disagree, a bracket ties the values and words say so. Every mark is a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from viz import text
from viz import words as language
from viz.charts.drawing import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    QUIET,
    RULE,
    YELLOW,
    Drawing,
    Shape,
    line,
    linked,
    mark,
    path,
    words,
)
from viz.charts.scale import Linear, ticks
from viz.svg import number

#: Basis of a figure -> colour, shape and whether hollow: never told by colour alone.
LOOK: Final[dict[str, tuple[str, Shape, bool]]] = {
    "recorded": (BLUE, "circle", False),
    "identified": (GREEN, "square", False),
    "supported": (YELLOW, "diamond", False),
    "estimated": (PURPLE, "triangle", True),
    "claimed": (ORANGE, "cross", False),
    "administrative": (GREY, "square", True),
}
ROW: Final = 24.0
HEAD: Final = 30.0
FOOT: Final = 22.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One value: its text, the sentence that names it, and the page of its evidence."""

    value: float
    text: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its label, its values from small to large, and what is said of rivals (empty: they agree)."""

    label: str
    dots: tuple[Dot, ...]
    rival: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows that count the same thing. `heading` says what, and on which basis."""

    heading: str
    basis: str
    lines: tuple[Line, ...]


def sample(basis: str) -> str:
    """The mark of a basis alone, for a legend."""
    colour, shape, hollow = LOOK[basis]
    inner = mark(shape, 8, 8, colour, 4.6, hollow)
    return f'<svg class="graph swatch" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{inner}</svg>'


def draw(panels: Sequence[Panel], title: str, desc: str, unit: str, width: float, lang: str) -> Drawing:
    """The chart. `unit` is written at the scale's end. Raises :class:`ValueError` when there is nothing to draw."""
    every = [dot for panel in panels for row in panel.lines for dot in row.dots]
    if not every:
        raise ValueError(f"{title}: nothing to draw")
    rows = [row for panel in panels for row in panel.lines]
    left = 8 + max(text.width(row.label, 12) for row in rows)
    said = max(text.width(_said(row), 12, 600) for row in rows) + 10
    narrow = width < 480
    # on a phone the values stand below the scale's line; there is no room beside it
    right = 18.0 if narrow else max(said + 8, 80)
    step = ROW + (15 if narrow else 0)
    headings = [text.wrap(panel.heading, 12, width - 24, 600) for panel in panels]
    high = sum(
        HEAD + 15 * (len(head) - 1) + step * len(panel.lines) for panel, head in zip(panels, headings, strict=True)
    )
    drawing = Drawing(width, high + FOOT + 12, title, desc, lang)
    marks = ticks(max(dot.value for dot in every), 3 if narrow else 5)
    x = Linear(0, marks[-1], left + 8, width - right)
    y = 0.0
    for panel, head in zip(panels, headings, strict=True):
        colour, shape, hollow = LOOK[panel.basis]
        drawing.add(mark(shape, 7, y + 14, colour, 4.4, hollow))
        for turn, one in enumerate(head):
            drawing.add(words(18, y + 18 + 15 * turn, one, weight=600))
        y += HEAD + 15 * (len(head) - 1)
        for value in marks:
            drawing.add(line(x(value), y - 4, x(value), y + step * len(panel.lines) - 8))
        for row in panel.lines:
            _row(drawing, row, panel.basis, x, y + 8, narrow)
            y += step
    for value in marks:
        end = value == marks[-1]
        shown = _count(value, lang) + (f" {unit}" if end and unit else "")
        drawing.add(words(min(x(value), width - 2), y + 12, shown, anchor="end" if end else "middle", colour=QUIET))
    return drawing


def _row(drawing: Drawing, row: Line, basis: str, x: Linear, y: float, narrow: bool) -> None:
    drawing.add(words(x.start - 8, y + 4, row.label, anchor="end", colour=QUIET))
    drawing.add(line(x.start, y, x.stop, y, stroke=RULE, dash="1 3"))
    colour, shape, hollow = LOOK[row.basis or basis]
    if row.rival:
        first, last = x(row.dots[0].value), x(row.dots[-1].value)
        d = f"M{number(first)} {number(y - 6)}v-3H{number(last)}v3"
        drawing.add(path(d, stroke=INK, width=1.2))
    for dot in row.dots:
        drawing.add(linked(dot.address, dot.name, mark(shape, x(dot.value), y, colour, 4.6, hollow)))
    if narrow:
        drawing.add(words(x.start, y + 20, _said(row), size=11.5, weight=600 if row.rival else 400))
    else:
        drawing.add(words(x.stop + 14, y + 4, _said(row), weight=600 if row.rival else 400))


def _said(row: Line) -> str:
    values = " · ".join(dot.text for dot in row.dots)
    return f"{values} – {row.rival}" if row.rival else values


def _count(value: float, lang: str) -> str:
    return language.number(int(value), lang)
