"""A strip of years as SVG: when the statements about one thing are dated, a lane for each family of relations.

Several statements of one year are one mark, the larger the more there are; each mark is a link with its words. The page
that shows the strip tells the same statements in sentences, so that nothing is said by the drawing alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Final

from viz.marks import MARKS

#: Room of the drawing in pixels: whole width, room for the names of the lanes, height of a lane, margins.
WIDTH: Final = 760
LEFT: Final = 128
RIGHT: Final = 16
TOP: Final = 8
LANE: Final = 26
FOOT: Final = 26

#: Radius of a mark of one statement and of the largest mark, in pixels.
_SMALL: Final = 3.6
_LARGE: Final = 10.5
_FONT: Final = "Inter, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Mark:
    """Statements of one family in one year; `text` says which, `href` leads to them (empty: no link)."""

    year: int
    family: str
    count: int
    text: str
    href: str


def draw(marks: list[Mark], names: dict[str, str], title: str) -> str:
    """The drawing as one `<svg>` element; the empty string for fewer than two years, which a sentence tells better.

    `names` are the families' names in the order of the lanes.
    """
    found = {mark.year for mark in marks}
    if len(found) < 2:
        return ""
    first, last, step = _axis(min(found), max(found))
    lanes = [family for family in names if any(mark.family == family for mark in marks)]
    height = TOP + LANE * len(lanes) + FOOT
    most = max(mark.count for mark in marks)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph timeline" viewBox="0 0 {WIDTH} {height}" role="group" '
        f'aria-labelledby="timeline-title" font-family="{escape(_FONT)}" font-size="12">'
        f'<title id="timeline-title">{escape(title)}</title>'
    ]
    rule, ink, quiet = (MARKS.colours[name][0] for name in ("rule", "ink", "quiet"))
    for year in range(first, last + 1, step):
        x = _x(year, first, last)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{height - FOOT}" stroke="{rule}"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - 8}" text-anchor="middle" fill="{quiet}">{year}</text>')
    for number, family in enumerate(lanes):
        y = TOP + LANE * (number + 0.5)
        parts.append(f'<text x="0" y="{y + 4:.1f}" fill="{ink}">{escape(names[family])}</text>')
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{rule}"/>')
        colour = MARKS.families[family].light if family in MARKS.families else quiet
        for mark in marks:
            if mark.family == family:
                parts.append(_mark(mark, _x(mark.year, first, last), y, most, colour))
    return "".join([*parts, "</svg>"])


def _mark(mark: Mark, x: float, y: float, most: int, colour: str) -> str:
    share = math.sqrt((mark.count - 1) / (most - 1)) if most > 1 else 0.0
    radius = _SMALL + (_LARGE - _SMALL) * share
    dot = (
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}" fill-opacity="0.85">'
        f"<title>{escape(mark.text)}</title></circle>"
    )
    return f'<a href="{escape(mark.href)}" aria-label="{escape(mark.text)}">{dot}</a>' if mark.href else dot


def _x(year: int, first: int, last: int) -> float:
    return LEFT + 12 + (WIDTH - RIGHT - LEFT - 24) * (year - first) / max(1, last - first)


def _axis(first: int, last: int) -> tuple[int, int, int]:
    """First and last year of the axis and the years between two of its lines."""
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100, 500) if (last - first) / one <= 10)
    return first // step * step, -(-last // step) * step, step
