"""The network of a large release in files (:mod:`graph.read.packed`), written once beside its store on disk.

A server of such a release opens them in milliseconds and reads what it is asked for; several processes share the pages.
For a release in memory the same :class:`NetworkIndex` is made of objects (:mod:`graph.read.indexing`), and so it is
here, once, to be written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from graph.dates import PartialDate
from graph.ids import Ids
from graph.read.index import Edge, EdgeType, Link, NetworkIndex, Node, Source
from graph.read.packed import (
    Groups,
    Keys,
    Numbers,
    Records,
    Texts,
    write_groups,
    write_keys,
    write_texts,
)
from graph.read.telling import Facts

#: Directory within the place of a store on disk.
NETWORK: Final = "network"
_NUMBERS: Final = ("subject", "object", "link")
_NAMED: Final = ("kind", "predicate", "family", "rule")
_DAYS: Final = ("start", "end", "known_by", "end_known_by")


def pack(index: NetworkIndex, directory: Path) -> None:
    """Write a network into a new directory."""
    directory.mkdir()
    write_texts(directory / "nodes", (_json(astuple(node)[1:]) for node in index.nodes))
    write_texts(directory / "sources", (_json(astuple(source)[1:]) for source in index.sources))
    names = sorted({getattr(edge, field) for edge in index.edges for field in _NAMED})
    number = {name: place for place, name in enumerate(names)}
    edges = np.zeros((len(index.edges), len(_NUMBERS) + len(_NAMED) + len(_DAYS) + 1), dtype=np.int32)
    for place, edge in enumerate(index.edges):
        days = (getattr(edge, field) for field in _DAYS)
        edges[place] = [
            *(getattr(edge, field) for field in _NUMBERS),
            *(number[getattr(edge, field)] for field in _NAMED),
            *(day.toordinal() if day else 0 for day in days),
            edge.directed,
        ]
    np.save(directory / "edges.npy", edges)
    write_texts(directory / "iris", (edge.iri for edge in index.edges))
    write_groups(directory / "cited", (edge.sources for edge in index.edges))
    links = np.array([(one.a, one.b, number[one.family]) for one in index.links], dtype=np.int32).reshape(-1, 3)
    np.save(directory / "links.npy", links)
    write_groups(directory / "members", (link.edges for link in index.links))
    write_groups(directory / "incident", index.incident)
    np.save(directory / "degree.npy", np.array(index.degree, dtype=np.int32))
    write_keys(directory / "aliases", index.aliases)
    few = {
        "names": names,
        "types": {
            name: [_plain(getattr(one, field.name)) for field in fields(one)] for name, one in index.types.items()
        },
        "kinds": {name: dict(words) for name, words in index.kinds.items()},
        "classes": {name: list(one) for name, one in index.classes.items()},
    }
    (directory / "few.json").write_text(_json(few), encoding="utf-8")


def unpack(directory: Path, release: str, ids: Ids) -> NetworkIndex:
    """The network that was written there, read as it is asked for."""
    few: dict[str, Any] = json.loads((directory / "few.json").read_text("utf-8"))
    names: list[str] = few["names"]
    nodes, sources = Texts(directory / "nodes"), Texts(directory / "sources")
    iris, cited = Texts(directory / "iris"), Groups(directory / "cited")
    rows, links = np.load(directory / "edges.npy", mmap_mode="r"), np.load(directory / "links.npy", mmap_mode="r")
    members = Groups(directory / "members")

    def node(number: int) -> Node:
        told: list[Any] = json.loads(nodes[number])
        told[7] = tuple(told[7])
        told[-2:] = map(_day, told[-2:])
        return Node(number, *told)

    def edge(number: int) -> Edge:
        subject, object_, link, kind, predicate, family, rule, *days, directed = rows[number].tolist()
        start, end, known_by, end_known_by = (date.fromordinal(day) if day else None for day in days)
        return Edge(
            number=number,
            iri=iris[number],
            kind=names[kind],
            subject=subject,
            predicate=names[predicate],
            object=object_,
            family=names[family],
            directed=bool(directed),
            start=start,
            end=end,
            known_by=known_by,
            end_known_by=end_known_by,
            rule=names[rule],
            link=link,
            sources=cited[number],
        )

    def link(number: int) -> Link:
        a, b, family = links[number].tolist()
        return Link(number, a, b, names[family], members[number])

    return NetworkIndex(
        release=release,
        ids=ids,
        nodes=Records(len(nodes), node),
        edges=Records(len(rows), edge),
        links=Records(len(links), link),
        sources=Records(len(sources), lambda number: Source(number, *json.loads(sources[number]))),
        types=MappingProxyType({name: EdgeType(*map(_frozen, one)) for name, one in few["types"].items()}),
        kinds=_frozen({name: _frozen(words) for name, words in few["kinds"].items()}),
        classes=MappingProxyType({name: (group, count) for name, (group, count) in few["classes"].items()}),
        incident=Groups(directory / "incident"),
        degree=Numbers(directory / "degree"),
        aliases=Keys(directory / "aliases"),
        statements=Keys(directory / "iris"),
    )


def pack_facts(facts: Facts, directory: Path) -> None:
    """Write beside a network what its sentences need."""
    write_texts(
        directory / "dates",
        (_json({name: str(one) for name, one in dates.items()}) if dates else "" for dates in facts.dates),
    )
    write_texts(directory / "rounds", facts.rounds)
    write_groups(directory / "premises", facts.premises)
    write_texts(directory / "articles", facts.articles)


def unpack_facts(directory: Path) -> Facts:
    """What was written there, read as it is asked for."""
    dates = Texts(directory / "dates")

    def printed(number: int) -> Mapping[str, PartialDate]:
        text = dates[number]
        return {name: PartialDate.parse(one) for name, one in json.loads(text).items()} if text else {}

    return Facts(
        dates=Records(len(dates), printed),
        rounds=Texts(directory / "rounds"),
        premises=Groups(directory / "premises"),
        articles=Texts(directory / "articles"),
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _frozen(value: Any) -> Any:
    return MappingProxyType(value) if isinstance(value, dict) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
