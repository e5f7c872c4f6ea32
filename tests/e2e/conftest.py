"""A real browser over a real server: Debian's Chromium, driven by Playwright.

`open_page`  opens an address and returns the page; when the test ends, a console error, an uncaught exception, or a
             request to any other host than the server's fails it
`read_page`  the same in a window that is kept from test to test, for looking at many pages
`axe`        the serious and critical violations that axe-core finds on a page
`shoot`      with PICTURES=yes (`make pictures`) puts a screenshot into tests/e2e/screenshots, a folder for a person to
             leaf through (not in git), and lists it in the folder's index.html
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

HERE = Path(__file__).resolve().parent
AXE = HERE.parents[1] / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js"

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Whether pictures are taken: they take a third of the time of the browser tests and assert nothing.
PICTURES: Final = os.environ.get("PICTURES") == "yes"
#: No connection of the browser's own (updates, safe browsing, QUIC).
_ALONE: Final = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--enable-unsafe-swiftshader",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
#: WebGL drawn and pages composed as on a graphics card, which the processor plays: what readers see.
AS_SEEN: Final = (*_ALONE, "--use-angle=swiftshader")
#: The same without composing over it, which takes twice the time of all the rest of a test; where a panel covers a part
#: of a WebGL canvas, Chromium then leaves the rest of it empty, so pictures are not taken so.
FLAGS: Final = AS_SEEN if PICTURES else (*_ALONE, "--disable-gpu")

Theme = Literal["light", "dark"]
SIZES: Final = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
#: Longest wait for anything on a page (milliseconds): the machine may be busy with other tests.
PATIENCE: Final = 20_000
expect.set_options(timeout=PATIENCE)

#: Languages, themes and sizes in which a page is looked at: each of the three both ways. Colours follow from the theme
#: alone, room from language and size; the two other pairs of language and theme are for those who leaf through.
LOOKS: list[tuple[str, Theme, str]] = [("en", "light", "desktop"), ("fr", "dark", "phone")]
if PICTURES:
    LOOKS += [("fr", "light", "desktop"), ("en", "dark", "phone")]
#: Pixels of a page's height that a picture shows.
HIGHEST: Final = 4_000


def chromium() -> str:
    """The path of a Chromium or Chrome; fails with what to install where there is none."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not found:
        pytest.fail(
            "no Chromium: apt-get install chromium, or name one in CHROMIUM; "
            "`make test BROWSER=no` leaves the browser tests out",
            pytrace=False,
        )
    return found


# The scope is the package, not the session: Playwright's loop would stand in the way of other tests' asyncio.run.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser; every page has a context of its own, so that nothing is remembered between tests."""
    launched = playwright.chromium.launch(
        executable_path=chromium(), args=list(FLAGS), chromium_sandbox=os.getuid() != 0
    )
    yield launched
    launched.close()


@dataclass
class Watch:
    """What went wrong on a test's pages; a test that means a thing to go wrong takes it out of the list."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The test's watch; whatever is left in it at the end fails the test."""
    seen = Watch()
    yield seen
    assert not seen.errors, f"on the console: {seen.errors}"
    assert not seen.foreign, f"requests that left the host: {seen.foreign}"


@dataclass
class Opener:
    """Opens pages, each in a fresh context: `open_page(url, theme="dark", size="phone", lang="fr")`.

    `javascript=False` shows what a page is without it.
    """

    browser: Browser
    watch: Watch
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        url: str,
        *,
        theme: Theme = "light",
        size: str = "desktop",
        lang: str = "en",
        javascript: bool = True,
        still: bool = True,
    ) -> Page:
        """The page at `url`, loaded and with its fonts; `still` asks for reduced motion."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale={"en": "en-GB", "fr": "fr-FR"}[lang],
            java_script_enabled=javascript,
            reduced_motion="reduce" if still else "no-preference",
            has_touch=size == "phone",
            is_mobile=size == "phone",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        home = re.escape("{0.scheme}://{0.netloc}/".format(urlsplit(url)))

        def stopped(route: Route) -> None:
            self.watch.foreign.append(route.request.url)
            route.abort()

        # what goes to the server is let through by Playwright itself
        context.route(re.compile(f"^(?!{home}|data:|blob:)"), stopped)
        page = context.new_page()
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.watch.errors.append(str(error)))
        page.goto(url, wait_until="load")
        if javascript:
            page.evaluate("document.fonts.ready")
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self.contexts:
            context.close()

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the browser calls an error: failed requests and breaches of the security policy are among them."""
        if message.type == "error":
            self.watch.errors.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[Opener]:
    """See :class:`Opener`."""
    opener = Opener(browser, watch)
    yield opener
    opener.close()


