"""A syntax error told to a person: where, the line itself, and a hint where one can be given."""

from __future__ import annotations

from typing import Any, Final

from api.errors import SyntaxProblem
from api.sandbox.guard import undeclared
from api.sandbox.service import QuerySyntax
from graph.ids import PREFIXES

#: Offered beside the prefixes of the graph itself; each is what its vocabulary recommends.
_MORE: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "fn": "http://www.w3.org/2005/xpath-functions#",
    "math": "http://www.w3.org/2005/xpath-functions/math#",
}
_WIDTH: Final = 160


def explain(query: str, form: str, error: QuerySyntax) -> SyntaxProblem:
    """The problem for a query that the engine could not read. Lines and columns count from 1, columns in characters."""
    missing = undeclared(query)
    if missing:
        prefix, at = min(missing.items(), key=lambda one: one[1])
        line = query.count("\n", 0, at) + 1
        column = at - (query.rfind("\n", 0, at) + 1) + 1
        return _problem(query, line, column, f"The prefix {prefix}: is not declared.", _offer(prefix))
    lines = query.split("\n")
    line = min(max(error.line, 1), len(lines))
    column = max(error.column, 1)
    what = f"Reading stopped at line {line}, column {column}."
    if line == len(lines) and column > len(lines[-1].rstrip()):
        what = "The query ends too early."
    elif not form:
        what = "There is no SELECT, ASK, CONSTRUCT or DESCRIBE."
    return _problem(query, line, column, what, _expected(error.expected))


def _problem(query: str, line: int, column: int, what: str, hint: str) -> SyntaxProblem:
    text = query.split("\n")[line - 1].rstrip("\r")
    start = max(0, min(column - 1, len(text)) - _WIDTH // 2) if len(text) > _WIDTH else 0
    shown = text[start : start + _WIDTH]
    members: dict[str, Any] = {"hint": hint} if hint else {}
    return SyntaxProblem(
        what, line=line, column=column, source=shown, marker=" " * (min(column - 1, len(text)) - start) + "^", **members
    )


def _offer(prefix: str) -> str:
    known = {**_MORE, **PREFIXES}
    if prefix in known:
        return f"Add at the top: PREFIX {prefix}: <{known[prefix]}>"
    return f"Declare it at the top: PREFIX {prefix}: <…>"


def _expected(expected: list[str]) -> str:
    rules = [one for one in expected if " " in one]
    if rules:
        return rules[0] + "."
    words = [one for one in expected if one][:8]
    return f"Expected there, among others: {' '.join(words)}" if words else ""
