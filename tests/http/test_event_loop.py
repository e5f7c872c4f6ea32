"""Nothing may hold up the server's event loop: one client's work would be everybody's wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from api import server
from api.app import create_app
from api.settings import Settings
from tests.conftest import free_port
from tests.loops import run

#: What one step of the loop may take: processor time, and time by the clock on a machine busy with other tests.
PROCESSOR: Final = 0.1
CLOCK: Final = 1.0

QUERIES: Final = [
    "SELECT * { ?s ?p ?o }",
    "SELECT * { " + " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcde") + " }",
    "SELECT * { VALUES ?x { " + "1 " * 60_000 + "} }",
    "SELECT * " + "{" * 30_000,
    "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefghijkl")
    + " }",
    "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
    "SELECT * { ?s ?p 'unclosed",
    "SELECT " + "?x " * 70_000,
]


class Watched:
    """An application on a loop whose every step is measured, and the steps that took too long."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self.complaints: list[str] = []
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(server.config(app, settings, port=port, loop="asyncio"))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()))

    def measured(self, step: Callable[[asyncio.Handle], None]) -> Callable[[asyncio.Handle], None]:
        """A step of the loop, measured; only those of the server's thread count."""

        def run(handle: asyncio.Handle) -> None:
            clock, processor = time.monotonic(), time.thread_time()
            step(handle)
            clock, processor = time.monotonic() - clock, time.thread_time() - processor
            mine = threading.get_ident() == self._thread.ident
            if mine and (clock >= CLOCK or processor >= PROCESSOR):
                self.complaints.append(f"{processor:.3f} s of processor, {clock:.3f} s by the clock: {handle!r}")

        return run

    def __enter__(self) -> Watched:
        self._thread.start()
        for _ in range(600):
            if self._server.started:
                return self
            time.sleep(0.05)
        raise AssertionError("the server does not start")

    def __exit__(self, *exc: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)


@pytest.fixture
def watched(tiny_release: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    settings = Settings.read({}, release=tiny_release, time_limit=1.0)
    app = create_app(settings)

    @app.get("/waits")
    async def waits() -> PlainTextResponse:
        time.sleep(CLOCK + 0.1)
        return PlainTextResponse("done")

    @app.get("/works")
    async def works() -> PlainTextResponse:
        until = time.thread_time() + PROCESSOR + 0.05
        while time.thread_time() < until:
            pass
        return PlainTextResponse("done")

    one = Watched(app, settings)
    monkeypatch.setattr(asyncio.events.Handle, "_run", one.measured(asyncio.events.Handle._run))
    with one:
        yield one


def test_nothing_blocks_the_event_loop(watched: Watched) -> None:
    watched.complaints.clear()  # starting up may take as long as it takes

    async def ask_all() -> list[int]:
        async with httpx.AsyncClient(base_url=watched.url, timeout=30) as client:
            work = [
                client.post("/sparql", data={"query": query, "format": name})
                for query in QUERIES
                for name in ("json", "html", "csv", "turtle")
            ]
            work += [client.get(path) for path in ("/sparql", "/health", "/ready", "/problems", "/nowhere") * 3]
            return [answer.status_code for answer in await asyncio.gather(*work)]

    statuses = run(ask_all())
    assert set(statuses) <= {200, 400, 404, 406, 413, 422, 503, 504}
    assert 200 in statuses
    assert watched.complaints == []


def test_a_step_that_blocks_is_seen(watched: Watched) -> None:
    for path in ("/waits", "/works"):
        watched.complaints.clear()
        assert httpx.get(f"{watched.url}{path}").text == "done"
        deadline = time.monotonic() + 5  # the answer is on its way before the step ends
        while not watched.complaints:
            assert time.monotonic() < deadline, path
            time.sleep(0.01)
