"""What every page has: its address, its citation in four forms, a picture of each chart to take and to frame, and a
way to report an error in it. Search finds by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from graph import manifest
from tests.conftest import serving
from tests.http.test_pages_atlas import PAGES, PICTURES

#: Pages about one thing, and the others that are not among those around the graph.
OTHERS = [
    "/", "/doc/fra", "/doc/greta", "/doc/action/crc/fra/ratification", "/doc/claim/article-01",
    "/doc/greta?family=monitoring",
    "/source/votestart-article", "/sources", "/ontology", "/ontology/ratified", "/concept/treaty-action",
    "/rule/20-party-status", "/data", "/search?q=greta", "/corrections",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    """A browser's requests to the server over the real release."""
    with httpx.Client(base_url=server_url, timeout=30, headers={"Accept": "text/html"}) as one:
        yield one


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_a_page_has_its_address_and_its_citation(client: httpx.Client, server_url: str, path: str) -> None:
    """The foot leads to exactly this page, and to its citation for reference managers, which says the same title."""
    page = client.get(path, params={**dict(httpx.URL(path).params), "lang": "fr"}).text
    foot = page[page.index('<section class="take"') : page.index("</main>")]
    links = [unescape(one) for one in re.findall(r'href="([^"]+)"', foot)]
    permalink = next(one for one in links if one.startswith(server_url + urlsplit(path).path))
    assert parse_qs(urlsplit(permalink).query)["lang"] == ["fr"]
    assert client.get(permalink).status_code == 200
    ris = client.get(next(one for one in links if one.startswith("/cite.ris"))).text
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title
    assert f"TI  - {' '.join(unescape(title[1]).split())}\r\n" in ris
    assert (
        json.loads(client.get(next(one for one in links if one.startswith("/cite.json"))).text)[0]["language"] == "fr"
    )


@pytest.mark.parametrize("path", PICTURES)
def test_a_chart_can_be_had_for_print_and_framed(client: httpx.Client, path: str) -> None:
    """PNG at print width from the same address; the framing page holds the drawing, runs nothing, and alone may be
    framed; the page of the chart shows both."""
    png = client.get(path.replace(".svg", ".png"), params={"width": 600})
    assert png.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png.content[16:20], "big") == 600
    framed = client.get("/embed/picture", params={"of": path, "lang": "fr"})
    assert 'xml:lang="fr"' in framed.text
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "script-src 'none'" in framed.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in client.get(path).headers["content-security-policy"]
    page = framed.text.split('class="credit"')[1].split('href="')[1].split('"')[0]
    shown = client.get(unescape(page)).text
    assert path.replace(".svg", ".png") in shown
    assert f"of={path.replace('/', '%2F')}" in unescape(shown)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/embed/picture?of=/doc/fra.svg", 404), ("/embed/picture?of=//example.org/x.svg", 400), ("/embed/picture", 400),
     ("/data.png", 404), ("/people.png?width=9999", 400), ("/cite.bib?url=https://example.org/", 404),
     ("/cite.doc?url=/", 404), ("/cite.bib?url=/no-such", 404)],
)  # fmt: skip
def test_what_is_no_chart_or_page_is_refused(client: httpx.Client, path: str, status: int) -> None:
    """Only charts of this server are drawn for others, only its pages are cited."""
    assert client.get(path).status_code == status


def test_a_link_in_a_picture_is_whole(client: httpx.Client, server_url: str) -> None:
    """A picture leaves the page that it stood on: its links name this server."""
    links = re.findall(r'<a href="([^"]+)"', client.get("/people.svg").text)
    assert len(links) > 20
    assert all(one.startswith(server_url) for one in links)


