"""Makes `network-vectors.json`: a cut of the network, and what paths, comparison, selection and picture answer on it.

Run it when one of those is meant to answer otherwise: `.venv/bin/python -m tests.unit.network_vectors build/release`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from api.archive import network as archive
from graph.ids import Ids
from graph.read import compare
from graph.read.embedded import EmbeddedStore
from graph.read.index import Edge, Link, NetworkIndex, Node, Source
from graph.read.indexing import index as read_index
from graph.read.network import Filter
from graph.read.paths import Paths
from viz import view
from viz.state import parse

PATH: Final = Path(__file__).with_name("network-vectors.json")
#: Around whom the cut is made: their neighbours, the most linked first, `EACH` of every one.
AROUND: Final = ("fra", "swe", "greta", "expertise-france", "eu", "cets-197", "unodc", "miprof")
EACH: Final = 16
ASKED: Final = [
    ("fra", "swe", "2026-11-23", ()), ("fra", "swe", "2005-01-01", ()), ("expertise-france", "eu", "2026-11-23", ()),
    ("miprof", "greta", "2026-11-23", ()), ("fra", "greta", "2012-06-30", ()), ("unodc", "miprof", "2026-11-23", ()),
    ("fra", "swe", "2026-11-23", ("treaty",)), ("expertise-france", "unodc", "2020-01-01", ()),
    ("cets-197", "eu", "1999-12-31", ()), ("fra", "eu", "1904-05-18", ()),
]  # fmt: skip
COMPARED: Final = [
    (("fra", "swe"), "2026-11-23"), (("fra", "swe", "greta"), "2010-01-01"), (("eu", "unodc"), "1950-01-01"),
]  # fmt: skip
VIEWED: Final = [
    "", "focus=swe", "focus=fra,greta", "families=monitoring&asof=2010-05-05", "open=greta", "open=greta:monitoring",
    "focus=eu&kinds=state,project", "focus=greta&hide=fra&open=swe:treaty:instrument", "with=unodc&asof=1999-12-31",
]  # fmt: skip


def cut(index: NetworkIndex) -> dict[str, Any]:
    """The packed network of those around, numbered anew."""
    kept = {index.find(one).number for one in AROUND}
    for one in AROUND:
        near = {other for other, _ in index.neighbours(index.find(one).number)}
        kept |= set(sorted(near, key=lambda node: (-index.degree[node], node))[:EACH])
    links = [link for link in index.links if link.a in kept and link.b in kept]
    numbers = {node: turn for turn, node in enumerate(sorted(kept))}
    edges = [(edge, link.number) for link in links for edge in (index.edges[one] for one in link.edges)]
    told = {edge.number: turn for turn, (edge, _) in enumerate(edges)}
    at = {link.number: turn for turn, link in enumerate(links)}
    small = replace(
        index,
        nodes=tuple(replace(index.nodes[node], number=turn) for node, turn in numbers.items()),
        edges=tuple(
            replace(edge, number=turn, subject=numbers[edge.subject], object=numbers[edge.object], link=at[link],
                    sources=())
            for turn, (edge, link) in enumerate(edges)
        ),
        links=tuple(
            Link(turn, numbers[link.a], numbers[link.b], link.family, tuple(told[one] for one in link.edges))
            for turn, link in enumerate(links)
        ),
        sources=(),
    )  # fmt: skip
    near_by: list[set[int]] = [set() for _ in small.nodes]
    for link in small.links:
        if link.a != link.b:
            near_by[link.a].add(link.b)
            near_by[link.b].add(link.a)
    return archive.pack(replace(small, degree=tuple(map(len, near_by))))


def unpack(packed: Mapping[str, Any]) -> NetworkIndex:
    """The packed network as an index: what the browser reads, read by the originals."""

    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    ids = Ids()
    nodes, edges, links = packed["nodes"], packed["edges"], packed["links"]
    of_link = {edge: turn for turn, link in enumerate(links) for edge in link["edges"]}
    incident: list[list[int]] = [[] for _ in nodes["id"]]
    for turn, link in enumerate(links):
        for end in {link["a"], link["b"]}:
            incident[end].append(turn)
    kinds = {kind: packed["groups"][group] for kind, group in zip(nodes["kind"], nodes["group"], strict=True)}
    return NetworkIndex(
        release="", ids=ids,
        classes={
            packed["kinds"][kind]: (group, nodes["kind"].count(kind)) for kind, group in sorted(kinds.items())
        },
        nodes=tuple(
            Node(turn, ids.entity(one), one, packed["kinds"][nodes["kind"][turn]],
                 packed["groups"][nodes["group"][turn]], one, one, "", (), "", "", day(nodes["start"][turn]),
                 day(nodes["end"][turn]))
            for turn, one in enumerate(nodes["id"])
        ),
        edges=tuple(
            Edge(turn, ids.entity(one), packed["statements"][edges["kind"][turn]], edges["subject"][turn],
                 packed["predicates"][edges["predicate"][turn]], edges["object"][turn],
                 packed["families"][edges["family"][turn]], bool(edges["directed"][turn]), day(edges["start"][turn]),
                 day(edges["end"][turn]), day(edges["known"][turn]), day(edges["ended"][turn]),
                 "rule" if edges["inferred"][turn] else "", of_link[turn], tuple(edges["sources"][turn]))
            for turn, one in enumerate(edges["id"])
        ),
        links=tuple(
            Link(turn, one["a"], one["b"], packed["families"][one["family"]], tuple(one["edges"]))
            for turn, one in enumerate(links)
        ),
        sources=tuple(Source(turn, "", one["id"], "", "", "", "", "") for turn, one in enumerate(packed["sources"])),
        types={}, kinds={}, incident=tuple(map(tuple, incident)), degree=tuple(nodes["degree"]),
        aliases={one: turn for turn, one in enumerate(nodes["id"])},
        statements={ids.entity(one): turn for turn, one in enumerate(edges["id"])},
    )  # fmt: skip


def answers(index: NetworkIndex) -> dict[str, Any]:
    """What the originals answer: edges and nodes by their ids."""
    return {"paths": list(_paths(index)), "compared": list(_compared(index)), "views": list(_views(index))}


def _paths(index: NetworkIndex) -> Iterator[dict[str, Any]]:
    for a, b, on, families in ASKED:
        paths = Paths(index, date.fromisoformat(on), frozenset(families))
        found = paths.between(index.find(a).number, index.find(b).number, 6)
        told = [
            {"kind": one.kind, "cost": one.cost,
             "edges": [view.local(index, index.edges[step.line.edge]) for step in one.steps]}
            for one in found
        ]  # fmt: skip
        yield {"a": a, "b": b, "on": on, "families": list(families), "found": told}


def _compared(index: NetworkIndex) -> Iterator[dict[str, Any]]:
    for ids, on in COMPARED:
        only = Filter(as_of=date.fromisoformat(on))
        found = compare.compare(index, [index.find(one).number for one in ids], only)

        def said(lines: Any) -> list[str]:
            return [view.local(index, index.edges[line.edge]) for line in lines]

        sections = {
            name: [[row.node.id, *(said(column) for column in row.lines)] for row in rows]
            for name, rows in found.sections.items()
        }
        yield {"ids": list(ids), "on": on, "direct": said(found.direct), "sections": sections}


def _views(index: NetworkIndex) -> Iterator[dict[str, Any]]:
    today = date(2026, 11, 23)
    reading = view.Reading(index, "en", today, lambda edge, lang, on: edge.iri, lambda node, lang: node.id)
    for query in VIEWED:
        state = parse(query)
        made = view.scene(state, reading)
        yield {
            "query": query,
            "caption": made.caption,
            "nodes": [f"{node.id} {node.standing}" for node in made.nodes],
            "edges": len(made.edges),
            "leads": [f"{edge.id} {edge.standing}" for edge in made.edges if edge.leads],
            "groups": [[group.id, group.count, group.label] for group in made.groups],
            "lines": [f"{line.who.id} {line.folded:d}" for line in view.lines(state, reading)],
        }


def main() -> None:
    """Write the file anew."""
    with EmbeddedStore.open(Path(sys.argv[1])) as store:
        packed = cut(read_index(store))
    made = {"network": packed, "words": archive.words_of("en"), **answers(unpack(packed))}
    del made["words"]["explorer"]  # none of what is asked says them
    PATH.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
