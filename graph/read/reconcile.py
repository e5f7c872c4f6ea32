"""Which entity does a cell of a table mean? Candidates with scores that tell namesakes apart, as data matching needs.

A score is 0 to 100. It is the fit of the name as :mod:`graph.read.search` weighs it (rare words count more, so that
"Group of Experts …" and "Group of Friends …" share only their common ones), and where the caller gives values of
other columns, two fifths of it say how well those agree. How much an entity is linked never enters a score: being big
does not make a name fit better; it only orders equals. A candidate is called a match when it fits well and no other
one nearly as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from graph.ids import PAL
from graph.read.index import Node, UnknownNodeError
from graph.read.properties import Properties, Property
from graph.read.release import Release
from graph.read.search import fold

#: A match scores at least this, and this much more than the next candidate.
MATCH: Final = 88.0
MARGIN: Final = 8.0
#: What the values of other columns weigh beside the name.
_VALUES: Final = 0.4
#: How well a property agrees when the entity has no value for it: that says nothing either way.
_UNKNOWN: Final = 0.5
#: Texts less alike than this (0 to 1) do not agree at all.
_ALIKE: Final = 0.8
#: An entity of another type than asked keeps this much of its score, when types are only preferred.
_OTHER_TYPE: Final = 0.75
#: Names that are looked at for each query, before values of other columns are compared.
_POOL: Final = 50

#: `Name (ABBREVIATION)`: people write both into one cell.
_BRACKET: Final = re.compile(r"^(.{3,}?)\s*\(([^()]{2,})\)\s*$")

#: Types as a filter (any of them, all of them) or as a preference.
Strictness = Literal["any", "all", "should"]
Given = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Type:
    """A class of entities: its local name, its name in English, its direct superclasses among those in use."""

    id: str
    name: str
    broader: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value of another column: a plain value, or the id of an entity that was reconciled before."""

    value: Given = ""
    id: str = ""


