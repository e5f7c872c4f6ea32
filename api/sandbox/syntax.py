"""A syntax error told to a person: where, the line itself, and a hint where one can be given. Runs in a worker."""

from __future__ import annotations

import re
from typing import Any, Final

from api.sandbox.guard import undeclared
from api.sandbox.tokens import Kind, tokens
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
_FORMS: Final = "SELECT, ASK, CONSTRUCT or DESCRIBE"
_PROLOGUE: Final = ("PREFIX", "BASE")
#: Rules that the engine names beside the grammar.
_RULES: Final = {
    "The SELECT contains a variable that is unbound": "SELECT names a variable that is neither grouped nor aggregated.",
    "SELECT * is not authorized with GROUP BY": "SELECT * cannot stand beside GROUP BY or an aggregate.",
    "IRI parsing failed": "This is not a valid IRI.",
}
_ERROR_AT: Final = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)


def explain(query: str, form: str, message: str) -> dict[str, Any]:
    """Members of the problem for a query that the engine could not read: detail, line, column, source, marker, hint.

    Lines and columns count from 1, columns in characters.
    """
    missing = undeclared(query)
    if missing:
        prefix, at = min(missing.items(), key=lambda one: one[1])
        return _members(query, at, f"The prefix {prefix}: is not declared.", _offer(prefix))
    if not form:
        found = tokens(query)
        at = next((one.at for one in found if one.kind is Kind.WORD and one.text.upper() not in _PROLOGUE), len(query))
        return _members(query, at, f"There is no {_FORMS}.", f"A query begins with {_FORMS}, after any PREFIX lines.")
    at, expected = _place(query, message)
    rule = next((_RULES[one] for one in expected if one in _RULES), "")
    end = len(query.rstrip())
    if rule:
        return _members(query, min(at, end), rule, "")
    what = "The query ends too early." if at >= end else "This is not expected here."
    words = " ".join(one for one in expected if " " not in one)
    return _members(query, min(at, end), what, f"Expected here, among others: {words}" if words else "")


def _members(query: str, at: int, what: str, hint: str) -> dict[str, Any]:
    line = query.count("\n", 0, at) + 1
    column = at - (query.rfind("\n", 0, at) + 1) + 1
    text = query.split("\n")[line - 1].rstrip("\r")
    place = min(column - 1, len(text))
    start = max(0, place - _WIDTH // 2) if len(text) > _WIDTH else 0
    found = {"detail": what, "line": line, "column": column, "source": text[start : start + _WIDTH]}
    found["marker"] = " " * (place - start) + "^"
    return {**found, "hint": hint} if hint else found


def _offer(prefix: str) -> str:
    known = {**_MORE, **PREFIXES}
    if prefix in known:
        return f"Add at the top: PREFIX {prefix}: <{known[prefix]}>"
    return f"Declare it at the top: PREFIX {prefix}: <…>"


def _place(query: str, message: str) -> tuple[int, list[str]]:
    """Where the engine stopped, as an offset in characters, and what it expected there.

    It reports the furthest character that it looked at, and looks as far ahead as the keyword it tries is long; so the
    place is as many characters before.
    """
    match = _ERROR_AT.match(message)
    if match is None:
        return 0, []
    lines = query.split("\n")
    at = sum(len(one) + 1 for one in lines[: int(match[1]) - 1]) + int(match[2]) - 1
    expected = _expected(match[3])
    words = [one for one in expected if one.isalnum()]
    if words and "[" not in match[3] and len(words) == len(expected):
        short = min(map(len, words))
        at, expected = at - short, [one for one in words if len(one) == short]
    return max(0, at), expected


def _expected(text: str) -> list[str]:
    """Keywords and marks that could stand there, and rules that were broken, out of the engine's list."""
    pieces = re.sub(r"\[.*?\](?=,|$)", "", text.removeprefix("one of "), flags=re.DOTALL).split(", ")
    kept = [piece.strip().strip('"') for piece in pieces]
    return [piece for piece in kept if re.fullmatch(r"[A-Z]{2,}|[A-Z][\w* ()]+|[^\w\s'\\]{1,3}", piece)]
