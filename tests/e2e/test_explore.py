"""The explorer, clicked like a person would: each feature is used and what is then seen is asserted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Opener
from tests.e2e.explorer import Explore, at, ready, scene, then

pytestmark = pytest.mark.browser


@pytest.fixture
def explore(open_page: Opener, server_url: str) -> Explore:
    """Opens the explorer in a state."""
    return Explore(open_page, server_url)


def test_opens_on_the_story_of_france(explore: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = explore()
    drawn: dict[str, Any] = page.evaluate(
        "() => { const s = document.querySelector('#stage').stage;"
        " return {labels: [...s.labelled.keys()], nodes: s.scene.nodes.map(n => n.id)}; }"
    )
    assert 25 <= len(drawn["nodes"]) <= 35
    told = {"fra", "miprof", "greta", "eu", "unodc", "unvtf", "expertise-france", "fr-se-initiative", "ccem"}
    assert told <= set(drawn["nodes"])
    assert set(drawn["nodes"]) <= set(drawn["labels"]), "every node is named: no label gave way to another"
    expect(page.locator("#caption")).to_contain_text("France and 30 of the")
    shoot(page, "explore-home-en-light", whole=False)


def test_search_completes_with_who_it_is(explore: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = explore()
    page.locator("#find").press_sequentially("gretta")
    first = page.locator("#find-list [role=option]").first
    expect(first).to_contain_text("Group of Experts on Action against Trafficking")
    expect(first).to_contain_text("International body")
    shoot(page, "explore-search", whole=False)
    page.keyboard.press("Enter")
    then(page, "focus=greta")
    expect(page.locator("#panel h2")).to_contain_text("Group of Experts")


def test_search_forgives_missing_accents(explore: Callable[..., Page]) -> None:
    page = explore("lang=fr")
    page.locator("#find").press_sequentially("cimade")
    expect(page.locator("#find-list [role=option]").first).to_contain_text("Cimade")
    page.locator("#find").fill("")
    page.locator("#find").press_sequentially("defenseur des droits")
    expect(page.locator("#find-list [role=option]").first).to_contain_text("Défenseur des droits")


def test_click_on_a_node_opens_its_panel(explore: Callable[..., Page]) -> None:
    page = explore()
    page.mouse.click(*at(page, "miprof"))
    then(page, "sel=miprof")
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_contain_text("Interministerial Mission")
    expect(panel).to_contain_text("Where this comes from")
    assert panel.locator(".said a").count() > 3


def test_click_on_an_edge_shows_its_evidence(explore: Callable[..., Page]) -> None:
    page = explore("families=treaty")
    edge = page.evaluate(
        "() => document.querySelector('#stage').stage.scene.edges.find(e => e.leads && e.source === 'fra'"
        " && e.target === 'palermo-protocol').id"
    )
    page.mouse.click(*at(page, edge))
    then(page, f"sel={edge}")
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_contain_text("France")
    expect(panel.locator("h2")).to_contain_text("29 October 2002")
    assert panel.locator(".sources li").count() >= 1
    expect(panel.locator(".permalink a")).to_have_attribute("href", re.compile("^/doc/"))
    # what is inferred names its premises, and each of them its sources
    expect(panel).to_contain_text("How we know")
    panel.locator(".premises a", has_text="ratified").first.click()
    then(page, "sel=action/palermo-protocol/fra/ratification")
    expect(panel.locator("h2")).to_have_text("France ratified the Palermo Protocol on 29 October 2002.")
    expect(panel).to_contain_text("Says who")
    assert panel.locator(".sources a.external").count() >= 1


def test_double_click_opens_neighbours_and_folds_them_again(explore: Callable[..., Page]) -> None:
    page = explore("focus=expertise-france")
    before = page.evaluate("document.querySelector('#stage').stage.scene.nodes.length")
    page.mouse.dblclick(*at(page, "fra-mfa"))
    page.locator("#panel .choose a", has_text="The most telling of each").click()
    then(page, "open=fra-mfa")
    after = page.evaluate("document.querySelector('#stage').stage.scene.nodes.length")
    assert after > before
    page.locator("#panel a", has_text="Fold neighbours").click()
    page.wait_for_url(lambda url: "open=" not in url)
    ready(page)
    assert page.evaluate("document.querySelector('#stage').stage.scene.nodes.length") == before


def test_a_folded_group_is_counted_and_opens(explore: Callable[..., Page]) -> None:
    page = explore("focus=untoc")
    group = page.evaluate("() => document.querySelector('#stage').stage.scene.groups.find(g => g.family === 'treaty')")
    assert group["count"] > 100
    assert group["label"] == f"{group['count']} more states, parties or signatories"
    page.mouse.click(*at(page, group["id"]))
    then(page, f"open={group['id']}")
    left = page.evaluate("() => document.querySelector('#stage').stage.scene.groups.find(g => g.family === 'treaty')")
    assert left["count"] == group["count"] - 60, "a group opens in portions: never a hairball"


def test_legend_filters_by_family_and_kind(explore: Callable[..., Page]) -> None:
    page = explore()
    for family in ("monitoring", "cooperation", "funding", "structure", "mandate"):
        page.locator(f"#family-{family}").uncheck()
        ready(page)
    then(page, "families=treaty")
    families = page.evaluate("[...new Set(document.querySelector('#stage').stage.scene.edges.map(e => e.family))]")
    assert families == ["treaty"]
    page.goto(page.url.split("?")[0])
    ready(page)
    page.locator("#kind-association").uncheck()
    then(page, "kinds=state,international,national,instrument,project,person")
    assert "association" not in page.evaluate("document.querySelector('#stage').stage.scene.nodes.map(n => n.kind)")


def test_time_slider_moves_the_day_and_keeps_places(explore: Callable[..., Page]) -> None:
    page = explore("families=treaty")
    places = page.evaluate("document.querySelector('#stage').stage.scene.nodes.map(n => [n.id, n.x, n.y])")
    page.locator("#asof-year").fill("2005")
    then(page, "asof=2005-01-01")
    expect(page.locator("#caption")).to_contain_text("as of 1 January 2005")
    assert page.evaluate("document.querySelector('#stage').stage.scene.nodes.map(n => [n.id, n.x, n.y])") == places
    standing = page.evaluate(
        "Object.fromEntries(document.querySelector('#stage').stage.scene.nodes.map(n => [n.id, n.standing]))"
    )
    assert standing["palermo-protocol"] == "valid"
    assert standing["cets-197"] == "future", "in 2005 the Council of Europe's convention was still to come"


def test_play_lets_the_years_go_by(explore: Callable[..., Page]) -> None:
    page = explore("families=treaty&asof=2000-01-01")
    page.locator("#asof-play").click()
    page.wait_for_url(lambda url: "asof=2002-01-01" in url)
    page.locator("#asof-play").click()
    expect(page.locator("#asof-play")).to_have_text("Play")


def test_paths_are_told_in_words_with_sources(explore: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = explore()
    page.locator("summary", has_text="How are two connected?").click()
    page.locator("#path-from").press_sequentially("Expertise France")
    page.locator("#path-from-list [role=option]").first.click()
    page.locator("#path-to").press_sequentially("European Union")
    page.locator("#path-to-list [role=option]").first.click()
    then(page, "show=path&focus=expertise-france,eu")
    story = page.locator("#story-part")
    expect(story.locator("h2")).to_contain_text("Expertise France")
    kinds = story.locator(".explanations h3").all_inner_texts()
    assert kinds[0] == "Through a project", "a common project says more than a common membership"
    assert len(set(kinds)) >= 2
    assert story.locator(".sources li").count() >= 3
    shoot(page, "explore-path-en", whole=False)


def test_compare_shows_shared_and_unshared(explore: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = explore()
    page.locator("summary", has_text="Compare two").click()
    page.locator("#compare-from").press_sequentially("France")
    page.locator("#compare-from-list [role=option]").first.click()
    page.locator("#compare-to").press_sequentially("Sweden")
    page.locator("#compare-to-list [role=option]").first.click()
    then(page, "show=compare&focus=fra,swe")
    story = page.locator("#story-part")
    expect(story).to_contain_text("Commitments")
    assert story.locator("tr.shared").count() >= 5
    assert story.locator("tbody tr:not(.shared)").count() >= 5
    page.locator("#story-part").scroll_into_view_if_needed()
    shoot(page, "explore-compare-en", whole=False)


def test_undo_redo_and_the_browsers_own_back(explore: Callable[..., Page]) -> None:
    page = explore()
    page.mouse.click(*at(page, "greta"))
    then(page, "sel=greta")
    page.locator("#undo").click()
    page.wait_for_url(lambda url: "sel=" not in url)
    ready(page)
    page.locator("#redo").click()
    then(page, "sel=greta")
    page.go_back()
    page.wait_for_url(lambda url: "sel=" not in url)


def test_drag_pins_a_node(explore: Callable[..., Page]) -> None:
    page = explore("focus=expertise-france")
    x, y = at(page, "fra-mfa")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20)
    page.mouse.move(x + 60, y + 40)
    page.mouse.up()
    then(page, "pin=fra-mfa@")
    again = at(page, "fra-mfa")
    assert abs(again[0] - x - 60) < 40
    assert abs(again[1] - y - 40) < 40


def test_the_keyboard_reaches_everything(explore: Callable[..., Page]) -> None:
    page = explore("focus=expertise-france")
    page.locator("#stage").focus()
    names = {one["name"] for one in scene(page)["nodes"]}
    for arrow in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):  # until one leads to a mark that is no group
        page.keyboard.press(arrow)
        said = page.locator("#said").inner_text()
        assert said, "the mark under the cursor is said"
        if said in names:
            break
    page.keyboard.press("Space")
    then(page, "sel=")
    expect(page.locator("#panel h2")).to_have_text(said)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "location.search.includes('open=') || document.activeElement.matches('#panel .choose a')", timeout=20_000
    )
    if "open=" not in page.url:
        page.keyboard.press("Enter")  # of many neighbours it asks which, and the first answer has the focus
    then(page, "open=")
    page.keyboard.press("Control+z")
    page.wait_for_url(lambda url: "open=" not in url)


def test_the_table_says_the_same_and_sorts(explore: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = explore("focus=expertise-france&view=table")
    drawn = page.evaluate("fetch('/explore/data.json?focus=expertise-france').then(r => r.json())")
    rows = page.locator("table.twin tbody tr")
    assert rows.count() == sum(edge["leads"] for edge in drawn["edges"])
    page.locator("table.twin th button", has_text="Links").click()
    links = [int(text) for text in page.locator("table.twin tbody td:nth-child(6)").all_inner_texts()]
    assert links == sorted(links)
    shoot(page, "explore-table-en", whole=False)


def test_the_whole_network_in_one_view(explore: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = explore("show=whole")
    order = page.evaluate("document.querySelector('#stage').stage.scene.nodes.length")
    assert order > 900
    assert page.evaluate("document.querySelector('#stage').stage.scene.edges.length") > 4000
    page.locator("#family-treaty").uncheck()
    then(page, "families=")
    assert "treaty" not in page.evaluate("document.querySelector('#stage').stage.scene.edges.map(e => e.family)")
    shoot(page, "explore-whole-en", whole=False)


def test_no_edge_without_evidence(explore: Callable[..., Page], server_url: str) -> None:
    page = explore()
    for edge in page.evaluate("document.querySelector('#stage').stage.scene.edges.map(e => e.id)")[::6]:
        answer = page.request.get(f"{server_url}/explore/view?sel={edge}&lang=en").json()
        panel = answer["parts"]["panel-part"]
        assert "Says who" in panel or "How we know" in panel, edge
        assert '<a href="/source/' in panel, edge


def test_without_javascript_everything_can_be_read(
    open_page: Opener, server_url: str, shoot: Callable[..., None]
) -> None:
    page = open_page(f"{server_url}/explore?sel=greta", javascript=False)
    expect(page.locator("#drawing svg.graph")).to_be_visible()
    expect(page.locator("#panel h2")).to_contain_text("Group of Experts")
    page.locator("#find").fill("MIPROF")
    page.locator("button[type=submit]", has_text="Show").click()
    assert parse_qs(urlsplit(page.url).query)["focus"] == ["miprof"]
    shoot(page, "explore-no-javascript", whole=False)


def test_languages_switch_and_are_remembered(explore: Callable[..., Page], server_url: str) -> None:
    page = explore("focus=greta")
    page.locator(".masthead a[hreflang=fr]").click()
    ready(page)
    expect(page.locator("#caption")).to_contain_text("entités qui lui sont liées")
    page.goto(f"{server_url}/explore")
    ready(page)
    assert page.locator("html").get_attribute("lang") == "fr"
    english = re.compile(r"\b(the|and|of|with|Show|Share|since)\b")
    for selector in ("#controls", ".toolbar", "#caption"):
        assert not english.search(page.locator(selector).inner_text()), f"an English word in {selector}"


def test_oembed_is_announced_and_answers(explore: Callable[..., Page], server_url: str) -> None:
    page = explore("focus=greta")
    address = page.locator("link[type='application/json+oembed']").get_attribute("href") or ""
    answer = json.loads(page.request.get(server_url + address).text())
    assert answer["version"] == "1.0"
    assert answer["type"] == "rich"
    assert "GRETA" in answer["title"]
    assert page.request.get(f"{server_url}/oembed?url=https://example.org/explore").status == 404


@pytest.fixture
def offline(tmp_path: Path, explore: Callable[..., Page]) -> Path:
    """The offline file of France's story, as somebody would save it."""
    page = explore()
    page.locator("#share summary").click()
    with page.expect_download() as download:
        page.locator("#share-part a", has_text="One HTML file").click()
    path = tmp_path / "palermo.html"
    download.value.save_as(path)
    return path


