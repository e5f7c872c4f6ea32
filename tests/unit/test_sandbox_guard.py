"""The guard: what it sees in a query, and that no spelling leads past it."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, Store

from api.errors import FeatureRefused, TooComplex, UpdateRefused
from api.sandbox.guard import inspect, undeclared
from api.sandbox.tokens import Kind, readings, tokens
from bench.hostile import LIGHT, kinds

ALLOWED = "http://example.org/sparql"


def look(text: str, *, services: tuple[str, ...] = ()) -> str:
    return inspect(text, depth=50, services=services).form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("ask {}", "ASK"),
        ("# INSERT\nPREFIX select: <x:y> BASE <x:> Construct {} {}", "CONSTRUCT"),
        ("PREFIX : <x:> DESCRIBE :a", "DESCRIBE"),
        ("nonsense SELECT", ""),
        ("", ""),
        ("'SELECT'", ""),
    ],
)
def test_the_form(text: str, form: str) -> None:
    assert look(text) == form


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:b> <a:c> 1 }",
        "PREFIX a: <x:> # SELECT\n delete where { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/>",
        "lo\\u0061d <http://127.0.0.1/>",
        "BASE <x:> WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP SILENT GRAPH <x:y>",
        "ADD <x:a> TO <x:b>",
    ],
)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(UpdateRefused):
        look(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <x:y> {} }",
        "SELECT * { service silent <x:y> {} }",
        "SELECT * { SeRvIcE ?x {} }",
        "SELECT * { SERVICE ex:a {} }",
        "SELECT * { SERVICE# <http://example.org/sparql>\n<x:y> {} }",
        "SELECT * { SERVICE\\u0020<x:y> {} }",
        "SELECT * { \\u0053\\U00000045RVICE <x:y> {} }",
        "SELECT * { FILTER(1<2)SERVICE#>\n<x:y>{} }",
        "SELECT * { FILTER(?a<?b)SERVICE#>'\n?g{} }",
        "SELECT * { FILTER(1<2)SERVICE SILENT#>\n<x:y>{} }",
        "SELECT * { BIND('\\u0027 AS ?x) SERVICE <x:y> {} }",
        "SELECT * { ?s ?p 'a'SERVICE<x:y>{} }",
        "SELECT * { ?s ?p 1SERVICE<x:y>{} }",
        "SELECT * { <a:b> ?p ex:.SERVICE<x:y>{} }",
        "SELECT * { <a:b> ?p ?o.SERVICE<x:y>{} }",
        "SELECT * { <a:b> ?p trueSERVICE<x:y>{} }",
        "SELECT * { <a:b> ?p 1e0SERVICE<x:y>{} }",
        "SELECT * { SERVICESILENT<x:y>{} }",
        "SELECT * { SERVICEex:a{} }",
        "SELECT * { SERVICE:{} }",
        "SELECT * { SERVICE SILENTex:{} }",
        "SELECT * { trueSERVICEex:a # x\n {} }",
        "SELECT * { FILTER(1<2)SERVICE?x#>\n{} }",
        "SELECT * { ?s ?p '''''SERVICE<x:y>{}''' ' } SERVICE <x:y> { }",
        f"SELECT * {{ SERVICE <{ALLOWED}> {{ SERVICE <x:y> {{}} }} }}",
        f"SELECT * {{ SERVICE <{ALLOWED}#> {{}} }}",
        f"BASE <{ALLOWED}> SELECT * {{ SERVICE <> {{}} }}",
        "SELECT * { SERVICE",
    ],
)
def test_every_spelling_of_service_is_refused(text: str) -> None:
    with pytest.raises(FeatureRefused):
        look(text, services=(ALLOWED,))


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICE <{ALLOWED}> {{}} }}",
        f"SELECT * {{ service SILENT <{ALLOWED}> {{}} }}",
        "SELECT * { ?service ?p 'SERVICE <x:y>' }",
        'SELECT * { ?s ?p """ " SERVICE <x:y> """ }',
        "SELECT * { ?s ?p ?o # SERVICE <x:y>\n}",
        "SELECT * { ?s <http://example.org/service#it> ?o }",
        "SELECT * { ?s ex:service ?o . ?s service:a _:service . ?service ?p 1 }",
        "SELECT * { ?s service:a ?o . ?o ?p service:b . { ?o ?p 1 } }",
        "SELECT * { ?s <x:service#a> ?o { ?o <x:service#b> 1 } }",
        "SELECT * { FILTER(?a < 3 && ?b > 2) }",
    ],
)
def test_what_is_no_foreign_service_passes(text: str) -> None:
    assert look(text, services=(ALLOWED,)) == "SELECT"


@pytest.mark.parametrize("piece", ["{", "(", "[", "!", "{("])
def test_depth(piece: str) -> None:
    with pytest.raises(TooComplex):
        look("SELECT * " + piece * 51)
    assert look("SELECT * " + "{}" * 500) == "SELECT"
    assert look("SELECT * {" + "!?a && " * 500) == "SELECT"
    assert look("SELECT * { ?s ?p '" + "{" * 500 + "' }") == "SELECT"


def test_sources() -> None:
    made = inspect("CONSTRUCT { ?s ?p ?o } FROM <a:a> FROM NAMED <a:b> WHERE { ?s ?p ?o }", depth=9)
    assert (made.default, made.named) == (("<a:a>",), ("<a:b>",)), "behind the template"
    column = inspect("SELECT (EXISTS { ?a ?b ?c } AS ?x) FROM <a:a> FROM <a:b> { ?s ?p ?o }", depth=9)
    assert column.default == ("<a:a>", "<a:b>"), "behind a group among the columns"
    seen = inspect("PREFIX g: <x:> SELECT * FROM g:a FROM <b> from named <c> WHERE { ?from ?p <FROM> }", depth=9)
    assert (seen.default, seen.named, seen.prologue) == (("g:a", "<b>"), ("<c>",), "PREFIX g: <x:> ")


