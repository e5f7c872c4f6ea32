"""A line of steps: how many there were after each day on which the number changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from viz import text, words
from viz.charts.drawing import BLUE, INK, QUIET, RULE, Drawing, line, path
from viz.charts.drawing import words as say
from viz.charts.scale import Linear, of_day, ticks, years
from viz.svg import number

HEIGHT: Final = 260.0
BOTTOM: Final = 28.0
TOP: Final = 26.0


def draw(
    steps: Sequence[tuple[date, int]], on: date, title: str, desc: str, label: str, width: float, lang: str
) -> Drawing:
    """The number after each step until the day `on`, labelled at its end with `label`. `steps` is not empty."""
    drawing = Drawing(width, HEIGHT, title, desc, lang)
    first = steps[0][0].year
    most = max(max(value for _, value in steps), 1)
    marks = ticks(most, 4)
    right = width - 16 - text.width(label, 12, 600)
    x = Linear(first, max(on.year + 1, first + 2), 38, max(right, width * 0.6))
    y = Linear(0, marks[-1], HEIGHT - BOTTOM, TOP)
    for value in marks:
        drawing.add(line(x.start, y(value), x.stop, y(value), stroke=RULE))
        drawing.add(say(x.start - 6, y(value) + 4, words.number(int(value), lang), anchor="end", colour=QUIET))
    for year in years(first, on.year, x.stop - x.start):
        drawing.add(say(x(year), HEIGHT - 8, str(year), anchor="middle", colour=QUIET))
    before = [(when, value) for when, value in steps if when <= on]
    if not before:
        drawing.add(line(x.start, y(0), x.stop, y(0), stroke=INK))
        return drawing
    d = f"M{number(x(of_day(before[0][0])))} {number(y(0))}"
    for when, value in before:
        d += f"H{number(x(of_day(when)))}V{number(y(value))}"
    end = x(of_day(on))
    drawing.add(path(d + f"H{number(end)}", stroke=BLUE, width=2.2, extra=' stroke-linejoin="round"'))
    last = before[-1][1]
    drawing.add(f'<circle cx="{number(end)}" cy="{number(y(last))}" r="3.5" fill="{BLUE}"/>')
    drawing.add(say(end + 8, y(last) + 4, label, weight=600, colour=BLUE))
    return drawing
