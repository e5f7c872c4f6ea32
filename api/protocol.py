"""A request of the SPARQL 1.1 Protocol: which query, on which dataset, in which form it came. Decoded exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from api.errors import BadRequest, TooLarge, UnsupportedMediaType, UpdateRefused

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

#: Larger forms are decoded in a thread: 8 kB take up to two milliseconds.
_INLINE: Final = 8 * 1024

#: Parameters that may stand once at most. Others that clients add are passed over.
_ONCE: Final = ("query", "timeout")


@dataclass(frozen=True)
class SparqlRequest:
    """What was asked. `query` is None where there is none; graphs are None where the protocol names none."""

    query: str | None
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    formats: tuple[str, ...] = ()
    timeout: float | None = None


async def read(request: Request, *, limit: int) -> SparqlRequest:
    """Read a GET, HEAD or POST. Raises BadRequest, TooLarge, UnsupportedMediaType, UpdateRefused."""
    inside = list(_pairs(request.scope["query_string"], "the query string"))
    if request.method != "POST":
        return _of(inside)
    media, charset = _content_type(request.headers.get("content-type", ""))
    if media not in (FORM, QUERY, UPDATE):
        said = f"The body is {media}." if media else "The body has no Content-Type."
        raise UnsupportedMediaType(f"{said} {UnsupportedMediaType.remedy}")
    if media == UPDATE:
        raise UpdateRefused("SPARQL Update is refused; this service is read-only.", feature="update")
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise BadRequest(f"charset={charset}: SPARQL is sent in UTF-8.")
    body = await _body(request, limit)
    if media == FORM:
        form = _pairs(body, "the body")
        pairs = list(form) if len(body) <= _INLINE else await asyncio.to_thread(list, form)
        found = _of([*inside, *pairs])
    else:
        found = _of([*inside, ("query", _text(body, "the body"))])
    if found.query is None:
        raise BadRequest("The parameter `query` is missing.")
    return found


async def form(request: Request, *, limit: int) -> list[tuple[str, str]]:
    """The fields of a form that is no query. Raises BadRequest, TooLarge, UnsupportedMediaType."""
    media, _ = _content_type(request.headers.get("content-type", ""))
    if media != FORM:
        raise UnsupportedMediaType(f"The body is {media or 'without a Content-Type'}; {FORM} is needed.")
    body = await _body(request, limit)
    return await asyncio.to_thread(lambda: list(_pairs(body, "the body")))


def asked(pairs: Iterable[tuple[str, str]]) -> SparqlRequest:
    """The request that decoded parameters make. Raises BadRequest and UpdateRefused."""
    return _of(pairs)


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"The body is larger than {limit} bytes. {TooLarge.remedy}", limit=limit)
    return bytes(body)


def _content_type(value: str) -> tuple[str, str]:
    """Media type and charset, in lower case."""
    media, _, rest = value.partition(";")
    charset = ""
    for part in rest.split(";"):
        name, _, text = part.partition("=")
        if name.strip().lower() == "charset":
            charset = text.strip().strip('"').lower()
    return media.strip().lower(), charset


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{where} is not UTF-8 at byte {error.start}; SPARQL is sent in UTF-8.") from None


def _pairs(data: bytes, where: str) -> Iterable[tuple[str, str]]:
    """Names and values of a form, each decoded once; raw bytes beyond ASCII are taken for UTF-8."""
    for part in data.split(b"&"):
        if part:
            name, _, value = part.replace(b"+", b" ").partition(b"=")
            yield _text(unquote_to_bytes(name), where), _text(unquote_to_bytes(value), where)


def _of(pairs: Iterable[tuple[str, str]]) -> SparqlRequest:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise UpdateRefused("SPARQL Update is refused; this service is read-only.", feature="update")
    for name in _ONCE:
        if len(values.get(name, ())) > 1:
            raise BadRequest(f"`{name}` stands {len(values[name])} times; it may stand once.")
    return SparqlRequest(
        query=values["query"][0] if "query" in values else None,
        default=_graphs(values, "default-graph-uri", "named-graph-uri"),
        named=_graphs(values, "named-graph-uri", "default-graph-uri"),
        formats=tuple(name for name in values.get("format", ()) if name),
        timeout=_seconds(values["timeout"][0]) if values.get("timeout", [""])[0] else None,
    )


def _graphs(values: Mapping[str, list[str]], name: str, other: str) -> tuple[str, ...] | None:
    """Graph IRIs of a parameter; an empty value, as forms send it, names none. If either names a graph, both count."""
    given = tuple(iri for iri in values.get(name, ()) if iri)
    if not given:
        return () if any(values.get(other, ())) else None
    for iri in given:
        scheme, colon, rest = iri.partition(":")
        if not colon or not scheme.isascii() or not rest or any(one <= " " or one in '<>"{}|\\^`' for one in iri):
            raise BadRequest(f"{name}={iri!r}: an absolute IRI is needed.")
    return given


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise BadRequest(f"timeout={text!r}: a number of seconds above 0 is needed.")
    return seconds
