"""What goes into the sandbox and what comes out of it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final

from api.errors import Overloaded
from api.sandbox.guard import Inspection
from api.sandbox.pool import Reply

_CHUNK: Final = 1 << 18


@dataclass(frozen=True)
class Job:
    """One query to run. `default` and `named` are the graphs the protocol names, None where it names none.

    `data` is what it is asked of where that is not the release: N-Quads of a default graph and of the `named`.
    """

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
    data: str | None = None

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
            "data": self.data,
            "prologue": self.seen.prologue,
            "from": self.seen.default,
            "from_named": self.seen.named,
        }


class Spool:
    """Counts the bytes of answers that wait for their readers."""

    def __init__(self, limit: int) -> None:
        self._limit, self._bytes = limit, 0

    def hold(self, answer: Answer) -> Answer:
        """Count an answer until it is closed. Raises :class:`Overloaded` where too much waits already."""
        if self._bytes + answer.size > self._limit:
            answer.close()
            raise Overloaded("Too many answers wait for slow readers.", headers={"Retry-After": "10"})
        self._bytes += answer.size
        answer.on_close = self._release
        return answer

    def _release(self, size: int) -> None:
        self._bytes -= size


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
