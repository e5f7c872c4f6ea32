"""The last step of a small drawing: every box of mark and label gets a place where it covers no other, where few lines
run through it, and where its own lines do not run through its label.

A local search: box after box looks at places around its own, at first at a grid over the whole canvas too, each with
the label below the mark and above it, and takes the cheapest. Boxes come in a fixed order and places in a fixed
pattern, so that the same scene is drawn the same way everywhere.

What a box covers and how long its lines are is cheap to say, what its lines run through is not. As no cost is below
zero, the cheap part is a floor of the whole: places come in the order of their floors, a few at a time, and those whose
floor is above the best cost found are never looked at. `viz/layout.py` says for how many boxes it is worth it.
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
#: What a label above its mark costs, and how much better than its own a place must be to be taken.
_UP: Final = 2.0
_WORTH: Final = 0.5
#: How much its own lines count that run through a box's label, against lines of others.
_OWN: Final = 0.7
#: So many places are looked at in full at a time.
_BATCH: Final = 64


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
    """Boxes and lines as they stand. A box is kept by its centre, which is not its mark's: half its width and height,
    and how far below the mark its centre is when the label is."""

    def __init__(self, points: Floats, boxes: Sequence[Box], lines: Sequence[Line], low: Floats, high: Floats) -> None:
        self.boxes = boxes
        self.at = points.copy()
        self.up = np.zeros(len(boxes), dtype=np.bool_)
        self.low, self.high = low, high
        self.half = np.array([one.half for one in boxes])
        self.tall = np.array([(one.above + one.below) / 2 for one in boxes])
        self.shift = np.array([(one.below - one.above) / 2 for one in boxes])
        self.middle = self.at[:, 1] + self.shift
        self.a = np.array([one.a for one in lines], dtype=np.int64)
        self.b = np.array([one.b for one in lines], dtype=np.int64)
        self.weight = np.array([one.weight for one in lines])
        own = [np.flatnonzero((self.a == one) | (self.b == one)) for one in range(len(boxes))]
        #: By box: the other ends of its lines, and how strongly each is drawn.
        self.ends = [np.where(self.a[mine] == one, self.b[mine], self.a[mine]) for one, mine in enumerate(own)]
        self.own = [self.weight[mine] for mine in own]
        #: By box, for each line: its weight, but for its own, which do not run into it but begin there.
        self.others = np.tile(self.weight, (len(boxes), 1))
        for one, mine in enumerate(own):
            self.others[one, mine] = 0.0
        #: By box, for each of its lines and each box: what a pixel of the one in the other costs.
        self.through = [self._through(one) for one in range(len(boxes))]
        self.along, self.inverse = np.zeros((2, len(lines))), np.zeros((2, len(lines)))
        self.length = np.zeros(len(lines))
        self._follow(np.arange(len(lines)))
        self.mine = own
        steps = [2 * math.pi * k / _TURNS for k in range(_TURNS)]
        ring = np.array([[math.cos(angle), math.sin(angle)] for angle in steps])
        self.rings = np.concatenate([np.zeros((1, 2)), ring, ring * 0.45])
        across = np.linspace(0.04, 0.96, 7)
        down = np.linspace(0.04, 0.96, 8)
        self.grid = np.array([[x, y] for y in down for x in across]) * (high - low) + low

    def _through(self, one: int) -> Floats:
        """A line costs nothing in the box where it ends; the box's own place stands for its label."""
        ends = self.ends[one]
        found = np.repeat(self.own[one][:, None], len(self.boxes), axis=1)
        found[ends[:, None] == np.arange(len(self.boxes))[None, :]] = 0.0
        found[:, one] = _OWN * self.own[one]
        return found

    def _follow(self, lines: NDArray[np.int64]) -> None:
        """Lines go where their ends are."""
        from_, to = self.at[self.a[lines]], self.at[self.b[lines]]
        way = (to - from_).T
        self.along[:, lines] = from_.T
        self.inverse[:, lines] = 1 / _not_zero(way)
        self.length[lines] = np.hypot(way[0], way[1])

    def touching(self) -> bool:
        """Whether two boxes overlap by more than a fiftieth of a pixel."""
        over = self.half + self.half[:, None] - np.abs(self.at[:, 0] - self.at[:, :1]) > 0.02
        over &= self.tall + self.tall[:, None] - np.abs(self.middle - self.middle[:, None]) > 0.02
        np.fill_diagonal(over, False)
        return bool(over.any())

    def move(self, one: int, reach: float, grid: bool) -> bool:
        """Put a box where it costs least; whether it moved."""
        places = self.at[one] + self.rings * reach
        return self._take(one, np.concatenate([places, self.grid]) if grid else places)

    def turn(self, one: int) -> bool:
        """Put the label of a box that stands still above its mark where that costs less."""
        return self._take(one, self.at[one][None, :], stay=True)

    def _take(self, one: int, places: Floats, stay: bool = False) -> bool:
        count = len(places)
        half, tall, shift = float(self.half[one]), float(self.tall[one]), float(self.shift[one])
        # the label below the mark first, then above
        shifts = np.repeat([shift, -shift], count)
        x = np.tile(places[:, 0], 2)
        y = np.tile(places[:, 1], 2) + shifts
        if not stay:
            x = _within(x, float(self.low[0]) + half, float(self.high[0]) - half)
            y = _within(y, float(self.low[1]) + tall, float(self.high[1]) - tall)
        mark = y - shifts
        now = count if self.up[one] else 0
        here = self.at[one]
        held = stay or bool(abs(x[now] - here[0]) < 1e-3 and abs(mark[now] - here[1]) < 1e-3)
        best = self._best(one, x, y, mark, now, held)
        if best is None:
            return False
        self.at[one] = x[best], mark[best]
        self.middle[one] = y[best]
        self.up[one] = best >= count
        self._follow(self.mine[one])
        return True

    def _best(self, one: int, x: Floats, y: Floats, mark: Floats, now: int, held: bool) -> int | None:
        """The place that costs least; none where the box's own, if it may be `held`, is as good."""
        over_x = self.half[one] + self.half - np.abs(x[:, None] - self.at[:, 0])
        over_y = self.tall[one] + self.tall - np.abs(y[:, None] - self.middle)
        over = (over_x > 0.01) & (over_y > 0.01)
        over[:, one] = False
        floor: Floats = np.where(over, _TOUCH + _COVER * over_x * over_y, 0.0).sum(axis=1)
        floor[len(x) // 2 :] += _UP
        ends = self.ends[one]
        if len(ends):
            to = self.at[ends]
            floor += _LONG * (np.hypot(x[:, None] - to[:, 0], mark[:, None] - to[:, 1]) * self.own[one]).sum(axis=1)
        least, best = math.inf, None
        if held:
            least = (
                float(floor[now])
                + float(self._crossed(one, x[now : now + 1], y[now : now + 1], mark[now : now + 1])[0])
                - _WORTH
            )
        order = np.flatnonzero(floor < least)
        order = order[np.argsort(floor[order], kind="stable")]
        while len(order):
            some, order = order[:_BATCH], order[_BATCH:]
            costs = floor[some] + self._crossed(one, x[some], y[some], mark[some])
            first = int(costs.argmin())
            if costs[first] < least:
                least, best = float(costs[first]), int(some[first])
                order = order[floor[order] < least]
        return best

    def _crossed(self, one: int, x: Floats, y: Floats, mark: Floats) -> Floats:
        """What lines cost that run through a box at places, and its own lines through others and through its label."""
        half, tall = self.half[one], self.tall[one]
        inside = _share(
            x[:, None] - self.along[0], y[:, None] - self.along[1], half, tall, self.inverse[0], self.inverse[1]
        )
        cost: Floats = _CROSS * (inside * (self.length * self.others[one])).sum(axis=1)
        ends = self.ends[one]
        if len(ends):
            box = self.boxes[one]
            away_x, away_y = self.at[:, 0] - x[:, None], self.middle - mark[:, None]
            half, tall = self.half.copy(), self.tall.copy()
            # the label without the mark and the free pixels around it
            label = (box.below - box.above) / 2
            half[one], tall[one] = box.half - box.gap, label
            away_x[:, one] = 0.0
            away_y[:, one] = np.where(y > mark, box.above - box.gap + label, -(box.above - box.gap + label))
            way_x, way_y = self.at[ends, 0] - x[:, None], self.at[ends, 1] - mark[:, None]
            inside = _share(
                away_x[:, None, :], away_y[:, None, :], half, tall,
                (1 / _not_zero(way_x))[:, :, None], (1 / _not_zero(way_y))[:, :, None],
            )  # fmt: skip
            cost += _CROSS * ((inside * self.through[one]).sum(axis=2) * np.hypot(way_x, way_y)).sum(axis=1)
        return cost


def _within(values: Floats, low: float, high: float) -> Floats:
    return np.minimum(np.maximum(values, low), max(low, high))


def _not_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < 1e-6, 1e-6, values)


def _share(
    away_x: Floats, away_y: Floats, half: Floats | float, tall: Floats | float, inverse_x: Floats, inverse_y: Floats
) -> Floats:
    """What share of segments lies inside of boxes: Liang and Barsky's clipping.

    `away` is how far a box's middle is from a segment's start, `inverse` one divided by how far its end is.
    """
    near_x, near_y = away_x * inverse_x, away_y * inverse_y
    wide, high = half * np.abs(inverse_x), tall * np.abs(inverse_y)
    enter = np.maximum(np.maximum(near_x - wide, near_y - high), 0.0)
    leave = np.minimum(np.minimum(near_x + wide, near_y + high), 1.0)
    found: Floats = np.maximum(leave - enter, 0.0)
    return found
