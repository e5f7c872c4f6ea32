"""Strangers' SPARQL where the release is in an engine elsewhere: guarded here, run there, written here.

It stands where :class:`api.sandbox.service.Sandbox` stands and keeps its promises as far as another engine allows: the
guard refuses updates and SERVICE before anything is sent; places are limited and clients take turns; time, rows and
bytes of an answer are limited. What the engine does while it runs a query, how much memory it takes and whether it
stops for a client that has gone, is for the engine's own limits.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyoxigraph import Store

from api.errors import FeatureRefused, Overloaded, Problem, ResultTooLarge, ServiceFailed, SyntaxProblem, TimedOut
from api.sandbox.guard import Inspection, inspect
from api.sandbox.job import Answer, Job
from api.sandbox.lanes import Gate, QueueFull
from api.sandbox.locks import Lock
from api.sandbox.output import Sink, TooMany
from api.sandbox.pool import Reply
from api.sandbox.syntax import explain
from api.sandbox.verdicts import Verdicts
from api.sandbox.worker import written
from api.settings import Settings
from graph.read.remote import RemoteStore
from graph.read.store import BadQuery, StoreError, StoreTimeout, StoreUnavailable
from graph.remote import answers
from graph.remote.endpoint import TooMuch

#: SPARQL JSON and N-Triples are longer than most of what is made of them.
_LONGER = 4


class Forwarder:
    """Runs strangers' queries on the engine that holds the release."""

    def __init__(self, settings: Settings, store: RemoteStore) -> None:
        self._settings, self._store = settings, store
        places = settings.quick_workers + settings.slow_workers
        self._gate = Gate(places, queue=settings.queue_limit, share=settings.queue_share)
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="forward")
        self.verdicts = Verdicts(settings.verdict_limit)

    async def start(self) -> None:
        """Nothing to start: the engine runs already."""

    async def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @property
    def ready(self) -> bool:
        """Whether queries can be sent."""
        return True

    @property
    def locks(self) -> list[Lock]:
        """None of ours: nothing runs here."""
        return []

    @property
    def pids(self) -> list[int]:
        """No processes."""
        return []

    @property
    def load(self) -> dict[str, int]:
        """How much runs and waits."""
        return {"quick": self._gate.taken, "quick_waiting": self._gate.waiting, "slow": 0, "slow_waiting": 0}

    async def inspect(self, client: str, query: str) -> Inspection:
        """What the guard sees in a query. No SERVICE is allowed, since it would run with the engine's rights.

        Raises the guard's problems."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, lambda: inspect(query, depth=self._settings.depth_limit, services=()))

    async def run(self, job: Job) -> Answer:
        """Run one query. Raises the problems that the sandbox raises."""
        if job.default is not None or job.named is not None or job.seen.default or job.seen.named:
            raise FeatureRefused(
                "The release is in an engine where graphs cannot be chosen by FROM or by the request. Use GRAPH.",
                feature="FROM",
            )
        if (known := self.verdicts.known(job.key, job.seconds)) is not None:
            raise known
        begun = time.monotonic()
        await self._enter(job.client)
        try:
            entered = time.monotonic()
            loop = asyncio.get_running_loop()
            reply = await loop.run_in_executor(self._threads, self._answered, job)
            return Answer(reply, time.monotonic() - entered, entered - begun)
        except StoreError as error:
            raise self._problem(job, error) from None
        except TooMany:
            raise self._too_large() from None
        finally:
            self._gate.leave()

    async def _enter(self, client: str) -> None:
        try:
            await self._gate.enter(client, wait=self._settings.queue_wait)
        except (QueueFull, TimeoutError):
            raise Overloaded(headers={"Retry-After": "5"}) from None

    def _answered(self, job: Job) -> Reply:
        graph = job.seen.form in ("CONSTRUCT", "DESCRIBE")
        limit = self._settings.byte_limit
        text = self._store.prepared(job.query, known=False)
        response = self._store.endpoint.query(
            text, answers.GRAPH if graph else answers.ROWS, limit=job.seconds, most=_LONGER * limit
        )
        result: Any = (
            answers.triples(response.content, response.headers.get("content-type", ""))
            if graph
            else answers.rows(response.content)
        )
        members, sink = written(
            result, Sink(limit), job.format, cap=job.rows, coding=job.coding, prefixes=self._store.ids.prefixes
        )
        body, file = sink.finish()
        return Reply(members, body, file)

    def _too_large(self) -> Problem:
        limit = self._settings.byte_limit
        return ResultTooLarge(f"The answer is larger than {limit} bytes. " + ResultTooLarge.remedy, limit=limit)

    def _problem(self, job: Job, error: StoreError) -> Problem:
        """The problem for an error; nothing of the engine's own words is passed on."""
        match error:
            case BadQuery():
                return refused(job.query, job.seen.form)
            case StoreTimeout():
                problem: Problem = TimedOut(
                    f"The query was stopped after its limit of {job.seconds:g} seconds. " + TimedOut.remedy,
                    limit=job.seconds,
                )
                self.verdicts.remember(job.key, problem, job.seconds)
                return problem
            case StoreUnavailable():
                return Overloaded("The engine that holds the release cannot be reached.", headers={"Retry-After": "10"})
            case TooMuch():
                return self._too_large()
            case _:
                return ServiceFailed("The engine that holds the release gave no answer that can be used.")


def refused(query: str, form: str) -> SyntaxProblem:
    """The problem for a query that the engine did not take, with the place where our own parser stops.

    The parser is given the query with a character behind it that stands in no query, so that nothing is ever run.
    """
    try:
        Store().query(query + "\n\x01")
    except SyntaxError as error:
        told = explain(query, str(error))
        if told["line"] <= query.count("\n") + 1 and not told["detail"].startswith("The query ends"):
            return SyntaxProblem(told.pop("detail"), **told)
    return SyntaxProblem("The engine that holds the release does not take this query.")
