"""Workers and the memory they own: who is asked next, and who makes room for whom."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from api.sandbox.guard import inspect
from api.sandbox.job import Job
from api.sandbox.lanes import OTHER
from api.sandbox.pool import Pool, Reply, Worker
from api.sandbox.service import Sandbox, _State, _Work
from api.settings import Settings
from tests.loops import run

Found = TypeVar("Found")

#: Takes some tens of megabytes to sort, and so that many pages. By text: Oxigraph 0.5.13 ends a process that sorts the
#: terms of this release themselves, whose order it has not total.
_LARGE = "SELECT ?a ?b { ?a ?p ?o . ?b ?q ?r . ?c ?s ?t . ?d ?u ?v } ORDER BY STR(?o) STR(?r) STR(?t) STR(?v) LIMIT 3"
_SMALL = "ASK {}"
#: Some tenths of a second of counting: more than the slice of a query that others wait behind.
_DIGITS = " ".join(f"VALUES ?v{n} {{ 1 2 3 4 5 6 7 8 9 10 }}" for n in range(6))
_LONG = f"SELECT (COUNT(*) AS ?n) {{ {_DIGITS} }}"


def job(query: str) -> Job:
    """A query as a stranger's, with a limit that no machine needs."""
    return Job("a", query, inspect(query, depth=50, services=()), "http://localhost/", "json", "", 10, 30.0)


async def ask(worker: Worker, query: str) -> Reply:
    reply = await worker.ask(job(query).request(1 << 20))
    assert reply.members.get("ok"), reply.members
    return reply


def with_pool(release: Path, scene: Callable[[Pool], Awaitable[Found]]) -> Found:
    async def played() -> Found:
        pool = Pool(Settings(release=release), spares=3)
        await pool.start()
        try:
            return await scene(pool)
        finally:
            await pool.close()

    return run(played())


def test_who_was_asked_last_is_asked_next(tiny_release: Path) -> None:
    async def scene(pool: Pool) -> None:
        first, second = await pool.take(), await pool.take()
        pool.give(second)
        pool.give(first)
        assert await pool.take() is first
        await pool.kill(first)  # a fresh one takes its place, behind those that were asked already
        assert await pool.take() is second

    with_pool(tiny_release, scene)


def test_workers_say_what_they_own_and_make_room(tiny_release: Path) -> None:
    async def scene(pool: Pool) -> None:
        assert pool.shared > 10 << 20, "the zygote says how much memory workers begin with"
        worker = await pool.take()
        await ask(worker, _LARGE)
        await ask(worker, _SMALL)  # which says what was owned after the answer before
        assert worker.own > 8 << 20
        pool.give(worker)

        pool.shared = worker.own  # as much as they may
        assert not pool.crowded
        await pool.thin()
        assert await pool.take() is worker
        pool.give(worker)

        pool.shared = worker.own - 1
        assert pool.crowded
        await pool.thin()
        assert not pool.crowded
        taken = [await pool.take() for _ in range(3)]
        assert worker not in taken
        assert (await ask(taken[0], _SMALL)).body == b'{"head":{},"boolean":true}'

    with_pool(tiny_release, scene)


def test_a_fork_is_not_charged_for_a_busy_machine(tiny_release: Path) -> None:
    """Until the zygote has said which process it is, a new worker has used no processor time, however long that takes:
    by the clock, light queries were taken for heavy ones and sent behind the attackers."""

    async def scene(pool: Pool) -> None:
        for _ in range(3):
            await pool.take()
        fresh = await pool.take()
        assert not fresh.pid
        work = _Work(fresh, asyncio.create_task(fresh.ask(job(_SMALL).request(1 << 20))))
        time.sleep(0.3)  # nothing else is done meanwhile, so nobody hears the zygote
        assert work.seconds >= 0.3
        assert work.cpu == 0
        await work.asked
        while not fresh.pid:
            await asyncio.sleep(0.01)
        await ask(fresh, _LONG)
        assert work.cpu > 0, "from then on it is counted"

    with_pool(tiny_release, scene)


@pytest.mark.parametrize("known", [True, False])
def test_only_unknown_queries_make_room(tiny_release: Path, known: bool) -> None:
    """While others wait, a query of an unknown shape leaves the quick lane; one known to be quick is answered there."""

    async def scene() -> _State:
        sandbox = Sandbox(Settings(release=tiny_release, quick_budget=30.0))
        await sandbox.start()
        try:
            for _ in range(2):
                await sandbox._quick.enter("a", wait=1)
            waiting = asyncio.create_task(sandbox._quick.enter("b", rank=OTHER, wait=60))
            await asyncio.sleep(0)
            worker = await sandbox._pool.take()
            work = _Work(worker, asyncio.create_task(worker.ask(job(_LONG).request(1 << 20))))
            state = await sandbox._watched(work, job(_LONG), yielding=not known)
            await work.asked
            waiting.cancel()
            return state
        finally:
            await sandbox.close()

    assert run(scene()) is (_State.DONE if known else _State.YIELDED)
