"""An answer drawn: its numbers as bars, its dates on a line of time, its states on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.language import Lang, Words
from api.views.columns import Grid
from graph.dates import PartialDate
from viz.charts import bars, spans, worldmap
from viz.charts.bars import Bar
from viz.charts.drawing import BLUE, Drawing
from viz.charts.spans import Line, Point, Span
from viz.charts.worldmap import Area

#: Rows of a chart; a longer one is no picture.
MOST: Final = 60
#: Widths of a chart in pixels, on a screen and on a phone.
WIDE: Final = 760.0
NARROW: Final = 340.0
#: Steps of colour of a map of numbers.
STEPS: Final = (0.25, 0.5, 0.75, 1.0)
#: Columns of beginnings and of ends: together they are a span.
_STARTS: Final = ("start", "since", "from", "begin")
_ENDS: Final = ("end", "until", "to")


@dataclass(frozen=True)
class Picture:
    """A drawing, the same for a phone where it has another shape, its caption, and (map) the bound of each step."""

    wide: Drawing
    narrow: Drawing | None
    caption: str
    steps: tuple[tuple[float, str], ...] = ()


def chart(grid: Grid, column: str, t: Words, lang: Lang) -> Picture:
    """The chart of one of `grid.values`."""
    label = grid.label or column
    shown = min(len(grid.terms), MOST)
    title = t("query.chart_of", column=column, label=label)
    part = f" {t('query.chart_part', shown=shown, n=len(grid.terms))}" if shown < len(grid.terms) else ""
    make = _bars if grid.kind(column) == "number" else _times
    wide, narrow = (make(grid, column, label, title, width, lang, t) for width in (WIDE, NARROW))
    return Picture(wide, narrow, f"{title}.{part}")


def _bars(grid: Grid, column: str, label: str, title: str, width: float, lang: Lang, t: Words) -> Drawing:
    found = [
        Bar(grid.text(at, label), float(row[column]["value"]), grid.text(at, column), grid.iri(at)[1] or None)
        for at, row in enumerate(grid.terms[:MOST])
        if column in row
    ]
    return bars.draw(found, title, t("query.chart_desc"), width, lang)


def _times(grid: Grid, column: str, label: str, title: str, width: float, lang: Lang, t: Words) -> Drawing:
    end = _end(grid, column)
    rows: dict[str, tuple[list[Span], list[Point]]] = {}
    days: list[date] = []
    for at, row in enumerate(grid.terms[:MOST]):
        start, stop = (_date(row.get(name, {}).get("value", "")) if name else None for name in (column, end))
        several = rows.setdefault(grid.text(at, label), ([], []))
        days += [one.first_day for one in (start, stop) if one]
        link = grid.iri(at)[1] or None
        said = " – ".join(str(one) for one in (start, stop) if one)
        if end and (start or stop):
            first, last = (one.first_day if one else None for one in (start, stop))
            several[0].append(Span(first, last, False, f"{grid.text(at, label)}: {said}", link))
        elif start:
            several[1].append(Point(start.first_day, "disc", f"{grid.text(at, label)}: {said}", link))
    lines = [Line(name, tuple(lasting), tuple(points)) for name, (lasting, points) in rows.items()]
    first, last = (min(days), max(days)) if days else (date(2000, 1, 1), date(2000, 12, 31))
    return spans.draw(
        lines, date(first.year, 1, 1), date(last.year + 1, 1, 1), title, t("query.time_desc"), width, lang
    )


def _end(grid: Grid, column: str) -> str:
    """The column of ends that goes with a column of beginnings, empty where there is none."""
    if not any(column.lower().startswith(word) for word in _STARTS):
        return ""
    dates = grid.of_kind("date")
    return next((name for name in dates if any(name.lower().startswith(word) for word in _ENDS)), "")


def _date(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


def state_column(grid: Grid, known: Mapping[str, str]) -> str | None:
    """The first column that names at least two states, and nothing but states and a few others."""
    for name in grid.of_kind("iri"):
        iris = [row[name]["value"] for row in grid.terms if name in row]
        found = [iri for iri in iris if iri in known]
        if len(set(found)) > 1 and 2 * len(found) >= len(iris):
            return name
    return None


def world(grid: Grid, column: str | None, known: Mapping[str, str], t: Words, lang: Lang) -> Picture:
    """The map: a number per state, or, where a state stands on several rows, their number. Rows of others are not
    drawn."""
    of = state_column(grid, known) or ""
    rows = [(at, row[of]["value"]) for at, row in enumerate(grid.terms) if of in row and row[of]["value"] in known]
    turns = Counter(iri for _, iri in rows)
    several = max(turns.values(), default=0) > 1
    numbers = [name for name in grid.values if grid.kind(name) == "number"]
    chosen = None if several else column if column in numbers else next(iter(numbers), None)
    values: dict[str, float] = {}
    for at, iri in rows:
        if chosen is None:
            values[iri] = float(turns[iri]) if several else 1.0
        elif chosen in grid.terms[at]:
            values[iri] = float(grid.terms[at][chosen]["value"])
    top = max(values.values(), default=1.0) or 1.0
    plain = not several and chosen is None
    areas: dict[str, Area] = {}
    for at, iri in rows:
        if iri not in values:
            continue
        name = _name(grid, at, of)
        said = name if plain else f"{name}: {values[iri]:g}"
        step = STEPS[-1] if plain else next(one for one in STEPS if values[iri] <= one * top + 1e-9)
        areas[known[iri]] = Area(BLUE, said, grid.cells[at][grid.columns.index(of)].link or None, strength=step)
    title = t("query.map_states") if plain else t("query.map_rows") if several else t("query.map_of", column=chosen)
    drawing = worldmap.draw(areas, title, t("query.map_desc"), lang)
    left_out = len(grid.terms) - len(rows)
    rest = f" {t('query.map_rest', n=left_out)}" if left_out else ""
    legend = () if plain else tuple((one, f"≤ {one * top:g}") for one in STEPS)
    return Picture(drawing, None, f"{title}.{rest}", legend)


def _name(grid: Grid, at: int, column: str) -> str:
    label = grid.label
    return grid.text(at, label) if label and label != column else grid.text(at, column)
