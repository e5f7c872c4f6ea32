"""Asks this application itself for one of its addresses, without a socket: a picture is made from a page's chart, an
embed from a page's title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

if TYPE_CHECKING:
    import httpx


async def ask(app: FastAPI, base: str, address: str, headers: dict[str, str]) -> httpx.Response:
    """The answer to a GET at an address below `base`."""
    import httpx  # takes a tenth of a second to load, which a server's start can do without

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base, headers=headers) as client:
        return await client.get(address)
