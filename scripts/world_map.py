"""Make viz/geo/world.json from the npm package world-atlas (Natural Earth, public domain; conversion ISC, M. Bostock).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/world_map.py package graph/facts/states-iso.csv viz/geo/world.json

Outlines come from the map at 1:110 million; states that it leaves out for their size become points, at the middle of
their largest outline at 1:10 million. Everything is projected once, by the formulas of Equal Earth (Šavrič, Patterson
and Jenny, 2018), which keeps areas in proportion. Coordinates are in units of a drawing 1,000 wide, to one digit.

Natural Earth draws who is in control, which says nothing about who has a right to be. Areas that it shows apart but
that have no code of their own, Western Sahara, and Crimea, which it shows with another state than the General Assembly
does (resolution 68/262), go to `disputed`: they are drawn with a dashed outline and never take a state's colour.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any, Final

WIDTH: Final = 1000.0
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
ROOT3: Final = math.sqrt(3)
#: Half the width of the whole earth in units of the projection: x at 180 degrees on the equator.
HALF: Final = 2 * ROOT3 * math.pi / (3 * A1)
TOP: Final = 84.0  # degrees north and south of which nothing is drawn but ice
BOTTOM: Final = -57.0
ANTARCTICA: Final = "010"
WESTERN_SAHARA: Final = "732"
RUSSIA: Final = "643"

Ring = list[tuple[float, float]]


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to units of the drawing, y downwards."""
    t = math.asin(ROOT3 / 2 * math.sin(math.radians(latitude)))
    x = 2 * ROOT3 * math.radians(longitude) * math.cos(t) / (3 * (9 * A4 * t**8 + 7 * A3 * t**6 + 3 * A2 * t**2 + A1))
    y = A4 * t**9 + A3 * t**7 + A2 * t**3 + A1 * t
    scale = WIDTH / (2 * HALF)
    return (x + HALF) * scale, -y * scale


OFFSET: Final = project(0, TOP)[1]


def place(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to the drawing, whose top is TOP degrees north."""
    x, y = project(longitude, latitude)
    return round(x, 1), round(y - OFFSET, 1)


def arcs(topology: dict[str, Any]) -> list[Ring]:
    """The arcs of a topology in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            ring.append((x * sx + tx, y * sy + ty))
        found.append(ring)
    return found


def rings(geometry: dict[str, Any], lines: list[Ring]) -> list[Ring]:
    """Every ring of a country; the holes among them are drawn by the even-odd rule."""
    parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    found = []
    for part in parts:
        for indexes in part:
            ring: Ring = []
            for index in indexes:
                piece = lines[index] if index >= 0 else lines[~index][::-1]
                ring += piece[1:] if ring else piece
            found.append(ring)
    return found


def cut(ring: Ring) -> list[Ring]:
    """A ring that crosses the 180th meridian as its parts on either side of it."""
    unrolled: Ring = []
    turns = 0.0
    for x, y in ring:
        if unrolled and abs(x + turns - unrolled[-1][0]) > 180:
            turns += 360 if x + turns < unrolled[-1][0] else -360
        unrolled.append((x + turns, y))
    if all(-180 <= x <= 180 for x, _ in unrolled):
        return [unrolled]
    found = []
    for shift in (-360.0, 0.0, 360.0):
        moved = [(x + shift, y) for x, y in unrolled]
        kept = half(half(moved, -180, 1), 180, -1)
        if len(kept) > 2:
            found.append(kept)
    return found


def half(ring: Ring, edge: float, side: int) -> Ring:
    """The part of a ring east (side 1) or west (side -1) of a meridian (Sutherland and Hodgman)."""
    found: Ring = []
    for (x0, y0), (x1, y1) in zip(ring[-1:] + ring[:-1], ring, strict=True):
        before, after = (x0 - edge) * side >= 0, (x1 - edge) * side >= 0
        if before != after:
            found.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
        if after:
            found.append((x1, y1))
    return found


def path(outlines: list[Ring]) -> str:
    """An SVG path with relative coordinates; a point that falls on the one before it is left out."""
    parts = []
    for ring in (part for outline in outlines for part in cut(outline)):
        points = list(dict.fromkeys(place(x, max(BOTTOM, min(TOP, y))) for x, y in ring))
        if len(points) < 3:
            continue
        (x0, y0), *rest = points
        text = f"M{x0:g},{y0:g}"
        for x, y in rest:
            text += f"l{round(x - x0, 1):g},{round(y - y0, 1):g}"
            x0, y0 = x, y
        parts.append(text + "z")
    return "".join(parts)


def area(ring: Ring) -> float:
    """Twice the area, in square degrees; good enough to find the largest ring."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)))


def is_crimea(ring: Ring) -> bool:
    """Whether a ring of Russia lies wholly in the box around the peninsula."""
    return all(32 < x < 37 and 44 < y < 46.5 for x, y in ring)


def main(package: Path, states: Path, out: Path) -> None:
    """Write the map. Raises KeyError and OSError as they come: this is run by hand."""
    wanted = {row["numeric"] for row in csv.DictReader(states.open(encoding="utf-8")) if row["numeric"]}
    coarse = json.loads((package / "countries-110m.json").read_text("utf-8"))
    fine = json.loads((package / "countries-10m.json").read_text("utf-8"))
    shapes: dict[str, str] = {}
    disputed: dict[str, str] = {}
    lines = arcs(coarse)
    for country in coarse["objects"]["countries"]["geometries"]:
        code, name, outlines = country.get("id"), country["properties"]["name"], rings(country, lines)
        if code == ANTARCTICA:
            continue
        if code == RUSSIA:
            disputed["Crimea"] = path([ring for ring in outlines if is_crimea(ring)])
            outlines = [ring for ring in outlines if not is_crimea(ring)]
        if code is None or code == WESTERN_SAHARA:
            disputed[name] = path(outlines)
        else:
            shapes[code] = path(outlines)
    points: dict[str, tuple[float, float]] = {}
    lines = arcs(fine)
    for country in fine["objects"]["countries"]["geometries"]:
        code = country.get("id")
        if code in wanted and code not in shapes and code != WESTERN_SAHARA and code not in points:
            ring = max(rings(country, lines), key=area)
            points[code] = place(sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
    border = [(x, TOP) for x in (-180, 180)] + [(180, y) for y in range(80, -60, -4)] + [(180, BOTTOM), (-180, BOTTOM)]
    border += [(-180, y) for y in range(-56, 84, 4)]
    found = {
        "source": "Natural Earth 1:110m and 1:10m, from the npm package world-atlas 2.0.2",
        "projection": "Equal Earth",
        "width": WIDTH,
        "height": place(0, BOTTOM)[1],
        "border": "M" + "L".join(f"{x:g},{y:g}" for x, y in (place(*point) for point in border)) + "z",
        "shapes": dict(sorted(shapes.items())),
        "disputed": dict(sorted(disputed.items())),
        "points": dict(sorted(points.items())),
    }
    out.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(shapes)} outlines, {len(disputed)} disputed, {len(points)} points; none for", end=" ")
    print(", ".join(sorted(wanted - set(shapes) - set(points))) or "no state")


if __name__ == "__main__":
    main(*(Path(one) for one in sys.argv[1:4]))
