"""Positions: deterministic, and for small views aware of labels, so that no two of them overlap.

Small views (ego networks, paths, comparisons) are placed on a canvas of a given size: a spring model gives the shape,
then :mod:`viz.settle` finds a place for every box of mark and label where none overlaps another and few lines run
through it, with the label below the mark or above. Larger ones are only pushed apart. The whole network is placed once
per release by :func:`whole`. Nothing here reads a clock or an unseeded random number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from viz import text
from viz.marks import MARKS
from viz.scene import FAMILIES, HEIGHT, KINDS, WIDTH, Group, Node, Scene
from viz.settle import Box, Line, settle
from viz.state import State

if TYPE_CHECKING:
    import networkx as nx
else:
    from graph import networks as nx

Points = NDArray[np.float64]

#: Width and height of a canvas in pixels.
Size = tuple[int, int]

#: Size of labels in pixels of the nominal canvas, and the width at which they are broken into lines.
LABEL: Final = 12.5
LABEL_WIDTH: Final = 118.0
LINE: Final = 15.0
#: Below this width of a canvas, a phone's, labels are smaller and narrower and may stand nearer (`stage.ts` draws so).
NARROW: Final = 560
#: Free pixels that are kept around every box, and from the edge of the canvas.
GAP: Final = 7.0
MARGIN: Final = 14.0
SEED: Final = 197
_STEPS: Final = 260
_PUSHES: Final = 400
#: How often a larger canvas is tried, each an eighth wider and higher than the last.
_LARGER: Final = 6
#: With more boxes than this they are only pushed apart: settling costs boxes times lines times places.
_SETTLED: Final = 72
#: With more lines than this, those that do not touch a focus are drawn fainter (`svg.py` and `drawn.ts` do so).
DENSE: Final = 45
_GOLDEN: Final = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True)
class Letters:
    """How labels are set: their size, the width of their lines, the height of one, the room around them; pixels."""

    size: float = LABEL
    widest: float = LABEL_WIDTH
    line: float = LINE
    gap: float = GAP


_PAGE: Final = Letters()
_PHONE: Final = Letters(11.0, 84.0, 13.2, 2.0)


def letters_on(width: float) -> Letters:
    """How labels are set on a canvas of so many pixels."""
    return _PHONE if width < NARROW else _PAGE


def box(node: Node | Group, letters: Letters = _PAGE) -> Box:
    """The room that a node or a folded group takes on the drawing, with its label below."""
    mark = mark_size(node)
    widest = max(text.width(line, letters.size, _weight(node)) for line in label_lines(node, letters))
    gap = letters.gap
    high = letters.line * len(label_lines(node, letters))
    return Box(max(widest / 2, mark) + gap, mark + gap, mark + 3 + high + gap, gap)


def mark_size(node: Node | Group) -> float:
    """Half the height of a mark with its outline, in pixels."""
    if isinstance(node, Group):
        return 11.0
    return MARKS.kinds[node.kind].size * (1.6 if node.focus else 1.1) + 0.8


def label_lines(node: Node | Group, letters: Letters = _PAGE) -> list[str]:
    """The lines of a label as they are drawn."""
    return text.wrap(node.label, letters.size, letters.widest, _weight(node))


def _weight(node: Node | Group) -> int:
    return 600 if isinstance(node, Node) and node.focus else 400


def reach(node: Node | Group, letters: Letters = _PAGE) -> tuple[float, float]:
    """How far mark and label go up and down from the mark's centre, with the free pixels around them."""
    room = box(node, letters)
    return (room.below, room.above) if node.above else (room.above, room.below)