def test_the_offline_file_opens_with_the_network_off(offline: Path, browser: Any, shoot: Callable[..., None]) -> None:
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 900})
    requests: list[str] = []
    errors: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(offline.as_uri())
    page.wait_for_selector("#drawing canvas")
    assert requests == [offline.as_uri()]
    assert errors == []
    assert page.locator("tbody tr").count() > 80
    page.wait_for_timeout(300)
    shoot(page, "explore-offline", whole=False)
    context.close()


EDGES = """PREFIX pal: <https://w3id.org/palermo/ontology#>
SELECT ?subject ?predicate ?object WHERE {
  ?statement pal:subject ?subject ; pal:predicate ?predicate ; pal:object ?object
} ORDER BY ?statement LIMIT %d"""


def _draw(page: Page, query: str) -> None:
    page.locator("#query").fill(query)
    page.locator("#draw button[type=submit]").click()
    page.wait_for_selector("#draw[data-ready]")


def test_a_query_is_drawn(open_page: Opener, server_url: str, shoot: Callable[..., None]) -> None:
    page = open_page(f"{server_url}/explore/draw")
    _draw(page, EDGES % 300)
    expect(page.locator("#draw-said")).to_contain_text("300 edges between them")
    assert page.locator("#draw tbody tr").count() == 300
    assert page.evaluate("document.querySelector('#stage').stage.scene.edges.length") == 300
    page.wait_for_timeout(1500)
    shoot(page, "explore-draw", whole=False)


