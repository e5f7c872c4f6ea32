"""What a client library would not let through: raw requests, and what the server makes of them."""

from __future__ import annotations

import json
import socket
import time

import pytest


def exchange(url: str, request: bytes, *, pieces: int = 1) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are; status, headers and body of the answer."""
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=20) as connection:
        size = len(request) // pieces + 1
        for start in range(0, len(request), size):
            connection.sendall(request[start : start + size])
            time.sleep(0.01 if pieces > 1 else 0)
        data = b""
        while chunk := connection.recv(1 << 16):
            data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
    return int(line.split()[1]), headers, body


def get(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n".encode()


@pytest.mark.parametrize("length", [33_000, 65_400, 65_535, 65_536, 65_600, 70_000, 131_072, 1_000_000])
def test_an_address_too_long_is_never_cut(tiny: str, length: int) -> None:
    padding = "x" * (length - len("/sparql?query=ASK%20%7B%7D&pad="))
    status, headers, body = exchange(tiny, get(f"/sparql?query=ASK%20%7B%7D&pad={padding}"))
    assert (status, headers["content-type"]) == (414, "application/problem+json")
    assert headers["access-control-allow-origin"] == "*"
    assert json.loads(body)["type"].endswith("/problems/uri-too-long")


def test_an_address_as_long_as_allowed_is_read(tiny: str) -> None:
    status, _, body = exchange(tiny, get(f"/sparql?query=ASK%20%7B%7D&pad={'x' * 32_000}"))
    assert (status, json.loads(body)["boolean"]) == (200, True)


def test_a_long_address_in_pieces(tiny: str) -> None:
    status, _, _ = exchange(tiny, get(f"/sparql?query=ASK%20%7B%7D&pad={'x' * 200_000}"), pieces=20)
    assert status == 414


def test_raw_utf8_in_the_address_is_refused_with_the_reason(tiny: str) -> None:
    status, headers, body = exchange(tiny, get("/sparql?query=ASK%20%7B%20<x:été>%20?p%20?o%20%7D"))
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert "percent-encoded" in json.loads(body)["detail"]


@pytest.mark.parametrize(
    "request_",
    [
        b"NONSENSE\r\n\r\n",
        b"GET /sparql HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_http_is_a_bad_request(tiny: str, request_: bytes) -> None:
    status, _, _ = exchange(tiny, request_)
    assert status == 400


def test_chunked_bodies_are_read(tiny: str) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
    chunks = "3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n"
    status, _, body = exchange(tiny, f"{head}Transfer-Encoding: chunked\r\n\r\n{chunks}".encode())
    assert (status, json.loads(body)["boolean"]) == (200, True)


def test_requests_in_a_row_on_one_connection(tiny: str) -> None:
    one = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: a\r\n\r\n"
    last = one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    _, _, rest = exchange(tiny, one * 2 + last)
    assert rest.count(b'"boolean":true') == 3


def test_the_forwarded_address_of_a_stranger_is_not_believed(tiny: str) -> None:
    request = get("/sparql").replace(b"Host: example.org", b"Host: example.org\r\nX-Forwarded-Proto: https")
    _, _, body = exchange(tiny, request)
    assert b"<http://example.org/sparql>" in body
    assert b"https://example.org" not in body


def test_head_has_the_headers_and_no_body(tiny: str) -> None:
    target = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    status, headers, body = exchange(tiny, get(target).replace(b"GET", b"HEAD", 1))
    _, same, full = exchange(tiny, get(target))
    assert (status, body) == (200, b"")
    changing = {"date", "x-request-id", "palermo-query-time", "server-timing"}
    assert {k: v for k, v in headers.items() if k not in changing} == {
        k: v for k, v in same.items() if k not in changing
    }
    assert int(headers["content-length"]) == len(full)
