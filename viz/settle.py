"""The last step of a small drawing: every box of mark and label gets a place where it covers no other, where few lines
run through it, and where its own lines do not run through its label.

A local search: box after box looks at places around its own, at first at a grid over the whole canvas too, each with
the label below the mark and above it, and takes the cheapest. Boxes come in a fixed order and places in a fixed
pattern, so that the same scene is drawn the same way everywhere. What it costs is the count of boxes times lines times
places; `viz/layout.py` says for how many boxes it is worth it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: What a box costs that overlaps another, at least and for each square pixel; a pixel of a line inside of a box; and a
#: pixel of a line anywhere, which keeps together what is connected.
_TOUCH: Final = 600.0
_COVER: Final = 2.0
_CROSS: Final = 1.0
_LONG: Final = 0.06
#: How far a box looks in each round, as a share of the canvas's shorter side; the first rounds see the whole canvas.
_REACH: Final = (0.2, 0.14, 0.1, 0.07, 0.045, 0.025)
_GRID_ROUNDS: Final = 2
_TURNS: Final = 10


@dataclass(frozen=True)
class Box:
    """The room of a mark with its label below, measured from the mark's centre, in pixels; `gap` of it stays free."""

    half: float
    above: float
    below: float
    gap: float = 0.0


@dataclass(frozen=True)
class Line:
    """A line between the numbers of two boxes, and how strongly it is drawn, from 0 to 1."""

    a: int
    b: int
    weight: float


@dataclass
class Settled:
    """Where boxes stand, whose labels are above their marks, and whether no two overlap."""

    at: Floats
    up: NDArray[np.bool_]
    clear: bool


def settle(
    points: Floats, boxes: Sequence[Box], lines: Sequence[Line], still: set[int], low: Floats, high: Floats
) -> Settled:
    """Settle boxes that start at `points`, all but those in `still`, between the corners `low` and `high`."""
    work = _Work(points, boxes, lines, low, high)
    free = [one for one in range(len(boxes)) if one not in still]
    for turn, reach in enumerate(_REACH):
        moved = False
        for one in free if turn % 2 == 0 else reversed(free):
            moved |= work.move(one, reach * float((high - low).min()), grid=turn < _GRID_ROUNDS)
        if not moved and turn >= _GRID_ROUNDS:
            break
    for one in still:
        work.turn(one)
    return Settled(work.at, work.up, not work.touching())


