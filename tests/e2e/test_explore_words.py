"""What the explorer says: paths, comparisons, dates, and that everybody can read it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LOOKS, PICTURES, Opener, Reader
from tests.e2e.explorer import Explore, then

pytestmark = pytest.mark.browser


@pytest.fixture
def explore(open_page: Opener, server_url: str) -> Explore:
    """Opens the explorer in a state."""
    return Explore(open_page, server_url)


def choose(page: Page, field: str, name: str) -> None:
    """Type a name and take the first answer."""
    page.locator(field).fill("")
    page.locator(field).press_sequentially(name)
    page.locator(f"{field}-list [role=option]").first.click()


def explained(story: Locator) -> list[str]:
    """The kinds of the explanations of a path."""
    return story.locator(".explanations h3").all_inner_texts()


def test_a_path_is_explained_in_several_ways_drawn_and_copied(explore: Explore, shoot: Callable[..., None]) -> None:
    page = explore("lang=fr", lang="fr")
    page.locator("summary", has_text="Comment deux acteurs").click()
    choose(page, "#path-from", "suede")
    choose(page, "#path-to", "france")
    then(page, "show=path&focus=swe,fra")
    story = page.locator("#story-part")
    expect(story.locator("h2")).to_have_text("Comment la Suède et la France sont liés")
    kinds = explained(story)
    several = len(set(kinds))
    assert several >= 3
    assert len(set(kinds[:several])) == several, "one of each kind before a second of any"
    assert story.locator(".explanations .chain svg").count() == len(kinds)
    first = story.locator(".explanations > li").first
    assert first.locator(".chain svg a").count() == first.locator(".steps > li").count() + 1
    shoot(page, "explore-path-fr", whole=False)
    story.locator("details.cite summary").click()
    text = story.locator("#story-text").input_value()
    assert text.startswith("Comment la Suède et la France sont liés (")
    assert [line[:2] for line in text.splitlines() if re.match(r"[0-9]\. ", line)] == [
        f"{turn}." for turn in range(1, len(kinds) + 1)
    ], "each explanation is a line of its own"
    assert "[1]" in text
    assert "https://" in text
    assert text.rstrip().endswith("CC BY 4.0")


def test_a_path_is_told_as_of_its_day(explore: Explore) -> None:
    page = explore("show=path&focus=fra,swe&asof=1995-01-01")
    before = page.locator("#story-part").inner_text()
    expect(page.locator("#caption")).to_contain_text("as of 1 January 1995")
    assert "initiative" not in before.casefold(), "the two launched theirs long after"
    page.locator("#asof-now").click()
    page.wait_for_url(lambda url: "asof" not in url)
    expect(page.locator("#story-part")).to_contain_text("initiative", ignore_case=True)


def test_three_are_compared(explore: Explore, shoot: Callable[..., None]) -> None:
    page = explore()
    page.locator("summary", has_text="Compare two or three").click()
    choose(page, "#compare-from", "France")
    choose(page, "#compare-to", "Sweden")
    then(page, "show=compare&focus=fra,swe")
    choose(page, "#compare-third", "Norway")
    then(page, "show=compare&focus=fra,swe,nor")
    story = page.locator("#story-part")
    assert story.locator("table.compared").first.locator("thead th").count() == 4
    assert story.locator("tr.shared").count() >= 5
    shoot(page, "explore-compare-three", whole=False)
    page.locator("#compare-third").fill("")
    page.wait_for_url(re.compile("focus=fra,swe$"))


def test_the_table_gives_dates_as_precise_as_their_sources(explore: Explore) -> None:
    page = explore("view=table")
    dates = page.locator("table.twin td.date")
    texts = set(dates.all_inner_texts())
    assert "29 October 2002" in texts, "a day"
    assert any(re.fullmatch("[A-Z][a-z]+ [0-9]{4}", one) for one in texts), "a month"
    assert any(re.fullmatch("[0-9]{4}", one) for one in texts), "a year alone stays a year"
    page.locator("table.twin th button", has_text="Since").click()
    days = [one for one in dates.evaluate_all("cells => cells.map(cell => cell.dataset.value)") if one]
    assert days == sorted(days)


def test_search_says_who_somebody_is_in_french(explore: Explore) -> None:
    page = explore(lang="fr")
    page.locator("#find").press_sequentially("miprof")
    first = page.locator("#find-list [role=option]").first
    expect(first).to_contain_text("Organe national · ")
    said = first.locator("span").inner_text()
    assert re.search(r"· .*MIPROF .*\.$", said), "a sentence of the network, since descriptions are in English"
    assert not re.search(r"\b(the|of|and)\b", said)


STATES = [
    ("show=path&focus=expertise-france,eu", "en", "light", "phone", ""),
    ("show=path&focus=expertise-france,eu", "fr", "dark", "desktop", "#story-part details.cite summary"),
    ("show=compare&focus=fra,swe,nor", "fr", "light", "phone", ""),
    ("show=compare&focus=fra,swe,nor", "en", "dark", "desktop", ""),
    ("focus=greta", "fr", "dark", "phone", "#share summary"),
    ("focus=greta", "en", "light", "desktop", "#share summary"),
    ("", "fr", "light", "phone", "#filters"),
    ("sel=unodc", "en", "dark", "desktop", ""),
    ("show=whole", "fr", "dark", "desktop", ""),
    ("view=table&asof=2005-01-01", "en", "dark", "phone", ""),
    ("sel=relation/greta/monitors/fra", "en", "light", "desktop", ""),
    ("sel=relation/greta/monitors/fra", "fr", "light", "phone", ""),
    ("sel=relation/greta/monitors/fra", "en", "dark", "phone", ""),
    ("sel=relation/greta/monitors/fra", "fr", "dark", "desktop", ""),
]
if PICTURES:  # each of them in each look; the button of the filters is for phones
    STATES = [
        (query, *look, click)
        for query, click in dict.fromkeys((one[0], one[4]) for one in STATES)
        for look in LOOKS
        if click != "#filters" or look[2] == "phone"
    ]


@pytest.mark.parametrize(("query", "lang", "theme", "size", "click"), STATES)
def test_no_serious_finding_in_any_state(
    read_page: Reader, server_url: str, axe: Callable[[Page], list[str]], shoot: Callable[..., None],
    query: str, lang: str, theme: str, size: str, click: str,
) -> None:  # fmt: skip
    page = Explore(read_page, server_url)(query, lang=lang, theme=theme, size=size)
    assert page.locator("html").get_attribute("lang") == lang
    if click:
        page.locator(click).click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page can be pushed sideways"
    name = re.sub("[^a-z]+", "-", f"{query or 'home'} {click.removesuffix(' summary')}").strip("-")
    shoot(page, f"explore-state-{name}-{lang}-{theme}-{size}", whole=False)
