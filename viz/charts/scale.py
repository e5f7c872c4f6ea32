"""Scales: from numbers and days to pixels, and the round values at which an axis is marked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Linear:
    """A linear scale from [low, high] to [start, stop] pixels; `high` above `low`."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.stop - self.start)


def ticks(high: float, about: int = 5) -> list[float]:
    """Round values from nought to at least `high`, roughly `about` of them: steps of 1, 2 or 5 times a power of ten."""
    if high <= 0:
        return [0.0, 1.0]
    raw = high / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= raw)
    step = max(step, 1.0)
    return [step * turn for turn in range(math.ceil(high / step) + 1)]


def years(first: int, last: int, room: float, apart: float = 46.0) -> list[int]:
    """Years to mark on an axis of `room` pixels so that labels keep `apart` pixels: every 1, 2, 5, 10, 20 or 50."""
    for step in (1, 2, 5, 10, 20, 50):
        marked = [year for year in range(first, last + 1) if year % step == 0]
        if len(marked) * apart <= room:
            return marked
    return [first, last]


def of_day(value: date) -> float:
    """A day as a number of years: 2004-07-01 is about 2004.5."""
    start = date(value.year, 1, 1).toordinal()
    return value.year + (value.toordinal() - start) / (date(value.year + 1, 1, 1).toordinal() - start)
