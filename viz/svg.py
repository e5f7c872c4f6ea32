"""Small graphs as SVG drawn by the server: printable, with focusable links, without JavaScript.

Colours and dashes stand as presentation attributes for paper, so that a drawing is right on its own, in print and in
an image; the class names let a page's style sheet give the colours of the dark theme. No inline style is written: a
strict Content-Security-Policy would refuse it. Every text from data is escaped here and nowhere else.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Final

from viz import layout, text, words
from viz.marks import MARKS
from viz.scene import FAMILIES, KINDS, Edge, Family, Group, Kind, Node, Scene

#: A server-drawn graph has at most this many nodes; a larger one is for the explorer's own canvas.
MOST: Final = 60

PAPER: Final = MARKS.colours["paper"][0]
INK: Final = MARKS.colours["ink"][0]
QUIET: Final = MARKS.colours["quiet"][0]
RULE: Final = MARKS.colours["rule"][0]

#: How far parallel lines bend away from each other, in pixels.
_BEND: Final = 26.0
_FONT: Final = "Inter, 'Helvetica Neue', Arial, sans-serif"

#: Path of a node, a group or a statement in the scene -> address of its page, or None for no link.
Address = Callable[[str], str | None]


@dataclass(frozen=True)
class Look:
    """How a scene is drawn: addresses of what can be clicked, room around it, and what id its title has."""

    node: Address = field(default=lambda _: None)
    edge: Address = field(default=lambda _: None)
    group: Address = field(default=lambda _: None)
    selected: str = ""
    prefix: str = "g"


def number(value: float) -> str:
    """A coordinate with at most one digit after the point, so that files stay small and equal everywhere."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )


def draw(scene: Scene, look: Look | None = None) -> str:
    """The drawing as one `<svg>` element for a page, named by the scene's caption."""
    look = look or Look()
    left, top, right, bottom = layout.bounds(scene)
    title = f"{look.prefix}-title"
    size = f"{number(left - 8)} {number(top - 8)} {number(right - left + 16)} {number(bottom - top + 16)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="{size}" role="group" '
        f'aria-labelledby="{title}" font-family="{escape(_FONT)}" font-size="{_size(scene)}">'
        f'<title id="{title}">{escape(scene.caption)}</title>{body(scene, look)}</svg>'
    )


def _size(scene: Scene) -> str:
    return number(layout.letters_on(scene.width).size)


def body(scene: Scene, look: Look) -> str:
    """Lines below, then groups, then nodes with their labels on top."""
    at = {node.id: (node.x, node.y) for node in scene.nodes} | {one.id: (one.x, one.y) for one in scene.groups}
    parts = ['<g class="lines" fill="none">']
    for group in scene.groups:
        (x1, y1), (x2, y2) = at[group.node], at[group.id]
        colour = MARKS.families[group.family].light
        parts.append(
            f'<path class="line {group.family} fold" d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" '
            f'stroke="{colour}" stroke-width="1" stroke-opacity="0.45"/>'
        )
    focus = {node.id for node in scene.nodes if node.focus}
    lines = bends(scene)
    for edge, bend in lines:
        # in a dense picture, lines among neighbours step back behind those of the focus
        behind = len(lines) > layout.DENSE and not {edge.source, edge.target} & focus
        parts.append(_line(edge, at[edge.source], at[edge.target], bend, look, behind))
    parts.append('</g><g class="marks">')
    letters = layout.letters_on(scene.width)
    parts += [_group(group, look, letters) for group in scene.groups]
    parts += [_node(node, look, letters) for node in scene.nodes]
    parts.append("</g>")
    return "".join(parts)


def bends(scene: Scene) -> list[tuple[Edge, float]]:
    """The lines to draw, one per link, each with its bend in pixels: parallel ones are told apart."""
    lines = [edge for edge in scene.edges if edge.leads]
    total = Counter(frozenset((edge.source, edge.target)) for edge in lines)
    seen: Counter[frozenset[str]] = Counter()
    found = []
    for edge in sorted(lines, key=lambda one: (FAMILIES.index(one.family), one.id)):
        pair = frozenset((edge.source, edge.target))
        bend = (seen[pair] - (total[pair] - 1) / 2) * _BEND
        # a pair is bent the same way whichever end its lines start from
        found.append((edge, bend if edge.source < edge.target else -bend))
        seen[pair] += 1
    return found


