"""The rule that chooses one of several stated values."""

from __future__ import annotations

from itertools import permutations

import pytest

from graph.build.prefer import Standing, StatedDate, StatedName, preferred_date, preferred_name
from graph.dates import PartialDate

DEPOSITARY = Standing("untc", 1, "2015-03-14")
NEWER_DEPOSITARY = Standing("untc-2024", 1, "2024-04-20")
OFFICIAL = Standing("senate", 2, "2020")
PRESS = Standing("paper", 4, "2025-01-01")
OURS = Standing("palermo-editors", 5, "2026-11-23")
UNDATED = Standing("leaflet", 2, "")

CASES = [
    ("the depositary goes first", [("1990-08-07", DEPOSITARY), ("1990-07-02", OFFICIAL)], "1990-08-07"),
    ("the newest reading of equals wins", [("2001-01-01", DEPOSITARY), ("2002-02-02", NEWER_DEPOSITARY)], "2002-02-02"),
    ("a dated source goes before an undated one", [("1930-06-28", UNDATED), ("1937", OFFICIAL)], "1937"),
    ("a finer date within a coarser one is no rival", [("1983", DEPOSITARY), ("1983-12-14", PRESS)], "1983-12-14"),
    ("month, then day", [("2017", DEPOSITARY), ("2017-03", OFFICIAL), ("2017-03-29", PRESS)], "2017-03-29"),
    ("a finer date outside the preferred one stays a rival", [("1937", OFFICIAL), ("1930-06-28", PRESS)], "1937"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "stated", "chosen"), CASES, ids=[case[0] for case in CASES])
def test_preferred_date(why: str, stated: list[tuple[str, Standing]], chosen: str) -> None:
    values = [StatedDate(PartialDate.parse(text), source) for text, source in stated]
    assert {str(preferred_date(order)) for order in permutations(values)} == {chosen}, why


def test_preferred_name_follows_the_same_order_of_sources() -> None:
    names = [StatedName("CAP", PRESS), StatedName("CAP International", OFFICIAL), StatedName("Coalition", UNDATED)]
    assert {preferred_name(order) for order in permutations(names)} == {"CAP International"}


def test_our_own_name_goes_after_every_other() -> None:
    names = [StatedName("Coalition pour l’abolition", OURS), StatedName("CAP", PRESS)]
    assert {preferred_name(order) for order in permutations(names)} == {"CAP"}
