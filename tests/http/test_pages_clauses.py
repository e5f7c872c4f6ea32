"""What the pages around the graph promise, clause by clause: counted again from the tables, or followed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import httpx
import pytest

from graph import manifest
from tests.http import recount
from viz.questions import Question, desk
from viz.tours import Tour, tours

HTML = {"Accept": "text/html"}
PROJECTION = {"en": "Equal Earth projection: areas are in proportion", "fr": "Projection Equal Earth : les surfaces"}


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    """A client of the server over the real release."""
    with httpx.Client(base_url=server_url, timeout=60) as client:
        yield client


def page(client: httpx.Client, path: str, lang: str = "en") -> str:
    """A page, its entities undone and its spaces plain."""
    answer = client.get(path, params={**dict(httpx.URL(path).params), "lang": lang}, headers=HTML)
    assert answer.status_code == 200, path
    return re.sub("[\u00a0\u202f]", " ", unescape(answer.text))


def table(client: httpx.Client, path: str) -> list[dict[str, str]]:
    """A CSV answer's rows."""
    return list(csv.DictReader(io.StringIO(client.get(path).text)))


def value(row: dict[str, str]) -> tuple[str, ...]:
    """What a mark stands for."""
    return row["panel"], row["period"], row["value"]


def section(text: str, start: str, end: str) -> str:
    """A piece of a page."""
    return text[text.index(start) : text.index(end, text.index(start))]


def test_the_home_page_draws_france_and_counts_the_release(client: httpx.Client, release_dir: Path) -> None:
    """25 to 35 actors around France, each a link; the numbers of the release are the manifest's."""
    home = page(client, "/")
    drawing = section(home, '<figure class="ego"', "</figure>")
    assert 25 <= len(set(re.findall(r'<a href="/doc/([a-z0-9-]+)"', drawing))) <= 36
    counts = manifest.read(release_dir).counts
    numbers = [int(one.replace(",", "")) for one in re.findall(r'<dd class="number">([\d,]+)</dd>', home)]
    assert len(numbers) == 6
    assert {counts["nodes: statistics"], counts["nodes: sources"], counts["nodes: treaty-actions"]} <= set(numbers)


@pytest.mark.parametrize("tour", tours(), ids=lambda one: one.slug)
def test_every_step_of_a_story_names_its_sources(client: httpx.Client, tour: Tour) -> None:
    """Each step is a sentence; the statements that it rests on and who states them stand below it, each a link."""
    text = page(client, f"/stories/{tour.slug}")
    steps = re.findall(r'<li id="step-\d+">.*?(?=<li id="step-|</ol>)', text, re.DOTALL)
    assert 5 <= len(steps) == len(tour.steps) <= 8
    for told, step in zip(steps, tour.steps, strict=True):
        assert step.say["en"].replace("\u00a0", " ") in told
        for path in step.rests:
            assert f'href="/doc/{path}"' in told
        sources = re.findall(r'href="(/source/[^"]+)"', told)
        assert sources, "a step without a source"
        assert len(sources) == len(set(sources))
        assert client.get(sources[0], headers=HTML).status_code == 200


@pytest.mark.parametrize("tour", tours(), ids=lambda one: one.slug)
def test_steps_of_a_story_are_drawn(client: httpx.Client, release_dir: Path, tour: Tour) -> None:
    """The network that a step opens in the explorer stands beside it, for a screen and for a phone, in the reader's
    language, with its release in it; a step that is not drawn is a clear answer."""
    text = page(client, f"/stories/{tour.slug}", "fr")
    shown = re.findall(r'<a class="for-\w+" href="/explore\?([^"]+)"><img src="(/stories/[^"]+)" alt="[^"]+"', text)
    asked = [step.explore for step in tour.steps if step.explore]
    assert [unescape(state) for state, _ in shown] == [one for one in asked for _ in range(2)]
    assert asked
    version = manifest.read(release_dir).release
    for _, address in shown[:2] + shown[-1:]:
        answer = client.get(address)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert f"version {version}" in section(answer.text, "<desc", "</desc>")
        assert answer.text.count("<text") > 5
    wrong = client.get(f"/stories/{tour.slug}/99.svg")
    assert wrong.status_code == 404
    assert re.search(r"those that are: .*[1-8]-narrow", wrong.json()["detail"])


