"""Partial dates: a day, a month or a year, as sources print them.

A partial date is a span of days. Its text form is that of XML Schema (`2002-10-29`, `2002-10`, `2002`), and nothing
is added to what the source printed: a year never becomes its first of January, only its :attr:`~PartialDate.first_day`
and :attr:`~PartialDate.day_after` say which days it covers.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Precision = Literal["day", "month", "year"]

#: Years outside this range are slips of the pen: the oldest instrument against the traffic in persons is of 1904.
FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 2999

_FORM: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DATATYPES: Final[dict[Precision, str]] = {
    "day": _XSD + "date",
    "month": _XSD + "gYearMonth",
    "year": _XSD + "gYear",
}


@dataclass(frozen=True)
class PartialDate:
    """A day, a month or a year of the Gregorian calendar; `month` and `day` are None where they are not stated.

    Raises :class:`ValueError` for a day without a month, for a year outside 1000 to 2999 and for a date that the
    calendar does not have. Ordered by :attr:`sort_key`: by first day, and of two that begin on the same day the wider
    one first.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"year {self.year}: a year from {FIRST_YEAR} to {LAST_YEAR} is needed")
        if self.month is None:
            if self.day is not None:
                raise ValueError(f"day {self.day} of the year {self.year}: a day needs its month")
            return
        if not 1 <= self.month <= 12:
            raise ValueError(f"month {self.month} of {self.year}: a month from 1 to 12 is needed")
        if self.day is not None:
            days = monthrange(self.year, self.month)[1]
            if not 1 <= self.day <= days:
                raise ValueError(f"day {self.day} of {self.year}-{self.month:02}: that month has the days 1 to {days}")

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `YYYY-MM-DD`, `YYYY-MM` or `YYYY` and nothing else. Raises :class:`ValueError`."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no date YYYY-MM-DD, YYYY-MM or YYYY")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None  # the pattern requires it
        try:
            return cls(year, month, day)
        except ValueError as error:
            raise ValueError(f"{text!r} is no date: {error}") from None

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """The partial date that is exactly one day. Raises :class:`ValueError` outside the years allowed."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        text = f"{self.year:04}"
        if self.month is not None:
            text += f"-{self.month:02}"
        return text if self.day is None else f"{text}-{self.day:02}"

    @property
    def precision(self) -> Precision:
        """How much of the date is stated."""
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def datatype(self) -> str:
        """The IRI of the XML Schema datatype of this precision: xsd:date, xsd:gYearMonth or xsd:gYear."""
        return _DATATYPES[self.precision]

    @property
    def first_day(self) -> date:
        """The first day that the date covers."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The last day that the date covers; of a full date, that very day."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def day_after(self) -> date:
        """The end of a validity as an exclusive bound (`pal:endDay`).

        An act that ends something on a full date ends it on that very day: the day itself is no longer within. Ended
        in a month or a year, the thing is taken to have lasted through it, so the bound is the first day after it.
        """
        if self.day is not None:
            return self.first_day
        return self.last_day + timedelta(days=1)

    @property
    def sort_key(self) -> tuple[date, int]:
        """Orders by first day; of two that begin on the same day, the wider one first."""
        return self.first_day, -(self.last_day - self.first_day).days

    def __lt__(self, other: PartialDate) -> bool:
        return self.sort_key < other.sort_key

    def contains(self, other: PartialDate) -> bool:
        """Whether every day of `other` is one of this date's days: `2002` contains `2002-10` and itself."""
        return self.first_day <= other.first_day and other.last_day <= self.last_day
