"""Every page and every format survives what strangers may put into data, and nothing of it becomes markup or a link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from time import perf_counter
from urllib.parse import urljoin, urlsplit

import httpx
import pyoxigraph
import pytest
import rdflib

from api.linked import ENDINGS
from graph.ids import PREFIXES
from tests.conftest import ROOT, serving
from tests.http import hostile

THINGS = ("evil", "arabic", "emoji", "blank", "control", "claim/evil", "statistic/evil", "relation/evil/funds/arabic")
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld", "trig": "trig", "nq": "nquads"}
ENGINE = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
}
#: Seconds that the first reading of a hub may take on a machine that is busy with other tests.
SLOW = 12.0


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    data = hostile.write(tmp_path_factory.mktemp("hostile") / "hostile.nq")
    files = [data, *sorted((ROOT / "ontology").glob("*.ttl")), *sorted((ROOT / "ontology" / "schemes").glob("*.ttl"))]
    arguments: list[str | Path] = [part for file in files for part in ("--data", file)]
    with serving(*arguments) as url, httpx.Client(base_url=url, timeout=60) as one:
        del one.headers["accept"]
        yield one


class Page(HTMLParser):
    """What a browser would take from a page: its elements, links and scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.data: list[str] = []
        self.handlers: list[str] = []
        self.text: list[str] = []
        self.elements: set[str] = set()
        self._in_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        found = dict(attrs)
        self.links += [value for name, value in attrs if name in ("href", "src", "action", "data") and value]
        self.handlers += [name for name in found if name.startswith("on") or name == "style"]
        if tag == "script":
            self.scripts.append(found)
            self._in_data = found.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_data = False

    def handle_data(self, data: str) -> None:
        (self.data if self._in_data else self.text).append(data)


def page(client: httpx.Client, path: str, **headers: str) -> Page:
    answer = client.get(path, headers={"Accept": "text/html", **headers}, follow_redirects=True)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    found = Page()
    found.feed(answer.text)
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "path", [*(f"/doc/{one}" for one in THINGS), "/source/bad", "/sources", "/", "/doc/evil?family=funding"]
)
def test_nothing_in_the_data_becomes_markup(client: httpx.Client, path: str, language: str) -> None:
    found = page(client, path, **{"Accept-Language": language})
    assert not found.handlers, found.handlers
    assert "img" not in found.elements
    for script in found.scripts:
        inner = script.get("type") == "application/ld+json"
        assert inner or (script.get("src") or "").startswith("/static/"), script
    for link in found.links:
        scheme = urlsplit(urljoin("http://here.example/", link)).scheme
        assert scheme in ("http", "https", "mailto"), link
    for text in found.data:
        json.loads(text)
    assert "49" not in "".join(found.text).split(), "a template in the data was carried out"


def test_hostile_names_are_shown_as_they_are(client: httpx.Client) -> None:
    assert hostile.SCRIPT in "".join(page(client, "/doc/evil").text)
    assert hostile.ARABIC in "".join(page(client, "/doc/arabic").text)
    assert hostile.EMOJI in "".join(page(client, "/doc/emoji").text)
    assert "javascript:alert(1)" in "".join(page(client, "/doc/evil").text), "shown as text, though never as a link"
    links = page(client, "/doc/evil").links
    assert "mailto:desk@example.org" in links
    assert "https://example.org/?a=1&b=2#é" in links


def test_a_fallback_says_its_language(client: httpx.Client) -> None:
    text = client.get("/doc/arabic", headers={"Accept": "text/html", "Accept-Language": "fr"}).text
    assert 'lang="ar" dir="auto"' in text
    assert "en arabe" in text
    text = client.get("/doc/emoji", headers={"Accept": "text/html", "Accept-Language": "fr"}).text
    assert 'lang="en"' in text
    assert "en anglais" in text


def test_a_blank_name_gives_way_to_the_identifier(client: httpx.Client) -> None:
    assert "<h1><bdi>blank</bdi></h1>" in client.get("/doc/blank", headers={"Accept": "text/html"}).text


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # rdflib's parsers use what rdflib deprecates
@pytest.mark.parametrize("ending", [one for one in ENDINGS if one != "html"])
@pytest.mark.parametrize("thing", THINGS)
def test_every_format_parses(client: httpx.Client, thing: str, ending: str) -> None:
    answer = client.get(f"/doc/{thing}.{ending}")
    if thing in ("evil", "control") and ending == "rdf":
        assert answer.status_code == 406
        assert answer.json()["available"]
        return
    assert answer.status_code == 200, answer.text[:500]
    wanted = {str(one.triple) for one in pyoxigraph.parse(client.get(f"/doc/{thing}.nt").content, format=ENGINE["nt"])}
    found = {str(one.triple) for one in pyoxigraph.parse(answer.content, format=ENGINE[ending])}
    assert found == wanted
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=answer.content, format=RDFLIB[ending])
    assert len({quad[:3] for quad in graph.quads()}) == len(wanted)


@pytest.mark.parametrize("path", ["/doc/hub-treaty", "/doc/hub-union"])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json"])
def test_a_hub_is_read_page_by_page(client: httpx.Client, path: str, accept: str) -> None:
    client.get("/doc/emoji", headers={"Accept": "text/html"})  # the network is read once, with the first page
    begin = perf_counter()
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    assert perf_counter() - begin < SLOW
    assert len(answer.content) < 600_000, "a hub's page is no longer than others"


def test_every_page_of_a_hub_can_be_reached(client: httpx.Client) -> None:
    seen: set[str] = set()
    path, pages = "/doc/hub-union.nt", 0
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        pages += 1
        for one in pyoxigraph.parse(answer.content, format=ENGINE["nt"]):
            if one.predicate.value == PREFIXES["pal"] + "subject":
                seen.add(str(one.subject))
        path = answer.links.get("next", {}).get("url", "")
        path = path.replace("/doc/hub-union?", "/doc/hub-union.nt?")
    assert len(seen) == hostile.DEGREE
    assert pages == -(-hostile.DEGREE // 100)
    assert client.get(f"/doc/hub-union.nt?page={pages + 1}").status_code == 404


def test_a_family_of_a_hub_turns_its_pages(client: httpx.Client) -> None:
    first = page(client, "/doc/hub-union?family=structure")
    assert any("page=2" in link for link in first.links)
    last = -(-hostile.DEGREE // 60)
    assert (
        client.get(f"/doc/hub-union?family=structure&page={last}", headers={"Accept": "text/html"}).status_code == 200
    )
    assert (
        client.get(f"/doc/hub-union?family=structure&page={last + 1}", headers={"Accept": "text/html"}).status_code
        == 404
    )
