"""Workers and the memory they own: who is asked next, and who makes room for whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from api.sandbox.pool import Pool, Reply, Worker
from api.settings import Settings
from tests.loops import run

Found = TypeVar("Found")

#: Takes some tens of megabytes to sort, and so that many pages. By text: Oxigraph 0.5.13 ends a process that sorts the
#: terms of this release themselves, whose order it has not total.
_LARGE = "SELECT ?a ?b { ?a ?p ?o . ?b ?q ?r . ?c ?s ?t . ?d ?u ?v } ORDER BY STR(?o) STR(?r) STR(?t) STR(?v) LIMIT 3"
_SMALL = "ASK {}"


async def ask(worker: Worker, query: str) -> Reply:
    request = {"query": query, "base": "http://localhost/", "format": "json", "coding": "", "rows": 10}
    request |= {
        "bytes": 1 << 20,
        "default": None,
        "named": None,
        "prologue": "",
        "from": [],
        "from_named": [],
        "data": None,
    }
    reply = await worker.ask(request)
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
