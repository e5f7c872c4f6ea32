"""A syntax error told to a person: where, the line itself, and a hint where one can be given."""

from __future__ import annotations

from typing import Any, Final

from api.errors import SyntaxProblem
from api.sandbox.guard import undeclared
from api.sandbox.service import QuerySyntax
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


def explain(query: str, form: str, error: QuerySyntax) -> SyntaxProblem:
    """The problem for a query that the engine could not read. Lines and columns count from 1, columns in characters."""
    missing = undeclared(query)
    if missing:
        prefix, at = min(missing.items(), key=lambda one: one[1])
        return _problem(query, at, f"The prefix {prefix}: is not declared.", _offer(prefix))
    if not form:
        found = tokens(query)
        at = next((one.at for one in found if one.kind is Kind.WORD and one.text.upper() not in _PROLOGUE), len(query))
        return _problem(query, at, f"There is no {_FORMS}.", f"A query begins with {_FORMS}, after any PREFIX lines.")
    rule = next((_RULES[one] for one in error.expected if one in _RULES), "")
    at = min(error.at, len(query.rstrip()))
    if rule:
        return _problem(query, at, rule, "")
    what = "The query ends too early." if at == len(query.rstrip()) else "This is not expected here."
    words = " ".join(one for one in error.expected if " " not in one)
    return _problem(query, at, what, f"Expected here, among others: {words}" if words else "")


def _problem(query: str, at: int, what: str, hint: str) -> SyntaxProblem:
    line = query.count("\n", 0, at) + 1
    column = at - (query.rfind("\n", 0, at) + 1) + 1
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
