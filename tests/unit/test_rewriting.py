"""Queries on a release that stands among others in one engine: they answer as on the release alone.

The engine is Oxigraph, which follows the standard to the letter; two releases stand in it, the second is asked.
"""

from __future__ import annotations

import pytest
from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
)

from graph.read.library import load
from graph.read.remote import rows_of
from graph.read.store import BadQuery, Rows
from graph.remote import answers, placing
from graph.remote.placing import Place
from graph.remote.rewriting import HIDDEN, form, rewritten, with_prefixes, without_limit
from tests.stores.answers import DATA, answer, expected

LIBRARY = load()
PLACE = Place(7, stands=True)
PREFIXES = "PREFIX ex: <http://example.org/> "
TRIG = """
PREFIX ex: <http://example.org/>
ex:one { ex:a ex:knows ex:b . ex:b ex:name "b" . }
ex:two { ex:a ex:knows ex:b, ex:c . ex:c ex:name "c" . ex:two ex:title "two" . }
"""


def placed(trig: str, place: Place) -> list[Quad]:
    """The quads of a release as they stand in an engine."""
    quads = list(parse(trig, format=RdfFormat.TRIG))
    names = sorted({one.graph_name.value for one in quads if isinstance(one.graph_name, NamedNode)})
    graph = {name: NamedNode(place.graph(number)) for number, name in enumerate(names, 1)}
    default = NamedNode(place.default)
    found = [Quad(one.subject, one.predicate, one.object, default) for one in quads]
    found += [Quad(one.subject, one.predicate, one.object, graph[one.graph_name.value]) for one in quads]  # type: ignore[union-attr]
    named = NamedNode(placing.NAMES)
    return found + [Quad(graph[one], named, NamedNode(one), NamedNode(place.names)) for one in names]


def alone(trig: str) -> Store:
    """The release as the embedded store holds it."""
    store = Store()
    quads = list(parse(trig, format=RdfFormat.TRIG))
    store.extend([*quads, *(Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in quads)])
    return store


def among(trig: str) -> Store:
    """The release on its place, another one beside it, and something that is no release in the default graph."""
    store = Store()
    other = 'PREFIX ex: <http://example.org/> ex:one { ex:a ex:knows ex:other . ex:other ex:name "other" }'
    store.extend([*placed(trig, PLACE), *placed(other, Place(6, stands=True))])
    store.add(Quad(NamedNode("http://example.org/a"), NamedNode("http://example.org/knows"), NamedNode("x:y")))
    return store


def asked(store: Store, query: str) -> Rows:
    """A SELECT as the remote store would read its answer."""
    result = store.query(query)
    assert isinstance(result, QuerySolutions)
    cleaned = answers.rows(result.serialize(format=QueryResultsFormat.JSON) or b"")
    assert isinstance(cleaned, QuerySolutions)
    return rows_of(cleaned)


@pytest.fixture(scope="module")
def small() -> Store:
    return among(DATA.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LIBRARY)
def test_named_query(name: str, small: Store) -> None:
    assert answer(LIBRARY[name], lambda query: asked(small, rewritten(query, PLACE))) == expected(name)


SELECTS = (
    "SELECT * { ?s ?p ?o }",
    "SELECT * WHERE { GRAPH ?g { ?s ex:knows ?o } }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ex:knows ?o } }",
    "SELECT DISTINCT ?o { GRAPH ?g { ?s ex:knows ?o } }",
    "SELECT ?o { GRAPH ex:two { ?s ex:knows ?o } }",
    "SELECT ?o { GRAPH<http://example.org/two>{?s ex:knows ?o}}",
    "SELECT ?o { GRAPH ex:three { ?s ex:knows ?o } }",
    "SELECT ?g ?t { GRAPH ?g { ?g ex:title ?t } }",
    "SELECT ?g ?o { ?s ex:knows ?o GRAPH ?g { ?o ex:name ?n } }",
    "SELECT ?g ?h { GRAPH ?g { ?s ex:knows ?o . GRAPH ?h { ?o ex:name ?n } } }",
    "SELECT ?s { ?s ?p ?o FILTER EXISTS { GRAPH ex:two { ?s ex:name ?n } } }",
    "SELECT ?o { ?s ex:knows ?o OPTIONAL { GRAPH ?g { ?o ex:name ?n } } MINUS { GRAPH ex:one { ?o ex:name ?m } } }",
    "SELECT ?o (EXISTS { ?o ex:name ?n } AS ?named) { ex:a ex:knows ?o }",
    "SELECT ?o { { SELECT ?o { ?s ex:knows ?o } } UNION { GRAPH ?g { ?o ex:title ?t } } }",
    "SELECT ?o { ?s ex:knows ?o } VALUES ?o { ex:b }",
    "SELECT ?o { ?s ex:knows ?o } ORDER BY (EXISTS { ?o ex:name 'c' }) ?o LIMIT 1",
    'SELECT ?x { VALUES ?x { "GRAPH ?g { } # \' }" } }  # GRAPH ?g {',
    "SELECT ?o { ex:a (ex:knows|ex:name)+ ?o }",
)


