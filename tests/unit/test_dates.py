"""Partial dates and the as-of rule, by the vectors that the front end is held to as well."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.dates import PartialDate
from graph.read.dates import Lang, Validity, moment, read, span, valid, written

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "dates-vectors.json").read_text(encoding="utf-8"))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def partial(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


@pytest.mark.parametrize("vector", VECTORS["dates"], ids=lambda one: one["value"])
def test_what_a_date_covers_and_how_it_is_written(vector: dict[str, str]) -> None:
    value = PartialDate.parse(vector["value"])
    assert str(value) == vector["value"]
    assert value.precision == vector["precision"]
    assert value.datatype.rsplit("#")[1] == {"day": "date", "month": "gYearMonth", "year": "gYear"}[value.precision]
    assert (value.first_day, value.last_day) == (day(vector["first_day"]), day(vector["last_day"]))
    assert value.day_after == day(vector["end_day"])
    assert written(value, "en") == vector["en"]
    assert written(value, "fr") == vector["fr"]
    assert moment(value, "en") == vector["moment_en"]
    assert moment(value, "fr") == vector["moment_fr"]
    assert read(vector["en"], "en") == read(vector["fr"], "fr") == value


@pytest.mark.parametrize("vector", VECTORS["spans"], ids=lambda one: f"{one['start']}..{one['end']}")
def test_spans(vector: dict[str, str]) -> None:
    start, end = partial(vector["start"]), partial(vector["end"])
    assert span(start, end, "en") == vector["en"]
    assert span(start, end, "fr") == vector["fr"]


@pytest.mark.parametrize("vector", VECTORS["as_of"], ids=lambda one: one["why"])
def test_as_of_rule(vector: dict[str, str]) -> None:
    start, end = partial(vector["start"]), partial(vector["end"])
    on = date.fromisoformat(vector["on"])
    found = valid(on, start and start.first_day, end and end.day_after, day(vector["known_by"]))
    assert found is Validity(vector["validity"])


@pytest.mark.parametrize("vector", VECTORS["contains"], ids=lambda one: f"{one['wide']} {one['narrow']}")
def test_contains(vector: dict[str, Any]) -> None:
    assert PartialDate.parse(vector["wide"]).contains(PartialDate.parse(vector["narrow"])) is vector["holds"]


def test_order() -> None:
    dates = [PartialDate.parse(text) for text in VECTORS["ordered"]]
    backwards = dates[::-1]
    assert sorted(backwards) == dates
    assert sorted(backwards, key=lambda one: one.sort_key) == dates


@pytest.mark.parametrize("text", VECTORS["refused"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no date"):
        PartialDate.parse(text)


@pytest.mark.parametrize("vector", VECTORS["words"], ids=lambda one: one["text"])
def test_words_are_read(vector: dict[str, Any]) -> None:
    assert read(vector["text"], vector["lang"]) == partial(vector["value"] or "")


@pytest.mark.parametrize("vector", VECTORS["refused_words"], ids=lambda one: f"{one['lang']} {one['text']}")
def test_other_words_are_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no date|days 1 to"):
        read(vector["text"], vector["lang"])


@pytest.mark.parametrize(("lang", "text"), [("en", "day not known"), ("fr", "date inconnue")])
def test_not_known_is_written_out(lang: Lang, text: str) -> None:
    assert written(None, lang) == text
    assert read(text, lang) is None


@pytest.mark.parametrize("parts", [(2002, None, 3), (2002, 0, None), (2002, 13, None), (2001, 2, 29), (999, 1, 1)])
def test_a_date_that_the_calendar_lacks_is_refused(parts: tuple[int, int | None, int | None]) -> None:
    with pytest.raises(ValueError, match=r"needed|needs|days 1 to"):
        PartialDate(*parts)


def test_exactly_one_day() -> None:
    assert PartialDate.of(date(2004, 2, 29)) == PartialDate(2004, 2, 29)
