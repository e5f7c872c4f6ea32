"""Charts of the bench: every value that was measured stands in them, and nothing that was not."""

from __future__ import annotations

import itertools
import math
import xml.etree.ElementTree as ET

import pytest

from bench.charts import growth, lines
from bench.growth import IN_MEMORY, ON_DISK, Grown

SVG = "{http://www.w3.org/2000/svg}"


def points(svg: str) -> list[list[tuple[float, float]]]:
    found = ET.fromstring(svg).iter(f"{SVG}polyline")
    return [[tuple(map(float, one.split(","))) for one in line.attrib["points"].split()] for line in found]  # type: ignore[misc]


def test_equal_ratios_are_equal_distances() -> None:
    (line,) = points(lines("Time", {"a": [(1, 2), (10, 20), (100, 200)]}))
    (x1, y1), (x2, y2), (x3, y3) = line
    assert math.isclose(x2 - x1, x3 - x2, abs_tol=0.2)
    assert math.isclose(y1 - y2, y2 - y3, abs_tol=0.2)
    assert y1 > y3


def test_what_was_not_measured_has_no_point() -> None:
    svg = lines("Time", {"a": [(1, 2), (10, math.nan), (100, 0)], "b & c": [(1, math.nan)]})
    assert [len(line) for line in points(svg)] == [1]
    assert "b &amp; c" not in svg
    assert ET.fromstring(lines("Nothing", {})).attrib["aria-label"] == "Nothing"


def test_names_of_lines_that_end_together_stand_apart() -> None:
    svg = lines("Time", {name: [(1, 1), (10, 1.01 + 0.001 * place)] for place, name in enumerate("abcde")})
    heights = sorted(
        float(one.attrib["y"]) for one in ET.fromstring(svg).iter(f"{SVG}text") if one.text in set("abcde")
    )
    assert len(heights) == 5
    assert all(second - first >= 16 for first, second in itertools.pairwise(heights))


def test_growth() -> None:
    found = [
        Grown(IN_MEMORY, 1, started=1.0, memory=1 << 28, disk=1 << 26, each={"a": 2.0}, lookups={"search": 0.9}),
        Grown(ON_DISK, 1, started=1.0, memory=1 << 28, disk=1 << 26, each={"a": 4.0}, lookups={"search": 1.0}),
        Grown(ON_DISK, 10, started=2.0, memory=1 << 29, disk=1 << 30, each={"a": 1.0, "b": 9.0}, lookups={"search": 2}),
        Grown(ON_DISK, 300, note="not run"),
        Grown("Virtuoso", 1, started=3.0, memory=1 << 28, disk=1 << 26, each={"a": 2.5}),
    ]
    assert found[2].named == pytest.approx(3.0)
    charts = growth(found)
    assert set(charts) == {f"growth-{name}.svg" for name in ("start", "memory", "disk", "queries", "lookups")}
    assert [len(line) for line in points(charts["growth-start.svg"])] == [1, 2, 1]
    assert [len(line) for line in points(charts["growth-lookups.svg"])] == [2]
