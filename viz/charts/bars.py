"""Numbers as bars in rows, each with its label and value written out: an answer of names and numbers at a glance.

Bars begin at nought, stand in the order in which they are given, and link to what they are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from viz import text
from viz import words as numbers
from viz.charts.drawing import BLUE, QUIET, RULE, Anchor, Drawing, line, linked, rect, words
from viz.charts.scale import Linear, ticks

ROW: Final = 22.0
HEIGHT: Final = 12.0
HEAD: Final = 22.0
#: Share of the width that labels may take.
_LABELS: Final = 0.46


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. `value` is at least 0, `text` that value as it is written, `address` what it is about, if anything."""

    label: str
    value: float
    text: str
    address: str | None = None


def draw(bars: Sequence[Bar], title: str, desc: str, width: float, lang: str) -> Drawing:
    """The bars. On a narrow drawing labels stand above their bar. Raises :class:`ValueError` for no bars or
    negative ones."""
    if not bars or any(bar.value < 0 for bar in bars):
        raise ValueError(f"{title}: bars of at least nought are needed")
    narrow = width < 480
    step = ROW + (16 if narrow else 0)
    left = 4.0 if narrow else 12 + min(max(text.width(bar.label, 12) for bar in bars), width * _LABELS)
    right = 12 + max(text.width(bar.text, 12) for bar in bars)
    drawing = Drawing(width, HEAD + step * len(bars) + 6, title, desc, lang)
    marks = ticks(max(bar.value for bar in bars), 3 if narrow else 5)
    x = Linear(0, marks[-1], left, width - right)
    for value in marks:
        drawing.add(line(x(value), HEAD - 4, x(value), HEAD + step * len(bars), stroke=RULE))
        anchor: Anchor = "start" if value == 0 and narrow else "middle"
        drawing.add(words(x(value), HEAD - 9, numbers.number(int(value), lang), anchor=anchor, colour=QUIET, size=11))
    for turn, bar in enumerate(bars):
        y = HEAD + step * turn + step - HEIGHT
        lines = text.wrap(bar.label, 12, width - 24 if narrow else left - 26)
        label = lines[0] + ("…" if len(lines) > 1 else "")
        if narrow:
            drawing.add(words(4, y - 5, label, halo=True))
        else:
            drawing.add(words(left - 8, y + 7, label, anchor="end"))
        shape = rect(left, y - 3, max(x(bar.value) - left, 1), HEIGHT, fill=BLUE, extra=' class="bar"')
        drawing.add(linked(bar.address, f"{bar.label}: {bar.text}", shape))
        drawing.add(words(x(bar.value) + 6, y + 7, bar.text, halo=True))
    return drawing
