"""Pages about one thing in a real browser: nothing overflows, nothing is inaccessible, sources are one click away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Opener

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "state": "/doc/fra",
    "treaty": "/doc/palermo-protocol",
    "body": "/doc/greta",
    "statement": "/doc/action/crc/fra/ratification",
    "inferred": "/doc/party/palermo-protocol/fra",
    "claim": "/doc/claim/article-01",
    "figures": "/doc/fra?family=figures",
    "family": "/doc/greta?family=monitoring",
    "source": "/source/votestart-article",
    "sources": "/sources",
    "ontology": "/ontology",
    "term": "/ontology/ratified",
    "concept": "/concept/treaty-action",
    "rule": "/rule/20-party-status",
    "data": "/data",
}


@pytest.mark.parametrize(("lang", "theme", "size"), [("en", "light", "desktop"), ("fr", "dark", "phone")])
@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_fits_and_is_accessible(
    open_page: Opener, server_url: str, axe: Callable[[Page], list[str]], shoot: Callable[..., Path],
    name: str, lang: str, theme: str, size: str,
) -> None:  # fmt: skip
    page = open_page(server_url + PAGES[name], lang=lang, theme=theme, size=size)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "the page is wider than the screen"
    )
    assert not axe(page)
    shoot(page, f"linked-{name}-{size}-{lang}-{theme}", whole=False)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_sentence_to_its_source(open_page: Opener, server_url: str, javascript: bool) -> None:
    page = open_page(f"{server_url}/doc/fra?lang=en", javascript=javascript)
    page.locator("table.acts tr", has_text="Palermo Protocol").get_by_role("link", name="29 October 2002").click()
    expect(page.locator("h1")).to_have_text("France ratified the Palermo Protocol on 29 October 2002.")
    expect(page.locator(".evidence li").first).to_contain_text("United Nations Treaty Collection")
    address = page.get_by_role("link", name="Open the source").first.get_attribute("href")
    assert address is not None
    assert re.match(r"https?://treaties\.un\.org/", address)
    page.get_by_role("link", name="What else this source states").first.click()
    expect(page.locator("h1")).to_contain_text("Status of treaties")


def test_the_language_switch_stays_on_the_page_and_is_remembered(open_page: Opener, server_url: str) -> None:
    page = open_page(f"{server_url}/doc/greta")
    page.locator(".choices").get_by_role("link", name="FR").click()
    expect(page.locator("h1")).to_contain_text("Groupe d’experts")
    page.get_by_role("link", name="Ontologie", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_have_text("Les mots du graphe")
