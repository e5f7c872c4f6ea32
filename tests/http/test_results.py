"""What answers hold: every format means the same, nothing is lost or doubled, and a cut answer says so."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, Final

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic
from rdflib.plugins.sparql.results.jsonresults import JSONResultParser
from rdflib.plugins.sparql.results.xmlresults import XMLResultParser

from tests.http import tiny as data
from tests.http.conftest import BYTES, ROWS

ALL: Final = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
GRAPH: Final = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
GRAPHS: Final = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
#: More rows than the strict server gives.
MANY: Final = "SELECT ?a ?b { VALUES ?a { 1 2 3 4 5 } VALUES ?b { 'x\"},{' 'y\\r\\n' '<result>' } }"
MANY_TRIPLES: Final = "CONSTRUCT { ?a <x:p> ?b } { VALUES ?a { <x:1> <x:2> <x:3> <x:4> } VALUES ?b { 1 2 3 } }"


def ask(client: httpx.Client, query: str, name: str) -> httpx.Response:
    answer = client.get("/sparql", params={"query": query, "format": name})
    assert answer.status_code == 200, answer.text
    return answer


def rows(document: bytes, name: str) -> list[list[str]]:
    """A result as text, whatever its format."""
    form = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}[name]
    parsed: Any = parse_query_results(document, form)
    names = parsed.variables
    return [[str(row[name]) for name in names] for row in parsed]


def without_blank(table: list[list[str]]) -> list[list[str]]:
    return [["_:" if cell.startswith("_:") else cell for cell in row] for row in table]


def test_three_formats_hold_the_same_rows(client: httpx.Client) -> None:
    tables = [without_blank(rows(ask(client, ALL, name).content, name)) for name in ("json", "xml", "tsv")]
    assert tables[0] == tables[1] == tables[2]
    assert len(tables[0]) == data.TRIPLES


def test_csv_survives_its_marks(client: httpx.Client) -> None:
    answer = ask(client, "SELECT ?o { <http://example.org/odd> <http://example.org/value> ?o }", "csv")
    table = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert table[0] == ["o"]
    assert ['a,"b"\r\nc\td'] in table
    assert ["\u202eright to left"] in table
    assert answer.headers["Palermo-Rows"] == str(len(table) - 1) == "8"


def test_rdflib_reads_json_and_xml(client: httpx.Client) -> None:
    for parser, name in ((JSONResultParser(), "json"), (XMLResultParser(), "xml")):
        assert len(parser.parse(io.BytesIO(ask(client, ALL, name).content))) == data.TRIPLES


@pytest.mark.filterwarnings("ignore:(ConjunctiveGraph|Dataset.default_context) is deprecated")  # rdflib itself
def test_every_graph_format_is_the_same_graph(client: httpx.Client) -> None:
    first = Graph().parse(data=ask(client, GRAPH, "nt").content, format="nt")
    assert len(first) == data.TRIPLES
    for name, other in (("turtle", "turtle"), ("rdfxml", "xml"), ("jsonld", "json-ld")):
        assert isomorphic(first, Graph().parse(data=ask(client, GRAPH, name).content, format=other)), name
    for name, other in (("trig", "trig"), ("nq", "nquads")):
        found = Dataset()
        found.parse(data=ask(client, GRAPH, name).content, format=other)
        assert isomorphic(first, found.default_graph), name
    for name, form in GRAPHS.items():
        assert len(set(parse(ask(client, GRAPH, name).content, form))) == data.TRIPLES, name


def test_a_constructed_triple_comes_once(client: httpx.Client) -> None:
    query = "CONSTRUCT { <x:a> <x:b> <x:c> . ?s <x:b> 1 } { ?s ?p ?o }"
    lines = ask(client, query, "nt").text.splitlines()
    assert len(lines) == len(set(lines))
    assert lines.count("<x:a> <x:b> <x:c> .") == 1


def test_describe_describes(client: httpx.Client) -> None:
    lines = ask(client, "DESCRIBE <http://example.org/fra>", "nt").text.splitlines()
    assert len(lines) == 5


def test_only_prefixes_in_use_are_declared(client: httpx.Client) -> None:
    text = ask(client, "CONSTRUCT { <x:a> a <http://www.w3.org/2004/02/skos/core#Concept> } {}", "turtle").text
    assert [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")] == ["rdf:", "skos:"]


@pytest.mark.parametrize(
    "query", ["SELECT * { VALUES ?a { UNDEF } }", "SELECT * { VALUES () { () () } }", "SELECT ?x {}"]
)
def test_rows_without_values_count(client: httpx.Client, query: str) -> None:
    expected = "2" if "() ()" in query else "1"
    for name in ("json", "xml", "csv", "tsv"):
        assert ask(client, query, name).headers["Palermo-Rows"] == expected, name


def test_no_rows(client: httpx.Client) -> None:
    for name in ("json", "xml", "csv", "tsv"):
        assert ask(client, "SELECT ?a { FILTER(false) }", name).headers["Palermo-Rows"] == "0", name


# A cut answer.


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_a_cut_result_says_so(limited: httpx.Client, name: str) -> None:
    answer = ask(limited, MANY, name)
    assert (answer.headers["Palermo-Truncated"], answer.headers["Palermo-Rows"]) == ("true", str(ROWS))
    if name == "json":
        assert json.loads(answer.text)["head"]["truncated"] is True
        assert len(JSONResultParser().parse(io.BytesIO(answer.content))) == ROWS
    if name == "xml":
        assert f"truncated: the first {ROWS} rows" in answer.text
        assert len(XMLResultParser().parse(io.BytesIO(answer.content))) == ROWS
    if name == "csv":
        assert len(list(csv.reader(io.StringIO(answer.text, newline="")))) == ROWS + 1
    else:
        assert len(rows(answer.content, name)) == ROWS


@pytest.mark.parametrize("name", list(GRAPHS))
def test_a_cut_graph_says_so(limited: httpx.Client, name: str) -> None:
    answer = ask(limited, MANY_TRIPLES, name)
    assert (answer.headers["Palermo-Truncated"], answer.headers["Palermo-Rows"]) == ("true", str(ROWS))
    assert len(set(parse(answer.content, GRAPHS[name]))) == ROWS
    assert ("truncated" in answer.text) == (name != "jsonld")


def test_an_answer_at_the_cap_is_whole(limited: httpx.Client) -> None:
    for name in ("json", "xml", "csv", "tsv"):
        answer = ask(limited, f"{MANY} LIMIT {ROWS}", name)
        assert (answer.headers["Palermo-Truncated"], answer.headers["Palermo-Rows"]) == ("false", str(ROWS)), name


@pytest.mark.parametrize("query", ["SELECT ?z {{ {} }}", "CONSTRUCT {{ <x:a> <x:b> ?z }} {{ {} }}"])
def test_an_answer_larger_than_the_limit_is_an_error(limited: httpx.Client, query: str) -> None:
    values = f"BIND('{'x' * 600}' AS ?x) BIND('{'y' * 600}' AS ?y) BIND(REPLACE(?x, 'x', ?y) AS ?z)"
    answer = limited.post("/sparql", data={"query": query.format(values)})
    assert (answer.status_code, answer.json()["limit"]) == (422, BYTES)
    assert answer.json()["type"].endswith("/problems/result-too-large")


# The page for a browser.


def test_the_page_shows_an_answer(client: httpx.Client) -> None:
    page = client.get("/sparql", params={"query": ALL, "format": "html"})
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    scripts = re.findall(r"<script[^>]*>", page.text)
    assert all(re.fullmatch(r'<script type="module" src="/static/[\w./-]+">', one) for one in scripts), scripts
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page.text
    assert '<a href="http://example.org/fra" rel="nofollow">' in page.text
    assert 'href="javascript:' not in page.text
    assert "javascript:alert(1)" in page.text
    assert f"{data.TRIPLES} rows in" in page.text


def test_the_page_keeps_the_query_and_the_graphs(client: httpx.Client) -> None:
    parameters = {"query": "ASK { ?s ?p '</textarea>' }", "format": "html", "default-graph-uri": data.ONE}
    page = client.get("/sparql", params=parameters).text
    assert "ASK { ?s ?p &#39;&lt;/textarea&gt;&#39; }" in page
    assert f'name="default-graph-uri" value="{data.ONE}"' in page
    assert '<p class="lead">No.</p>' in page


def test_the_page_says_that_it_shows_a_part(limited: httpx.Client) -> None:
    for query in (MANY, MANY_TRIPLES):
        page = limited.get("/sparql", params={"query": query, "format": "html"})
        assert "Only the first 5 are shown" in page.text
        assert page.headers["Palermo-Truncated"] == "true"


def test_a_large_answer_comes_whole(client: httpx.Client) -> None:
    digits = " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(4))
    answer = ask(client, f"SELECT * {{ {digits} }}", "csv")
    assert answer.headers["Palermo-Rows"] == "10000"
    assert len(answer.text.splitlines()) == 10001
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 64 * 1024


def test_control_characters_survive_where_they_can(client: httpx.Client) -> None:
    query = 'SELECT ?x { VALUES ?x { "a\\rb" "c\\u0001d" } }'
    values = {name: [row[0] for row in rows(ask(client, query, name).content, name)] for name in ("json", "xml", "tsv")}
    assert values["json"] == values["tsv"] == ['"a\\rb"', '"c\\u0001d"']
    assert values["xml"] == ['"a\\rb"', '"c\ufffdd"']
