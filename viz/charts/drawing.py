"""The sheet that charts are drawn on: shapes and words as presentation attributes, links, title and description.

Colours are written for paper; the style sheet's `.graph` rules give the same attributes their dark values, so a drawing
is right on its own, in print and in an image. No inline style is written. All text from data is escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final, Literal

from viz import text
from viz.marks import MARKS
from viz.svg import number

PAPER: Final = MARKS.colours["paper"][0]
INK: Final = MARKS.colours["ink"][0]
QUIET: Final = MARKS.colours["quiet"][0]
RULE: Final = MARKS.colours["rule"][0]
BLUE: Final = MARKS.families["treaty"].light
ORANGE: Final = MARKS.families["monitoring"].light
GREEN: Final = MARKS.families["cooperation"].light
YELLOW: Final = MARKS.families["funding"].light
GREY: Final = MARKS.families["structure"].light
PURPLE: Final = MARKS.families["mandate"].light

FONT: Final = "Inter, 'Helvetica Neue', Arial, sans-serif"
#: Size of words in pixels; a drawing is shown at its own width or a little less, never much smaller.
SIZE: Final = 12.0
LINE: Final = 15.0

Anchor = Literal["start", "middle", "end"]
Shape = Literal["circle", "square", "diamond", "triangle", "cross"]


@dataclass
class Drawing:
    """A drawing of `width` x `height` pixels. `title` says what it shows, `desc` how to read it; parts are in the order
    of drawing. Mutable while it is drawn, and given out as text."""

    width: float
    height: float
    title: str
    desc: str
    lang: str
    parts: list[str] = field(default_factory=list)

    def add(self, part: str) -> None:
        """Put a piece of SVG on top."""
        self.parts.append(part)

    def svg(self, prefix: str) -> str:
        """For a page. `prefix` makes the ids of title and description unique on it."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="graph chart" viewBox="0 0 {number(self.width)} '
            f'{number(self.height)}" width="{number(self.width)}" height="{number(self.height)}" role="group" '
            f'aria-labelledby="{prefix}-title" aria-describedby="{prefix}-desc" font-family="{escape(FONT)}" '
            f'font-size="{number(SIZE)}"><title id="{prefix}-title">{escape(self.title)}</title>'
            f'<desc id="{prefix}-desc">{escape(self.desc)}</desc>{"".join(self.parts)}</svg>'
        )

    def picture(self, source: str) -> str:
        """A whole file for an article: title above, the drawing, and the source line with its date below."""
        heading = text.wrap(self.title, 17, self.width - 48, 600)
        credit = text.wrap(source, 11, self.width - 48)
        top = 22 + 23 * len(heading)
        foot = top + self.height + 24
        high = foot + 15 * len(credit) + 8
        rows = "".join(
            words(24, 30 + 23 * turn, line, size=17, weight=600) for turn, line in enumerate(heading)
        ) + "".join(words(24, foot + 15 * turn, line, size=11, colour=QUIET) for turn, line in enumerate(credit))
        wide = number(self.width + 32)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {number(high)}" width="{wide}" '
            f'height="{number(high)}" role="img" aria-labelledby="picture-title picture-source" xml:lang="{self.lang}" '
            f'font-family="{escape(FONT)}" font-size="{number(SIZE)}"><title id="picture-title">{escape(self.title)}'
            f'</title><desc id="picture-source">{escape(source)}</desc>'
            f'<rect width="{wide}" height="{number(high)}" fill="{PAPER}"/>{rows}'
            f'<g transform="translate(16 {number(top)})">{"".join(self.parts)}</g></svg>\n'
        )


def words(
    x: float,
    y: float,
    content: str,
    *,
    anchor: Anchor = "start",
    colour: str = INK,
    size: float = SIZE,
    weight: int = 400,
    halo: bool = False,
    slant: bool = False,
) -> str:
    """One line of text; `halo` sets it off from lines below it."""
    around = f' stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}"'
        f"{f' text-anchor={chr(34)}{anchor}{chr(34)}' if anchor != 'start' else ''}"
        f"{f' font-weight={chr(34)}{weight}{chr(34)}' if weight != 400 else ''}"
        f"{' font-style=' + chr(34) + 'italic' + chr(34) if slant else ''}"
        f' fill="{colour}"{around}>{escape(content)}</text>'
    )


def path(
    d: str, *, stroke: str = "none", fill: str = "none", width: float = 1.0, dash: str = "", extra: str = ""
) -> str:
    """A path. `dash` is an SVG dash list, `extra` further attributes, already escaped."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    wide = f' stroke-width="{number(width)}"' if stroke != "none" else ""
    return f'<path d="{d}" fill="{fill}" stroke="{stroke}"{wide}{dashes}{extra}/>'


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = RULE, width: float = 1.0, dash: str = "") -> str:
    """A straight line."""
    return path(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", stroke=stroke, width=width, dash=dash)


def rect(x: float, y: float, w: float, h: float, *, fill: str = "none", stroke: str = "none", extra: str = "") -> str:
    """A rectangle; `extra` are further attributes."""
    edge = f' stroke="{stroke}"' if stroke != "none" else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}" fill="{fill}"{edge}{extra}/>'
    )


def linked(address: str | None, name: str, inner: str) -> str:
    """A mark with its name as tooltip, and a link to its evidence where there is one."""
    titled = f"<title>{escape(name)}</title>{inner}"
    if not address:
        return f"<g>{titled}</g>"
    return f'<a href="{escape(address)}" aria-label="{escape(name)}">{titled}</a>'


def mark(shape: Shape, x: float, y: float, colour: str, size: float = 4.6, hollow: bool = False) -> str:
    """A mark of about twice `size` pixels; hollow for figures that no method is known of."""
    fill, edge = (PAPER if hollow else colour), f' stroke="{colour}" stroke-width="1.6"'
    if shape == "circle":
        return f'<circle class="mark" cx="{number(x)}" cy="{number(y)}" r="{number(size)}" fill="{fill}"{edge}/>'
    points: Sequence[tuple[float, float]]
    match shape:
        case "square":
            s = size * 0.92
            points = [(-s, -s), (s, -s), (s, s), (-s, s)]
        case "diamond":
            s = size * 1.25
            points = [(0, -s), (s, 0), (0, s), (-s, 0)]
        case "triangle":
            s = size * 1.2
            points = [(0, -s), (s, s * 0.85), (-s, s * 0.85)]
        case "cross":
            s = size
            d = f"M{number(x - s)} {number(y - s)}l{number(2 * s)} {number(2 * s)}m0 {number(-2 * s)}"
            return path(f"{d}l{number(-2 * s)} {number(2 * s)}", stroke=colour, width=2.6, extra=' class="mark"')
    d = "M" + "L".join(f"{number(x + dx)} {number(y + dy)}" for dx, dy in points) + "Z"
    return f'<path class="mark" d="{d}" fill="{fill}"{edge}/>'
