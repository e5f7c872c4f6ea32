"""The sandbox as a whole: one stranger's query in, one whole answer or one problem out.

A query goes to the quick lane first, unless its shape is known to be slow. What outlives the quick budget moves to the
slow lane: its worker goes on at low priority if the lane has room, else it is killed and the query waits its turn
there. A worker that is killed is replaced by a fork in milliseconds. See docs/sparql.md for the numbers.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, fields
from typing import Any

from api.errors import (
    KINDS,
    Failure,
    OutOfMemory,
    Overloaded,
    Problem,
    ResultTooLarge,
    ServiceFailed,
    SyntaxProblem,
    TimedOut,
    TooComplex,
)
from api.sandbox.guard import Inspection, inspect
from api.sandbox.lanes import Gate, QueueFull
from api.sandbox.locks import Lock
from api.sandbox.pool import LOST, Pool, Reply, Worker, WorkerDied
from api.sandbox.verdicts import Verdicts
from api.settings import Settings

#: Quick queries that may wait; the lane empties in seconds, so this is only a bound.
_QUICK_QUEUE = 512
#: What a query in the quick lane gets while others wait for its place (seconds).
_SLICE = 0.05
#: By the clock, a query may take so many times its budget of processor time.
_GRANTS = 4
#: Longer queries are inspected in a worker: 2 kB take about a millisecond, and nothing else is answered meanwhile.
_INLINE = 2048
#: Seconds that reading the longest query may take.
_INSPECTION = 5.0
_CHUNK = 1 << 18
#: What a worker tells of a syntax error, beside the detail.
_TOLD = ("line", "column", "source", "marker", "hint")


@dataclass(frozen=True)
class Job:
    """One query to run. `default` and `named` are the graphs the protocol names, None where it names none."""

    client: str
    query: str
    seen: Inspection
    base: str
    format: str
    coding: str
    rows: int
    seconds: float
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        """What a verdict is remembered under."""
        return "\n".join((self.seen.normal, repr(self.default), repr(self.named)))

    def request(self, size: int) -> dict[str, Any]:
        """The message to a worker."""
        return {
            "query": self.query,
            "form": self.seen.form,
            "base": self.base,
            "format": self.format,
            "coding": self.coding,
            "rows": self.rows,
            "bytes": size,
            "default": self.default,
            "named": self.named,
            "prologue": self.seen.prologue,
            "from": self.seen.default,
            "from_named": self.seen.named,
        }


class Answer:
    """A whole answer, to be read once and closed. `seconds` is the time it took to run."""

    def __init__(self, reply: Reply, seconds: float, waited: float) -> None:
        self._reply = reply
        self.rows: int = reply.members["rows"]
        self.truncated: bool = reply.members["truncated"]
        self.coding: str = reply.members["coding"]
        self.seconds, self.waited = seconds, waited
        self.size = len(reply.body) if reply.file is None else os.fstat(reply.file).st_size
        self._file = reply.file
        self.on_close: Callable[[int], None] | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece."""
        if self._file is None:
            yield self._reply.body
            return
        at = 0
        while at < self.size and self._file is not None:
            data = os.pread(self._file, _CHUNK, at)  # from memory: a memory file never waits for a disk
            at += len(data)
            yield data

    def close(self) -> None:
        """Let go of the body."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self.on_close is not None:
            self.on_close(self.size)
            self.on_close = None


class Sandbox:
    """Runs strangers' queries on one release."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = Pool(settings, settings.quick_workers + 1)
        self._federated = Pool(settings, 1, federated=True) if settings.services else None
        self._quick = Gate(settings.quick_workers, queue=_QUICK_QUEUE, share=_QUICK_QUEUE, reserve=1)
        self._slow = Gate(settings.slow_workers, queue=settings.queue_limit, share=settings.queue_share)
        self._spooled = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.verdicts = Verdicts(settings.verdict_limit)

    async def start(self) -> None:
        """Load the release and fork the first workers."""
        await asyncio.gather(*(pool.start() for pool in self._pools))

    @property
    def _pools(self) -> list[Pool]:
        return [self._pool, *([self._federated] if self._federated else [])]

    @property
    def ready(self) -> bool:
        """Whether queries can be answered now."""
        return self._pool.ready

    @property
    def locks(self) -> list[Lock]:
        """The locks on the workers, and whether each holds here."""
        return self._pool.locks

    @property
    def pids(self) -> list[int]:
        """Process ids of everything the sandbox runs."""
        return [pid for pool in self._pools for pid in pool.pids]

    @property
    def load(self) -> dict[str, int]:
        """How much runs and waits in each lane."""
        return {
            "quick": self._quick.taken,
            "quick_waiting": self._quick.waiting,
            "slow": self._slow.taken,
            "slow_waiting": self._slow.waiting,
        }

    async def close(self) -> None:
        """End every process."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(pool.close() for pool in self._pools))

    async def run(self, job: Job) -> Answer:
        """Run one query. Cancel the call to stop it; its worker is then killed.

        Raises the problems SyntaxProblem, TimedOut, OutOfMemory, TooComplex, ResultTooLarge, ServiceFailed, Overloaded,
        Failure.
        """
        known = self.verdicts.known(job.key, job.seconds)
        if known is not None:
            raise known
        begun = time.monotonic()
        try:
            reply, spent = await self._through_lanes(job)
        except WorkerDied as died:
            if died.signal == LOST:
                raise Overloaded("The service is starting again.", headers={"Retry-After": "1"}) from None
            raise self._problem(job, cause(died.signal), {}, time.monotonic() - begun) from None
        error = reply.members.get("error")
        if error is not None:
            raise self._problem(job, error, reply.members, spent)
        return self._spool(Answer(reply, spent, time.monotonic() - begun - spent))

    async def inspect(self, client: str, query: str) -> Inspection:
        """What the guard sees in a query; a long one is read in a worker, not here. Raises the guard's problems."""
        settings = self._settings
        if len(query) <= _INLINE:
            return inspect(query, depth=settings.depth_limit, services=settings.services)
        request = {"inspect": query, "depth": settings.depth_limit, "services": settings.services}
        await self._enter(self._quick, client)
        try:
            worker = await self._pool.take()
            async with self._at_work(self._pool, worker, request) as (asked, _):
                async with asyncio.timeout(_INSPECTION):
                    reply = (await asyncio.shield(asked)).members
        except (TimeoutError, WorkerDied):
            raise TooComplex("The query could not be read in time. Write it shorter.") from None
        finally:
            self._quick.leave()
        if "error" in reply:
            raise KINDS[reply["kind"]](reply["detail"], **reply["members"])
        named = {one.name for one in fields(Inspection)}
        values = {name: value for name, value in reply.items() if name in named}
        return Inspection(**{**values, "default": tuple(values["default"]), "named": tuple(values["named"])})

    async def _through_lanes(self, job: Job) -> tuple[Reply, float]:
        """The reply and the seconds it took, in whichever lane."""
        quick = self.verdicts.quick(job.seen.shape)
        if quick is not False and not job.seen.federated:
            reply, spent = await self._in_quick_lane(job, urgent=quick is True)
            if reply is not None:
                return reply, spent
        return await self._in_slow_lane(job)

    def _spool(self, answer: Answer) -> Answer:
        """Count an answer that waits for its reader. Raises :class:`Overloaded` where too much waits already."""
        if self._spooled + answer.size > self._settings.spool_limit:
            answer.close()
            raise Overloaded("Too many answers wait for slow readers.", headers={"Retry-After": "10"})
        self._spooled += answer.size
        answer.on_close = self._unspool
        return answer

    def _unspool(self, size: int) -> None:
        self._spooled -= size

    async def _in_quick_lane(self, job: Job, *, urgent: bool) -> tuple[Reply | None, float]:
        """The reply, or None if the query has to start again in the slow lane."""
        await self._enter(self._quick, job.client, urgent=urgent)
        inside = True
        try:
            worker = await self._pool.take()
            async with self._at_work(self._pool, worker, job.request(self._settings.byte_limit)) as (asked, begun):
                if await self._finished(worker, asked, min(self._settings.quick_budget, job.seconds)):
                    self.verdicts.saw(job.seen.shape, quick=True)
                    return await asked, time.monotonic() - begun
                self.verdicts.saw(job.seen.shape, quick=False)
                if time.monotonic() - begun >= job.seconds:
                    raise self._timed_out(job, worker.cpu(), job.seconds)
                if not self._slow.take_free():
                    return None, 0.0
                self._quick.leave(urgent=urgent)
                inside = False
                try:
                    await self._pool.lower(worker)
                    left = job.seconds - (time.monotonic() - begun)
                    return await self._until(job, worker, asked, left), time.monotonic() - begun
                finally:
                    self._slow.leave()
        finally:
            if inside:
                self._quick.leave(urgent=urgent)

    async def _in_slow_lane(self, job: Job) -> tuple[Reply, float]:
        pool = self._federated if job.seen.federated and self._federated else self._pool
        await self._enter(self._slow, job.client)
        try:
            worker = await pool.take()
            await pool.lower(worker)
            async with self._at_work(pool, worker, job.request(self._settings.byte_limit), once=True) as (asked, begun):
                reply = await self._until(job, worker, asked, job.seconds)
                if reply.members["cpu"] < self._settings.quick_budget:
                    self.verdicts.saw(job.seen.shape, quick=True)
                return reply, time.monotonic() - begun
        finally:
            self._slow.leave()

    async def _enter(self, gate: Gate, client: str, *, urgent: bool = False) -> None:
        try:
            await gate.enter(client, urgent=urgent, wait=self._settings.queue_wait)
        except QueueFull as full:
            whose = "Your share of the queue for long queries is" if full.mine else "The queue for long queries is"
            raise Overloaded(f"{whose} used up.", headers={"Retry-After": self._retry_after()}) from None
        except TimeoutError:
            raise Overloaded(
                f"No place came free within {self._settings.queue_wait:g} seconds.",
                headers={"Retry-After": self._retry_after()},
            ) from None

    def _retry_after(self) -> str:
        ahead = 1 + self._slow.waiting // self._settings.slow_workers
        return str(max(1, round(min(60.0, ahead * self._settings.time_limit / 4))))

    @contextlib.asynccontextmanager
    async def _at_work(
        self, pool: Pool, worker: Worker, request: dict[str, Any], *, once: bool = False
    ) -> AsyncIterator[tuple[asyncio.Task[Reply], float]]:
        """A worker at its query; whatever happens inside, it is given back, retired or killed at the end."""
        asked = asyncio.create_task(worker.ask(request))
        try:
            yield asked, time.monotonic()
        finally:
            whole = asked.done() and not asked.cancelled() and asked.exception() is None
            if not whole:
                asked.cancel()
                with contextlib.suppress(asyncio.CancelledError, WorkerDied, TimeoutError):
                    await asked
                self._later(pool.kill(worker))
            elif once or asked.result().members.get("retire"):
                self._later(pool.retire(worker))
            else:
                pool.give(worker)

    def _later(self, what: Any) -> None:
        """Something the client need not wait for."""
        task = asyncio.ensure_future(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finished(self, worker: Worker, asked: asyncio.Task[Reply], budget: float) -> bool:
        """Wait for the reply until the budget is used up: the whole of it while nobody waits, a slice if somebody does.

        The budget is processor time, so that a query is not blamed for a busy machine, up to some times as much by the
        clock.
        """
        before, begun = worker.cpu(), time.monotonic()
        while True:
            done, _ = await asyncio.wait({asked}, timeout=min(_SLICE, budget))
            clock, now = time.monotonic() - begun, worker.cpu()
            used = clock if before is None or now is None else now - before
            if done or used >= budget or clock >= _GRANTS * budget or (self._quick.waiting and used >= _SLICE):
                return bool(done)

    async def _until(self, job: Job, worker: Worker, asked: asyncio.Task[Reply], left: float) -> Reply:
        """Wait for the reply until the time limit. Raises :class:`TimedOut`."""
        before = worker.cpu()
        try:
            async with asyncio.timeout(max(left, 0.001)):
                return await asyncio.shield(asked)
        except TimeoutError:
            used = worker.cpu()
            spent = None if used is None or before is None else used - before
            raise self._timed_out(job, spent, left) from None

    def _timed_out(self, job: Job, used: float | None, wall: float) -> TimedOut:
        """The problem, remembered unless the machine left the query waiting: it may well finish another time."""
        problem = TimedOut(
            f"The query was stopped after its limit of {job.seconds:g} seconds. " + TimedOut.remedy,
            limit=job.seconds,
        )
        if used is None or used >= wall / 2:
            self.verdicts.remember(job.key, problem, job.seconds)
        return problem

    def _problem(self, job: Job, error: str, members: dict[str, Any], spent: float) -> Exception:
        limits = self._settings
        problem: Problem
        match error:
            case "syntax":
                told = {name: members[name] for name in _TOLD if name in members}
                return SyntaxProblem(members["detail"], **told)
            case "bytes":
                problem = ResultTooLarge(
                    f"The answer is larger than {limits.byte_limit} bytes. " + ResultTooLarge.remedy,
                    limit=limits.byte_limit,
                )
            case "memory":
                problem = OutOfMemory(
                    f"The query needs more than {limits.memory_limit} bytes of memory. " + OutOfMemory.remedy,
                    limit=limits.memory_limit,
                )
            case "nesting":
                problem = TooComplex("The query nests deeper than the engine can follow. " + TooComplex.remedy)
            case "killed":  # by the machine, which may have been short of memory for other reasons
                return OutOfMemory(headers={"Retry-After": "10"})
            case "service":
                return ServiceFailed()
            case _:
                return Failure()
        self.verdicts.remember(job.key, problem, spent)
        return problem


def cause(number: int) -> str:
    """What a signal that ended a worker says about its query: Rust aborts when memory runs out, and a parser that
    runs out of stack is stopped by the memory protection.
    """
    if number == signal.SIGKILL:
        return "killed"
    if number == signal.SIGABRT:
        return "memory"
    return "nesting" if number in (signal.SIGSEGV, signal.SIGBUS) else "engine"