def test_a_construct_is_drawn(open_page: Opener, server_url: str) -> None:
    page = open_page(f"{server_url}/explore/draw")
    _draw(
        page,
        "PREFIX pal: <https://w3id.org/palermo/ontology#> PREFIX id: <https://w3id.org/palermo/id/> "
        "CONSTRUCT { ?who pal:partyTo id:palermo-protocol } WHERE { ?who pal:partyTo id:palermo-protocol }",
    )
    drawn = page.evaluate("document.querySelector('#stage').stage.scene.nodes.map(n => n.label)")
    assert "France" in drawn
    assert "Palermo Protocol" in drawn
    assert len(drawn) > 150


def test_beyond_the_bound_the_page_says_so(open_page: Opener, server_url: str) -> None:
    page = open_page(f"{server_url}/explore/draw")
    _draw(page, EDGES % 6000)
    expect(page.locator("#draw-said")).to_have_text(
        "The answer has 6,000 edges; the first 5,000 are drawn. A narrower query or a LIMIT draws a whole answer."
    )
    assert page.evaluate("document.querySelector('#stage').stage.scene.edges.length") == 5000


def test_an_answer_without_edges_is_explained(open_page: Opener, server_url: str) -> None:
    page = open_page(f"{server_url}/explore/draw")
    _draw(page, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    expect(page.locator("#draw-said")).to_contain_text("has not the shape of an edge")
