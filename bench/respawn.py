"""How long it takes until a killed worker is replaced: forked from a loaded process, or started by a process pool.

    python -m bench.respawn [RELEASE]

Prints milliseconds, the median of several runs, over the same release: the fork of `api.sandbox` and a Pebble
ProcessPool whose initializer loads the release. Then the cost of one call through each.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from pebble import ProcessPool
from pyoxigraph import QueryResultsFormat, Store

from api.sandbox.guard import inspect
from api.sandbox.job import Job
from api.sandbox.pool import Pool
from api.settings import Settings
from graph.read.embedded import load_release

QUERY = "SELECT ?s { ?s a ?class } LIMIT 10"
_STORE: list[Store] = []  # one of each pool worker's own


def _load(directory: str) -> None:
    _STORE.append(load_release(Path(directory))[0])


def _answer(query: str) -> bytes:
    result: Any = _STORE[0].query(query)
    return bytes(result.serialize(format=QueryResultsFormat.JSON))


def _die() -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


def pebble(directory: str, runs: int) -> tuple[float, float]:
    """Milliseconds until the first answer after a worker was killed, and for one call."""
    with ProcessPool(max_workers=1, initializer=_load, initargs=(directory,)) as pool:
        pool.schedule(_answer, args=(QUERY,)).result()
        calls, respawns = list[float](), list[float]()
        for _ in range(200):
            begun = time.perf_counter()
            pool.schedule(_answer, args=(QUERY,)).result()
            calls.append(time.perf_counter() - begun)
        for _ in range(runs):
            pool.schedule(_die).exception()
            begun = time.perf_counter()
            pool.schedule(_answer, args=(QUERY,)).result()
            respawns.append(time.perf_counter() - begun)
    return statistics.median(respawns) * 1000, statistics.median(calls) * 1000


async def forked(directory: str, runs: int) -> tuple[float, float]:
    """The same through the sandbox's own pool, without spares."""
    seen = inspect(QUERY, depth=50, services=())
    request = Job("bench", QUERY, seen, "http://localhost/", "json", "", 10, 30.0).request(1 << 20)
    pool = Pool(Settings(release=Path(directory)), spares=1)
    await pool.start()
    calls, respawns = list[float](), list[float]()
    for _ in range(200):
        worker = await pool.take()
        begun = time.perf_counter()
        await worker.ask(request)
        calls.append(time.perf_counter() - begun)
        pool.give(worker)
    for _ in range(runs):
        begun = time.perf_counter()
        await pool.kill(await pool.take())
        worker = await pool.take()
        await worker.ask(request)
        respawns.append(time.perf_counter() - begun)
        pool.give(worker)
    await pool.close()
    return statistics.median(respawns) * 1000, statistics.median(calls) * 1000


def main() -> None:
    """Measure both and print them."""
    directory = sys.argv[1] if len(sys.argv) > 1 else "build/release"
    own, other = asyncio.run(forked(directory, 20)), pebble(directory, 5)
    print(
        json.dumps(
            {
                "fork": {"respawn": round(own[0], 1), "call": round(own[1], 2)},
                "pebble": {"respawn": round(other[0], 1), "call": round(other[1], 2)},
            }
        )
    )


if __name__ == "__main__":
    main()
