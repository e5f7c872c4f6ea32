"""Explanations of how two nodes are connected: several, of different kinds, the most telling first.

Plain shortest paths say nothing here: through a treaty with 190 parties every pair of states is at distance two. A path
is the more telling the more specific its relations are and the fewer others share them. Every step costs

    what its relation costs by itself          (a launch together 0.6, a treaty in common 2.0; COST)
    at each node passed through
    + PASSED                                   fewer steps are better
    + SHARED x log(fan)                        how many links of the same relation and direction the node has
    + BUSY x log(degree)                       how many nodes it is linked to at all
    + what its kind adds                       a state contains everything and explains little; a common project much
    - BUILT x log(1 + other links)             of a treaty: bodies, plans and laws that rest on it

so that one of a project's two funders is near and one of a treaty's 190 parties is far. Every path of up to three
links is weighed, and of four where less is found. Each belongs to one kind, named for the most telling thing in it;
of each kind the best comes first, and one that passes through the same nodes as a better one is left out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from graph.read.index import FAMILIES, Edge, NetworkIndex
from graph.read.network import Filter, Shown

#: What a relation costs by itself, the less the more it says about two nodes in particular.
COST: Final[Mapping[str, float]] = MappingProxyType(
    {
        "launchedWith": 0.6,
        "signedAgreementWith": 0.7,
        "launched": 0.8,
        "implements": 0.8,
        "funds": 0.8,
        "coordinates": 0.9,
        "administers": 0.9,
        "secretariatOf": 0.9,
        "holdsMandate": 0.9,
        "chairs": 0.9,
        "monitors": 0.9,
        "hosts": 1.2,
        "mandatedBy": 1.0,
        "partOf": 1.0,
        "contributesTo": 1.1,
        "cooperatesWith": 1.1,
        "participatesIn": 1.2,
        "reportsTo": 1.1,
        "adopted": 1.2,
        "decided": 1.2,
        "respondent": 1.2,
        "succeeds": 1.2,
        "supports": 1.3,
        "memberOf": 1.4,
        "takesPlaceIn": 1.5,
        "basedIn": 1.5,
        "partyTo": 2.0,
    }
)
#: Signatures and other acts on treaties, and relations that are not listed.
_OTHER: Final = 2.2
PASSED: Final = 1.2
SHARED: Final = 0.75
BUSY: Final = 0.3
BUILT: Final = 0.8
#: Of some treaties only a few participants are recorded; each is taken to have at least this many.
PARTIES: Final = 50
_KIND: Final[Mapping[str, float]] = MappingProxyType(
    {"State": 2.5, "Territory": 2.5, "Project": -0.6, "Initiative": -0.6, "Campaign": -0.3}
)
#: An undated statement is a weaker explanation than a dated one.
UNDATED: Final = 0.15
#: A fourth link is sought only where fewer kinds than this are found with three.
ENOUGH: Final = 3
#: An explanation of three or more links that costs this much more than the best one does not help anybody.
WORSE: Final = 8.0

#: Lines that one day may keep, each with its hops some 500 bytes.
_KEPT: Final = 100_000

#: Kinds of explanation, the most telling thing first, with what they are called.
KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "direct": ("Directly", "Directement"),
        "project": ("Through a project", "Par un projet"),
        "initiative": ("Through a joint initiative or campaign", "Par une initiative ou une campagne commune"),
        "person": ("Through a person or a mandate", "Par une personne ou un mandat"),
        "judgment": ("Through a judgment", "Par un arrêt"),
        "treaty": ("Through a treaty", "Par un traité"),
        "instrument": ("Through a law, plan or resolution", "Par une loi, un plan ou une résolution"),
        "association": ("Through an association or a network", "Par une association ou un réseau"),
        "monitoring": ("Through monitoring", "Par un mécanisme de suivi"),
        "funding": ("Through funding", "Par un financement"),
        "mandate": ("Through a mandate", "Par une mission confiée"),
        "cooperation": ("Through cooperation", "Par la coopération"),
        "structure": ("Through membership", "Par l’appartenance à un même ensemble"),
    }
)
_INITIATIVES: Final = frozenset({"Initiative", "Campaign"})
_ASSOCIATIONS: Final = frozenset({"CivilSocietyOrganisation", "Network", "ResearchBody"})
_TREATIES: Final = frozenset({"Treaty", "Protocol"})
_PERSONS: Final = frozenset({"Person", "Mandate"})
_BY_FAMILY: Final = ("monitoring", "funding", "mandate", "cooperation", "structure")
assert set(_BY_FAMILY) | {"treaty"} == set(FAMILIES)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of an explanation, walked from `start` to `end` (node numbers)."""

    start: int
    end: int
    line: Shown


