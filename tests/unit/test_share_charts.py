"""Shares and columns as drawn: every value written, bars as long as they say, nothing cut off, nothing outside."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from viz.charts import columns, multiples
from viz.charts.multiples import Cell, Column

SVG = "{http://www.w3.org/2000/svg}"
ROWS = ("a kind of source", "another one with a name that is long enough to need a second line somewhere", "third")
MADE = tuple(
    Column(f"Family {turn}", tuple(Cell(share, f"{share:.0%}", f"{turn}, {share}", "/doc/fra") for share in shares))
    for turn, shares in enumerate(((0.0, 0.5, 1.0), (0.001, 0.25, 0.999)))
)


def parsed(drawing: multiples.Drawing) -> ET.Element:
    return ET.fromstring(drawing.svg("x"))


@pytest.mark.parametrize("width", [760.0, 340.0])
@pytest.mark.parametrize("made", [MADE, MADE[:1]], ids=["two wholes", "one whole"])
def test_a_bar_is_as_long_as_its_share(width: float, made: tuple[Column, ...]) -> None:
    drawing = multiples.draw(ROWS, made, "Title", "How to read it", width, "en")
    rects = parsed(drawing).findall(f".//{SVG}rect")
    bars = [one for one in rects if one.get("class") == "bar"]
    wholes = [one for one in rects if one.get("class") != "bar"]
    cells = [cell for column in made for cell in column.cells]
    assert len(bars) == len(wholes) == len(cells)
    for bar, whole, cell in zip(bars, wholes, cells, strict=True):
        assert float(bar.get("width", "")) == pytest.approx(cell.share * float(whole.get("width", "")), abs=1.01)
        assert bar.get("x") == whole.get("x")
        assert float(whole.get("x", "")) + float(whole.get("width", "")) <= width
        assert 0 <= float(bar.get("y", "")) <= drawing.height - float(bar.get("height", ""))
    written = [one.text for one in parsed(drawing).iter(f"{SVG}text")]
    for cell in cells:
        assert cell.text in written
    said = " ".join(text or "" for text in written)
    assert all(word in said for row in ROWS for word in row.split())


def test_every_bar_has_its_sentence_and_leads_somewhere() -> None:
    root = parsed(multiples.draw(ROWS, MADE, "Title", "", 760, "en"))
    links = root.findall(f".//{SVG}a")
    assert [one.get("aria-label") for one in links] == [cell.name for column in MADE for cell in column.cells]
    assert {one.get("href") for one in links} == {"/doc/fra"}


@pytest.mark.parametrize(
    ("rows", "made"),
    [((), ()), (("a",), ()), (("a", "b"), (Column("x", (Cell(0.5, "", ""),)),)),
     (("a",), (Column("x", (Cell(1.5, "", ""),)),)), (("a",), (Column("x", (Cell(-0.1, "", ""),)),))],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(rows: tuple[str, ...], made: tuple[Column, ...]) -> None:
    with pytest.raises(ValueError, match="Title: "):
        multiples.draw(rows, made, "Title", "", 760, "en")


@pytest.mark.parametrize("width", [760.0, 340.0])
def test_columns_stand_at_their_years_and_are_as_high_as_their_number(width: float) -> None:
    counts = {1991: (1, "1991: one"), 2000: (5, "2000: five"), 2026: (57, "2026: <many>")}
    root = parsed(columns.draw(counts, "Title", "", width, "fr"))
    bars = [one for one in root.findall(f".//{SVG}rect") if one.get("class") == "bar"]
    high = [float(one.get("height", "")) for one in bars]
    assert high[2] / high[1] == pytest.approx(57 / 5, rel=0.02)
    left = [float(one.get("x", "")) for one in bars]
    assert (left[2] - left[0]) / (left[1] - left[0]) == pytest.approx(35 / 9, rel=0.02), (
        "years without sources keep place"
    )
    assert all(0 <= float(one.get("x", "")) < width - float(one.get("width", "")) for one in bars)
    assert [re.sub(r"\s", "", one.text or "") for one in root.findall(f".//{SVG}g/{SVG}title")] == [
        "1991:one", "2000:five", "2026:<many>",
    ]  # fmt: skip


@pytest.mark.parametrize("counts", [{}, {2000: (-1, "")}])
def test_columns_of_nothing_are_refused(counts: dict[int, tuple[int, str]]) -> None:
    with pytest.raises(ValueError, match="Title: "):
        columns.draw(counts, "Title", "", 760, "en")
