"""Which format comes back: the golden table, `format=`, and what holds for any Accept header at all."""

from __future__ import annotations

import gzip
import re
from typing import Final
from urllib.parse import quote

import brotli
import httpx
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import NotAcceptable
from api.negotiate import GRAPHS, HTML, ROWS, choose, coding
from tests.http.golden import BROWSER, PROBLEM, Golden, check

SELECT: Final = "/sparql?query=" + quote("SELECT ?s { ?s ?p ?o }")
ASK: Final = "/sparql?query=" + quote("ASK {}")
CONSTRUCT: Final = "/sparql?query=" + quote("CONSTRUCT WHERE { ?s ?p ?o }")
DESCRIBE: Final = "/sparql?query=" + quote("DESCRIBE <http://example.org/fra>")
BAD: Final = "/sparql?query=SELECT"
VARY: Final = "Accept, Accept-Encoding"
PROBLEM_VARY: Final = f"{VARY}, Accept-Language, Cookie"
PAGE_VARY: Final = "Accept, Accept-Language, Cookie, Accept-Encoding"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv; charset=utf-8", "text/tab-separated-values; charset=utf-8"
TURTLE, PAGE = "text/turtle; charset=utf-8", "text/html; charset=utf-8"

TABLE = [
    *(
        Golden(path, accept, 200, JSON, VARY)
        for path in (SELECT, ASK)
        for accept in (None, "*/*", "application/*", JSON)
    ),
    *(Golden(path, accept, 200, TURTLE, VARY) for path in (CONSTRUCT, DESCRIBE, "/sparql") for accept in (None, "*/*")),
    *(Golden(path, BROWSER, 200, PAGE, PAGE_VARY) for path in (SELECT, ASK, CONSTRUCT, DESCRIBE, "/sparql")),
    Golden(SELECT, XML, 200, XML, VARY),
    Golden(SELECT, "text/csv", 200, CSV, VARY),
    Golden(SELECT, "text/tab-separated-values", 200, TSV, VARY),
    Golden(SELECT, "text/*", 200, CSV, VARY),
    Golden(SELECT, "application/json", 200, "application/json", VARY),
    Golden(SELECT, "application/xml", 200, "application/xml", VARY),
    Golden(SELECT, "text/csv;q=0.5, application/sparql-results+xml;q=0.8", 200, XML, VARY),
    Golden(SELECT, "text/csv;q=0.2, */*;q=0.1", 200, CSV, VARY),
    Golden(SELECT, "application/sparql-results+json;q=0, */*", 200, XML, VARY),
    Golden(SELECT, "TEXT/CSV", 200, CSV, VARY),
    Golden(SELECT, "text/csv;header=present;q=1", 200, CSV, VARY),
    Golden(SELECT, "image/png", 406, PROBLEM, VARY),
    Golden(SELECT, "text/turtle", 406, PROBLEM, VARY),
    Golden(SELECT, "*/*;q=0", 406, PROBLEM, VARY),
    Golden(SELECT, ";;,", 406, PROBLEM, VARY),
    Golden(CONSTRUCT, "text/csv", 406, PROBLEM, VARY),
    Golden(CONSTRUCT, "application/rdf+xml", 200, "application/rdf+xml", VARY),
    Golden(CONSTRUCT, "application/xml", 200, "application/xml", VARY),
    Golden(CONSTRUCT, "application/ld+json", 200, "application/ld+json", VARY),
    Golden(CONSTRUCT, "application/json", 200, "application/json", VARY),
    Golden(CONSTRUCT, "application/n-triples", 200, "application/n-triples", VARY),
    Golden(CONSTRUCT, "application/n-quads", 200, "application/n-quads", VARY),
    Golden(CONSTRUCT, "application/trig", 200, "application/trig", VARY),
    Golden("/sparql", "application/rdf+xml, text/turtle;q=0.9", 200, "application/rdf+xml", VARY),
    Golden("/sparql", "application/ld+json", 200, "application/ld+json", VARY),
    Golden("/sparql", "application/trig", 200, "application/trig", VARY),
    Golden("/sparql", "application/n-quads", 200, "application/n-quads", VARY),
    Golden("/sparql", "application/n-triples", 200, "application/n-triples", VARY),
    Golden("/sparql", "text/csv", 406, PROBLEM, VARY),
    Golden(BAD, None, 400, PROBLEM, VARY),
    Golden(BAD, "text/csv", 400, PROBLEM, VARY),
    Golden(BAD, BROWSER, 400, PAGE, PROBLEM_VARY),
    Golden("/nowhere", None, 404, PROBLEM, VARY),
    Golden("/nowhere", BROWSER, 404, PAGE, PROBLEM_VARY),
    Golden("/problems/timed-out", None, 200, "application/json", VARY),
    Golden("/problems/timed-out", BROWSER, 200, PAGE, PROBLEM_VARY),
    Golden("/problems/no-such", None, 404, PROBLEM, VARY),
    Golden("/problems", BROWSER, 200, PAGE, PROBLEM_VARY),
    Golden("/health", None, 200, "application/json", None),
    Golden("/ready", BROWSER, 200, "application/json", None),
]

NAMES = {
    "json": JSON,
    "xml": XML,
    "csv": CSV,
    "tsv": TSV,
    "html": PAGE,
    "text/csv": CSV,
    "application/sparql-results+json": JSON,
}
GRAPH_NAMES = {
    "turtle": TURTLE,
    "ttl": TURTLE,
    "trig": "application/trig",
    "nt": "application/n-triples",
    "ntriples": "application/n-triples",
    "nq": "application/n-quads",
    "rdfxml": "application/rdf+xml",
    "rdf": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "json": "application/ld+json",
    "application/ld+json": "application/ld+json",
    "html": PAGE,
}


