"""Polite fetching: robots.txt is asked first, nothing is fetched twice that has not changed, and a server in trouble
is given time.

- `If-None-Match` and `If-Modified-Since` from the kept answer; a 304 costs the source nothing and keeps the old body.
- 429, 502, 503 and 504 and connections that fail are tried again, after `Retry-After` where the server says so, else
  after 1, 2, 4 … seconds; a longer wait than :data:`LONGEST` ends the run instead.
- One request at a time to a host, :data:`PAUSE` seconds apart.
- A body shorter than its `Content-Length`, or larger than :data:`LARGEST`, is an error and is not kept.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from graph.build.refresh.cache import Answer, Cache
from graph.build.refresh.errors import FetchError

USER_AGENT: Final = "palermo-refresh/1.0 (+https://w3id.org/palermo/)"
#: Seconds between two requests to one host.
PAUSE: Final = 1.0
#: How often a page is asked for, the first time included.
ATTEMPTS: Final = 4
#: Seconds that a refresh is willing to wait for one page at a time.
LONGEST: Final = 120.0
#: Bytes of the largest body that is taken; the largest known page (a status table with declarations) has 2 MB.
LARGEST: Final = 50_000_000

_AGAIN: Final = frozenset({429, 502, 503, 504})


#: Hosts that offer only a Diffie-Hellman key shorter than OpenSSL 3 takes by default. What they answer is public;
#: their certificate is verified all the same.
OLD_TLS: Final = ("conventions-ws.coe.int",)


def _older() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    return context


def _now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Fetches pages into a cache. `wait` and `now` are the clock, so that a test need not lose time."""

    def __init__(
        self, cache: Cache, *, wait: Callable[[float], None] = time.sleep, now: Callable[[], datetime] = _now
    ) -> None:
        self._cache, self._wait, self._now = cache, wait, now
        self._client = httpx.Client(
            headers={"User-Agent": USER_AGENT},
            follow_redirects=True,
            timeout=httpx.Timeout(60, connect=20),
            mounts={f"https://{host}": httpx.HTTPTransport(verify=_older()) for host in OLD_TLS},
        )
        self._robots: dict[str, RobotFileParser] = {}
        self._asked: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The page at `url`, fresh or, where the source says that it has not changed, as it was kept.

        Raises :class:`FetchError` with the reason. A kept answer keeps the time at which its bytes came.
        """
        self._permitted(url)
        kept = self._cache.get(url)
        asked = dict(headers or {})
        if kept and kept.etag:
            asked["If-None-Match"] = kept.etag
        if kept and kept.last_modified:
            asked["If-Modified-Since"] = kept.last_modified
        response = self._ask(url, asked)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            if kept is None:
                raise FetchError(f"{url}: 304 Not Modified, but no earlier answer was named in the request")
            return kept
        if response.status_code != httpx.codes.OK:
            raise FetchError(f"{url}: {response.status_code} {response.reason_phrase}")
        if not response.content:
            raise FetchError(f"{url}: an empty answer")
        answer = Answer(
            url=url,
            body=response.content,
            fetched=self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            content_type=response.headers.get("content-type", ""),
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
        )
        self._cache.put(answer)
        return answer

    def _ask(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """One answer that is not an invitation to come back later."""
        reason = ""
        for attempt in range(ATTEMPTS):
            self._pause(url)
            pause = float(2**attempt)
            try:
                response = self._once(url, headers)
            except httpx.RemoteProtocolError as error:
                raise FetchError(f"{url}: the answer broke off: {error}") from None
            except httpx.TransportError as error:
                reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            except httpx.HTTPError as error:
                raise FetchError(f"{url}: {error}") from None
            else:
                if response.status_code not in _AGAIN:
                    return response
                reason = f"{response.status_code} {response.reason_phrase}"
                pause = self._after(response) or pause
            if attempt + 1 < ATTEMPTS:
                if pause > LONGEST:
                    raise FetchError(f"{url}: {reason}; the server asks to wait {pause:.0f} s, more than {LONGEST:.0f}")
                self._wait(pause)
        raise FetchError(f"{url}: {reason}, {ATTEMPTS} times")

    def _once(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        with self._client.stream("GET", url, headers=dict(headers)) as response:
            parts, size = [], 0
            for part in response.iter_bytes():
                size += len(part)
                if size > LARGEST:
                    raise FetchError(f"{url}: more than {LARGEST} bytes")
                parts.append(part)
            # The stream is spent; the same response, whole.
            return httpx.Response(
                response.status_code,
                headers=[
                    (k, v) for k, v in response.headers.items() if k not in ("content-encoding", "content-length")
                ],
                content=b"".join(parts),
                request=response.request,
            )

    def _after(self, response: httpx.Response) -> float | None:
        """Seconds that `Retry-After` asks for (RFC 9110, 10.2.3: a number or a date), or None."""
        text = response.headers.get("retry-after", "")
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            return max(0.0, (parsedate_to_datetime(text) - self._now()).total_seconds())
        except ValueError:
            return None

    def _pause(self, url: str) -> None:
        host = urlsplit(url).netloc
        last = self._asked.get(host)
        if last is not None and (left := last + PAUSE - time.monotonic()) > 0:
            self._wait(left)
        self._asked[host] = time.monotonic()

    def _permitted(self, url: str) -> None:
        """Raise :class:`FetchError` where robots.txt (RFC 9309) keeps us out.

        No robots.txt (4xx) permits everything; one that cannot be had (5xx) permits nothing.
        """
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        rules = self._robots.get(root)
        if rules is None:
            rules = RobotFileParser()
            response = self._ask(f"{root}/robots.txt", {})
            if response.is_success:
                rules.parse(response.content.decode("utf-8", "replace").splitlines())
            elif response.is_client_error:
                rules.parse([])
            else:
                raise FetchError(f"{root}/robots.txt: {response.status_code}; without it nothing is fetched")
            self._robots[root] = rules
        if not rules.can_fetch(USER_AGENT, url):
            raise FetchError(f"{url}: {root}/robots.txt does not permit it")
