"""Everything that views of one release are made from, opened once and shared by threads.

A desk answers with scenes, explanations and evidence; it knows nothing of HTTP. What is costly is made when it is
first asked for: the index, positions, the search, and one set of weighed paths per day.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from graph.read import compare
from graph.read.dates import written
from graph.read.index import Edge, NetworkIndex, Node
from graph.read.indexing import index as read_index
from graph.read.network import Filter
from graph.read.paths import Explanation, Paths
from graph.read.search import Search
from graph.read.sentences import over
from graph.read.store import Store
from graph.read.telling import Teller
from viz import layout, view, whole
from viz.scene import HEIGHT, WIDTH, Scene
from viz.state import State

T = TypeVar("T")

#: Explanations of a path that are told, and shared neighbours of a comparison that are drawn.
EXPLANATIONS: Final = 6
SHARED: Final = 28
#: Which families say best who somebody is.
_BELONGS: Final = {"structure": 0, "mandate": 1, "monitoring": 2}
#: Placed scenes and days of paths that are kept; each takes some hundred kilobytes at most.
_KEPT: Final = 256
_DAYS: Final = 12


class _Kept:
    """A small store of answers that forgets the one asked for longest ago; shared by threads."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._held: OrderedDict[object, object] = OrderedDict()

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The answer of that key, made when it is not held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]  # type: ignore[return-value]  # one key always holds one type
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made


class Desk:
    """Views of one release. `directory` is where its `scene.json` is; None places the whole network when asked."""

    def __init__(
        self,
        store: Store,
        directory: Path | None = None,
        index: NetworkIndex | None = None,
        teller: Teller | None = None,
    ) -> None:
        self.store = store
        self._directory = directory
        self._given, self._teller = index, teller
        self._said: dict[tuple[int, str, bool], str] = {}
        self._lock = threading.RLock()
        self._places, self._days = _Kept(_KEPT), _Kept(_DAYS)

    @cached_property
    def index(self) -> NetworkIndex:
        """The network of the release."""
        with self._lock:
            return self._given or read_index(self.store)

    @cached_property
    def teller(self) -> Teller:
        """Tells statements."""
        with self._lock:
            return self._teller or Teller(self.index, self.store)

    def name(self, node: Node, lang: str) -> str:
        """A name as it stands in a sentence, short where it is known by a short one."""
        return self.teller.name(node, "fr" if lang == "fr" else "en").text

    def say(self, edge: Edge, lang: str, on: date) -> str:
        """A statement in one sentence as read on a day, kept once said: only whether it is over depends on the day."""
        key = edge.number, lang, over(edge.end, on)
        if key not in self._said:
            self._said[key] = self.teller.say(edge, "fr" if lang == "fr" else "en", on, because=False)
        return self._said[key]

    def since(self, edge: str, lang: str) -> str:
        """From when a statement holds or on which day it happened, as precisely as a source prints it; empty where
        none does."""
        found = self.teller.since(self.index.edge(edge))
        return written(found, "fr" if lang == "fr" else "en") if found else ""

    def introduction(self, node: Node, lang: str, on: date) -> str:
        """Who somebody is where no description in that language says it: what is said of where they belong or what
        they are charged with; empty where nothing of the kind is said, and for states, which need no introduction."""
        edges = (self.index.edges[link.edges[0]] for _, link in self.index.neighbours(node.number))
        found = [one for one in edges if one.family in _BELONGS and node.kind != "State"]

        def order(one: Edge) -> tuple[bool, int, int]:
            return one.subject != node.number, _BELONGS[one.family], one.number

        return self.say(min(found, key=order), lang, on) if found else ""

    def _who(self, local: str, lang: str, on: date) -> str:
        """Who somebody is in a language that no description of the data is in."""
        return self.introduction(self.index.find(local), lang, on)

    @cached_property
    def search(self) -> Search:
        """Finds entities by what people type."""
        with self._lock:
            return Search(self.index)

    @cached_property
    def whole(self) -> Path | None:
        """The file of the whole network, or None for data that no build has placed."""
        path = self._directory / "scene.json" if self._directory else None
        return path if path and path.exists() else None

    def packed(self) -> dict[str, object]:
        """The whole network in columns, for data without a `scene.json`."""
        return whole.pack(self.index, whole.place(self.index), self.store.manifest.release, self.store.manifest.date)

    def reading(self, lang: str, today: date) -> view.Reading:
        """What a view in a language is made from."""
        about = self.store.manifest
        return view.Reading(self.index, lang, today, self.say, self.name, about.release, about.date)

    def scene(self, state: State, lang: str, today: date, size: layout.Size = (WIDTH, HEIGHT)) -> Scene:
        """A scene with positions. They do not depend on the day, so a picture keeps its shape while time moves."""
        made = view.scene(state, self.reading(lang, today), self.through(state, today))
        if state.show == "whole":
            return made
        shape = state.but(asof=None, sel="", view="graph", lang=None).query()
        key = (shape, lang, size, tuple(node.id for node in made.nodes), tuple(one.id for one in made.groups))
        at, bounds = self._places.get(key, lambda: _positions(layout.place(made, state, size)))
        who = {} if lang == "en" else {one.id: self._who(one.id, lang, today) for one in made.nodes}
        return replace(
            made,
            nodes=tuple(replace(one, who=who.get(one.id, one.who), **at[one.id]) for one in made.nodes),
            groups=tuple(replace(one, **at[one.id]) for one in made.groups),
            width=size[0],
            height=size[1],
            bounds=bounds,
        )

    def through(self, state: State, today: date) -> list[int]:
        """The nodes that explain a path, or those that compared ones share, the most particular first."""
        if state.show == "path":
            return [node for one in self.explanations(state, today) for node in one.through]
        if state.show == "compare":
            found = self.comparison(state, today)
            shared = [row.node.number for rows in found.sections.values() for row in rows if row.shared]
            return sorted(shared, key=lambda one: (self.index.degree[one], one))[:SHARED]
        return []

    def explanations(self, state: State, today: date) -> list[Explanation]:
        """How the two ends of a path are connected, the best of each kind first.

        Raises :class:`ValueError` where they are one.
        """
        day = state.asof or today
        families = frozenset[str](state.families)
        paths = self._days.get((day, families), lambda: Paths(self.index, day, families))
        a, b = (self.index.find(one).number for one in state.focus)
        found = paths.between(a, b, EXPLANATIONS)
        # one of each kind before a second of any
        first = {one.kind: one for one in reversed(found)}
        return [
            *(one for one in found if first[one.kind] is one),
            *(one for one in found if first[one.kind] is not one),
        ]

    def comparison(self, state: State, today: date) -> compare.Comparison:
        """What two or three nodes share and do not share. Raises :class:`ValueError`."""
        numbers = [self.index.find(one).number for one in state.focus]
        only = Filter(families=frozenset[str](state.families), as_of=state.asof or today)
        return compare.compare(self.index, numbers, only)


def _positions(placed: Scene) -> tuple[dict[str, dict[str, Any]], tuple[float, float, float, float]]:
    at: dict[str, dict[str, Any]] = {
        node.id: {"x": node.x, "y": node.y, "above": node.above, "pinned": node.pinned} for node in placed.nodes
    }
    at |= {one.id: {"x": one.x, "y": one.y, "above": one.above} for one in placed.groups}
    return at, placed.bounds
