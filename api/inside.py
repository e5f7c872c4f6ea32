"""Asks this application itself for one of its addresses, without a socket: a picture is made from a page's chart, an
embed from a page's title."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    import httpx


async def ask(app: FastAPI, base: str, address: str, headers: dict[str, str]) -> httpx.Response:
    """The answer to a GET at an address below `base`."""
    # It takes a tenth of a second to load, which neither a server's start nor its event loop has to spare
    client_of = await run_in_threadpool(import_module, "httpx")
    transport = client_of.ASGITransport(app=app)
    async with client_of.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
        answer: httpx.Response = await client.get(address)
        return answer