@pytest.mark.parametrize("query", SELECTS)
def test_select(query: str) -> None:
    on_place = asked(among(TRIG), rewritten(PREFIXES + query, PLACE))
    on_its_own = asked(alone(TRIG), PREFIXES + query)
    assert sorted(on_place.columns) == sorted(on_its_own.columns)
    assert sorted(map(str, on_place.values()), key=str) == sorted(map(str, on_its_own.values()), key=str)


CONSTRUCTS = (
    "CONSTRUCT { ?s ex:title ?o } WHERE { GRAPH ?g { ?s ex:knows ?o } }",
    "CONSTRUCT WHERE { ?s ex:knows ?o }",
    "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
    "DESCRIBE ex:a",
    "DESCRIBE ex:a ex:b",
    "DESCRIBE ?s WHERE { ?s ex:name 'b' }",
    "DESCRIBE ex:a ?s { GRAPH ex:two { ?s ex:name ?n } } ORDER BY ?n LIMIT 2",
)


@pytest.mark.parametrize("query", CONSTRUCTS)
def test_construct(query: str) -> None:
    on_place, on_its_own = among(TRIG).query(rewritten(PREFIXES + query, PLACE)), alone(TRIG).query(PREFIXES + query)
    assert isinstance(on_place, QueryTriples)
    assert isinstance(on_its_own, QueryTriples)
    triples = set(on_its_own)
    assert triples
    assert set(on_place) == triples


def test_ask() -> None:
    store = among(TRIG)
    assert store.query(rewritten(PREFIXES + "ASK { ?s ex:name 'c' }", PLACE))
    assert not store.query(rewritten(PREFIXES + "ASK { ?s ex:name 'other' }", PLACE))
    assert not store.query(rewritten(PREFIXES + "ASK { GRAPH ex:one { ?s ex:name 'c' } }", PLACE))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * FROM <a:b> { ?s ?p ?o }", "FROM"),
        ("SELECT * FROM NAMED <a:b> { GRAPH ?g { ?s ?p ?o } }", "FROM"),
        ("DESCRIBE * { ?s ?p ?o }", "DESCRIBE"),
        ("SELECT * { ?s ?p ?o ", "never closed"),
        ("SELECT * { ?s ?p ?o } }", "never opened"),
        ("SELECT * { GRAPH { ?s ?p ?o } }", "GRAPH"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "SELECT, ASK"),
        (f"SELECT * {{ ?{HIDDEN}1 ?p ?o }}", HIDDEN),
        ("SELECT * { \\u0047RAPH ?g { ?s ?p ?o } }", "escape"),
        ('SELECT * { ?s ?p "\\u0022 } GRAPH ?g { ?s ?p ?o } #" }', "escape"),
        ("SELECT * { ?s ?p <a:\\u003E> }", "escape"),
    ],
)
def test_what_cannot_be_asked_says_so(query: str, says: str) -> None:
    with pytest.raises(BadQuery, match=says):
        rewritten(query, PLACE)


def test_prefixes_are_declared_once() -> None:
    known = {"ex": "http://example.org/", "id": "http://example.org/id/"}
    assert with_prefixes("SELECT * { ex:a ?p 'id:b' }", known).startswith("PREFIX ex: <http://example.org/>\nSELECT")
    own = "PREFIX ex: <x:> SELECT * { ex:a ?p ?o }"
    assert with_prefixes(own, known) == own


def test_small_readings() -> None:
    assert form("PREFIX a: <b:SELECT> # ASK\nconstruct {} {}") == "CONSTRUCT"
    assert form("nothing") == ""
    assert without_limit("SELECT * {} ORDER BY ?a LIMIT 20\n") == ("SELECT * {} ORDER BY ?a ", 20)
    for kept in ("SELECT * {} LIMIT 2", "SELECT * { SELECT * {} ORDER BY ?a LIMIT 2 }", "SELECT * {} ORDER BY ?a"):
        assert without_limit(kept) == (kept, None)
    paged = "SELECT * {} ORDER BY ?a OFFSET 3 LIMIT 2"
    assert without_limit(paged) == (paged, None)
