"""A copy of the site made of files, behind Python's own web server, below a path of its own: no link is dead, and a
reader goes through it as through the site."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from api.archive.addresses import Address
from api.archive.building import Maker, Plan, today
from api.linked import ENDINGS
from graph import manifest
from tests.conftest import PALERMO
from tests.e2e.conftest import Opener
from tests.loops import apart

#: The copy takes half a minute of processor time, and the machine may be busy with other tests (seconds).
LONGEST = 900
#: Two pages are compared that a machine draws at once (milliseconds).
SLOW = 90_000
pytestmark = [pytest.mark.browser, pytest.mark.timeout(LONGEST)]

#: A treaty, a state, who is between them, and a source of what they have to do with each other.
ONLY = ("fra", "palermo-protocol", "greta", "coe-greta")
_LINK = re.compile(r'\s(?:href|src|action)="([^"]*)"')


class Quiet(SimpleHTTPRequestHandler):
    """Python's server, which says nothing here."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def copy(release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy of a few things of the real release, made by the real command."""
    directory = tmp_path_factory.mktemp("copy") / "palermo"
    command = [PALERMO, "site", "build", directory, "--release", release_dir, "--only", ",".join(ONLY)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST - 60, check=False)
    assert done.returncode == 0, done.stderr
    return directory


@pytest.fixture(scope="module")
def address(copy: Path) -> Iterator[str]:
    """Where the copy is served: not at the root of its host."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(copy.parent))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{copy.name}"
        server.shutdown()


def test_no_link_is_dead(copy: Path) -> None:
    """Every link of every page, and of every part that a view puts into the explorer's page, leads to a file."""
    counted, dead = 0, set()
    texts = [(page, page.read_text("utf-8")) for page in copy.rglob("*.html")]
    for view in copy.glob("explore/view/*/*.json"):
        place = copy / ("fr" if view.parent.name == "fr" else ".") / "explore.html"
        texts += [(place, part) for part in json.loads(view.read_bytes())["parts"].values()]
    for page, text in texts:
        for link in map(unescape, _LINK.findall(text)):
            path = unquote(urlsplit(link).path)
            if re.match(r"[a-z]+:|#|$", link):
                continue
            counted += 1
            if link.startswith("/") or (path and not (page.parent / path).is_file()):
                dead.add((str(page.relative_to(copy)), link))
    assert counted > 5_000
    assert not dead, sorted(dead)[:10]
    assert not [page for page, text in texts if "palermo.invalid" in text]


def test_everything_chosen_is_there_in_every_format_and_language(copy: Path, release_dir: Path) -> None:
    """Both pages and all documents of each thing, its view in the explorer, the dumps as the release has them."""
    for one in ONLY[:-1]:
        for name in (f"doc/{one}.html", f"fr/doc/{one}.html", *(f"doc/{one}.{form}" for form in ENDINGS)):
            assert (copy / name).stat().st_size > 200, name
    for lang in ("en", "fr"):
        for view in ("home", "focus=greta", "show=whole"):
            assert json.loads((copy / f"explore/view/{lang}/{view}.json").read_bytes())["scene"]["lang"] == lang
    for name, file in manifest.read(release_dir).files.items():
        assert (copy / "data" / name).stat().st_size == file.bytes


def test_the_same_release_gives_the_same_bytes(copy: Path, release_dir: Path, tmp_path: Path) -> None:
    """Pages made again, alone and in another order, are the copy's own."""
    paths = ("/", "/treaties/palermo-protocol", "/doc/greta", "/people", "/quality", "/doc/fra.jsonld", "/explore")
    again = [Address(path, "", "" if path.endswith(".jsonld") else lang) for path in paths for lang in ("fr", "en")]
    again.append(Address("/explore/view", "focus=greta", "fr"))
    _, wrong = apart(Maker(Plan(release_dir, tmp_path, only=frozenset(ONLY))).make, again)
    assert not wrong
    for one in again:
        assert (tmp_path / one.file).read_bytes() == (copy / one.file).read_bytes(), one.file


