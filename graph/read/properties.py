"""Properties of entities as table-minded tools ask for them: columns of text, numbers and days, and links to others.

A column comes from the fields of the lists (:mod:`graph.read.collections`); a link is a predicate of the network, read
from its subject under its own name (`memberOf`) or from its object under that of its inverse (`hasMember`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from graph.ids import PAL
from graph.read import labels
from graph.read.collections import COLLECTIONS, Field
from graph.read.index import Node
from graph.read.network import standing
from graph.read.release import Release

#: The list that holds the nodes of a group.
LISTS: Final = {"Actor": "actors", "Instrument": "instruments", "Project": "projects", "Judgment": "judgments"}
#: Fields that say the same as a link, or that only programs need.
_LEFT_OUT: Final = frozenset({"kind", "startDay", "endDay", "day"})
_LANGUAGES: Final = ("en", "fr")

#: What a value is: text, a whole number, a number, a date as precise as stated, or an entity.
Kind = Literal["text", "integer", "number", "date", "entity"]


@dataclass(frozen=True, slots=True)
class Property:
    """One property: `field` of a list (in `lang` where texts have languages), or `predicate` read `inverse` or not.
    `groups` are the kinds of entity that may have it."""

    id: str
    name: str
    about: str
    groups: frozenset[str]
    kind: Kind
    field: str = ""
    lang: str = ""
    scheme: str = ""
    predicate: str = ""
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One value: plain text or a number in `value`, or the entity that a link leads to in `node`."""

    value: str | int | float
    node: Node | None = None


class Properties:
    """Every property of one release by id, in the order of ids. Immutable; threads may share it.

    Raises :class:`graph.read.store.StoreError` while it is made.
    """

    def __init__(self, release: Release) -> None:
        self._release = release
        found = {one.id: one for one in (*_links(release), *_fields(release))}
        self.by_id: Mapping[str, Property] = dict(sorted(found.items()))
        self._used = _used(release, self.by_id)

    def of_type(self, kinds: frozenset[str]) -> list[Property]:
        """The properties that entities of these classes have, those that most of them have first."""
        count: Counter[str] = Counter()
        for kind in kinds:
            count.update(self._used.get(kind, {}))
        return [self.by_id[id_] for id_, _ in sorted(count.items(), key=lambda one: (-one[1], one[0]))]

    def values(self, node: Node, wanted: Property, as_of: date | None = None) -> list[Value]:
        """The values of a node, links by the label of their other end; `as_of` leaves out links that certainly do not
        hold on that day."""
        if wanted.predicate:
            return self._linked(node, wanted, as_of)
        item = self._release.rows.one(LISTS[node.group], node.id) or {}
        raw: Any = item.get(wanted.field)
        if wanted.lang:
            raw = (raw or {}).get(wanted.lang)
        several = raw if isinstance(raw, list) else [] if raw is None else [raw]
        if wanted.scheme:
            return [Value(self._release.rows.concept(wanted.scheme, one, "en")) for one in several]
        return [Value(one) for one in several]

    def _linked(self, node: Node, wanted: Property, as_of: date | None) -> list[Value]:
        index = self._release.index
        found: dict[int, Node] = {}
        for number in index.incident[node.number]:
            for edge in (index.edges[one] for one in index.links[number].edges):
                if edge.predicate != wanted.predicate or standing(index, edge, as_of) is None:
                    continue
                here, there = (edge.object, edge.subject) if wanted.inverse else (edge.subject, edge.object)
                if not edge.directed:
                    here, there = node.number, edge.other(node.number)
                if here == node.number:
                    found[there] = index.nodes[there]
        ordered = sorted(found.values(), key=lambda one: (one.label("en"), one.id))
        return [Value(one.label("en"), one) for one in ordered]


def _fields(release: Release) -> list[Property]:
    groups: dict[str, set[str]] = defaultdict(set)
    fields: dict[str, Field] = {}
    for group, name in LISTS.items():
        for field in COLLECTIONS[name].fields:
            if field.name not in _LEFT_OUT and field.holds not in ("entity", "statement"):
                groups[field.name].add(group)
                fields.setdefault(field.name, field)
    names = labels.of(release.store, [PAL + name for name in fields], "en")
    found: list[Property] = []
    for name, field in fields.items():
        title = names[PAL + name].text if names[PAL + name].language else _spaced(name)
        kind: Kind = {"date": "date", "integer": "integer", "number": "number"}.get(field.holds, "text")  # type: ignore[assignment]
        scheme = field.scheme if field.holds == "concept" else ""
        where = frozenset(groups[name])
        if field.holds == "words":
            for lang in _LANGUAGES:
                single = name.removesuffix("s")
                found.append(Property(f"{single}.{lang}", f"{single} ({lang})", field.about, where, kind, name, lang))
        else:
            found.append(Property(name, title, field.about, where, kind, name, "", scheme))
    return found


def _links(release: Release) -> list[Property]:
    index, store = release.index, release.store
    rows = store.select("SELECT ?p ?q WHERE { { ?p owl:inverseOf ?q } UNION { ?q owl:inverseOf ?p } }").values()
    inverse = {(row["p"] or "").removeprefix(PAL): (row["q"] or "").removeprefix(PAL) for row in rows}
    ends: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for edge in index.edges:
        ends[edge.predicate, False].add(index.nodes[edge.subject].group)
        ends[edge.predicate, True].add(index.nodes[edge.object].group)
        if not edge.directed:
            ends[edge.predicate, False].add(index.nodes[edge.object].group)
    found: list[Property] = []
    for (predicate, turned), groups in ends.items():
        kind = index.types[predicate]
        if not turned:
            about = f"Whom or what it {kind.label['en']}."
            found.append(Property(predicate, kind.label["en"], about, frozenset(groups), "entity", predicate=predicate))
        elif kind.directed and predicate in inverse:
            name = kind.inverse["en"]
            about = f"By whom or what: {name}."
            found.append(
                Property(
                    inverse[predicate], name, about, frozenset(groups), "entity", predicate=predicate, inverse=True
                )
            )
    return found


def _used(release: Release, by_id: Mapping[str, Property]) -> dict[str, Counter[str]]:
    """How many entities of each class have each property."""
    index = release.index
    found: dict[str, Counter[str]] = defaultdict(Counter)
    names = {(one.predicate, one.inverse): one.id for one in by_id.values() if one.predicate}
    having: set[tuple[int, str]] = set()
    for edge in index.edges:
        ends = [(edge.subject, False), (edge.object, edge.directed)]
        having.update(
            (node, names[edge.predicate, turned]) for node, turned in ends if (edge.predicate, turned) in names
        )
    for number, id_ in having:
        found[index.nodes[number].kind][id_] += 1
    for node in index.nodes:
        item = release.rows.one(LISTS[node.group], node.id) or {}
        for one in by_id.values():
            if one.field and (value := item.get(one.field)) and (not one.lang or one.lang in value):
                found[node.kind][one.id] += 1
    return found


def _spaced(name: str) -> str:
    """`isoAlpha3` as `iso alpha3`: for the few fields that are no property of the ontology."""
    return "".join(f" {one.lower()}" if one.isupper() else one for one in name).strip()
