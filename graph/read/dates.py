"""Dates for readers: the as-of rule, and partial dates in English and French words.

`tests/unit/dates-vectors.json` states the same rule and the same words as data, for this module and for the front end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal

from graph.dates import PartialDate

Lang = Literal["en", "fr"]

#: Between a day and its month, French typography breaks no line.
NBSP: Final = "\u00a0"

MONTHS: Final[Mapping[Lang, tuple[str, ...]]] = MappingProxyType(
    {
        "en": (
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        "fr": (
            "janvier", "février", "mars", "avril", "mai", "juin",
            "juillet", "août", "septembre", "octobre", "novembre", "décembre",
        ),
    }
)  # fmt: skip

#: What stands in place of a date that no source states.
UNKNOWN: Final[Mapping[Lang, str]] = MappingProxyType({"en": "day not known", "fr": "date inconnue"})

_WRITTEN: Final = re.compile(r"(?:([0-9]{1,2})(er)?\s+)?(?:(\w+)\s+)?([0-9]{4})")


class Validity(Enum):
    """Whether something holds on a day. The third state is an answer too: never dropped, never counted as yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def valid(on: date, start: date | None, end: date | None, known_by: date | None = None) -> Validity:
    """The as-of rule: something holds on a day when it began by then and has not ended by then.

    `start` is the first day of the stated period, `end` the first day on which it no longer holds, `known_by` a day by
    which it certainly held although its start is not known. Ended by that day is NO whatever its start; a start that
    is not known leaves it UNKNOWN unless it is known by then.
    """
    if end is not None and end <= on:
        return Validity.NO
    if start is not None:
        return Validity.YES if start <= on else Validity.NO
    return Validity.YES if known_by is not None and known_by <= on else Validity.UNKNOWN


def written(value: PartialDate | None, lang: Lang) -> str:
    """A date in words: `29 October 2002`, `1er mars 2004`, `March 2004`, `2004`; None is written out as not known."""
    if value is None:
        return UNKNOWN[lang]
    if value.month is None:
        return str(value.year)
    month = f"{MONTHS[lang][value.month - 1]} {value.year}"
    if value.day is None:
        return month
    if lang == "en":
        return f"{value.day} {month}"
    return f"{'1er' if value.day == 1 else value.day}{NBSP}{month}"


def read(text: str, lang: Lang) -> PartialDate | None:
    """What :func:`written` or XML Schema's form says. Raises :class:`ValueError` for anything else."""
    words = " ".join(text.split())
    if words == UNKNOWN[lang]:
        return None
    match = _WRITTEN.fullmatch(words)
    if match is None:
        try:
            return PartialDate.parse(words)
        except ValueError:
            raise ValueError(_refused(text, lang)) from None
    day, ordinal, name, year = match.groups()
    names = [month.casefold() for month in MONTHS[lang]]
    month = names.index(name.casefold()) + 1 if name and name.casefold() in names else None
    if (name and month is None) or (day and not name) or (ordinal and (lang != "fr" or day != "1")):
        raise ValueError(_refused(text, lang))
    return PartialDate(int(year), month, int(day) if day else None)


def _refused(text: str, lang: Lang) -> str:
    example = PartialDate(2002, 10, 29)
    return f"{text!r} is no date such as {written(example, lang)!r}, {MONTHS[lang][9]} 2002, 2002 or {example}"


def moment(value: PartialDate, lang: Lang) -> str:
    """When something happened: `on 29 October 2002`, `in October 2002`; `le 29 octobre 2002`, `en octobre 2002`."""
    if lang == "en":
        return f"{'on' if value.day else 'in'} {written(value, lang)}"
    return f"{'le' if value.day else 'en'}{NBSP if value.day else ' '}{written(value, lang)}"


def span(start: PartialDate | None, end: PartialDate | None, lang: Lang) -> str:
    """Since or until when something holds: `since 2004`, `from 2004 to 2008`; `du 1er mars 2004 au 3 mai 2005`.

    Start and end that say the same become one moment; two unknown ones are the empty string.
    """
    if start is not None and start == end:
        return moment(start, lang)
    if lang == "en":
        if start is not None and end is not None:
            return f"from {written(start, lang)} to {written(end, lang)}"
        if start is not None:
            return f"since {written(start, lang)}"
        return "" if end is None else f"until {written(end, lang)}"
    if start is not None and end is not None:
        return f"{_from(start)} {_to(end)}"
    if start is not None:
        return f"depuis {f'le{NBSP}' if start.day else ''}{written(start, lang)}"
    if end is None:
        return ""
    return f"jusqu’{'au' if end.day else 'en'}{NBSP if end.day else ' '}{written(end, lang)}"


def _from(value: PartialDate) -> str:
    text = written(value, "fr")
    if value.day:
        return f"du{NBSP}{text}"
    return f"d’{text}" if text[0] in "aàâeéèêiîoôuû" else f"de {text}"


def _to(value: PartialDate) -> str:
    return f"au{NBSP}{written(value, 'fr')}" if value.day else f"à {written(value, 'fr')}"