def test_a_walk_through_the_copy(open_page: Opener, address: str) -> None:
    """Home, a treaty, a state, a node in the explorer, a source, and the same in French."""
    page = open_page(f"{address}/index.html")
    page.locator(".masthead").get_by_role("link", name="Treaties").click()
    page.locator("thead").get_by_role("link", name="Palermo Protocol").click()
    expect(page.locator(".lead")).to_contain_text("bound by the Palermo Protocol")
    page.locator("tbody").get_by_role("link", name="France", exact=True).click()
    expect(page.locator("h1")).to_contain_text("France")
    page.locator("main").get_by_role("link", name="France").first.click()
    page.locator("figure").get_by_role("link", name="explorer").click()
    page.wait_for_selector("#explorer[data-ready]:not([aria-busy])")
    page.locator("table.twin th").get_by_role("link", name=re.compile("GRETA|Group of Experts")).first.click()
    expect(page.locator("#panel h2").first).to_contain_text("Group of Experts")
    page.locator("#asof").fill("2004-12-31")
    page.locator("#asof").blur()
    expect(page.locator("table.twin")).to_contain_text("not yet begun")
    expect(page.locator("#caption")).to_contain_text("as of 31 December 2004")
    page.locator("#find").press_sequentially("greta")
    page.locator("#find-list [role=option]").first.click()
    page.wait_for_url(re.compile("focus=greta"))
    page.goto(f"{address}/doc/greta.html")
    page.locator("main a[href*='source/coe-greta']").first.click()
    page.locator(".choices").get_by_role("link", name="FR").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url.startswith(f"{address}/fr/")
    page.locator(".masthead").get_by_role("link", name="Traités").click()
    assert page.url == f"{address}/fr/treaties.html"


#: Views that no file holds: paths, comparisons, filters, days, several nodes opened.
MADE = [
    "show=path&focus=expertise-france,eu", "show=path&focus=fra,swe&asof=2005-01-01", "show=path&focus=bra,ind",
    "show=path&focus=fra,swe&families=treaty", "show=compare&focus=fra,swe,greta",
    "show=compare&focus=eu,unodc&asof=2010-06-30",
    "focus=fra&families=monitoring&asof=2010-05-05", "focus=swe&open=coe:monitoring,unodc",
    "focus=greta&kinds=state&hide=fra",
]  # fmt: skip
_SAID = """part => [...document.querySelectorAll(part)].map(one => one.textContent.replace(/\\s+/g, " ").trim())"""


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_views_made_in_the_browser_say_what_the_server_says(
    open_page: Opener, address: str, server_url: str, release_dir: Path, lang: str
) -> None:
    """Explanations, rows of comparisons, tables and captions of the real release: the same words in the same order."""
    day = today(manifest.read(release_dir)).isoformat()
    page = open_page(f"{address}/copies.html", lang=lang)
    page.context.set_default_timeout(SLOW)
    # the sentences differ with the language, what is counted does not: every other view again in French
    for query in MADE if lang == "en" else MADE[::2]:
        dated = query if "asof" in query else f"{query}&asof={day}"
        answer = httpx.get(f"{server_url}/explore/view?{dated}&lang={lang}", timeout=60).json()
        page.goto(f"{address}/{'' if lang == 'en' else 'fr/'}explore.html?{query}")
        page.wait_for_selector("#explorer[data-ready]:not([aria-busy])")
        there = page.context.new_page()
        there.set_content(f"<html lang={lang}><body>{''.join(answer['parts'].values())}</body></html>")
        for part in ("#caption", ".explanations .steps li", ".explanations h3", ".compared tr", "table.twin tbody tr"):
            said, wanted = page.evaluate(_SAID, part), there.evaluate(_SAID, part)
            assert said == wanted, (query, part)
        there.close()


def test_a_path_and_a_comparison_from_the_form(open_page: Opener, address: str) -> None:
    """Two names and their explanations with sources; three names side by side; a picture and a citation to keep."""
    page = open_page(f"{address}/explore.html")
    page.wait_for_selector("#explorer[data-ready]:not([aria-busy])")
    page.locator("details.tool summary").first.click()
    for field, name in (("#path-from", "greta"), ("#path-to", "sweden")):
        page.locator(field).press_sequentially(name)
        page.locator(f"{field}-list [role=option]").first.click()
    expect(page.locator(".explanations li").first).to_contain_text("Sweden")
    expect(page.locator(".sources.numbered li").first).to_contain_text("·")
    page.locator("#share summary").click()
    for name, start in (
        ("picture.svg", b"<svg"),
        ("picture.png", b"\x89PNG"),
        ("data.csv", b"statement,"),
        ("cite.bib", b"@misc"),
    ):
        with page.expect_download() as kept:
            page.locator(f"a[data-file='{name}']").click()
        assert Path(kept.value.path()).read_bytes().startswith(start), name
    page.goto(f"{address}/explore.html?focus=nobody-of-that-name")
    expect(page.locator("#caption")).to_contain_text("Nothing of that name was found. (nobody-of-that-name)")