@dataclass(frozen=True, slots=True)
class Explanation:
    """One way in which two nodes are connected: its kind (a key of :data:`KINDS`), its cost, its steps."""

    kind: str
    cost: float
    steps: tuple[Step, ...]

    @property
    def through(self) -> tuple[int, ...]:
        """The nodes in between."""
        return tuple(step.end for step in self.steps[:-1])


@dataclass(frozen=True, slots=True)
class _Hop:
    """A link that may be walked: to which node, by which line, and what it costs at either end when passed through."""

    end: int
    line: Shown
    cost: float
    at_start: float
    at_end: float


class Paths:
    """Explanations within a network, as of any day; what a node costs on that day is worked out once, when a path first
    comes near it, and kept. So a first path costs what stands around its ends, however large the rest is."""

    def __init__(self, index: NetworkIndex, as_of: date | None = None, families: frozenset[str] = frozenset()) -> None:
        self._index = index
        self._only = Filter(families=families, as_of=as_of)
        self._line_of: dict[int, Shown | None] = {}
        self._fan_of: dict[int, Counter[tuple[str, bool]]] = {}
        self._hops_of: dict[int, tuple[_Hop, ...]] = {}
        self._through_of: dict[int, float] = {}

    def _line(self, number: int) -> Shown | None:
        if number not in self._line_of:
            self._line_of[number] = self._only.link(self._index, self._index.links[number])
        return self._line_of[number]

    def _fan(self, node: int) -> Counter[tuple[str, bool]]:
        """How many links of each relation and direction a node has."""
        found = self._fan_of.get(node)
        if found is None:
            found = Counter()
            for number in self._index.incident[node]:
                if (line := self._line(number)) is not None:
                    edge = self._index.edges[line.edge]
                    if edge.subject == node:
                        found[_relation(edge), edge.directed] += 1
                    if edge.object == node:
                        found[_relation(edge), False] += 1
            self._fan_of[node] = found
        return found

    def _hops(self, node: int) -> tuple[_Hop, ...]:
        """The links that may be walked from a node."""
        found = self._hops_of.get(node)
        if found is None:
            found = self._hops_of[node] = tuple(self._walkable(node))
        return found

    def _walkable(self, node: int) -> Iterator[_Hop]:
        for number in self._index.incident[node]:
            line = self._line(number)
            if line is None:
                continue
            edge = self._index.edges[line.edge]
            if edge.subject == edge.object:
                continue
            relation = _relation(edge)
            cost = COST.get(edge.predicate, _OTHER) + (UNDATED if line.standing == "unknown" else 0.0)
            least = PARTIES if relation == "treaty" else 1
            sides = {
                edge.subject: SHARED * math.log(self._fan(edge.subject)[relation, edge.directed]),
                edge.object: SHARED * math.log(max(least, self._fan(edge.object)[relation, False])),
            }
            end = edge.other(node)
            yield _Hop(end, line, cost, sides[node], sides[end])

    def _through(self, number: int) -> float:
        """What it costs to pass through a node, besides what its relations cost there."""
        found = self._through_of.get(number)
        if found is None:
            node, hops = self._index.nodes[number], self._hops(number)
            found = PASSED + _KIND.get(node.kind, 0.0) + BUSY * math.log(max(1, len({hop.end for hop in hops})))
            if node.kind in _TREATIES:
                parties = sum(_relation(self._index.edges[hop.line.edge]) == "treaty" for hop in hops)
                found -= BUILT * math.log(1 + len(hops) - parties)
            self._through_of[number] = found
        return found

    def _make_room(self) -> None:
        """Forget what is kept where it is much: a network of today's size stays, a hundred times that does not."""
        if len(self._line_of) > _KEPT:
            for kept in (self._line_of, self._fan_of, self._hops_of, self._through_of):
                kept.clear()

    def between(self, a: int, b: int, limit: int = 6) -> list[Explanation]:
        """Up to `limit` explanations of how a and b are connected: the best of each kind, by cost, then further ones.

        Raises :class:`ValueError` where a and b are one node.
        """
        if a == b:
            raise ValueError("two different nodes are needed")
        self._make_room()
        found = list(self._walks(a, b, 3))
        if len({one.kind for one in found}) < ENOUGH:
            found += self._four(a, b)
        return _choose(found, limit)

    def _walks(self, a: int, b: int, longest: int) -> Iterator[Explanation]:
        """Every simple path of up to `longest` (2 or 3) links, each pair of neighbours by its cheapest line but
        direct links all."""
        last: dict[int, list[_Hop]] = defaultdict(list)
        for hop in self._hops(b):
            last[hop.end].append(hop)
        for first in self._hops(a):
            if first.end == b:
                yield self._explanation(a, [first])
                continue
            for back in last.get(first.end, ()):
                yield self._explanation(a, [first, _turned(back, b)])
            if longest < 3:
                continue
            for second in self._hops(first.end):
                if second.end not in (a, b):
                    for back in last.get(second.end, ()):
                        yield self._explanation(a, [first, second, _turned(back, b)])

    def _four(self, a: int, b: int) -> Iterator[Explanation]:
        """Paths of four links that meet in the middle, for each middle by the cheapest way from either end."""
        ways: list[dict[int, tuple[float, list[_Hop]]]] = []
        for end, other in ((a, b), (b, a)):
            best: dict[int, tuple[float, list[_Hop]]] = {}
            for first in self._hops(end):
                for second in self._hops(first.end) if first.end != other else ():
                    cost = first.cost + first.at_end + self._through(first.end) + second.at_start + second.cost
                    cost += second.at_end
                    if second.end not in (a, b) and cost < best.get(second.end, (math.inf, []))[0]:
                        best[second.end] = cost, [first, second]
            ways.append(best)
        for middle in sorted(ways[0].keys() & ways[1].keys()):
            near, far = ways[0][middle][1], ways[1][middle][1]
            if near[0].end != far[0].end:
                yield self._explanation(a, [*near, _turned(far[1], far[0].end), _turned(far[0], b)])

    def _explanation(self, a: int, hops: list[_Hop]) -> Explanation:
        cost, steps, start = 0.0, [], a
        for position, hop in enumerate(hops):
            cost += hop.cost
            if position:
                cost += hop.at_start
            if position < len(hops) - 1:
                cost += hop.at_end + self._through(hop.end)
            steps.append(Step(start, hop.end, hop.line))
            start = hop.end
        return Explanation(self._kind(steps), round(cost, 4), tuple(steps))

    def _kind(self, steps: list[Step]) -> str:
        if len(steps) == 1:
            return "direct"
        index = self._index
        between = [index.nodes[step.end] for step in steps[:-1]]
        kinds = {node.kind for node in between}
        edges = [index.edges[step.line.edge] for step in steps]
        if "Project" in kinds:
            return "project"
        if kinds & _INITIATIVES:
            return "initiative"
        if kinds & _PERSONS:
            return "person"
        if "Judgment" in kinds:
            return "judgment"
        families = {edge.family for edge in edges}
        if kinds & _TREATIES:
            return "treaty"
        if any(node.group == "Instrument" for node in between):
            return "instrument"
        if kinds & _ASSOCIATIONS:
            return "association"
        return next(family for family in _BY_FAMILY if family in families)


def _relation(edge: Edge) -> str:
    """Acts of a treaty count as one relation with the status they lead to."""
    return "treaty" if edge.kind in ("TreatyAction", "PartyStatus") else edge.predicate


def _turned(hop: _Hop, end: int) -> _Hop:
    """The same link walked the other way, to `end`."""
    return _Hop(end, hop.line, hop.cost, hop.at_end, hop.at_start)


def _choose(found: list[Explanation], limit: int) -> list[Explanation]:
    """The best of each kind by cost, then the next ones; none through a node that a chosen one passes through."""
    ordered = sorted(found, key=lambda one: (one.cost, [step.line.edge for step in one.steps]))
    if not ordered:
        return []
    near = [one for one in ordered if len(one.steps) < 3 or one.cost <= ordered[0].cost + WORSE]
    chosen: list[Explanation] = []
    kinds: set[str] = set()
    passed: set[int] = set()
    for first in (True, False):
        for one in near:
            again = first and one.kind in kinds and one.kind != "direct"
            if len(chosen) < limit and one not in chosen and not again and not passed & set(one.through):
                chosen.append(one)
                kinds.add(one.kind)
                passed |= set(one.through)
    return sorted(chosen, key=lambda one: one.cost)
