"""Pages about one thing in a real browser: sources are one click away, the language switch stays on the page. What
every page must be is in test_pages_atlas.py."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Opener

pytestmark = pytest.mark.browser


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
