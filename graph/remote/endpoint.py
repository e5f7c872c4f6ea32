"""One SPARQL engine by URL: requests with authentication, retries of what may be repeated, and honest errors.

A read is repeated when the connection failed or the engine said that it is busy (429, 502, 503), never when it ran out
of time: asking again would double the load of an engine that is too slow already. After several failures in a row the
circuit opens and callers are refused at once for some seconds, so that a dead engine costs neither threads nor time.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, Self

import httpx

from graph.read.store import BadQuery, StoreError, StoreFailure, StoreTimeout, StoreUnavailable

#: Seconds to wait before each further try of a read.
PAUSES: Final = (0.1, 0.4, 1.6)
#: Failures in a row that open the circuit, and seconds for which it stays open.
FAILURES: Final = 5
REST: Final = 10.0
#: Seconds in which a connection must come about.
CONNECT: Final = 5.0
#: Seconds that the engine gets beyond the limit it was told, to say itself that it stopped.
GRACE: Final = 2.0
#: How connections are kept, and who we say that we are.
CLIENT: Final[dict[str, Any]] = {
    "limits": httpx.Limits(max_connections=64, max_keepalive_connections=32),
    "headers": {"User-Agent": "palermo"},
}
#: Statuses of an engine, or of a proxy before it, that is there and cannot answer now.
_BUSY: Final = frozenset({429, 502, 503})
#: What Virtuoso writes into a 500 when a query was stopped, or was refused for its estimated time.
_OUT_OF_TIME: Final = ("S1T00", "SR171", "RC...: Returned incomplete results", "estimated execution time")


@dataclass(frozen=True)
class Access:
    """How to show who asks: a bearer token, or user and password (Basic or Digest, as the engine demands)."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def auth(self) -> httpx.Auth | None:
        """What httpx puts on a request."""
        if self.token:
            return _Bearer(self.token)
        return _Login(self.user, self.password) if self.user else None


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class _Login(httpx.Auth):
    """Sends nothing before it is asked, then what the challenge asks for: a password goes in clear text to nobody who
    takes a digest."""

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._chosen is None:
            response = yield request
            if response.status_code != 401:
                return
            digest = response.headers.get("www-authenticate", "").lower().startswith("digest")
            self._chosen = (httpx.DigestAuth if digest else httpx.BasicAuth)(self._user, self._password)
        yield from self._chosen.auth_flow(request)


class Breaker:
    """Counts failures in a row; open for some seconds after too many of them, then lets one try through."""

    def __init__(self, failures: int = FAILURES, rest: float = REST) -> None:
        self._most, self._rest = failures, rest
        self._failures, self._until = 0, 0.0
        self._lock = Lock()

    def check(self) -> None:
        """Raises :class:`StoreUnavailable` while the circuit is open."""
        with self._lock:
            left = self._until - time.monotonic()
            if left > 0:
                raise StoreUnavailable(f"the engine failed {self._failures} times in a row; next try in {left:.0f} s")
            if self._failures >= self._most:
                self._until = time.monotonic() + self._rest  # this caller tries, the others wait for what it finds

    def saw(self, *, well: bool) -> None:
        """Count a success or a failure of the engine (not of a query)."""
        with self._lock:
            self._failures = 0 if well else self._failures + 1
            self._until = time.monotonic() + self._rest if self._failures >= self._most else 0.0


