"""Numbers by year as columns on a common axis, each with its number written out where there is room for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from viz import text
from viz import words as numbers
from viz.charts.drawing import BLUE, QUIET, RULE, Drawing, line, linked, rect, words
from viz.charts.scale import Linear, ticks, years

HEIGHT: Final = 230.0
TOP: Final = 20.0
BOTTOM: Final = 26.0


def draw(counts: Mapping[int, tuple[int, str]], title: str, desc: str, width: float, lang: str) -> Drawing:
    """A column for each year: how many, and the sentence that names it. Years between that are not given have none.

    Raises :class:`ValueError` for no year or negative numbers.
    """
    if not counts or any(value < 0 for value, _ in counts.values()):
        raise ValueError(f"{title}: numbers of at least nought, by year, are needed")
    drawing = Drawing(width, HEIGHT, title, desc, lang)
    first, last = min(counts), max(counts)
    marks = ticks(max(value for value, _ in counts.values()), 4)
    x = Linear(first, last + 1, 34, width - 6)
    y = Linear(0, marks[-1], HEIGHT - BOTTOM, TOP)
    for value in marks:
        drawing.add(line(x.start, y(value), x.stop, y(value), stroke=RULE))
        label = numbers.number(int(value), lang)
        drawing.add(words(x.start - 6, y(value) + 4, label, anchor="end", colour=QUIET, size=11))
    wide = x(first + 1) - x(first)
    for year, (value, name) in sorted(counts.items()):
        shape = rect(x(year) + wide * 0.14, y(value), wide * 0.72, y(0) - y(value), fill=BLUE, extra=' class="bar"')
        drawing.add(linked(None, name, shape))
        label = numbers.number(value, lang)
        if value and text.width(label, 10.5) <= wide:
            drawing.add(words(x(year + 0.5), y(value) - 4, label, anchor="middle", size=10.5))
    for year in years(first, last, x.stop - x.start):
        drawing.add(words(x(year + 0.5), HEIGHT - 8, str(year), anchor="middle", colour=QUIET, size=11))
    return drawing
