"""What stands behind what is drawn: for a line its statements with their sources, for a node all that is said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.ids import PAL
from graph.read import labels, statements
from graph.read.index import Edge, Link, NetworkIndex, Node, Source
from graph.read.network import shown
from viz import view
from viz.desk import Desk
from viz.scene import FAMILIES, Family, Kind, Standing, kind_of
from viz.state import State

#: Sentences of one family in the panel of a node; the entity's page has them all.
MOST_SENTENCES: Final = 8


@dataclass(frozen=True)
class Said:
    """A statement in words. `path` is its id below `id/`, `day` the comparable day (empty: not known)."""

    path: str
    iri: str
    sentence: str
    family: Family
    standing: Standing
    day: str
    other: str = ""


@dataclass(frozen=True)
class Proof:
    """A statement with who says it: `sources` state it; an inferred one has a rule (its name) and premises."""

    said: Said
    sources: tuple[Source, ...]
    rule: str
    premises: tuple[tuple[Said, tuple[Source, ...]], ...]


@dataclass(frozen=True)
class Evidence:
    """What stands behind one line: the statement that was asked for first, then the others of the same connection."""

    first: Proof
    others: tuple[Proof, ...]
    ends: tuple[Node, Node]


@dataclass(frozen=True)
class Relations:
    """Sentences of one family about a node, newest first; `count` of them in all."""

    family: Family
    count: int
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Profile:
    """A node as its panel tells it."""

    node: Node
    kind: Kind
    type: str
    name: str
    names: tuple[str, ...]
    relations: tuple[Relations, ...]
    sources: tuple[Source, ...]
    degree: int


def said(desk: Desk, edge: Edge, lang: str, on: date, seen_from: int = -1) -> Said:
    """One statement in words on a day."""
    index = desk.index
    return Said(
        view.local(index, edge),
        edge.iri,
        desk.say(edge, lang, on),
        edge.family,  # type: ignore[arg-type]  # same closed list
        view.standing(index, edge, on),
        edge.start.isoformat() if edge.start else "",
        index.nodes[edge.other(seen_from)].id if seen_from >= 0 else "",
    )


def evidence(desk: Desk, path: str, lang: str, on: date) -> Evidence:
    """What stands behind a statement. Raises :class:`graph.read.index.UnknownNodeError`."""
    index = desk.index
    edge = index.edge(path)
    link = index.links[edge.link]
    order = [edge, *(index.edges[one] for one in link.edges if one != edge.number)]
    first, *others = proofs(desk, order, lang, on)
    return Evidence(first, tuple(others), (index.nodes[edge.subject], index.nodes[edge.object]))


def proofs(desk: Desk, edges: Sequence[Edge], lang: str, on: date) -> list[Proof]:
    """Who says each statement, or from what it follows, in the order given."""
    index = desk.index
    records = {one.iri: one for one in statements.read(desk.store, [edge.iri for edge in edges])}
    premises = sorted({iri for one in records.values() for iri in one.premises})
    behind = {one.iri: one for one in statements.read(desk.store, premises)}
    by_iri = {source.iri: source for source in index.sources}
    found = []
    for edge in edges:
        record = records.get(edge.iri)
        own = tuple(by_iri[iri] for iri in record.sources if iri in by_iri) if record else ()
        reasons = []
        for iri in record.premises if record else ():
            if iri in index.statements:
                premise = behind.get(iri)
                cited = tuple(by_iri[one] for one in premise.sources if one in by_iri) if premise else ()
                because = index.edges[index.statements[iri]]
                # a premise that was inferred itself rests on the sources of its own premises
                cited = cited or tuple(index.sources[one] for one in because.sources)
                reasons.append((said(desk, because, lang, on), cited))
        rule = record.rule.rpartition("/")[2] if record else ""
        found.append(Proof(said(desk, edge, lang, on), own, rule, tuple(reasons)))
    return found


def profile(desk: Desk, local: str, state: State, lang: str, on: date) -> Profile:
    """A node with what is said of it. Raises :class:`graph.read.index.UnknownNodeError`."""
    index = desk.index
    node = index.find(local)
    by_family: dict[str, list[Said]] = defaultdict(list)
    cited: dict[int, int] = defaultdict(int)
    for other, link in index.neighbours(node.number):
        if other == node.number or not state.shows(link.family):  # type: ignore[arg-type]  # same closed list
            continue
        lead = _lead(index, link, on)
        by_family[link.family].append(said(desk, lead, lang, on, node.number))
        for number in lead.sources:
            cited[number] += 1
    relations = tuple(
        Relations(family, len(by_family[family]), tuple(sorted(by_family[family], key=_newest)[:MOST_SENTENCES]))
        for family in FAMILIES
        if family in by_family
    )
    name = node.label(lang)
    type_ = labels.of(desk.store, [PAL + node.kind], lang)[PAL + node.kind].text
    most = sorted(cited, key=lambda one: (-cited[one], index.sources[one].id))[:MOST_SENTENCES]
    return Profile(
        node,
        kind_of(node.kind),
        type_,
        name,
        tuple(one for one in node.names if one != name),
        relations,
        tuple(index.sources[one] for one in most),
        index.degree[node.number],
    )


def _lead(index: NetworkIndex, link: Link, on: date) -> Edge:
    found = shown(index, link, on)
    return index.edges[found.edge if found else link.edges[0]]


def _newest(one: Said) -> tuple[bool, int, bool, str]:
    """What holds first, newest first; what no source dates comes after what is dated."""
    day = int(one.day.replace("-", "")) if one.day else 0
    return one.standing in ("ended", "future"), -day, not one.day, one.sentence
