"""Nothing may hold up the server's event loop: one client's work would be everybody's wait."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time
from collections.abc import Iterator
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

#: Longer than this no step of the loop may take, in seconds, on a machine busy with other tests.
LONGEST: Final = 0.2

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
    """An application on a loop in debug mode, and what the loop complained about."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self.complaints: list[str] = []
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(server.config(app, settings, port=port, loop="asyncio"))
        self._thread = threading.Thread(target=self._run)
        self._handler = logging.Handler()
        self._handler.emit = self._complain  # type: ignore[method-assign]

    def _complain(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if re.search(r"took [\d.]+ seconds", text):
            self.complaints.append(text)

    def _run(self) -> None:
        async def watched() -> None:
            loop = asyncio.get_running_loop()
            loop.set_debug(True)
            loop.slow_callback_duration = LONGEST
            await self._server.serve()

        asyncio.run(watched())

    def __enter__(self) -> Watched:
        logging.getLogger("asyncio").addHandler(self._handler)
        self._thread.start()
        for _ in range(600):
            if self._server.started:
                return self
            time.sleep(0.05)
        raise AssertionError("the server does not start")

    def __exit__(self, *exc: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        logging.getLogger("asyncio").removeHandler(self._handler)


@pytest.fixture
def watched(tiny_release: Path) -> Iterator[Watched]:
    settings = Settings.read({}, release=tiny_release, time_limit=1.0)
    app = create_app(settings)

    @app.get("/blocks")
    async def blocks() -> PlainTextResponse:
        time.sleep(LONGEST + 0.1)
        return PlainTextResponse("done")

    with Watched(app, settings) as one:
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

    statuses = asyncio.run(ask_all())
    assert set(statuses) <= {200, 400, 404, 406, 413, 422, 503, 504}
    assert 200 in statuses
    assert watched.complaints == []


def test_a_step_that_blocks_is_seen(watched: Watched) -> None:
    assert httpx.get(f"{watched.url}/blocks").text == "done"
    assert watched.complaints
