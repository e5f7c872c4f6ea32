"""Rendered answers of one release, kept by what was asked. A release never changes, so nothing here goes stale: a new
release is a new process with an empty cache."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final

#: Bytes that all kept answers may have together: some thousand pages.
LIMIT: Final = 48 << 20


class Cache:
    """Least recently used answers go first. Several threads may ask at once; two that miss the same answer both make
    it, which costs time and harms nothing."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The answer for a key, made when it is not there. What `make` raises is passed on and nothing is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        body = make()
        with self._lock:
            if key not in self._kept and len(body) <= self._limit:
                self._kept[key] = body
                self._size += len(body)
            while self._size > self._limit:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old)
        return body

    @property
    def size(self) -> int:
        """Bytes kept now."""
        return self._size