def _line(
    edge: Edge, start: tuple[float, float], end: tuple[float, float], bend: float, look: Look, behind: bool
) -> str:
    (x1, y1), (x2, y2) = start, end
    long = max(1.0, math.hypot(x2 - x1, y2 - y1))
    across = (-(y2 - y1) / long, (x2 - x1) / long)
    middle = ((x1 + x2) / 2 + across[0] * bend * 2, (y1 + y2) / 2 + across[1] * bend * 2)
    curve = f"M{number(x1)} {number(y1)}"
    curve += (
        f"Q{number(middle[0])} {number(middle[1])} {number(x2)} {number(y2)}" if bend else f"L{number(x2)} {number(y2)}"
    )
    mark = MARKS.families[edge.family]
    pale = edge.standing in ("future", "ended")
    dash = f' stroke-dasharray="{" ".join(map(str, mark.dash))}"' if mark.dash else ""
    faint = ' stroke-opacity="0.22"' if pale else ' stroke-opacity="0.4"' if behind else ""
    chosen = " selected" if look.selected in (edge.id, edge.link) and look.selected else ""
    wide, cap = mark.width + (1.6 if chosen else 0), "round" if mark.dash[:1] == (2,) else "butt"
    line = (
        f'<path class="line {edge.family} {edge.standing}{chosen}" d="{curve}" stroke="{mark.light}" '
        f'stroke-width="{wide}" stroke-linecap="{cap}"'
        f"{dash}{faint}/>"
    )
    x, y = (x1 + x2) / 2 + across[0] * bend, (y1 + y2) / 2 + across[1] * bend
    line += "" if behind else _sign(edge, x, y, mark.light)
    hit = (
        f'<path class="hit" d="{curve}" stroke="{PAPER}" stroke-opacity="0" stroke-width="12" pointer-events="stroke"/>'
    )
    inner = f"<title>{escape(edge.label)}</title>{line}{hit}"
    return _linked(look.edge(edge.id), inner, edge.label)


def _sign(edge: Edge, x: float, y: float, colour: str) -> str:
    """A mark in the middle of a line: a question mark where no day is known, a half disc where there is a signature
    and nothing more."""
    if edge.standing == "unknown":
        return (
            f'<circle class="sign" cx="{number(x)}" cy="{number(y)}" r="5.5" fill="{PAPER}" stroke="{colour}"/>'
            f'<text x="{number(x)}" y="{number(y + 3.2)}" font-size="9" font-weight="600" text-anchor="middle" '
            f'fill="{colour}">?</text>'
        )
    if edge.predicate == "signed" and edge.standing == "valid":
        return (
            f'<circle class="sign" cx="{number(x)}" cy="{number(y)}" r="5" fill="{PAPER}" stroke="{colour}"/>'
            f'<path d="M{number(x)} {number(y - 5)}a5 5 0 0 0 0 10z" fill="{colour}"/>'
        )
    return ""


def _linked(address: str | None, inner: str, name: str) -> str:
    if address is None:
        return f"<g>{inner}</g>"
    return f'<a href="{escape(address)}" aria-label="{escape(name)}">{inner}</a>'


def outline(kind: Kind, size: float) -> str:
    """The path of a mark around the origin; `size` is its half height in pixels."""
    s = size
    match kind:
        case "state":
            return _circle(s)
        case "person":
            return _circle(s)
        case "international":
            points = [(s * 1.1 * math.cos(math.pi / 3 * k), s * 1.1 * math.sin(math.pi / 3 * k)) for k in range(6)]
        case "national":
            points = [(-s, -s), (s, -s), (s, s), (-s, s)]
        case "association":
            points = [(0, -s * 1.2), (s * 1.2, 0), (0, s * 1.2), (-s * 1.2, 0)]
        case "instrument":
            # a sheet with a folded corner
            points = [(-s * 0.8, -s), (s * 0.35, -s), (s * 0.8, -s * 0.5), (s * 0.8, s), (-s * 0.8, s)]
        case "project":
            r = s * 0.72
            return (
                f"M{number(-s * 0.7)} {number(-r)}H{number(s * 0.7)}A{number(r)} {number(r)} 0 0 1 {number(s * 0.7)} "
                f"{number(r)}H{number(-s * 0.7)}A{number(r)} {number(r)} 0 0 1 {number(-s * 0.7)} {number(-r)}Z"
            )
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def _circle(r: float) -> str:
    return f"M{number(-r)} 0A{number(r)} {number(r)} 0 1 1 {number(r)} 0A{number(r)} {number(r)} 0 1 1 {number(-r)} 0Z"


