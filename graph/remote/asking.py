"""An engine asked from an event loop, so that a question can be given up: cancelling the call closes its connection.

What a request is, what an answer means, retries and the circuit are those of :mod:`graph.remote.endpoint`.
"""

from __future__ import annotations

import asyncio

import httpx

from graph.read.store import StoreUnavailable
from graph.remote.endpoint import CLIENT, Bounded, Endpoint


class Asking:
    """Asks an endpoint; used in one event loop, and closed there."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client = httpx.AsyncClient(auth=endpoint.access.auth(), **CLIENT)

    async def query(self, text: str, accept: str, *, limit: float, most: int) -> httpx.Response:
        """As :meth:`graph.remote.endpoint.Endpoint.query`, which names what is raised."""
        endpoint = self._endpoint
        for pause in endpoint.pauses:
            try:
                return await self._sent(text, accept, limit, most)
            except StoreUnavailable as error:
                await asyncio.sleep(endpoint.wait(error, pause))
        return await self._sent(text, accept, limit, most)

    async def _sent(self, text: str, accept: str, limit: float, most: int) -> httpx.Response:
        endpoint, body = self._endpoint, Bounded(most)
        endpoint.breaker.check()
        request = endpoint.asking(text, accept, limit)
        try:
            async with self._client.stream("POST", endpoint.url, **request) as response:
                async for piece in response.aiter_bytes():
                    body.add(piece)
        except httpx.HTTPError as error:
            raise endpoint.failed(error) from error
        return endpoint.judged(body.response(response))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()
