"""GRETA's country reports: which country in which round, under which symbol, published when.

Read is a table with one row a country and one column a round; a cell names the report, and may say when it was adopted
and published: `GRETA(2012)16, adopted on 30 November 2012, published on 28 January 2013`. A dash or an empty cell is no
report yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from graph.build.refresh import dates, markup, matching
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.reading import Reading, Stated, says_something_new
from graph.build.tables import Row, Tables

BODY: Final = "greta"
ADDRESS: Final = "https://www.coe.int/en/web/anti-human-trafficking/country-monitoring-work"

_HEADER: Final = ("Country", "First evaluation round", "Second evaluation round", "Third evaluation round")
_ROUNDS: Final = {
    "first evaluation round": "1",
    "second evaluation round": "2",
    "third evaluation round": "3",
    "fourth evaluation round": "4",
}
_DAY: Final = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_REPORT: Final = re.compile(
    rf"(GRETA\(\d{{4}}\)\d+)(?:,? adopted on ({_DAY}))?(?:,? published on ({_DAY}))?", re.IGNORECASE
)
_NONE: Final = frozenset({"", "-", "–", "—"})


class Greta(Connector):
    """Evaluations by the Group of Experts on Action against Trafficking in Human Beings."""

    name = "greta"
    title = "GRETA: country reports of every evaluation round"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """The one page that lists the reports."""
        return [get(ADDRESS, {})]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each page."""
        names = matching.states(tables)
        return [_reading(answer, names) for answer in answers]


def _is_page(url: str) -> bool:
    parts, wanted = urlsplit(url), urlsplit(ADDRESS)
    return (parts.hostname, parts.path.rstrip("/")) == (wanted.hostname, wanted.path)


def _reading(answer: Answer, names: matching.Names) -> Reading:
    if not _is_page(answer.url):
        raise LayoutError(answer.url, ADDRESS, "another address")
    where = "greta"
    rows = markup.table(markup.page(answer, where), where, header=_HEADER)
    for label in rows[0][1:]:
        if label.casefold() not in _ROUNDS:
            raise LayoutError(where, f"columns named {', '.join(_ROUNDS)}", repr(label))
    source = source_row(
        f"greta-reports-{answer.day}",
        "Country monitoring work: evaluation reports by country and round",
        "Council of Europe (GRETA)",
        answer,
        kind="intergovernmental",
    )
    return Reading(source, _earlier, _covers, tuple(_evaluations(rows, names, where)), says_something_new)


def _earlier(row: Row) -> bool:
    return _is_page(row["url"])


def _covers(row: Row) -> bool:
    return row.family == "evaluations" and row["body"] == BODY


def _evaluations(rows: list[list[str]], names: matching.Names, where: str) -> Iterator[Stated]:
    seen: set[str] = set()
    for country, *cells in rows[1:]:
        place = f"{where}, {country or 'a row without a country'}"
        if not country or country in seen:
            raise LayoutError(place, "each country once", " | ".join([country, *cells]))
        seen.add(country)
        match = names.find(country)
        for label, cell in zip(rows[0][1:], cells, strict=True):
            if cell in _NONE:
                continue
            found = _REPORT.fullmatch(cell)
            if not found:
                raise LayoutError(place, "a report like GRETA(2012)16, published on 28 January 2013", repr(cell))
            values = {"body": BODY, "round": _ROUNDS[label.casefold()], "reference": found.group(1).upper()}
            for column, day in (("adopted", found.group(2)), ("published", found.group(3))):
                if day:
                    values[column] = dates.day(day, place)
            if match.sure:
                values["country"] = match.id
            yield Stated("evaluations", values, {"country": match})
