"""The pages around the graph in a real browser: a newcomer's walks, no JavaScript, accessibility, and pictures.

Each walk begins at the home page and takes at most ten clicks; a field that is filled in or chosen from counts as one.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import time
from collections.abc import Callable
from datetime import date

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOOKS, SIZES, Opener, Reader, Theme
from tests.http import recount
from tests.http.addresses import EVERY, FRAMED
from viz import words

pytestmark = pytest.mark.browser

MOST_CLICKS = 10
LONGEST = 30.0
#: Bytes of script, compressed, that a page may load.
MOST_SCRIPT = 300_000


def asked(server_url: str, query: str, **values: str) -> list[dict[str, str]]:
    """The rows of a named query's answer."""
    answer = httpx.get(f"{server_url}/queries/{query}", params={**values, "format": "csv"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


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
    """Treaties, the Palermo Protocol, 2004: the first sentence is the answer, the tables' and the named query's."""
    parties = asked(server_url, "parties-to-treaty", treaty="palermo-protocol", date="2004-12-31")
    states = {row["participant"] for row in parties if row["status"] == "certain"} - {"https://w3id.org/palermo/id/eu"}
    certain, _ = recount.bound("palermo-protocol", date(2004, 12, 31))
    assert len(states) == len(certain - {"eu"})
    walk = Walk(open_page(f"{server_url}/?lang=en", javascript=javascript))
    walk.click("link", "Treaties", ".masthead")
    walk.click("link", "Palermo Protocol", "thead")
    walk.click("link", "2004", ".asof-form")
    expect(walk.page.locator(".lead")).to_contain_text(f"On 31 December 2004, {len(states)} states")
    walk.done()


def test_walk_compare_the_articles_number_of_victims(open_page: Opener, server_url: str) -> None:
    """Figures: the first box has the claim, the official figures of its year and what follows."""
    every = asked(server_url, "figures-of-country", country="fra", year="2021")
    claimed = {row["value"] for row in every if row["basis"] == "claimed" and row["indicator"] == "victims-reported"}
    official = {
        row["observation"].rpartition("/")[2]: f"{int(row['value']):,}"
        for row in every
        if row["basis"] in ("recorded", "identified", "supported") and row["unit"] == "persons"
    }
    walk = Walk(open_page(f"{server_url}/?lang=en"))
    walk.click("link", "Figures", ".masthead")
    box = walk.page.locator(".checked article").first
    assert len(claimed) == 1
    expect(box).to_contain_text(f"{int(claimed.pop()):,}")
    police, identified = official["police-2021-ssmsi"], official["assoc-2021-identified"]
    for text in (police, identified):
        expect(box).to_contain_text(text)
    walk.click("link", police, ".checked")
    expect(walk.page.locator("main")).to_contain_text(police)
    walk.done()


def test_walk_which_states_were_evaluated_twice_and_when(open_page: Opener, server_url: str) -> None:
    """Evaluations: the number, and each state's rounds with their dates."""
    rows = asked(server_url, "states-evaluated-more-than-once", body="greta")
    france = next(row for row in rows if row["state"].endswith("/fra"))
    walk = Walk(open_page(f"{server_url}/?lang=en"))
    walk.click("link", "Evaluations", ".colophon")
    expect(walk.page.locator(".lead")).to_contain_text(f"{len(rows)} states were evaluated by GRETA")
    row = walk.page.locator("table").first.locator("tr", has_text="France")
    expect(row.locator("td").first).to_have_text(france["rounds"])
    for day in (france["first"], france["last"]):
        expect(row).to_contain_text(words.day(date.fromisoformat(day), "en"))
    walk.done()


def test_walk_what_expertise_france_did_in_the_gulf_of_guinea(open_page: Opener, server_url: str) -> None:
    """Projects, place, who: what, from when to when, with whom, for how much."""
    altp = next(
        row
        for row in asked(server_url, "projects-of-implementer", agency="expertise-france")
        if row["project"].endswith("/ef-altp")
    )
    partners = asked(server_url, "partners-of-project", project="ef-altp")
    walk = Walk(open_page(f"{server_url}/?lang=en"))
    walk.click("link", "Projects", ".colophon")
    walk.choose("Place", "Gulf of Guinea")
    walk.choose("Carried out by", "Expertise France")
    walk.click("button", "Show", ".filters")
    listed = walk.page.locator(".projects li", has_text="ALTP")
    assert float(altp["budget"]) > 0
    for text in (altp["start"][:4], altp["end"][:4], f"€{int(float(altp['budget'])):,}"):
        expect(listed).to_contain_text(text)
    told = [row for row in partners if row["role"].rpartition("#")[2] in ("participatesIn", "funds", "cooperatesWith")]
    assert len(told) > 8
    for row in told:
        expect(listed).to_contain_text(row["name"])
    walk.done()


def test_walk_report_an_error_in_a_statement(open_page: Opener, server_url: str) -> None:
    """Search, the state, its ratification, and the report that names the statement."""
    walk = Walk(open_page(f"{server_url}/?lang=en"))
    walk.clicks += 1
    walk.page.locator("main input[name=q]").fill("france")
    walk.click("button", "Search", "main")
    walk.click("link", "France", "#search-hits")
    walk.click("link", "29 October 2002", ".acts")
    walk.click("link", "Report an error", ".take")
    expect(walk.page.locator("#report-text")).to_have_value(re.compile("https://w3id.org/palermo/id/action/"))
    walk.done()


def loads_little(page: Page, name: str) -> None:
    """Under 300 KB of script, compressed, whatever the page."""
    addresses = page.evaluate(
        "[...performance.getEntriesByType('resource').map(one => one.name),"
        " ...[...document.scripts].map(one => one.src).filter(Boolean)]"
    )
    scripts = {one for one in addresses if one.split("?")[0].endswith(".js")}
    assert bool(scripts) != (name in FRAMED), "what others frame runs no script, every other page does"
    total = sum(len(gzip.compress(httpx.get(one, timeout=20).content)) for one in scripts)
    assert total < MOST_SCRIPT


def reads_the_same(plain: Page, with_script: Page) -> None:
    """What a page says is there before any script runs, and stays what it is once they have: headings, tables, figures
    and sentences. What a script adds (the map's own list of names, an editor for the field) is added, not put in place
    of anything."""
    expect(plain.locator("h1")).to_have_count(1)
    assert plain.locator("main a, main form").count() >= 1
    assert len(plain.locator("main").inner_text()) > 150
    for part in ("h1", "main h2", "main table tbody tr", "main figure", "main svg[role]", "main .lead"):
        assert plain.locator(part).count() >= with_script.locator(part).count() * 0.99, part
    for part in ("h1", "main .lead", "main h2"):
        assert plain.locator(part).all_inner_texts() == with_script.locator(part).all_inner_texts(), part


@pytest.mark.parametrize(("lang", "theme", "size"), LOOKS)
@pytest.mark.parametrize("name", list(EVERY))
def test_a_page_fits_is_accessible_and_needs_no_script_to_be_read(
    read_page: Reader, axe: Callable[[Page], list[str]], shoot: Callable[..., None], server_url: str,
    name: str, lang: str, theme: Theme, size: str,
) -> None:  # fmt: skip
    """axe-core finds nothing serious, nothing sticks out sideways; and, once for each page, little script is loaded and
    none is needed."""
    url = f"{server_url}{EVERY[name]}{'&' if '?' in EVERY[name] else '?'}lang={lang}"
    page = read_page(url, theme=theme, size=size, lang=lang)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    shoot(page, f"page-{name}-{size}-{lang}-{theme}", whole=False)
    if lang == "en":
        loads_little(page, name)
        reads_the_same(read_page(url, javascript=False), page)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_first_page_fits_a_phone(open_page: Opener, server_url: str, lang: str) -> None:
    """The drawing is made for a phone, is seen whole, and its names are apart; every place of the header is seen."""
    page = open_page(f"{server_url}/?lang={lang}", size="phone", lang=lang)
    drawings = page.locator("figure.ego svg")
    assert [one.is_visible() for one in drawings.all()] == [False, True]
    for box in ("figure.ego", ".masthead nav"):
        assert page.locator(box).evaluate("one => one.scrollWidth <= one.clientWidth"), box
    labels = page.locator("figure.ego .for-narrow svg text.label tspan, figure.ego .for-narrow svg text.quiet tspan")
    boxes: list[list[float]] = labels.evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
    )
    assert len(boxes) > 40
    wide = SIZES["phone"][0]
    assert all(left >= 0 and right <= wide for left, _, right, _ in boxes)
    lines = labels.all_text_contents()
    # letters have two pixels above and below them that hold none
    met = [
        (lines[a], lines[b])
        for a in range(len(boxes))
        for b in range(a)
        if min(boxes[a][2], boxes[b][2]) - max(boxes[a][0], boxes[b][0]) > 1
        and min(boxes[a][3], boxes[b][3]) - max(boxes[a][1], boxes[b][1]) > 4
    ]
    assert met == []


def test_no_page_is_left_out(server_url: str) -> None:
    """Every place of the header and the foot, and every address of a page without parameters, is among those tested."""
    page = httpx.get(server_url, headers={"Accept": "text/html"}, timeout=60).text
    places = set(re.findall(r'href="(/[a-z]*)"', page[page.index("<header") : page.index("</header>")]))
    places |= set(re.findall(r'href="(/[a-z]*)"', page[page.index("<footer") :]))
    tested = {one.partition("?")[0] for one in EVERY.values()}
    assert len(places) > 14
    assert places <= tested
    routes = httpx.get(f"{server_url}/openapi.json", timeout=60).json()["paths"]
    plain = {
        path for path, told in routes.items() if "pages" in told.get("get", {}).get("tags", ()) and "{" not in path
    }
    assert {one for one in plain if "." not in one} <= tested


def test_years_play(open_page: Opener, server_url: str) -> None:
    """The button lets the years pass, each the page of its last day; the slider goes to one; less motion, no button."""
    page = open_page(f"{server_url}/treaties/palermo-protocol?lang=en&as_of=2003-12-31", still=False)
    page.get_by_role("button", name="Play the years").click()
    page.wait_for_url(re.compile("as_of=200[5-9]-12-31"))
    page.get_by_role("button", name="Stop").click()
    slider = page.get_by_role("slider")
    slider.fill(str(2004 - 1904))
    certain, _ = recount.bound("palermo-protocol", date(2004, 12, 31))
    expect(page.locator(".lead")).to_contain_text(f"On 31 December 2004, {len(certain - {'eu'})} states")
    expect(page.locator(".map title").first).to_contain_text("31 December 2004")
    still = open_page(f"{server_url}/treaties?lang=en")
    expect(still.get_by_role("slider")).to_be_visible()
    expect(still.get_by_role("button", name="Play the years")).to_be_hidden()
