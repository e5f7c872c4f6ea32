"""The query page: its examples by topic, and the addresses of an answer in other formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlencode

from graph.read.library import NamedQuery

#: Topic of the page -> the first tags of the queries that stand under it. A tag of no topic is under the last one.
TOPICS: Final = (
    ("treaties", ("treaties", "instruments")),
    ("monitoring", ("monitoring", "courts")),
    ("actors", ("membership", "structure", "mandates", "civil society")),
    ("projects", ("projects", "funding", "cooperation")),
    ("figures", ("statistics", "claims")),
    ("sources", ("sources", "inference")),
    ("network", ("network", "the graph")),
)
_OTHERS: Final = TOPICS[-1][0]


def topics(queries: Mapping[str, NamedQuery]) -> tuple[tuple[str, tuple[NamedQuery, ...]], ...]:
    """Every named query under one topic, in the order of topics and then of names."""
    place = {tag: topic for topic, tags in TOPICS for tag in tags}
    found: dict[str, list[NamedQuery]] = {topic: [] for topic, _ in TOPICS}
    for _, query in sorted(queries.items()):
        found[place.get(query.tags[0], _OTHERS) if query.tags else _OTHERS].append(query)
    return tuple((topic, tuple(every)) for topic, every in found.items() if every)


def downloads(
    query: str, default: tuple[str, ...], named: tuple[str, ...], formats: list[str]
) -> Iterator[tuple[str, str]]:
    """Name and address of the same answer in each format; the first is the page itself, to be shared."""
    graphs = [("default-graph-uri", one) for one in default] + [("named-graph-uri", one) for one in named]
    for name in ("html", *formats):
        yield name.upper(), "/sparql?" + urlencode([("query", query), *graphs, ("format", name)])
