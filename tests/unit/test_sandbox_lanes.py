"""Turns between clients, places kept for quick queries, verdicts that hold."""

from __future__ import annotations

import asyncio

import pytest

from api.errors import OutOfMemory, TimedOut
from api.sandbox.lanes import OTHER, PROMISING, URGENT, Gate, QueueFull
from api.sandbox.verdicts import SLOW_FOR, Verdicts
from tests.loops import run


async def _line_up(gate: Gate, clients: list[str], order: list[str], *, rank: int = OTHER) -> list[asyncio.Task[None]]:
    async def one(client: str) -> None:
        await gate.enter(client, rank=rank, wait=5)
        order.append(client)

    tasks = []
    for client in clients:
        tasks.append(asyncio.create_task(one(client)))
        await asyncio.sleep(0)
    return tasks


def test_clients_take_turns() -> None:
    async def scene() -> list[str]:
        gate, order = Gate(1, queue=10, share=10), list[str]()
        await gate.enter("first", wait=1)
        tasks = await _line_up(gate, ["many", "many", "many", "few", "other"], order)
        for _ in tasks:
            gate.leave()
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        return order

    assert run(scene()) == ["many", "few", "other", "many", "many"]


def test_the_queue_and_each_share_are_bounded() -> None:
    async def scene() -> None:
        gate, order = Gate(1, queue=3, share=2), list[str]()
        await gate.enter("a", wait=1)
        tasks = await _line_up(gate, ["b", "b"], order)
        with pytest.raises(QueueFull) as share:
            await gate.enter("b", wait=1)
        assert share.value.mine
        tasks += await _line_up(gate, ["c"], order)
        with pytest.raises(QueueFull) as queue:
            await gate.enter("d", wait=1)
        assert not queue.value.mine
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert gate.waiting == 0

    run(scene())


def test_a_place_is_kept_for_urgent_queries() -> None:
    async def scene() -> None:
        gate = Gate(3, queue=10, share=10, reserve=1)
        await gate.enter("a", wait=1)
        await gate.enter("a", wait=1)
        with pytest.raises(TimeoutError):
            await gate.enter("a", wait=0.01)
        await gate.enter("b", rank=URGENT, wait=0.01)
        assert gate.taken == 3
        with pytest.raises(TimeoutError):
            await gate.enter("b", rank=URGENT, wait=0.01)
        gate.leave(rank=URGENT)
        await gate.enter("b", rank=URGENT, wait=0.01)

    run(scene())


def test_urgent_queries_go_first() -> None:
    async def scene() -> list[str]:
        gate, order = Gate(1, queue=10, share=10), list[str]()
        await gate.enter("x", wait=1)
        tasks = await _line_up(gate, ["slow"], order)
        tasks += await _line_up(gate, ["looks quick"], order, rank=PROMISING)
        tasks += await _line_up(gate, ["quick"], order, rank=URGENT)
        for rank in (OTHER, URGENT, PROMISING):
            gate.leave(rank=rank)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        return order

    assert run(scene()) == ["quick", "looks quick", "slow"]


def test_who_gives_up_leaves_no_place_taken() -> None:
    async def scene() -> None:
        gate = Gate(1, queue=10, share=10)
        await gate.enter("a", wait=1)
        waiting = asyncio.create_task(gate.enter("b", wait=5))
        await asyncio.sleep(0)
        gate.leave()  # the place is b's now, who gives up in the same moment
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (gate.taken, gate.waiting, gate.free) == (0, 0, True)

    run(scene())


def test_verdicts_hold_within_their_time() -> None:
    verdicts = Verdicts(10)
    verdicts.remember("q", TimedOut(), 5.0)
    assert verdicts.known("q", 5.0)
    assert verdicts.known("q", 1.0)
    assert verdicts.known("q", 30.0) is None
    verdicts.remember("m", OutOfMemory(), 1.0)
    assert verdicts.known("m", 30.0)
    assert verdicts.known("other", 1.0) is None


def test_verdicts_are_bounded_and_the_longest_unused_goes() -> None:
    verdicts = Verdicts(2)
    for key in ("a", "b"):
        verdicts.remember(key, TimedOut(), 5.0)
    assert verdicts.known("a", 1.0)
    verdicts.remember("c", TimedOut(), 5.0)
    assert (verdicts.known("a", 1.0) is None, verdicts.known("b", 1.0) is None, len(verdicts)) == (False, True, 2)


def test_shapes_only_advise() -> None:
    now = [0.0]
    verdicts = Verdicts(2, lambda: now[0])
    assert verdicts.quick("s") is None
    verdicts.saw("s", quick=False)
    assert verdicts.quick("s") is False
    now[0] += SLOW_FOR + 1
    assert verdicts.quick("s") is None
    verdicts.saw("s", quick=True)
    now[0] += SLOW_FOR + 1
    assert verdicts.quick("s") is True
    assert verdicts.known("s", 1.0) is None
