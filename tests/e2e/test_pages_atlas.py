"""The pages around the graph in a real browser: a newcomer's walks, no JavaScript, accessibility, and pictures.

Each walk begins at the home page and takes at most ten clicks; a field that is filled in or chosen from counts as one.
"""

from __future__ import annotations

import gzip
import re
import time
from datetime import date

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SIZES, Opener
from tests.http import recount
from viz.tours import tours

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MOST_CLICKS = 10
LONGEST = 30.0
#: Bytes of script, compressed, that a page may load.
MOST_SCRIPT = 300_000

PAGES = [
    "/treaties", "/treaties/palermo-protocol?as_of=2004-12-31", "/treaties/states/fra", "/treaties/signed-only",
    "/figures", "/stories", f"/stories/{tours()[0].slug}", "/evaluations", "/projects", "/cases", "/people", "/method",
]  # fmt: skip


class Walk:
    """Counts the clicks of a walk and its seconds."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.start = page, 0, time.monotonic()

    def click(self, role: str, name: str | re.Pattern[str], within: str = "body") -> None:
        """Click the first thing of that role and name."""
        self.clicks += 1
        self.page.locator(within).get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def fill(self, label: str, value: str) -> None:
        """Fill in a field."""
        self.clicks += 1
        self.page.get_by_label(label, exact=True).first.fill(value)

    def choose(self, label: str, value: str) -> None:
        """Choose from a list."""
        self.clicks += 1
        self.page.get_by_label(label, exact=True).first.select_option(label=value)

    def done(self) -> None:
        """Within ten clicks and the server's and browser's share of two minutes."""
        assert self.clicks <= MOST_CLICKS
        assert time.monotonic() - self.start < LONGEST


@pytest.mark.parametrize("javascript", [True, False])
def test_walk_how_many_states_had_ratified_by_the_end_of_2004(
    open_page: Opener, server_url: str, javascript: bool
) -> None:
    """Treaties, the Palermo Protocol, 2004: the first sentence is the answer."""
    walk = Walk(open_page(f"{server_url}/?lang=en", javascript=javascript))
    walk.click("link", "Treaties", ".masthead")
    walk.click("link", "Palermo Protocol", "thead")
    walk.click("link", "2004", ".asof-form")
    certain, _ = recount.bound("palermo-protocol", date(2004, 12, 31))
    expect(walk.page.locator(".lead")).to_contain_text(f"On 31 December 2004, {len(certain - {'eu'})} states")
    walk.done()


def test_walk_compare_the_articles_number_of_victims(open_page: Opener, server_url: str) -> None:
    """Figures: the first box has the claim, the official figures and what follows."""
    walk = Walk(open_page(f"{server_url}/?lang=en"))
    walk.click("link", "Figures", ".masthead")
    box = walk.page.locator(".checked article").first
    for text in ("2,418", "1,811", "2,872", "4,868"):
        expect(box).to_contain_text(text)
    walk.click("link", "1,811", ".checked")
    expect(walk.page.locator("main")).to_contain_text("1,811")
    walk.done()


def test_walk_which_states_were_evaluated_twice_and_when(open_page: Opener, server_url: str) -> None:
    """Evaluations: the number, and each state's rounds with their dates."""
    walk = Walk(open_page(f"{server_url}/?lang=en"))
    walk.click("link", "Evaluations", ".colophon")
    expect(walk.page.locator(".lead")).to_contain_text("two rounds or more")
    row = walk.page.locator("table").first.locator("tr", has_text="France")
    expect(row).to_contain_text("published on 28 January 2013")
    expect(row).to_contain_text("published on 6 July 2017")
    walk.done()


def test_walk_what_expertise_france_did_in_the_gulf_of_guinea(open_page: Opener, server_url: str) -> None:
    """Projects, place, who: what, with whom, for how much."""
    walk = Walk(open_page(f"{server_url}/?lang=en"))
    walk.click("link", "Projects", ".colophon")
    walk.choose("Place", "Gulf of Guinea")
    walk.choose("Carried out by", "Expertise France")
    walk.click("button", "Show", ".filters")
    listed = walk.page.locator(".projects")
    for text in ("ALTP", "from 2019 to 2023", "€18,000,000", "Economic Community of West African States"):
        expect(listed).to_contain_text(text)
    walk.done()


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_no_serious_finding_in_either_theme(
    open_page: Opener, axe: object, server_url: str, path: str, lang: str
) -> None:
    """axe-core finds nothing serious, light on a screen and dark on a phone, and nothing sticks out sideways."""
    joined = "&" if "?" in path else "?"
    for size, theme in (("desktop", "light"), ("phone", "dark")):
        page = open_page(f"{server_url}{path}{joined}lang={lang}", theme=theme, size=size, lang=lang)  # type: ignore[arg-type]
        assert axe(page) == []  # type: ignore[operator]
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


@pytest.mark.parametrize("path", ["/treaties", "/figures", "/stories"])
def test_a_page_can_be_read_without_javascript(open_page: Opener, server_url: str, path: str) -> None:
    """Tables, charts and links are there before any script runs."""
    page = open_page(f"{server_url}{path}?lang=en", javascript=False)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("main a").count() > 5


def test_pages_load_little_script(open_page: Opener, server_url: str) -> None:
    """Under 300 KB of script, compressed, on the heaviest of these pages."""
    page = open_page(f"{server_url}/figures?lang=en")
    addresses = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    scripts = [one for one in addresses if one.endswith(".js")]
    assert scripts
    total = sum(len(gzip.compress(httpx.get(one, timeout=20).content)) for one in scripts)
    assert total < MOST_SCRIPT
