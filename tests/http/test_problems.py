"""What goes wrong is said so that a person can mend it, and nothing of the engine or the machine shows through."""

from __future__ import annotations

import re
from typing import Any, Final

import httpx
import pytest

from api.errors import KINDS
from api.problems import coded
from tests.http.golden import BROWSER

#: What must never be seen outside: the engine's words, traces, paths, signals.
INSIDE: Final = re.compile(
    r"Traceback|File \"|error at \d|expected one of|\\u\{|oxigraph|peg|panick|site-packages|\.py\b|SIG[A-Z]{3}|u00B7",
    re.IGNORECASE,
)


def problem(client: httpx.Client, query: str) -> dict[str, Any]:
    answer = client.post("/sparql", data={"query": query})
    assert answer.status_code == 400, answer.text
    assert not INSIDE.search(answer.text), answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("query", "line", "column", "detail", "hint"),
    [
        (
            "SELECT * {\n  ?s skos:prefLabel ?o .\n}",
            2,
            6,
            "The prefix skos: is not declared.",
            "Add at the top: PREFIX skos: <http://www.w3.org/2004/02/skos/core#>",
        ),
        (
            "SELECT * { ?s a pal:State }",
            1,
            17,
            "The prefix pal: is not declared.",
            "Add at the top: PREFIX pal: <https://w3id.org/palermo/ontology#>",
        ),
        ("ASK { ?s my:p 1 }", 1, 10, "The prefix my: is not declared.", "Declare it at the top: PREFIX my: <…>"),
        ("SELECT * {\n  ?s ?p ?o\n", 2, 11, "The query ends too early.", 'Expected: ",",'),
        ("SELECT * { ?s ?p }", 1, 18, "} cannot stand here.", "Expected: a variable, an IRI,"),
        ("SELECT * {\n FILTER(?x = ) }", 2, 14, ") cannot stand here.", "Expected: a function, a number,"),
        ("SELECT * { ?s ?p 'unclosed }", 1, 18, "A string is opened here and not closed.", ""),
        ("ASK { ?s ?p <not an iri> }", 1, 13, "This is not a valid IRI.", "percent-encoded."),
        ("ASK { FILTER(CONTAIN(?o, 'x')) }", 1, 14, "CONTAIN cannot stand here.", "Did you mean CONTAINS?"),
        ("ASK { BIND(1 AS ?x) BIND(2 AS ?x) }", 1, 36, "The query breaks a rule of SPARQL.", "bound twice,"),
        ("SELECT * { OPTIONL { ?s ?p ?o } }", 1, 12, "OPTIONL cannot stand here.", "Did you mean OPTIONAL?"),
        ("ASK { ?s ?p ?o } ORDER ?s", 1, 24, "?s cannot stand here.", "Expected: BY."),
        ("# é é é\nSELEKT * {}", 2, 1, "SELEKT cannot stand here.", "Did you mean SELECT?"),
        ("", 1, 1, "The query ends too early.", "Expected: ASK,"),
        (
            "SELECT ?s ?o { ?s ?p ?o } GROUP BY ?s",
            1,
            38,
            "SELECT names a variable that is neither grouped nor aggregated.",
            "",
        ),
    ],
)
def test_a_syntax_error_says_where(
    client: httpx.Client, query: str, line: int, column: int, detail: str, hint: str
) -> None:
    found = problem(client, query)
    assert found["type"].endswith("/problems/syntax")
    assert (found["line"], found["detail"]) == (line, detail)
    assert found["column"] == column
    assert found["source"] == query.split("\n")[line - 1]
    assert found["marker"] == " " * (found["column"] - 1) + "^"
    assert set(hint.split()) <= set(found.get("hint", "").split())


