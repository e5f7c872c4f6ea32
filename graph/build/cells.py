"""One cell of a fact table: what its kind allows, and the value it becomes."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from graph.build.schema import Column, Kind
from graph.dates import PartialDate
from graph.ids import LOCAL_ID

_PATH: Final = re.compile(r"[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_PERIOD: Final = re.compile(r"(\d{4})(?:-(\d{4}))?")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ufeff]")


def problem(column: Column, text: str, notations: dict[str, frozenset[str]]) -> str:
    """What is wrong with one value of a column (never the empty one), or the empty string.

    `notations` has the allowed values of every closed list by its scheme's name. References are only checked for
    their form here; whether they lead anywhere is known when all tables are read.
    """
    if text != text.strip():
        return f"{text!r} has white space around it"
    if _CONTROL.search(text):
        return f"{text!r} holds a control character"
    match column.kind:
        case Kind.ID | Kind.REF | Kind.SOURCE:
            return "" if LOCAL_ID.fullmatch(text) else f"{text!r} is no id (lower-case words joined by '-')"
        case Kind.PATH:
            return "" if _PATH.fullmatch(text) else f"{text!r} is no path below id/"
        case Kind.DATE:
            return _date(text)
        case Kind.PERIOD:
            return _period(text)
        case Kind.URL:
            return _url(text)
        case Kind.LANGUAGE:
            return "" if re.fullmatch(r"[a-z]{2}", text) else f"{text!r} is no ISO 639-1 language code"
        case Kind.WIKIDATA:
            return "" if re.fullmatch(r"Q[1-9]\d*", text) else f"{text!r} is no Wikidata Q-number"
        case Kind.COUNT:
            return "" if re.fullmatch(r"[1-9]\d*", text) else f"{text!r} is no whole number from 1"
        case Kind.NUMBER:
            return "" if _NUMBER.fullmatch(text) else f"{text!r} is no decimal number"
        case Kind.CONCEPT:
            return _listed(text, notations[column.scheme], f"the closed list {column.scheme}")
        case Kind.CHOICE:
            return _listed(text, frozenset(column.choices), "the values allowed")
        case Kind.TEXT:
            return ""


def _date(text: str) -> str:
    try:
        PartialDate.parse(text)
    except ValueError as error:
        return str(error)
    return ""


def _period(text: str) -> str:
    match = _PERIOD.fullmatch(text)
    if not match:
        return f"{text!r} is no year YYYY and no period YYYY-YYYY"
    first, last = match.group(1), match.group(2) or match.group(1)
    return "" if first <= last else f"{text!r} ends before it begins"


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError as error:
        return f"{text!r} is no URL: {error}"
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return f"{text!r} is no http or https URL"
    return f"{text!r} has a character that an IRI may not hold" if re.search(r"[\s<>\"{}|\\^`]", text) else ""


def _listed(text: str, allowed: frozenset[str], name: str) -> str:
    if text in allowed:
        return ""
    return f"{text!r} is not in {name}: {', '.join(sorted(allowed))}"


def period(text: str) -> tuple[str, str]:
    """First and last year of a period that :func:`problem` let pass."""
    match = _PERIOD.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no period")
    return match.group(1), match.group(2) or match.group(1)
