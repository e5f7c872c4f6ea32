"""What routes are given, as annotated aliases: settings, store, sandbox, templates. It all hangs on `app.state`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request
from jinja2 import Environment

from api.sandbox.service import Sandbox
from api.settings import Settings
from graph.read.store import Store

T = TypeVar("T")


def settings(request: Request) -> Settings:
    """The settings that the application was made with."""
    return cast(Settings, request.app.state.settings)


def store(request: Request) -> Store:
    """The release, for our own named queries. Synchronous: call it from a plain `def` route or `asyncio.to_thread`."""
    return cast(Store, request.app.state.store)


def sandbox(request: Request) -> Sandbox:
    """Where strangers' queries run."""
    return cast(Sandbox, request.app.state.sandbox)


def pages(request: Request) -> Environment:
    """The templates of HTML pages; autoescape is on."""
    return cast(Environment, request.app.state.pages)


def base_url(request: Request) -> str:
    """The address of this server as the world knows it, without a slash at its end."""
    chosen = settings(request).public_url
    return chosen or str(request.base_url).rstrip("/")


def _here(read: Callable[[Request], T]) -> Callable[[Request], Awaitable[T]]:
    """A dependency that is read on the event loop: FastAPI calls a plain function in a thread, which on a busy machine
    is what a small request spends most of its time waiting for.
    """

    async def dependency(request: Request) -> T:
        return read(request)

    return dependency


SettingsDep = Annotated[Settings, Depends(_here(settings))]
StoreDep = Annotated[Store, Depends(_here(store))]
SandboxDep = Annotated[Sandbox, Depends(_here(sandbox))]
PagesDep = Annotated[Environment, Depends(_here(pages))]
BaseUrlDep = Annotated[str, Depends(_here(base_url))]