def test_a_normal_text_ignores_space_and_comments_and_nothing_else() -> None:
    one = inspect("SELECT ?a{?a ?b 1}", depth=9)
    assert inspect("SELECT  ?a # x\n { ?a\t?b 1 }", depth=9).normal == one.normal
    for other in ("SELECT ?a{?a ?b 2}", "SELECT ?a{?a ?c 1}", "SELECT ?a{?a ?b '1'}"):
        assert inspect(other, depth=9).normal != one.normal


def test_a_shape_ignores_constants_and_names() -> None:
    one = inspect("SELECT ?a { ?a <x:p> 1 FILTER(?b > 'x') VALUES ?c { 1 2 } }", depth=9)
    same = inspect("select ?x { ?x ex:q 'long' FILTER(?y > 7) VALUES ?z { 1 <x:y> 3 4 5 'a'@en } }", depth=9)
    assert (one.shape, one.normal) != (same.shape, same.normal)
    assert one.shape == same.shape
    assert inspect("SELECT ?a { ?a <x:p> ?b }", depth=9).shape != one.shape


def test_what_changes_from_call_to_call() -> None:
    assert inspect("SELECT (NOW() AS ?x) {}", depth=9).volatile
    assert inspect("SELECT (struuid() AS ?x) {}", depth=9).volatile
    assert not inspect("SELECT ?now ('RAND()' AS ?x) {}", depth=9).volatile


def test_undeclared_prefixes() -> None:
    text = "PREFIX a: <x:> SELECT * { a:b c:d ?x . ?x :e 'f:g' . ?y c:h <i:j> }"
    assert undeclared(text) == {"c": text.index("c:d"), "": text.index(":e")}


@given(st.text(max_size=200))
def test_any_text_is_read_whole(text: str) -> None:
    found = tokens(text)
    assert all(text.startswith(one.text, one.at) for one in found)
    covered = sum(len(one.text) for one in found)
    assert covered <= len(text)


PIECES = (
    *(
        "SERVICE",
        "service ",
        "SILENT",
        " SILENT ",
        "<http://127.0.0.1:9/>",
        "?g",
        "ex:",
        "{",
        "}",
        "{}",
        "#>",
        "#",
        "\n",
    ),
    *(" ", "FILTER(1<2)", "FILTER(1<", "2)", "BIND(1 AS ?b)", "VALUES ?g { <http://127.0.0.1:9/> }", "true", ".", "<"),
    *(">", "'a'", "'", '"', "'''", "?s ?p ?o", "\\u0053ERVICE", "OPTIONAL", "1", "1.", "_:b", "@en", "ex:.", "<x:y#>"),
)


NOISE = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
SERVICES = st.sampled_from(["SERVICE", "SERVICE ", "service#>\n", "SERVICE SILENT", "trueSERVICE", "SERVICE#>\n"])
TARGETS = st.sampled_from(["<http://127.0.0.1:9/>", " <http://127.0.0.1:9/> ", "ex:", "ex:a", ":", "?g"])


@given(NOISE, SERVICES, st.one_of(st.just(""), NOISE), TARGETS, st.one_of(st.just(""), NOISE), NOISE)
@settings(max_examples=700, deadline=None)
def test_whatever_the_engine_would_fetch_is_refused(
    before: str, service: str, between: str, target: str, gap: str, after: str
) -> None:
    """The engine itself says what it would fetch: it refuses port 9 in a way of its own."""
    prefixes = "PREFIX ex: <http://127.0.0.1:9/> PREFIX : <http://127.0.0.1:9/> "
    text = f"{prefixes}SELECT * {{ {before}{service}{between}{target}{gap}{{}}{after} }}"
    try:
        list(cast(QuerySolutions, Store().query(text)))
    except SyntaxError:
        return
    except (OSError, RuntimeError):
        with pytest.raises((FeatureRefused, TooComplex)):
            inspect(text, depth=50)


def test_the_engine_would_fetch_if_it_were_let() -> None:
    with pytest.raises(OSError, match="port 9"):
        list(cast(QuerySolutions, Store().query("SELECT * { SERVICE <http://127.0.0.1:9/> {} }")))


def test_readings_are_few() -> None:
    assert len(readings("SELECT * { ?s ?p ?o }")) == 1
    assert len(readings("SELECT \\u0041 { <x:service#> }")) <= 4


def test_tokens() -> None:
    text = 'PREFIX ex: <http://x/> SELECT*{?s ex:p.q. $a \'x\'@en-GB,"\\"";1.5e3 _:b1 true}'
    kinds = [(one.kind, one.text) for one in tokens(text)]
    assert (Kind.PREFIXED, "ex:p.q") in kinds
    assert (Kind.LANGUAGE, "@en-GB") in kinds
    assert (Kind.NUMBER, "1.5e3") in kinds
    assert (Kind.VARIABLE, "$a") in kinds
    assert (Kind.BLANK, "_:b1") in kinds
    assert (Kind.WORD, "true") in kinds


def test_what_looks_cheap() -> None:
    for text in (*LIGHT, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"):
        assert inspect(text, depth=9).promising, text
    hostile = {name: text(1) for name, text in kinds("http://x/").items() if name not in GUARDED}
    assert {name for name, text in hostile.items() if inspect(text, depth=9999).promising} <= {"from"}


#: Kinds that the guard refuses anyway.
GUARDED = {"service", "service, variable", "service, escaped", "service, hidden", "update"}
