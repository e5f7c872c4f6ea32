"""What tests of the explorer share: opening it in a state, waiting for the drawing, finding a mark on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import Opener, Reader


def ready(page: Page) -> Page:
    """Wait until the drawing stands."""
    page.wait_for_selector("#explorer[data-ready]:not([aria-busy])")
    return page


def at(page: Page, path: str) -> tuple[float, float]:
    """Where a node or the middle of a line is on the screen."""
    found = page.evaluate(
        """path => { const box = document.querySelector('#stage'), where = box.stage.positionOf(path);
        const frame = box.getBoundingClientRect(); return where && [frame.x + where.x, frame.y + where.y]; }""",
        path,
    )
    assert found, f"{path} is not drawn"
    x, y = found
    return x, y


def then(page: Page, part: str) -> None:
    """Wait until the address says what was asked for and the page has followed."""
    page.wait_for_url(lambda url: part in url)
    ready(page)


def scene(page: Page) -> dict[str, Any]:
    """The scene that is drawn."""
    found: dict[str, Any] = page.evaluate("document.querySelector('#stage').stage.scene")
    return found


@dataclass(frozen=True)
class Explore:
    """Opens the explorer in a state: `explore("focus=greta", size="phone", lang="fr")`."""

    open_page: Opener | Reader
    server: str

    def __call__(self, query: str = "", **how: Any) -> Page:
        return ready(self.open_page(f"{self.server}/explore{'?' + query if query else ''}", **how))
