"""Everything one node is linked to: counted by family and relation, and paged within each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from graph.read.index import FAMILIES, NetworkIndex, Node
from graph.read.network import Filter, Shown


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node at the other end of a link, and the line of that link."""

    node: Node
    line: Shown


@dataclass(frozen=True, slots=True)
class Tally:
    """How many links of one relation a node has, seen from it: `outgoing` when it is the subject."""

    family: str
    predicate: str
    outgoing: bool
    links: int
    unknown: int


def neighbours(index: NetworkIndex, node: int, only: Filter | None = None) -> list[Neighbour]:
    """Every neighbour of a node, one item per link: by family, relation and direction, the most linked nodes first."""
    only = only or Filter()
    found = []
    for other, link in index.neighbours(node):
        line = only.link(index, link)
        if line is not None and only.node(index.nodes[other]):
            found.append(Neighbour(index.nodes[other], line))

    def order(one: Neighbour) -> tuple[int, str, bool, int, str, str]:
        edge = index.edges[one.line.edge]
        family = FAMILIES.index(edge.family)
        number = one.node.number
        return family, edge.predicate, edge.subject != node, -index.degree[number], one.node.id, edge.iri

    return sorted(found, key=order)


def tally(index: NetworkIndex, node: int, found: list[Neighbour]) -> list[Tally]:
    """Counts of the neighbours of a node by relation and direction; links of unknown date are counted apart too."""
    every: Counter[tuple[str, str, bool]] = Counter()
    unknown: Counter[tuple[str, str, bool]] = Counter()
    for one in found:
        edge = index.edges[one.line.edge]
        key = edge.family, edge.predicate, edge.subject == node or not edge.directed
        every[key] += 1
        unknown[key] += one.line.standing == "unknown"
    order = sorted(every, key=lambda key: (FAMILIES.index(key[0]), key[1], not key[2]))
    return [Tally(*key, every[key], unknown[key]) for key in order]
