"""EUR-Lex through CELLAR, the Publications Office's store: acts of the European Union and how states transpose them.

Two queries: date, entry into force and titles of the acts that the tables know, by CELEX number; and the national
implementing measures that member states have notified for the directives among them. A state with such measures
*implements* the directive since the day of the first. CELEX numbers follow from our references: 2011/36/EU is
32011L0036, COM(2021) 171 is 52021DC0171.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from graph.build.refresh import dates, matching, sparql
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.matching import Match
from graph.build.refresh.reading import Reading, Stated, says_something_new
from graph.build.tables import Row, Tables

ENDPOINT: Final = "https://publications.europa.eu/webapi/rdf/sparql"

_ACTS: Final = ("celex", "date", "inForce", "titleEn", "titleFr")
_MEASURES: Final = ("celex", "country", "measure", "date")
_COUNTRY: Final = "http://publications.europa.eu/resource/authority/country/"
_PREFIXES: Final = """PREFIX cdm: <http://publications.europa.eu/ontology/cdm#>
PREFIX lang: <http://publications.europa.eu/resource/authority/language/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_ACTS_QUERY: Final = (
    _PREFIXES
    + """SELECT DISTINCT ?celex ?date ?inForce ?titleEn ?titleFr WHERE {{
  VALUES ?celex {{ {celex} }}
  ?work cdm:resource_legal_id_celex ?celex ; cdm:work_date_document ?date .
  ?en cdm:expression_belongs_to_work ?work ; cdm:expression_uses_language lang:ENG ; cdm:expression_title ?titleEn .
  ?fr cdm:expression_belongs_to_work ?work ; cdm:expression_uses_language lang:FRA ; cdm:expression_title ?titleFr .
  OPTIONAL {{ ?work cdm:resource_legal_date_entry-into-force ?inForce }}
}} ORDER BY ?celex ?inForce"""
)
_MEASURES_QUERY: Final = (
    _PREFIXES
    + """SELECT DISTINCT ?celex ?country ?measure ?date WHERE {{
  VALUES ?celex {{ {celex} }}
  ?work cdm:resource_legal_id_celex ?celex .
  ?measure cdm:measure_national_implementing_implements_resource_legal ?work ;
    cdm:measure_national_implementing_implemented_by_country ?country .
  OPTIONAL {{ ?measure cdm:work_date_document ?date }}
}} ORDER BY ?celex ?country ?measure"""
)
_LETTERS: Final = {"Directive": "L", "Regulation": "R", "FrameworkDecision": "F"}


class Cellar(Connector):
    """Directives, framework decisions and communications of the European Union, and their transposition."""

    name = "cellar"
    title = "EUR-Lex (CELLAR): directives and strategies of the European Union, and their transposition"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """The results of the two queries."""
        numbers = sorted(_celex(tables))
        directives = [number for number in numbers if number[5] == "L"]
        accept = {"Accept": "application/sparql-results+json"}
        queries = (_ACTS_QUERY.format(celex=_typed(numbers)), _MEASURES_QUERY.format(celex=_typed(directives)))
        return [get(sparql.address(ENDPOINT, query), accept) for query in queries]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each answer."""
        acts = _celex(tables)
        states = matching.states(tables)
        return [_reading(answer, acts, states) for answer in answers]


def _typed(numbers: Iterable[str]) -> str:
    return " ".join(f'"{number}"^^xsd:string' for number in numbers)


def _celex(tables: Tables) -> dict[str, Row]:
    """Acts of the European Union by CELEX number."""
    found: dict[str, Row] = {}
    for row in tables["instruments"]:
        act = re.fullmatch(r"(?:\(?(?:EU|EC)\)? ?)?(\d{4})/(\d+)(?:/(?:EU|EC|JHA))?", row["reference"])
        paper = re.fullmatch(r"COM\((\d{4})\) ?(\d+)", row["reference"])
        if act and row["type"] in _LETTERS and row["id"].startswith("eu-"):
            number = f"3{act.group(1)}{_LETTERS[row['type']]}{int(act.group(2)):04}"
        elif paper:
            number = f"5{paper.group(1)}DC{int(paper.group(2)):04}"
        else:
            continue
        found.setdefault(number, row)
    return found


def _reading(answer: Answer, acts: dict[str, Row], states: matching.Names) -> Reading:
    endpoint, query = sparql.asked(answer.url)
    if endpoint != ENDPOINT or not query:
        raise LayoutError(answer.url, f"a query to {ENDPOINT}", "another address")
    transposition = "measure_national_implementing" in query
    part = "transposition" if transposition else "acts"
    titles = {"acts": "EUR-Lex: acts of the European Union", "transposition": "EUR-Lex: national implementing measures"}
    source = source_row(
        f"cellar-{part}-{answer.day}",
        titles[part],
        "Publications Office of the European Union",
        answer,
        kind="official",
        url="https://eur-lex.europa.eu/",
    )
    where = f"cellar {part}"
    solutions = sparql.rows(answer, _MEASURES if transposition else _ACTS, where)
    for solution in solutions:
        if solution.get("celex", "") not in acts:
            raise LayoutError(where, "one of the CELEX numbers asked for", solution.get("celex", "none"))
    stated = _transposed(solutions, acts, states, where) if transposition else _described(solutions, acts, where)
    return Reading(
        source,
        lambda row: row["id"].startswith(f"cellar-{part}-"),
        lambda row: row.family == ("relations" if transposition else "instruments"),
        tuple(stated),
        says_something_new,
    )


def _code(celex: str, row: Row) -> Match:
    return Match(celex, row["id"], 100, "its CELEX number")


def _described(solutions: list[dict[str, str]], acts: dict[str, Row], where: str) -> Iterator[Stated]:
    seen: set[str] = set()
    for solution in solutions:
        celex = solution["celex"]
        if missing := [name for name in ("date", "titleEn", "titleFr") if not solution.get(name)]:
            raise LayoutError(f"{where}, {celex}", "date and both titles", f"no {', '.join(missing)}")
        if celex in seen:
            # An act may enter into force in parts; the first day, by which the answer is ordered, is the act's.
            continue
        seen.add(celex)
        row = acts[celex]
        values = {
            "id": row["id"],
            "type": row["type"],
            "name_en": solution["titleEn"],
            "name_fr": solution["titleFr"],
            "reference": row["reference"],
            "adopted": dates.day(solution["date"], f"{where}, {celex}"),
        }
        if "inForce" in solution:
            values["entry_into_force"] = dates.day(solution["inForce"], f"{where}, {celex}")
        yield Stated("instruments", values, {"id": _code(celex, row)})


def _transposed(
    solutions: list[dict[str, str]], acts: dict[str, Row], states: matching.Names, where: str
) -> Iterator[Stated]:
    measures: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for solution in solutions:
        if missing := [name for name in ("country", "measure") if not solution.get(name)]:
            raise LayoutError(where, "country and measure in every solution", f"no {', '.join(missing)}")
        country = sparql.local(solution["country"], _COUNTRY, where)
        day = dates.day(solution["date"], where) if "date" in solution else ""
        measures[solution["celex"], country][solution["measure"]] = day
    for (celex, country), every in sorted(measures.items()):
        match = states.by_code(country, "ISO 3166-1 alpha-3")
        notified = f"national implementing measures notified: {len(every)}"
        values = {"relation": "implements", "object": acts[celex]["id"], "note": notified}
        if days := sorted(day for day in every.values() if day):
            values["start"] = days[0]
        if match.sure:
            values["subject"] = match.id
        yield Stated("relations", values, {"subject": match, "object": _code(celex, acts[celex])})
