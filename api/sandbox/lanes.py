"""Who runs when: a number of places, and a queue that is fair between clients.

Clients take turns: of two that wait, the one that was served longer ago goes first, however many queries the other
has sent. Within one client the order of arrival holds. Queries have a rank: those known to be quick (URGENT) go before
those that look it (PROMISING), and these before the others; `reserve` places are kept for urgent ones.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from contextlib import suppress
from typing import Final

#: Ranks: known to be quick, looking quick, the rest.
URGENT: Final = 0
PROMISING: Final = 1
OTHER: Final = 2


class QueueFull(Exception):
    """Nothing more can wait; `mine` says that it is this client's share that is used up."""

    def __init__(self, *, mine: bool) -> None:
        self.mine = mine
        super().__init__("share used up" if mine else "queue full")


class _Turns:
    """Waiting futures by client; clients in the order of their turns."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def of(self, client: str) -> int:
        return len(self._waiting.get(client, ()))

    def add(self, client: str, one: asyncio.Future[None]) -> None:
        self._waiting.setdefault(client, deque()).append(one)

    def remove(self, client: str, one: asyncio.Future[None]) -> None:
        with suppress(KeyError, ValueError):
            self._waiting[client].remove(one)
            if not self._waiting[client]:
                del self._waiting[client]

    def next(self) -> asyncio.Future[None] | None:
        while self._waiting:
            client, queue = self._waiting.popitem(last=False)
            one = queue.popleft()
            if queue:
                self._waiting[client] = queue  # to the end: the others' turn
            if not one.done():
                return one
        return None


class Gate:
    """Places and the queue before them."""

    def __init__(self, places: int, *, queue: int, share: int, reserve: int = 0) -> None:
        self._places, self._queue, self._share, self._reserve = places, queue, share, reserve
        self._turns = {rank: _Turns() for rank in (URGENT, PROMISING, OTHER)}
        self.taken = 0
        self._ordinary = 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._turns.values()))

    @property
    def free(self) -> bool:
        """Whether a place can be had without waiting and without passing anybody."""
        return self.taken < self._places and not self.waiting

    def room(self, client: str) -> bool:
        """Whether a client would get a place, or one in the queue."""
        turns = self._turns[OTHER]
        return self.free or (len(turns) < self._queue and turns.of(client) < self._share)

    def take_free(self) -> bool:
        """Take a place if one is free."""
        if not self.free:
            return False
        self._enter(OTHER)
        return True

    def _enter(self, rank: int) -> None:
        self.taken += 1
        self._ordinary += rank != URGENT

    def _has_place(self, rank: int) -> bool:
        return self.taken < self._places and (rank == URGENT or self._ordinary < self._places - self._reserve)

    async def enter(self, client: str, *, rank: int = OTHER, wait: float) -> None:
        """Wait for a place, at most `wait` seconds. Raises :class:`QueueFull` and :class:`TimeoutError`."""
        turns = self._turns[rank]
        if self._has_place(rank) and not any(len(self._turns[one]) for one in range(rank + 1)):
            self._enter(rank)
            return
        if turns.of(client) >= self._share:
            raise QueueFull(mine=True)
        if len(turns) >= self._queue:
            raise QueueFull(mine=False)
        one: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        turns.add(client, one)
        try:
            async with asyncio.timeout(wait):  # wait_for would swallow a cancellation that comes with the place
                await one
        except BaseException:
            turns.remove(client, one)
            if one.done() and not one.cancelled():
                self.leave(rank=rank)  # the place came in the same moment
            raise

    def leave(self, *, rank: int = OTHER) -> None:
        """Give a place back, to the next in turn."""
        self.taken -= 1
        self._ordinary -= rank != URGENT
        for one, turns in self._turns.items():
            while self._has_place(one) and (waiting := turns.next()) is not None:
                self._enter(one)
                waiting.set_result(None)
