"""What an answer's columns offer: a chart, a map, a network; and what is drawn says what the rows say."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from api.language import words
from api.pages.terms import Cell, Named, cell, cells
from api.views import drawn
from api.views.columns import Grid
from graph.ids import Ids
from viz.charts import bars
from viz.charts.bars import Bar

XSD = "http://www.w3.org/2001/XMLSchema#"
ID = "https://w3id.org/palermo/id/"
SVG = "{http://www.w3.org/2000/svg}"
NAMED = Named(Ids(), {ID + "fra": "France", ID + "swe": "Sweden"})
STATES = {ID + "fra": "250", ID + "swe": "752"}


def iri(local: str) -> dict[str, str]:
    return {"type": "uri", "value": ID + local}


def number(value: str) -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": XSD + "integer"}


def text(value: str) -> dict[str, str]:
    return {"type": "literal", "value": value}


def day(value: str) -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": XSD + ("date" if len(value) == 10 else "gYear")}


def grid(columns: str, *rows: dict[str, Any]) -> Grid:
    document = {"head": {"vars": columns.split()}, "results": {"bindings": list(rows)}}
    return Grid(tuple(columns.split()), rows, tuple(tuple(row) for row in cells(document, NAMED)))


def test_an_iri_is_shown_by_its_name_and_led_to_its_page_here() -> None:
    assert cell(iri("fra"), NAMED) == Cell("France", "/doc/fra", "id:fra")
    assert cell(iri("relation/greta/monitors/fra"), NAMED).text == "id:relation/greta/monitors/fra"
    other = {"type": "uri", "value": "https://example.org/x"}
    assert cell(other, NAMED) == Cell("https://example.org/x", "https://example.org/x")


@pytest.mark.parametrize(
    "hostile",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        'http://x/"onclick="y',
        "//x",
    ],
)
def test_only_plain_web_and_mail_addresses_become_links(hostile: str) -> None:
    assert cell({"type": "uri", "value": hostile}, NAMED) == Cell(hostile, "")


def test_numbers_beside_names_are_a_chart() -> None:
    one = grid("state name n", {"state": iri("fra"), "name": text("France"), "n": number("3")})
    assert (one.label, one.values, one.kind("state")) == ("name", ["n"], "iri")
    assert not grid("n", {"n": number("3")}).values
    assert not grid("name n", {"name": text("a"), "n": number("-3")}).values
    assert grid("name n", {"name": text("a"), "n": number("3")}, {"name": text("b"), "n": text("x")}).values == []
    assert grid("name n").values == []


def test_a_number_that_is_none_is_text() -> None:
    for value in ("INF", "NaN", "x"):
        term = {"type": "literal", "value": value, "datatype": XSD + "double"}
        assert grid("name n", {"name": text("a"), "n": term}).kind("n") == "text"


def test_a_chart_has_a_bar_for_each_row_with_its_link() -> None:
    one = grid(
        "state n", {"state": iri("fra"), "n": number("3")}, {"state": iri("swe"), "n": number("1")}, {"state": iri("x")}
    )
    picture = drawn.chart(one, "n", words("en"), "en")
    root = ET.fromstring(picture.wide.svg("x"))
    assert [(link.get("href"), link.get("aria-label")) for link in root.iter(f"{SVG}a")] == [
        ("/doc/fra", "France: 3"),
        ("/doc/swe", "Sweden: 1"),
    ]
    wide = [float(bar.get("width", "0")) for bar in root.iter(f"{SVG}rect")]
    assert wide[0] == pytest.approx(3 * wide[1], rel=0.01)


def test_a_long_chart_says_that_it_is_cut() -> None:
    rows = [{"name": text(f"r{turn}"), "n": number("1")} for turn in range(drawn.MOST + 5)]
    picture = drawn.chart(grid("name n", *rows), "n", words("en"), "en")
    assert "The first 60 of 65 rows" in picture.caption
    assert len(list(ET.fromstring(picture.wide.svg("x")).iter(f"{SVG}rect"))) == drawn.MOST


def test_dates_are_a_line_of_time_and_unknown_ends_stay_open() -> None:
    rows = [
        {"name": text("a"), "start": day("2002"), "end": day("2004-05-06")},
        {"name": text("b"), "start": day("2003-01-01")},
        {"name": text("c")},
    ]
    one = grid("name start end", *rows)
    assert one.values == ["start", "end"] or one.kind("start") == "date"
    picture = drawn.chart(one, "start", words("en"), "en").wide.svg("x")
    assert "a: 2002 – 2004-05-06" in picture
    assert "b: 2003-01-01" in picture
    assert "stroke-dasharray" in picture


def test_states_are_a_map_by_number_or_by_rows() -> None:
    plain = grid("s", {"s": iri("fra")}, {"s": iri("swe")}, {"s": iri("greta")})
    assert drawn.state_column(plain, STATES) == "s"
    picture = drawn.world(plain, None, STATES, words("en"), "en")
    assert "One row is about no state" in picture.caption
    assert picture.steps == ()
    numbers = grid("s n", {"s": iri("fra"), "n": number("4")}, {"s": iri("swe"), "n": number("1")})
    picture = drawn.world(numbers, "n", STATES, words("en"), "en")
    assert picture.caption.startswith("n, by state")
    assert 'fill-opacity="0.25"' in picture.wide.svg("x")
    assert "Sweden: 1" in picture.wide.svg("x")
    several = grid("s n", *({"s": iri(one), "n": number("9")} for one in ("fra", "fra", "swe")))
    picture = drawn.world(several, "n", STATES, words("en"), "en")
    assert picture.caption.startswith("Rows of the answer")
    assert "France: 2" in picture.wide.svg("x")
    assert drawn.state_column(grid("s", {"s": iri("fra")}), STATES) is None


def test_two_ends_are_a_network() -> None:
    assert grid("subject p object", {"subject": iri("fra"), "p": text("x"), "object": iri("swe")}).has_ends
    assert not grid("subject object", {"subject": iri("fra"), "object": text("x")}).has_ends
    assert not grid("subject object").has_ends


def test_what_stands_in_a_label_is_never_markup() -> None:
    hostile = "</text><script>alert(1)</script>"
    picture = drawn.chart(grid("name n", {"name": text(hostile), "n": number("1")}), "n", words("en"), "en")
    for drawing in (picture.wide, picture.narrow):
        assert drawing is not None
        assert not list(ET.fromstring(drawing.svg("x")).iter(f"{SVG}script"))


def test_bars_need_something_to_draw() -> None:
    for wrong in ([], [Bar("a", -1.0, "-1")]):
        with pytest.raises(ValueError, match="bars"):
            bars.draw(wrong, "T", "D", 760, "en")
