"""Rules to a fixed point: every CONSTRUCT file of the ontology, in the order of its number, until nothing is new.

Rules see the default graph (the deduplicated union, so that a triple from two sources counts once) and the source
graphs by name. All they make that no source states stands in the graph `inferred`, and names its premises itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, Store

from graph.build.findings import BuildError
from graph.build.vocabulary import resource
from graph.ids import Ids

#: Rules that still make something new after this many rounds feed each other for ever.
MAX_ROUNDS: Final = 12


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT: the file's name without its ending, and its text."""

    name: str
    text: str


def rules() -> list[Rule]:
    """Every rule file, in the order in which they run."""
    return [Rule(file.name.removesuffix(".rq"), file.read_text("utf-8")) for file in resource("rules", ".rq")]


def store_of(quads: set[Quad]) -> Store:
    """An in-memory store with every quad by source and their deduplicated union as the default graph."""
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend(Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in quads)
    return store


def infer(store: Store, ids: Ids, every: list[Rule]) -> tuple[set[Quad], dict[str, int]]:
    """Run rules until a whole round makes nothing new, adding to the store. Returns the inferred quads and how many
    triples each rule made. Raises :class:`BuildError` for a rule that is not SPARQL, is no CONSTRUCT, makes blank
    nodes (they would differ from build to build) or never comes to an end."""
    graph = NamedNode(ids.graph("inferred"))
    made: set[Quad] = set()
    # What a source states needs no rule, and an inverse of an inverse is no second witness.
    stated = {one.triple for one in store.quads_for_pattern(None, None, None, DefaultGraph())}
    counts = dict.fromkeys((rule.name for rule in every), 0)
    for _ in range(MAX_ROUNDS):
        before = len(made)
        for rule in every:
            fresh = {one for one in _run(store, rule, graph) - made if one.triple not in stated}
            made |= fresh
            counts[rule.name] += len(fresh)
            store.extend(fresh)
            store.extend(Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in fresh)
        if len(made) == before:
            return made, counts
    raise BuildError("inference", [f"no fixed point after {MAX_ROUNDS} rounds"])


def _run(store: Store, rule: Rule, graph: NamedNode) -> set[Quad]:
    try:
        result = store.query(rule.text)
    except SyntaxError as error:
        raise BuildError("inference", [f"rules/{rule.name}.rq: {error}"]) from None
    if not isinstance(result, QueryTriples):
        raise BuildError("inference", [f"rules/{rule.name}.rq: a rule is a CONSTRUCT"])
    found: set[Quad] = set()
    for triple in result:
        subject = triple.subject
        if not isinstance(subject, NamedNode) or triple.object.__class__.__name__ == "BlankNode":
            raise BuildError("inference", [f"rules/{rule.name}.rq: makes the blank or quoted node {subject}"])
        found.add(Quad(subject, triple.predicate, triple.object, graph))
    return found