def place(scene: Scene, state: State, size: Size = (WIDTH, HEIGHT)) -> Scene:
    """A small scene with positions on a canvas of that size; pinned nodes stand where the state says."""
    items: list[Node | Group] = [*scene.nodes, *scene.groups]
    if not items:
        return scene
    number = {item.id: position for position, item in enumerate(items)}
    pairs = {(number[edge.source], number[edge.target]) for edge in scene.edges}
    pairs |= {(number[group.node], number[group.id]) for group in scene.groups}
    focus = [number[node.id] for node in scene.nodes if node.focus]
    fixed = {
        number[pin.id]: (pin.x * size[0] / WIDTH, pin.y * size[1] / HEIGHT) for pin in state.pin if pin.id in number
    }
    points = _start(items, focus, _leading(scene, number), size)
    if state.show == "path" and len(focus) == 2:
        points = _columns(len(items), pairs, focus, size)
    elif state.layout == "map":
        points = _spring(points, sorted(pairs), focus, size)
    for one, point in fixed.items():
        points[one] = point
    # what stands still while the rest is pushed: what the reader pinned, and a single focus in the middle
    still = set(fixed) | ({focus[0]} if len(focus) == 1 else set())
    letters = letters_on(size[0])
    boxes = [box(item, letters) for item in items]
    if len(items) > _SETTLED:
        points, up = _apart(points, boxes, still, size), np.zeros(len(items), dtype=np.bool_)
    else:
        points, up = _settled(points, boxes, _drawn(scene, number), still, size)

    def placed(at: int) -> tuple[float, float, bool]:
        return round(float(points[at][0]), 1), round(float(points[at][1]), 1), bool(up[at])

    nodes = []
    for at, node in enumerate(scene.nodes):
        x, y, above = placed(at)
        nodes.append(replace(node, x=x, y=y, above=above, pinned=at in fixed))
    groups = []
    for at, group in enumerate(scene.groups, len(scene.nodes)):
        x, y, above = placed(at)
        groups.append(replace(group, x=x, y=y, above=above))
    done = replace(scene, nodes=tuple(nodes), groups=tuple(groups), width=size[0], height=size[1])
    return replace(done, bounds=bounds(done))


def bounds(scene: Scene) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of everything drawn, labels and the free pixels around them among it."""
    letters = letters_on(scene.width)
    items: list[Node | Group] = [*scene.nodes, *scene.groups]
    if not items:
        return 0.0, 0.0, 200.0, 100.0
    rooms = [(item, box(item, letters).half, *reach(item, letters)) for item in items]
    return (
        round(min(item.x - half for item, half, _, _ in rooms), 1),
        round(min(item.y - above for item, _, above, _ in rooms), 1),
        round(max(item.x + half for item, half, _, _ in rooms), 1),
        round(max(item.y + below for item, _, _, below in rooms), 1),
    )


def _drawn(scene: Scene, number: dict[str, int]) -> list[Line]:
    """The lines of a drawing, each pair once, and how strongly they are drawn."""
    leading = [edge for edge in scene.edges if edge.leads and edge.source != edge.target]
    focus = {node.id for node in scene.nodes if node.focus}
    strong: dict[tuple[int, int], float] = {}
    for edge in leading:
        a, b = sorted((number[edge.source], number[edge.target]))
        behind = len(leading) > DENSE and not {edge.source, edge.target} & focus
        strong[a, b] = max(strong.get((a, b), 0.0), 0.4 if behind else 1.0)
    for group in scene.groups:
        strong[number[group.node], number[group.id]] = 0.45
    return [Line(a, b, weight) for (a, b), weight in sorted(strong.items())]


def _settled(
    points: Points, boxes: Sequence[Box], lines: Sequence[Line], still: set[int], size: Size
) -> tuple[Points, NDArray[np.bool_]]:
    """Settle boxes within the canvas where it has room, else on a larger one."""
    middle = np.array([size[0] / 2, size[1] / 2])
    corner = middle - (2.0 if size[0] < NARROW else MARGIN / 2)
    movable = np.array([one not in still for one in range(len(boxes))])[:, None]
    found = settle(points, boxes, lines, still, middle - corner, middle + corner)
    more = 1.0
    # a second look from where the first one ended often finds room on the same canvas, or a look at it mirrored
    for step in (1.0, -1.0, 1.0, *[1.07] * _LARGER):
        if found.clear:
            break
        more *= abs(step)
        start = np.where(movable, middle + (found.at - middle) * step, found.at)
        found = settle(start, boxes, lines, still, middle - corner * more, middle + corner * more)
    return found.at, found.up


def _leading(scene: Scene, number: dict[str, int]) -> dict[int, int]:
    """The family by which each item is first tied to the rest: neighbours of one family stand side by side."""
    found: dict[int, int] = {}
    focus = {node.id for node in scene.nodes if node.focus}
    for edge in sorted(scene.edges, key=lambda one: not ({one.source, one.target} & focus)):
        for end in (edge.source, edge.target):
            found.setdefault(number[end], FAMILIES.index(edge.family))
    for group in scene.groups:
        found[number[group.id]] = FAMILIES.index(group.family)
    return found


def _start(items: Sequence[Node | Group], focus: Sequence[int], family: dict[int, int], size: Size) -> Points:
    """Focus in the middle, the others on two ellipses around it, sorted by family and kind: also the layout `rings`."""
    wide, high = size
    points = np.zeros((len(items), 2))
    middle = np.array([wide / 2, high / 2])
    for turn, one in enumerate(focus):
        angle = 2 * math.pi * turn / len(focus)
        spread = 0 if len(focus) == 1 else 150
        points[one] = middle + spread * np.array([math.cos(angle), math.sin(angle)])
    rest = [one for one in range(len(items)) if one not in set(focus)]
    rest.sort(key=lambda one: (family.get(one, len(FAMILIES)), KINDS.index(items[one].kind), items[one].id))
    for turn, one in enumerate(rest):
        angle = 2 * math.pi * turn / max(1, len(rest)) - math.pi / 2
        far = 1.0 if turn % 2 else 0.62
        points[one] = middle + far * np.array([wide * 0.43 * math.cos(angle), high * 0.43 * math.sin(angle)])
    return points


def _columns(count: int, pairs: set[tuple[int, int]], focus: Sequence[int], size: Size) -> Points:
    """A path: from on the left, to on the right, between them by distance from the left."""
    wide, high = size
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(pairs)
    left, right = focus
    away = nx.single_source_shortest_path_length(graph, left)
    back = nx.single_source_shortest_path_length(graph, right)
    points = np.zeros((count, 2))
    columns: dict[float, list[int]] = {}
    for one in range(count):
        a, b = away.get(one, 1), back.get(one, 1)
        share = 0.0 if one == left else 1.0 if one == right else min(0.85, max(0.15, a / max(1, a + b)))
        columns.setdefault(round(share, 2), []).append(one)
    for share, members in columns.items():
        for turn, one in enumerate(members):
            points[one] = (90 + share * (wide - 180), high * (turn + 1) / (len(members) + 1))
    return points


def _spring(points: Points, pairs: list[tuple[int, int]], focus: Sequence[int], size: Size) -> Points:
    """Fruchterman and Reingold's model from a given start, cooling to rest; the axes are scaled to the canvas."""
    wide, high = size
    count = len(points)
    scale = np.array([wide, high], dtype=np.float64)
    at = points / scale * np.array([wide / high, 1.0])
    ideal = 0.9 * math.sqrt((wide / high) / max(count, 1))
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    middle = np.array([wide / high / 2, 0.5])
    hold = focus[0] if len(focus) == 1 else None
    # a focus needs room around it for all the lines that meet there
    weight = np.ones(count)
    weight[list(focus)] = 3.0
    for step in range(_STEPS):
        apart = at[:, None, :] - at[None, :, :]
        squared = np.maximum((apart**2).sum(axis=2), 1e-4)
        force = (apart * (ideal**2 / squared * weight)[:, :, None]).sum(axis=1)
        if len(ends):
            along = at[ends[:, 0]] - at[ends[:, 1]]
            pull = along * (np.sqrt((along**2).sum(axis=1)) / ideal * 0.35)[:, None]
            np.add.at(force, ends[:, 0], -pull)
            np.add.at(force, ends[:, 1], pull)
        force -= (at - middle) * 0.9
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        heat = 0.06 * (1 - step / _STEPS)
        at = at + force / length[:, None] * np.minimum(length, heat)[:, None]
        if hold is not None:
            at[hold] = middle
    low, high = at.min(axis=0), at.max(axis=0)
    span = np.maximum(high - low, 1e-9)
    if hold is not None:
        span = np.maximum(2 * np.maximum(high - middle, middle - low), 1e-9)
        low = middle - span / 2
    border = np.array([80.0, 55.0])
    placed: Points = border + (at - low) / span * (scale - 2 * border)
    return placed


