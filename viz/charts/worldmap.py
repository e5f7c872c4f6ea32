"""The world coloured by status: Equal Earth, so that areas are in proportion.

`viz/geo/world.json` is made by scripts/world_map.py, which states how disputed areas are treated: a dashed outline and
no state's colour. States too small for the scale are drawn as discs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from viz.charts.drawing import PAPER, QUIET, RULE, Drawing, linked, path
from viz.svg import number


@dataclass(frozen=True)
class Area:
    """How a country is drawn: `fill` by status, `hatched` for a day unknown, its sentence and where it leads;
    `strength` from 0 to 1 is how full its colour is, for a number."""

    fill: str
    name: str
    address: str | None
    hatched: bool = False
    strength: float = 1.0


@cache
def world() -> dict[str, Any]:
    """The outlines: `shapes` and `points` by ISO 3166 number, `disputed` by name, `border`, `width`, `height`."""
    raw: dict[str, Any] = json.loads(files("viz").joinpath("geo/world.json").read_text("utf-8"))
    return raw


NEUTRAL: Final = RULE


def draw(areas: Mapping[str, Area], title: str, desc: str, lang: str) -> Drawing:
    """A map; `areas` by ISO 3166 number. Countries that are not in it stay neutral."""
    geo = world()
    drawing = Drawing(geo["width"], geo["height"], title, desc, lang)
    drawing.add(
        f'<defs><pattern id="map-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="5" height="5" fill="{PAPER}"/>'
        f'<path d="M0 0V5" stroke="{QUIET}" stroke-width="3"/></pattern></defs>'
    )
    drawing.add(path(geo["border"], stroke=RULE, width=1))
    for code, d in geo["shapes"].items():
        drawing.add(_area(code, d, areas.get(code)))
    for d in geo["disputed"].values():
        drawing.add(path(d, fill=PAPER, stroke=QUIET, width=0.8, dash="2 2"))
    for code, (x, y) in geo["points"].items():
        area = areas.get(code)
        if area is None:
            continue
        disc = (
            f'<circle data-area="{code}" cx="{number(x)}" cy="{number(y)}" r="3.4" fill="{_fill(area)}"'
            f'{_strength(area)} stroke="{PAPER}" stroke-width="0.8"/>'
        )
        drawing.add(linked(area.address, area.name, disc))
    return drawing


def _fill(area: Area) -> str:
    return "url(#map-hatch)" if area.hatched else area.fill


def _strength(area: Area) -> str:
    return f' fill-opacity="{area.strength:.2f}"' if area.strength < 1 else ""


def _area(code: str, d: str, area: Area | None) -> str:
    even = f' data-area="{code}" fill-rule="evenodd"'
    if area is None:
        return path(d, fill=NEUTRAL, stroke=PAPER, width=0.5, extra=even)
    # the number says to a script which country it is
    return linked(
        area.address, area.name, path(d, fill=_fill(area), stroke=PAPER, width=0.5, extra=even + _strength(area))
    )
