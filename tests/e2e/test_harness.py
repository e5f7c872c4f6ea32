"""The harness itself: what it must see it sees, and the design system passes what every page will have to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import HIGHEST, SIZES, Opener, Theme, Watch, index, picture
from viz.assets import DIRECTORY, Assets
from viz.scene import FAMILIES

POLICY = "default-src 'self'"
TYPES = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".html": "text/html; charset=utf-8"}
HEAD = "<!doctype html><html lang=en><title>"
PAGES = {
    "/good": f"{HEAD}Good</title><main><h1>Good</h1><p>Text</p></main></html>",
    "/inline": f"{HEAD}Inline</title><h1>Inline</h1><script>document.title='ran'</script></html>",
    "/away": f"{HEAD}Away</title><h1>Away</h1><img src='//127.0.0.2:1/x.png' alt=''></html>",
    "/poor": "<!doctype html><html><main><h1>Poor</h1><input><button></button><img src='/good'></main></html>",
}
SAMPLE = '<li><svg class="line-sample {0}" aria-hidden="true"><line x1="0" y1="6" x2="36" y2="6"/></svg> {0}</li>'


def specimen() -> str:
    assets = Assets.read()
    lines = "".join(SAMPLE.format(family) for family in FAMILIES)
    text = Path(__file__).with_name("specimen.html").read_text()
    return (
        text.replace("MAIN.CSS", assets.url("main.css"))
        .replace("PAGE.JS", assets.url("page.js"))
        .replace("LINES", lines)
    )


class Handler(BaseHTTPRequestHandler):
    """Answers PAGES, the specimen and the front end's files, under the policy that the real server sends."""

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            file = DIRECTORY / self.path.removeprefix("/static/")
            body, kind = file.read_bytes(), TYPES[file.suffix]
        else:
            body, kind = (specimen() if self.path == "/specimen" else PAGES.get(self.path, "")).encode(), TYPES[".html"]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.path != "/away":
            self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_good_page_passes(site: str, open_page: Opener) -> None:
    assert open_page(f"{site}/good").title() == "Good"


def test_a_breach_of_the_policy_is_seen(site: str, open_page: Opener, watch: Watch) -> None:
    assert open_page(f"{site}/inline").title() == "Inline"
    assert len(watch.errors) == 1
    assert "Content Security Policy" in watch.errors.pop()


def test_a_request_that_leaves_the_host_is_seen_and_stopped(site: str, open_page: Opener, watch: Watch) -> None:
    open_page(f"{site}/away")
    assert watch.foreign == ["http://127.0.0.2:1/x.png"]
    watch.foreign.clear()
    watch.errors.clear()


def test_axe_sees(site: str, open_page: Opener, axe: Callable[[Page], list[str]]) -> None:
    found = {one.split(":")[0] for one in axe(open_page(f"{site}/poor"))}
    assert {"html-has-lang", "label", "button-name", "image-alt"} <= found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", sorted(SIZES))
def test_specimen(
    site: str, open_page: Opener, axe: Callable[[Page], list[str]], shoot: Callable[..., None], theme: Theme, size: str
) -> None:
    page = open_page(f"{site}/specimen", theme=theme, size=size)
    assert page.evaluate("document.fonts.check('16px \"Source Serif 4\"') && document.fonts.check('16px Inter')")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page can be pushed sideways"
    shoot(page, f"specimen-{theme}-{size}")


def test_the_theme_can_be_chosen_and_is_remembered(site: str, open_page: Opener) -> None:
    page = open_page(f"{site}/specimen")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(paper) == "rgb(251, 250, 247)"
    button = page.get_by_role("button", name="Dark")
    button.click()
    # the change may take a frame, more on a machine with other work
    expect(page.locator("html")).to_have_css("background-color", "rgb(21, 22, 26)")
    assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.cookie") == "theme=dark"


def test_a_table_sorts_with_the_unknown_last(site: str, open_page: Opener) -> None:
    page = open_page(f"{site}/specimen")
    first = page.locator("tbody th")
    page.get_by_role("button", name="2020").click()
    assert first.all_inner_texts() == ["Police (SSMSI)", "Associations, supported", "Associations, identified"]
    page.get_by_role("button", name="2020").click()
    assert first.all_inner_texts() == ["Associations, supported", "Police (SSMSI)", "Associations, identified"]
    assert page.locator("th[aria-sort=descending]").inner_text().strip() == "2020"


def test_a_picture_is_taken(site: str, open_page: Opener, tmp_path: Path) -> None:
    """Of the window, or of the page as far as a person leafs."""
    page = open_page(f"{site}/specimen")
    page.evaluate("document.body.style.minHeight = '9000px'")
    for whole, high in ((False, SIZES["desktop"][1]), (True, HIGHEST)):
        picture(page, tmp_path / "one.png", whole=whole)
        head = (tmp_path / "one.png").read_bytes()[16:24]
        assert (int.from_bytes(head[:4]), int.from_bytes(head[4:])) == (SIZES["desktop"][0], high)
    assert 'src="one.png"' in (tmp_path / "index.html").read_text("utf-8")


def test_pictures_are_listed_to_leaf_through(tmp_path: Path) -> None:
    for name in ("explore-home-en-light-desktop", "explore-home-fr-dark-phone"):
        (tmp_path / f"{name}.png").write_bytes(b"")
    page = index(tmp_path).read_text("utf-8")
    assert page.index('src="explore-home-en-light-desktop.png"') < page.index('src="explore-home-fr-dark-phone.png"')
    assert page.count("<figure") == 2
