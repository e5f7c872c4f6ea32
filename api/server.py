"""Run an application with uvicorn, with what uvicorn leaves open closed: addresses that its parser would cut, and
forwarding headers from just anybody.
"""

from __future__ import annotations

from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api import logs
from api.settings import Settings

#: The parser keeps offsets into the address in 16 bits; what is longer arrives cut, without a word.
_CUT: Final = 65_535
#: Seconds for which the rest of a refused request is read and thrown away.
_LINGER: Final = 1.0
_ANSWER: Final = (
    b"HTTP/1.1 %s\r\ncontent-type: application/problem+json\r\naccess-control-allow-origin: *\r\n"
    b"x-content-type-options: nosniff\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
)
_TOO_LONG: Final = (
    b'{"type":"/problems/uri-too-long","title":"The address is too long","status":414,'
    b'"detail":"The address is longer than this server reads. Send the query by POST."}'
)
_NO_HTTP: Final = (
    b'{"type":"/problems/bad-request","title":"The request cannot be understood","status":400,'
    b'"detail":"This is not an HTTP/1.1 request. In an address, characters beyond ASCII are percent-encoded."}'
)


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol, which answers 414 before the parser cuts an address."""

    _too_long = _refused = False

    def on_url(self, url: bytes) -> None:
        """Called by the parser with each piece of the address; an exception ends the parsing."""
        super().on_url(url)
        if len(self.url) > _CUT:
            self._too_long = True
            raise ValueError("the address is too long")

    def send_400_response(self, msg: str) -> None:
        """Called when the parser gives up, which it also does for the exception above."""
        if self._refused:
            return
        self._refused = True
        status, body = (b"414 URI Too Long", _TOO_LONG) if self._too_long else (b"400 Bad Request", _NO_HTTP)
        self.transport.write(_ANSWER % (status, len(body), body))
        # Closed with input unread, the connection would be reset and the answer lost.
        self.loop.call_later(_LINGER, self.transport.close)

    def data_received(self, data: bytes) -> None:
        """Called with what arrives; after a refusal the rest is thrown away."""
        if not self._refused:
            super().data_received(data)


def config(application: FastAPI, settings: Settings, **options: Any) -> uvicorn.Config:
    """The configuration that Palermo is served with."""
    trusted = settings.trusted_proxies
    return uvicorn.Config(
        application,
        http=Protocol,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted or "",
        server_header=False,
        timeout_graceful_shutdown=settings.stop_limit,
        **{"log_level": "warning", "log_config": None, **options},
    )


def run(application: FastAPI, settings: Settings, *, host: str, port: int) -> None:
    """Serve until interrupted."""
    logs.configure(settings.log_format)
    uvicorn.Server(config(application, settings, host=host, port=port)).run()
