"""How wide text is: the advance widths of Inter, so that labels are placed before anything is drawn.

`fonts/widths.json` holds the widths of the shipped Inter in thousandths of an em; a letter outside of it counts as the
widest common one, so that a label may be given too much room but never too little.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Final

_UNKNOWN: Final = 900


@cache
def _widths() -> dict[str, dict[str, int]]:
    raw: dict[str, dict[str, int]] = json.loads(files("viz").joinpath("fonts/widths.json").read_text("utf-8"))
    return raw


def width(text: str, size: float, weight: int = 400) -> float:
    """The width of one line in pixels; `weight` is 400 or 600."""
    table = _widths()[str(weight)]
    return sum(table.get(letter, _UNKNOWN) for letter in text) * size / 1000


def fitted(line: str, size: float, weight: int = 400) -> str:
    """The attributes that make a line of SVG as wide as in the letters it was measured in, where a reader's machine has
    others: a picture is opened without ours. Nothing where a letter was not measured."""
    if not all(letter in _widths()[str(weight)] for letter in line):
        return ""
    return f' textLength="{width(line, size, weight):.0f}" lengthAdjust="spacingAndGlyphs"'


def wrap(text: str, size: float, widest: float, weight: int = 400) -> list[str]:
    """Lines of at most `widest` pixels, broken at spaces that may be broken at; a longer single word keeps its line."""
    lines: list[str] = []
    # str.split() would break `3 379` at the no-break space in it, too
    for word in filter(None, re.split(r"[ \t\r\n]+", text)):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size, weight) <= widest:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines or [""]
