"""From the state of a view to its scene: which nodes are shown, which are folded, how each statement stands that day.

What is shown does not depend on the day: the day only says how each statement stands, so that a picture keeps its
shape while the time slider moves. A focus is opened by itself: its neighbours come by rank, the first of each family
before the second of any, and past a bound the rest comes as counted groups that open.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from graph.read import network
from graph.read.index import Edge as Statement
from graph.read.index import Link, NetworkIndex
from graph.read.index import Node as Entity
from viz import captions, words
from viz.scene import FAMILIES, KINDS, Edge, Family, Group, Node, Scene, Standing, kind_of
from viz.state import State

#: Neighbours that a focus opens with, shared among the focuses; with the focus, what a screen shows readably.
FIRST: Final = 30
#: Neighbours that opening one more node brings, and how many of one group; more stay folded.
MORE: Final = 18
MOST_OF_GROUP: Final = 60
#: Drawn labels longer than this many letters are cut at a word; the whole name stands in the panel and the table.
LONGEST_LABEL: Final = 50
#: A name of up to this many letters stands as it is, though it has an abbreviation: readers know it better.
READABLE_LABEL: Final = 24

#: Says a statement in one sentence, in a language, as known on a day.
Say = Callable[[Statement, str, date], str]


@dataclass(frozen=True)
class Reading:
    """What a view is made from besides its state: the network, the language, today, and who says sentences."""

    index: NetworkIndex
    lang: str
    today: date
    say: Say
    name: Callable[[Entity, str], str]
    release: str = ""
    read: str = ""


@cache
def _editorial() -> dict[str, Any]:
    """What was chosen by hand: `first` has the neighbours of a focus in order of telling, `short` names by language."""
    raw: dict[str, Any] = json.loads(files("viz").joinpath("editorial.json").read_text("utf-8"))
    return raw


def chosen_first() -> dict[str, list[str]]:
    """The neighbours of a focus that were put first by hand, in order of telling."""
    return {focus: list(others) for focus, others in _editorial()["first"].items()}


def short(entity: Entity, lang: str) -> str:
    """The name on a drawing: the abbreviation where there is one, else the name cut at a word."""
    given = _editorial()["short"].get(entity.id, {})
    if lang in given:
        return str(given[lang])
    name = entity.label(lang)
    if len(name) <= READABLE_LABEL:
        return name
    head, bracket, tail = name.rpartition(" (")
    acronym = tail[:-1] if bracket and tail.endswith(")") and tail[:-1].isascii() and len(tail) <= 9 else ""
    before = name.partition(" (")[0].partition(" – ")[0]
    if entity.group in ("Actor", "Project") and len(before) <= READABLE_LABEL:
        return before
    if entity.group == "Project" and acronym:
        return f"projet {acronym}" if lang == "fr" else f"{acronym} project"
    if entity.abbreviation:
        return entity.abbreviation
    if len(name) <= LONGEST_LABEL:
        return name
    known_as = f" ({acronym})" if acronym else ""
    name = head if known_as else name
    return name[: LONGEST_LABEL - 1 - len(known_as)].rsplit(" ", 1)[0].rstrip(" ,;(–-") + "…" + known_as


def standing(index: NetworkIndex, edge: Statement, on: date) -> Standing:
    """How a statement stands on a day: the rule of :func:`graph.read.network.standing`, with the two ways of not
    holding told apart."""
    found = network.standing(index, edge, on)
    if found is not None:
        return found
    ended = edge.end is not None and edge.end <= on
    gone = any(one.end is not None and one.end <= on for one in (index.nodes[edge.subject], index.nodes[edge.object]))
    return "ended" if ended or (gone and edge.start is None) else "future"


@dataclass(frozen=True)
class Line:
    """One connection as a row: the statement that stands for it, who it leads to, and from whom."""

    edge: Edge
    who: Entity
    other: Entity
    degree: int
    statements: int
    folded: bool


class Selection:
    """The nodes of a view and the groups that stay folded. Raises :class:`graph.read.index.UnknownNodeError`."""

    def __init__(self, index: NetworkIndex, state: State, through: Iterable[int] = ()) -> None:
        self._index, self._state = index, state
        self.focus = tuple(index.find(one).number for one in state.focus)
        self._hidden = {index.find(one).number for one in state.hide} - set(self.focus)
        self.shown: dict[int, None] = dict.fromkeys(self.focus)
        self.shown.update(dict.fromkeys(index.find(one).number for one in state.with_))
        self.shown.update(dict.fromkeys(number for number in through if self._allowed(number)))
        self.opened: dict[int, None] = {}
        if state.show == "around":
            self._open_focus()
        for one in state.open:
            self._open(one)
        for number in self._hidden:
            self.shown.pop(number, None)

    def _allowed(self, number: int) -> bool:
        kinds = self._state.kinds
        return number not in self._hidden and (not kinds or kind_of(self._index.nodes[number].kind) in kinds)

    def neighbours(self, node: int) -> dict[int, list[Link]]:
        """Neighbours of a node that the filters let through, with the links to each."""
        found: dict[int, list[Link]] = defaultdict(list)
        for other, link in self._index.neighbours(node):
            if other != node and self._state.shows(_family(link)) and self._allowed(other):
                found[other].append(link)
        return found

    def _open_focus(self) -> None:
        share = max(6, FIRST // max(1, len(self.focus)))
        for number in self.focus:
            self.opened[number] = None
            first = _editorial()["first"].get(self._index.nodes[number].id, ())
            chosen = [one for one in map(self._number, first) if one is not None and self._allowed(one)]
            if self._state.families or self._state.kinds:
                around = self.neighbours(number)
                chosen = [one for one in chosen if one in around]
            self._add([*chosen[:share], *self._ranked(number)], share)

    def _number(self, local: str) -> int | None:
        return self._index.aliases.get(local)

    def _add(self, candidates: Iterable[int], most: int) -> None:
        fresh = [one for one in dict.fromkeys(candidates) if one not in self.shown]
        self.shown.update(dict.fromkeys(fresh[:most]))

    def _open(self, what: str) -> None:
        local, *rest = what.split(":")
        node = self._index.find(local).number
        self.shown.setdefault(node, None)
        self.opened[node] = None
        if not rest:
            self._add(self._ranked(node), MORE)
            return
        family, kind = rest[0], rest[1] if len(rest) > 1 else ""
        members = [
            other
            for other, links in self.neighbours(node).items()
            if any(link.family == family for link in links)
            and (not kind or kind_of(self._index.nodes[other].kind) == kind)
        ]
        order = sorted(members, key=lambda other: (-self._index.degree[other], self._index.nodes[other].id))
        self._add(order, MOST_OF_GROUP)

    def _ranked(self, node: int) -> Iterator[int]:
        """Neighbours of a node, the best of each family before the second of any.

        Within a family a neighbour counts by how many statements bind it to the node and how central it is; treaties
        to which nearly everybody is a party say little about one of them, but a journalist looks for them, hence the
        logarithm and not a division.
        """
        by_family: dict[str, list[tuple[float, str, int]]] = defaultdict(list)
        for other, links in self.neighbours(node).items():
            statements = sum(len(link.edges) for link in links)
            weight = math.log1p(statements) + 0.5 * math.log1p(self._index.degree[other])
            lead = min(links, key=lambda link: FAMILIES.index(_family(link)))
            by_family[lead.family].append((-weight, self._index.nodes[other].id, other))
        queues = [sorted(by_family[family]) for family in FAMILIES if family in by_family]
        for turn in range(max(map(len, queues), default=0)):
            for queue in queues:
                if turn < len(queue):
                    yield queue[turn][2]

    def groups(self) -> Iterator[tuple[int, Family, list[int]]]:
        """The neighbours of opened nodes that are not shown, by family."""
        for node in self.opened:
            if node not in self.shown:
                continue
            folded: dict[int, list[int]] = defaultdict(list)
            for other, links in self.neighbours(node).items():
                if other not in self.shown:
                    folded[min(FAMILIES.index(_family(link)) for link in links)].append(other)
            for family, members in sorted(folded.items()):
                yield node, FAMILIES[family], sorted(members)

    def links(self) -> Iterator[Link]:
        """Every link among shown nodes that the families let through, in the order of the index."""
        for number in sorted({one for node in self.shown for one in self._index.incident[node]}):
            link = self._index.links[number]
            if link.a in self.shown and link.b in self.shown and link.a != link.b and self._state.shows(_family(link)):
                yield link


def _family(link: Link) -> Family:
    return link.family  # type: ignore[return-value]  # the index takes families from the same closed list


def _standing_of(several: Iterable[Standing]) -> Standing:
    """How a node or a line stands when its statements differ: what holds first, then what may hold."""
    found = set(several)
    for one in ("valid", "unknown", "ended", "future"):
        if one in found:
            return one
    return "valid"


def scene(state: State, reading: Reading, through: Iterable[int] = ()) -> Scene:
    """The scene of a state, without positions; `through` are the nodes that explain a path or that compared ones share.

    The whole network comes without its nodes and edges: `scene.json` holds them. Raises
    :class:`graph.read.index.UnknownNodeError`.
    """
    index, lang = reading.index, reading.lang
    on = state.asof or reading.today
    chosen = Selection(index, state, through)
    edges: list[Edge] = []
    touching: dict[int, list[Standing]] = defaultdict(list)
    for link in chosen.links():
        for one in statements(link, reading, on):
            edges.append(one)
            touching[link.a].append(one.standing)
            touching[link.b].append(one.standing)
    nodes = tuple(
        Node(
            id=entity.id,
            kind=kind_of(entity.kind),
            type=entity.kind,
            label=short(entity, lang),
            name=entity.label(lang),
            who=entity.description,
            degree=index.degree[entity.number],
            focus=entity.number in chosen.focus,
            standing="valid" if entity.number in chosen.focus else _standing_of(touching[entity.number]),
        )
        for entity in (index.nodes[number] for number in chosen.shown)
    )
    groups = tuple(_group(index, node, family, members, lang) for node, family, members in chosen.groups())
    return Scene(
        release=reading.release,
        date=reading.read,
        state=state.query(),
        lang=lang,
        as_of=on.isoformat(),
        caption=captions.caption(
            state,
            lang,
            on,
            [reading.name(index.find(one), lang) for one in state.focus],
            (nodes, edges, groups),
            len(index.nodes),
        ),
        nodes=nodes,
        edges=tuple(edges),
        groups=groups,
        counts=counts(index, state, nodes, edges),
    )


def lines(state: State, reading: Reading, through: Iterable[int] = ()) -> list[Line]:
    """Every connection of a view as a row of its table: those that are drawn and those of folded neighbours."""
    index, lang = reading.index, reading.lang
    on = state.asof or reading.today
    chosen = Selection(index, state, through)
    focus = set(chosen.focus)
    found: dict[int, tuple[Link, bool]] = {link.number: (link, False) for link in chosen.links()}
    for node, _, members in chosen.groups():
        folded = set(members)
        for far, links in chosen.neighbours(node).items():
            if far in folded:
                found.update({link.number: (link, True) for link in links if link.number not in found})
    rows = []
    for link, folded_ in found.values():
        lead = next(edge for edge in statements(link, reading, on) if edge.leads)
        a, b = (index.find(one) for one in (lead.source, lead.target))
        who, other = (b, a) if a.number in focus or (b.number not in focus and a.number in chosen.opened) else (a, b)
        rows.append(Line(lead, who, other, index.degree[who.number], len(link.edges), folded_))
    rows.sort(key=lambda row: (-row.degree, row.who.label(lang), row.edge.id))
    return rows


def _group(index: NetworkIndex, node: int, family: Family, members: list[int], lang: str) -> Group:
    """One folded group; it is named for the kind of its members where all are of one, else for the family."""
    kinds = Counter(kind_of(index.nodes[one].kind) for one in members)
    kind = max(KINDS, key=lambda one: kinds[one])
    single = kind if len(kinds) == 1 else None
    treaty = family == "treaty" and single == "state" and kind_of(index.nodes[node].kind) == "instrument"
    return Group(
        id=f"{index.nodes[node].id}:{family}",
        node=index.nodes[node].id,
        family=family,
        kind=kind,
        count=len(members),
        label=words.parties(len(members), lang) if treaty else words.more(single, len(members), lang, family),
    )


def statements(link: Link, reading: Reading, on: date) -> Iterator[Edge]:
    """Every statement of a link on a day; the one that stands for it is marked and named by all."""
    index = reading.index
    shown = network.shown(index, link, on)
    lead = index.edges[shown.edge if shown else link.edges[0]]
    for number in link.edges:
        edge = index.edges[number]
        yield Edge(
            id=local(index, edge),
            source=index.nodes[edge.subject].id,
            target=index.nodes[edge.object].id,
            predicate=edge.predicate,
            family=edge.family,  # type: ignore[arg-type]  # same closed list
            kind=edge.kind,
            label=reading.say(edge, reading.lang, on),
            directed=edge.directed,
            start=edge.start.isoformat() if edge.start else None,
            end=edge.end.isoformat() if edge.end else None,
            standing=standing(index, edge, on),
            inferred=bool(edge.rule),
            link=local(index, lead),
            leads=edge is lead,
            sources=len(edge.sources),
        )


def local(index: NetworkIndex, edge: Statement) -> str:
    """The path of a statement below `id/`."""
    return index.ids.local(edge.iri) or edge.iri


def counts(index: NetworkIndex, state: State, nodes: tuple[Node, ...], edges: list[Edge]) -> dict[str, dict[str, int]]:
    """How many lines of each family and nodes of each kind are there, and how lines stand that day.

    The whole network is counted from the index, since its scene comes without nodes and edges.
    """
    if state.show == "whole":
        of_family = Counter(_family(link) for link in index.links if link.a != link.b and state.shows(_family(link)))
        of_kind = Counter(kind_of(node.kind) for node in index.nodes)
        return {
            "families": {family: of_family[family] for family in FAMILIES},
            "kinds": {kind: of_kind[kind] if not state.kinds or kind in state.kinds else 0 for kind in KINDS},
            "standing": {},
        }
    leads = [edge for edge in edges if edge.leads]
    return {
        "families": {family: sum(edge.family == family for edge in leads) for family in FAMILIES},
        "kinds": {kind: sum(node.kind == kind for node in nodes) for kind in KINDS},
        "standing": dict(sorted(Counter(edge.standing for edge in leads).items())),
    }
