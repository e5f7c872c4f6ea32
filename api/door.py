"""What every request and every answer has in common, whichever route takes it.

In: a request number, a bound on the length of the address, OPTIONS. Out: CORS for reads, security headers, the release.
An exception that nobody took becomes a problem with the request's number; its trace goes to the log alone.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Failure, Overloaded, Problem, UriTooLong

log = logging.getLogger("palermo.http")

_NUMBER: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

#: Pages load nothing from elsewhere and cannot be framed by others.
POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
_ALWAYS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, Location, Retry-After, Server-Timing, X-Request-Id, Palermo-Release, Palermo-Rows, "
        b"Palermo-Query-Time, Palermo-Truncated",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_POLICY: Final = (b"content-security-policy", POLICY.encode())
#: What a route may say otherwise: /curate tells no other origin anything, a past release is not the one in service.
_ROUTES_MAY: Final = frozenset({b"access-control-allow-origin", b"palermo-release", b"referrer-policy"})
#: Headers that are said here and, but for those, nowhere else.
_OURS: Final = frozenset({*(name for name, _ in _ALWAYS), b"x-request-id", b"palermo-release"})
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Content-Type, If-None-Match, Cache-Control, X-Request-Id, MCP-Protocol-Version, "
        "Mcp-Method, Mcp-Name, Mcp-Session-Id"
    ),
    "Access-Control-Max-Age": "86400",
}


@lru_cache(maxsize=64)
def _once(vary: bytes) -> bytes:
    """A Vary header with each name once, as middleware adds what is there already."""
    return b", ".join({name.strip().lower(): name.strip() for name in vary.split(b",")}.values())


class Door:
    """The outermost middleware."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        release: str,
        url_limit: int,
        render: Callable[[Request, Problem], Response],
        methods: Callable[[Scope], list[str]],
    ) -> None:
        self._app, self._release, self._url_limit = app, release, url_limit
        self._render, self._methods = render, methods
        self._named = (b"palermo-release", release.encode("latin-1"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        number = given if _NUMBER.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = number
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": self._dressed(message["headers"], number)}
            await send(message)

        try:
            early = self._early(scope)
            await (early or self._app)(scope, receive, dressed)
        except ClientDisconnect:
            return
        except asyncio.CancelledError:  # the server is stopping and waits for nobody any more
            if started:
                raise
            stopping = Overloaded("The server is stopping.", headers={"Retry-After": "5"})
            await self._render(Request(scope), stopping)(scope, receive, dressed)
        except Exception as error:
            log.exception("request %s: %s %s", number, scope["method"], scope["path"])
            if started:
                raise
            problem = error if isinstance(error, Problem) else Failure(request=number)
            await self._render(Request(scope), problem)(scope, receive, dressed)

    def _dressed(self, headers: Iterable[tuple[bytes, bytes]], number: str) -> list[tuple[bytes, bytes]]:
        """The headers of an answer with what every answer has. By hand: it is done for each of thousands a second."""
        kept, vary, policy = list[tuple[bytes, bytes]](), list[bytes](), _POLICY
        own: dict[bytes, tuple[bytes, bytes]] = {}
        for name, value in headers:
            lower = name.lower()
            if lower == b"vary":
                vary.append(value)
            elif lower == _POLICY[0]:
                policy = name, value
            elif lower in _ROUTES_MAY:
                own[lower] = name, value
            elif lower not in _OURS:
                kept.append((name, value))
        if vary:
            kept.append((b"vary", _once(b", ".join(vary))))
        always = [own.get(one[0], one) for one in (*_ALWAYS, self._named)] if own else (*_ALWAYS, self._named)
        return [*kept, *always, policy, (b"x-request-id", number.encode("latin-1"))]

    def _early(self, scope: Scope) -> Response | None:
        """The answer to a request that no route needs to see."""
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self._url_limit:
            problem = UriTooLong(
                f"The address is longer than {self._url_limit} bytes. {UriTooLong.remedy}", limit=self._url_limit
            )
            return self._render(Request(scope), problem)
        if scope["method"] == "OPTIONS":
            methods = self._methods(scope)
            if methods:
                allow = ", ".join(methods)
                headers = {"Allow": allow, "Access-Control-Allow-Methods": allow, **_PREFLIGHT}
                return Response(status_code=204, headers=headers)
        return None
