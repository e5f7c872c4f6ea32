"""What the pages of treaties are filled with: rows and columns of the matrix, sentences that count, drawings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.atlas import NARROW, WIDE, Reader
from graph.read.treaties import BOUND, STATUSES, Cell, Commitments, Participant, Status, Treaty
from viz.charts import spans, steps, worldmap
from viz.charts.drawing import BLUE, GREY, ORANGE, YELLOW, Drawing
from viz.charts.spans import Line, Point, Span
from viz.charts.worldmap import Area
from viz.treaty_names import treaty_names

#: Treaties of the matrix when no others are asked for: those in force that the field speaks of, by year.
MAIN: Final = (
    "traffic-in-persons-convention-1950", "supplementary-slavery-convention-1956", "cedaw", "crc", "icrmw", "crc-opsc",
    "palermo-protocol", "smuggling-protocol", "untoc", "cets-197", "ilo-p029",
)  # fmt: skip
#: The sign of a status, never colour alone.
SIGNS: Final[dict[Status, str]] = {
    "in-force": "◉", "bound": "●", "unknown": "?", "left": "✕", "signed": "◐", "none": "○",
}  # fmt: skip
#: The colour of a status on the map.
FILLS: Final[dict[Status, str]] = {
    "in-force": BLUE, "bound": BLUE, "unknown": GREY, "left": ORANGE, "signed": YELLOW, "none": worldmap.NEUTRAL,
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A cell as it is shown: sign, sentence for the screen reader and the tooltip, where its evidence is."""

    status: Status
    sign: str
    text: str
    href: str
    date: str


@dataclass(frozen=True)
class Row:
    """A participant with its cells in the order of the columns; `bound` of those treaties it is bound by."""

    who: Participant
    cells: tuple[Shown, ...]
    bound: int


@dataclass(frozen=True)
class Group:
    """Rows of one region; `name` is empty where rows are not grouped."""

    name: str
    rows: tuple[Row, ...]


def short(treaty: str, lang: str) -> str:
    """The treaty's short name."""
    return treaty_names()[treaty].short[lang]


def inside(treaty: str, lang: str) -> str:
    """The treaty's name inside a sentence."""
    return treaty_names()[treaty].inside[lang]


def shown(cell: Cell, who: Participant, treaty: str, reader: Reader) -> Shown:
    """A cell with its words."""
    when = reader.moment(cell.since)
    text = reader.say(f"cell.{cell.status}", who=who.name.text, treaty=short(treaty, reader.lang), when=when)
    return Shown(
        cell.status,
        SIGNS[cell.status],
        text,
        reader.doc(cell.evidence) if cell.evidence else "",
        reader.written(cell.since),
    )


def matrix(
    found: Commitments, columns: Iterable[Treaty], reader: Reader, region: str, organisation: str, sort: str
) -> list[Group]:
    """The rows, filtered and in order: by region and name, by number of treaties, or by the day of one treaty."""
    treaties = list(columns)
    rows: list[tuple[Row, tuple[Cell, ...]]] = []
    for who in found.participants.values():
        if (region and who.continent != region) or (organisation and who.id not in found.members[organisation]):
            continue
        cells = tuple(found.cell(one.id, who.id, reader.on) for one in treaties)
        if who.kind != "state" and all(cell.status == "none" for cell in cells):
            continue  # a territory is a row only where it acted by itself
        bound = sum(cell.status in BOUND for cell in cells)
        paired = zip(treaties, cells, strict=True)
        rows.append((Row(who, tuple(shown(cell, who, one.id, reader) for one, cell in paired), bound), cells))
    if sort == "bound":
        return [Group("", tuple(row for row, _ in sorted(rows, key=lambda pair: -pair[0].bound)))]
    if sort in (one.id for one in treaties):
        at = [one.id for one in treaties].index(sort)
        return [Group("", tuple(row for row, _ in sorted(rows, key=lambda pair: _by_cell(pair[1][at]))))]
    if sort == "name":
        return [Group("", tuple(row for row, _ in rows))]
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row, _ in rows:
        grouped[row.who.region].append(row)
    named = [(found.regions.get(notation, reader.say("organisations")), group) for notation, group in grouped.items()]
    return [
        Group(name, tuple(group)) for name, group in sorted(named, key=lambda pair: (pair[1][0].who.continent, pair[0]))
    ]


