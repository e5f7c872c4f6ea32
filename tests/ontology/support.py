"""What the tests of the ontology share: its graph, a store over an example, and what a file is an example of."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store, Triple, parse
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

import ontology
from graph.build import infer
from graph.ids import PAL, PREFIXES, Ids

EXAMPLES = Path(__file__).with_name("examples")
TERMS = Namespace(PAL)
SKOS = Namespace(PREFIXES["skos"])

#: The base of the examples: another one than that of the release, so that nothing may depend on it.
IDS = Ids("https://example.org/data/")

#: The rule that climbs to broader classes; checks and shapes expect that it has run.
BROADER = "10-broader-classes"


@cache
def terms() -> Graph:
    """Classes, properties and kinds of edges."""
    graph = Graph()
    for file in [*ontology.core(), ontology.edges()]:
        graph.parse(data=file.read_text("utf-8"), format="turtle")
    return graph


@cache
def everything() -> frozenset[Quad]:
    """The whole ontology as a build loads it, in the graph of the ontology."""
    files = [*ontology.core(), ontology.edges(), *ontology.schemes(), *ontology.alignments()]
    name = NamedNode(IDS.graph("ontology"))
    return frozenset(
        Quad(quad.subject, quad.predicate, quad.object, name)
        for file in files
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE)
    )


def of_type(graph: Graph, kind: URIRef) -> list[URIRef]:
    """The IRIs of one type, in order."""
    return sorted({one for one in graph.subjects(RDF.type, kind) if isinstance(one, URIRef)})


def texts(graph: Graph, node: Node, property_: URIRef) -> dict[str, str]:
    """The texts of a node under one property, by language. Two in one language are an :class:`AssertionError`."""
    found = [one for one in graph.objects(node, property_) if isinstance(one, Literal)]
    by_language = {str(one.language): str(one) for one in found}
    assert len(by_language) == len(found), f"{node} {property_}: two texts in one language"
    return by_language


def store_of(example: Path) -> Store:
    """A store as a build makes it: the ontology, the example's graphs, and their union as the default graph."""
    quads = set(parse(example.read_bytes(), format=RdfFormat.TRIG))
    return infer.store_of(set(everything()) | quads)


def construct(store: Store, rule: infer.Rule) -> set[Triple]:
    """What one rule makes, as it stands."""
    made = store.query(rule.text)
    assert isinstance(made, QueryTriples)
    return set(made)


def add(store: Store, triples: set[Triple]) -> None:
    """Put what a rule made where the next rule sees it."""
    graph = NamedNode(IDS.graph("inferred"))
    for one in triples:
        store.add(Quad(one.subject, one.predicate, one.object))
        store.add(Quad(one.subject, one.predicate, one.object, graph))


def broaden(store: Store) -> None:
    """Run the rule that climbs to broader classes."""
    rule = next(one for one in infer.rules() if one.name == BROADER)
    add(store, construct(store, rule))


def rows(store: Store, query: str) -> list[str]:
    """The rows of a check, as text."""
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return sorted(str(row) for row in found)