@pytest.mark.parametrize("line", TABLE, ids=[line.name for line in TABLE])
def test_golden(client: httpx.Client, line: Golden) -> None:
    check(client, line)


@pytest.mark.parametrize(
    ("path", "name", "content_type"),
    [(SELECT, *one) for one in NAMES.items()] + [(CONSTRUCT, *one) for one in GRAPH_NAMES.items()],
)
def test_format_wins_over_accept(client: httpx.Client, path: str, name: str, content_type: str) -> None:
    answer = client.get(f"{path}&format={quote(name, safe='')}", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)


def test_a_plus_in_format_may_arrive_as_a_space(client: httpx.Client) -> None:
    assert client.get(f"{CONSTRUCT}&format=rdf+xml").headers["Content-Type"] == "application/rdf+xml"


def test_what_is_not_acceptable_says_what_there_is(client: httpx.Client) -> None:
    problem = client.get(SELECT, headers={"Accept": "image/png"}).json()
    assert problem["available"] == [JSON, XML, "text/csv", "text/tab-separated-values", "text/html"]


@pytest.mark.parametrize(
    ("name", "decode"),
    [
        ("gzip", gzip.decompress),
        ("br", brotli.decompress),
        ("zstd", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)),
    ],
)
@pytest.mark.parametrize("path", [SELECT, CONSTRUCT, "/sparql", "/problems"])
def test_answers_are_compressed(tiny: str, path: str, name: str, decode: object) -> None:
    with httpx.Client(base_url=tiny) as one, one.stream("GET", path, headers={"Accept-Encoding": name}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == name
    assert "accept-encoding" in answer.headers["Vary"].lower()
    assert callable(decode)
    assert decode(raw).decode().strip()


def test_the_entity_tag_answers_304(client: httpx.Client) -> None:
    for path in (SELECT, CONSTRUCT, "/sparql"):
        first = client.get(path)
        tag = first.headers["ETag"]
        assert tag.startswith('W/"')
        again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Vary"] == VARY
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_entity_tag_follows_what_was_asked(client: httpx.Client) -> None:
    def tag(path: str, accept: str | None = None) -> str:
        return str(client.get(path, headers={"Accept": accept} if accept else {}).headers["ETag"])

    assert tag(SELECT) == tag(SELECT)
    assert len({tag(SELECT), tag(SELECT, "text/csv"), tag(ASK), tag(SELECT + "&default-graph-uri=x:y")}) == 4


def test_what_changes_from_call_to_call_has_no_entity_tag(client: httpx.Client) -> None:
    for call in ("NOW()", "RAND()", "uuid()", "STRUUID()"):
        answer = client.get("/sparql", params={"query": f"SELECT ({call} AS ?x) {{}}"})
        assert answer.status_code == 200
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


# Properties of any Accept header.

TOKENS = st.from_regex(r"[a-z*+\-]{1,8}", fullmatch=True)
MEDIA = st.sampled_from([one.media for one in (*ROWS, *GRAPHS, HTML)] + ["*/*", "text/*", "application/*"])
RANGES = st.one_of(MEDIA, st.tuples(TOKENS, TOKENS).map("/".join))
QUALITIES = st.sampled_from(["", ";q=0", ";q=0.1", ";q=0.5", ";q=1", "; Q=0.001", ";q=2", ";q=", ";charset=x;q=0.3"])
HEADERS = st.lists(st.tuples(RANGES, QUALITIES).map("".join), max_size=6).map(", ".join)


@given(st.one_of(HEADERS, st.text(max_size=60)))
@settings(max_examples=400, deadline=None)
def test_any_header_gives_a_format_or_406(header: str) -> None:
    for formats in ((*ROWS, HTML), (*GRAPHS, HTML)):
        try:
            chosen = choose(header, formats)
        except NotAcceptable:
            continue
        assert chosen.name in {one.name for one in formats}
        assert chosen.name != "html" or "text/html" in header.lower()


@given(MEDIA.filter(lambda media: "*" not in media), HEADERS)
@settings(max_examples=200, deadline=None)
def test_what_is_named_with_the_highest_quality_is_given(media: str, rest: str) -> None:
    formats = (*ROWS, *GRAPHS, HTML)
    lower = re.sub(r"(?i);\s*q=[^,]*|(?=,|$)", ";q=0.2", rest) if rest else rest
    assert choose(f"{media};q=0.9, {lower}" if lower else media, formats).media == media


@given(st.permutations(["text/csv;q=0.3", "text/turtle", "*/*;q=0.1", "application/sparql-results+xml;q=0.6"]))
def test_the_order_of_ranges_does_not_matter(order: list[str]) -> None:
    assert choose(", ".join(order), ROWS).name == "xml"


@given(st.text(max_size=40))
def test_any_accept_encoding_gives_a_known_coding_or_none(header: str) -> None:
    assert coding(header, ("zstd", "br", "gzip")) in ("", "zstd", "br", "gzip")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ""),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip;q=1, br;q=0", "gzip"),
        ("*", "zstd"),
        ("identity", ""),
        ("zstd;q=0, *;q=0.5", "br"),
        ("GZip", "gzip"),
    ],
)
def test_content_coding(header: str | None, expected: str) -> None:
    assert coding(header, ("zstd", "br", "gzip")) == expected
