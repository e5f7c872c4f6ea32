"""Publishing a view, clicked like a person would: each thing that is taken away is opened and read."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit

import networkx as nx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PATIENCE, Opener
from tests.e2e.explorer import Explore, ready, scene

pytestmark = pytest.mark.browser

SOURCE = re.compile(r"Source: Palermo, release \S+, as of \d{1,2} \w+ \d{4}\.")


@pytest.fixture
def shared(open_page: Opener, server_url: str) -> Page:
    """GRETA's surroundings with the sheet for sharing open."""
    page = Explore(open_page, server_url)("focus=greta")
    page.locator("#share summary").click()
    return page


def taken(page: Page, name: str) -> bytes:
    """What a click on a download gives."""
    with page.expect_download() as download:
        page.locator("#share-part a", has_text=re.compile(f"^{name}$")).click()
    return download.value.path().read_bytes()


def test_the_link_is_copied(shared: Page) -> None:
    shared.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = shared.locator("button[data-copy='#share-link']")
    button.click()
    expect(button).to_have_text("Copied")
    copied = shared.evaluate("navigator.clipboard.readText()")
    assert copied == shared.locator("#share-link").input_value()
    assert re.search(r"/explore\?focus=greta&asof=\d{4}-\d{2}-\d{2}&lang=en$", copied), "with its day and language"


def test_a_long_view_gets_a_short_link(open_page: Opener, server_url: str) -> None:
    page = Explore(open_page, server_url)("focus=greta")
    assert page.locator("form.short").count() == 0, "a short view needs none"
    ids: list[str] = page.evaluate(
        "fetch('/explore/whole.json').then(answer => answer.json()).then(all => all.nodes.id)"
    )
    longest = sorted(ids, key=lambda one: (-len(one), one))[:60]
    page = Explore(open_page, server_url)(f"focus=greta&hide={','.join(longest)}")
    page.locator("#share summary").click()
    long = page.locator("#share-link").input_value()
    assert len(long) > 1500
    page.locator("form.short button").click()
    expect(page.locator("#share-link")).to_have_value(re.compile(f"^{re.escape(server_url)}/s/[a-z2-7]{{12,32}}$"))
    short = page.locator("#share-link").input_value()
    page.goto(short)
    ready(page)
    assert page.url == long, "it leads to the very same view"


def test_pictures_carry_their_source_and_day(shared: Page) -> None:
    png = taken(shared, "PNG for print")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 2400, "pixels across: 20 cm at 300 dots an inch"
    svg = taken(shared, "SVG").decode()
    root = ET.fromstring(svg)
    words = " ".join(" ".join(root.itertext()).split())
    assert SOURCE.search(words)
    caption = scene(shared)["caption"]
    assert root.findtext("{http://www.w3.org/2000/svg}title") == caption
    assert shared.locator("#share-alt").input_value() == caption, "the alternative text says the same"


def test_the_data_behind_a_view_open_elsewhere(shared: Page) -> None:
    drawn = scene(shared)
    rows = list(csv.DictReader(io.StringIO(taken(shared, "CSV").decode("utf-8-sig"))))
    assert len(rows) == len(drawn["edges"])
    assert all(row["sources"] for row in rows)
    graph = nx.read_graphml(io.BytesIO(taken(shared, "GraphML")), force_multigraph=True)
    assert graph.number_of_nodes() == len(drawn["nodes"])
    assert graph.number_of_edges() == len(drawn["edges"])
    gexf = ET.fromstring(taken(shared, "GEXF"))
    space = gexf.tag.partition("}")[0] + "}"
    assert len(gexf.findall(f".//{space}node")) == len(drawn["nodes"])
    assert len(gexf.findall(f".//{space}edge")) == len(drawn["edges"])
    linked = json.loads(taken(shared, "JSON-LD"))
    assert "@context" in linked


def test_the_citation_has_release_and_day(shared: Page) -> None:
    text = shared.locator("#share-cite").input_value()
    assert re.search(r"Palermo, release \S+, accessed \d{1,2} \w+ \d{4}, http", text)
    bibtex = taken(shared, "BibTeX").decode()
    assert bibtex.startswith("@misc{")
    assert "version = {" in bibtex
    assert taken(shared, "RIS").decode().startswith("TY  - ")
    csl = json.loads(taken(shared, "CSL JSON"))
    csl = csl[0] if isinstance(csl, list) else csl
    assert csl["version"]
    assert csl["accessed"]["date-parts"]


class Newspaper(BaseHTTPRequestHandler):
    """Another site: a page that holds the text after `?`, decoded."""

    def do_GET(self) -> None:
        body = f"<!doctype html><title>Article</title>{unquote(urlsplit(self.path).query)}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a page of another origin with a given body."""
    context = browser.new_context(viewport={"width": 900, "height": 700}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    with ThreadingHTTPServer(("127.0.0.1", 0), Newspaper) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def opened(body: str) -> Page:
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/article?{quote(body)}")
            return page

        yield opened
        context.close()
        server.shutdown()


def test_the_embed_code_works_on_another_site_and_nothing_else_does(
    shared: Page, elsewhere: Callable[[str], Page], server_url: str, shoot: Callable[..., None]
) -> None:
    code = shared.locator("#share-embed").input_value()
    article = elsewhere(code)
    framed = article.frame_locator("iframe")
    expect(framed.locator("svg.graph")).to_be_visible()
    expect(framed.locator("h1")).to_contain_text("GRETA")
    assert SOURCE.search(framed.locator(".credit").inner_text())
    expect(framed.locator(".credit a")).to_have_attribute("target", "_blank")
    assert article.context.cookies() == []
    shoot(article, "explore-embedded", whole=False)
    refused: list[str] = []
    page = elsewhere("")
    page.on("console", lambda message: refused.append(message.text))
    page.evaluate(
        "url => new Promise(done => { const frame = document.createElement('iframe'); frame.src = url; "
        "frame.onload = done; document.body.append(frame); })",
        f"{server_url}/explore",
    )
    assert any("frame" in text for text in refused), refused
    assert page.frame_locator("iframe").locator("#explorer").count() == 0


def test_the_query_behind_a_view_is_there_to_be_run(shared: Page) -> None:
    count = len(scene(shared)["edges"])
    shared.locator("#share-part a", has_text="The query behind this view").click()
    shared.wait_for_url(lambda url: "/sparql?query=" in url)
    expect(shared.locator("main")).to_contain_text(re.compile(rf"\b{count} rows"))