#: Pages for a day or filters that no file has, and what of each is compared.
COUNTED = [
    ("treaties", "as_of=2003-06-17&members=coe&sort=palermo-protocol",
     (".lead", "table.matrix tr", ".scroll:not(.tall) tbody tr")),
    ("treaties", "region=asia&which=all&as_of=1997-02-28", (".lead", "table.matrix tr")),
    ("treaties/palermo-protocol", "as_of=2004-03-05",
     (".lead", "main tbody tr", ".map a title", ".for-wide text", ".for-narrow text")),
    ("treaties/states/fra", "as_of=1999-03-05", (".lead", "main tbody tr", ".for-wide title", ".for-narrow text")),
    ("treaties/signed-only", "as_of=2002-03-05", (".lead", "main h2", "main tbody tr")),
    ("people", "as_of=2015-03-05", ("main tbody tr", "main thead th")),
    ("projects", "place=gulf-of-guinea&by=expertise-france",
     (".lead", "ul.projects > li:not([hidden])", ".map a title", "figcaption")),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_days_and_filters_are_counted_as_the_server_counts(
    open_page: Opener, address: str, server_url: str, lang: str
) -> None:
    """Matrix, map, growth, timelines and lists for what no file was written for."""
    page = open_page(f"{address}/copies.html", lang=lang)
    page.context.set_default_timeout(SLOW)
    for path, query, parts in COUNTED:
        page.goto(f"{address}/{'' if lang == 'en' else 'fr/'}{path}.html?{query}")
        page.wait_for_selector("form.asof-form, form.filters")
        page.wait_for_selector("main > .take a[href*='?']")
        there = page.context.new_page()
        answer = httpx.get(f"{server_url}/{path}?{query}&lang={lang}", headers={"Accept": "text/html"}, timeout=60)
        # only what it says is compared: its style sheet and script are another host's
        there.set_content(f"<html lang={lang}>{answer.text[answer.text.index('<body') :]}")
        for part in parts:
            said, wanted = page.evaluate(_SAID, part), there.evaluate(_SAID, part)
            assert wanted, (path, query, part)
            assert said == wanted, (path, query, part)
        there.close()


def test_filters_together_and_any_day_from_the_forms(open_page: Opener, address: str) -> None:
    """Region, order and a day, one after the other; the data and the picture of just that; a day that is none."""
    page = open_page(f"{address}/treaties.html")
    page.locator("#region").select_option("africa")
    page.locator("#sort").select_option("bound")
    page.locator(".filters button").click()
    page.locator("#as-of").fill("2003-06-17")
    page.locator(".asof-form button").first.click()
    expect(page.locator("caption")).to_contain_text("17 June 2003")
    assert page.url.endswith("treaties.html?as_of=2003-06-17&region=africa&sort=bound")
    expect(page.locator("#region")).to_have_value("africa")
    with page.expect_download() as kept:
        page.locator("main > .take a").first.click()
    rows = Path(kept.value.path()).read_text("utf-8").splitlines()
    assert len(rows) > 100
    assert all(",2003-06-17," in row for row in rows[1:])
    page.goto(f"{address}/treaties/palermo-protocol.html")
    page.get_by_role("slider").fill("100")
    expect(page.locator(".lead")).to_contain_text("On 31 December 2004")
    with page.expect_download() as kept:
        page.locator(".take-one a").first.click()
    assert "31 December 2004" in Path(kept.value.path()).read_text("utf-8")
    page.goto(f"{address}/treaties/palermo-protocol.html?as_of=yesterday")
    expect(page.get_by_role("alert")).to_contain_text("as_of=yesterday is no day")


def test_a_citation_is_kept_as_a_file(open_page: Opener, address: str) -> None:
    """The links of a page hold its citation, without a script."""
    page = open_page(f"{address}/doc/greta.html", javascript=False)
    with page.expect_download() as kept:
        page.get_by_role("link", name="BibTeX").first.click()
    assert Path(kept.value.path()).read_text("utf-8").startswith("@misc{palermo-")


def test_search_and_reports_work_in_the_browser(open_page: Opener, address: str) -> None:
    """The field of every page finds by name; a report holds the identifier that it is about."""
    page = open_page(f"{address}/fr/doc/greta.html", lang="fr")
    page.locator("#site-search").fill("protocole palerme")
    page.locator("#site-search").press("Enter")
    page.locator("#search-hits").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("traite")
    page.get_by_role("link", name="Signaler une erreur").first.click()
    expect(page.locator("#report-text")).to_have_value(re.compile("https://w3id.org/palermo/id/palermo-protocol"))