@dataclass(frozen=True)
class Query:
    """One cell to reconcile. Without `text` the candidates are those whose properties agree."""

    text: str = ""
    types: tuple[str, ...] = ()
    strict: Strictness = "any"
    properties: tuple[tuple[str, tuple[Wanted, ...]], ...] = ()
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a cell may mean. `score` is 0 to 100, `features` say what it is made of."""

    node: Node
    score: float
    match: bool
    features: Mapping[str, float | bool]


class Reconciler:
    """Reconciles against one release. Immutable once made; threads may share it."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self.properties = Properties(release)
        self.types, self._below = _types(release)

    def entity(self, identifier: str) -> Node:
        """An entity by any of its identifiers. Raises :class:`graph.read.index.UnknownNodeError`."""
        return self._release.index.find(identifier)

    def below(self, types: Iterable[str]) -> frozenset[str]:
        """These classes and everything below them."""
        return frozenset(one for name in types for one in self._below.get(name, ()))

    def type_of(self, node: Node) -> list[Type]:
        """The classes of an entity, the most specific one first."""
        found, level = [node.kind], [node.kind]
        while level:
            level = [up for one in level for up in self.types[one].broader if up not in found]
            found += level
        return [self.types[one] for one in dict.fromkeys(found)]

    def __call__(self, query: Query) -> list[Candidate]:
        """The candidates of a cell, best first. Unknown types and properties match nothing."""
        allowed = self._allowed(query)
        names = self._by_name(query.text, None if query.strict == "should" else allowed)
        nodes = names or ({} if query.text else self._by_values(query, allowed))
        scored: list[tuple[float, Node, dict[str, float | bool]]] = []
        for node, fit in nodes.items():
            typed = allowed is None or node.kind in allowed
            score, features = fit, {"name": round(100 * fit, 1)} if query.text else {}
            if query.properties:
                agreement = self._agreement(node, query.properties)
                features["values"] = round(100 * agreement, 1)
                score = (1 - _VALUES) * fit + _VALUES * agreement if query.text else agreement
            if query.types:
                features["type"] = typed
                score *= 1.0 if typed else _OTHER_TYPE
            features["links"] = self._release.index.degree[node.number]
            scored.append((round(100 * score, 1), node, features))
        scored.sort(key=lambda one: (-one[0], -self._release.index.degree[one[1].number], one[1].id))
        second = scored[1][0] if len(scored) > 1 else 0.0
        return [
            Candidate(node, score, not place and score >= MATCH and score - second >= MARGIN, features)
            for place, (score, node, features) in enumerate(scored[: query.limit])
        ]

    def _allowed(self, query: Query) -> frozenset[str] | None:
        if not query.types:
            return None
        if query.strict == "all":
            sets = [self.below([one]) for one in query.types]
            return frozenset.intersection(*sets)
        return self.below(query.types)

    def _by_name(self, text: str, allowed: frozenset[str] | None) -> dict[Node, float]:
        if not text.strip() or (allowed is not None and not allowed):
            return {}
        texts = [text]
        if found := _BRACKET.match(text):
            texts += found.groups()
        best: dict[Node, float] = {}
        for number, one in enumerate(texts):
            for hit in self._release.names(one, _POOL, allowed or ()):
                # a name found by one half of the cell only is a little less sure than one that the whole cell gives
                best[hit.node] = max(best.get(hit.node, 0.0), hit.score if number == 0 else 0.97 * hit.score)
        return best

    def _by_values(self, query: Query, allowed: frozenset[str] | None) -> dict[Node, float]:
        """Every entity for which one of the given values agrees."""
        return {
            node: 0.0
            for node in self._release.index.nodes
            if (allowed is None or node.kind in allowed) and self._agreement(node, query.properties) > _UNKNOWN
        }

    def _agreement(self, node: Node, given: Sequence[tuple[str, tuple[Wanted, ...]]]) -> float:
        """How well the values of other columns agree, 0 to 1: the mean over the columns."""
        total = 0.0
        for id_, wanted in given:
            property_ = self.properties.by_id.get(id_)
            if property_ is None or not wanted:
                total += _UNKNOWN
                continue
            total += max(self._agrees(node, property_, one) for one in wanted)
        return total / len(given)

    def _agrees(self, node: Node, property_: Property, wanted: Wanted) -> float:
        values = self.properties.values(node, property_)
        if not values:
            return _UNKNOWN
        named = self._named(wanted) if property_.kind == "entity" else None
        best = 0.0
        for value in values:
            if value.node is not None and named is not None:
                best = max(best, float(value.node == named))
            elif isinstance(value.value, str):
                texts = (value.value, *(value.node.names if value.node is not None else ()))
                best = max(best, *(_alike(str(wanted.value), text, property_.kind == "date") for text in texts))
            else:
                best = max(best, float(_number(wanted.value) == float(value.value)))
        return best

    def _named(self, wanted: Wanted) -> Node | None:
        for text in (wanted.id, str(wanted.value)):
            if text:
                try:
                    return self._release.index.find(text)
                except UnknownNodeError:
                    continue
        return None


def _alike(given: str, own: str, dated: bool) -> float:
    if dated:
        # a year agrees with a day in it, whichever of the two is given
        return float(bool(given) and (own.startswith(given) or given.startswith(own)))
    one, other = fold(given), fold(own)
    if one == other:
        return 1.0
    ratio = fuzz.token_sort_ratio(one, other) / 100
    return ratio if ratio >= _ALIKE else 0.0


def _number(given: Given) -> float | None:
    try:
        return float(given)
    except ValueError:
        return None


def _types(release: Release) -> tuple[dict[str, Type], dict[str, frozenset[str]]]:
    """The classes that entities of the release have, and for each the classes in and below it."""
    index = release.index
    rows = release.store.select("SELECT ?c ?d WHERE { ?c rdfs:subClassOf ?d }").values()
    up: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        child, parent = row["c"] or "", row["d"] or ""
        if child.startswith(PAL) and parent.startswith(PAL):
            up[child.removeprefix(PAL)].add(parent.removeprefix(PAL))
    above: dict[str, set[str]] = {}
    for kind in index.classes:
        above[kind], level = {kind}, {kind}
        while level:
            level = {parent for one in level for parent in up[one]} - above[kind]
            above[kind] |= level
    used = {one for every in above.values() for one in every if one in index.kinds}
    types = {one: Type(one, index.kinds[one].get("en", one), tuple(sorted(up[one] & used))) for one in sorted(used)}
    return types, {one: frozenset(kind for kind, every in above.items() if one in every) for one in used}
