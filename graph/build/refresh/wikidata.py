"""Wikidata: identifiers, English and French names, websites and dates of the organisations that the tables know.

Asked are the Q-numbers that the tables have and, in batches, the exact English names of the others. A Q-number is
identity. A name alone is none: it must be confirmed by the website or the country that the tables give, else it is a
question. Persons and states are not asked for. Proposed is only what no row of the actor says yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from graph.build.refresh import dates, matching, sparql
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.matching import Match
from graph.build.refresh.reading import Reading, Stated
from graph.build.tables import Row, Tables

ENDPOINT: Final = "https://query.wikidata.org/sparql"
#: Names in one query: an address of 6 kB, which the service takes.
BATCH: Final = 40

_VARIABLES: Final = (
    "item", "labelEn", "labelFr", "website", "country", "inception", "inceptionPrecision", "dissolved",
    "dissolvedPrecision",
)  # fmt: skip
#: Wikibase's precision of a time -> how many characters of an ISO date it states.
_PRECISIONS: Final = {"9": 4, "10": 7, "11": 10}
_ENTITY: Final = "http://www.wikidata.org/entity/"
_LEFT_OUT: Final = frozenset({"Person", "Mandate", "State", "Territory"})
_QUERY: Final = """SELECT ?item ?labelEn ?labelFr ?website ?country
  ?inception ?inceptionPrecision ?dissolved ?dissolvedPrecision WHERE {{
  {choice}
  ?item rdfs:label ?labelEn . FILTER(LANG(?labelEn) = "en")
  OPTIONAL {{ ?item rdfs:label ?labelFr . FILTER(LANG(?labelFr) = "fr") }}
  OPTIONAL {{ ?item wdt:P856 ?website }}
  OPTIONAL {{ ?item wdt:P17/wdt:P298 ?country }}
  OPTIONAL {{ ?item p:P571/psv:P571 [ wikibase:timeValue ?inception ; wikibase:timePrecision ?inceptionPrecision ] }}
  OPTIONAL {{ ?item p:P576/psv:P576 [ wikibase:timeValue ?dissolved ; wikibase:timePrecision ?dissolvedPrecision ] }}
}} ORDER BY ?item ?website ?country"""


class Wikidata(Connector):
    """What Wikidata says of our actors."""

    name = "wikidata"
    title = "Wikidata: identifiers, names in English and French, websites and dates of organisations"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """The results of a few queries."""
        actors = [row for row in tables["actors"] if row["type"] not in _LEFT_OUT]
        numbers = sorted({row["wikidata"] for row in actors if row["wikidata"]})
        known = {row["id"] for row in actors if row["wikidata"]}
        names = sorted({row["name_en"] for row in actors if row["id"] not in known})
        choices = [f"VALUES ?item {{ {' '.join(f'wd:{number}' for number in numbers)} }}"] if numbers else []
        for start in range(0, len(names), BATCH):
            batch = " ".join(f"{_quoted(name)}@en" for name in names[start : start + BATCH])
            choices.append(f"VALUES ?labelEn {{ {batch} }}")
        accept = {"Accept": "application/sparql-results+json"}
        return [get(sparql.address(ENDPOINT, _QUERY.format(choice=choice)), accept) for choice in choices]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each answer; all of one day share their source."""
        names = matching.actors(tables)
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in tables["actors"]:
            rows[row["id"]].append(row)
        return [_reading(answer, names, rows) for answer in answers]


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _reading(answer: Answer, names: matching.Names, rows: dict[str, list[Row]]) -> Reading:
    endpoint, query = sparql.asked(answer.url)
    if endpoint != ENDPOINT or not query:
        raise LayoutError(answer.url, f"a query to {ENDPOINT}", "another address")
    source = source_row(
        f"wikidata-{answer.day}",
        "Wikidata: organisations that act against trafficking in human beings",
        "Wikidata",
        answer,
        kind="database",
        url="https://www.wikidata.org/",
    )
    stated = tuple(_stated(sparql.rows(answer, _VARIABLES, "wikidata"), names, rows))
    return Reading(
        source,
        lambda row: row["id"].startswith("wikidata-") and row["publisher"] == "Wikidata",
        # An answer covers the Q-numbers it was asked for, and no name.
        lambda row: bool(row["wikidata"]) and f"wd:{row['wikidata']} " in query,
        stated,
    )


def _stated(solutions: list[dict[str, str]], names: matching.Names, rows: dict[str, list[Row]]) -> Iterator[Stated]:
    items: dict[str, list[dict[str, str]]] = defaultdict(list)
    for solution in solutions:
        for variable in ("item", "labelEn"):
            if variable not in solution:
                raise LayoutError("wikidata", f"?{variable} in every solution", ", ".join(sorted(solution)))
        items[sparql.local(solution["item"], _ENTITY, "wikidata")].append(solution)
    for number, found in items.items():
        first, where = found[0], f"wikidata {number}"
        match = _match(number, found, names, rows)
        values = {
            "name_en": first["labelEn"],
            "name_fr": first.get("labelFr", ""),
            "homepage": first.get("website", ""),
            "wikidata": number,
            "established": _day(first, "inception", where),
            "ended": _day(first, "dissolved", where),
        }
        if match.sure:
            own = rows[match.id]
            if own[0]["type"] in _LEFT_OUT:
                continue
            values = _new(values, [row for row in own if not row["source"].startswith("wikidata-")])
            if set(values) == {"name_en"}:
                continue
            values |= {"id": match.id, "type": own[0]["type"]}
        yield Stated("actors", values, {"id": match})


def _day(solution: dict[str, str], name: str, where: str) -> str:
    """A time as precise as Wikidata states it: a year is kept as the first of January, and only its precision tells."""
    if name not in solution:
        return ""
    precision = solution.get(f"{name}Precision", "none")
    if precision not in _PRECISIONS:
        raise LayoutError(where, f"a precision of ?{name}: 9 (year), 10 (month) or 11 (day)", precision)
    return dates.day(solution[name], where)[: _PRECISIONS[precision]]


def _new(values: dict[str, str], rows: list[Row]) -> dict[str, str]:
    """What no other row of the actor fills yet; the name always, because a row must have one."""
    return {
        name: value
        for name, value in values.items()
        if value and (name == "name_en" or not any(row[name] for row in rows))
    }


def _match(number: str, found: list[dict[str, str]], names: matching.Names, rows: dict[str, list[Row]]) -> Match:
    by_number = names.by_code(number, "Wikidata")
    if by_number.sure:
        return by_number
    match = names.find(found[0]["labelEn"])
    if not match.sure:
        return match
    own = rows[match.id]
    hosts = {_host(solution.get("website", "")) for solution in found} - {""}
    countries = {solution.get("country", "").lower() for solution in found} - {""}
    if hosts & {_host(row["homepage"]) for row in own}:
        return replace(match, why=f"{match.why}, and the same website")
    if countries & {row["country"] for row in own}:
        return replace(match, score=min(match.score, 97), why=f"{match.why}, and the same country")
    return Match(match.text, "", 0, "the name agrees, but neither website nor country does", ((match.id, 90),))


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
