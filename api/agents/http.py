"""The agents' server at /mcp: streamable HTTP without sessions, one JSON answer for each request.

Nothing is kept between requests, so there is nothing to fill up, to time out or to steal, and a restart goes unnoticed.
Everything here is public and read-only and no cookie is read, so any page may call it, as any page may call the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.metrics import Metrics
from api.routes.v1.answering import opened
from api.settings import Settings

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH: Final = "/mcp"


class Agents:
    """The endpoint. It answers while :meth:`running` is entered, and is made when it is first asked: its library takes
    a third of a second to load and some 30 MiB, which a server that no agent asks can do without."""

    def __init__(self, app: FastAPI, settings: Settings, metrics: Metrics) -> None:
        self._app, self._settings, self._metrics = app, settings, metrics
        self._manager: StreamableHTTPSessionManager | None = None
        self._making = asyncio.Lock()
        self._stop: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def route(self) -> Route:
        """The route to add to an application. Without sessions there is nothing to GET or DELETE."""
        return Route(PATH, self, methods=["POST"], include_in_schema=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer until left."""
        self._stop = asyncio.Event()
        try:
            yield
        finally:
            self._stop.set()
            if self._task is not None:
                await self._task
            self._stop = self._task = None

    def _made(self) -> MCPServer:
        """The server with its tools."""
        from mcp.server.transport_security import TransportSecuritySettings

        from api.agents.serving import Backing, make

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
        return server

    async def _started(self) -> StreamableHTTPSessionManager:
        """The manager of requests, at work. Raises :class:`RuntimeError` while the application does not run."""
        async with self._making:
            if self._manager is None:
                if self._stop is None:
                    raise RuntimeError("asked before the application has started")
                server = await asyncio.to_thread(self._made)
                begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._task = asyncio.create_task(self._serving(server.session_manager, self._stop, begun))
                await begun
                self._manager = server.session_manager
            return self._manager

    async def _serving(
        self, manager: StreamableHTTPSessionManager, stop: asyncio.Event, begun: asyncio.Future[None]
    ) -> None:
        """Keep the manager at work until the application stops; it is entered and left by one task, as it asks."""
        try:
            async with manager.run():
                begun.set_result(None)
                await stop.wait()
        except Exception as error:
            if begun.done():
                raise
            begun.set_exception(error)
        finally:
            self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await (await self._started()).handle_request(scope, receive, send)
