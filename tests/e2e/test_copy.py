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

import pytest
from playwright.sync_api import expect

from api.archive.addresses import Address
from api.archive.building import Maker, Plan
from api.linked import ENDINGS
from graph import manifest
from tests.conftest import PALERMO
from tests.e2e.conftest import Opener
from tests.loops import apart

#: The copy takes half a minute of processor time, and the machine may be busy with other tests (seconds).
LONGEST = 900
pytestmark = [pytest.mark.browser, pytest.mark.timeout(LONGEST)]

#: A treaty, a state, who is between them, and a source of what they have to do with each other.
ONLY = ("fra", "palermo-protocol", "greta", "cets-197", "coe-greta")
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
    assert counted > 10_000
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
    paths = ("/", "/treaties/cets-197", "/doc/greta", "/people", "/quality", "/doc/fra.jsonld", "/explore")
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


def test_search_and_reports_work_in_the_browser(open_page: Opener, address: str) -> None:
    """The field of every page finds by name; a report holds the identifier that it is about."""
    page = open_page(f"{address}/fr/doc/greta.html", lang="fr")
    page.locator("#site-search").fill("protocole palerme")
    page.locator("#site-search").press("Enter")
    page.locator("#search-hits").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("traite")
    page.get_by_role("link", name="Signaler une erreur").first.click()
    expect(page.locator("#report-text")).to_have_value(re.compile("https://w3id.org/palermo/id/palermo-protocol"))
