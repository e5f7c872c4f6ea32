"""Requests to an engine: what is repeated, what is not, when the circuit opens, who is shown to whom.

The engine is an HTTP server of this test that answers as it is told; connections, time-outs and refusals are real.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from graph.read.store import BadQuery, StoreError, StoreFailure, StoreTimeout, StoreUnavailable
from graph.remote import answers
from graph.remote import endpoint as module
from graph.remote.endpoint import Access, Breaker, Endpoint, of_response
from graph.remote.load import addresses

ROWS = "application/sparql-results+json"


class Engine(ThreadingHTTPServer):
    """Answers with the statuses of its script, one after the other, the last one again and again."""

    daemon_threads = True

    def __init__(self, script: list[tuple[int, dict[str, str], str]], sleep: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.sleep = script, sleep
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"


class Handler(BaseHTTPRequestHandler):
    server: Engine

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        number = len(self.server.asked)
        self.server.asked.append({name.lower(): value for name, value in self.headers.items()})
        time.sleep(self.server.sleep)
        status, headers, body = self.server.script[min(number, len(self.server.script) - 1)]
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def engines() -> Iterator[list[Engine]]:
    found: list[Engine] = []
    yield found
    for one in found:
        one.shutdown()
        one.server_close()


def started(engines: list[Engine], *script: tuple[int, dict[str, str], str], sleep: float = 0.0) -> Engine:
    engine = Engine(list(script), sleep)
    engines.append(engine)
    threading.Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return engine


def asked(engine: Engine, access: Access | None = None, limit: float = 5.0) -> httpx.Response:
    with Endpoint(engine.url, access, limit=limit, pauses=(0.0, 0.0)) as endpoint:
        return endpoint.query("ASK {}", ROWS)


def test_a_read_is_repeated_while_the_engine_is_busy(engines: list[Engine]) -> None:
    engine = started(engines, (503, {}, ""), (502, {}, ""), (200, {}, "yes"))
    assert asked(engine).text == "yes"
    assert len(engine.asked) == 3


def test_but_not_for_ever(engines: list[Engine]) -> None:
    engine = started(engines, (503, {}, ""))
    with pytest.raises(StoreUnavailable):
        asked(engine)
    assert len(engine.asked) == 3


def test_retry_after_is_heeded(engines: list[Engine]) -> None:
    engine = started(engines, (429, {"Retry-After": "1"}, ""), (200, {}, "yes"))
    begun = time.monotonic()
    assert asked(engine).text == "yes"
    assert time.monotonic() - begun >= 1.0


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, "Virtuoso 37000 Error SP030", BadQuery),
        (500, "out of order", StoreFailure),
        (404, "", StoreFailure),
        (401, "", StoreFailure),
        (504, "", StoreTimeout),
        (500, "Virtuoso S1T00 Error SR171: Transaction timed out", StoreTimeout),
        (500, "Virtuoso 42000 Error The estimated execution time 227 (sec) exceeds the limit", StoreTimeout),
    ],
)
def test_what_is_not_repeated(engines: list[Engine], status: int, body: str, error: type[StoreError]) -> None:
    engine = started(engines, (status, {}, body))
    with pytest.raises(error):
        asked(engine)
    assert len(engine.asked) == 1


def test_an_engine_that_does_not_answer_in_time_is_asked_once(
    engines: list[Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.0)
    engine = started(engines, (200, {}, ""), sleep=1.0)
    with pytest.raises(StoreTimeout):
        asked(engine, limit=0.2)
    assert len(engine.asked) == 1


def test_nobody_there() -> None:
    with Endpoint("http://127.0.0.1:1/sparql", pauses=(0.0,)) as endpoint:
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            endpoint.query("ASK {}", ROWS)
        with pytest.raises(StoreUnavailable):
            Endpoint("ftp://example.org/")


def test_half_an_answer_is_none() -> None:
    assert of_response(200, {}, "") is None
    assert isinstance(of_response(200, {"x-sql-state": "S1TAT"}, ""), StoreTimeout)
    assert isinstance(of_response(200, {"x-sparql-maxrows": "10000"}, ""), StoreFailure)


def test_the_circuit_opens_and_closes(engines: list[Engine]) -> None:
    engine = started(engines, (503, {}, ""), (503, {}, ""), (200, {}, "yes"))
    with Endpoint(engine.url, pauses=()) as endpoint:
        endpoint.breaker = Breaker(failures=2, rest=0.3)
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="503"):
                endpoint.query("ASK {}", ROWS)
        with pytest.raises(StoreUnavailable, match="in a row"):
            endpoint.query("ASK {}", ROWS)
        assert len(engine.asked) == 2, "an open circuit asks nobody"
        time.sleep(0.35)
        assert endpoint.query("ASK {}", ROWS).text == "yes"
        assert endpoint.query("ASK {}", ROWS).text == "yes"


def test_a_bad_query_is_no_failure_of_the_engine(engines: list[Engine]) -> None:
    engine = started(engines, (400, {}, "no"))
    with Endpoint(engine.url) as endpoint:
        for _ in range(module.FAILURES + 2):
            with pytest.raises(BadQuery):
                endpoint.query("nothing", ROWS)


def test_a_token_goes_with_every_request(engines: list[Engine]) -> None:
    engine = started(engines, (200, {}, ""))
    asked(engine, Access(token="secret"))
    assert engine.asked[0]["authorization"] == "Bearer secret"


def test_a_password_goes_in_the_way_the_engine_asks_for(engines: list[Engine]) -> None:
    basic = started(engines, (401, {"WWW-Authenticate": 'Basic realm="x"'}, ""), (200, {}, "yes"))
    assert asked(basic, Access("user", "secret")).text == "yes"
    assert [one.get("authorization") for one in basic.asked] == [
        None,
        "Basic " + base64.b64encode(b"user:secret").decode(),
    ]
    challenge = {"WWW-Authenticate": 'Digest realm="x", nonce="abc", qop="auth", algorithm=MD5'}
    digest = started(engines, (401, challenge, ""), (401, challenge, ""), (200, {}, "yes"))
    assert asked(digest, Access("user", "secret")).text == "yes"
    assert digest.asked[-1]["authorization"].startswith('Digest username="user"')
    assert not any("Basic" in one.get("authorization", "") for one in digest.asked)


def test_secrets_are_not_shown() -> None:
    assert "secret" not in repr(Access("user", "secret", "secret"))


@pytest.mark.parametrize(
    ("url", "update", "graphs"),
    [
        ("http://h:1/sparql", "http://h:1/sparql-auth", "http://h:1/sparql-graph-crud-auth"),
        ("http://h/query", "http://h/update", "http://h/store"),
        ("http://h/ds/sparql", "http://h/ds/update", "http://h/ds/data"),
        (
            "http://h/repositories/p",
            "http://h/repositories/p/statements",
            "http://h/repositories/p/rdf-graphs/service",
        ),
        ("http://h/other", "", ""),
    ],
)
def test_addresses_for_writing(url: str, update: str, graphs: str) -> None:
    assert addresses(url) == (update, graphs)


def test_names_of_blank_nodes_are_made_such_that_may_be() -> None:
    """As Virtuoso 7.2.5 writes them."""
    body = b"""{"head": {"vars": ["o"]}, "results": {"bindings": [
        {"o": {"type": "bnode", "value": "nodeID://b10000"}}, {"o": {"type": "literal", "value": "nodeID://b10000"}}]}}"""
    assert [str(row[0]) for row in answers.rows(body)] == ["_:b10000", '"nodeID://b10000"']  # type: ignore[union-attr]
