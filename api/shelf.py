"""Whole answers, ready to be sent again: a document that was asked for before costs no thread and no routing.

A route whose answer depends on nothing but the release, the address and the headers in :data:`_SEEN` says so by
:func:`keep`. A release never changes, so nothing here goes stale. Everything happens on the event loop: no lock.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bytes that all kept answers and their addresses may have together. Bodies that are not compressed are the very
#: objects that :class:`api.cache.Cache` holds, and take no memory twice.
LIMIT: Final = 32 << 20

#: Headers of a request on which a kept answer may depend; of cookies only those that choose theme and language.
_SEEN: Final = (b"host", b"accept", b"accept-language", b"accept-encoding", b"if-none-match")
_CHOICES: Final = re.compile(rb"(?:^|;\s*)((?:theme|lang)=[^;]*)")
#: What an entry takes beside its bytes: headers, tuples, a place in the table.
_ENTRY: Final = 2048

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    route: Any
    size: int


def keep(request: Request) -> None:
    """Say that the answer to this request is the same as long as this release is served."""
    request.scope.setdefault("state", {})["keep"] = True


class Shelf:
    """The middleware. The least recently used answers go first."""

    def __init__(self, app: ASGIApp, *, limit: int = LIMIT) -> None:
        self._app, self._limit, self._size = app, limit, 0
        self._kept: OrderedDict[_Key, _Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        key = _key(scope)
        found = self._kept.get(key)
        if found is None:
            await self._watched(key, scope, receive, send)
            return
        self._kept.move_to_end(key)
        scope["route"] = found.route
        await send({"type": "http.response.start", "status": found.status, "headers": list(found.headers)})
        await send({"type": "http.response.body", "body": found.body})

    async def _watched(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and keep what it says if it says so."""
        start: Message = {}
        parts: list[bytes] = []

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                if scope.get("state", {}).get("keep") and message["status"] in (200, 304):
                    start.update(message, headers=tuple(message["headers"]))
            elif start and message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    self._put(key, start, parts, scope)
            await send(message)

        await self._app(scope, receive, noted)

    def _put(self, key: _Key, start: Message, parts: list[bytes], scope: Scope) -> None:
        headers: tuple[tuple[bytes, bytes], ...] = start["headers"]
        if key in self._kept or any(name == b"set-cookie" for name, _ in headers):
            return
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        size = len(body) + _ENTRY + sum(len(one) for one in key if isinstance(one, bytes))
        if size > self._limit // 8:
            return
        self._kept[key] = _Answer(start["status"], headers, body, scope.get("route"), size)
        self._size += size
        while self._size > self._limit:
            _, old = self._kept.popitem(last=False)
            self._size -= old.size

    @property
    def size(self) -> int:
        """Bytes kept now."""
        return self._size


def _key(scope: Scope) -> _Key:
    """What a kept answer depends on."""
    given = dict.fromkeys(_SEEN, b"")
    cookie = b""
    for name, value in scope["headers"]:
        if name in given:
            given[name] += b"\n" + value
        elif name == b"cookie":
            cookie += b";" + b";".join(sorted(_CHOICES.findall(value)))
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    return scope["scheme"], path, scope["query_string"], cookie, *given.values()
