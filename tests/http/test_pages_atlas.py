"""Pages of figures, stories, evaluations, projects, cases and people: whole, in two languages, counted again."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from api.language import words
from api.quality import EXHIBITS
from tests.http import recount
from viz.questions import Question, desk
from viz.tours import tours

PAGES = [
    "/treaties", "/treaties/palermo-protocol", "/treaties/states/fra", "/treaties/signed-only", "/figures", "/stories",
    *(f"/stories/{tour.slug}" for tour in tours()), "/evaluations", "/projects", "/cases", "/people", "/method",
    "/quality",
]  # fmt: skip
PICTURES = [
    "/treaties/cets-197/map.svg", "/treaties/cets-197/growth.svg", "/treaties/states/fra/timeline.svg",
    *(f"/quality/{one}.svg" for one in EXHIBITS), "/evaluations.svg", "/projects.svg", "/people.svg",
    *(f"/figures/{one.id}.svg" for one in desk().questions),
]  # fmt: skip
#: Words that only an English page has; names of works and people are in marked elements, which are taken out first.
ENGLISH = re.compile(
    r"\b(the|and|of|with|which|who|was|were|since|until|known|signed|bound|victims|published|adopted|"
    r"show|download|cite|sources disagree)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    """A client of the server over the real release."""
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


def main_text(page: str) -> str:
    """The words of a page's main part, without what is marked as being in another language."""
    body = page[page.index("<main") : page.index("</main>")]
    body = re.sub(r"<(script|option|textarea)\b.*?</\1>", " ", body, flags=re.DOTALL)
    body = re.sub(r'<(\w+)[^>]* lang="(?!fr)[a-z-]+"[^>]*>.*?</\1>', " ", body, flags=re.DOTALL)
    body = re.sub(r'<section class="take".*?</section>', " ", body, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


def same_in_both(client: httpx.Client) -> set[str]:
    """Names of projects that both languages' tables give."""
    english, french = (
        {row["name"] for row in csv.DictReader(io.StringIO(client.get("/projects.csv", params={"lang": lang}).text))}
        for lang in ("en", "fr")
    )
    return english & french


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_in_both_languages(client: httpx.Client, path: str, lang: str) -> None:
    """It answers with a title, its permalink and a citation, and no style or script of its own."""
    answer = client.get(path, params={"lang": lang})
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    assert len(re.findall(r"<h1[ >]", answer.text)) == 1
    body = answer.text[answer.text.index("<main") :]
    assert " style=" not in body
    assert "onclick" not in body
    assert f"lang={lang}" in body, "no permalink"
    assert words(lang)("site.name") in body


@pytest.mark.parametrize("path", [*PAGES, "/corrections", "/search?q=zzzz", "/copies"])
def test_a_french_page_holds_no_english(client: httpx.Client, path: str) -> None:
    """Interface and sentences are French; a name that exists in English alone is marked as English. A project that is
    called the same in both languages keeps its name."""
    text = main_text(client.get(path, params={"lang": "fr"}).text)
    for name in same_in_both(client) if path == "/projects" else ():
        text = text.replace(name, " ")
    found = {match[0].lower() for match in ENGLISH.finditer(text)}
    assert not found


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_is_a_file_with_its_source(client: httpx.Client, path: str) -> None:
    """SVG that stands alone: title, source line with release and day, no style attribute, no script."""
    answer = client.get(path, params={"lang": "fr"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert 'xml:lang="fr"' in answer.text
    assert "Palermo, version" in answer.text
    assert " style=" not in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", EXHIBITS)
def test_a_chart_of_the_quality_report_has_its_numbers(client: httpx.Client, name: str, lang: str) -> None:
    """Drawing, table twin and CSV say the same: every bar is named, every number of the file stands in the table."""
    asked = {"lang": lang}
    rows = list(csv.DictReader(io.StringIO(client.get(f"/quality/{name}.csv", params=asked).text)))
    drawn = client.get(f"/quality/{name}.svg", params=asked).text
    drawn_rows = [one for one in rows if name != "years" or one["key"] != "unknown"]
    assert drawn.count('class="bar"') == len(drawn_rows) > 1
    page = client.get("/quality", params=asked).text
    part = page[page.index(f'id="{name}"') :]
    table = unescape(part[part.index("<tbody>") : part.index("</tbody>")])
    for row in rows:
        assert 0 <= int(row["here"]) <= int(row["total"])
        assert row["name"] in table
        assert words(lang).number(int(row["here"])) in table
    assert f'href="/quality/{name}.svg"' in part
    assert f'href="/quality/{name}.csv"' in part


def test_bars_are_as_long_as_the_facts_of_the_tables(client: httpx.Client) -> None:
    """Of the figures, by kind of source: counted from the CSV files, and as written in the drawing."""
    kinds = {row["id"]: row["kind"] for row in recount.rows("sources")}
    counted = Counter(kinds[row["source"]] for row in recount.rows("statistics"))
    rows = csv.DictReader(io.StringIO(client.get("/quality/kinds.csv").text))
    shown = {row["key"]: int(row["here"]) for row in rows if row["of"] == "statistics"}
    assert {kind: n for kind, n in shown.items() if n} == dict(counted)
    drawn = unescape(client.get("/quality/kinds.svg", params={"lang": "en"}).text)
    total = sum(counted.values())
    for n in counted.values():
        assert f"{n} of {total} (" in drawn


def test_more_parties_are_counted_than_are_known(client: httpx.Client) -> None:
    """The UN's own count of parties is higher than the acts at hand: both pages say so and lead to the figure."""
    counts = [row for row in recount.rows("statistics") if row["indicator"] == "parties-to-palermo-protocol"]
    newest = max(counts, key=lambda row: row["year"])
    for path, lang, said in (
        ("/quality", "en", "counted in 2024"), ("/quality", "fr", "comptaient en 2024"),
        ("/treaties/palermo-protocol", "en", f"counted {newest['value']} parties in {newest['year']}"),
        ("/treaties/palermo-protocol", "fr", f"en comptaient {newest['value']} en {newest['year']}"),
    ):  # fmt: skip
        page = client.get(path, params={"lang": lang}).text
        assert said in unescape(page)
        assert f'href="/doc/statistic/{newest["id"]}"' in page
    early = client.get("/treaties/palermo-protocol", params={"lang": "en", "as_of": "2004-12-31"}).text
    assert "counted 182" not in early, "a count of 2024 says nothing about 2004"


@pytest.mark.parametrize("address", ["/quality/nothing.svg", "/quality/nothing.csv", "/quality/nothing.png"])
def test_a_chart_that_does_not_exist(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404


@pytest.mark.parametrize("question", desk().questions, ids=lambda one: one.id)
def test_a_chart_holds_every_figure_of_the_tables(client: httpx.Client, question: Question) -> None:
    """The rows of statistics that fit the question, counted from the CSV files, are the chart's rows and its marks."""
    answer = client.get(f"/figures/{question.id}.csv")
    shown = sorted(row["statistic"] for row in csv.DictReader(io.StringIO(answer.text)))
    expected = sorted(
        row["id"]
        for panel in question.panels
        for row in recount.rows("statistics")
        if row["country"] == panel.pick.area
        and row["indicator"] in panel.pick.indicators
        and row["unit"] == panel.pick.unit
        and row["exploitation_form"] in panel.pick.form
        and row["sex"] == panel.pick.sex
        and row["age_group"] == panel.pick.age
        and row["basis"] == panel.pick.basis
        and row["id"] not in panel.pick.without
        and (not panel.pick.publishers or row["publisher"] in panel.pick.publishers)
        and row["publisher"] not in panel.pick.not_by
    )
    assert shown == expected
    assert shown


def test_figures_of_one_row_share_their_basis(client: httpx.Client) -> None:
    """No row of any chart mixes what was recorded with what was identified, supported, estimated or claimed."""
    for question in desk().questions:
        for row in csv.DictReader(io.StringIO(client.get(f"/figures/{question.id}.csv").text)):
            panel = next(one for one in question.panels if row["panel"] in one.heading.values())
            assert row["basis"] == panel.basis


def test_disagreeing_sources_stand_side_by_side(client: httpx.Client) -> None:
    """France 2016 has three values from the police, and the page says that sources disagree."""
    page = client.get("/figures", params={"lang": "en"}).text
    assert "1,401 · 1,439 · 1,593 – 3 values, sources disagree" in page
    assert "two sources disagree" in page


def test_the_article_is_checked_against_the_figures(client: httpx.Client) -> None:
    """The four claims of 2021 with what is worked out from the record beside them."""
    values = {row["id"]: row["value"] for row in recount.rows("statistics")}
    page = unescape(client.get("/figures", params={"lang": "en"}).text)
    box = page[page.index('class="checked"') : page.index("What the marks mean")]
    assert box.count('class="verdict"') == 4
    low, high = int(values["police-2021-ssmsi"]), int(values["assoc-2021-identified"])
    assert f"they range from {low:,} to {high:,}" in box
    assert "SSMSI gives this value, but for 2022." in box
    minors, every = int(values["police-2021-minors"]), int(values["police-2021-ssmsi"])
    assert f"{minors} of {every:,} is {round(minors * 100 / every)} %" in box.replace("\u00a0", " ")


def test_evaluated_twice_is_recounted(client: httpx.Client) -> None:
    """States with GRETA reports in two rounds or more, from the tables; a combined round counts once."""
    rounds: dict[str, set[str]] = {}
    for row in recount.rows("evaluations"):
        if row["body"] == "greta":
            rounds.setdefault(row["country"], set()).add(row["round"])
    expected = sum(len(one) > 1 for one in rounds.values())
    assert f"{expected} states were evaluated by GRETA" in client.get("/evaluations", params={"lang": "en"}).text
    listed = list(csv.DictReader(io.StringIO(client.get("/evaluations.csv").text)))
    assert len(listed) == len({(row["body"], row["country"], row["round"]) for row in recount.rows("evaluations")})


def test_projects_of_expertise_france_in_the_gulf_of_guinea(client: httpx.Client) -> None:
    """What it did there, with whom, for how much: the budget is the table's own."""
    answer = client.get("/projects.csv", params={"place": "gulf-of-guinea", "by": "expertise-france"})
    listed = {row["project"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    stated = {row["id"]: row for row in recount.rows("projects")}
    assert listed["ef-altp"]["budget_eur"] == stated["ef-altp"]["budget_eur"] == "18000000"
    assert set(stated["ef-altp"]["countries"].split(";")) == set(listed["ef-altp"]["countries"].split(";"))
    assert "naptip" in listed["ef-altp"]["partners"]
    page = client.get("/projects", params={"place": "gulf-of-guinea", "by": "expertise-france", "lang": "fr"}).text
    assert "18\u202f000\u202f000\u00a0€" in page


def test_every_project_judgment_and_term_is_listed(client: httpx.Client) -> None:
    """As many rows as the tables have ids."""

    def listed(path: str) -> int:
        return len(list(csv.DictReader(io.StringIO(client.get(path).text))))

    assert listed("/projects.csv") == len({row["id"] for row in recount.rows("projects")})
    assert listed("/cases.csv") == len({row["id"] for row in recount.rows("court-cases")})
    terms = {
        (row["subject"], row["object"], row["number"])
        for row in recount.rows("relations")
        if row["relation"] == "holdsMandate"
    }
    assert listed("/people.csv") == len(terms)


def test_every_step_of_every_story_leads_to_evidence(client: httpx.Client) -> None:
    """Each thing that a step rests on is there, under its address."""
    for tour in tours():
        for step in tour.steps:
            for path in step.rests:
                assert client.get(f"/doc/{path}", headers={"Accept": "text/html"}).status_code == 200, path
