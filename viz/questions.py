"""The questions of the page of figures, from `figures.toml`: what each chart counts, in words and in codes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from graph.read.series import Pick

_QUESTION: Final = {"id", "area", "en", "fr", "counts_en", "counts_fr", "caveat_en", "caveat_fr", "panel"}
_PANEL: Final = {"en", "fr", "basis", "indicators", "unit", "form", "sex", "age", "publishers", "not_by", "without"}
_CHECKED: Final = {"claim", "figure", "en", "fr", "beside", "part", "whole"}


class QuestionError(ValueError):
    """`figures.toml` cannot be used; the message names the entry, what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One thing counted on one basis."""

    heading: dict[str, str]
    basis: str
    pick: Pick


@dataclass(frozen=True, slots=True)
class Question:
    """One chart: its title is the question; `counts` and `caveat` stand below it."""

    id: str
    title: dict[str, str]
    counts: dict[str, str]
    caveat: dict[str, str]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A figure of the article and what stands beside it; `part` of `whole` gives a share where no source states it."""

    claim: str
    figure: str
    title: dict[str, str]
    beside: tuple[str, ...]
    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the file says."""

    questions: tuple[Question, ...]
    checked: tuple[Checked, ...]
    rounded: frozenset[str]

    def question(self, name: str) -> Question | None:
        """The question of that id."""
        return next((one for one in self.questions if one.id == name), None)


@cache
def desk() -> Desk:
    """Read the file, once. Raises :class:`QuestionError`."""
    raw = tomllib.loads(files("viz").joinpath("figures.toml").read_text("utf-8"))
    _keys("the file", raw, {"rounded", "question", "checked"}, {"rounded", "question", "checked"})
    return Desk(
        tuple(_question(one) for one in raw["question"]),
        tuple(_checked(one) for one in raw["checked"]),
        frozenset(raw["rounded"]),
    )


def _question(raw: dict[str, Any]) -> Question:
    _keys(f"question {raw.get('id')!r}", raw, _QUESTION, _QUESTION)
    return Question(
        id=raw["id"],
        title=_both(raw, ""),
        counts=_both(raw, "counts_"),
        caveat=_both(raw, "caveat_"),
        panels=tuple(_panel(raw["area"], raw["id"], one) for one in raw["panel"]),
    )


def _panel(area: str, question: str, raw: dict[str, Any]) -> Panel:
    _keys(f"a panel of {question!r}", raw, _PANEL, {"en", "fr", "basis", "indicators", "unit"})
    pick = Pick(
        area=area,
        indicators=tuple(raw["indicators"]),
        unit=raw["unit"],
        form=tuple(raw.get("form", [""])),
        sex=raw.get("sex", ""),
        age=raw.get("age", ""),
        basis=raw["basis"],
        publishers=tuple(raw.get("publishers", [])),
        not_by=tuple(raw.get("not_by", [])),
        without=tuple(raw.get("without", [])),
    )
    return Panel(_both(raw, ""), raw["basis"], pick)


def _checked(raw: dict[str, Any]) -> Checked:
    _keys(f"checked {raw.get('figure')!r}", raw, _CHECKED, {"claim", "figure", "en", "fr", "beside"})
    return Checked(
        raw["claim"], raw["figure"], _both(raw, ""), tuple(raw["beside"]), raw.get("part", ""), raw.get("whole", "")
    )


def _both(raw: dict[str, Any], prefix: str) -> dict[str, str]:
    return {lang: raw[f"{prefix}{lang}"] for lang in ("en", "fr")}


def _keys(where: str, raw: dict[str, Any], allowed: set[str], needed: set[str]) -> None:
    unknown, missing = sorted(set(raw) - allowed), sorted(needed - set(raw))
    if unknown or missing:
        raise QuestionError(
            f"viz/figures.toml, {where}: unknown {', '.join(unknown) or 'nothing'}, "
            f"missing {', '.join(missing) or 'nothing'}; allowed are {', '.join(sorted(allowed))}"
        )