def test_a_long_line_is_shown_around_the_place(client: httpx.Client) -> None:
    found = problem(client, "SELECT * { " + "?s ?p ?o . " * 200 + "?a ex:b ?c . " + "?s ?p ?o . " * 200 + "}")
    assert len(found["source"]) <= 160
    assert found["source"][found["marker"].index("^") :].startswith("ex:b")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT",
        "SELECT * { ?s ?p 'unclosed }",
        "SELECT * WHERE { ?s ?p <not an iri> }",
        "SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }",
        "SELECT * { ?s ?p ?o } LIMIT many",
        "CONSTRUCT { ?s ?p } { ?s ?p ?o }",
        "PREFIX : SELECT * {}",
        "\x00\x01",
        "SELECT * { \\u007B }",
        "ASK { } trailing",
        "𝕊𝔼𝕃𝔼ℂ𝕋 * { }",
        'SELECT * { ?s ?p "\\uD800" }',
        'SELECT * { ?s ?p "\\q" }',
    ],
)
def test_bad_syntax_never_shows_the_engine(client: httpx.Client, query: str) -> None:
    found = problem(client, query)
    assert (found["title"], found["line"] >= 1, found["column"] >= 1) == (
        "The query is not valid SPARQL 1.1",
        True,
        True,
    )


def test_a_browser_gets_a_page(client: httpx.Client) -> None:
    page = client.get("/sparql", params={"query": "ASK { ?s ex:<b> 1 }"}, headers={"Accept": BROWSER})
    assert page.status_code == 400
    assert "The prefix ex: is not declared." in page.text
    assert "ASK { ?s ex:&lt;b&gt; 1 }" in page.text


def test_every_kind_is_documented_at_its_address(client: httpx.Client, tiny: str) -> None:
    listed = client.get("/problems").json()
    assert {one["type"] for one in listed} == {f"{tiny}/problems/{kind}" for kind in KINDS}
    for one in listed:
        assert client.get(one["type"]).json() == one
        page = client.get(one["type"], headers={"Accept": BROWSER})
        assert one["title"] in page.text
        assert "`" not in page.text, "names of fields are code on a page"
    assert len(KINDS) >= 18


def test_a_refused_feature_is_named(client: httpx.Client) -> None:
    for spelling in ("SERVICE", "service", "Service SILENT", "\\u0053ERVICE", "SERVICE#x>\n", "SERVICE SILENT#y\n"):
        query = f"SELECT * {{ FILTER(1<2){spelling} <http://127.0.0.1:1/> {{ ?s ?p ?o }} }}"
        answer = client.post("/sparql", data={"query": query})
        assert (answer.status_code, answer.json()["feature"]) == (403, "SERVICE"), spelling


def test_requests_are_numbered(client: httpx.Client) -> None:
    answer = client.get("/nowhere", headers={"X-Request-Id": "mine-1"})
    assert answer.headers["X-Request-Id"] == answer.json()["request"] == "mine-1"
    odd = client.get("/nowhere", headers={"X-Request-Id": "<b>not mine</b>"})
    assert re.fullmatch(r"[0-9a-f]{32}", odd.headers["X-Request-Id"])


def test_security_headers_stand_everywhere(client: httpx.Client) -> None:
    for path in ("/health", "/sparql", "/nowhere", "/sparql?query=x"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in headers
        assert "server" not in headers


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_told_in_french(client: httpx.Client, kind: str) -> None:
    page = client.get(f"/problems/{kind}", headers={"Accept": "text/html", "Accept-Language": "fr"})
    english = KINDS[kind]
    assert 'lang="fr"' in page.text
    for text in (english.title, english.about, english.remedy):
        assert coded(text) not in page.text


def test_a_wrong_query_is_told_in_french(client: httpx.Client) -> None:
    """What the request did wrong stays in English and says so."""
    headers = {"Accept": "text/html", "Accept-Language": "fr"}
    page = client.get("/sparql", params={"query": "SELECT * { ?s ?p }"}, headers=headers)
    assert page.status_code == 400
    assert "La requête n’est pas du SPARQL 1.1" in page.text
    assert re.search(r'<div lang="en">.*Line 1', page.text, re.DOTALL)
