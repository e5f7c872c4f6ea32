"""Lines over the size of the release, both axes logarithmic, as SVG that reads without colours: each line has its own
mark and its name at its end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from bench.growth import ON_DISK, Grown

_COLOURS: Final = ("#1f5fa8", "#b3541e", "#3a7d44", "#6b4c9a", "#8a8f98")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 380, 70, 230, 44, 50
#: A name takes so many pixels of height; names of lines that end side by side are moved apart.
_NAME: Final = 17

#: Points of one line: size of the release, value.
Line = Sequence[tuple[float, float]]


def growth(found: Sequence[Grown]) -> dict[str, str]:
    """The charts of growth by file name; a size that was not run or did not answer has no point."""
    return {
        "growth-start.svg": lines("Seconds to the first answer", _by_name(found, "started")),
        "growth-memory.svg": lines("Peak memory, MiB", _by_name(found, "memory", 2**20)),
        "growth-disk.svg": lines("Disk, MiB", _by_name(found, "disk", 2**20)),
        "growth-queries.svg": lines("Named queries, geometric mean, ms", _by_name(found, "named")),
        "growth-lookups.svg": lines("First answers of lookups on disk, ms", _lookups(found)),
    }


def _by_name(found: Sequence[Grown], field: str, unit: float = 1.0) -> dict[str, Line]:
    return {
        name: [(one.times, getattr(one, field) / unit) for one in found if one.name == name]
        for name in dict.fromkeys(one.name for one in found)
    }


def _lookups(found: Sequence[Grown]) -> dict[str, Line]:
    """One line for each lookup, on disk, where every size can be held."""
    held = [one for one in found if one.name == ON_DISK]
    whats = dict.fromkeys(what for one in held for what in one.lookups)
    return {what: [(one.times, one.lookups[what]) for one in held if what in one.lookups] for what in whats}


def lines(title: str, named: Mapping[str, Line]) -> str:
    """Lines with their names at their ends. Values that are not above nought, or no numbers, are left out."""
    shown = {
        name: kept
        for name, points in named.items()
        if (kept := [(x, y) for x, y in points if y > 0 and math.isfinite(y)])
    }
    every = [point for points in shown.values() for point in points] or [(1.0, 1.0)]
    sizes = sorted({x for x, _ in every})
    low, high = _decades([y for _, y in every])

    def across(x: float) -> float:
        share = math.log(x / sizes[0]) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.5
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def down(y: float) -> float:
        return _HEIGHT - _BOTTOM - math.log(y / low) / math.log(high / low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13" role="img" aria-label="{escape(title)}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="10" y="22" font-size="14" font-weight="bold">{escape(title)} (both axes logarithmic)</text>',
    ]
    for decade in range(round(math.log10(low)), round(math.log10(high)) + 1):
        y = down(10.0**decade)
        parts += [
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>',
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**decade:,.6g}</text>',
        ]
    parts += [
        f'<text x="{across(x):.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">x{x:g}</text>' for x in sizes
    ]
    parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 8}">times the release</text>')
    names = _apart({name: down(points[-1][1]) for name, points in shown.items()})
    for number, (name, points) in enumerate(shown.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [_mark(number, across(x), down(y), colour) for x, y in points]
        x, y = across(points[-1][0]), names[name]
        parts += [
            f'<line x1="{x + 6:.1f}" y1="{down(points[-1][1]):.1f}" x2="{_WIDTH - _RIGHT + 16}" y2="{y:.1f}" '
            f'stroke="{colour}" stroke-dasharray="2 3"/>',
            _mark(number, _WIDTH - _RIGHT + 22, y, colour),
            f'<text x="{_WIDTH - _RIGHT + 32}" y="{y + 4:.1f}" fill="{colour}">{escape(name)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _decades(values: Sequence[float]) -> tuple[float, float]:
    """The powers of ten around the values, at least one apart."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return 10.0**low, 10.0 ** max(high, low + 1)


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Heights of names, none nearer to the next than a name is high, all within the picture."""
    found: dict[str, float] = {}
    last = -math.inf
    for name, y in sorted(wanted.items(), key=lambda one: one[1]):
        last = found[name] = max(y, last + _NAME, float(_TOP))
    over = max(0.0, last - (_HEIGHT - _BOTTOM)) if found else 0.0
    return {name: y - over for name, y in found.items()}


def _mark(number: int, x: float, y: float, colour: str) -> str:
    match number % 5:
        case 0:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
        case 1:
            return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"/>'
        case 2:
            return f'<path d="M{x:.1f} {y - 5:.1f}l5 9h-10z" fill="{colour}"/>'
        case 3:
            return f'<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z" fill="{colour}"/>'
        case _:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#fff" stroke="{colour}" stroke-width="2"/>'
