"""Strangers' SPARQL where the release is in an engine elsewhere: guarded here, run there, written here.

It stands where :class:`api.sandbox.service.Sandbox` stands and keeps its promises as far as another engine allows: the
guard refuses updates and SERVICE before anything is sent; a query that outlives the quick budget moves
to the slow lane, and begins anew there where that lane has no place free; clients take turns; time, rows and bytes of
an answer are limited. A query that is given up, by its client or for its time, loses its connection at once; whether
the engine then stops, and how much memory it takes, is for the engine's own limits. Where several default graphs are
asked for, they are fetched, and the query runs on them in a sandbox of our own (:mod:`graph.remote.datasets`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from dataclasses import replace
from typing import Any, Final

import httpx
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from api.errors import EngineFailed, Overloaded, Problem, ResultTooLarge, SyntaxProblem
from api.sandbox.guard import Inspection, inspect
from api.sandbox.job import Answer, Job, Spool
from api.sandbox.lanes import OTHER, PROMISING, URGENT, Gate, QueueFull
from api.sandbox.locks import Lock
from api.sandbox.outcomes import timed_out
from api.sandbox.output import Sink, TooMany
from api.sandbox.pool import Reply
from api.sandbox.service import QUICK_QUEUE, Sandbox, once
from api.sandbox.syntax import mistake
from api.sandbox.verdicts import Verdicts
from api.sandbox.worker import written
from api.settings import Settings
from graph.read.remote import RemoteStore
from graph.read.store import BadQuery, StoreError, StoreFailure, StoreTimeout, StoreUnavailable
from graph.remote import answers
from graph.remote.asking import Asking
from graph.remote.datasets import Dataset, stated
from graph.remote.endpoint import GRACE, TooMuch

#: SPARQL JSON and N-Triples are longer than most of what is made of them.
_LONGER: Final = 4
#: Characters of a query that is parsed in this process. Longer ones are parsed where they end nothing but themselves: a
#: path of 900 steps, in 1,800 characters, runs the parser out of a thread's stack.
_INLINE: Final = 300
#: The quick budget is processor time; by the clock, which is all that is known here, a busy engine and the way there
#: count too.
_BY_THE_CLOCK: Final = 4


class Forwarder:
    """Runs strangers' queries on the engine that holds the release."""

    def __init__(self, settings: Settings, store: RemoteStore) -> None:
        self._settings, self._store = settings, store
        self._quick = Gate(settings.quick_workers, queue=QUICK_QUEUE, share=QUICK_QUEUE, reserve=1)
        self._slow = Gate(settings.slow_workers, queue=settings.queue_limit, share=settings.queue_share)
        self._spool = Spool(settings.spool_limit)
        self._asking: Asking | None = None
        self._merging: Sandbox | None = None
        self._starting = asyncio.Lock()
        self._budget = _BY_THE_CLOCK * settings.quick_budget
        self.verdicts = Verdicts(settings.verdict_limit)

    async def start(self) -> None:
        """Make the connections' home; the engine runs already."""
        self._asking = Asking(self._store.endpoint)

    async def close(self) -> None:
        """Let go of the connections, and of the sandbox where there is one."""
        if self._asking is not None:
            await self._asking.close()
        if self._merging is not None:
            await self._merging.close()

    @property
    def ready(self) -> bool:
        """Whether queries can be sent."""
        return self._asking is not None

    @property
    def locks(self) -> list[Lock]:
        """Those of the sandbox for merged graphs, where one runs."""
        return self._merging.locks if self._merging else []

    @property
    def pids(self) -> list[int]:
        """Processes of the sandbox for merged graphs, where one runs."""
        return self._merging.pids if self._merging else []

    @property
    def load(self) -> dict[str, int]:
        """How much runs and waits in each lane."""
        return {
            "quick": self._quick.taken,
            "quick_waiting": self._quick.waiting,
            "slow": self._slow.taken,
            "slow_waiting": self._slow.waiting,
        }

    async def inspect(self, client: str, query: str) -> Inspection:
        """What the guard sees in a query. No SERVICE is allowed, since it would run with the engine's rights.

        Raises the guard's problems."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, lambda: inspect(query, depth=self._settings.depth_limit, services=()))

    async def run(self, job: Job) -> Answer:
        """Run one query. Cancel the call to give it up. Raises the problems that the sandbox raises."""
        if (known := self.verdicts.known(job.key, job.seconds)) is not None:
            raise known
        begun = time.monotonic()
        try:
            dataset = _dataset(job)
            if dataset and dataset.merged:
                return await self._on_merged(job, dataset)
            await self._parsed(job)
            text = await asyncio.to_thread(self._prepared, job, dataset)
            reply, spent = await self._through_lanes(job, text)
            return self._spool.hold(Answer(reply, spent, time.monotonic() - begun - spent))
        except StoreError as error:
            raise self._problem(job, error) from None
        except TooMany:
            raise self._too_large() from None

    async def _parsed(self, job: Job) -> None:
        """Raises SyntaxProblem for what is no SPARQL 1.1, whatever the engine makes of it: Virtuoso answers queries
        that are not closed, or whose prefixes nobody declared."""
        if len(job.query) > _INLINE:
            await (await self._sandbox()).parse(job.client, job.query, job.base)
        elif told := await asyncio.to_thread(mistake, job.query, job.base):
            raise SyntaxProblem(told.pop("detail"), **told)

    def _prepared(self, job: Job, dataset: Dataset | None) -> str:
        """The query as the engine gets it; relative names count from our address, not from the engine's."""
        text = self._store.prepared(job.query, known=False, dataset=dataset)
        return f"BASE <{job.base}>\n{text}" if job.base else text

    async def _through_lanes(self, job: Job, text: str) -> tuple[Reply, float]:
        """The reply and the seconds it took, in whichever lane."""
        quick = self.verdicts.quick(job.seen.shape)
        if quick is not False:
            rank = URGENT if quick else PROMISING if job.seen.promising else OTHER
            reply, spent = await self._in_quick_lane(job, text, rank)
            if reply is not None:
                return reply, spent
        await self._enter(self._slow, job.client)
        try:
            begun = time.monotonic()
            reply = await self._asked(job, text, job.seconds)
            spent = time.monotonic() - begun
        finally:
            self._slow.leave()
        if spent < self._budget:
            self.verdicts.saw(job.seen.shape, quick=True)
        return reply, spent

    async def _in_quick_lane(self, job: Job, text: str, rank: int) -> tuple[Reply | None, float]:
        """The reply, or None if the query has to start again in the slow lane.

        A place in the slow lane, where one is free, is taken at the start: then the query may go on there. Else the
        engine is told no more than the quick budget, since one that does not notice that we have gone would run on.
        """
        await self._enter(self._quick, job.client, rank)
        begun, budget = time.monotonic(), self._budget
        with contextlib.ExitStack() as places:
            leave_quick = places.enter_context(once(lambda: self._quick.leave(rank=rank)))
            goes_on = rank != URGENT and self._slow.take_free()
            if goes_on:
                places.enter_context(once(self._slow.leave))
            asked = asyncio.ensure_future(self._asked(job, text, job.seconds if goes_on else min(budget, job.seconds)))
            try:
                await asyncio.wait({asked}, timeout=budget)
                late = not asked.done() or (not goes_on and isinstance(asked.exception(), StoreTimeout))
                self.verdicts.saw(job.seen.shape, quick=not late)
                if late and not goes_on:
                    if budget >= job.seconds:
                        raise StoreTimeout("the engine did not answer in time")
                    return None, 0.0
                if late:
                    leave_quick()
                return await asked, time.monotonic() - begun
            finally:
                await _given_up(asked)

    async def _enter(self, gate: Gate, client: str, rank: int = OTHER) -> None:
        try:
            await gate.enter(client, rank=rank, wait=self._settings.queue_wait)
        except (QueueFull, TimeoutError):
            raise Overloaded(headers={"Retry-After": "5"}) from None

    async def _asked(self, job: Job, text: str, seconds: float) -> Reply:
        """Ask the engine within a limit of time, and write what it answers."""
        graph = job.seen.form in ("CONSTRUCT", "DESCRIBE")
        accept = answers.GRAPH if graph else answers.ROWS
        response = await self._fetched(text, accept, seconds, _LONGER * self._settings.byte_limit)
        writing = asyncio.ensure_future(asyncio.to_thread(self._written, job, response, graph=graph))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            writing.add_done_callback(_dropped)
            raise

    async def _fetched(self, text: str, accept: str, seconds: float, most: int) -> httpx.Response:
        """The engine's answer, whole, within the time. Raises :class:`StoreError`."""
        assert self._asking is not None, "asked before the start"
        try:
            async with asyncio.timeout(seconds + GRACE):
                return await self._asking.query(text, accept, limit=seconds, most=most)
        except TimeoutError:
            raise StoreTimeout("the engine did not answer in time") from None

    def _written(self, job: Job, response: httpx.Response, *, graph: bool) -> Reply:
        try:
            return self._told(job, response, graph=graph)
        except TooMany:
            problem: Exception = TooMany()
        except (SyntaxError, ValueError) as error:
            problem = StoreFailure(f"the engine's answer cannot be read: {str(error)[:200]}")
        # Raised out here, since rows must not leave their thread, and the error's own trace holds them.
        raise problem

    def _told(self, job: Job, response: httpx.Response, *, graph: bool) -> Reply:
        result: Any = (
            answers.triples(response.content, response.headers.get("content-type", ""))
            if graph
            else answers.rows(response.content)
        )
        sink = Sink(self._settings.byte_limit)
        try:
            members, sink = written(
                result, sink, job.format, cap=job.rows, coding=job.coding, prefixes=self._store.ids.prefixes
            )
        except (TooMany, SyntaxError, ValueError):
            sink.discard()
            raise
        body, file = sink.finish()
        return Reply(members, body, file)

    async def _on_merged(self, job: Job, dataset: Dataset) -> Answer:
        """Fetch the graphs in the slow lane, then ask them in the sandbox."""
        begun = time.monotonic()
        await self._enter(self._slow, job.client)
        try:
            data = await self._gathered(job, dataset)
        finally:
            self._slow.leave()
        sandbox = await self._sandbox()
        left = max(job.seconds - (time.monotonic() - begun), 0.1)
        return await sandbox.run(replace(job, data=data, seconds=left, default=dataset.default, named=dataset.named))

    async def _gathered(self, job: Job, dataset: Dataset) -> str:
        """N-Quads of a default graph, merged of several, and of named graphs, as far as they are within the limit."""
        limit, lines = self._settings.byte_limit, []
        size = 0
        for name in (None, *dataset.named):
            graph = NamedNode(name) if name else None
            for one in dataset.default if name is None else (name,):
                query = await asyncio.to_thread(self._store.whole, one)
                if query is None:
                    continue
                try:
                    response = await self._fetched(query, answers.GRAPH, job.seconds, _LONGER * limit)
                    text = await asyncio.to_thread(_quads, response, graph)
                    size += len(text)
                except TooMuch:
                    size = limit + 1
                if size > limit:
                    raise ResultTooLarge(
                        f"The graphs that the query merges and names hold more than {limit} bytes together. Name "
                        "fewer, or one default graph alone, or ask with GRAPH.",
                        limit=limit,
                    )
                lines.append(text)
        return "".join(lines)

    async def _sandbox(self) -> Sandbox:
        """Where merged graphs are asked; started when it is first needed."""
        async with self._starting:
            if self._merging is None:
                sandbox = Sandbox(replace(self._settings, services=()), empty=self._store.ids.base)
                await sandbox.start()
                self._merging = sandbox
        return self._merging

    def _too_large(self) -> Problem:
        limit = self._settings.byte_limit
        return ResultTooLarge(f"The answer is larger than {limit} bytes. " + ResultTooLarge.remedy, limit=limit)

    def _problem(self, job: Job, error: StoreError) -> Problem:
        """The problem for an error; nothing of the engine's own words is passed on."""
        match error:
            case BadQuery():
                return SyntaxProblem("The engine that holds the release does not take this query.")
            case StoreTimeout():
                problem: Problem = timed_out(job.seconds)
                self.verdicts.remember(job.key, problem, job.seconds)
                return problem
            case StoreUnavailable():
                return Overloaded("The engine that holds the release cannot be reached.", headers={"Retry-After": "10"})
            case TooMuch():
                return self._too_large()
            case _:
                return EngineFailed("The engine that holds the release gave no answer that can be used.")


def _dataset(job: Job) -> Dataset | None:
    """The graphs that are asked for; what the protocol names wins over FROM. Raises :class:`BadQuery`."""
    if job.default is not None or job.named is not None:
        return Dataset(job.default or (), job.named or ())
    return stated(job.query, job.base) if job.seen.default or job.seen.named else None


def _quads(response: httpx.Response, graph: NamedNode | None) -> str:
    """An answer of triples as N-Quads of a graph, None for the default graph."""
    found = answers.triples(response.content, response.headers.get("content-type", ""))
    quads: list[Any] = [Quad(one.subject, one.predicate, one.object, graph) for one in found] if graph else list(found)
    return (serialize(quads, format=RdfFormat.N_QUADS) or b"").decode()


async def _given_up(asked: asyncio.Future[Reply]) -> None:
    """End what still runs, and its connection with it."""
    if not asked.done():
        asked.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await asked


def _dropped(writing: asyncio.Future[Reply]) -> None:
    """An answer that nobody waits for any more: its file is closed."""
    if not writing.cancelled() and writing.exception() is None and (file := writing.result().file) is not None:
        os.close(file)
