"""What is already known of a query. A release never changes, so what was found out once holds as long as it is served.

Two memories, both bounded, the longest unused forgotten first:
- verdicts: a query, by its normalised text and dataset, ran out of time or memory; it is refused at once next time;
- shapes: queries of this shape (constants aside) were quick or slow; it decides the lane and never refuses anything.
  That a shape is slow is forgotten after a minute: the next one of it may be quick.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from api.errors import Problem, TimedOut

_V = TypeVar("_V")

#: Seconds for which a shape is held to be slow.
SLOW_FOR: Final = 60.0


class _Recent(Generic[_V]):
    def __init__(self, limit: int) -> None:
        self._limit, self._kept = limit, OrderedDict[str, _V]()

    def get(self, key: str) -> _V | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: str, value: _V) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)


@dataclass(frozen=True)
class Verdict:
    """Why a query is refused, and the time in seconds after which it was found out."""

    problem: Problem
    after: float


class Verdicts:
    """The memory of one served release."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._verdicts = _Recent[Verdict](limit)
        self._shapes = _Recent[tuple[bool, float]](limit)
        self._clock = clock

    def __len__(self) -> int:
        return len(self._verdicts)

    def known(self, key: str, limit: float) -> Problem | None:
        """The problem a query is known to have within `limit` seconds."""
        verdict = self._verdicts.get(key)
        if verdict is None or (isinstance(verdict.problem, TimedOut) and limit > verdict.after):
            return None
        return verdict.problem

    def remember(self, key: str, problem: Problem, after: float) -> None:
        """A query was found to have a problem after so many seconds."""
        self._verdicts.put(key, Verdict(problem, after))

    def quick(self, shape: str) -> bool | None:
        """Whether the last query of this shape was quick; None if there was none."""
        known = self._shapes.get(shape)
        if known is None or (not known[0] and self._clock() - known[1] > SLOW_FOR):
            return None
        return known[0]

    def saw(self, shape: str, *, quick: bool) -> None:
        """A query of this shape was quick, or was not."""
        self._shapes.put(shape, (quick, self._clock()))
