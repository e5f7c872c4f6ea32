"""The network as one compact index in memory: built once per release from its store, immutable, shared by threads.

A node is an entity (actor, instrument, project, judgment), an edge one statement node. What a reader takes for one
connection is often several statements (a signature, a ratification and the status they lead to; a monitoring mandate
and its visits and reports): such edges form one :class:`Link`, and a view draws one line for a link unless it is
asked for every statement. Days are :class:`datetime.date`; `end` is exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from graph.ids import Ids

#: The lists of node kinds that are told apart at first sight; each kind is a class of the ontology below one of them.
Group = Literal["Actor", "Instrument", "Project", "Judgment"]
GROUPS: Final[tuple[Group, ...]] = ("Actor", "Instrument", "Project", "Judgment")

FAMILIES: Final = ("treaty", "monitoring", "cooperation", "funding", "structure", "mandate")

#: Statement kinds, and the order in which the edges of one link stand for it.
STATEMENTS: Final = ("PartyStatus", "Relation", "TreatyAction", "Evaluation")

#: Of the acts of one participant on one treaty, which one stands for the link while no party status does.
_ACTS: Final = MappingProxyType({"denounced": 0, "withdrewFrom": 0, "definitivelySigned": 2, "signed": 3})
_OTHER_ACT: Final = 1
_LATER_ACT: Final = 4


class UnknownNodeError(LookupError):
    """No node of the network has that identifier."""


@dataclass(frozen=True, slots=True)
class Node:
    """An entity. `kind` is its most specific class, `names` every name in any language with abbreviation and short
    name; `start` and `end` bound its existence where a source says so."""

    number: int
    iri: str
    id: str
    kind: str
    group: Group
    label_en: str
    label_fr: str
    abbreviation: str
    names: tuple[str, ...]
    description: str
    country: str
    start: date | None
    end: date | None

    def label(self, lang: str) -> str:
        """The name in that language, or else the other one, or else the identifier."""
        first, second = (self.label_fr, self.label_en) if lang == "fr" else (self.label_en, self.label_fr)
        return first or second or self.id


@dataclass(frozen=True, slots=True)
class EdgeType:
    """What a predicate means as an edge: its family, and verb phrases per language, read either way and once ended."""

    predicate: str
    family: str
    directed: bool
    label: Mapping[str, str]
    inverse: Mapping[str, str]
    ended: Mapping[str, str]
    ended_inverse: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edge:
    """One statement. `subject` and `object` are node numbers; `rule` names the inference rule, empty when a source
    states it.

    `start` is the day from which it holds: of an act or a report, its own day. `known_by` is the day by which a party
    with an unknown day certainly was one, `end_known_by` that by which one that left on an unknown day certainly had.
    `sources` are numbers of :attr:`NetworkIndex.sources`, those of the premises
    included.
    """

    number: int
    iri: str
    kind: str
    subject: int
    predicate: str
    object: int
    family: str
    directed: bool
    start: date | None
    end: date | None
    known_by: date | None
    end_known_by: date | None
    rule: str
    link: int
    sources: tuple[int, ...]

    def other(self, node: int) -> int:
        """The node at the other end."""
        return self.object if node == self.subject else self.subject


@dataclass(frozen=True, slots=True)
class Link:
    """Edges that are one connection of two nodes, the one that stands for it first. `a` < `b` are node numbers."""

    number: int
    a: int
    b: int
    family: str
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is cited."""

    number: int
    iri: str
    id: str
    title: str
    publisher: str
    url: str
    issued: str
    kind: str


@dataclass(frozen=True)
class NetworkIndex:
    """The whole network of a release. Sequences are indexed by the numbers that their items carry.

    `incident[n]` are the links of node n, `degree[n]` how many nodes it is linked to at any time. `kinds` has the
    label of each class per language, `classes` of each class that nodes have its group and how many have it. Of a large
    release all this stands in files and is read as it is asked for (:mod:`graph.read.packing`).
    """

    release: str
    ids: Ids
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    links: Sequence[Link]
    sources: Sequence[Source]
    types: Mapping[str, EdgeType]
    kinds: Mapping[str, Mapping[str, str]]
    classes: Mapping[str, tuple[Group, int]]
    incident: Sequence[tuple[int, ...]]
    degree: Sequence[int]
    aliases: Mapping[str, int] = field(repr=False)
    statements: Mapping[str, int] = field(repr=False)

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def named(self) -> list[str]:
        """What kinds of nodes there are, by class and by group, in alphabetical order."""
        return sorted({*self.classes, *(group for group, _ in self.classes.values())})

    def find(self, identifier: str) -> Node:
        """The node of a local id, an IRI, an ISO 3166-1 code or a Wikidata number.

        Raises :class:`UnknownNodeError`.
        """
        number = self.aliases.get(identifier)
        if number is None:
            number = self.aliases.get(identifier.strip().lower())
        if number is None:
            raise UnknownNodeError(identifier)
        return self.nodes[number]

    def edge(self, identifier: str) -> Edge:
        """The edge of a statement's IRI or path below `id/`. Raises :class:`UnknownNodeError`."""
        number = self.statements.get(identifier)
        if number is None:
            number = self.statements.get(self.ids.entity(identifier))
        if number is None:
            raise UnknownNodeError(identifier)
        return self.edges[number]

    def neighbours(self, node: int) -> Iterator[tuple[int, Link]]:
        """Every link of a node with the node at its other end."""
        for number in self.incident[node]:
            link = self.links[number]
            yield (link.b if link.a == node else link.a), link

    def between(self, a: int, b: int) -> list[Link]:
        """The links of two nodes."""
        if self.degree[b] < self.degree[a]:
            a, b = b, a
        return [link for other, link in self.neighbours(a) if other == b]


def link_key(kind: str, predicate: str, subject: int, object_: int) -> tuple[str, int, int]:
    """Edges with the same key are one link: the acts and the status of one party to one treaty; the mandate, visits
    and reports of one monitor on one state; the numbered periods of one relation."""
    if kind in ("TreatyAction", "PartyStatus"):
        return "treaty", subject, object_
    if predicate in ("monitors", "evaluated"):
        return "monitors", subject, object_
    return predicate, subject, object_


def rank(edge: Edge) -> tuple[int, int, bool, int, str]:
    """Orders the edges of a link: the one that stands for the whole first. What still holds goes before what has
    ended; of acts alone, a denunciation before a binding act before a signature."""
    kind = STATEMENTS.index(edge.kind)
    act = 0
    if edge.kind == "TreatyAction":
        act = _LATER_ACT if edge.predicate == "succeededToSignatureOf" else _ACTS.get(edge.predicate, _OTHER_ACT)
    return kind, act, edge.end is not None, (edge.start or date.max).toordinal(), edge.iri
