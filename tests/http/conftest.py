"""Servers over the tiny release, each started once for the session.

`tiny`      with the limits of a default server
`strict`    with limits low enough to run into them within a test
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import serving
from tests.http import tiny as data

#: Limits of the `strict` server: time in seconds, rows, bytes of an answer.
TIME, ROWS, BYTES = 1.0, 10, 200_000


@pytest.fixture(scope="session")
def tiny_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the tiny release."""
    return data.write(tmp_path_factory.mktemp("tiny") / "release")


@pytest.fixture(scope="session")
def tiny(tiny_release: Path) -> Iterator[str]:
    """The address of a server with default limits."""
    with serving("--release", tiny_release) as url:
        yield url


@pytest.fixture(scope="session")
def strict(tiny_release: Path) -> Iterator[str]:
    """The address of a server with low limits."""
    limits = {
        "PALERMO_TIME_LIMIT": str(TIME),
        "PALERMO_ROW_LIMIT": str(ROWS),
        "PALERMO_BYTE_LIMIT": str(BYTES),
        "PALERMO_MEMORY_LIMIT": str(64 << 20),
        "PALERMO_QUEUE_LIMIT": "2",
        "PALERMO_QUEUE_SHARE": "2",
        "PALERMO_PAGE_ROWS": "5",
        "PALERMO_SLOW_NICE": "0",
    }
    with serving("--release", tiny_release, environment=limits) as url:
        yield url


@pytest.fixture(scope="session")
def client(tiny: str) -> Iterator[httpx.Client]:
    """A client of the server with default limits, which sends no Accept header of its own."""
    with httpx.Client(base_url=tiny, timeout=30) as one:
        del one.headers["accept"], one.headers["accept-encoding"]
        yield one


@pytest.fixture(scope="session")
def limited(strict: str) -> Iterator[httpx.Client]:
    """A client of the server with low limits."""
    with httpx.Client(base_url=strict, timeout=30) as one:
        del one.headers["accept"], one.headers["accept-encoding"]
        yield one
