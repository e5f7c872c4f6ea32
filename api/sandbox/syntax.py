"""A syntax error told to a person: where, the line itself, and a hint where one can be given. Runs in a worker."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, Final

from pyoxigraph import Literal, Store, Variable

from api.sandbox.grammar import Stop, stop, words
from api.sandbox.guard import undeclared
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
_SHOWN: Final = 40
_LISTED: Final = 12
_OTHER_RULES: Final = (
    "The grammar has nothing against it. Look for a variable that is bound twice, a row of VALUES of another length, a "
    "blank node that stands in two groups, an aggregate within an aggregate."
)
#: Rules that the engine names beside the grammar.
_RULES: Final = {
    "The SELECT contains a variable that is unbound": "SELECT names a variable that is neither grouped nor aggregated.",
    "SELECT * is not authorized with GROUP BY": "SELECT * cannot stand beside GROUP BY or an aggregate.",
    "IRI parsing failed": "This is not a valid IRI.",
}
_ERROR_AT: Final = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)


def explain(query: str, message: str, known: Collection[str] = ()) -> dict[str, Any]:
    """Members of the problem for a query that the engine could not read: detail, line, column, source, marker, hint.

    `message` is the engine's; it counts only where the grammar has nothing against the query, which then breaks a rule
    beside the grammar. Lines and columns count from 1, columns in characters. The prefixes of `known` are declared
    outside the query.
    """
    stopped = stop(query)
    missing = {prefix: at for prefix, at in undeclared(query).items() if prefix not in known}
    if missing:
        prefix, at = min(missing.items(), key=lambda one: one[1])
        if stopped is None or at <= stopped.at:
            return _members(query, at, f"The prefix {prefix}: is not declared.", _offer(prefix))
    if stopped is None:
        at, rules = _place(query, message)
        rule = next((_RULES[one] for one in rules if one in _RULES), "The query breaks a rule of SPARQL.")
        return _members(query, min(at, len(query.rstrip())), rule, "" if rule in _RULES.values() else _OTHER_RULES)
    if not stopped.found:
        return _members(query, stopped.at, "The query ends too early.", _expected(stopped))
    if stopped.found in ("'", '"'):
        return _members(query, stopped.at, "A string is opened here and not closed.", "")
    if stopped.found == "<" and "an IRI" in stopped.expected:
        return _members(
            query, stopped.at, "This is not a valid IRI.", "Spaces and some marks have to be percent-encoded."
        )
    shown = stopped.found if len(stopped.found) <= _SHOWN else stopped.found[:_SHOWN] + "…"
    return _members(query, stopped.at, f"{shown} cannot stand here.", _meant(stopped) or _expected(stopped))


def mistake(query: str, base: str | None = None) -> dict[str, Any] | None:
    """What :func:`explain` says of a query that is no SPARQL, None for one that is. Nothing of it is ever run.

    The parser is asked to fill in a variable that the query does not have, which it refuses as soon as it has read the
    query. A long chain of operators can run it out of stack: such a query is read in a worker.
    """
    name = "elsewhere"
    while name in query:
        name += "_"
    try:
        Store().query(query, base_iri=base, substitutions={Variable(name): Literal("")})
    except SyntaxError as error:
        return explain(query, str(error))
    except RuntimeError as refused:
        if name not in str(refused):
            raise
    return None


def _meant(stopped: Stop) -> str:
    """A guess at a mistyped keyword or function, first among those that could stand there."""
    word = stopped.found.upper()
    if not word.isidentifier() or word in words():
        return ""
    for choice in ([one for one in stopped.expected if one.isupper()], sorted(words())):
        if close := get_close_matches(word, choice, n=1, cutoff=0.75):
            return f"Did you mean {close[0]}?"
    return ""


def _expected(stopped: Stop) -> str:
    """What could stand there: all of it, or the first of it."""
    names = stopped.expected[:_LISTED]
    more = ", …" if len(stopped.expected) > _LISTED else ""
    return f"Expected: {', '.join(names)}{more}."


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
    """Where the engine stopped, as an offset in characters, and the rules that it names."""
    match = _ERROR_AT.match(message)
    if match is None:
        return 0, []
    lines = query.split("\n")
    at = sum(len(one) + 1 for one in lines[: int(match[1]) - 1]) + int(match[2]) - 1
    return max(0, at), [rule for rule in _RULES if rule in match[3]]
