"""What two or three nodes have in common and what not: commitments, monitoring, partners, projects.

A row is a node that at least one of them is linked to, with the lines of each; it is shared when all of them are
linked to it. Between themselves they have the links of `direct`. To be bound by a treaty and to have signed it only are
both commitments; the line says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from graph.read.index import NetworkIndex, Node
from graph.read.network import Filter, Shown

Section = Literal["commitments", "monitoring", "memberships", "projects", "partners", "texts"]
#: In the order in which a reader is told about them.
SECTIONS: Final[tuple[Section, ...]] = ("commitments", "monitoring", "memberships", "projects", "partners", "texts")
#: How many nodes can be compared side by side.
FEWEST, MOST = 2, 3


@dataclass(frozen=True, slots=True)
class Row:
    """One node and the lines that link each compared node to it, in the order asked; empty where there is none."""

    node: Node
    lines: tuple[tuple[Shown, ...], ...]

    @property
    def shared(self) -> bool:
        """Whether every compared node is linked to it."""
        return all(self.lines)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The compared nodes, the lines between them, and the rows of each section: shared ones first, then by how many
    nodes the row's own is linked to."""

    nodes: tuple[Node, ...]
    direct: tuple[Shown, ...]
    sections: dict[Section, tuple[Row, ...]]


def compare(index: NetworkIndex, numbers: Sequence[int], only: Filter | None = None) -> Comparison:
    """Compare two or three different nodes. Raises :class:`ValueError` for another number of them."""
    if not FEWEST <= len(set(numbers)) == len(numbers) <= MOST:
        raise ValueError(f"{FEWEST} or {MOST} different nodes are needed, got {len(numbers)}")
    only = only or Filter()
    found: dict[tuple[Section, int], list[list[Shown]]] = {}
    direct: dict[int, Shown] = {}
    for column, number in enumerate(numbers):
        for other, link in index.neighbours(number):
            line = only.link(index, link)
            if line is None or not only.node(index.nodes[other]):
                continue
            if other in numbers:
                direct[link.number] = line
                continue
            key = _section(index, other, line), other
            found.setdefault(key, [[] for _ in numbers])[column].append(line)
    sections: dict[Section, tuple[Row, ...]] = {}
    for section in SECTIONS:
        rows = [
            Row(index.nodes[other], tuple(tuple(sorted(lines, key=lambda one: one.link)) for lines in columns))
            for (name, other), columns in found.items()
            if name == section
        ]
        rows.sort(key=lambda row: (-sum(map(bool, row.lines)), -index.degree[row.node.number], row.node.id))
        sections[section] = tuple(rows)
    nodes = tuple(index.nodes[number] for number in numbers)
    return Comparison(nodes, tuple(direct[number] for number in sorted(direct)), sections)


def _section(index: NetworkIndex, other: int, line: Shown) -> Section:
    node, edge = index.nodes[other], index.edges[line.edge]
    if edge.kind in ("PartyStatus", "TreatyAction"):
        return "commitments"
    if node.group == "Project":
        return "projects"
    if edge.family == "monitoring":
        return "monitoring"
    if node.group in ("Instrument", "Judgment"):
        return "texts"
    return "memberships" if edge.predicate in ("memberOf", "partOf", "participatesIn") else "partners"
