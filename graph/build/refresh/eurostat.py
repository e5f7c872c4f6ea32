"""Eurostat: registered victims, suspects and convicted persons, as SDMX-CSV 1.0 of the dissemination service.

A dataset is a table with one row for each figure: `DATAFLOW` names it (`ESTAT:CRIM_THB_SEX(1.0)`), `LAST UPDATE` gives
the day of its edition (`15/10/26 23:00:00`), then a column for each dimension with its codes, then `TIME_PERIOD`,
`OBS_VALUE`, `OBS_FLAG` and, in newer answers, `CONF_STATUS`. This form and no other is read, because it alone says
which edition it is: SDMX-CSV 2.0 and SDMX-ML of the same service do not. (The library sdmx1 reads SDMX-CSV 2 alone.)

Which codes are taken, and as what, stands in this module; a dimension, flag or code that is not known is an error,
never a figure under a wrong heading.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from graph.build.refresh import dates, markup, matching
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.matching import Match
from graph.build.refresh.reading import Reading, Stated
from graph.build.tables import Row, Tables

HOST: Final = "ec.europa.eu"
PATH: Final = "/eurostat/api/dissemination/sdmx/2.1/data/"
#: Dataset -> its title; the answer itself has none.
DATASETS: Final = {
    "crim_thb_sex": "Persons involved in trafficking in human beings, by legal status and sex",
    "crim_thb_vexp": "Victims of trafficking in human beings, by form of exploitation",
}

#: Legal status -> our indicator for numbers; a victim is meant where the dataset has no such dimension.
_INDICATORS: Final = {"VICT": "victims-registered-eu", "SUSP": "suspects", "CONV": "convictions"}
_SEX: Final = {"T": "", "F": "female", "M": "male"}
#: Codes that say that a figure is the whole; others of the same dimension are left out where we have no concept.
_FORMS: Final = {
    "TOTAL": "",
    "SEXUAL": "sexual-exploitation",
    "LABOUR": "labour-exploitation",
    "OTHER": "other",
}
#: Eurostat's two letters that differ from ISO 3166-1 alpha-2, and the Union itself in its shape since 2020.
_PLACES: Final = {"EL": "GR", "UK": "GB"}
_UNION: Final = "EU27_2020"
#: Dimension -> the codes of it that are taken. `unit` NR is a number of persons, `freq` A a year.
_TAKEN: Final[dict[str, frozenset[str]]] = {
    "freq": frozenset({"A"}),
    "unit": frozenset({"NR"}),
    "sex": frozenset(_SEX),
    "leg_stat": frozenset(_INDICATORS),
    "exploit": frozenset(_FORMS),
    "age": frozenset({"TOTAL"}),
}
_FIRST: Final = ("DATAFLOW", "LAST UPDATE")
_LAST: Final = ("TIME_PERIOD", "OBS_VALUE", "OBS_FLAG")
_REQUIRED: Final = ("unit", "geo")
#: Eurostat's flags of a figure -> what our note says of it (code list OBS_FLAG).
_FLAGS: Final = {
    "b": "break in the series",
    "d": "the definition differs",
    "e": "estimated",
    "f": "forecast",
    "n": "not significant",
    "p": "provisional",
    "r": "revised",
    "s": "estimated by Eurostat",
    "u": "low reliability",
}
#: Flags of a cell that has no figure.
_NONE: Final = frozenset({":", "c", "m", "z"})


class Eurostat(Connector):
    """Registered victims of trafficking, suspects and convicted persons in the European Union."""

    name = "eurostat"
    title = "Eurostat: registered victims, suspects and convictions, by sex and form of exploitation"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """One table for each dataset."""
        return [get(address(name), {}) for name in DATASETS]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each dataset."""
        states = matching.states(tables)
        return [_reading(answer, states) for answer in answers]


@dataclass(frozen=True)
class _Cell:
    """One figure with its codes by dimension, and its flags in words."""

    codes: dict[str, str]
    value: str
    note: str


