"""Messages between server, zygote and workers: a length, a JSON document, and at most one file descriptor with it.

Bodies of answers up to :data:`INLINE` bytes follow their message; larger ones stand in an anonymous file whose
descriptor is passed, so that a worker is free again before the client has read anything.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
from typing import Any, Final

INLINE: Final = 64 * 1024
_HEAD: Final = struct.Struct("!II")


class Closed(Exception):
    """The other side is gone."""


def pack(message: dict[str, Any], body: bytes = b"") -> bytes:
    """One message as bytes."""
    text = json.dumps(message, ensure_ascii=True).encode()
    return _HEAD.pack(len(text), len(body)) + text + body


class Unpacker:
    """Cuts a stream into messages."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """Add what was read."""
        self._data += data

    def take(self) -> tuple[dict[str, Any], bytes] | None:
        """The next whole message and its body, or None until more is read."""
        if len(self._data) < _HEAD.size:
            return None
        text, body = _HEAD.unpack_from(self._data)
        end = _HEAD.size + text + body
        if len(self._data) < end:
            return None
        message = json.loads(self._data[_HEAD.size : _HEAD.size + text])
        inside = bytes(self._data[_HEAD.size + text : end])
        del self._data[:end]
        return message, inside


def send(sock: socket.socket, message: dict[str, Any], body: bytes = b"", descriptor: int | None = None) -> None:
    """Send one message from a blocking process."""
    data = memoryview(pack(message, body))
    sent = socket.send_fds(sock, [data], [descriptor]) if descriptor is not None else 0
    sock.sendall(data[sent:])


def receive(sock: socket.socket, unpacker: Unpacker, passed: list[int]) -> tuple[dict[str, Any], bytes]:
    """Wait for one message in a blocking process; descriptors are added to `passed`. Raises :class:`Closed`."""
    while (found := unpacker.take()) is None:
        data, descriptors, _, _ = socket.recv_fds(sock, 1 << 16, 4)
        passed += descriptors
        if not data:
            raise Closed
        unpacker.feed(data)
    return found


class Link:
    """The server's end of a connection: never blocks the event loop."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._unpacker = Unpacker()
        self.passed: list[int] = []

    async def send(self, message: dict[str, Any], descriptor: int | None = None) -> None:
        """Send one message. Raises :class:`Closed`."""
        loop = asyncio.get_running_loop()
        data = memoryview(pack(message))
        try:
            if descriptor is not None:
                data = data[socket.send_fds(self._sock, [data], [descriptor]) :]
            if data:
                await loop.sock_sendall(self._sock, data)
        except OSError:
            raise Closed from None

    async def receive(self) -> tuple[dict[str, Any], bytes]:
        """Wait for one message; descriptors are added to :attr:`passed`. Raises :class:`Closed`."""
        while (found := self._unpacker.take()) is None:
            try:
                data, descriptors, _, _ = socket.recv_fds(self._sock, 1 << 16, 4)
            except BlockingIOError:
                await self._readable()
                continue
            except OSError:
                raise Closed from None
            self.passed += descriptors
            if not data:
                raise Closed
            self._unpacker.feed(data)
        return found

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._sock, _wake, ready)
        try:
            await ready
        finally:
            loop.remove_reader(self._sock)

    def close(self) -> None:
        """Close the socket and every descriptor nobody took."""
        self._sock.close()
        while self.passed:
            os.close(self.passed.pop())


def _wake(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
