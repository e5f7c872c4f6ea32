"""The query page: its examples by topic, and the addresses of an answer in other formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
#: Words of the page that its script needs, below `query.js` in the words files.
SCRIPT: Final = (
    "running", "cancel", "cancelled", "failed", "slow", "shared", "copied", "copy", "copy_as", "line", "keys", "none",
    "draw_running", "draw_empty", "draw_beyond", "draw_done", "draw_shape",
)  # fmt: skip
#: What stands before the name of a parameter in an address.
PREFIX: Final = "p-"
_OTHERS: Final = TOPICS[-1][0]


def topics(queries: Mapping[str, NamedQuery]) -> tuple[tuple[str, tuple[NamedQuery, ...]], ...]:
    """Every named query under one topic, in the order of topics and then of names."""
    place = {tag: topic for topic, tags in TOPICS for tag in tags}
    found: dict[str, list[NamedQuery]] = {topic: [] for topic, _ in TOPICS}
    for _, query in sorted(queries.items()):
        found[place.get(query.tags[0], _OTHERS) if query.tags else _OTHERS].append(query)
    return tuple((topic, tuple(every)) for topic, every in found.items() if every)


@dataclass(frozen=True)
class Field:
    """A parameter of a named query as a field of a form: `kind` is the field's type, `value` what is in it."""

    name: str
    kind: str
    value: str
    help: str
    allowed: str
    optional: bool


#: Datatype of a parameter -> type of its field.
_FIELDS: Final = {"xsd:date": "date", "xsd:integer": "number"}


def given(query: NamedQuery, parameters: Mapping[str, str], lang: str) -> dict[str, str | None]:
    """Values of a query's parameters from those of a request (`p-treaty=untoc`); names are in the reader's language
    unless one is given, and what is left empty is left open where it may be."""
    values: dict[str, str | None] = {}
    for one in query.params:
        text = parameters.get(PREFIX + one.name)
        if text:
            values[one.name] = text
        elif one.datatype == "lang" and one.default == "en":
            values[one.name] = lang
        elif text is not None and one.optional:
            values[one.name] = None
    return values


def parameters(query: NamedQuery, values: Mapping[str, str | None]) -> tuple[Field, ...]:
    """The fields of a query's parameters."""
    return tuple(
        Field(
            PREFIX + one.name,
            _FIELDS.get(one.datatype, "text"),
            values.get(one.name, one.default) or "",
            one.help,
            one.allowed,
            one.optional,
        )
        for one in query.params
    )


def downloads(
    query: str, default: tuple[str, ...], named: tuple[str, ...], formats: list[str]
) -> Iterator[tuple[str, str]]:
    """Name and address of the same answer in each format; the first is the page itself, to be shared."""
    graphs = [("default-graph-uri", one) for one in default] + [("named-graph-uri", one) for one in named]
    for name in ("html", *formats):
        yield name.upper(), "/sparql?" + urlencode([("query", query), *graphs, ("format", name)])
