"""Charts and maps: what is drawn says what it is, links to its evidence, and never joins what differs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from viz.charts import dots, spans, steps, worldmap
from viz.charts.dots import Dot, Line, Panel
from viz.charts.drawing import Drawing
from viz.charts.scale import Linear, of_day, ticks, years
from viz.charts.spans import Point, Span
from viz.charts.worldmap import Area

SVG = "{http://www.w3.org/2000/svg}"
NASTY = 'Me & <script>alert("1")</script>'


def drawn(drawing: Drawing) -> ET.Element:
    """The drawing as XML: it must be well-formed, without inline style or script."""
    text = drawing.svg("x")
    assert " style=" not in text
    root = ET.fromstring(text)
    assert not list(root.iter(f"{SVG}script"))
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    return root


def panel(rival: str = "") -> Panel:
    """Two years, one of them with two values."""
    two = (Dot(10, "10", NASTY, "/doc/statistic/a"), Dot(30, "30", "b", "/doc/statistic/b"))
    return Panel("Recorded", "recorded", (Line("2020", two, rival), Line("2021", (Dot(20, "20", "c", "/doc/c"),))))


@pytest.mark.parametrize("width", [760.0, 340.0])
def test_every_dot_links_to_its_figure_and_none_is_joined(width: float) -> None:
    """As many links as values; no line goes from one mark to another."""
    root = drawn(dots.draw([panel()], "T", "D", "", width, "en"))
    links = [one.get("href") for one in root.iter(f"{SVG}a")]
    assert links == ["/doc/statistic/a", "/doc/statistic/b", "/doc/c"]
    assert not list(root.iter(f"{SVG}polyline"))
    labels = [one.get("aria-label") for one in root.iter(f"{SVG}a")]
    assert labels[0] == NASTY


def test_rivals_are_bracketed_and_said() -> None:
    """Where sources disagree a bracket stands and the words; where they do not, neither."""
    quiet = dots.draw([panel()], "T", "D", "", 760, "en").svg("x")
    loud = dots.draw([panel("two sources disagree")], "T", "D", "", 760, "en").svg("x")
    assert "two sources disagree" in loud
    assert "two sources disagree" not in quiet
    assert len(re.findall(r"v-3H", loud)) == 1
    assert "v-3H" not in quiet


def test_bases_differ_in_shape_as_well_as_colour() -> None:
    """No two bases share colour, and none is told by colour alone: shape or filling differs too."""
    assert len({colour for colour, _, _ in dots.LOOK.values()}) == len(dots.LOOK)
    assert len({(shape, hollow) for _, shape, hollow in dots.LOOK.values()}) == len(dots.LOOK)


def test_nothing_to_draw_is_an_error() -> None:
    """An empty chart would look like a chart of nought."""
    with pytest.raises(ValueError, match="nothing to draw"):
        dots.draw([Panel("P", "recorded", ())], "T", "D", "", 760, "en")


def test_steps_stop_at_the_day() -> None:
    """What comes after the day asked about is not drawn, and the scale stays that of the whole."""
    changes = [(date(2001, 5, 1), 1), (date(2003, 5, 1), 2), (date(2010, 5, 1), 90)]
    early = steps.draw(changes, date(2004, 12, 31), "T", "D", "2 parties", 760, "en")
    assert "2 parties" in early.svg("x")
    assert early.svg("x").count("V") == 2
    assert steps.draw(changes, date(2020, 1, 1), "T", "D", "90", 760, "en").svg("x").count("V") == 3


def test_unknown_ends_are_dotted() -> None:
    """A span with an unknown end is never drawn like one that is known."""
    known = Span(date(2000, 1, 1), date(2004, 1, 1), False, "known", "/doc/a")
    unknown = Span(date(2000, 1, 1), None, False, "unknown", "/doc/b")
    running = Span(date(2000, 1, 1), None, True, "running", "/doc/c")
    rows = [spans.Line("A", (known,)), spans.Line("B", (unknown,)), spans.Line("C", (running,))]
    root = drawn(spans.draw(rows, date(1999, 1, 1), date(2020, 1, 1), "T", "D", 760, "en"))
    bars = {
        link.get("aria-label"): bar.get("stroke-dasharray")
        for link in root.iter(f"{SVG}a")
        for bar in link.iter(f"{SVG}path")
    }
    assert bars == {"known": None, "unknown": "2 3", "running": None}


def test_points_have_four_signs() -> None:
    """Each sign is drawn, and a cross is no disc."""
    points = tuple(
        Point(date(2000 + n, 1, 1), sign, sign, None) for n, sign in enumerate(("disc", "half", "ring", "cross"))
    )  # type: ignore[arg-type]
    text = spans.draw([spans.Line("A", points=points)], date(1999, 1, 1), date(2010, 1, 1), "T", "D", 340, "fr").svg(
        "x"
    )
    assert text.count("<circle") == 3


def test_the_map_has_its_areas_and_keeps_disputed_ones_apart() -> None:
    """A country given an area is a link; every other is drawn without one; disputed ones never take a colour."""
    root = drawn(
        worldmap.draw(
            {"250": Area("#0072B2", "France", "/doc/fra"), "470": Area("#0072B2", "Malta", None)}, "T", "D", "en"
        )
    )
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["/doc/fra"]
    geo = worldmap.world()
    assert set(geo["disputed"]) == {"Crimea", "Kosovo", "N. Cyprus", "Somaliland", "W. Sahara"}
    assert "732" not in geo["shapes"]
    assert len(geo["shapes"]) > 170
    assert "470" in geo["points"]


def test_areas_are_equal() -> None:
    """Greenland is drawn about as large as the Democratic Republic of the Congo, as it is: 2.2 and 2.3 million km2."""

    def area(code: str) -> float:
        total = 0.0
        for part in worldmap.world()["shapes"][code].split("z"):
            if not part:
                continue
            numbers = [tuple(map(float, one.split(","))) for one in re.split("[Ml]", part) if one]
            x, y = numbers[0]
            points = [(x, y)]
            for dx, dy in numbers[1:]:
                x, y = x + dx, y + dy
                points.append((x, y))
            pairs = zip(points, points[1:] + points[:1], strict=True)
            total += abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
        return total

    assert area("304") / area("180") == pytest.approx(2.17 / 2.34, rel=0.08)


def test_a_picture_carries_its_source() -> None:
    """A file for an article has title, drawing and source line, and survives hostile text."""
    drawing = dots.draw([panel()], NASTY, "D", "", 760, "fr")
    root = ET.fromstring(drawing.picture("Palermo, " + NASTY))
    assert "".join(root.itertext()).count("Palermo, Me & <script>") >= 1


@pytest.mark.parametrize(("high", "first", "last"), [(7, 0, 8), (2143, 0, 2500), (129000, 0, 150000), (1, 0, 1)])
def test_ticks_are_round_and_reach_the_highest(high: float, first: float, last: float) -> None:
    """From nought to a round number at or above the highest value."""
    found = ticks(high)
    assert found[0] == first
    assert found[-1] == last
    assert found[-1] >= high


def test_scales() -> None:
    """Ends are mapped to ends, half a year to a half, and marked years keep their distance."""
    assert Linear(0, 10, 100, 200)(5) == 150
    assert of_day(date(2004, 7, 2)) == pytest.approx(2004.5, abs=0.01)
    assert years(1904, 2026, 700) == list(range(1910, 2027, 10))
    assert years(2019, 2024, 700) == [2019, 2020, 2021, 2022, 2023, 2024]
