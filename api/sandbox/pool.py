"""The server's side of the zygote and its workers: start, ask, kill, replace. Everything here is asynchronous."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from asyncio import FIRST_COMPLETED
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.sandbox import wire
from api.sandbox.locks import Lock
from api.sandbox.zygote import Forked
from api.settings import MIB, Settings

log = logging.getLogger("palermo.sandbox")

#: The status of a worker that went with its zygote; no worker ends by this signal otherwise.
LOST = signal.SIGHUP

#: Bytes that workers may own together in any case: over a release on disk they begin with little, and keep what they
#: read, 50 MiB for one aggregate over everything.
_LEAST = 128 * MIB

#: Seconds that a zygote may take to load; a release of ten million triples takes about twenty.
_LOADING = 300.0


class WorkerDied(Exception):
    """A worker went away before it answered. `signal` is what ended it, 0 for an exit of its own."""

    def __init__(self, number: int) -> None:
        self.signal = number
        super().__init__(f"worker ended by signal {number}")


@dataclass(frozen=True)
class Reply:
    """What a worker said: `members`, and the body in memory or in an open file."""

    members: dict[str, Any]
    body: bytes
    file: int | None


@dataclass
class Worker:
    """A forked process, waiting or at work."""

    number: int
    link: wire.Link
    pid: int = 0
    #: Bytes of memory that it shares with nobody, as it last said.
    own: int = 0
    exited: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def ask(self, request: dict[str, Any]) -> Reply:
        """Send a request and wait for the reply. Raises :class:`WorkerDied`."""
        try:
            await self.link.send(request)
            members, body = await self.link.receive()
        except wire.Closed:
            status = await asyncio.wait_for(asyncio.shield(self.exited), 5)
            raise WorkerDied(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0) from None
        self.own = int(members.get("own", self.own))
        return Reply(members, body, self.link.passed.pop(0) if self.link.passed else None)

    def cpu(self) -> float | None:
        """Processor seconds used since the fork; None where it cannot be known."""
        if not self.pid:
            return 0.0  # forked a moment ago; on a busy machine the zygote's word of it may take longer than a query
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Pool:
    """Workers from one zygote. A `federated` pool keeps its network, for queries whose SERVICE was allowed.

    `first` is a zygote that runs already; those after it are started when they are needed. Where `empty` is given,
    workers have no release: each query brings its data, and `empty` is the base of its names.

    To read the release is to write to its pages, which copies them: over all named queries a worker comes to own
    100 MiB, and a fresh one, which has to copy them again, takes twice as long for the same queries. So the worker that
    was asked last is asked next, and goes on for as long as all of them together own no more than :attr:`shared`.
    """

    def __init__(
        self,
        settings: Settings,
        spares: int,
        *,
        federated: bool = False,
        first: Forked | None = None,
        empty: str | None = None,
    ) -> None:
        self._empty = empty
        self._settings, self._spares, self._federated, self._first = settings, spares, federated, first
        self._numbers = itertools.count(1)
        self._workers: dict[int, Worker] = {}
        self._idle: deque[Worker] = deque()
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self._link: wire.Link | None = None
        self._listener: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._orders = asyncio.Lock()
        self._started = self._closing = False
        self._restarting: asyncio.Task[None] | None = None
        self._pause = 0.0
        #: Bytes of memory that workers were forked with, release and program; they may own as much again, together.
        self.shared = 0
        self.locks: list[Lock] = []
        self.replaced = 0

    async def start(self) -> None:
        """Start the zygote, wait until it has loaded, fork the spares. Raises :class:`RuntimeError` if it fails."""
        await self._launch()
        listener, loaded = self._listener, asyncio.ensure_future(self._ready.wait())
        await asyncio.wait({loaded, *([listener] if listener else [])}, timeout=_LOADING, return_when=FIRST_COMPLETED)
        if not loaded.done():
            loaded.cancel()
            raise RuntimeError("the process that answers queries did not start; its message stands above")
        self._started = True
        await self._fill()

    @property
    def ready(self) -> bool:
        """Whether workers can be had."""
        return self._ready.is_set()

    @property
    def pids(self) -> list[int]:
        """Process ids of the zygote and its workers."""
        own = [self._process.pid] if self._process else []
        return own + [worker.pid for worker in self._workers.values() if worker.pid]

    async def _launch(self) -> None:
        if self._first is not None:
            self._process, self._link, self._first = self._first, wire.Link(self._first.link), None
            self._listener = asyncio.create_task(self._listen(self._link))
            return
        ours, theirs = socket.socketpair()
        options = {
            "release": str(self._settings.release.absolute()),
            "indexes": str(self._settings.indexes.absolute()),
            "memory_statements": self._settings.memory_statements,
            "data": [str(path.absolute()) for path in self._settings.data],
            "memory": self._settings.memory_limit,
            "file_size": self._settings.byte_limit + MIB,
            "federated": self._federated,
            "empty": self._empty,
        }
        command = [sys.executable, "-m", "api.sandbox.zygote", str(theirs.fileno()), json.dumps(options)]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=_environment()
        )
        theirs.close()
        self._link = wire.Link(ours)
        self._listener = asyncio.create_task(self._listen(self._link))

    async def _listen(self, link: wire.Link) -> None:
        with contextlib.suppress(wire.Closed):
            while True:
                message, _ = await link.receive()
                if "ready" in message:
                    self.locks = [Lock(**lock) for lock in message["locks"]]
                    self.shared = max(message["resident"], _LEAST)
                    self._ready.set()
                elif "forked" in message and message["forked"] in self._workers:
                    self._workers[message["forked"]].pid = message["pid"]
                elif "exited" in message:
                    self._gone(message["exited"], message["status"])
        if self._started and not self._closing:
            self._restarting = asyncio.create_task(self._restart())

    def _gone(self, number: int, status: int) -> None:
        worker = self._workers.pop(number, None)
        if worker is None:
            return
        if not worker.exited.done():
            worker.exited.set_result(status)
        if worker in self._idle:
            self._idle.remove(worker)
            worker.link.close()
        self.replaced += 1

    async def _restart(self) -> None:
        """The zygote is gone, and its workers with it."""
        log.warning("the process that forks workers is gone; starting another")
        self._ready.clear()
        for number in list(self._workers):
            self._gone(number, LOST)
        if self._link:
            self._link.close()
        if self._process:
            await asyncio.to_thread(self._process.wait)
        await asyncio.sleep(self._pause)
        self._pause = min(2 * self._pause + 0.5, 30.0)  # one that keeps dying is not started in a busy loop
        await self._launch()
        await self._ready.wait()
        self._pause = 0.0
        await self._fill()

    async def _order(self, order: dict[str, Any], descriptor: int | None = None) -> None:
        async with self._orders:
            if self._link:
                with contextlib.suppress(wire.Closed):
                    await self._link.send(order, descriptor)

    async def _fork(self, nice: int) -> Worker:
        await asyncio.wait_for(self._ready.wait(), _LOADING)
        ours, theirs = socket.socketpair()
        worker = Worker(next(self._numbers), wire.Link(ours))
        self._workers[worker.number] = worker
        await self._order({"fork": worker.number, "nice": nice}, theirs.fileno())
        theirs.close()
        return worker

    async def _fill(self) -> None:
        while len(self._idle) < self._spares and not self._closing:
            self._idle.appendleft(await self._fork(0))  # the fresh are asked last

    async def take(self) -> Worker:
        """A worker for one query; give it back, or kill it."""
        while self._idle:
            worker = self._idle.pop()
            if worker.number in self._workers:
                return worker
        return await self._fork(0)

    def give(self, worker: Worker) -> None:
        """A worker that is done and may be asked again."""
        if len(self._idle) < self._spares and worker.number in self._workers:
            self._idle.append(worker)
        else:
            worker.link.close()  # it ends when its connection does

    async def lower(self, worker: Worker) -> None:
        """Give a worker the priority of the slow lane, for the rest of its life."""
        await self._order({"nice": worker.number, "to": self._settings.slow_nice})

    async def kill(self, worker: Worker) -> None:
        """End a worker at once and see to a spare."""
        await self._order({"kill": worker.number})
        worker.link.close()
        await self._fill()

    async def retire(self, worker: Worker) -> None:
        """Let a worker end by itself and see to a spare."""
        worker.link.close()
        await self._fill()

    @property
    def crowded(self) -> bool:
        """Whether workers own more memory than they may."""
        return sum(worker.own for worker in self._workers.values()) > self.shared

    async def thin(self) -> None:
        """Let waiting workers that own most end, and see to spares, until all together own no more than they may."""
        while self._idle and self.crowded:
            largest = max(self._idle, key=lambda worker: worker.own)
            if not largest.own:
                return  # those that own too much are at work
            self._idle.remove(largest)
            largest.own = 0
            await self.retire(largest)

    async def close(self) -> None:
        """End everything."""
        self._closing = True
        for task in (self._listener, self._restarting):
            if task:
                task.cancel()
        if self._link:
            self._link.close()
        for worker in self._workers.values():
            worker.link.close()
        if self._process:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)


def _environment() -> dict[str, str]:
    """What a zygote needs to find its modules, and none of the rest."""
    kept = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}
