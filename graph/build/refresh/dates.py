"""Dates as the sources print them, to the form of the fact tables."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from graph.build.refresh.errors import LayoutError

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PRINTED: Final = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9})\.? (\d{4})")
_SLASHED: Final = re.compile(r"(\d{2})[/-](\d{2})[/-](\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[0-9:.]+(?:Z|[+-]\d{2}:\d{2})?)?")


def day(text: str, where: str) -> str:
    """`14 May 2002`, `14/05/2002`, `14-05-2002` or an ISO date or time as `2002-05-14`.

    Numbers with slashes are day, month, year, as the United Nations and the Council of Europe write them.
    Raises :class:`LayoutError` for anything else, and for days that the calendar does not have.
    """
    if found := _PRINTED.fullmatch(text):
        name = found.group(2).casefold()
        month = next((n for n, short in enumerate(_MONTHS, 1) if name.startswith(short)), 0)
        parts = (int(found.group(3)), month, int(found.group(1)))
    elif found := _SLASHED.fullmatch(text):
        parts = (int(found.group(3)), int(found.group(2)), int(found.group(1)))
    elif found := _ISO.fullmatch(text):
        parts = (int(found.group(1)), int(found.group(2)), int(found.group(3)))
    else:
        raise LayoutError(where, "a date like 14 May 2002, 14/05/2002 or 2002-05-14", repr(text))
    try:
        return date(*parts).isoformat()
    except ValueError as error:
        raise LayoutError(where, "a date of the calendar", f"{text!r} ({error})") from None