def _by_cell(cell: Cell) -> tuple[int, date]:
    return STATUSES.index(cell.status) if cell.status != "bound" else 0, (
        cell.since.first_day if cell.since else date.max
    )


def counted(found: Commitments, treaty: str, reader: Reader) -> str:
    """The sentence that counts: states apart from organisations, and what is not known beside it."""
    count = found.count(treaty, reader.on)
    name = inside(treaty, reader.lang)
    day = reader.day(reader.on)
    said = reader.say("counted.states", n=count.states, day=day, treaty=name)
    if count.organisations:
        said += reader.say("counted.organisations", n=count.organisations)
    said += reader.say("counted.verb", n=count.bound, day=day, treaty=name)
    if count.unknown:
        said += " " + reader.say("counted.unknown", n=count.unknown)
    if count.signed:
        said += " " + reader.say("counted.signed", n=count.signed)
    if count.left:
        said += " " + reader.say("counted.left", n=count.left)
    return said


def world(found: Commitments, treaty: str, reader: Reader) -> Drawing:
    """The map of one treaty on the day."""
    areas: dict[str, Area] = {}
    for who in found.participants.values():
        if not who.numeric:
            continue
        cell = found.cell(treaty, who.id, reader.on)
        if who.kind == "territory" and cell.status == "none":
            continue
        one = shown(cell, who, treaty, reader)
        areas[who.numeric] = Area(FILLS[cell.status], one.text, one.href or None, cell.status == "unknown")
    title = reader.say("map.title", treaty=short(treaty, reader.lang), day=reader.day(reader.on))
    return worldmap.draw(areas, title, counted(found, treaty, reader), reader.lang)


def growth(found: Commitments, treaty: str, reader: Reader) -> tuple[Drawing, Drawing] | None:
    """The number of parties over time, for a screen and for a phone; None where no day is known."""
    changes = found.growth(treaty)
    if not changes:
        return None
    now = next((value for day, value in reversed(changes) if day <= reader.on), 0)
    title = reader.say("growth.title", treaty=inside(treaty, reader.lang))
    label = reader.say("growth.label", n=now)
    desc = reader.say("growth.desc", n=now, first=reader.day(changes[0][0]), day=reader.day(reader.on))
    wide, narrow = (steps.draw(changes, reader.on, title, desc, label, width, reader.lang) for width in (WIDE, NARROW))
    return wide, narrow


def commitments(found: Commitments, state: str, reader: Reader) -> tuple[list[tuple[Treaty, Shown]], list[Line]]:
    """What one participant signed and is bound by, with the rows of its timeline, by year of the treaty."""
    who = found.participants[state]
    table: list[tuple[Treaty, Shown]] = []
    rows: list[Line] = []
    for treaty in found.in_order():
        cell = found.cell(treaty.id, state, reader.on)
        if cell.status == "none":
            continue
        one = shown(cell, who, treaty.id, reader)
        table.append((treaty, one))
        points = [
            Point(
                signature.day,
                "half",
                reader.say(
                    "cell.signed",
                    who=who.name.text,
                    treaty=short(treaty.id, reader.lang),
                    when=reader.moment(signature.stated),
                ),
                reader.doc(signature.evidence),
            )
            for signature in found.signatures.get((treaty.id, state), ())
            if signature.day is not None and signature.day <= reader.on
        ]
        lasting = [
            Span(period.start_day, period.end_day, period.end_day is None, one.text, reader.doc(period.evidence))
            for period in found.periods.get((treaty.id, state), ())
            if period.start_day is None or period.start_day <= reader.on
        ]
        rows.append(Line(short(treaty.id, reader.lang), tuple(lasting), tuple(points)))
    return table, rows


def timeline(rows: list[Line], who: Participant, reader: Reader) -> tuple[Drawing, Drawing] | None:
    """The drawing of a participant's commitments; None where there are none."""
    days = [day for row in rows for span in row.spans for day in (span.start,) if day]
    days += [point.day for row in rows for point in row.points]
    if not days:
        return None
    title = reader.say("state.title", who=who.name.text)
    desc = reader.say("state.desc", n=len(rows), day=reader.day(reader.on))
    first = date(min(days).year, 1, 1)
    wide, narrow = (spans.draw(rows, first, reader.on, title, desc, width, reader.lang) for width in (WIDE, NARROW))
    return wide, narrow
