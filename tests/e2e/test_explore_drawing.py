"""The drawing itself: labels on a phone, layouts, parallel lines, many neighbours, marks held in place, what is freed
when the page is left, and what stands in where there is no WebGL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.conftest import FLAGS, PATIENCE, Opener, chromium
from tests.e2e.explorer import Explore, at, ready, scene, then

pytestmark = pytest.mark.browser

#: Keeps every WebGL context that the page asks for, so that a test sees whether they were given back.
CONTEXTS = """
window.contexts = [];
HTMLCanvasElement.prototype.getContext = (get => function (kind, ...rest) {
  const found = get.call(this, kind, ...rest);
  if (kind.startsWith('webgl') && found) window.contexts.push(found);
  return found;
})(HTMLCanvasElement.prototype.getContext);
"""


@pytest.fixture
def explore(open_page: Opener, server_url: str) -> Explore:
    """Opens the explorer in a state."""
    return Explore(open_page, server_url)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_opening_story_is_readable_on_a_phone(explore: Explore, shoot: Callable[..., None], lang: str) -> None:
    page = explore(size="phone", lang=lang, theme="dark" if lang == "fr" else "light")
    labelled = set(page.evaluate("[...document.querySelector('#stage').stage.labelled.keys()]"))
    drawn = scene(page)
    unnamed = {one["id"] for one in [*drawn["nodes"], *drawn["groups"]]} - labelled
    assert unnamed == set(), "every mark and every folded group is named without zooming"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, f"explore-home-{lang}-phone", whole=False)


def test_rings_are_a_layout_to_choose(explore: Explore, shoot: Callable[..., None]) -> None:
    page = explore()
    places = {one["id"]: (one["x"], one["y"]) for one in scene(page)["nodes"]}
    page.get_by_label("Rings").check()
    then(page, "layout=rings")
    rings = {one["id"]: (one["x"], one["y"]) for one in scene(page)["nodes"]}
    assert rings.keys() == places.keys(), "the same nodes"
    assert sum(rings[one] != places[one] for one in rings) > 20
    shoot(page, "explore-rings", whole=False)
    page.get_by_label("Map").check()
    page.wait_for_url(lambda url: "layout" not in url)


def test_rearrange_moves_marks_in_a_worker(explore: Explore) -> None:
    page = explore()
    before = at(page, "greta")
    with page.expect_worker():
        page.locator("#refine").click()
    page.wait_for_function(
        "before => { const at = document.querySelector('#stage').stage.positionOf('greta'), "
        "frame = document.querySelector('#stage').getBoundingClientRect(); "
        "return Math.hypot(at.x + frame.x - before[0], at.y + frame.y - before[1]) > 3; }",
        arg=list(before),
    )


def test_parallel_lines_are_told_apart(explore: Explore) -> None:
    page = explore("focus=greta")
    several = ["relation/greta/monitors/swe", "relation/swe/reportsTo/greta"]
    assert all(one in {edge["id"] for edge in scene(page)["edges"] if edge["leads"]} for one in several)
    (x, y), (a, b) = (at(page, one) for one in several)
    assert abs(x - a) + abs(y - b) > 8, "two lines lie on one another"
    for line in several:
        # a hand comes near before it presses, and lines can be clicked from the next frames on
        place = at(page, line)
        page.mouse.move(place[0] + 3, place[1] + 3)
        page.mouse.move(*place, steps=3)
        page.evaluate(
            "() => new Promise(done => { let n = 5; (function f() { n-- ? requestAnimationFrame(f) : done() })() })"
        )
        page.mouse.click(*place)
        then(page, f"sel={line}")
        expect(page.locator("#panel h2.family")).to_be_visible()


def test_many_neighbours_come_by_choice(explore: Explore, shoot: Callable[..., None]) -> None:
    page = explore()
    before = len(scene(page)["nodes"])
    page.mouse.dblclick(*at(page, "unodc"))
    choice = page.locator("#panel .choose")
    expect(choice).to_contain_text("There are many neighbours")
    shoot(page, "explore-choice", whole=False)
    expect(choice.locator("a").first).to_be_focused()
    choice.locator("a", has_text="Cooperation").click()
    then(page, "open=unodc:cooperation")
    assert len(scene(page)["nodes"]) > before
    page.locator("#panel a", has_text="Fold neighbours").click()
    page.wait_for_url(lambda url: "open=" not in url)
    ready(page)
    assert len(scene(page)["nodes"]) == before


def test_a_mark_is_held_and_let_go_without_a_mouse(explore: Explore) -> None:
    page = explore("focus=expertise-france&sel=fra-mfa")
    page.locator("#panel a", has_text="Hold in its place").press("Enter")
    then(page, "pin=fra-mfa@")
    assert [one["id"] for one in scene(page)["nodes"] if one["pinned"]] == ["fra-mfa"]
    page.locator("#panel a", has_text="Let go of its place").press("Enter")
    page.wait_for_url(lambda url: "pin=" not in url)


def test_only_one_family_with_one_click(explore: Explore) -> None:
    page = explore()
    page.locator(".row", has_text="Monitoring").locator("a.only").click()
    then(page, "families=monitoring")
    assert {edge["family"] for edge in scene(page)["edges"]} == {"monitoring"}
    page.locator(".row", has_text="Monitoring").locator("a.only", has_text="all").click()
    page.wait_for_url(lambda url: "families" not in url)


def test_what_is_not_known_is_seen(explore: Explore) -> None:
    page = explore("families=structure&asof=2005-01-01")
    unknown = sum(one["leads"] and one["standing"] == "unknown" for one in scene(page)["edges"])
    assert unknown > 0
    key = page.locator(".key li", has_text="Day not known")
    expect(key).to_be_visible()
    expect(key.locator(".count")).to_have_text(str(unknown))
    assert page.locator("table.twin tr.unknown td", has_text="day not known").count() > 0
    page.locator("#asof-now").click()
    page.wait_for_url(lambda url: "asof" not in url)


def test_one_drawing_that_is_freed_when_the_page_is_left(open_page: Opener, server_url: str) -> None:
    page = open_page(f"{server_url}/health")
    page.context.add_init_script(CONTEXTS)
    ready_page(page, f"{server_url}/explore")
    asked = page.evaluate("contexts.length")
    assert page.evaluate("document.querySelectorAll('#stage canvas.sigma-nodes').length") == 1
    page.locator("#find").press_sequentially("greta")
    page.locator("#find-list [role=option]").first.click()
    then(page, "focus=greta")
    assert page.evaluate("contexts.length") == asked, "another view is drawn by the same instance"
    # registered last, so it hears of the leaving after the page has
    page.evaluate(
        "addEventListener('pagehide', () => sessionStorage.setItem('lost', "
        "String(contexts.filter(one => one.isContextLost()).length)))"
    )
    page.locator(".masthead .name").click()
    page.wait_for_url(lambda url: url.endswith("/"))
    assert page.evaluate("sessionStorage.getItem('lost')") == str(asked)
    page.go_back()
    ready(page)
    assert page.evaluate("document.querySelectorAll('#stage canvas.sigma-nodes').length") == 1


def ready_page(page: Page, url: str) -> None:
    """Go to an address of the explorer and wait for the drawing."""
    page.goto(url)
    ready(page)


def test_without_webgl_the_servers_drawing_stands_in(
    playwright: Playwright, server_url: str, shoot: Callable[..., None]
) -> None:
    flags = [one for one in FLAGS if "swiftshader" not in one]
    browser: Any = playwright.chromium.launch(
        executable_path=chromium(), args=[*flags, "--no-sandbox", "--disable-3d-apis", "--disable-gpu"]
    )
    try:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="fr-FR")
        page.set_default_timeout(PATIENCE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        ready_page(page, f"{server_url}/explore")
        assert page.evaluate("document.createElement('canvas').getContext('webgl2')") is None
        expect(page.locator("#no-webgl")).to_contain_text("ne sait pas dessiner avec WebGL")
        expect(page.locator("#drawing svg.graph")).to_be_visible()
        expect(page.locator("#stage")).to_be_hidden()
        assert page.locator("table.twin tbody tr").count() > 50
        # the page goes on: a mark of the server's drawing opens its panel, and the drawing follows the filters
        page.locator("#drawing svg a[href='/explore?sel=greta']").press("Enter")
        page.wait_for_url(lambda url: "sel=greta" in url)
        expect(page.locator("#panel h2")).to_contain_text("Groupe d’experts")
        page.locator(".row", has_text="Suivi et contrôle").locator("a.only").click()
        page.wait_for_url(lambda url: "families=monitoring" in url)
        expect(page.locator("#drawing svg .line.cooperation")).to_have_count(0)
        expect(page.locator("#drawing svg .line.monitoring").first).to_be_attached()
        shoot(page, "explore-no-webgl", whole=False)
        assert errors == []
    finally:
        browser.close()
