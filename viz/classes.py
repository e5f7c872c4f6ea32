"""The classes of the ontology as a tree in SVG: each below the one that it is a kind of, all of them links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from viz.marks import MARKS

#: Height of a row, room that one step down takes, width of the drawing; pixels.
ROW: Final = 23
INDENT: Final = 30
WIDTH: Final = 640
_FONT: Final = "Inter, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Box:
    """A class: its label, the address of its page, a quiet remark behind it."""

    label: str
    href: str
    remark: str = ""


def draw(boxes: Mapping[str, Box], parents: Mapping[str, tuple[str, ...]], title: str) -> str:
    """The tree as one `<svg>` element. A class with several parents stands below the first; one whose parent is not
    among `boxes`, or that would be its own ancestor, stands at the top."""
    children: dict[str, list[str]] = {name: [] for name in boxes}
    tops: list[str] = []
    for name in sorted(boxes, key=lambda one: boxes[one].label.casefold()):
        above = next((one for one in parents.get(name, ()) if one in boxes and not _below(one, name, parents)), "")
        (children[above] if above else tops).append(name)
    rows: list[tuple[str, int, int]] = []

    def walk(name: str, depth: int, above: int) -> None:
        rows.append((name, depth, above))
        here = len(rows) - 1
        for child in children[name]:
            walk(child, depth + 1, here)

    for top in sorted(tops, key=lambda one: (not children[one], boxes[one].label.casefold())):
        walk(top, 0, -1)
    height = ROW * len(rows) + 8
    rule, link, quiet = MARKS.colours["quiet"][0], MARKS.colours["ink"][0], MARKS.colours["quiet"][0]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph classes" viewBox="0 0 {WIDTH} {height}" role="group" '
        f'aria-labelledby="classes-title" font-family="{escape(_FONT)}" font-size="13.5">'
        f'<title id="classes-title">{escape(title)}</title><g fill="none" stroke="{rule}" stroke-width="1">'
    ]
    for number, (_, depth, parent) in enumerate(rows):
        if parent >= 0:
            x, y = 10 + INDENT * (depth - 1), _y(number)
            parts.append(f'<path d="M{x} {_y(parent) + 7}V{y - 4.5}H{x + INDENT - 10}"/>')
    parts.append("</g>")
    for number, (name, depth, _) in enumerate(rows):
        box, x, y = boxes[name], 4 + INDENT * depth, _y(number)
        remark = f'<tspan dx="8" fill="{quiet}" font-size="12">{escape(box.remark)}</tspan>' if box.remark else ""
        parts.append(
            f'<a href="{escape(box.href)}"><text class="label" x="{x}" y="{y}" fill="{link}">{escape(box.label)}'
            f"{remark}</text></a>"
        )
    return "".join([*parts, "</svg>"])


def _y(row: int) -> float:
    return ROW * row + 17


def _below(name: str, other: str, parents: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether `name` stands somewhere below `other`, so that the two may not be put the other way round."""
    waiting, seen = [name], set()
    while waiting:
        one = waiting.pop()
        if one == other:
            return True
        if one not in seen:
            seen.add(one)
            waiting += parents.get(one, ())
    return False