def initials(name: str) -> str:
    """First letters of the first and last word of a person's name."""
    parts = [part for part in name.replace("-", " ").split() if part[0].isalpha()]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper() if parts else ""


def _node(node: Node, look: Look, letters: layout.Letters) -> str:
    size = MARKS.kinds[node.kind].size * (1.5 if node.focus else 1.0)
    pale = node.standing in ("future", "ended")
    fill = INK if node.focus else PAPER
    chosen = " selected" if node.id == look.selected else ""
    inner = (
        f"<title>{escape(node.name)}</title>"
        f'<path class="mark {node.kind}{" focus" if node.focus else ""}{chosen}" d="{outline(node.kind, size)}" '
        f'transform="translate({number(node.x)} {number(node.y)})" fill="{fill}" stroke="{INK}" '
        f'stroke-width="{3 if chosen else 1.6}"{" opacity=" + chr(34) + "0.35" + chr(34) if pale else ""}/>'
    )
    if node.kind == "person":
        inner += (
            f'<text x="{number(node.x)}" y="{number(node.y + 2.6)}" font-size="7" font-weight="600" '
            f'text-anchor="middle" fill="{INK}">{escape(initials(node.name))}</text> '
        )
    lines = layout.label_lines(node, letters)
    inner += _label(node.x, _top(node, size + 4, lines, letters), lines, letters, 600 if node.focus else 400, pale)
    # Who speaks to a browser says what is seen: the name of a link holds its drawn label.
    shown = " ".join([*([initials(node.name)] if node.kind == "person" else []), *lines])
    holds = shown.casefold() in node.name.casefold()
    name = node.name if holds else shown if shown.endswith(node.name) else f"{shown}: {node.name}"
    return _linked(look.node(node.id), f'<g class="node {node.standing}">{inner}</g>', name)


def _group(group: Group, look: Look, letters: layout.Letters) -> str:
    colour = MARKS.families[group.family].light
    inner = (
        f"<title>{escape(group.label)}</title>"
        f'<circle class="group {group.family}" cx="{number(group.x)}" cy="{number(group.y)}" r="10" fill="{PAPER}" '
        f'stroke="{colour}" stroke-width="1.4" stroke-dasharray="3 2"/>'
        f'<text x="{number(group.x)}" y="{number(group.y + 3.4)}" font-size="9.5" font-weight="600" '
        f'text-anchor="middle" fill="{colour}" class="{group.family}-text">+{group.count}</text> '
    )
    lines = layout.label_lines(group, letters)
    inner += _label(group.x, _top(group, 14, lines, letters), lines, letters, 400, False, QUIET, "quiet")
    # a link's name holds the words that are seen, "+6" among them
    shown = f"+{group.count} {' '.join(lines)}"
    name = shown if shown.endswith(group.label) else f"{shown}: {group.label}"
    return _linked(look.group(group.id), f'<g class="fold">{inner}</g>', name)


def _top(item: Node | Group, away: float, lines: list[str], letters: layout.Letters) -> float:
    """Where a label begins: `away` below the middle of its mark, or ending as far above it."""
    return item.y - away - letters.line * len(lines) + 1 if item.above else item.y + away


def _label(
    x: float,
    y: float,
    lines: list[str],
    letters: layout.Letters,
    weight: int,
    pale: bool,
    colour: str = INK,
    name: str = "label",
) -> str:
    slant = ' font-style="italic"' if pale else ""
    rows = " ".join(
        f'<tspan x="{number(x)}" y="{number(y + letters.line * (turn + 0.72))}">{escape(line)}</tspan>'
        for turn, line in enumerate(lines)
    )
    return (
        f'<text class="{name}" text-anchor="middle" fill="{QUIET if pale else colour}" font-weight="{weight}"{slant} '
        f'stroke="{PAPER}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">{rows}</text>'
    )