class Reader:
    """Reads page after page in one window for each look, as a person does: `read_page(url, theme="dark", …)`.

    A window of its own costs a second of processor time, and another for scripts and rules that are new to it, which
    is more than most pages cost. For tests that look at pages and leave nothing behind.
    """

    def __init__(self, browser: Browser) -> None:
        self._opener = Opener(browser, Watch())
        self._pages: dict[tuple[tuple[str, Any], ...], Page] = {}

    def __call__(self, url: str, **look: Any) -> Page:
        """The page at `url`, loaded and with its fonts; the arguments are those of :class:`Opener`."""
        key = tuple(sorted(look.items()))
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = self._opener(url, **look)
        else:
            page.goto(url, wait_until="load")
            if look.get("javascript", True):
                page.evaluate("document.fonts.ready")
        return page

    def watched_by(self, watch: Watch) -> None:
        """Whom to tell what goes wrong."""
        self._opener.watch = watch

    def close(self) -> None:
        """Close every window."""
        self._opener.close()


@pytest.fixture(scope="package")
def _reader(browser: Browser) -> Iterator[Reader]:
    reader = Reader(browser)
    yield reader
    reader.close()


@pytest.fixture
def read_page(_reader: Reader, watch: Watch) -> Reader:
    """See :class:`Reader`."""
    _reader.watched_by(watch)
    return _reader


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """A function from a page to axe-core's serious and critical violations: rule, help, and the first elements."""
    source = AXE.read_text()

    def violations(page: Page) -> list[str]:
        page.evaluate(source)
        result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert len(result["passes"]) > 5, "axe-core checked next to nothing: is the page empty?"
        return [
            f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
            for one in result["violations"]
            if one["impact"] in {"serious", "critical"}
        ]

    return violations


#: The page that `index` writes: pictures side by side, phones beside desktops, each at the same height.
LEAVES: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Screenshots of Palermo</title>
<style>body {{ font: 14px sans-serif; margin: 1rem; display: flex; flex-wrap: wrap; gap: 1.5rem; }}
figure {{ margin: 0; }} img {{ height: 420px; max-width: 92vw; object-fit: contain; border: 1px solid #bbb; }}</style>
{shown}
</html>
"""


@pytest.fixture(scope="session")
def shoot() -> Callable[..., None]:
    """A function (page, name, whole=True) that puts a screenshot into the folder, of the window or of the whole page,
    where pictures are taken."""
    folder = HERE / "screenshots"

    def take(page: Page, name: str, *, whole: bool = True) -> None:
        if PICTURES:
            picture(page, folder / f"{name}.png", whole=whole)

    return take


def picture(page: Page, path: Path, *, whole: bool = True) -> None:
    """Put a screenshot into a folder, and list it in the folder's index."""
    path.parent.mkdir(exist_ok=True)
    wide, high = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    page.screenshot(
        path=path,
        full_page=whole,
        animations="disabled",
        timeout=60_000,
        clip={"x": 0, "y": 0, "width": wide, "height": min(high, HIGHEST)} if whole else None,
    )
    index(path.parent)


def index(folder: Path) -> Path:
    """A page in a folder of pictures that shows them all, each under its name: what a person opens to leaf through."""
    shown = "\n".join(
        f'<figure id="{one.stem}"><figcaption>{one.stem}</figcaption>'
        f'<a href="{one.name}"><img src="{one.name}" alt="{one.stem}" loading="lazy"></a></figure>'
        for one in sorted(folder.glob("*.png"))
    )
    page = folder / "index.html"
    page.write_text(LEAVES.format(shown=shown), "utf-8")
    return page
