"""The sandbox as a whole: one stranger's query in, one whole answer or one problem out.

A query goes to the quick lane first, unless its shape is known to be slow. What outlives the quick budget moves to the
slow lane: its worker goes on at low priority if the lane has room, else it is killed and the query waits its turn
there. A worker that is killed is replaced by a fork in milliseconds. See docs/sparql.md for the numbers.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields
from enum import Enum
from typing import Any

from api.errors import KINDS, Overloaded, Problem, TimedOut, TooComplex
from api.sandbox.guard import Inspection, inspect
from api.sandbox.job import Answer, Job, Spool
from api.sandbox.lanes import OTHER, PROMISING, URGENT, Gate, QueueFull
from api.sandbox.locks import Lock
from api.sandbox.outcomes import cause, timed_out
from api.sandbox.outcomes import problem as outcome
from api.sandbox.pool import LOST, Pool, Reply, Worker, WorkerDied
from api.sandbox.verdicts import Verdicts
from api.sandbox.zygote import Forked
from api.settings import Settings

#: Quick queries that may wait; the lane empties in seconds, so this is only a bound.
QUICK_QUEUE = 512
#: What a query in the quick lane gets while others wait for its place (seconds).
_SLICE = 0.05
#: Longer queries are inspected in a worker: 2 kB take about a millisecond, and nothing else is answered meanwhile.
_INLINE = 2048
#: Texts whose inspection is kept, and the longest of them in characters: together at most some 8 MB.
_KEPT_TEXTS, _KEPT_TEXT = 500, 8192
#: Seconds that reading the longest query may take.
_INSPECTION = 5.0


class _State(Enum):
    """What a query in the quick lane has come to."""

    DONE = "done"
    SPENT = "spent"
    YIELDED = "yielded"


class _Work:
    """A worker at a query. `once` says that it is not to be asked again."""

    def __init__(self, worker: Worker, asked: asyncio.Task[Reply]) -> None:
        self._worker, self.asked, self.once = worker, asked, False
        self._begun, self._before = time.monotonic(), worker.cpu()

    @property
    def seconds(self) -> float:
        """Time by the clock."""
        return time.monotonic() - self._begun

    @property
    def cpu(self) -> float:
        """Processor time; by the clock where it cannot be known."""
        now = self._worker.cpu()
        return self.seconds if now is None or self._before is None else now - self._before


class Sandbox:
    """Runs strangers' queries on one release, or where `empty` is given, on the data that each query brings."""

    def __init__(self, settings: Settings, first: Forked | None = None, empty: str | None = None) -> None:
        self._settings = settings
        self._pool = Pool(settings, settings.quick_workers + 1 if empty is None else 1, first=first, empty=empty)
        self._federated = Pool(settings, 1, federated=True) if settings.services else None
        self._quick = Gate(settings.quick_workers, queue=QUICK_QUEUE, share=QUICK_QUEUE, reserve=1)
        self._slow = Gate(settings.slow_workers, queue=settings.queue_limit, share=settings.queue_share)
        self._spool = Spool(settings.spool_limit)
        self._read: OrderedDict[str, Inspection] = OrderedDict()
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
            reply, spent = await self._tried_again(job)
        except WorkerDied as died:
            if died.signal == LOST:
                raise Overloaded("The service is starting again.", headers={"Retry-After": "1"}) from None
            raise self._problem(job, cause(died.signal), {}, time.monotonic() - begun) from None
        error = reply.members.get("error")
        if error is not None:
            raise self._problem(job, error, reply.members, spent)
        return self._spool.hold(Answer(reply, spent, time.monotonic() - begun - spent))

    async def inspect(self, client: str, query: str) -> Inspection:
        """What the guard sees in a query; a long one is read in a worker, not here. Raises the guard's problems.

        What was seen in the last few texts is kept: pages and notebooks ask the same again and again, and reading one
        takes longer than many an answer.
        """
        if (known := self._read.get(query)) is not None:
            self._read.move_to_end(query)
            return known
        seen = await self._inspected(client, query)
        if len(query) <= _KEPT_TEXT:
            self._read[query] = seen
            if len(self._read) > _KEPT_TEXTS:
                self._read.popitem(last=False)
        return seen

    async def _inspected(self, client: str, query: str) -> Inspection:
        settings = self._settings
        if len(query) <= _INLINE:
            return inspect(query, depth=settings.depth_limit, services=settings.services)
        reply = await self._read_by_worker(
            client, {"inspect": query, "depth": settings.depth_limit, "services": settings.services}
        )
        if "error" in reply:
            raise KINDS[reply["kind"]](reply["detail"], **reply["members"])
        named = {one.name for one in fields(Inspection)}
        values = {name: value for name, value in reply.items() if name in named}
        return Inspection(**{**values, "default": tuple(values["default"]), "named": tuple(values["named"])})

    async def parse(self, client: str, query: str, base: str | None) -> None:
        """Read a query for an engine elsewhere, without running it. Raises SyntaxProblem and TooComplex."""
        reply = await self._read_by_worker(client, {"parse": query, "base": base})
        if "error" in reply:
            raise outcome(reply["error"], reply, self._settings)[0]

    async def _read_by_worker(self, client: str, request: dict[str, Any]) -> dict[str, Any]:
        await self._enter(self._quick, client)
        try:
            worker = await self._pool.take()
            async with self._at_work(self._pool, worker, request) as work, asyncio.timeout(_INSPECTION):
                return (await asyncio.shield(work.asked)).members
        except (TimeoutError, WorkerDied):
            raise TooComplex("The query could not be read in time. Write it shorter.") from None
        finally:
            self._quick.leave()

    async def _tried_again(self, job: Job) -> tuple[Reply, float]:
        """The reply; another worker is asked where one went for a reason that is not the query's.

        All of them may have gone at once, so there are as many further tries as workers.
        """
        for _ in range(self._settings.quick_workers + self._settings.slow_workers):
            try:
                return await self._through_lanes(job)
            except WorkerDied as died:
                if died.signal not in (signal.SIGKILL, LOST):
                    raise
        return await self._through_lanes(job)

    async def _through_lanes(self, job: Job) -> tuple[Reply, float]:
        """The reply and the seconds it took, in whichever lane."""
        quick = self.verdicts.quick(job.seen.shape)
        if quick is not False and not job.seen.federated:
            rank = URGENT if quick else PROMISING if job.seen.promising else OTHER
            reply, spent = await self._in_quick_lane(job, rank)
            if reply is not None:
                return reply, spent
        return await self._in_slow_lane(job)

    async def _in_quick_lane(self, job: Job, rank: int) -> tuple[Reply | None, float]:
        """The reply, or None if the query has to start again in the slow lane."""
        await self._enter(self._quick, job.client, rank)
        with contextlib.ExitStack() as places:
            leave_quick = places.enter_context(once(lambda: self._quick.leave(rank=rank)))
            worker = await self._pool.take()
            async with self._at_work(self._pool, worker, job.request(self._settings.byte_limit)) as work:
                state = await self._watched(work, job, yielding=rank != URGENT)
                if state is _State.DONE:
                    self.verdicts.saw(job.seen.shape, quick=True)
                    return await work.asked, work.seconds
                if state is _State.SPENT:
                    self.verdicts.saw(job.seen.shape, quick=False)
                if work.seconds >= job.seconds:
                    raise self._timed_out(job, work.cpu, work.seconds)
                if not self._slow.take_free():
                    return None, 0.0
                places.enter_context(once(self._slow.leave))
                leave_quick()
                work.once = True
                await self._pool.lower(worker)
                return await self._until(job, work, job.seconds - work.seconds), work.seconds

    async def _in_slow_lane(self, job: Job) -> tuple[Reply, float]:
        pool = self._federated if job.seen.federated and self._federated else self._pool
        await self._enter(self._slow, job.client)
        with once(self._slow.leave):
            worker = await pool.take()
            await pool.lower(worker)
            async with self._at_work(pool, worker, job.request(self._settings.byte_limit)) as work:
                work.once = True
                reply = await self._until(job, work, job.seconds)
                if reply.members["cpu"] < self._settings.quick_budget:
                    self.verdicts.saw(job.seen.shape, quick=True)
                return reply, work.seconds

    async def _enter(self, gate: Gate, client: str, rank: int = OTHER) -> None:
        try:
            await gate.enter(client, rank=rank, wait=self._settings.queue_wait)
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
    async def _at_work(self, pool: Pool, worker: Worker, request: dict[str, Any]) -> AsyncIterator[_Work]:
        """A worker at its query; whatever happens inside, it is given back, retired or killed at the end."""
        work = _Work(worker, asyncio.create_task(worker.ask(request)))
        asked = work.asked
        try:
            yield work
        finally:
            whole = asked.done() and not asked.cancelled() and asked.exception() is None
            if not whole:
                asked.cancel()
                with contextlib.suppress(asyncio.CancelledError, WorkerDied, TimeoutError):
                    await asked
                self._later(pool.kill(worker))
            elif work.once or asked.result().members.get("retire"):
                self._later(pool.retire(worker))
            else:
                pool.give(worker)
                if pool.crowded:
                    self._later(pool.thin())

    def _later(self, what: Any) -> None:
        """Something the client need not wait for."""
        task = asyncio.ensure_future(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watched(self, work: _Work, job: Job, *, yielding: bool) -> _State:
        """Wait until the query is done, has used up the quick budget, or, if it is `yielding`, should make room for
        others that wait.

        The budget is processor time, so that a query is not blamed for a busy machine. One that makes room is not
        called slow for it, and makes none where the slow lane could not take it. One known to be quick makes none: a
        fresh worker's first pages can cost it a slice, and it would wait for seconds where it needs milliseconds.
        """
        budget = min(self._settings.quick_budget, job.seconds)
        while True:
            done, _ = await asyncio.wait({work.asked}, timeout=min(_SLICE, budget))
            if done:
                return _State.DONE
            used = work.cpu
            if used >= budget:
                return _State.SPENT
            if work.seconds >= job.seconds:
                return _State.YIELDED
            if yielding and self._quick.waiting and self._slow.room(job.client) and used >= _SLICE:
                return _State.YIELDED

    async def _until(self, job: Job, work: _Work, left: float) -> Reply:
        """Wait for the reply until the time limit. Raises :class:`TimedOut`."""
        before = work.cpu
        try:
            async with asyncio.timeout(max(left, 0.001)):
                return await asyncio.shield(work.asked)
        except TimeoutError:
            raise self._timed_out(job, work.cpu - before, left) from None

    def _timed_out(self, job: Job, used: float, wall: float) -> TimedOut:
        """The problem, remembered unless the machine left the query waiting: it may well finish another time."""
        problem = timed_out(job.seconds)
        if used >= wall / 2:
            self.verdicts.remember(job.key, problem, job.seconds)
        return problem

    def _problem(self, job: Job, error: str, members: dict[str, Any], spent: float) -> Problem:
        problem, always = outcome(error, members, self._settings)
        if always:
            self.verdicts.remember(job.key, problem, spent)
        return problem


@contextlib.contextmanager
def once(call: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Call something at the end, or earlier by the function that is given; once in any case."""
    left = [call]

    def now() -> None:
        if left:
            left.pop()()

    try:
        yield now
    finally:
        now()