def legend(scene: Scene, lang: str, left: float, top: float, right: float) -> tuple[str, float]:
    """The signs that a drawing uses, in rows from `top`; returns them and where they end."""
    families: list[Family] = [one for one in FAMILIES if any(edge.family == one for edge in scene.edges)]
    kinds: list[Kind] = [one for one in KINDS if any(node.kind == one for node in scene.nodes)]
    x, y, parts = left, top, []
    for family in families:
        mark = MARKS.families[family]
        name = words.FAMILY[lang][family]
        wide = 34 + text.width(name, 11.5) + 18
        if x + wide > right and x > left:
            x, y = left, y + 20
        dash = f' stroke-dasharray="{" ".join(map(str, mark.dash))}"' if mark.dash else ""
        parts.append(
            f'<path d="M{number(x)} {number(y)}h28" fill="none" stroke="{mark.light}" '
            f'stroke-width="{mark.width}"{dash}/>'
            f'<text x="{number(x + 34)}" y="{number(y + 4)}" font-size="11.5" fill="{INK}">{escape(name)}</text>'
        )
        x += wide
    x, y = left, y + 22
    for kind in kinds:
        name = words.KIND[lang][kind][0]
        name = name[0].upper() + name[1:]
        wide = 20 + text.width(name, 11.5) + 18
        if x + wide > right and x > left:
            x, y = left, y + 20
        parts.append(
            f'<path d="{outline(kind, 6)}" transform="translate({number(x + 7)} {number(y)})" fill="{PAPER}" '
            f'stroke="{INK}" stroke-width="1.2"/>'
            f'<text x="{number(x + 20)}" y="{number(y + 4)}" font-size="11.5" fill="{INK}">{escape(name)}</text>'
        )
        x += wide
    return "".join(parts), y + 16


def picture(scene: Scene, source: str, least: float = 640) -> str:
    """A whole picture for an article: caption above, drawing, legend, and the source line with its date in it. It is at
    least `least` pixels wide, and some margin."""
    left, top, right, bottom = layout.bounds(scene)
    left, right = min(left, right - least) - 20, right + 20
    heading = text.wrap(scene.caption, 17, right - left - 8, 600)
    head = 30 + 23 * len(heading)
    signs, end = legend(scene, scene.lang, left + 4, bottom + 30, right)
    credit = text.wrap(source, 11, right - left - 8)
    foot = end + 18 + 15 * len(credit)
    y0, high = top - head, foot - (top - head)
    rows = "".join(
        f'<text x="{number(left + 4)}" y="{number(y0 + 28 + 23 * turn)}" font-size="17" font-weight="600" '
        f'fill="{INK}"{text.fitted(line, 17, 600)}>{escape(line)}</text>'
        for turn, line in enumerate(heading)
    )
    lines = "".join(
        f'<text x="{number(left + 4)}" y="{number(end + 16 + 15 * turn)}" font-size="11" fill="{QUIET}"'
        f"{text.fitted(line, 11)}>{escape(line)}</text>"
        for turn, line in enumerate(credit)
    )
    wide = right - left
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{number(left)} {number(y0)} {number(wide)} {number(high)}" '
        f'width="{number(wide)}" height="{number(high)}" role="img" aria-labelledby="picture-title picture-source" '
        f'font-family="{escape(_FONT)}" font-size="{_size(scene)}" xml:lang="{scene.lang}">'
        f'<title id="picture-title">{escape(scene.caption)}</title><desc id="picture-source">{escape(source)}</desc>'
        f'<rect x="{number(left)}" y="{number(y0)}" width="{number(wide)}" height="{number(high)}" fill="{PAPER}"/>'
        f"{rows}{body(scene, Look())}{signs}"
        f'<path d="M{number(left + 4)} {number(end)}H{number(right - 4)}" stroke="{RULE}"/>{lines}</svg>\n'
    )