def address(name: str) -> str:
    """Where a dataset is asked for, uncompressed."""
    return f"https://{HOST}{PATH}{name.upper()}/?format=SDMX-CSV&compressed=false"


def _dataset(url: str) -> str:
    """The code of a dataset in its address; empty for any other address."""
    parts = urlsplit(url)
    name = parts.path.removeprefix(PATH).strip("/").lower()
    return name if parts.hostname == HOST and parts.path.startswith(PATH) and name in DATASETS else ""


def _reading(answer: Answer, states: matching.Names) -> Reading:
    dataset = _dataset(answer.url)
    if not dataset:
        raise LayoutError(answer.url, f"https://{HOST}{PATH} and one of {', '.join(DATASETS)}", "another address")
    where = f"eurostat {dataset}"
    rows = _rows(answer, where)
    updated = _edition(rows, dataset, where)
    prefix = f"eurostat-{dataset.replace('_', '-')}"
    source = source_row(
        f"{prefix}-{updated}",
        f"{DATASETS[dataset]} ({dataset})",
        "Eurostat",
        answer,
        kind="intergovernmental",
        published=updated,
    )
    return Reading(
        source,
        lambda row: _dataset(row["url"]) == dataset,
        lambda row: row.family == "statistics" and row["id"].startswith(prefix),
        _some(_figures(_cells(rows, where), prefix, states), where),
        _other_figure,
    )


def _rows(answer: Answer, where: str) -> list[dict[str, str]]:
    """The table as it came, each row by the names of its columns."""
    text = markup.decode(answer, where)
    if not text.endswith("\n"):
        raise LayoutError(where, "a whole table, up to the end of its last line", f"an end like {text[-40:]!r}")
    try:
        header, *rows = csv.reader(text.splitlines(), strict=True)
    except (csv.Error, ValueError) as error:
        raise LayoutError(where, "a table in CSV with a header row", str(error)) from None
    names = header[2:]
    dimensions = names[: names.index("TIME_PERIOD")] if "TIME_PERIOD" in names else names
    tail = tuple(names[len(dimensions) :])
    if tuple(header[:2]) != _FIRST or tail not in (_LAST, (*_LAST, "CONF_STATUS")):
        expected = f"the columns {', '.join(_FIRST)}, dimensions, {', '.join(_LAST)} and perhaps CONF_STATUS"
        raise LayoutError(where, expected, ", ".join(header)[:200])
    if missing := [name for name in _REQUIRED if name not in dimensions]:
        raise LayoutError(where, f"the dimensions {', '.join(_REQUIRED)}", f"no {', '.join(missing)} in {dimensions}")
    if unknown := [name for name in dimensions if name not in _TAKEN and name != "geo"]:
        raise LayoutError(where, f"dimensions {', '.join([*_TAKEN, 'geo'])}", f"also {', '.join(unknown)}")
    if not rows:
        raise LayoutError(where, "rows below the header", "none")
    for number, row in enumerate(rows, 1):
        if len(row) != len(header):
            raise LayoutError(f"{where}, row {number}", f"{len(header)} cells", f"{len(row)}: {', '.join(row)[:100]}")
    return [
        dict(zip(header, (markup.plain(cell, f"{where}, row {number}") for cell in row), strict=True))
        for number, row in enumerate(rows, 1)
    ]


def _edition(rows: list[dict[str, str]], dataset: str, where: str) -> str:
    """The day of the edition, which every row repeats."""
    flows = {row["DATAFLOW"] for row in rows}
    wanted = f"ESTAT:{dataset.upper()}"
    if {re.sub(r"\(\d+(\.\d+)*\)$", "", flow) for flow in flows} != {wanted}:
        raise LayoutError(where, f"the dataflow {wanted} in every row", ", ".join(sorted(flows)))
    days = {row["LAST UPDATE"] for row in rows}
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{2})(?: \d{2}:\d{2}:\d{2})?", min(days))
    if len(days) != 1 or not found:
        raise LayoutError(where, "one LAST UPDATE like 15/10/26 23:00:00 in every row", ", ".join(sorted(days))[:100])
    return dates.day(f"{found.group(1)}/{found.group(2)}/20{found.group(3)}", where)


