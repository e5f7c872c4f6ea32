"""What each address answers to each Accept header, as one table that other test modules add to.

A line: the address, the Accept header (None: none is sent), then status, Content-Type, Vary and Link as they must come
back. `check` compares a whole line, so that a header that appears or goes is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import httpx

BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True)
class Golden:
    """One line of the table."""

    path: str
    accept: str | None
    status: int
    content_type: str | None
    vary: str | None
    link: str | None = None

    @property
    def name(self) -> str:
        """The line's name in a test report."""
        return f"{self.path[:60]} <- {self.accept}"


def check(client: httpx.Client, line: Golden) -> None:
    """Ask and compare. The client sends no headers of its own but Host."""
    headers = {} if line.accept is None else {"Accept": line.accept}
    answer = client.get(line.path, headers=headers)
    got = (answer.status_code, *(answer.headers.get(name) for name in ("Content-Type", "Vary", "Link")))
    assert got == (line.status, line.content_type, line.vary, line.link), answer.text[:500]
