"""The SPARQL 1.1 Protocol, one line of a table for each thing it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.http import tiny as data

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
ASK = "ASK {}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True)
class Case:
    """A request and its answer: `status`, the first value of the result (`value`), headers that must be so."""

    name: str
    status: int
    method: str = "GET"
    query: str = ""
    body: bytes | str | None = None
    media: str | None = None
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def get(name: str, status: int = 200, value: Any = None, **parameters: Any) -> Case:
    pairs = [(key.replace("_", "-"), one) for key, many in parameters.items() for one in _listed(many)]
    return Case(name, status, query="&".join(f"{key}={quote(str(one), safe='')}" for key, one in pairs), value=value)


def form(name: str, status: int = 200, value: Any = None, **parameters: Any) -> Case:
    return Case(name, status, "POST", body=get(name, **parameters).query, media=FORM, value=value)


def direct(name: str, body: bytes | str, status: int = 200, value: Any = None, **parameters: Any) -> Case:
    return Case(name, status, "POST", get(name, **parameters).query, body, QUERY, value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


ACCENTED = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{data.ACCENTED}> {{ ?s <http://example.org/name> ?o }} }}"
PERCENT = "SELECT ?x { BIND('50%25 + 1 & more' AS ?x) }"

CASES = [
    get("GET", query=ASK, value=True),
    form("POST with a form", query=ASK, value=True),
    direct("POST with the query itself", ASK, value=True),
    direct("the charset is stated", ASK, value=True),
    Case("a charset in capitals", 200, "POST", "", ASK, f"{QUERY}; Charset=UTF-8", True),
    Case("an unknown parameter is passed over", 200, query="query=ASK%20%7B%7D&debug=on&Mode=x", value=True),
    Case("a plus is a space", 200, query="query=ASK+%7B%7D", value=True),
    Case("HEAD", 200, "HEAD", query="query=ASK%20%7B%7D"),
    Case("HEAD of a bad query", 400, "HEAD", query="query=ASK"),
    # the dataset
    get("the default graph is the union, each triple once", query=COUNT, value=data.TRIPLES),
    get("named graphs keep what each states", query=NAMED, value=data.TRIPLES + 1),
    get("one default graph", query=COUNT, default_graph_uri=data.ONE, value=5),
    get(
        "two default graphs are merged as sets", query=COUNT, default_graph_uri=[data.ONE, data.TWO], value=data.MERGED
    ),
    form("the same by POST", query=COUNT, default_graph_uri=[data.ONE, data.TWO], value=data.MERGED),
    direct("the same beside a body", COUNT, default_graph_uri=[data.ONE, data.TWO], value=data.MERGED),
    get("one graph named twice", query=COUNT, default_graph_uri=[data.ONE, data.ONE], value=5),
    get(
        "FROM twice behind a group among the columns is merged as sets",
        query=f"SELECT (COUNT(*) AS ?n) (EXISTS {{ ?a ?b ?c }} AS ?m) FROM <{data.ONE}> FROM <{data.TWO}> "
        "{ ?s ?p ?o }",
        value=data.MERGED,
    ),
    get("only default graphs: no named graph", query=NAMED, default_graph_uri=data.ONE, value=0),
    get("merged default graphs: no named graph", query=NAMED, default_graph_uri=[data.ONE, data.TWO], value=0),
    get("only named graphs: an empty default graph", query=COUNT, named_graph_uri=data.ONE, value=0),
    get("named graphs", query=NAMED, named_graph_uri=[data.ONE, data.TWO], value=8),
    get(
        "both",
        query="SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
        default_graph_uri=[data.ONE, data.TWO],
        named_graph_uri=data.TWO,
        value=data.MERGED + 3,
    ),
    get("an unknown graph is empty and is not fetched", query=COUNT, default_graph_uri="http://127.0.0.1:1/", value=0),
    get("FROM", query=f"SELECT (COUNT(*) AS ?n) FROM <{data.ONE}> {{ ?s ?p ?o }}", value=5),
    get(
        "FROM twice is merged as sets",
        query=f"SELECT (COUNT(*) AS ?n) FROM <{data.ONE}> FROM <{data.TWO}> {{ ?s ?p ?o }}",
        value=7,
    ),
    get(
        "FROM with a prefix and a base",
        query="BASE <http://example.org/graph/> PREFIX g: <http://example.org/graph/> "
        "SELECT (COUNT(*) AS ?n) FROM g:one FROM <two> { ?s ?p ?o }",
        value=7,
    ),
    get("FROM of a file is empty", query="SELECT (COUNT(*) AS ?n) FROM <file:///etc/passwd> { ?s ?p ?o }", value=0),
    get("FROM NAMED", query=f"SELECT (COUNT(*) AS ?n) FROM NAMED <{data.TWO}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", value=3),
    get(
        "FROM twice and FROM NAMED",
        query=f"SELECT (COUNT(*) AS ?n) FROM <{data.ONE}> FROM <{data.TWO}> FROM NAMED <{data.TWO}> "
        "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
        value=10,
    ),
    get(
        "the protocol wins over FROM",
        query=f"SELECT (COUNT(*) AS ?n) FROM <{data.ONE}> FROM NAMED <{data.ONE}> {{ ?s ?p ?o }}",
        default_graph_uri=data.TWO,
        value=3,
    ),
    get(
        "the protocol wins over FROM NAMED",
        query=f"SELECT (COUNT(*) AS ?n) FROM <{data.ONE}> FROM NAMED <{data.ONE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        default_graph_uri=data.TWO,
        value=0,
    ),
    get("an empty graph name, as forms send it, names none", query=COUNT, default_graph_uri="", value=data.TRIPLES),
    get("a relative graph name", 400, query=COUNT, default_graph_uri="one"),
    # decoded once
    get("a non-ASCII IRI by GET", query=ACCENTED, value=2),
    form("a non-ASCII IRI in a form", query=ACCENTED, value=2),
    direct("a non-ASCII IRI in a body", ACCENTED.encode(), value=2),
    Case("raw UTF-8 in a form", 200, "POST", "", f"query={ACCENTED}".encode(), FORM, 2),
    get("a percent sign by GET", query=PERCENT, value="50%25 + 1 & more"),
    form("a percent sign in a form", query=PERCENT, value="50%25 + 1 & more"),
    direct("a percent sign in a body", PERCENT, value="50%25 + 1 & more"),
    form("a non-ASCII graph name", query=COUNT, default_graph_uri=data.ACCENTED, value=10),
    # what is refused
    Case("PUT", 405, "PUT", query="query=ASK%20%7B%7D", headers={"Allow": "GET, HEAD, OPTIONS, POST"}),
    Case("DELETE", 405, "DELETE", headers={"Allow": "GET, HEAD, OPTIONS, POST"}),
    Case("PATCH", 405, "PATCH", body=ASK, media=QUERY),
    Case("two queries", 400, query="query=ASK%20%7B%7D&query=ASK%20%7B%7D"),
    direct("a query in the address and one in the body", ASK, 400, query=ASK),
    form("a form without a query", 400, format="json"),
    form("a form with an empty query", 400, query=""),
    direct("an empty body", "", 400),
    Case("text/plain", 415, "POST", body=ASK, media="text/plain"),
    Case("no Content-Type", 415, "POST", body=ASK),
    Case("a multipart form", 415, "POST", body=ASK, media="multipart/form-data; boundary=x"),
    Case("UTF-16, stated", 400, "POST", body=ASK.encode("utf-16"), media=f"{QUERY}; charset=utf-16"),
    Case("UTF-16, not stated", 400, "POST", body=ASK.encode("utf-16"), media=QUERY),
    Case("Latin-1 in a body", 400, "POST", body="ASK { ?s ?p 'é' }".encode("latin-1"), media=QUERY),
    Case("Latin-1 in a form", 400, "POST", body="query=ASK%20%7B%20%3Fs%20%3Fp%20%27%E9%27%20%7D", media=FORM),
    Case("Latin-1 in the address", 400, query="query=ASK%20%7B%20%3Fs%20%3Fp%20%27%E9%27%20%7D"),
    get("bad syntax", 400, query="ASK {"),
    get("an update by GET", 403, update="CLEAR ALL"),
    form("an update in a form", 403, update="CLEAR ALL"),
    Case("an update as a body", 403, "POST", body="CLEAR ALL", media=UPDATE),
    get("an update as a query", 403, query="PREFIX a: <x:> INSERT DATA { a:b a:c a:d }"),
    get("LOAD as a query", 403, query="LOAD <http://127.0.0.1:1/>"),
    get("SERVICE", 403, query="SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"),
    get("SERVICE in an unread branch", 403, query="ASK { FILTER(false) service silent <x:y> { ?s ?p ?o } }"),
    get("the word in a string is no SERVICE", query="ASK { BIND('SERVICE <x:y> {}' AS ?x) }", value=True),
    get("the word in a comment is no SERVICE", query="ASK { # SERVICE <x:y> {}\n }", value=True),
    get("timeout lowers the limit", query=ASK, timeout="0.5", value=True),
    get("timeout is a number", 400, query=ASK, timeout="soon"),
    get("timeout is above 0", 400, query=ASK, timeout="-1"),
    get("timeout stands once", 400, query=ASK, timeout=["1", "2"]),
    get("several formats: the first that fits", query=ASK, format=["turtle", "json"], value=True),
    get("an unknown format", 400, query=ASK, format="parquet"),
    get("a format that the form does not have", 406, query=ASK, format="turtle"),
]


def send(client: httpx.Client, case: Case) -> httpx.Response:
    body = case.body.encode() if isinstance(case.body, str) else case.body
    headers = {"Content-Type": case.media} if case.media else {}
    address = f"/sparql?{case.query}" if case.query else "/sparql"
    return client.request(case.method, address, content=body, headers=headers)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(client: httpx.Client, case: Case) -> None:
    answer = send(client, case)
    assert answer.status_code == case.status, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Palermo-Release"] == "1.0.0"
    assert {name: answer.headers.get(name) for name in case.headers} == case.headers
    if case.status >= 400 and case.method != "HEAD":
        problem = answer.json()
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert (problem["status"], problem["instance"]) == (case.status, "/sparql")
    if case.value is not None:
        assert first(answer.json()) == case.value


def first(document: dict[str, Any]) -> Any:
    """The first value of a result, numbers as numbers."""
    if "boolean" in document:
        return document["boolean"]
    term = next(iter(document["results"]["bindings"][0].values()))
    return int(term["value"]) if term.get("datatype", "").endswith("integer") else term["value"]


def test_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_a_large_body_is_refused(client: httpx.Client) -> None:
    answer = client.post("/sparql", content="#" * 300_000 + "\nASK {}", headers={"Content-Type": QUERY})
    assert (answer.status_code, answer.json()["limit"]) == (413, 256 * 1024)


def test_a_relative_iri_is_resolved_against_the_service(client: httpx.Client, tiny: str) -> None:
    answer = client.get("/sparql", params={"query": "CONSTRUCT { <s> <p> 1 } {}", "format": "nt"})
    assert answer.text.startswith(f"<{tiny}/s> <{tiny}/p> ")


def test_options_says_what_is_possible(client: httpx.Client) -> None:
    answer = client.options(
        "/sparql", headers={"Origin": "http://example.org", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 204
    assert answer.headers["Allow"] == answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert client.options("/nowhere").status_code == 404


def test_measures_stand_in_headers(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 4"})
    assert answer.headers["Palermo-Rows"] == "4"
    assert answer.headers["Palermo-Truncated"] == "false"
    assert answer.headers["Palermo-Query-Time"].endswith(" ms")
    assert "query;dur=" in answer.headers["Server-Timing"]
