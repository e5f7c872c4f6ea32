"""The query page in a real browser: a newcomer's walk, keyboard, completion, slips, stopping, hostile cells."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SIZES, Opener, Watch
from tests.e2e.test_pages_atlas import MOST_SCRIPT, Walk
from tests.http.test_workbench import HOSTILE, STATES

pytestmark = pytest.mark.browser


def ready(page: Page) -> Page:
    """The page once its editor is there."""
    expect(page.locator("#workbench[data-ready]")).to_be_attached()
    return page


def write(page: Page, query: str) -> None:
    """Put a text into the editor as a person would: choose all, paste over it."""
    box = page.locator(".cm-content")
    box.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def answered(page: Page) -> None:
    expect(page.locator("#workbench[data-state=done]")).to_be_attached()


def test_walk_write_run_and_share_a_query_starting_from_an_example(open_page: Opener, server_url: str) -> None:
    """From the first page: an example, another treaty, the answer, its map, a short address that shows the same."""
    walk = Walk(open_page(f"{server_url}/?lang=en"))
    walk.click("link", "Query", ".masthead")
    walk.click("link", "Which states and organisations are bound by a treaty on a given day, and since when?", "aside")
    page = ready(walk.page)
    walk.fill("Treaty", "palermo-protocol")
    walk.click("button", "Put these into the query")
    ready(page)
    expect(page.locator(".cm-content")).to_contain_text("palermo-protocol")
    walk.click("button", "Ask", "#ask")
    answered(page)
    expect(page.locator("#answer")).to_contain_text("rows in")
    expect(page.locator("#result tbody tr").first.locator("a").first).to_have_attribute("href", "/doc/afg")
    walk.click("button", "Map", "#result")
    expect(page.locator("#result .map svg")).to_be_visible()
    walk.click("button", "Share", "#ask")
    link = page.locator(".kept a")
    expect(link).to_have_attribute("href", re.compile(re.escape(server_url) + r"/s/[a-z2-7]{12}$"))
    address = link.get_attribute("href") or ""
    walk.done()
    other = ready(open_page(address))
    answered(other)
    expect(other.locator("#result .map svg")).to_be_visible()
    expect(other.locator(".cm-content")).to_contain_text("palermo-protocol")


def test_the_keyboard_is_enough(open_page: Opener, server_url: str) -> None:
    """Ctrl-Enter asks, a class is completed with its prefix, Tab leaves the editor."""
    page = ready(open_page(f"{server_url}/sparql?lang=en"))
    write(page, "SELECT * { ?x a pal:Fun")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("pal:Fund")
    page.wait_for_timeout(100)  # a completion is not taken within its first 75 ms, lest typing take it
    page.keyboard.press("Enter")
    expect(page.locator(".cm-content")).to_contain_text("PREFIX pal: <https://w3id.org/palermo/ontology#>")
    page.keyboard.insert_text(" }")
    page.keyboard.press("Control+Enter")
    answered(page)
    expect(page.locator("#answer")).to_contain_text("4 rows in")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator("#run")).to_be_focused()


def test_ids_are_completed_by_name(open_page: Opener, server_url: str) -> None:
    page = ready(open_page(f"{server_url}/sparql?lang=fr", lang="fr"))
    write(page, "ASK { ?x ?y sued")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("id:swe")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("Suède")


def test_a_slip_is_marked_on_its_line_with_the_hint(open_page: Opener, watch: Watch, server_url: str) -> None:
    page = ready(open_page(f"{server_url}/sparql?lang=en"))
    write(page, "SELECT * {\n  ?state skos:prefLabel ?name\n}")
    page.keyboard.press("Control+Enter")
    answered(page)
    expect(page.locator(".cm-problem")).to_have_text("skos:prefLabel")
    expect(page.locator(".cm-line:nth-child(2) + .cm-problem-said")).to_contain_text("PREFIX skos:")
    expect(page.locator(".said")).to_contain_text("Line 2, column 10")
    watch.errors[:] = [one for one in watch.errors if "400" not in one]
    page.keyboard.insert_text(" ")
    expect(page.locator(".cm-problem-said")).to_have_count(0)


def test_a_long_query_can_be_stopped_and_its_worker_is_free(open_page: Opener, server_url: str) -> None:
    page = ready(open_page(f"{server_url}/sparql?lang=en"))
    write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) < STR(?i)) }")
    page.keyboard.press("Control+Enter")
    stop = page.get_by_role("button", name="Stop")
    expect(page.locator(".clock")).to_contain_text("Asking")
    stop.click()
    expect(page.locator(".said")).to_contain_text("Stopped after")
    expect(stop).to_be_hidden()
    for _ in range(200):
        load = httpx.get(server_url + "/ready", timeout=10).json()["load"]
        if load["slow"] == load["quick"] == 0:
            break
        page.wait_for_timeout(50)
    assert load["slow"] == load["quick"] == 0
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#result .lead")).to_have_text("Yes.")


@pytest.mark.parametrize("view", ["table", "chart", "network"])
def test_hostile_cells_do_nothing(open_page: Opener, server_url: str, view: str) -> None:
    """Markup and script addresses that a query puts into its answer are text, however it is looked at."""
    query = HOSTILE.replace("?label ?who", "?label (1 AS ?n) ?who", 1) if view == "chart" else HOSTILE
    page = ready(open_page(f"{server_url}/sparql?lang=en"))
    write(page, query)
    page.keyboard.press("Control+Enter")
    answered(page)
    if view != "table":
        page.locator(f"[data-view={view}]").click()
        expect(page.locator(f"[data-view={view}][aria-pressed=true]")).to_be_visible()
        answered(page)
    if view == "network":
        expect(page.locator("[data-network][data-ready]")).to_be_attached()
    assert page.evaluate("window.hacked") is None
    assert page.locator("#result script, #result img, #result [onerror]").count() == 0
    links = page.eval_on_selector_all("#result a", "all => all.map(one => one.getAttribute('href') || '')")
    assert all(one.startswith(("/", "http://", "https://", "mailto:")) for one in links)
    if view == "table":
        expect(page.locator("#result td").first).to_contain_text("<script>window.hacked = 1</script>")


def test_a_query_is_copied_as_a_program(open_page: Opener, server_url: str) -> None:
    page = ready(open_page(f"{server_url}/sparql?example=parties-by-treaty&lang=en"))
    page.get_by_role("button", name="Python").click()
    expect(page.locator(".copying + div code")).to_contain_text("urllib.request")
    expect(page.locator(".copying + div code")).to_contain_text(f"{server_url}/sparql")


def test_the_page_works_without_scripts(open_page: Opener, server_url: str) -> None:
    page = open_page(f"{server_url}/sparql?example=parties-by-treaty&lang=en", javascript=False)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("rows in")
    page.get_by_role("button", name="Chart").click()
    expect(page.locator("#result svg.chart").first).to_be_visible()
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".kept a")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_serious_and_nothing_sticks_out(
    open_page: Opener, axe: Callable[[Page], list[str]], shoot: Callable[..., None], server_url: str, lang: str
) -> None:
    """axe-core on the page with an answer, light on a screen and dark on a phone; a picture of each."""
    ask = {"en": "Ask", "fr": "Demander"}[lang]
    for size, theme in (("desktop", "light"), ("phone", "dark")):
        page = ready(
            open_page(f"{server_url}/sparql?example=parties-by-treaty&lang={lang}", theme=theme, size=size, lang=lang)  # type: ignore[arg-type]
        )
        page.get_by_role("button", name=ask, exact=True).click()
        answered(page)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        shoot(page, f"query-{lang}-{size}-{theme}")
        page.locator("[data-view=chart]").click()
        expect(page.locator("[data-view=chart][aria-pressed=true]")).to_be_visible()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


def test_the_page_loads_little_script(open_page: Opener, server_url: str) -> None:
    """Under 300 KB of script, compressed, the network's own part included."""
    page = ready(open_page(f"{server_url}/sparql?lang=en"))
    edges = "SELECT ?subject ?object { ?subject <https://w3id.org/palermo/ontology#memberOf> ?object } LIMIT 5"
    write(page, edges)
    page.keyboard.press("Control+Enter")
    answered(page)
    page.locator("[data-view=network]").click()
    expect(page.locator("[data-network][data-ready]")).to_be_attached()
    addresses = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    scripts = {one for one in addresses if one.endswith(".js")}
    assert len(scripts) > 2
    assert sum(len(gzip.compress(httpx.get(one, timeout=20).content)) for one in scripts) < MOST_SCRIPT


def test_a_map_of_numbers_links_its_states(open_page: Opener, server_url: str) -> None:
    page = ready(open_page(f"{server_url}/sparql?lang=en"))
    write(page, STATES)
    page.keyboard.press("Control+Enter")
    answered(page)
    page.locator("[data-view=map]").click()
    expect(page.locator("#result .map a").first).to_have_attribute("aria-label", re.compile(r"^.+: \d+$"))
