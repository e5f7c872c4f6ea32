"""One explanation of a path as a small drawing: its nodes in a row, each link by the colour and line of its family.

It stands above the sentences that say the same; `viz.svg` draws everything larger.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Final

from graph.read.index import NetworkIndex, Node
from graph.read.paths import Explanation
from viz import svg, text, view
from viz.marks import MARKS
from viz.scene import Family, kind_of

#: Width of the drawing, letters and lines of a label (pixels).
WIDE: Final = 320.0
_LETTERS: Final = 11.0
_LINE: Final = 13.0
_TOP: Final = 14.0


def draw(one: Explanation, index: NetworkIndex, lang: str, address: Callable[[str], str]) -> str:
    """The drawing as one `<svg>`; `address` gives the page of a node's id or a statement's path."""
    nodes = [index.nodes[one.steps[0].start], *(index.nodes[step.end] for step in one.steps)]
    room = WIDE / len(nodes)
    at = [room * (turn + 0.5) for turn in range(len(nodes))]
    labels = [text.wrap(view.short(node, lang), _LETTERS, room - 6, 600) for node in nodes]
    high = _TOP + 16 + _LINE * max(map(len, labels))
    parts = []
    for turn, step in enumerate(one.steps):
        edge = index.edges[step.line.edge]
        family: Family = edge.family  # type: ignore[assignment]  # the index takes families from the same closed list
        mark = MARKS.families[family]
        dash = f' stroke-dasharray="{" ".join(map(str, mark.dash))}"' if mark.dash else ""
        line = f"M{svg.number(at[turn])} {_TOP}H{svg.number(at[turn + 1])}"
        parts.append(
            f'<path class="line {family}" d="{line}" fill="none" stroke="{mark.light}" '
            f'stroke-width="{mark.width}"{dash}/>'
        )
    parts += [_node(node, x, lines, lang, address) for node, x, lines in zip(nodes, at, labels, strict=True)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="0 0 {svg.number(WIDE)} {svg.number(high)}" '
        f'width="{svg.number(WIDE)}" height="{svg.number(high)}" role="group" '
        f'aria-label="{escape(" – ".join(view.short(node, lang) for node in nodes))}" font-size="{_LETTERS}">'
        f"{''.join(parts)}</svg>"
    )


def _node(node: Node, x: float, lines: list[str], lang: str, address: Callable[[str], str]) -> str:
    kind = kind_of(node.kind)
    rows = " ".join(
        f'<tspan x="{svg.number(x)}" y="{svg.number(_TOP + 20 + _LINE * turn)}">{escape(row)}</tspan>'
        for turn, row in enumerate(lines)
    )
    name = node.label(lang)
    shown = " ".join(lines)
    # the name of a link holds what is drawn
    spoken = name if shown.casefold() in name.casefold() else f"{shown}: {name}"
    return (
        f'<a href="{escape(address(node.id))}" aria-label="{escape(spoken)}">'
        f'<path class="mark {kind}" d="{svg.outline(kind, 7)}" transform="translate({svg.number(x)} {_TOP})" '
        f'fill="{svg.PAPER}" stroke="{svg.INK}" stroke-width="1.5"/>'
        f'<text class="label" text-anchor="middle" fill="{svg.INK}">{rows}</text></a>'
    )
