"""The letters that are really drawn: every call that paints words on the drawing is measured, and none may run into
another, over another's mark, or over the edge."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Opener
from tests.e2e.explorer import ready, scene

pytestmark = pytest.mark.browser

#: Phones as they are held: a common one, a small one, and one whose browser shows its bars; and larger screens.
SCREENS: Final = {
    "phone": (390, 844), "small phone": (360, 640), "phone with bars": (390, 664), "tablet": (820, 1180),
    "desktop": (1440, 900),
}  # fmt: skip

#: Keeps what is painted on the canvas of labels: words and the box of their ink, anew with every painting.
PAINTED: Final = """
window.painted = [];
const draw = CanvasRenderingContext2D.prototype.fillText, wipe = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...where) {
  if (this.canvas.className === 'stage-labels') window.painted = [];
  return wipe.apply(this, where);
};
CanvasRenderingContext2D.prototype.fillText = function (words, x, y, ...rest) {
  if (this.canvas.className === 'stage-labels') {
    const ink = this.measureText(words);
    window.painted.push({words, size: parseFloat(/([0-9.]+)px/.exec(this.font)[1]),
      left: x - ink.actualBoundingBoxLeft, right: x + ink.actualBoundingBoxRight,
      top: y - ink.actualBoundingBoxAscent, bottom: y + ink.actualBoundingBoxDescent});
  }
  return draw.call(this, words, x, y, ...rest);
};
"""

#: Signs in the middle of lines, counts inside of folded marks, initials inside of people's: not labels.
SIGN: Final = re.compile(r"^(\?|\+\d+|\w\w?)$")


@dataclass(frozen=True)
class Ink:
    """One row of letters as painted, or a mark; pixels of the stage."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Ink) -> bool:
        """Whether more than half a pixel of the two is common ground."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > 0.5 and high > 0.5


def troubles(page: Page) -> list[str]:
    """What is wrong with the labels of the drawing on a page, in words."""
    painted: list[dict[str, Any]] = page.evaluate("window.painted")
    rows = [
        Ink(one["words"], one["left"], one["top"], one["right"], one["bottom"])
        for one in painted
        if not (SIGN.match(one["words"]) and one["size"] < 9.1)
    ]
    drawn = scene(page)
    items = [*drawn["nodes"], *drawn["groups"]]
    wide, high = page.evaluate("(({width, height}) => [width, height])(document.querySelector('#stage').stage.size())")
    places: dict[str, dict[str, float]] = page.evaluate(
        "ids => Object.fromEntries(ids.map(id => [id, document.querySelector('#stage').stage.positionOf(id)]))",
        [one["id"] for one in items],
    )
    marks = []
    for one in items:
        x, y = places[one["id"]]["x"], places[one["id"]]["y"]
        marks.append(Ink(one["label"], x - 6, y - 6, x + 6, y + 6))
    found = [f"{a.words!r} runs into {b.words!r}" for a, b in combinations(rows, 2) if a.meets(b)]
    found += [f"{a.words!r} lies on the mark of {b.words!r}" for a in rows for b in marks if a.meets(b)]
    found += [
        f"{one.words!r} is cut" for one in rows
        if one.left < 0 or one.top < 0 or one.right > wide or one.bottom > high
    ]  # fmt: skip
    words = " ".join(one.words for one in rows)
    found += [f"{one['label']!r} is not named" for one in items if one["label"] not in words]
    found += [f"letters of {one['size']} px" for one in painted if one["size"] < 9 and not SIGN.match(one["words"])]
    return found


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("screen", list(SCREENS))
def test_no_label_of_the_opening_picture_meets_another(
    open_page: Opener, server_url: str, shoot: Callable[..., None], screen: str, lang: str
) -> None:
    theme = "dark" if (lang == "fr") == (screen in ("phone", "desktop")) else "light"
    wide, high = SCREENS[screen]
    page = open_page(f"{server_url}/health", size="phone" if wide < 500 else "desktop", lang=lang, theme=theme)
    page.context.add_init_script(PAINTED)
    page.set_viewport_size({"width": wide, "height": high})
    page.goto(f"{server_url}/explore")
    ready(page)
    page.wait_for_function("window.painted.length > 30")
    assert len(scene(page)["nodes"]) >= 25
    assert troubles(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, f"explore-home-{lang}-{theme}-{screen.replace(' ', '-')}", whole=False)


def test_the_measure_finds_what_is_wrong(open_page: Opener, server_url: str) -> None:
    """Nine marks pinned to one spot have no room for their names, and that is reported: the test above can fail."""
    page = open_page(f"{server_url}/health", size="phone")
    page.context.add_init_script(PAINTED)
    nine = ("greta", "miprof", "eu", "coe", "unodc", "osce", "ccem", "untoc", "swe")
    page.goto(f"{server_url}/explore?pin={','.join(f'{one}@500:{300 + 2 * turn}' for turn, one in enumerate(nine))}")
    ready(page)
    page.wait_for_function("window.painted.length > 30")
    found = troubles(page)
    assert any("is not named" in one or "lies on the mark" in one for one in found), found
