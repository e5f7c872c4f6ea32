"""What every request and every answer has in common, whichever route takes it.

In: a request number, a bound on the length of the address, OPTIONS. Out: CORS for reads, security headers, the release.
An exception that nobody took becomes a problem with the request's number; its trace goes to the log alone.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
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
_ALWAYS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Location, Retry-After, Server-Timing, X-Request-Id, Palermo-Release, Palermo-Rows, "
        "Palermo-Query-Time, Palermo-Truncated"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Content-Type, If-None-Match, Cache-Control, X-Request-Id, MCP-Protocol-Version, "
        "Mcp-Method, Mcp-Name, Mcp-Session-Id"
    ),
    "Access-Control-Max-Age": "86400",
}


def _once(vary: str) -> str:
    """A Vary header with each name once, as middleware adds what is there already."""
    return ", ".join({name.strip().lower(): name.strip() for name in vary.split(",")}.values())


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
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                headers["X-Request-Id"] = number
                headers["Palermo-Release"] = self._release
                headers.setdefault("Content-Security-Policy", POLICY)
                if "vary" in headers:
                    headers["Vary"] = _once(headers["vary"])
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