class _Work:
    def __init__(self, points: Floats, boxes: Sequence[Box], lines: Sequence[Line], low: Floats, high: Floats) -> None:
        self.at = points.copy()
        self.up = np.zeros(len(boxes), dtype=np.bool_)
        self.low, self.high = low, high
        self.half = np.array([one.half for one in boxes])
        self.short = np.array([one.above for one in boxes])
        self.long = np.array([one.below for one in boxes])
        self.gap = np.array([one.gap for one in boxes])
        self.a = np.array([one.a for one in lines], dtype=np.int64)
        self.b = np.array([one.b for one in lines], dtype=np.int64)
        self.weight = np.array([one.weight for one in lines])
        steps = [2 * math.pi * k / _TURNS for k in range(_TURNS)]
        ring = np.array([[math.cos(angle), math.sin(angle)] for angle in steps])
        self.rings = np.concatenate([ring, ring * 0.45])
        across = np.linspace(0.04, 0.96, 7)
        down = np.linspace(0.04, 0.96, 8)
        self.grid = np.array([[x, y] for y in down for x in across]) * (high - low) + low

    def boxes(self, others: NDArray[np.int64] | slice = slice(None)) -> tuple[Floats, Floats, Floats, Floats]:
        """Left, top, right and bottom of boxes as they stand."""
        x, y = self.at[others, 0], self.at[others, 1]
        up, half = self.up[others], self.half[others]
        short, long = self.short[others], self.long[others]
        return x - half, y - np.where(up, long, short), x + half, y + np.where(up, short, long)

    def touching(self) -> bool:
        left, top, right, bottom = self.boxes()
        over = (left[:, None] < right[None, :] - 0.02) & (left[None, :] < right[:, None] - 0.02)
        over &= (top[:, None] < bottom[None, :] - 0.02) & (top[None, :] < bottom[:, None] - 0.02)
        np.fill_diagonal(over, False)
        return bool(over.any())

    def move(self, one: int, reach: float, grid: bool) -> bool:
        """Put a box where it costs least; whether it moved."""
        around = self.at[one] + self.rings * reach
        places = np.concatenate([self.at[one][None, :], around, self.grid] if grid else [self.at[one][None, :], around])
        return self._take(one, places)

    def turn(self, one: int) -> bool:
        """Put the label of a box that stands still above its mark where that costs less."""
        return self._take(one, self.at[one][None, :], stay=True)

    def _take(self, one: int, places: Floats, stay: bool = False) -> bool:
        count = len(places)
        up = np.repeat([False, True], count)
        where = np.concatenate([places, places])
        half, short, long = self.half[one], self.short[one], self.long[one]
        above, below = np.where(up, long, short), np.where(up, short, long)
        if not stay:
            where[:, 0] = np.clip(where[:, 0], self.low[0] + half, max(self.low[0] + half, self.high[0] - half))
            where[:, 1] = np.clip(
                where[:, 1], self.low[1] + above, np.maximum(self.low[1] + above, self.high[1] - below)
            )
        costs = self._costs(one, where, above, below, up)
        now = count if self.up[one] else 0
        best = int(costs.argmin())
        if costs[best] >= costs[now] - 0.5 and (stay or np.allclose(where[now], self.at[one])):
            return False
        self.at[one], self.up[one] = where[best], up[best]
        return True

    def _costs(self, one: int, where: Floats, above: Floats, below: Floats, up: NDArray[np.bool_]) -> Floats:
        x, y = where[:, 0], where[:, 1]
        half = float(self.half[one])
        mine = (x - half, y - above, x + half, y + below)
        others = np.flatnonzero(np.arange(len(self.half)) != one)
        left, top, right, bottom = self.boxes(others)
        over_x = np.minimum(mine[2][:, None], right) - np.maximum(mine[0][:, None], left)
        over_y = np.minimum(mine[3][:, None], bottom) - np.maximum(mine[1][:, None], top)
        over = (over_x > 0.01) & (over_y > 0.01)
        cost: Floats = (over * (_TOUCH + _COVER * over_x * over_y)).sum(axis=1)

        # other lines through this box
        own = (self.a == one) | (self.b == one)
        p, q, weight = self.at[self.a[~own]], self.at[self.b[~own]], self.weight[~own]
        corners = tuple(side[:, None] for side in mine)
        cost += _CROSS * (_inside(p[None, :, :], q[None, :, :], corners) * weight).sum(axis=1)

        # its own lines through other boxes, through its own label, and how long they are
        ends = np.where(self.a[own] == one, self.b[own], self.a[own])
        if len(ends):
            weight = self.weight[own]
            to = self.at[ends]
            start, end = where[:, None, None, :], to[None, :, None, :]
            through = _inside(start, end, (left, top, right, bottom))
            through[:, ends[:, None] == others[None, :]] = 0.0
            cost += _CROSS * (through.sum(axis=2) * weight).sum(axis=1)
            gap, mark = float(self.gap[one]), float(self.short[one])
            label = (
                (x - half + gap)[:, None],
                np.where(up, y - above + gap, y + mark - gap)[:, None],
                (x + half - gap)[:, None],
                np.where(up, y - mark + gap, y + below - gap)[:, None],
            )
            cost += 0.7 * _CROSS * (_inside(where[:, None, :], to[None, :, :], label) * weight).sum(axis=1)
            cost += _LONG * (np.hypot(x[:, None] - to[:, 0], y[:, None] - to[:, 1]) * weight).sum(axis=1)
        # all else being equal a label stands below its mark
        cost += np.where(up, 2.0, 0.0)
        return cost


def _inside(p: Floats, q: Floats, corners: tuple[Floats, ...]) -> Floats:
    """How many pixels of the segments from `p` to `q` lie inside of boxes: Liang and Barsky's clipping."""
    left, top, right, bottom = corners
    dx, dy = q[..., 0] - p[..., 0], q[..., 1] - p[..., 1]
    length = np.hypot(dx, dy)
    dx = np.where(np.abs(dx) < 1e-6, 1e-6, dx)
    dy = np.where(np.abs(dy) < 1e-6, 1e-6, dy)
    x0, x1 = (left - p[..., 0]) / dx, (right - p[..., 0]) / dx
    y0, y1 = (top - p[..., 1]) / dy, (bottom - p[..., 1]) / dy
    enter = np.maximum(np.maximum(np.minimum(x0, x1), np.minimum(y0, y1)), 0.0)
    leave = np.minimum(np.minimum(np.maximum(x0, x1), np.maximum(y0, y1)), 1.0)
    found: Floats = np.maximum(leave - enter, 0.0) * length
    return found