def _cells(rows: list[dict[str, str]], where: str) -> Iterator[_Cell]:
    dimensions = [name for name in rows[0] if name in _TAKEN]
    for name in dimensions:
        if not _TAKEN[name] & {row[name] for row in rows}:
            found = ", ".join(sorted({row[name] for row in rows}))[:100]
            raise LayoutError(where, f"in {name} one of {', '.join(sorted(_TAKEN[name]))}", found)
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        codes = {name: row[name] for name in (*dimensions, "geo", "TIME_PERIOD")}
        place = f"{where}, {' '.join(codes.values())}"
        if tuple(codes.values()) in seen:
            raise LayoutError(place, "each figure once", "it stands twice")
        seen.add(tuple(codes.values()))
        if not re.fullmatch(r"\d{4}", row["TIME_PERIOD"]):
            raise LayoutError(place, "a year as TIME_PERIOD", repr(row["TIME_PERIOD"]))
        note = _flags(row["OBS_FLAG"], bool(row["OBS_VALUE"]), place)
        if row["OBS_VALUE"] and all(row[name] in _TAKEN[name] for name in dimensions):
            yield _Cell(codes, _number(row["OBS_VALUE"], place), note)


def _flags(text: str, figure: bool, where: str) -> str:
    known = _FLAGS.keys() | _NONE
    if unknown := set(text) - known:
        raise LayoutError(where, f"flags of {', '.join(sorted(known))}", repr("".join(sorted(unknown))))
    if figure and set(text) & _NONE:
        raise LayoutError(where, "no figure where a flag says that there is none", repr(text))
    said = [_FLAGS[one] for one in text if one in _FLAGS]
    return f"flagged by Eurostat: {', '.join(said)}" if said else ""


def _number(text: str, where: str) -> str:
    found = re.fullmatch(r"(\d+)(?:\.0+)?", text)
    if not found:
        raise LayoutError(where, "a whole number of persons", repr(text))
    return str(int(found.group(1)))


def _figures(cells: Iterable[_Cell], prefix: str, states: matching.Names) -> Iterator[Stated]:
    for cell in cells:
        place, year = cell.codes["geo"], cell.codes["TIME_PERIOD"]
        match = Match(place, "eu", 100, "the Union in its shape since 2020") if place == _UNION else states.by_code(
            _PLACES.get(place, place), "ISO 3166-1 alpha-2"
        )  # fmt: skip
        if not match.sure:
            # Older shapes of the Union, and parts of states, are no country of ours and no question either.
            continue
        sex, form = _SEX[cell.codes.get("sex", "T")], _FORMS[cell.codes.get("exploit", "TOTAL")]
        indicator = _INDICATORS[cell.codes.get("leg_stat", "VICT")]
        parts = [prefix, indicator, match.id, year, sex, form]
        values = {
            "id": "-".join(part for part in parts if part),
            "indicator": indicator,
            "country": match.id,
            "year": year,
            "exploitation_form": form,
            "sex": sex,
            "value": cell.value,
            "unit": "persons",
            "basis": "recorded",
            "publisher": "Eurostat",
            "note": cell.note,
        }
        said = {name: value for name, value in values.items() if value}
        nothing = frozenset() if cell.note else frozenset({"note"})
        yield Stated("statistics", said, {"country": match}, nothing=nothing)


def _some(figures: Iterable[Stated], where: str) -> tuple[Stated, ...]:
    found = tuple(figures)
    if not found:
        raise LayoutError(where, "figures of countries that the tables know", "none")
    return found


def _other_figure(stated: Stated, rows: list[Row]) -> bool:
    """Ids are unique over all files: a row of another source with this id cannot have a second one."""
    return False
