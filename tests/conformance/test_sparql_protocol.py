"""The W3C's tests of the SPARQL 1.1 Protocol for queries, and those for updates as a read-only service answers them.

The suite describes each test in prose and HTTP; here each is one request, under the IRI of its test. The graphs
data1.rdf, data2.rdf and data3.rdf that the suite expects at the service are served from a file of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest

from tests.conftest import serving

SUITE: Final = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest#"
GRAPHS: Final = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
ONE, TWO, THREE = (GRAPHS.format(number) for number in (1, 2, 3))
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
ROWS = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
GRAPH_TYPES = {"text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"}


@dataclass(frozen=True)
class Test:
    """One test of the suite: a request; the statuses it may be answered with, the value, the media types."""

    __test__ = False

    name: str
    statuses: range
    method: str = "POST"
    query: str = ""
    body: str | bytes | None = None
    media: str | None = None
    value: Any = None
    types: frozenset[str] = frozenset()


OK, BAD = range(200, 400), range(400, 500)
#: Updates, good or bad, are refused: this service is read-only.
REFUSED = range(403, 404)


def _graphs(**named: list[str]) -> str:
    return "&".join(f"{name}-graph-uri={quote(iri, safe='')}" for name, many in named.items() for iri in many)


BOTH = f"ASK {{ <{ONE}> ?p ?o . <{TWO}> ?p ?o }}"
TESTS: Final = [
    Test("query_get", OK, "GET", "query=ASK%20%7B%7D", value=True),
    Test("query_post_form", OK, body="query=ASK%20%7B%7D", media=FORM, value=True),
    Test("query_post_direct", OK, body="ASK {}", media=QUERY, value=True),
    Test("query_dataset_default_graph", OK, "POST", _graphs(default=[ONE]), f"ASK {{ <{ONE}> ?p ?o }}", QUERY, True),
    Test(
        "query_dataset_default_graphs_get", OK, "GET", f"query={quote(BOTH)}&{_graphs(default=[ONE, TWO])}", value=True
    ),
    Test("query_dataset_default_graphs_post", OK, "POST", _graphs(default=[ONE, TWO]), BOTH, QUERY, True),
    Test(
        "query_dataset_named_graphs_post",
        OK,
        "POST",
        _graphs(named=[ONE, TWO]),
        f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g IN (<{ONE}>, <{TWO}>)) }}",
        QUERY,
        True,
    ),
    Test(
        "query_dataset_named_graphs_get",
        OK,
        "GET",
        "query=" + quote("ASK { GRAPH ?g { ?s ?p ?o } }") + "&" + _graphs(named=[ONE, TWO]),
        value=True,
    ),
    Test(
        "query_dataset_full",
        OK,
        "POST",
        _graphs(default=[THREE], named=[ONE, TWO]),
        f"ASK {{ <{THREE}> ?y ?o FILTER NOT EXISTS {{ <{ONE}> ?a ?b }} GRAPH <{TWO}> {{ ?s ?p ?v }} }}",
        QUERY,
        True,
    ),
    Test(
        "query_multiple_dataset",
        OK,
        "POST",
        _graphs(default=[TWO]),
        f"ASK FROM <{ONE}> {{ <{TWO}> ?p ?o FILTER NOT EXISTS {{ <{ONE}> ?a ?b }} }}",
        QUERY,
        True,
    ),
    Test("query_content_type_select", OK, body="SELECT (1 AS ?value) {}", media=QUERY, types=frozenset(ROWS)),
    Test("query_content_type_ask", OK, body="ASK {}", media=QUERY, types=frozenset(ROWS)),
    Test(
        "query_content_type_describe",
        OK,
        body="DESCRIBE <http://example.org/>",
        media=QUERY,
        types=frozenset(GRAPH_TYPES),
    ),
    Test(
        "query_content_type_construct",
        OK,
        body="CONSTRUCT { <s> <p> 1 } WHERE {}",
        media=QUERY,
        types=frozenset(GRAPH_TYPES),
    ),
    Test("bad_query_method", BAD, "PUT", "query=ASK%20%7B%7D"),
    Test("bad_multiple_queries", BAD, "GET", "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"),
    Test("bad_query_wrong_media_type", BAD, body="ASK {}", media="text/plain"),
    Test("bad_query_missing_form_type", BAD, body="query=ASK%20%7B%7D"),
    Test("bad_query_missing_direct_type", BAD, body="ASK {}"),
    Test("bad_query_non_utf8", BAD, body="ASK {}".encode("utf-16"), media=f"{QUERY}; charset=UTF-16"),
    Test("bad_query_syntax", BAD, "GET", "query=ASK%20%7B"),
    Test("bad_update_get", REFUSED, "GET", "update=CLEAR%20ALL"),
    Test("bad_multiple_updates", REFUSED, body="update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", media=FORM),
    Test("bad_update_wrong_media_type", BAD, body="CLEAR NAMED", media="text/plain"),
    Test("bad_update_missing_form_type", BAD, body="update=CLEAR%20NAMED"),
    Test("bad_update_non_utf8", REFUSED, body="CLEAR NAMED".encode("utf-16"), media=f"{UPDATE}; charset=UTF-16"),
    Test("bad_update_syntax", REFUSED, body="update=CLEAR%20XYZ", media=FORM),
    Test("bad_update_dataset_conflict", REFUSED, body="using-named-graph-uri=x%3Ay&update=CLEAR%20ALL", media=FORM),
    Test("update_post_form", REFUSED, body="update=CLEAR%20ALL", media=FORM),
    Test("update_post_direct", REFUSED, body="CLEAR ALL", media=UPDATE),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service over the suite's graphs: the documents say what they are."""
    file = tmp_path_factory.mktemp("suite") / "data.trig"
    document = "<{0}> a <http://xmlns.com/foaf/0.1/Document> ; <http://purl.org/dc/elements/1.1/title> 'data' ."
    file.write_text("\n".join(f"<{iri}> {{ {document.format(iri)} }}" for iri in (ONE, TWO, THREE)))
    with serving("--data", file) as url, httpx.Client(base_url=url) as client:
        del client.headers["accept"]
        yield client


@pytest.mark.parametrize("test", TESTS, ids=[SUITE + test.name for test in TESTS])
def test_protocol(service: httpx.Client, test: Test) -> None:
    body = test.body.encode() if isinstance(test.body, str) else test.body
    headers = {"Content-Type": test.media} if test.media else {}
    answer = service.request(test.method, f"/sparql?{test.query}", content=body, headers=headers)
    assert answer.status_code in test.statuses, answer.text
    if test.value is not None:
        assert answer.json()["boolean"] is test.value
    if test.types:
        assert answer.headers["Content-Type"].partition(";")[0] in test.types


def test_the_suite_is_whole() -> None:
    """The suite lists 14 good and 7 bad queries; of its updates, those whose request alone decides are here."""
    names = [test.name for test in TESTS]
    assert len(set(names)) == len(names)
    assert sum("update" not in name for name in names) == 21
    assert sum("update" in name for name in names) == 9
