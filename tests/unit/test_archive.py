"""Addresses of a copy made of files: which there are, what they are called, how links are written."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

import pytest

from api.archive.addresses import Address, Scope, key
from api.archive.rewriting import BASE, Rewriter
from viz.state import parse


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ("/", "index.html"),
        ("/?lang=fr", "fr/index.html"),
        ("/doc/fra", "doc/fra.html"),
        ("/id/fra", "doc/fra.html"),
        ("/doc/action/crc/fra/ratification?lang=fr", "fr/doc/action/crc/fra/ratification.html"),
        ("/doc/fra.ttl", "doc/fra.ttl"),
        ("/doc/fra?family=acts&page=2", "doc/fra,family=acts,page=2.html"),
        ("/treaties/cets-197?as_of=2004-12-31", "treaties/cets-197,as_of=2004-12-31.html"),
        ("/treaties/cets-197/map.svg?lang=fr", "fr/treaties/cets-197/map.svg"),
        ("/projects?place=gulf-of-guinea", "projects,place=gulf-of-guinea.html"),
        ("/static/assets/main-x.css", "static/assets/main-x.css"),
        ("/data/tables/actors.csv", "data/tables/actors.csv"),
        ("/embed/picture?of=/people.svg", "embed/picture,of=.people.svg.html"),
        ("/.well-known/void", "data.ttl"),
        ("/concept/treaty-action", "concept/treaty-action.html"),
        ("/explore?focus=greta&sel=greta", "explore.html"),
        ("/explore?show=path&focus=fra,eu", "explore.html"),
        ("/treaties?region=africa&sort=name", "treaties.html"),
        ("/treaties/states/fra?as_of=2004-12-31", "treaties/states/fra.html"),
        ("/projects?by=unodc&place=nga", "projects.html"),
    ],
)
def test_an_address_has_a_file(link: str, file: str) -> None:
    """One file each, whose name file systems and URLs take as it is; the language is part of the path."""
    found = Scope().find(link, "en")
    assert found is not None
    assert found[0].file == file
    assert Scope().find(link, "fr")[0].lang in ("", "fr")  # type: ignore[index]


@pytest.mark.parametrize(
    "link",
    ["/sparql?query=ASK%7B%7D", "/sparql", "/api/v1/search?q=x", "/treaties?nonsense=1", "/figures?as_of=2004",
     "/explore/picture.png?focus=fra", "/explore?show=path&focus=fra",
     "/embed/picture?of=/people.svg?as_of=2004", "/doc/fra?as_of=2004", "/explore?nonsense=1", "/doc/../../etc/passwd"],
)  # fmt: skip
def test_what_files_cannot_answer_has_none(link: str) -> None:
    """Free queries, combinations and views that nobody precomputed."""
    assert Scope().find(link, "en") is None


def test_names_differ_where_addresses_do() -> None:
    """No two addresses share a file."""
    links = ["/doc/fra", "/doc/fra?family=acts", "/doc/fra?family=acts&page=2", "/doc/fra?page=2", "/sources?page=2",
             "/treaties?sort=name", "/treaties?sort=bound", "/doc/fra.ttl", "/embed?focus=fra", "/embed"]  # fmt: skip
    files = [found[0].file for lang in ("en", "fr") for one in links if (found := Scope().find(one, lang))]  # type: ignore[arg-type]
    assert len(files) == 2 * len(links)
    assert len(set(files)) == 2 * len(links) - 1, "the document is the same in both languages"


def test_a_copy_of_a_few_things_holds_what_is_between_them() -> None:
    """Statements need both ends; lists of many have no facets."""
    few = Scope(frozenset({"fra", "palermo-protocol"}))
    held = ["/doc/fra", "/doc/action/palermo-protocol/fra/ratification", "/treaties/states/fra", "/people", "/explore"]
    left = ["/doc/swe", "/doc/action/palermo-protocol/swe/ratification", "/treaties/states/swe"]
    assert all(few.find(one, "en") for one in held)
    # filters and days are counted in the browser, and so is every view; none of them has a file
    assert few.find("/treaties?sort=name", "en") == (Address("/treaties", "", "en"), "?sort=name")
    assert few.find("/explore?focus=swe", "en") == (Address("/explore", "", "en"), "?focus=swe")
    assert few.view("focus=swe", "en") is None
    assert not any(few.find(one, "en") for one in left)


@pytest.mark.parametrize(
    ("query", "name"),
    [("", "home"), ("focus=greta&sel=greta&asof=2004-01-01&lang=fr&families=treaty", "focus=greta"),
     ("focus=fra,palermo-protocol", "focus=fra,palermo-protocol"), ("open=fra:treaty&view=table", "open=fra.treaty"),
     ("show=whole", "show=whole")],
)  # fmt: skip
def test_a_view_has_a_name(query: str, name: str) -> None:
    """Twin of `key` in viz/web/src/explore/copy.ts; test/copy.test.ts asks it the same."""
    assert key(parse(query)) == name


def rewriter(path: str, lang: str, server: str = "") -> Rewriter:
    here = Address(path, "", lang)
    day = date(2026, 11, 23)
    return Rewriter(Scope(), here, lang, "https://example.org/copy", server, "1.0.0", day)  # type: ignore[arg-type]


def test_links_are_written_from_where_they_stand() -> None:
    """Relative, in the same language, with what stands after the name; what is missing leads to the page about it."""
    one = rewriter("/doc/action/crc/fra/ratification", "fr")
    text = '<a href="/doc/fra#acts">a</a> <a href="/doc/fra?lang=en">b</a> <a href="/sparql?query=x">c</a>'
    assert one.links(text) == (
        '<a href="../../../fra.html#acts">a</a> <a href="../../../../../doc/fra.html">b</a>'
        ' <a href="../../../../copies.html">c</a>'
    )
    assert {found.file for found in one.found} == {"fr/doc/fra.html", "doc/fra.html", "fr/copies.html"}
    served = rewriter("/", "en", "https://palermo.example")
    assert served.links('<a href="/sparql?query=x">c</a>') == '<a href="https://palermo.example/sparql?query=x">c</a>'
    assert rewriter("/", "en").links('<a href="https://example.org/">x</a>') == '<a href="https://example.org/">x</a>'


def test_addresses_that_are_written_out_name_the_copy() -> None:
    """Citations and frames hold the address where the copy stands, never the name that it was made under."""
    text = (
        f"{BASE}/treaties?as_of=2004-12-31&amp;lang=fr, &lt;iframe src=&#34;{BASE}/embed?focus=fra&amp;amp;lang=fr&#34;"
    )
    written = rewriter("/", "en").links(text)
    assert written == (
        "https://example.org/copy/fr/treaties,as_of=2004-12-31.html, "
        "&lt;iframe src=&#34;https://example.org/copy/fr/embed,focus=fra.html&#34;"
    )


def test_a_form_of_filters_becomes_links() -> None:
    """Each choice that the copy holds is a link; a day is chosen among those that it has."""
    form = (
        '<html lang="en"><form class="filters" method="get" action="/projects"><p><label for="place">Place</label>'
        '<select id="place" name="place"><option value="">Anywhere</option>'
        '<option value="gulf-of-guinea" selected>Gulf</option></select></p></form>'
    )
    page = rewriter("/projects", "en").page(form)
    assert "<form" not in page
    assert '<html data-copy="./" data-today="2026-11-23" lang="en">' in page
    assert '<a href="projects,place=gulf-of-guinea.html" aria-current="true">Gulf</a>' in page


def test_forms_come_back_where_a_script_answers() -> None:
    """A page that counts by itself keeps its forms apart, without what they were submitted with."""
    form = (
        '<html lang="en"><title>T</title><div data-live="matrix"><form class="filters" action="/treaties">'
        '<input type="hidden" name="as_of" value="2004-12-31"><label for="region">Region</label>'
        '<select id="region" name="region"><option value="">All</option><option value="africa">Africa</option></select>'
        "</form></div>"
    )
    page = rewriter("/treaties", "en").page(form)
    kept = page[page.index('<template class="live">') : page.index("</template>")]
    assert '<select id="region"' in kept
    assert 'href="treaties,region=africa.html"' in page[: page.index("<template")]


def test_citations_are_in_their_links() -> None:
    """A link to a citation is the citation, with the address where the copy stands."""
    page = rewriter("/doc/fra", "fr").page(
        '<html lang="fr"><title>50\u00a0% &amp; plus · Palermo</title>'
        '<a href="/cite.bib?url=%2Fdoc%2Ffra%3Flang%3Dfr&amp;lang=fr">BibTeX</a>'
    )
    assert 'download="palermo.bib"' in page
    link = page[page.index('<a href="') + 9 :]
    text = unquote(link[: link.index('"')])
    assert text.startswith("data:application/x-bibtex;charset=utf-8,@misc{palermo-2026-11-23,")
    assert "title = {{50 \\% \\& plus · Palermo}}" in text
    assert "url = {https://example.org/copy/fr/doc/fra.html}" in text