class Endpoint:
    """An engine's address for queries; `update` and `graphs` are those for SPARQL Update and the Graph Store Protocol.

    Certificates are checked against the system's authorities or those of SSL_CERT_FILE. May be used from several
    threads. Every method raises :class:`graph.read.store.StoreError`.
    """

    def __init__(
        self,
        url: str,
        access: Access | None = None,
        *,
        update: str = "",
        graphs: str = "",
        limit: float = 30.0,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise StoreUnavailable(f"store {url!r}: an http or https address is needed")
        self.url, self.update_url, self.graphs_url = url, update, graphs
        self.limit, self.access = limit, access or Access()
        self.breaker = Breaker()
        #: What the engine calls itself, known from its first answer on.
        self.server = ""
        self.pauses = pauses
        self._client = httpx.Client(auth=self.access.auth(), **CLIENT)

    def query(self, text: str, accept: str, *, limit: float | None = None, most: int | None = None) -> httpx.Response:
        """Ask; a POST with a form, which every engine takes and which has no limit of length.

        `limit` is in seconds; an answer of more than `most` bytes raises :class:`TooMuch`.
        """
        return self._repeated(self._client.build_request("POST", self.url, **self.asking(text, accept, limit)), most)

    def asking(self, text: str, accept: str, limit: float | None = None) -> dict[str, Any]:
        """What a request for a query is made of, whichever client sends it.

        The limit is passed on to engines whose way of taking it is known: an engine that is left alone by its client
        goes on otherwise. Virtuoso stops then with the part that it has, which is not taken for an answer.
        """
        seconds = limit or self.limit
        data = {"query": text}
        if self.server.startswith("Virtuoso"):
            data["timeout"] = str(max(1, round(1000 * seconds)))
        timeout = httpx.Timeout(seconds + GRACE, connect=min(CONNECT, seconds))
        return {"data": data, "headers": {"Accept": accept}, "timeout": timeout}

    def update(self, text: str) -> None:
        """Carry out a SPARQL Update, once: whoever calls knows whether it may be repeated."""
        self._written("POST", self.update_url, data={"update": text})

    def post(self, graph: str, ntriples: bytes) -> None:
        """Add triples to a graph by the Graph Store Protocol. N-Triples are Turtle, which every engine reads."""
        self._written(
            "POST",
            self.graphs_url,
            params={"graph": graph},
            content=ntriples,
            headers={"Content-Type": "text/turtle; charset=utf-8"},
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _written(self, method: str, url: str, **more: Any) -> None:
        if not url:
            raise StoreUnavailable(f"no address for writing is known beside {self.url}; name it")
        timeout = httpx.Timeout(10 * self.limit, connect=CONNECT)
        self._sent(self._client.build_request(method, url, timeout=timeout, **more))

    def _repeated(self, request: httpx.Request, most: int | None) -> httpx.Response:
        for pause in self.pauses:
            try:
                return self._sent(request, most)
            except StoreUnavailable as error:
                time.sleep(self.wait(error, pause))
        return self._sent(request, most)

    def wait(self, error: StoreUnavailable, pause: float) -> float:
        """Seconds to wait before the next try of a read. Raises the error while the circuit is open."""
        if error.__cause__ is None and not isinstance(error, Busy):
            raise error
        return max(pause, min(getattr(error, "after", 0.0), self.limit))

    def _sent(self, request: httpx.Request, most: int | None = None) -> httpx.Response:
        self.breaker.check()
        try:
            response = self._client.send(request) if most is None else self._bounded(request, most)
        except httpx.HTTPError as error:
            raise self.failed(error) from error
        return self.judged(response)

    def failed(self, error: httpx.HTTPError) -> StoreError:
        """What a failure of the connection means; it is counted."""
        self.breaker.saw(well=False)
        return of_transport(error, self.url)

    def judged(self, response: httpx.Response) -> httpx.Response:
        """The response, where it is an answer. Raises what it means otherwise; either is counted."""
        self.server = response.headers.get("server", "")
        problem = of_response(response.status_code, response.headers, response.text if response.is_error else "")
        self.breaker.saw(well=not isinstance(problem, StoreUnavailable))
        if problem is not None:
            raise problem
        return response

    def _bounded(self, request: httpx.Request, most: int) -> httpx.Response:
        body = Bounded(most)
        with contextlib.closing(self._client.send(request, stream=True)) as response:
            for piece in response.iter_bytes():
                body.add(piece)
            return body.response(response)


class Bounded:
    """The body of a response that is read piece by piece. Raises :class:`TooMuch` when it grows beyond its bound."""

    def __init__(self, most: int) -> None:
        self._most, self._body = most, bytearray()

    def add(self, piece: bytes) -> None:
        """Add a piece."""
        self._body += piece
        if len(self._body) > self._most:
            raise TooMuch(f"the answer has more than {self._most} bytes")

    def response(self, read: httpx.Response) -> httpx.Response:
        """The response with its whole body."""
        headers = {name: value for name, value in read.headers.items() if name != "content-encoding"}
        return httpx.Response(read.status_code, headers=headers, content=bytes(self._body), request=read.request)


class TooMuch(StoreFailure):
    """An answer is larger than was allowed."""


class Busy(StoreUnavailable):
    """The engine is there and says that it cannot answer now; `after` is what it says of when (seconds)."""

    after: float = 0.0


def of_transport(error: httpx.HTTPError, url: str) -> StoreError:
    """What a failure of the connection means. The connection's own words may name hosts and stay out of it."""
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return StoreTimeout("the engine did not answer in time")
    return StoreUnavailable(f"{url} cannot be reached: {type(error).__name__}")


def of_response(status: int, headers: Mapping[str, str], text: str) -> StoreError | None:
    """What an answer means when it is none; None for a real one.

    An engine that stops early and answers with the part it has (Virtuoso does so by header alone) has not answered.
    """
    if status < 300:
        if headers.get("x-sql-state") == "S1TAT":
            return StoreTimeout("the engine stopped early and sent a part of the answer")
        if "x-sparql-maxrows" in headers:
            rows = headers["x-sparql-maxrows"]
            return StoreFailure(
                f"the engine cut the answer at {rows} rows; raise its limit (Virtuoso: ResultSetMaxRows)"
            )
        return None
    said = text.strip().split("\n", 1)[0][:300]
    if status == 400:
        return BadQuery(said or "the engine refuses the query")
    if status in (408, 504) or any(one in text for one in _OUT_OF_TIME):
        return StoreTimeout("the engine stopped the query for its time")
    if status in _BUSY:
        busy = Busy(f"the engine answered {status}")
        after = headers.get("retry-after", "")
        busy.after = float(after) if after.isdecimal() else 0.0
        return busy
    if status in (401, 403):
        return StoreFailure(f"the engine answered {status}: check user, password or token, and the rights they give")
    return StoreFailure(f"the engine answered {status}: {said}")
