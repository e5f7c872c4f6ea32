"""Running a coroutine from a test, whichever tests ran before it in the same process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def apart(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function that makes event loops of its own in a thread of its own, for the same reason as `run`."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end in a thread of its own.

    Playwright leaves a running event loop in the thread of its tests, where `asyncio.run` is then refused.
    """
    return apart(asyncio.run, coroutine)
