"""Views of the network: which links hold on a day, and which statement stands for each.

Default edges. A view draws one line per :class:`graph.read.index.Link`. Of the statements of one party and one treaty
the party status stands for the link while it holds or may hold; otherwise a denunciation that has happened, otherwise
a signature that has not led to it. Of a monitor and a state it is the monitoring mandate, with visits and reports
behind it. `every=True` draws each statement.

What is folded away and how it is drawn is not decided here but in `viz`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from graph.read.dates import Validity, valid
from graph.read.index import STATEMENTS, Edge, Link, NetworkIndex, Node

#: Holds for certain, or may hold because a day is not known. What certainly does not hold is not in a view.
Standing = Literal["valid", "unknown"]

#: A neighbourhood has at most this many nodes unless the caller says otherwise.
MAX_NODES: Final = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a view: the edge that stands for a link, whether that is certain, and how many statements of the link
    hold or may hold on the day, itself included."""

    link: int
    edge: int
    standing: Standing
    statements: int


@dataclass(frozen=True, slots=True)
class View:
    """A part of the network: nodes by number with their distance from the focus, and lines.

    `more` counts the neighbours within the depth that had no room.
    """

    as_of: date | None
    nodes: tuple[tuple[int, int], ...]
    edges: tuple[Shown, ...]
    more: int


def exists(node: Node, on: date | None) -> bool:
    """False where the node certainly does not exist on the day: not yet established, or already ended."""
    return on is None or valid(on, node.start, node.end) is not Validity.NO


def standing(index: NetworkIndex, edge: Edge, on: date | None) -> Standing | None:
    """Whether a statement holds on a day by :func:`graph.read.dates.valid`; None where it certainly does not.

    What may hold does not where one of its ends certainly does not exist on the day. Without a day asked, everything
    dated is valid.
    """
    if on is None:
        return "valid" if edge.start or edge.known_by else "unknown"
    match valid(on, edge.start, edge.end, edge.known_by):
        case Validity.YES if edge.end is None and edge.end_known_by is not None:
            # It ended on a day that nobody states: until it is known to have, it may hold.
            return "unknown" if on < edge.end_known_by else None
        case Validity.YES:
            return "valid"
        case Validity.NO:
            return None
    ends = index.nodes[edge.subject], index.nodes[edge.object]
    return "unknown" if all(exists(node, on) for node in ends) else None


def shown(index: NetworkIndex, link: Link, on: date | None = None) -> Shown | None:
    """The edge that stands for a link on a day, or None where no statement of it holds or may hold."""
    best: tuple[int, bool, int] | None = None
    chosen: tuple[int, Standing] | None = None
    count = 0
    for position, number in enumerate(link.edges):
        edge = index.edges[number]
        state = standing(index, edge, on)
        if state is None:
            continue
        count += 1
        key = STATEMENTS.index(edge.kind), state == "unknown", position
        if best is None or key < best:
            best, chosen = key, (number, state)
    return None if chosen is None else Shown(link.number, chosen[0], chosen[1], count)


def statements(index: NetworkIndex, link: Link, on: date | None = None) -> Iterator[Shown]:
    """Every statement of a link that holds or may hold, as a line of its own."""
    for number in link.edges:
        state = standing(index, index.edges[number], on)
        if state is not None:
            yield Shown(link.number, number, state, 1)


@dataclass(frozen=True)
class Filter:
    """What a view is restricted to. Empty `families` or `kinds` mean all; `kinds` may name classes or groups."""

    families: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    as_of: date | None = None

    def link(self, index: NetworkIndex, link: Link) -> Shown | None:
        """The line of a link in this view, or None."""
        if self.families and link.family not in self.families:
            return None
        return shown(index, link, self.as_of)

    def node(self, node: Node) -> bool:
        """Whether a node may be in this view."""
        if self.kinds and node.kind not in self.kinds and node.group not in self.kinds:
            return False
        return exists(node, self.as_of)


def around(
    index: NetworkIndex,
    focus: Iterable[int],
    depth: int = 1,
    only: Filter | None = None,
    *,
    most: int = MAX_NODES,
    every: bool = False,
) -> View:
    """The neighbourhood of one or several nodes, with every link among the nodes that are there.

    Nodes come in rounds of distance, at most `most` of them. In each round every group of neighbours (one relation, one
    direction, one kind of node) gives its most linked member first, then every group its second; so what is rare
    stands beside what is big.
    """
    only = only or Filter()
    distance = dict.fromkeys(focus, 0)
    left: set[int] = set()
    frontier = list(distance)
    for step in range(1, depth + 1):
        turns: list[tuple[int, int, str, int]] = []
        for node in frontier:
            for members in _groups(index, node, only):
                turns += [
                    (turn, -index.degree[one], index.nodes[one].id, one)
                    for turn, one in enumerate(sorted(members, key=lambda one: (-index.degree[one], one)))
                ]
        frontier = []
        for _, _, _, member in sorted(turns):
            if member in distance:
                continue
            if len(distance) < most:
                distance[member] = step
                frontier.append(member)
            else:
                left.add(member)
    nodes = tuple(sorted(distance.items(), key=lambda one: (one[1], one[0])))
    return View(only.as_of, nodes, tuple(_among(index, distance, only, every)), len(left - distance.keys()))


def _groups(index: NetworkIndex, node: int, only: Filter) -> list[set[int]]:
    """Neighbours of a node by relation, direction and kind."""
    found: dict[tuple[str, bool, str], set[int]] = defaultdict(set)
    for other, link in index.neighbours(node):
        if only.node(index.nodes[other]) and (line := only.link(index, link)) is not None:
            edge = index.edges[line.edge]
            found[edge.predicate, edge.subject == node, index.nodes[other].kind].add(other)
    return list(found.values())


def whole(index: NetworkIndex, only: Filter | None = None, *, every: bool = False) -> View:
    """The whole network. Nodes without a link stay in it, unless only some families are asked for: there they would
    say nothing."""
    only = only or Filter()
    nodes = {node.number: 0 for node in index.nodes if only.node(node)}
    lines = tuple(_among(index, nodes, only, every))
    if only.families:
        linked = {end for line in lines for end in (index.links[line.link].a, index.links[line.link].b)}
        nodes = {number: 0 for number in nodes if number in linked}
    return View(only.as_of, tuple(nodes.items()), lines, 0)


def _among(index: NetworkIndex, nodes: Collection[int], only: Filter, every: bool) -> Iterator[Shown]:
    numbers = sorted({one for node in nodes for one in index.incident[node]})
    for number in numbers:
        link = index.links[number]
        if link.a in nodes and link.b in nodes:
            line = only.link(index, link)
            if line is not None:
                yield from statements(index, link, only.as_of) if every else (line,)
