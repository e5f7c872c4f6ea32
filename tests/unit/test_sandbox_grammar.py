"""The grammar that finds mistakes has nothing against any query that the engine takes, and stops at the very token."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from api.sandbox.grammar import stop
from api.sandbox.syntax import explain, mistake
from graph.read import library

#: Together they use every rule of the grammar.
GOOD: Final = [
    "SELECT*{}",
    "BASE <http://a/> PREFIX : <b> PREFIX ex:<c#> SELECT DISTINCT ?a (1+-2*3/?b AS ?c) FROM <d> FROM NAMED ex:e { }",
    "SELECT REDUCED * WHERE { { SELECT ?a { ?a ?b ?c } VALUES ?a { 1 } } } GROUP BY ?a (?b AS ?d) STR(?a) ex:f(?a) "
    "HAVING (?a > 1) (?b) ORDER BY ASC(?a) DESC(?b) ?c LIMIT 1 OFFSET 2 VALUES (?a ?b) { (1 UNDEF) () }",
    "SELECT (COUNT(*) AS ?a) (COUNT(DISTINCT ?b) AS ?c) (GROUP_CONCAT(?d; SEPARATOR=',') AS ?e) (SAMPLE(?f) AS ?g) {}",
    "CONSTRUCT { ?a ?b ?c ; ex:d _:e , [] , [ a ex:f ] , ( 1 2 ) . } WHERE { ?a ?b ?c }",
    "CONSTRUCT WHERE { ?a ?b ?c . ?d ?e ?f }",
    "CONSTRUCT FROM <a> WHERE { } LIMIT 3",
    "DESCRIBE <a> ?b ex:c FROM <d> WHERE { ?b ?e ?f }",
    "DESCRIBE *{ ?a ?b ?c }",
    "ASK { ?a ex:b/^ex:c|(ex:d+)*/!(ex:e|^a)|!ex:f|!a? ?g }",
    "ASK { ?a ex:p 'x'@en-GB , \"y\"^^ex:t , '''z''' , 1 , -2.5 , +3e4 , true , false . "
    "[] ex:p () . (1) ex:q [ ex:r 1 ] }",
    "ASK { OPTIONAL { } MINUS { } GRAPH ?g { } SERVICE SILENT <s> { } { } UNION { } FILTER(true) BIND(1 AS ?x) "
    "VALUES ?y { 1 'a' <b> } VALUES () { () } FILTER NOT EXISTS { ?a ?b ?c } FILTER EXISTS { } . }",
    "ASK { FILTER(?a = 1 || ?b != 2 && !(?c <= 3) || ?d IN (1, 2) || ?e NOT IN () || ?f >= -1) "
    "FILTER regex(?a, 'b', 'i') FILTER ex:f(DISTINCT ?a, 1) FILTER(NOW() < 1) FILTER(IF(?a, 1, COALESCE(?b, 2)) > 1) }",
    "ask where { ?a ?b ?c } order by ?a",
    "SELECT ?a { ?a ?b ?c ; . ?d ?e ?f ; ; ex:g 1 }",
]


@pytest.mark.parametrize("query", GOOD)
def test_good_queries_are_good(query: str) -> None:
    text = query if "PREFIX" in query else f"PREFIX ex: <x:> {query}"
    assert stop(text) is None


def test_every_named_query_is_good() -> None:
    queries = library.load()
    assert len(queries) >= 40
    assert {name: found for name, query in queries.items() if (found := stop(query.body))} == {}


@pytest.mark.parametrize(
    ("query", "found", "expected"),
    [
        ("SELECT ?a ?b", "", '"{"'),
        ("SELECT { }", "{", "a variable"),
        ("ASK { ?a ?b }", "}", "an IRI"),
        ("ASK { ?a ?b ?c ?d }", "?d", '"."'),
        ("ASK { ?a ?b ?c } }", "}", "the end of the query"),
        ("ASK { FILTER ?x }", "?x", '"("'),
        ("ASK { BIND(1 ?x) }", "?x", "AS"),
        ("SELECT * { } LIMIT ?x", "?x", "a number"),
        ("SELECT * { } GROUP ?x", "?x", "BY"),
        ("PREFIX ex SELECT * { }", "ex", "a prefix such as ex:"),
        ("ASK { ?a <b c> ?d }", "<", "an IRI"),
        ("", "", "SELECT"),
    ],
)
def test_it_stops_at_the_mistake(query: str, found: str, expected: str) -> None:
    stopped = stop(query)
    assert stopped is not None
    assert stopped.found == found
    assert query[stopped.at :].startswith(found)
    assert expected in stopped.expected


PIECES: Final = st.sampled_from(  # a line of words, not a list of strings: it is read by eye
    "SELECT ASK CONSTRUCT WHERE * { } ( ) ?a ?b <x:y> 1 'a' . ; , a FILTER BIND AS OPTIONAL UNION VALUES LIMIT "  # noqa: SIM905
    "GROUP BY ORDER = + / ^ | ! [ ] COUNT STR NOT EXISTS IN UNDEF GRAPH {?a?b?c} (1) 'b'@en".split()
)


@given(st.lists(PIECES, max_size=14).map(" ".join))
@settings(max_examples=1500, deadline=None)
def test_what_the_engine_takes_the_grammar_takes(text: str) -> None:
    try:
        Store().query(text)
    except SyntaxError as error:
        told = explain(text, str(error))
        assert 1 <= told["line"] <= text.count("\n") + 1
        assert told["marker"].endswith("^")
    else:
        assert stop(text) is None


@given(st.text(max_size=80))
def test_any_text_is_explained(text: str) -> None:
    told = explain(text, "error at 1:1: expected something")
    assert told["detail"]
    assert told["source"] in text


def test_for_an_engine_elsewhere_queries_are_read_and_never_run() -> None:
    numbers = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefghijkl")
    for query in (f"ASK {{ {numbers} FILTER(?a + ?b = 1000) }}", "ASK { ?elsewhere ?p 1 }", "DESCRIBE <http://a/b>"):
        assert mistake(query) is None
    assert mistake("CONSTRUCT { <s> <p> 1 } {}", "http://a/") is None
    told = mistake("SELECT ?s ?o { ?s ?p ?o } GROUP BY ?s")
    assert told is not None
    assert (told["line"], told["column"]) == (1, 38)
    assert (mistake("ASK { ?s ?p ?o") or {})["detail"] == "The query ends too early."
