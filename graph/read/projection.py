"""The network as graphs of the library networkx: one relation family at a time, on a day, or states by shared treaties.

Node keys are local ids, so that what is computed can be read. Node attributes: `label`, `label_fr`, `kind`, `group`.
Edge attributes: `id` (the statement), `predicate`, `family`, `standing`, `start`, `end` (ISO days, absent when
unknown), `inferred` (0 or 1), `sources` (how many) and `weight`. Every attribute is text or a number, so that every
file format can hold it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.read.index import Edge, NetworkIndex, Node
from graph.read.network import Filter, Shown, View, whole

if TYPE_CHECKING:
    import networkx as nx
else:
    from graph import networks as nx


def node_attributes(node: Node) -> dict[str, Any]:
    """What a node carries into files and computations."""
    return {
        "label": node.label("en"),
        "label_fr": node.label("fr"),
        "kind": node.kind,
        "group": node.group,
        "iri": node.iri,
    }


def edge_attributes(index: NetworkIndex, edge: Edge, line: Shown) -> dict[str, Any]:
    """What a line carries into files and computations."""
    days = {"start": edge.start, "end": edge.end}
    return {
        "id": index.ids.local(edge.iri) or edge.iri,
        "predicate": edge.predicate,
        "family": edge.family,
        "standing": line.standing,
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        "inferred": int(bool(edge.rule)),
        "sources": len(edge.sources),
        "weight": 1.0,
    }


def multigraph(index: NetworkIndex, view: View) -> nx.MultiDiGraph[str]:
    """A view as it is: one edge per line, from subject to object; undirected relations from the lesser id."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, _ in view.nodes:
        graph.add_node(index.nodes[number].id, **node_attributes(index.nodes[number]))
    for line in view.edges:
        edge = index.edges[line.edge]
        ends = index.nodes[edge.subject].id, index.nodes[edge.object].id
        graph.add_edge(*ends, key=index.ids.local(edge.iri) or edge.iri, **edge_attributes(index, edge, line))
    return graph


def simple(index: NetworkIndex, only: Filter, unknown: bool = True) -> nx.Graph[str]:
    """The network as one undirected edge per pair of linked nodes, `weight` the number of links; loops left out.

    Nodes without a link are left out: they say nothing about a family. `unknown` keeps links of unknown date.
    """
    graph: nx.Graph[str] = nx.Graph()
    for line in whole(index, only).edges:
        edge = index.edges[line.edge]
        if edge.subject == edge.object or (line.standing == "unknown" and not unknown):
            continue
        a, b = index.nodes[edge.subject], index.nodes[edge.object]
        if not (only.node(a) and only.node(b)):
            continue
        for node in (a, b):
            if node.id not in graph:
                graph.add_node(node.id, **node_attributes(node))
        if graph.has_edge(a.id, b.id):
            graph[a.id][b.id]["weight"] += 1.0
        else:
            graph.add_edge(a.id, b.id, weight=1.0)
    return graph


def parties(index: NetworkIndex, only: Filter, unknown: bool = True) -> dict[str, set[str]]:
    """Participant to the treaties that bind it on the day of the filter; signatures alone do not count."""
    found: dict[str, set[str]] = {}
    for line in whole(index, Filter(frozenset({"treaty"}), frozenset(), only.as_of)).edges:
        edge = index.edges[line.edge]
        if edge.kind != "PartyStatus" or (line.standing == "unknown" and not unknown):
            continue
        if only.as_of is None and edge.end is not None:
            continue
        participant = index.nodes[edge.subject]
        if only.node(participant):
            found.setdefault(participant.id, set()).add(index.nodes[edge.object].id)
    return found


def shared_treaties(index: NetworkIndex, only: Filter, unknown: bool = True) -> nx.Graph[str]:
    """Participants joined by what they are bound by: `shared` treaties in common, `weight` the Jaccard similarity of
    their commitments (shared over all that bind at least one of the two), 0 to 1; pairs with nothing in common are not
    joined."""
    of = parties(index, only, unknown)
    graph: nx.Graph[str] = nx.Graph()
    ordered = sorted(of)
    for one in ordered:
        graph.add_node(one, **node_attributes(index.find(one)), treaties=len(of[one]))
    for position, one in enumerate(ordered):
        for other in ordered[position + 1 :]:
            common = len(of[one] & of[other])
            if common:
                graph.add_edge(one, other, shared=common, weight=common / len(of[one] | of[other]))
    return graph
