"""Four walks of a newcomer with fifteen minutes: from the home page, without the docs, in at most ten clicks each.

Each click, and each name typed and chosen, counts as one. The limit of two minutes is a person's; a walk here has one
of thirty seconds, which is the server's and the browser's share of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Opener

pytestmark = pytest.mark.browser

MOST_CLICKS = 10
LONGEST = 30.0


class Walk:
    """Counts what a person does, and how long it takes."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self._start = page, 0, 0.0

    def __enter__(self) -> Walk:
        self._start = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            assert self.clicks <= MOST_CLICKS
            assert time.monotonic() - self._start < LONGEST

    def click(self, what: Locator) -> None:
        """One click."""
        self.clicks += 1
        what.click()

    def choose(self, field: str, text: str) -> None:
        """A name typed and the first answer chosen."""
        self.clicks += 1
        self.page.locator(field).click()
        self.page.locator(field).press_sequentially(text)
        self.click(self.page.locator(f"{field}-list [role=option]").first)

    def settled(self) -> None:
        """Wait until the page has followed."""
        self.page.wait_for_selector("#explorer[data-ready]:not([aria-busy])")


@pytest.fixture
def walk(open_page: Opener, server_url: str) -> Iterator[Walk]:
    """A person on the home page."""
    page = open_page(f"{server_url}/")
    with Walk(page) as one:
        to_explorer = page.locator("a[href^='/explore']").first
        one.click(to_explorer)
        one.settled()
        yield one


def test_who_monitors_france_and_since_when(walk: Walk) -> None:
    page = walk.page
    for family in ("treaty", "cooperation", "funding", "structure", "mandate"):
        walk.click(page.locator(f"label.{family}"))
        walk.settled()
    page.wait_for_url(re.compile("families=monitoring"))
    rows = page.locator("table.twin tbody tr")
    said = rows.filter(has_text="GRETA").filter(has_text="France").first
    walk.click(said.locator("td a"))
    walk.settled()
    expect(page.locator("#panel h2")).to_contain_text("GRETA")
    expect(page.locator("#panel h2")).to_contain_text("since 2009")
    assert page.locator("#panel .sources li").count() >= 1


def test_how_expertise_france_is_connected_to_the_eu(walk: Walk) -> None:
    page = walk.page
    walk.click(page.locator("summary", has_text="How are two connected?"))
    walk.choose("#path-from", "Expertise France")
    walk.choose("#path-to", "European Union")
    page.wait_for_url(re.compile("show=path"))
    walk.settled()
    story = page.locator("#story-part")
    expect(story.locator("h2")).to_have_text(re.compile("How Expertise France and the European Union are connected"))
    expect(story.locator(".steps").first).to_contain_text("Expertise France implements")
    expect(story.locator(".steps").first).to_contain_text("The European Union funds")
    assert story.locator(".mark-of").count() >= 4


def test_a_picture_for_an_article_with_its_sources(walk: Walk, tmp_path: Path, shoot: Callable[..., None]) -> None:
    page = walk.page
    walk.click(page.locator("summary", has_text="How are two connected?"))
    walk.choose("#path-from", "Expertise France")
    walk.choose("#path-to", "European Union")
    page.wait_for_url(re.compile("show=path"))
    walk.settled()
    walk.click(page.locator("#share summary"))
    with page.expect_download() as picture:
        walk.click(page.locator("#share-part a", has_text="PNG for print"))
    png = picture.value.path().read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 2400, "pixels across, 300 dots per inch over 20 cm"
    with page.expect_download() as data:
        walk.click(page.locator("#share-part a", has_text=re.compile("^CSV$")))
    text = data.value.path().read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].endswith("sources")
    assert all(line.rsplit(",", 1)[-1] for line in text.splitlines()), "every statement names its sources"
    assert "Expertise France" in page.locator("#share-alt").input_value()
    shoot(page, "walk-picture", whole=False)


def test_frances_commitments_on_1_january_2005(walk: Walk, shoot: Callable[..., None]) -> None:
    page = walk.page
    for family in ("monitoring", "cooperation", "funding", "structure", "mandate"):
        walk.click(page.locator(f"label.{family}"))
        walk.settled()
    walk.clicks += 1
    page.locator("#asof").fill("2005-01-01")
    page.locator("#asof").blur()
    page.wait_for_url(re.compile("families=treaty&asof=2005-01-01"))
    walk.settled()
    expect(page.locator("#caption")).to_contain_text("as of 1 January 2005")
    rows = page.locator("table.twin tbody tr")
    palermo = rows.filter(has=page.locator("th", has_text="Trafficking in Persons, Especially")).first
    expect(palermo).to_contain_text("in force that day")
    warsaw = rows.filter(has=page.locator("th", has_text="Council of Europe Convention on Action against")).first
    expect(warsaw).to_contain_text("not yet begun")
    shoot(page, "walk-commitments-2005", whole=False)