@pytest.mark.parametrize("question", desk().questions, ids=lambda one: one.id)
def test_a_figure_is_one_click_from_its_source(client: httpx.Client, question: Question) -> None:
    """Every mark is a link; the page it leads to names the source. The chart says what is counted, with its caveat,
    has a table twin with the same numbers and the files of its data and picture."""
    text = section(page(client, "/figures"), f'<section class="question" id="{question.id}"', "</section>")
    drawn = section(text, '<div class="for-wide">', '<div class="for-narrow">')
    marks = set(re.findall(r'<a href="(/doc/statistic/[^"]+)"', drawn))
    rows = table(client, f"/figures/{question.id}.csv")
    of = {f"/doc/statistic/{row['statistic']}": row for row in rows}
    assert marks <= set(of)
    # figures of one panel, period and value are one mark: the table twin has each
    assert {value(of[one]) for one in marks} == {value(row) for row in rows}
    for mark in sorted(marks)[:: max(1, len(marks) // 3)]:
        assert 'href="/source/' in page(client, mark), mark
    twin = section(text, "<tbody>", "</tbody>")
    assert {f"/doc/statistic/{row['statistic']}" for row in rows} == set(re.findall(r'href="(/doc/stat[^"]+)"', twin))
    assert twin.count('href="/source/') >= len(rows)
    for title in ("What is counted", "Take care"):
        told = re.search(rf"<dt>{title}</dt><dd>(.*?)</dd>", text, re.DOTALL)
        assert told
        assert len(told[1]) > 40
    for ending in (".csv", ".svg", ".png"):
        assert client.get(f"/figures/{question.id}{ending}").status_code == 200
        assert f"/figures/{question.id}{ending}" in text


@pytest.mark.parametrize("question", desk().questions, ids=lambda one: one.id)
def test_no_figure_is_made_up(client: httpx.Client, question: Question) -> None:
    """Every number that stands at the end of a row is a value of the tables: none is a mean or a sum; a year of several
    values shows each."""
    drawn = page(client, f"/figures/{question.id}.svg")
    stated = {row["value"] for row in recount.rows("statistics")}
    rows = table(client, f"/figures/{question.id}.csv")
    shown = {row["value"] for row in rows}
    assert shown <= stated
    ends = re.findall(r"<text[^>]*>((?:≈ ?)?[\d,.]+(?: ?%)?(?: · (?:≈ ?)?[\d,.]+(?: ?%)?)*(?: – [^<]*)?)</text>", drawn)
    values = {one.replace(",", "") for text in ends for one in re.findall(r"\d[\d,.]*", text.partition(" – ")[0])}
    assert shown <= values, "a value that no row's end says"


def test_disagreeing_sources_are_bracketed_and_named(client: httpx.Client) -> None:
    """2016 of the French police: three marks, one bracket, and each value's own publisher in the table."""
    text = section(page(client, "/figures"), '<section class="question" id="', "</section>")
    assert "sources disagree" in text
    assert re.search(r"<path[^>]*d=\"M[\d.]+ [\d.]+ ?[vV][^\"]*[hH]", text) or 'class="bracket"' in text
    twin = section(text, "<tbody>", "</tbody>")
    rivals = [row for row in re.findall(r"<tr>.*?</tr>", twin, re.DOTALL) if '<td class="date">2016</td>' in row]
    assert len(rivals) >= 3


@pytest.mark.parametrize("body", ["greta", "coe-committee-parties"])
def test_rounds_and_states_of_both_bodies(client: httpx.Client, body: str) -> None:
    """Every report of the body stands in the row of its state, a link to its evidence."""
    text = page(client, f"/evaluations?body={body}")
    rounds = section(text, 'aria-labelledby="rounds"', "</table>")
    stated = {(row["country"], row["round"]) for row in recount.rows("evaluations") if row["body"] == body}
    linked = set(re.findall(rf'href="/doc/evaluation/{body}/([a-z]+)/([0-9-]+)"', rounds))
    assert linked == stated


def test_visits_lead_to_the_report_that_followed(client: httpx.Client) -> None:
    """Visits with their days from the tables, and what was published after; next due is not guessed."""
    text = page(client, "/evaluations")
    visits = section(text, 'aria-labelledby="visits"', "</table>")
    stated = {
        row["object"] for row in recount.rows("relations")
        if row["relation"] == "monitors" and row["subject"] == "greta" and row["start"] and row["end"]
    }  # fmt: skip
    assert stated
    assert stated <= set(re.findall(r'<th scope="row"><a href="/doc/([a-z]+)"', visits))
    assert "/doc/evaluation/greta/" in visits
    assert "No source here states when a state’s next report is due, so none is given." in text


def test_judgments_name_their_states_and_their_article(client: httpx.Client) -> None:
    """Each leading judgment with its day, its application and the state, which leads to that state."""
    text = page(client, "/cases")
    listed = {row["case"]: row for row in table(client, "/cases.csv")}
    for row in recount.rows("court-cases"):
        assert sorted(listed[row["id"]]["respondent"].split(";")) == sorted(row["respondent"].split(";"))
        line = next(one for one in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if f"/doc/{row['id']}" in one)
        for state in row["respondent"].split(";"):
            assert f'href="/doc/{state}"' in line
        assert row["reference"].removeprefix("Application no. ").removeprefix("Applications nos. ") in line
    assert "Article 4" in text


def test_projects_are_a_map_and_a_list(client: httpx.Client) -> None:
    """The map's areas say how many projects each country has, as the tables do; the list has every project's facts."""
    text = page(client, "/projects")
    assert text.index('<figure class="map"') < text.index('<ul class="sentences projects"'), "the map leads"
    countries: dict[str, set[str]] = {}
    for row in recount.rows("projects"):
        for state in filter(None, row["countries"].split(";")):
            countries.setdefault(state, set()).add(row["id"])
    drawn = section(text, '<figure class="map"', "</figure>")
    areas = dict(re.findall(r'<a href="/projects\?place=([a-z]+)"[^>]*?aria-label="([^"]*)"', drawn))
    assert set(areas) <= set(countries)
    assert len(areas) > 0.9 * len(countries), "an area that the map does not draw"
    for state, label in areas.items():
        assert str(len(countries[state])) in re.findall(r"\d+", label), (state, label)
    assert text.count("<dt>Paid for by</dt>") == text.count("<dt>Budget</dt>") == len(recount.rows("projects"))


def test_a_term_of_office_is_a_bar_with_its_evidence(client: httpx.Client) -> None:
    """As many links in the timeline as terms with a known day; each leads to its statement."""
    drawn = client.get("/people.svg").text
    dated = {
        (row["subject"], row["object"]) for row in recount.rows("relations")
        if row["relation"] == "holdsMandate" and (row["start"] or row["end"])
    }  # fmt: skip
    linked = set(re.findall(r"/doc/relation/([a-z0-9-]+)/holdsMandate/([a-z0-9-]+)", drawn))
    assert dated <= linked


@pytest.mark.parametrize(("on", "wanted"), [("1994-12-31", 12), ("2004-12-31", 25), ("2021-01-01", 27)])
def test_the_matrix_by_organisation_is_its_members_of_the_day(client: httpx.Client, on: str, wanted: int) -> None:
    """Members of the European Union then, or now: the page says which; nobody else stands in the matrix."""
    rows = recount.rows("relations")
    ever = {row["subject"] for row in rows if row["relation"] == "memberOf" and row["object"] == "eu"}
    text = page(client, f"/treaties?members=eu&as_of={on}")
    shown = set(re.findall(r'<th scope="row"><a href="/treaties/states/([a-z]{3})"', text))
    assert shown
    assert shown <= ever
    day = date.fromisoformat(on)
    members = [row for row in rows if row["relation"] == "memberOf" and row["object"] == "eu"]
    then = {
        row["subject"] for row in members
        if row["start"] and recount.last(row["start"]) <= day
        and not (row["end"] and recount.first(row["end"]) <= day)
    }  # fmt: skip
    assert then <= shown or len(shown) == len(ever)
    assert len(then) <= wanted + 1


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_maps_rules_are_stated(client: httpx.Client, lang: str) -> None:
    """Projection, where outlines are from, and what is done about disputed areas stand below every map."""
    for path in ("/treaties/palermo-protocol", "/treaties/cets-197", "/projects"):
        text = page(client, path, lang)
        assert PROJECTION[lang] in text
        assert "Natural Earth" in text
        for one in {"en": ("Crimea", "Kosovo", "Western Sahara"), "fr": ("Crimée", "Kosovo", "Sahara occidental")}[
            lang
        ]:
            assert one in text


@pytest.mark.parametrize("treaty", ["palermo-protocol", "cets-197"])
def test_growth_ends_with_the_parties_of_the_day(client: httpx.Client, treaty: str) -> None:
    """The number at the end of the line is the recounted number of those bound whose day is known."""
    on = date(2014, 12, 31)
    drawn = page(client, f"/treaties/{treaty}/growth.svg?as_of={on}")
    label = re.search(r">(\d+) parties</text>", drawn)
    assert label
    certain, _ = recount.bound(treaty, on)
    dated = {
        row["participant"]
        for row in table(client, f"/treaties/{treaty}.csv?as_of={on}")
        if row["status"] in ("bound", "in-force") and row["since"]
    }
    assert dated <= certain
    assert int(label[1]) == len(dated)


def test_everything_of_the_release_can_be_taken(client: httpx.Client, release_dir: Path) -> None:
    """Each file of the release with its size and sum; the licence; gaps and corrections are one click away."""
    text = page(client, "/data")
    for name, file in manifest.read(release_dir).files.items():
        assert f'href="/data/{name}"' in text
        assert file.sha256 in text
    assert "CC BY 4.0" in text
    assert 'href="/method"' in text
    method = page(client, "/method")
    for row in table(client, "/method/gaps.csv"):
        assert f"{int(row['missing']):,}" in method
    assert "/corrections" in method
    budgets = next(row for row in table(client, "/method/gaps.csv") if row["gap"] == "budgets")
    assert int(budgets["missing"]) == sum(not row["budget_eur"] for row in recount.rows("projects"))
    assert int(budgets["total"]) == len(recount.rows("projects"))
