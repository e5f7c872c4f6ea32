"""Eurostat: registered victims, suspects and convicted persons, from the dissemination service in JSON-stat 2.0.

A dataset is a cube: `id` names its dimensions, `size` their lengths, `dimension.{id}.category.index` the codes of each,
and `value` the cells by their number in row-major order; a cell that is missing has no figure (`status` says why).
Which codes are taken, and as what, stands in this module; a dimension or code that is not known is an error, never a
figure under a wrong heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, Final
from urllib.parse import urlsplit

from graph.build.refresh import dates, markup, matching
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.matching import Match
from graph.build.refresh.reading import Reading, Stated
from graph.build.tables import Row, Tables

HOST: Final = "ec.europa.eu"
PATH: Final = "/eurostat/api/dissemination/statistics/1.0/data/"
DATASETS: Final = ("crim_thb_sex", "crim_thb_vexp")

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
_REQUIRED: Final = ("unit", "geo", "time")


class Eurostat(Connector):
    """Registered victims of trafficking, suspects and convicted persons in the European Union."""

    name = "eurostat"
    title = "Eurostat: registered victims, suspects and convictions, by sex and form of exploitation"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """One cube for each dataset."""
        return [get(f"https://{HOST}{PATH}{name}?format=JSON&lang=EN", {}) for name in DATASETS]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each dataset."""
        states = matching.states(tables)
        return [_reading(answer, states) for answer in answers]


@dataclass(frozen=True)
class _Cell:
    """One figure with its codes by dimension."""

    codes: dict[str, str]
    value: str


def _dataset(url: str) -> str:
    """The code of a dataset in its address; empty for any other address."""
    parts = urlsplit(url)
    name = parts.path.removeprefix(PATH)
    return name.lower() if parts.hostname == HOST and name != parts.path and name.lower() in DATASETS else ""


def _reading(answer: Answer, states: matching.Names) -> Reading:
    dataset = _dataset(answer.url)
    if not dataset:
        raise LayoutError(answer.url, f"https://{HOST}{PATH} and one of {', '.join(DATASETS)}", "another address")
    where = f"eurostat {dataset}"
    cube = markup.data(answer, where)
    if markup.field(cube, "version", str, where) != "2.0" or markup.field(cube, "class", str, where) != "dataset":
        raise LayoutError(where, "a JSON-stat 2.0 dataset", f"{cube['class']} {cube['version']}")
    updated = dates.day(re.sub(r"T.*", "", markup.field(cube, "updated", str, where)), where)
    source = source_row(
        f"eurostat-{dataset.replace('_', '-')}-{updated}",
        f"{markup.field(cube, 'label', str, where)} ({dataset})",
        "Eurostat",
        answer,
        kind="intergovernmental",
        published=updated,
    )
    prefix = f"eurostat-{dataset.replace('_', '-')}"
    return Reading(
        source,
        lambda row: _dataset(row["url"]) == dataset,
        lambda row: row.family == "statistics" and row["id"].startswith(prefix),
        _some(_figures(list(_cells(cube, where)), prefix, states), where),
        _other_figure,
    )


def _cells(cube: Any, where: str) -> Iterator[_Cell]:
    names = [str(name) for name in markup.field(cube, "id", list, where)]
    sizes = markup.field(cube, "size", list, where)
    if missing := [name for name in _REQUIRED if name not in names]:
        raise LayoutError(where, f"the dimensions {', '.join(_REQUIRED)}", f"no {', '.join(missing)} in {names}")
    if unknown := [name for name in names if name not in _TAKEN and name not in ("geo", "time")]:
        raise LayoutError(where, f"dimensions {', '.join([*_TAKEN, 'geo', 'time'])}", f"also {', '.join(unknown)}")
    dimensions = markup.field(cube, "dimension", dict, where)
    codes = [_codes(dimensions, name, size, where) for name, size in zip(names, sizes, strict=False)]
    if len(sizes) != len(names):
        raise LayoutError(where, f"{len(names)} sizes", str(sizes))
    for name, found in zip(names, codes, strict=True):
        if name in _TAKEN and not _TAKEN[name] & set(found):
            raise LayoutError(where, f"in {name} one of {', '.join(sorted(_TAKEN[name]))}", ", ".join(found))
    values = markup.field(cube, "value", (dict, list), where)
    by_number = (
        dict(enumerate(values)) if isinstance(values, list) else {int(_digits(n, where)): v for n, v in values.items()}
    )
    total = 1
    for found in codes:
        total *= len(found)
    if not by_number or max(by_number) >= total:
        raise LayoutError(where, f"values numbered 0 to {total - 1}", f"{len(by_number)} values")
    for number, combination in enumerate(product(*codes)):
        value = by_number.get(number)
        cell = dict(zip(names, combination, strict=True))
        if value is not None and all(cell[name] in taken for name, taken in _TAKEN.items() if name in cell):
            yield _Cell(cell, _number(value, f"{where}, {' '.join(combination)}"))


def _codes(dimensions: Any, name: str, size: object, where: str) -> list[str]:
    category = markup.field(markup.field(dimensions, name, dict, where), "category", dict, f"{where} [{name}]")
    index = markup.field(category, "index", (dict, list), f"{where} [{name}]")
    numbers = index if isinstance(index, dict) else {code: number for number, code in enumerate(index)}
    codes = {number: code for code, number in numbers.items() if isinstance(number, int)}
    if len(codes) != size or codes.keys() != set(range(len(codes))):
        raise LayoutError(f"{where} [{name}]", f"{size} codes numbered from 0", str(index)[:100])
    return [markup.plain(str(codes[number]), f"{where} [{name}]") for number in range(len(codes))]


def _digits(text: str, where: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise LayoutError(where, "the number of a cell", repr(text))
    return text


def _number(value: object, where: str) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0 or value != int(value):
        raise LayoutError(where, "a whole number of persons", repr(value))
    return str(Decimal(int(value)))


def _figures(cells: list[_Cell], prefix: str, states: matching.Names) -> Iterator[Stated]:
    for cell in cells:
        place, year = cell.codes["geo"], cell.codes["time"]
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
        }
        yield Stated("statistics", {name: value for name, value in values.items() if value}, {"country": match})


def _some(figures: Iterable[Stated], where: str) -> tuple[Stated, ...]:
    found = tuple(figures)
    if not found:
        raise LayoutError(where, "figures of countries that the tables know", "none")
    return found


def _other_figure(stated: Stated, rows: list[Row]) -> bool:
    """Ids are unique over all files: a row of another source with this id cannot have a second one."""
    return False
