"""The look of marks, from `marks.json`, which the front end reads too: one table of colours, dashes and shapes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from viz.scene import FAMILIES, KINDS, Family, Kind


@dataclass(frozen=True)
class Line:
    """How a family of relations is drawn: colour on paper and on dark paper, dashes and width in pixels."""

    light: str
    dark: str
    dash: tuple[int, ...]
    width: float


@dataclass(frozen=True)
class Shape:
    """How a kind of node is drawn; `size` is the half height in pixels."""

    shape: str
    size: float


@dataclass(frozen=True)
class Marks:
    """Every mark, and the four colours of the page, each as (light, dark)."""

    families: dict[Family, Line]
    kinds: dict[Kind, Shape]
    colours: dict[str, tuple[str, str]]


def _read() -> Marks:
    raw = json.loads(files("viz").joinpath("marks.json").read_text("utf-8"))
    lines = {name: Line(**{**raw["families"][name], "dash": tuple(raw["families"][name]["dash"])}) for name in FAMILIES}
    shapes = {name: Shape(**raw["kinds"][name]) for name in KINDS}
    colours = {name: (raw[name]["light"], raw[name]["dark"]) for name in ("paper", "ink", "quiet", "rule")}
    return Marks(lines, shapes, colours)


MARKS: Final = _read()
