"""oEmbed for pages, and the feeds of changes."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import httpx
import micawber
import pytest

ATOM = "{http://www.w3.org/2005/Atom}"


class _Links(HTMLParser):
    """The alternate links of a page, by media type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") == "alternate" and given.get("type"):
            self.found[str(given["type"])] = str(given.get("href"))


@pytest.mark.parametrize(
    ("page", "kind"), [("/doc/greta", "rich"), ("/explore?focus=coe", "rich"), ("/treaties", "link"), ("/data", "link")]
)
def test_a_page_leads_to_its_oembed(server_url: str, page: str, kind: str) -> None:
    found = _Links(httpx.get(server_url + page, headers={"Accept": "text/html"}).text).found
    answer = httpx.get(f"{server_url}{found['application/json+oembed']}").json()
    assert (answer["version"], answer["type"]) == ("1.0", kind)
    assert answer["title"]
    if kind == "rich":
        frame = answer["html"].partition('src="')[2].partition('"')[0].replace("&amp;", "&")
        shown = httpx.get(frame)
        assert shown.status_code == 200
        assert "frame-ancestors *" in shown.headers["Content-Security-Policy"]


def test_a_site_embeds_what_its_writers_link_to(server_url: str) -> None:
    """micawber, which sites write links out with: every page is known, and what can be framed becomes a frame."""
    known = micawber.ProviderRegistry()
    known.register(rf"{server_url}/\S*", micawber.Provider(f"{server_url}/oembed", timeout=60))
    for page, kind in (
        ("/doc/greta", "rich"),
        ("/explore?focus=coe", "rich"),
        ("/treaties", "link"),
        ("/people", "link"),
    ):
        assert known.request(server_url + page)["type"] == kind
    written = micawber.parse_text(f"Who watches whom:\n{server_url}/doc/greta\n", known)
    assert "<iframe" in written
    assert "/embed?focus=greta" in written
    with pytest.raises(micawber.ProviderException):
        known.request(f"{server_url}/doc/nobody")


@pytest.mark.parametrize(("address", "form"), [("/changes.atom", "atom10"), ("/changes.rss", "rss20")])
def test_a_reader_of_feeds_follows_the_releases(server_url: str, release_dir: Path, address: str, form: str) -> None:
    """feedparser finds the feed well formed, and in it the release, its day, and where to read on."""
    manifest = json.loads((release_dir / "manifest.json").read_text())
    got = httpx.get(server_url + address)
    feed = feedparser.parse(got.content, response_headers=dict(got.headers))
    assert (feed.bozo, feed.version) == (False, form)
    assert feed.feed.title
    (entry,) = feed.entries
    assert manifest["hash"][:16] in entry.id
    assert manifest["release"] in entry.title
    day = entry["updated_parsed" if form == "atom10" else "published_parsed"]
    assert "{:04}-{:02}-{:02}".format(*day[:3]) == manifest["date"]
    assert httpx.get(entry.link).status_code == 200


def test_oembed_takes_short_addresses(server_url: str) -> None:
    for given, kind in (
        ({"kind": "view", "state": "focus=greta&asof=2010-01-01"}, "rich"),
        ({"kind": "query", "query": "ASK { ?s ?p ?o }"}, "link"),
    ):
        short = httpx.post(f"{server_url}/share", data=given).json()["url"]
        answer = httpx.get(f"{server_url}/oembed", params={"url": short})
        assert (answer.status_code, answer.json()["type"]) == (200, kind), answer.text
    assert httpx.get(f"{server_url}/oembed", params={"url": f"{server_url}/s/nothing"}).status_code == 404


def test_oembed_follows_the_consumer(server_url: str) -> None:
    def ask(**given: str) -> httpx.Response:
        return httpx.get(f"{server_url}/oembed", params={"url": f"{server_url}/doc/greta", **given})

    small = ask(maxwidth="320", maxheight="400").json()
    assert (small["width"], small["height"]) == (320, 400)
    assert 'width="320"' in small["html"]
    assert 'height="400"' in small["html"]
    tiny = ask(maxwidth="100").json()
    assert (tiny["type"], "html" in tiny) == ("link", False)
    tree = ElementTree.fromstring(ask(format="xml").text)
    assert (tree.tag, tree.findtext("type")) == ("oembed", "rich")
    assert ask(format="yaml").status_code == 400
    for url in (
        "https://example.org/doc/greta",
        "//example.org/",
        "/no/such/page",
        "/doc/nobody",
        "",
        "/oembed?url=/data",
    ):
        assert ask(url=url).status_code == 404, url


def test_the_feeds_tell_what_the_release_changed(server_url: str, release_dir: Path) -> None:
    manifest = json.loads((release_dir / "manifest.json").read_text())
    text = (release_dir / "CHANGES.md").read_text()
    links = _Links(httpx.get(f"{server_url}/data", headers={"Accept": "text/html"}).text).found
    answer = httpx.get(server_url + links["application/atom+xml"])
    assert answer.headers["Content-Type"] == "application/atom+xml"
    tree = ElementTree.fromstring(answer.text)
    (entry,) = tree.findall(f"{ATOM}entry")
    for element in (tree, entry):  # what RFC 4287 requires of both
        assert all(element.findtext(ATOM + name) for name in ("id", "title", "updated"))
    assert tree.find(f"{ATOM}author/{ATOM}name") is not None
    assert entry.findtext(f"{ATOM}updated") == f"{manifest['date']}T00:00:00Z"
    assert text.startswith((entry.findtext(f"{ATOM}content") or "").partition("\n\n…")[0])
    alternate = {link.attrib["type"]: link.attrib["href"] for link in entry.findall(f"{ATOM}link")}
    assert httpx.get(alternate["text/markdown"]).text == text

    answer = httpx.get(f"{server_url}/changes.rss")
    assert answer.headers["Content-Type"] == "application/rss+xml"
    (channel,) = ElementTree.fromstring(answer.text)
    for element in (
        channel,
        channel.find("item"),
    ):  # what RSS 2.0 requires of a channel, and what readers want of items
        assert element is not None
        assert all(element.findtext(name) for name in ("title", "link", "description"))
    assert channel.findtext("item/guid") == entry.findtext(f"{ATOM}id")
    assert parsedate_to_datetime(channel.findtext("item/pubDate") or "").date().isoformat() == manifest["date"]
    assert httpx.get(channel.findtext("item/link") or "").text == text

    answer = httpx.get(f"{server_url}/changes.json")
    feed = answer.json()
    assert answer.headers["Content-Type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert item["id"] == entry.findtext(f"{ATOM}id")
    assert item["_release"]["hash"] == manifest["hash"]
    again = httpx.get(f"{server_url}/changes.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
