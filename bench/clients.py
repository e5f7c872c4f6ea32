"""Clients that cost little: requests made beforehand, sent over kept connections, answers read and measured.

One process, one thread, so that on two cores a server has one for itself.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit


def mean(values: Iterable[float]) -> float:
    """The geometric mean of milliseconds or ratios, each at least a thousandth; no number where there are none."""
    found = [max(one, 1e-3) for one in values]
    return statistics.geometric_mean(found) if found else math.nan


@dataclass(frozen=True)
class Ask:
    """One request: a path with its query string, headers, a form or a JSON body for a POST."""

    name: str
    path: str
    accept: str = "*/*"
    form: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def raw(self, host: str) -> bytes:
        """The request as it goes over the wire."""
        body = (self.body or urlencode(self.form)).encode()
        kind = "application/json" if self.body else "application/x-www-form-urlencoded"
        lines = [f"{'POST' if body else 'GET'} {self.path} HTTP/1.1", f"Host: {host}", f"Accept: {self.accept}"]
        if body:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Times:
    """What came of some requests: milliseconds of each, seconds of all together, what failed, bytes received."""

    clients: int
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    failed: list[str] = field(default_factory=list)
    received: int = 0

    @property
    def median(self) -> float:
        """Median in milliseconds."""
        return statistics.median(self.times) if self.times else float("nan")

    @property
    def p95(self) -> float:
        """95th percentile in milliseconds."""
        if len(self.times) < 2:
            return self.median
        return statistics.quantiles(self.times, n=20, method="inclusive")[18]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds if self.seconds else float("nan")


class Dead(Exception):
    """The server does not answer any more, or not in time."""


class Connection:
    """One kept connection, opened when it is needed."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self._address = parts.netloc, (parts.hostname or "", parts.port or 80)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, raw: bytes) -> tuple[int, bytes]:
        """Status and body. A kept connection that the server has closed meanwhile is opened again once."""
        for fresh in (self._streams is None, True):
            if self._streams is None:
                self._streams = await asyncio.open_connection(*self._address, limit=1 << 20)
            reader, writer = self._streams
            writer.write(raw)
            try:
                return await self._answer(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                self.close()
                if fresh:
                    raise
        raise AssertionError("the loop above returns or raises")

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        status = int(head[0].split(" ", 2)[1])
        body = bytearray()
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
                body += await reader.readexactly(size)
                await reader.readexactly(2)
            await reader.readuntil(b"\r\n")
        elif "content-length" in headers:
            body += await reader.readexactly(int(headers["content-length"]))
        else:
            body += await reader.read(-1)
            self.close()
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, bytes(body)

    def close(self) -> None:
        """Let go of the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def run(url: str, asks: Sequence[Ask], *, clients: int = 1, rounds: int = 1, patience: float = 60.0) -> Times:
    """Send all requests `rounds` times with so many clients at once. Raises :class:`Dead` for one that takes longer
    than `patience` seconds, or a server that is gone."""
    return asyncio.run(_run(url, asks, clients, rounds, patience))


async def _run(url: str, asks: Sequence[Ask], clients: int, rounds: int, patience: float) -> Times:
    found = Times(clients)
    host = urlsplit(url).netloc
    queue = iter([(one.name, one.raw(host)) for one in itertools.chain.from_iterable([asks] * rounds)])

    async def client() -> None:
        connection = Connection(url)
        try:
            for name, raw in queue:
                begun = time.perf_counter()
                try:
                    status, body = await asyncio.wait_for(connection.ask(raw), patience)
                except TimeoutError:
                    raise Dead(f"{name}: no answer in {patience:.0f} s") from None
                except (OSError, asyncio.IncompleteReadError) as error:
                    raise Dead(f"{name}: {type(error).__name__}") from None
                found.times.append((time.perf_counter() - begun) * 1000)
                found.received += len(body)
                if status != 200:
                    found.failed.append(f"{name}: {status}")
        finally:
            connection.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    found.seconds = time.perf_counter() - begun
    return found


def bodies(url: str, asks: Sequence[Ask]) -> list[bytes]:
    """The answers themselves, in the order of the requests. Raises :class:`Dead` for one that is none."""

    async def all_of_them() -> list[bytes]:
        connection, found = Connection(url), list[bytes]()
        for ask in asks:
            status, body = await connection.ask(ask.raw(connection.host))
            if status != 200:
                raise Dead(f"{ask.name}: {status} {body[:200]!r}")
            found.append(body)
        connection.close()
        return found

    return asyncio.run(all_of_them())