def _apart(points: Points, boxes: Sequence[Box], still: set[int], size: Size) -> Points:
    """Push boxes apart until none overlaps: within the canvas where it has room, else on a larger one."""
    at, more = points, 1.0
    for _ in range(_LARGER):
        at, done = _pushed(points, boxes, still, size, more)
        if done:
            break
        more *= 1.12
    return at


def _pushed(points: Points, boxes: Sequence[Box], still: set[int], size: Size, more: float) -> tuple[Points, bool]:
    """One try on a canvas `more` times as wide and high; whether no two boxes overlap in the end.

    Two boxes part along the shorter way. What stands still does not move; the other then goes the whole way.
    """
    wide, high = size
    at = points.copy()
    count = len(at)
    half = np.array([one.half for one in boxes])
    above = np.array([one.above for one in boxes])
    below = np.array([one.below for one in boxes])
    room = float((2 * half * (above + below)).sum())
    grow = max(1.0, math.sqrt(room / (0.62 * wide * high))) * more
    middle = np.array([wide / 2, high / 2])
    movable = np.ones(count)
    movable[list(still)] = 0.0
    if grow > 1.0:
        at = np.where(movable[:, None] > 0, middle + (at - middle) * grow, at)
    floor = middle - np.array([wide, high]) / 2 * grow + MARGIN
    ceiling = middle + np.array([wide, high]) / 2 * grow - MARGIN
    centre = (below - above) / 2
    tall = (above + below) / 2
    for _ in range(_PUSHES):
        x, y = at[:, 0], at[:, 1] + centre
        over_x = half[:, None] + half[None, :] - np.abs(x[:, None] - x[None, :])
        over_y = tall[:, None] + tall[None, :] - np.abs(y[:, None] - y[None, :])
        touching = (over_x > 0.01) & (over_y > 0.01)
        np.fill_diagonal(touching, False)
        if not touching.any():
            return at, True
        # two boxes on the very same spot are told apart by their number
        order = np.sign(np.arange(count)[:, None] - np.arange(count)[None, :])
        side_x = np.where(x[:, None] == x[None, :], order, np.sign(x[:, None] - x[None, :]))
        side_y = np.where(y[:, None] == y[None, :], order, np.sign(y[:, None] - y[None, :]))
        # the other one stands still: take the whole way, else half of it
        share = np.where(movable[None, :] > 0, 0.5, 1.0)
        across = touching & (over_x < over_y * 1.5)
        push_x = np.where(across, over_x * side_x * share, 0.0).sum(axis=1)
        push_y = np.where(touching & ~across, over_y * side_y * share, 0.0).sum(axis=1)
        at[:, 0] += movable * np.clip(push_x, -24, 24) * 0.6
        at[:, 1] += movable * np.clip(push_y, -24, 24) * 0.6
        at[:, 0] = np.where(movable > 0, np.clip(at[:, 0], floor[0] + half, ceiling[0] - half), at[:, 0])
        at[:, 1] = np.where(movable > 0, np.clip(at[:, 1], floor[1] + above, ceiling[1] - below), at[:, 1])
    return at, False


