"""Polite fetching against a real server on a free port: what it is asked, and what is made of its answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from graph.build.refresh import cache, markup
from graph.build.refresh.cache import Cache
from graph.build.refresh.errors import CacheError, FetchError, LayoutError
from graph.build.refresh.fetch import ATTEMPTS, USER_AGENT, Fetcher

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PAGE = "<html><body>Côte d’Ivoire</body></html>".encode()


class Script:
    """What the server answers, by path: status, headers, body; the last answer is repeated. And what it was asked."""

    def __init__(self, answers: dict[str, list[tuple[int, dict[str, str], bytes]]]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, str]]] = []

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def serving(script: Script) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            every = script.answers.get(self.path, [(404, {}, b"none")])
            status, headers, body = every.pop(0) if len(every) > 1 else every[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_has_not_changed_is_not_fetched_again(tmp_path: Path) -> None:
    first = {"ETag": '"one"', "Last-Modified": "Fri, 20 Nov 2026 08:00:00 GMT", "Content-Type": "text/html"}
    script = Script({"/page": [(200, first, PAGE), (304, {}, b""), (200, {"ETag": '"two"'}, PAGE + b"<!-- new -->")]})
    with serving(script) as url:
        waits: list[float] = []
        with Fetcher(Cache(tmp_path), wait=waits.append, now=lambda: NOW) as fetcher:
            kept = fetcher.get(f"{url}/page")
        assert (kept.body, kept.day, kept.etag) == (PAGE, "2026-11-23", '"one"')
        later = datetime(2026, 12, 1, tzinfo=UTC)
        with Fetcher(Cache(tmp_path), wait=waits.append, now=lambda: later) as fetcher:
            assert fetcher.get(f"{url}/page") == kept  # 304: the bytes that were kept, with the day they came
            assert fetcher.get(f"{url}/page").etag == '"two"'
    assert script.paths() == ["/robots.txt", "/page", "/robots.txt", "/page", "/page"]
    asked = [headers for path, headers in script.asked if path == "/page"]
    assert "if-none-match" not in asked[0]
    assert (asked[1]["if-none-match"], asked[1]["if-modified-since"]) == ('"one"', first["Last-Modified"])
    assert {headers["user-agent"] for headers in asked} == {USER_AGENT}
    assert len(waits) >= 3, "a pause between two requests to one host"
    assert Cache(tmp_path).get(f"{url}/page").sha256 == cache.load(Cache(tmp_path).path(f"{url}/page")).sha256


@pytest.mark.parametrize(
    ("header", "waited"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Mon, 23 Nov 2026 09:30:09 GMT"}, 9.0),
        ({"Retry-After": "soon"}, 1.0),
        ({}, 1.0),
    ],
)
def test_a_server_in_trouble_is_given_time(tmp_path: Path, header: dict[str, str], waited: float) -> None:
    script = Script({"/page": [(429, header, b"slow down"), (503, {}, b""), (200, {}, PAGE)]})
    waits: list[float] = []
    with serving(script) as url, Fetcher(Cache(tmp_path), wait=waits.append, now=lambda: NOW) as fetcher:
        assert fetcher.get(f"{url}/page").body == PAGE
    assert waited in waits
    assert 2.0 in waits, "the second time it waits twice as long"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((503, {}, b""), f"503 Service Unavailable, {ATTEMPTS} times"),
        ((429, {"Retry-After": "3600"}, b""), "the server asks to wait 3600 s, more than 120"),
        ((404, {}, b""), "404 Not Found"),
        ((200, {}, b""), "an empty answer"),
        ((200, {"Content-Length": "5000"}, PAGE), "the answer broke off"),
        ((304, {}, b""), "no earlier answer"),
    ],
)
def test_what_cannot_be_had_is_said_and_not_kept(
    tmp_path: Path, answer: tuple[int, dict[str, str], bytes], message: str
) -> None:
    with serving(Script({"/page": [answer]})) as url:
        fetcher = Fetcher(Cache(tmp_path), wait=lambda _: None, now=lambda: NOW)
        with fetcher, pytest.raises(FetchError, match=message):
            fetcher.get(f"{url}/page")
        assert Cache(tmp_path).get(f"{url}/page") is None


def test_robots_keep_us_out(tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /private\n"
    script = Script({"/robots.txt": [(200, {}, rules)], "/open": [(200, {}, PAGE)], "/private/page": [(200, {}, PAGE)]})
    with serving(script) as url, Fetcher(Cache(tmp_path), wait=lambda _: None) as fetcher:
        with pytest.raises(FetchError, match=r"robots\.txt does not permit it"):
            fetcher.get(f"{url}/private/page")
        assert fetcher.get(f"{url}/open").body == PAGE
    assert script.paths() == ["/robots.txt", "/open"], "asked once, and never for what it forbids"


def test_without_its_robots_nothing_is_fetched(tmp_path: Path) -> None:
    script = Script({"/robots.txt": [(500, {}, b"")], "/page": [(200, {}, PAGE)]})
    fetcher = Fetcher(Cache(tmp_path), wait=lambda _: None)
    with serving(script) as url, fetcher, pytest.raises(FetchError, match="500; without it nothing is fetched"):
        fetcher.get(f"{url}/page")
    assert script.paths() == ["/robots.txt"]


def test_a_host_that_is_not_there(tmp_path: Path) -> None:
    with serving(Script({})) as url:
        pass
    fetcher = Fetcher(Cache(tmp_path), wait=lambda _: None)
    with fetcher, pytest.raises(FetchError, match=f"ConnectError.*{ATTEMPTS} times"):
        fetcher.get(f"{url}/page")


@pytest.mark.parametrize(
    ("content_type", "body", "message"),
    [
        ("text/html; charset=utf-8", PAGE.decode().encode("latin-1", "replace"), "text in utf-8 .*found the bytes f4"),
        ("text/html; charset=iso-8859-1", PAGE, "another encoding read as iso-8859-1"),
        ("text/html; charset=windows-1252", PAGE, "another encoding read as windows-1252"),
        ("text/html; charset=klingon", PAGE, "an encoding that is known .the header Content-Type.|'klingon'"),
        ("text/html", b"<html>\x00</html>", "another encoding"),
    ],
)
def test_a_wrong_charset_is_seen(tmp_path: Path, content_type: str, body: bytes, message: str) -> None:
    script = Script({"/page": [(200, {"Content-Type": content_type}, body)]})
    with serving(script) as url, Fetcher(Cache(tmp_path), wait=lambda _: None) as fetcher:
        answer = fetcher.get(f"{url}/page")
    with pytest.raises(LayoutError, match=message):
        markup.decode(answer, "page")


def test_a_kept_answer_that_was_changed_is_no_answer(tmp_path: Path) -> None:
    with serving(Script({"/page": [(200, {}, PAGE)]})) as url, Fetcher(Cache(tmp_path), wait=lambda _: None) as fetcher:
        fetcher.get(f"{url}/page")
        path = Cache(tmp_path).path(f"{url}/page")
        path.write_bytes(PAGE + b" ")
        with pytest.raises(CacheError, match="it was changed"):
            fetcher.get(f"{url}/page")
        cache.record_of(path).write_text("{}")
        with pytest.raises(CacheError, match="needed are the texts url, fetched, sha256"):
            cache.load(path)
        cache.record_of(path).unlink()
        with pytest.raises(CacheError, match="missing; an answer is a file"):
            cache.load(path)
