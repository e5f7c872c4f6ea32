"""Guided tours, from `stories/*.toml`: one file each, in the order of their names."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

_TOUR: Final = {"slug", "en", "fr", "lead_en", "lead_fr", "step"}
_STEP: Final = {"en", "fr", "rests", "explore"}
_SLUG: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
#: Fewer steps are no tour, more are not walked to the end.
LEAST: Final = 5
MOST: Final = 8


class TourError(ValueError):
    """A tour's file cannot be used; the message names it, what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence by language, the paths below `id/` on which it rests, and a state of the explorer (may be empty)."""

    say: dict[str, str]
    rests: tuple[str, ...]
    explore: str


@dataclass(frozen=True, slots=True)
class Tour:
    """A tour: title and lead by language, five to eight steps."""

    slug: str
    title: dict[str, str]
    lead: dict[str, str]
    steps: tuple[Step, ...]


@cache
def tours() -> tuple[Tour, ...]:
    """Every tour. Raises :class:`TourError`."""
    found = sorted(
        (one for one in files("viz").joinpath("stories").iterdir() if one.name.endswith(".toml")),
        key=lambda one: one.name,
    )
    read = tuple(parse(one.name, one.read_text("utf-8")) for one in found)
    slugs = [tour.slug for tour in read]
    if len(set(slugs)) != len(slugs):
        raise TourError(f"viz/stories: slugs stand twice among {', '.join(slugs)}")
    return read


def parse(name: str, text: str) -> Tour:
    """One tour from the text of its file. Raises :class:`TourError`."""
    raw: dict[str, Any] = tomllib.loads(text)
    _keys(name, raw, _TOUR, _TOUR)
    if not _SLUG.fullmatch(raw["slug"]):
        raise TourError(f"viz/stories/{name}: slug {raw['slug']!r}: lower-case words joined by '-' are needed")
    if not LEAST <= len(raw["step"]) <= MOST:
        raise TourError(f"viz/stories/{name}: {len(raw['step'])} steps; {LEAST} to {MOST} are needed")
    steps = []
    for turn, step in enumerate(raw["step"], 1):
        _keys(f"{name}, step {turn}", step, _STEP, {"en", "fr", "rests"})
        if not step["rests"]:
            raise TourError(f"viz/stories/{name}, step {turn}: `rests` names no statement")
        steps.append(Step({"en": step["en"], "fr": step["fr"]}, tuple(step["rests"]), step.get("explore", "")))
    return Tour(
        raw["slug"], {"en": raw["en"], "fr": raw["fr"]}, {"en": raw["lead_en"], "fr": raw["lead_fr"]}, tuple(steps)
    )


def _keys(where: str, raw: dict[str, Any], allowed: set[str], needed: set[str]) -> None:
    unknown, missing = sorted(set(raw) - allowed), sorted(needed - set(raw))
    if unknown or missing:
        raise TourError(
            f"viz/stories/{where}: unknown {', '.join(unknown) or 'nothing'}, missing "
            f"{', '.join(missing) or 'nothing'}; allowed are {', '.join(sorted(allowed))}"
        )
