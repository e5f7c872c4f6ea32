"""What /quality is filled with: a chart, its table twin and its rows as CSV for every part of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel.numbers import format_decimal

from api.atlas import NARROW, WIDE, Reader
from graph.read.quality import AGES, DEGREES, UNDATED, Family, Quality, Share
from viz.charts import columns, multiples
from viz.charts.drawing import Drawing
from viz.charts.multiples import Cell, Column

NBSP: Final = "\u00a0"
#: The charts in the order of the page.
EXHIBITS: Final = (
    "support", "kinds", "confidence", "sources", "years", "links", "ages", "coverage", "filled", "labels",
)  # fmt: skip
CSV_COLUMNS: Final = ("key", "name", "of", "here", "total")
#: Where a bar of the coverage leads.
_ABOUT: Final = {
    "coe-members": "/doc/coe",
    "eu-members": "/doc/eu",
    "cets-197-parties": "/treaties/cets-197",
    "palermo-protocol-parties": "/treaties/palermo-protocol",
    "untoc-parties": "/treaties/untoc",
    **{f"greta-round-{number}": "/evaluations" for number in range(1, 5)},
}


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many, with what the row and its whole are called. `address` leads to what is meant."""

    key: str
    name: str
    of: str
    whole: str
    here: int
    total: int
    address: str | None = None
    remark: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One chart with the rows of its table: for each row, one part for each whole."""

    id: str
    title: str
    first: str
    rows: tuple[tuple[Part, ...], ...]
    wide: Drawing
    narrow: Drawing

    @property
    def wholes(self) -> list[tuple[str, int]]:
        """What the columns are of, and how many that is; one column of several wholes has no number."""
        return [(one.whole, one.total) for one in self.rows[0]]

    @property
    def csv(self) -> Iterable[tuple[str, str, str, int, int]]:
        """The rows of the table, one part a row."""
        return ((one.key, one.name, one.of, one.here, one.total) for row in self.rows for one in row)


def percent(here: int, of: int, reader: Reader) -> str:
    """A share in percent with one decimal, half up; a dash where there is nothing. Only nought is written as nought,
    and only all as all."""
    if not of:
        return "–"
    share = (Decimal(here) * 100 / of).quantize(Decimal("0.1"), ROUND_HALF_UP)
    written = min(max(share, Decimal("0.1")), Decimal("99.9")) if 0 < here < of else share
    places = "#,##0" if written in (0, 100) else "#,##0.0"
    return f"{format_decimal(written, places, locale=reader.lang)}{NBSP}%"


def exhibit(name: str, found: Quality, named: Mapping[str, Mapping[str, str]], reader: Reader) -> Exhibit:
    """A chart of :data:`EXHIBITS`. `named` holds the names of source kinds and degrees of confidence."""
    say = reader.say
    if name == "years":
        return _years(found, reader)
    match name:
        case "support":
            rows = _by_family(found, reader, ("several", "weak"), lambda key: say(f"quality.{key}"),
                              lambda one, key: getattr(one, key))  # fmt: skip
            first = "support"
        case "kinds":
            kinds = sorted(
                {kind for one in found.families for kind in one.kinds}, key=lambda kind: -_facts(found, kind)
            )
            rows = _by_family(found, reader, kinds, named["kinds"].__getitem__, lambda one, key: one.kinds.get(key, 0))
            first = "kind"
        case "confidence":
            degrees = named["degrees"].__getitem__
            rows = _by_family(found, reader, DEGREES, degrees, lambda one, key: one.confidence[key])
            first = "degree"
        case "ages":
            keys = [*(key for key, _ in AGES), UNDATED]
            rows = _by_family(found, reader, keys, lambda key: say(f"quality.ages.{key}"),
                              lambda one, key: one.ages[key])  # fmt: skip
            first = "years"
        case "sources":
            counts = sorted(found.source_kinds.items(), key=lambda pair: (-pair[1], pair[0]))
            rows = _of_sources(found, reader, [(key, named["kinds"][key], n) for key, n in counts])
            first = "kind"
        case "links":
            answers = [("none", found.without_address), *found.links.items()]
            rows = _of_sources(found, reader, [(key, say(f"quality.links.{key}"), n) for key, n in answers])
            first = "address"
        case _:
            rows = [(_share(name, one, reader),) for one in getattr(found, name)]
            first = "what"
    title = say(f"quality.section.{name}")
    return Exhibit(name, title, say(f"quality.{first}"), tuple(rows), *_drawn(rows, title, reader))


def _facts(found: Quality, kind: str) -> int:
    return sum(one.kinds.get(kind, 0) for one in found.families)


def _by_family(
    found: Quality,
    reader: Reader,
    keys: Iterable[str],
    name: Callable[[str], str],
    count: Callable[[Family, str], int],
) -> list[tuple[Part, ...]]:
    return [
        tuple(
            Part(key, name(key), one.name, reader.say(f"quality.families.{one.name}"), count(one, key), one.facts)
            for one in found.families
        )
        for key in keys
    ]


def _of_sources(found: Quality, reader: Reader, counts: Iterable[tuple[str, str, int]]) -> list[tuple[Part, ...]]:
    whole = reader.say("quality.sources")
    return [(Part(key, name, "sources", whole, n, found.sources),) for key, name, n in counts]


def _share(metric: str, one: Share, reader: Reader) -> Part:
    name = reader.say(f"quality.{metric}.{one.key.replace('.', '-')}", year=one.year)
    remark = None
    if one.counted and one.of > one.here:
        address = reader.doc(reader.site.ids.local(one.counted) or "")
        remark = (reader.say("quality.gap", n=one.of - one.here), address)
    return Part(one.key, name, metric, "", one.here, one.of, _ABOUT.get(one.key), remark)


def _drawn(rows: Sequence[tuple[Part, ...]], title: str, reader: Reader) -> tuple[Drawing, Drawing]:
    """The grid, wide and narrow. A single column says how many of how many, several say their share."""
    say, several = reader.say, len(rows[0]) > 1
    made = [
        Column(
            f"{parts[0].whole} ({reader.number(parts[0].total)})" if several else "",
            tuple(_cell(one, several, reader) for one in parts),
        )
        for parts in zip(*rows, strict=True)
    ]
    names = [row[0].name for row in rows]
    desc = say("quality.chart-desc-families" if several else "quality.chart-desc")
    wide, narrow = (multiples.draw(names, made, title, desc, width, reader.lang) for width in (WIDE, NARROW))
    return wide, narrow


def _cell(one: Part, several: bool, reader: Reader) -> Cell:
    share = percent(one.here, one.total, reader)
    part = reader.say("quality.part", here=one.here, of=one.total)
    name = f"{one.whole}, {one.name}" if several else one.name
    text = share if several else part
    spoken = f"{name}{reader.say('colon')} {part} ({share})"
    return Cell(one.here / one.total if one.total else 0.0, text, spoken, one.address)


def _years(found: Quality, reader: Reader) -> Exhibit:
    say = reader.say
    whole = say("quality.sources")
    counts = {int(year): n for year, n in found.years.items() if year}
    rows = tuple(
        (Part(year or "unknown", year or say("quality.unknown"), "sources", whole, n, found.sources),)
        for year, n in found.years.items()
    )
    title = say("quality.section.years")
    desc = say("quality.chart-desc-years", n=found.years.get("", 0))
    named = {year: (n, f"{year}{say('colon')} {say('quality.published-in', n=n)}") for year, n in counts.items()}
    wide, narrow = (columns.draw(named, title, desc, width, reader.lang) for width in (WIDE, NARROW))
    return Exhibit("years", title, say("quality.year"), rows, wide, narrow)
