"""Views of the network: which links hold on a day, which statement stands for each, and what is folded away.

Default edges. A view draws one line per :class:`graph.read.index.Link`. Of the statements of one party and one treaty
the party status stands for the link while it holds or may hold; otherwise a denunciation that has happened, otherwise
a signature that has not led to it. Of a monitor and a state it is the monitoring mandate, with visits and reports
behind it. `every=True` draws each statement.

Folding. Neighbours of one node that share predicate, direction and kind are one group. Small groups are shown; of
larger ones the members that are linked to most, as room allows; the rest is one counted group, which can be opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from graph.read.dates import Validity, valid
from graph.read.index import STATEMENTS, Edge, Link, NetworkIndex, Node

#: Holds for certain, or may hold because a day is not known. What certainly does not hold is not in a view.
Standing = Literal["valid", "unknown"]

#: Of a group at most this many members are shown unless it is opened.
FOLD_OVER: Final = 8
#: A group larger than this is shown as a number only: a handful of its members would look like a choice.
FOLD_WHOLE: Final = 30
#: A view has at most this many nodes unless groups are opened.
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
class Fold:
    """Neighbours of `node` shown as one counted group. `outgoing` tells whether `node` is the subject.

    `id` names the group in an address, so that it can be opened: `cets-197~partyTo~in~State`.
    """

    id: str
    node: int
    predicate: str
    family: str
    outgoing: bool
    kind: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A part of the network: nodes by number with their distance from the focus, lines, folded groups."""

    as_of: date | None
    nodes: tuple[tuple[int, int], ...]
    edges: tuple[Shown, ...]
    folds: tuple[Fold, ...]


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


def fold_id(index: NetworkIndex, node: int, edge: Edge, kind: str) -> str:
    """The name of the group of neighbours that `edge` belongs to, seen from `node`."""
    side = "out" if edge.subject == node else "in"
    return f"{index.nodes[node].id}~{edge.predicate}~{side if edge.directed else 'both'}~{kind}"


def groups(index: NetworkIndex, node: int, only: Filter) -> dict[str, Fold]:
    """Neighbours of a node by predicate, direction and kind; a neighbour of two links is in two groups."""
    members: dict[str, list[int]] = defaultdict(list)
    sample: dict[str, tuple[Edge, str]] = {}
    for other, link in index.neighbours(node):
        if not only.node(index.nodes[other]):
            continue
        line = only.link(index, link)
        if line is None:
            continue
        edge, kind = index.edges[line.edge], index.nodes[other].kind
        name = fold_id(index, node, edge, kind)
        members[name].append(other)
        sample[name] = edge, kind
    return {
        name: Fold(
            name, node, edge.predicate, edge.family, edge.subject == node, kind, tuple(sorted(set(members[name])))
        )
        for name, (edge, kind) in sorted(sample.items())
    }


def network(
    index: NetworkIndex,
    focus: Iterable[int],
    depth: int = 1,
    only: Filter | None = None,
    *,
    opened: Collection[str] = (),
    fold_over: int = FOLD_OVER,
    max_nodes: int = MAX_NODES,
    every: bool = False,
) -> View:
    """The neighbourhood of one or several nodes, with every link among the nodes that are shown.

    Nodes come in rounds of distance. In each round every group gives its most linked member first, then every group
    its second, until `max_nodes` are there; so what is rare stands beside what is big. Groups in `opened` come whole.
    """
    only = only or Filter()
    distance = dict.fromkeys(focus, 0)
    met: dict[str, Fold] = {}
    frontier = list(distance)
    for step in range(1, depth + 1):
        turns: list[tuple[bool, int, int, str, int]] = []
        for node in frontier:
            for group in groups(index, node, only).values():
                met[group.id] = group
                open_ = group.id in opened
                members = sorted(group.members, key=lambda one: (-index.degree[one], one))
                if not open_ and len(members) > FOLD_WHOLE:
                    continue
                for turn, member in enumerate(members if open_ else members[:fold_over]):
                    turns.append((not open_, turn, -index.degree[member], group.id, member))
        frontier = []
        for closed, _, _, _, member in sorted(turns):
            if member not in distance and (not closed or len(distance) < max_nodes):
                distance[member] = step
                frontier.append(member)
    folds = []
    for group in met.values():
        rest = tuple(one for one in group.members if one not in distance)
        if rest:
            folds.append(replace(group, members=rest))
    nodes = tuple(sorted(distance.items(), key=lambda one: (one[1], one[0])))
    return View(only.as_of, nodes, tuple(_among(index, distance, only, every)), tuple(folds))


def whole(index: NetworkIndex, only: Filter | None = None, *, every: bool = False) -> View:
    """The whole network, without folding; nodes without a link in the view stay in it."""
    only = only or Filter()
    nodes = {node.number: 0 for node in index.nodes if only.node(node)}
    return View(only.as_of, tuple(nodes.items()), tuple(_among(index, nodes, only, every)), ())


def _among(index: NetworkIndex, nodes: Collection[int], only: Filter, every: bool) -> Iterator[Shown]:
    numbers = sorted({one for node in nodes for one in index.incident[node]})
    for number in numbers:
        link = index.links[number]
        if link.a in nodes and link.b in nodes:
            line = only.link(index, link)
            if line is not None:
                yield from statements(index, link, only.as_of) if every else (line,)
