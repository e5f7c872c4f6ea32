"""Every request counted and logged, from outside of everything that answers it.

A log line says which route answered, how, how long it took and under which number. It never holds the client's
address, and what was asked only where the operator wants it (`log_queries`): questions about trafficking can be
dangerous to those who ask them.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics

log = logging.getLogger("palermo.http")

#: What machines ask every few seconds; logged only when it fails.
_PROBES: Final = frozenset({"/health", "/ready", "/metrics"})
#: Methods that are counted by name; anything else a client makes up is "other".
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
#: Bytes of a body that are logged, where bodies are logged at all.
_ASKED: Final = 8192


class Observed:
    """The middleware around all others."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, log_queries: bool) -> None:
        self._app, self._metrics, self._log_queries = app, metrics, log_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size, asked = 0, 0, bytearray()

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        async def kept() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                asked.extend(message.get("body", b"")[: _ASKED - len(asked)])
            return message

        self._metrics.began()
        begun = time.perf_counter()
        try:
            await self._app(scope, kept if self._log_queries else receive, counted)
        finally:
            seconds = time.perf_counter() - begun
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = getattr(scope.get("route"), "path", "") or "none"
            # 499: nothing was sent, since the client went away; nginx made the number customary
            self._metrics.ended(method, route, status or 499, seconds)
            if route not in _PROBES or status >= 500:
                self._say(scope, route, status or 499, seconds, size, bytes(asked))

    def _say(self, scope: Scope, route: str, status: int, seconds: float, size: int, asked: bytes) -> None:
        fields: dict[str, str | int | float] = {
            "request": scope.get("state", {}).get("request_id", ""),
            "method": scope["method"],
            "path": scope["path"],
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
            "bytes": size,
        }
        if self._log_queries:
            fields["query"] = scope["query_string"].decode("latin-1")
            fields["body"] = asked.decode("utf-8", "replace")
        level = logging.ERROR if status >= 500 and status not in (502, 503, 504) else logging.INFO
        log.log(level, "%s %s %d", scope["method"], scope["path"], status, extra={"fields": fields})
