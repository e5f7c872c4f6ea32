"""The agents' server at /mcp: streamable HTTP without sessions, one JSON answer for each request.

Nothing is kept between requests, so there is nothing to fill up, to time out or to steal, and a restart goes unnoticed.
Everything here is public and read-only and no cookie is read, so any page may call it, as any page may call the rest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.agents.serving import Backing, make
from api.metrics import Metrics
from api.routes.v1.answering import opened
from api.settings import Settings

PATH: Final = "/mcp"


class Agents:
    """The endpoint. It answers while :meth:`running` is entered."""

    def __init__(self, app: FastAPI, settings: Settings, metrics: Metrics) -> None:
        self._app, self._settings, self._metrics = app, settings, metrics
        self._manager: StreamableHTTPSessionManager | None = None

    @property
    def route(self) -> Route:
        """The route to add to an application. Without sessions there is nothing to GET or DELETE."""
        return Route(PATH, self, methods=["POST"], include_in_schema=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer until left."""
        state, settings = self._app.state, self._settings
        backing = Backing(
            settings=settings,
            release=lambda: opened(self._app),
            sandbox=lambda: state.sandbox,
            base=f"{settings.public_url or state.manifest.base.rstrip('/')}/sparql",
            seen=self._metrics.tool,
        )
        server = make(backing, state.manifest.release)
        server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            max_request_body_size=settings.query_limit,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        async with server.session_manager.run():
            self._manager = server.session_manager
            try:
                yield
            finally:
                self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._manager is None:
            raise RuntimeError("asked before the application has started")
        await self._manager.handle_request(scope, receive, send)
