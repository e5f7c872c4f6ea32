"""Of every page: no template without a test, and around the graph an address, a day, a citation and a frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from jinja2 import Environment
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph import manifest
from graph.dates import PartialDate
from graph.read import dates
from tests.http.addresses import AROUND, EVERY
from viz import words

#: Templates of pages that need more than a release: what they need, and who tests them.
ELSEWHERE = {
    "releases.html": "published releases; tests/http/test_past.py",
    "history.html": "published releases; tests/http/test_past.py",
    "curate/list.html": "a file of proposals; tests/review/test_curate.py",
    "curate/proposal.html": "a file of proposals; tests/review/test_curate.py",
}
#: Pages that show a day which a reader chooses.
DATED = ["treaties", "treaty", "signed-only", "state-treaties", "people"]
TEMPLATES = Path(__file__).resolve().parents[2] / "api" / "pages"
LANGS = ["en", "fr"]


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    """A browser's requests to the server over the real release."""
    with httpx.Client(base_url=server_url, timeout=60, headers={"Accept": "text/html"}) as one:
        yield one


def asked(client: httpx.Client, path: str, lang: str) -> str:
    """The page in a language."""
    answer = client.get(path, params={**dict(httpx.URL(path).params), "lang": lang})
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def test_no_template_of_a_page_is_without_an_address(release_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fills the layout of a page, or is a page that others frame, is asked for by the tests of all pages."""
    pages = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "<!doctype html>" in (text := path.read_text("utf-8")) or '{% extends "base.html" %}' in text
    } - {"base.html", "preview.html"}  # the layout itself; a card that reconciliation clients put into their own window
    seen: set[str] = set()
    found = Environment.get_template

    def noted(self: Environment, name: Any, *rest: Any, **more: Any) -> Any:
        seen.add(str(name))
        return found(self, name, *rest, **more)

    monkeypatch.setattr(Environment, "get_template", noted)
    with TestClient(create_app(Settings.read({}, release=release_dir)), headers={"Accept": "text/html"}) as client:
        for path in EVERY.values():
            assert client.get(path).status_code == 200, path
    assert len(pages) > 30
    assert pages - seen == set(ELSEWHERE)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", list(AROUND))
def test_a_page_has_an_address_a_citation_and_a_day(
    client: httpx.Client, server_url: str, release_dir: Path, name: str, lang: str
) -> None:
    """The address leads to exactly this page; the citation names it, the version and the day; the foot says up to
    when sources were read."""
    page = asked(client, AROUND[name], lang)
    foot = page[page.index('<section class="take"') : page.index("</main>")]
    links = [unescape(one) for one in re.findall(r'href="([^"]+)"', foot)]
    permalink = next(one for one in links if one.startswith(server_url + urlsplit(AROUND[name]).path))
    assert parse_qs(urlsplit(permalink).query)["lang"] == [lang]
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    again = re.search(r"<title>(.*?)</title>", client.get(permalink).text, re.DOTALL)
    assert title and again and title[1] == again[1]  # noqa: PT018
    described = manifest.read(release_dir)
    assert described.release in foot
    assert {urlsplit(one).path for one in links} >= {"/cite.bib", "/cite.ris", "/cite.json"}
    read = dates.written(PartialDate.parse(described.date), lang)  # type: ignore[arg-type]
    assert read in unescape(page[page.index("<footer") :])


@pytest.mark.parametrize("name", list(AROUND))
def test_a_page_can_be_framed(client: httpx.Client, name: str) -> None:
    """The code at its foot leads to a page that others may frame, which runs nothing and says what the page says."""
    page = asked(client, AROUND[name], "fr")
    foot = page[page.index('<section class="take"') : page.index("</main>")]
    codes = [unescape(unescape(one)) for one in re.findall(r"<textarea[^>]*>(.*?)</textarea>", foot, re.DOTALL)]
    source = next(found[1] for one in codes if (found := re.search(r'<iframe src="([^"]+)"', one)))
    framed = client.get(source)
    assert framed.status_code == 200
    assert '<html lang="fr"' in framed.text
    policy = framed.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "<script" not in framed.text
    assert "<form" not in framed.text
    assert "set-cookie" not in framed.headers
    if name != "home":  # its frame is the drawing
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
        assert heading
        assert heading[1] in framed.text
        assert len(framed.text) > 1_000


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", DATED)
def test_a_page_that_a_day_matters_to_says_it(client: httpx.Client, name: str, lang: str) -> None:
    """A field with the day, the day in words in the page, and kept in its address, its frame and its data."""
    on = date(2010, 6, 30)
    path = AROUND[name].partition("?")[0]
    page = unescape(asked(client, f"{path}?as_of={on}", lang))
    main = page[page.index("<main") : page.index('<section class="take"')]
    assert f'value="{on}"' in main
    assert words.day(on, lang) in re.sub(r"<[^>]+>", "", main).replace("\u00a0", " ")
    foot = page[page.index('<section class="take"') : page.index("</main>")]
    assert f"as_of={on}" in foot.partition("<textarea")[0]
    assert f"as_of%3D{on}" in foot


@pytest.mark.parametrize(
    ("path", "status"),
    [("/embed/page", 400), ("/embed/page?of=/doc/fra", 400), ("/embed/page?of=//example.org/data", 400),
     ("/embed/page?of=https://example.org/data", 400), ("/embed/page?of=/treaties/no-such", 404),
     ("/embed/page?of=/treaties?as_of=tomorrow", 404), ("/embed/page?of=/treaties.csv", 400)],
)  # fmt: skip
def test_what_is_no_page_is_not_framed(client: httpx.Client, path: str, status: int) -> None:
    """Only pages of this server, and only such as there are."""
    assert client.get(path).status_code == status
