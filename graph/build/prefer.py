"""Which of several stated values is the preferred one: one stated rule for dates and names alike.

Sources may disagree and all of them stay. The preferred value is the one whose source ranks best (depositary, then
official, then intergovernmental, then the rest, our own words last: `pal:rank` in the closed list source-kind), among
equals the newest reading, then the more precise value, then the source's id so that the choice never depends on the
order of rows. A coarser date that contains a finer one is no rival of it: the finer one wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.dates import PartialDate

_PRECISION = {"day": 0, "month": 1, "year": 2}


@dataclass(frozen=True)
class Standing:
    """What the rule knows of a source: rank (1 is best) and publication date as printed, empty when unknown."""

    id: str
    rank: int
    published: str


@dataclass(frozen=True)
class StatedDate:
    """A date that a source gives for one property of one node."""

    value: PartialDate
    source: Standing


@dataclass(frozen=True)
class StatedName:
    """A name that a source gives a node in one language."""

    text: str
    source: Standing


def preferred_date(stated: Iterable[StatedDate]) -> PartialDate:
    """The preferred date of at least one stated date."""
    every = sorted(stated, key=lambda one: (_order(one.source), _PRECISION[one.value.precision], str(one.value)))
    chosen = every[0].value
    while finer := [one for one in every if one.value != chosen and chosen.contains(one.value)]:
        chosen = finer[0].value
    return chosen


def preferred_name(stated: Iterable[StatedName]) -> str:
    """The preferred name of at least one stated name."""
    return min(stated, key=lambda one: (_order(one.source), one.text)).text


def _order(source: Standing) -> tuple[int, tuple[int, ...], str]:
    # Newest first: the digits of the date turned round, an unknown date after every known one.
    newest = tuple(-int(part) for part in source.published.split("-")) if source.published else (1,)
    return source.rank, newest, source.id
