"""Addresses of things here, and which addresses may become links."""

from __future__ import annotations

import string

import pytest

from api.language import accepted, words
from api.links import link_header, local, safe
from graph.ids import HOME, Ids

IDS = Ids()


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a?b=c#d", "http://example.org", "mailto:a@example.org", "HTTPS://EXAMPLE.ORG/"],
)
def test_addresses_that_may_be_links(url: str) -> None:
    assert safe(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//example.org", "/doc/fra", "https:", "http://", "",
        "https://a\nb", 'https://a"onclick="b', "https://[::1", "ftp://example.org",
    ],
)  # fmt: skip
def test_addresses_that_must_not(url: str) -> None:
    assert safe(url) is None


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (HOME + "id/fra", "/doc/fra"),
        (HOME + "id/action/untoc/fra/ratification", "/doc/action/untoc/fra/ratification"),
        (HOME + "source/x", "/source/x"),
        (HOME + "ontology#State", "/ontology/State"),
        (HOME + "ontology", "/ontology"),
        (HOME + "concept/sex/female", "/concept/sex/female"),
        (HOME + "rule/20-party-status", "/rule/20-party-status"),
        (HOME + "graph/inferred", "/graph/inferred"),
        (HOME + "data", "/data"),
        (HOME, "/"),
        (HOME + 'id/a"b<c', "/doc/a%22b%3Cc"),
        (HOME + "id/", None),
        ("https://example.org/id/fra", None),
    ],
)
def test_our_own_addresses(iri: str, path: str | None) -> None:
    assert local(iri, IDS) == path


def test_another_base_keeps_the_words_at_home() -> None:
    other = Ids("https://data.example/")
    assert local("https://data.example/id/fra", other) == "/doc/fra"
    assert local(HOME + "ontology#State", other) == "/ontology/State"
    assert local(HOME + "id/fra", other) is None


def test_a_link_header_cannot_be_broken_out_of() -> None:
    header = link_header([('/doc/a>; rel="evil', {"rel": "alternate"})])
    assert header == '</doc/a%3E;%20rel=%22evil>; rel="alternate"'


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("fr", "fr"), ("fr-CA,en;q=0.8", "fr"), ("en;q=0.5,fr;q=0.6", "fr"), ("de,es", "en"),
        ("de,fr;q=0.3", "fr"), ("*", "en"), ("fr;q=0,en;q=0.1", "en"), ("fr;q=2", "en"), (";;;,,", "en"),
    ],
)  # fmt: skip
def test_the_reader_s_language(header: str | None, language: str) -> None:
    assert accepted(header) == language


def test_both_languages_have_the_same_words_and_the_same_gaps() -> None:
    english, french = words("en"), words("fr")
    assert english.keys == french.keys
    for key in english.keys:
        gaps = [
            {name for _, name, _, _ in string.Formatter().parse(one.template(key)) if name} for one in (english, french)
        ]
        assert gaps[0] - {"n"} == gaps[1] - {"n"}, key


def test_french_counts_nought_in_the_singular() -> None:
    assert words("fr")("source.statements", n=0) == "0 relation ou acte"
    assert words("fr")("source.statements", n=2) == "2 relations et actes"
    assert words("en")("source.statements", n=0) == "0 relations and acts"