@pytest.mark.parametrize("about", ["/doc/action/crc/fra/ratification", "/doc/greta", "/source/votestart-article"])
def test_a_report_is_about_the_page_it_started_from(client: httpx.Client, about: str) -> None:
    """A statement, a thing and a source lead to a report that holds their identifier; this copy names nobody."""
    link = f'href="/corrections?about={about}"'
    assert link in client.get(about).text
    page = unescape(client.get("/corrections", params={"about": about, "lang": "en"}).text)
    assert f"https://w3id.org/palermo{about.replace('/doc/', '/id/')}" in page
    assert "named neither a mail address nor a page for issues" in page
    assert "mailto:" not in page


@pytest.mark.parametrize(("about", "status"), [("/doc/no-such", 404), ("javascript:alert(1)", 400), ("/treaties", 400)])
def test_a_report_about_nothing_is_refused(client: httpx.Client, about: str, status: int) -> None:
    assert client.get("/corrections", params={"about": about}).status_code == status


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("greta", "/doc/greta"),
        ("protocole de palerme", "/doc/palermo-protocol"),
        ("Expertise Frnace", "/doc/expertise-france"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_search_of_every_page_finds(client: httpx.Client, text: str, first: str, lang: str) -> None:
    """The form that stands on every page leads to a page with the best match first."""
    home = client.get("/", params={"lang": lang}).text
    action = re.search(r'<form class="find small" role="search" action="([^"]+)"', home)
    assert action
    page = client.get(action[1], params={"q": text, "lang": lang}).text
    assert re.findall(r'<li><a href="([^"]+)"', page[page.index('id="search-hits"') :])[0] == first
    assert client.get(action[1], params={"q": "zzzzqqqq", "lang": lang}).text.count("<li>") == 0


def test_a_translation_of_ours_says_so(client: httpx.Client) -> None:
    """The name that the editors translated is marked in French; the English one comes from a source."""
    mark = 'class="flag" href="/source/palermo-editors"'
    assert mark in client.get("/doc/a-res-46-122", params={"lang": "fr"}).text
    assert mark not in client.get("/doc/a-res-46-122", params={"lang": "en"}).text
    assert mark not in client.get("/doc/palermo-protocol", params={"lang": "fr"}).text


def test_the_home_page_holds_what_is_new(client: httpx.Client, release_dir: Path) -> None:
    """Four stories, the release's change as the feed tells it, newest sources, and the drawing to be framed."""
    page = unescape(client.get("/", params={"lang": "en"}).text)
    assert len(re.findall(r'<h3><a href="/stories/', page)) == 4
    change = client.get("/changes.json").json()["items"][0]
    release = manifest.read(release_dir).release
    if change["summary"] == "No statement differs.":
        assert f"Release {release} states what the release before it stated." in page
    elif change["title"] == f"Release {release}":
        assert f"Release {release} is the first one" in page
    else:
        assert f"What release {release} changed</a>: " in page
        assert change["summary"] in page
    assert page.count("<li>", page.index('class="newest"')) >= 5
    assert "/embed?lang=en" in page


def test_a_copy_that_names_somebody_prefills_mail_and_issue(release_dir: Path) -> None:
    """With a mail address and a page of issues the report is written for both."""
    named = {"PALERMO_CONTACT": "corrections@example.org", "PALERMO_ISSUES": "https://example.org/palermo/issues/new"}
    with serving("--release", release_dir, environment=named) as url:
        page = unescape(httpx.get(f"{url}/corrections", params={"about": "/doc/greta", "lang": "en"}, timeout=60).text)
    mail = re.search(r'href="(mailto:[^"]+)"', page)
    issue = re.search(r'href="(https://example.org/palermo/issues/new[^"]+)"', page)
    assert mail
    assert issue
    assert urlsplit(mail[1]).path == "corrections@example.org"
    for given, title in ((parse_qs(urlsplit(mail[1]).query), "subject"), (parse_qs(urlsplit(issue[1]).query), "title")):
        assert given[title][0].startswith("Error in: Group of Experts")
        assert "https://w3id.org/palermo/id/greta" in given["body"][0]
