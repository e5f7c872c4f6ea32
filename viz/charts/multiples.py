"""Shares as bars in a grid: a row for each kind, a column for each whole; every column has one scale, 0 to 100 %.

On a narrow drawing the columns stand below one another. What a bar is long as is written beside it, so that nothing
has to be read off a scale, and colour says nothing that words do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from viz import text
from viz.charts.drawing import BLUE, QUIET, RULE, Drawing, linked, rect, words
from viz.charts.scale import Linear

ROW: Final = 24.0
HEIGHT: Final = 12.0
LINE: Final = 15.0
GAP: Final = 18.0
#: Pixels that a written value takes at most, such as `100 %`, or `46 of 46`.
_LABELS: Final = 0.44


@dataclass(frozen=True, slots=True)
class Cell:
    """One bar: its share from 0 to 1, the value as it is written, the sentence that names it, and where it leads."""

    share: float
    text: str
    name: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One whole: what it is, and its bars in the order of the rows."""

    heading: str
    cells: tuple[Cell, ...]


def draw(rows: Sequence[str], columns: Sequence[Column], title: str, desc: str, width: float, lang: str) -> Drawing:
    """The grid. Raises :class:`ValueError` for nothing to draw, for a column of other length than the rows, and for
    a share outside 0 to 1."""
    if not rows or not columns or any(len(one.cells) != len(rows) for one in columns):
        raise ValueError(f"{title}: rows and columns of one length are needed")
    if any(not 0 <= cell.share <= 1 for one in columns for cell in one.cells):
        raise ValueError(f"{title}: shares from 0 to 1 are needed")
    labels = max(text.width(row, 12) for row in rows)
    return (_below if width < 480 else _beside)(rows, columns, Drawing(width, 0, title, desc, lang), labels)


def _beside(rows: Sequence[str], columns: Sequence[Column], drawing: Drawing, labels: float) -> Drawing:
    left = min(labels, drawing.width * _LABELS) + 12
    wide = (drawing.width - left - GAP * (len(columns) - 1)) / len(columns)
    headings = [text.wrap(one.heading, 12, wide, 600) for one in columns] if len(columns) > 1 else [[]]
    head = LINE * max(len(one) for one in headings) + 8
    names = [text.wrap(row, 12, left - 12) for row in rows]
    high = [max(ROW, LINE * len(name) + 6) for name in names]
    drawing.height = head + sum(high) + 4
    for turn, (column, lines) in enumerate(zip(columns, headings, strict=True)):
        start = left + turn * (wide + GAP)
        for number, one in enumerate(lines):
            drawing.add(words(start, 14 + LINE * number, one, weight=600))
        _bars(drawing, column, start, wide, head, high)
    y = head
    for name, tall in zip(names, high, strict=True):
        for number, one in enumerate(name):
            at = y + tall / 2 + 4 + LINE * (number - (len(name) - 1) / 2)
            drawing.add(words(left - 10, at, one, anchor="end"))
        y += tall
    return drawing


def _below(rows: Sequence[str], columns: Sequence[Column], drawing: Drawing, labels: float) -> Drawing:
    y = 4.0
    for column in columns:
        if len(columns) > 1:
            for one in text.wrap(column.heading, 12, drawing.width - 8, 600):
                drawing.add(words(0, y + 12, one, weight=600))
                y += LINE
            y += 6
        for row, cell in zip(rows, column.cells, strict=True):
            for one in text.wrap(row, 12, drawing.width - 8):
                drawing.add(words(0, y + 12, one, colour=QUIET))
                y += LINE
            _bars(drawing, Column("", (cell,)), 0, drawing.width, y, [ROW - 4])
            y += ROW + 2
        y += 8
    drawing.height = y
    return drawing


def _bars(drawing: Drawing, column: Column, start: float, wide: float, head: float, high: Sequence[float]) -> None:
    """The bars of a column between `start` and `start + wide`, each on its whole, its value behind it."""
    most = max(text.width(cell.text, 12) for cell in column.cells)
    x = Linear(0, 1, start, start + wide - most - 8)
    y = head
    for cell, tall in zip(column.cells, high, strict=True):
        middle = y + tall / 2
        drawing.add(rect(x.start, middle - HEIGHT / 2, x.stop - x.start, HEIGHT, fill=RULE))
        long = max(x(cell.share) - x.start, 1.0 if cell.share else 0.0)
        shape = rect(x.start, middle - HEIGHT / 2, long, HEIGHT, fill=BLUE, extra=' class="bar"')
        drawing.add(linked(cell.address, cell.name, shape))
        drawing.add(words(x.stop + 6, middle + 4, cell.text))
        y += tall