def overlaps(scene: Scene) -> list[tuple[str, str]]:
    """Pairs whose marks or labels overlap on the drawing: what a test wants to be empty."""
    items: list[Node | Group] = [*scene.nodes, *scene.groups]
    letters = letters_on(scene.width)
    found = []
    for turn, one in enumerate(items):
        up, down = reach(one, letters)
        for other in items[turn + 1 :]:
            above, below = reach(other, letters)
            gap = 2 * letters.gap
            wide = box(one, letters).half + box(other, letters).half - gap - abs(one.x - other.x) > 0
            if wide and one.y + down > other.y - above + gap and other.y + below > one.y - up + gap:
                found.append((one.id, other.id))
    return found


def whole(count: int, pairs: Sequence[tuple[int, int]], seed: int = SEED) -> list[tuple[int, int]]:
    """Positions of a whole network in whole pixels around the nominal canvas's middle: ForceAtlas2, seeded.

    It starts on a sunflower spiral, so that the order of nodes decides and no random number does. A link of two busy
    nodes pulls less than one of two quiet ones: what is particular is drawn together, not what is bound by the same
    treaties. Nodes outside the largest component stand in rows below it.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(pairs)
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    if not parts:
        return []
    main = sorted(parts[0])
    weighed: nx.Graph[int] = nx.Graph()
    weighed.add_nodes_from(main)
    for a, b in sorted({(min(pair), max(pair)) for pair in pairs}):
        if a in parts[0]:
            weighed.add_edge(a, b, weight=1 / math.sqrt(min(graph.degree[a], graph.degree[b])))
    start: dict[int, Any] = {
        node: [10 * math.sqrt(turn + 1) * f(turn * _GOLDEN) for f in (math.cos, math.sin)]
        for turn, node in enumerate(main)
    }
    found = start
    if len(main) > 1:
        found = nx.forceatlas2_layout(
            weighed,
            start,
            max_iter=200,
            scaling_ratio=12.0,
            gravity=0.02,
            strong_gravity=True,
            weight="weight",
            seed=seed,
        )
    at = np.array([found[node] for node in main]).reshape(-1, 2)
    at = at - np.median(at, axis=0)
    reach = max(1e-9, float(np.percentile(np.abs(at), 97)))
    # the few that fly far out are drawn in, so that the rest is not a dot in the middle
    ratio = np.abs(at) / reach
    at = np.sign(at) * np.minimum(ratio, 1.0 + np.log1p(np.maximum(ratio - 1.0, 0.0)) * 0.4) * 1600
    placed = {node: (float(x), float(y)) for node, (x, y) in zip(main, at, strict=True)}
    floor = float(at[:, 1].max()) + 200
    for turn, node in enumerate(node for part in parts[1:] for node in sorted(part)):
        placed[node] = (-1500 + 250 * (turn % 13), floor + 160 * (turn // 13))
    return [(round(placed[node][0] + WIDTH / 2), round(placed[node][1] + HEIGHT / 2)) for node in range(count)]
