"""How answers of the JSON API are made: JSON or CSV as asked, kept by release and request, with entity tags."""

from __future__ import annotations

import csv
import hashlib
import io
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, cast

import orjson
from fastapi import APIRouter, Depends, FastAPI, Request, Response

from api.cache import Cache
from api.deps import base_url
from api.negotiate import Format, choose
from graph.read.release import Release
from graph.read.store import Store

#: Where the JSON API stands. Each of its routers carries it itself, since a request is counted and logged under the
#: path that its own router knows.
PREFIX: Final = "/api/v1"

JSON: Final = Format("json", "application/json", also=("application/ld+json",))
CSV: Final = Format("csv", "text/csv", charset=True)

#: Bytes of answers that are kept: a few thousand ordinary ones.
KEPT: Final = 32 << 20
_VARY: Final = "Accept, Accept-Encoding, Accept-Language"

_making = threading.Lock()


def opened(app: FastAPI) -> Release:
    """The release with everything that is read from it once. Made when it is first needed."""
    state = app.state
    with _making:
        if getattr(state, "release", None) is None:
            state.release = Release(cast(Store, state.store))
            state.answers = Cache(KEPT)
    return cast(Release, state.release)


def share(app: FastAPI, release: Release) -> None:
    """Answer from a release that others read too."""
    with _making:
        app.state.release, app.state.answers = release, Cache(KEPT)


def release(request: Request) -> Release:
    """The release of the application that answers this request."""
    return opened(request.app)


ReleaseDep = Annotated[Release, Depends(release)]


def wanted(request: Request, suffix: str = "", tables: bool = True) -> Format:
    """JSON or CSV: by the ending of the address, else by Accept."""
    if suffix:
        return CSV
    return choose(request.headers.get("accept"), (JSON, CSV) if tables else (JSON,))


def answer(
    request: Request,
    make: Callable[[], tuple[bytes, Mapping[str, str]]],
    media: Format,
    *key: object,
) -> Response:
    """The answer that `make` gives, kept by release, address and `key`; 304 where the client has it already.

    `make` returns the body and further headers; a problem that it raises is passed on and nothing is kept.
    """
    manifest = request.app.state.manifest
    parts = (manifest.hash, base_url(request), request.url.path, request.url.query, media.media, *key)
    name = "\x00".join(map(str, parts))
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    headers = {"ETag": f'W/"{digest}"', "Vary": _VARY, "Cache-Control": "no-cache"}
    given = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if request.method in ("GET", "HEAD") and (f'"{digest}"' in given):
        return Response(status_code=304, headers=headers)

    def kept() -> bytes:
        body, more = make()
        return orjson.dumps(dict(more)) + b"\n" + body

    more, _, body = cast(Cache, request.app.state.answers).get(digest, kept).partition(b"\n")
    return Response(body, headers=headers | orjson.loads(more), media_type=media.content_type)


def dumped(value: Any) -> bytes:
    """JSON as bytes."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """CSV (RFC 4180) with a header; several values of a cell are joined by `;`, what is not known is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return str(value)


def get(router: APIRouter, path: str, **described: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a route for GET, and for HEAD without describing it twice."""

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        router.add_api_route(path, run, methods=["GET"], response_class=Response, **described)
        router.add_api_route(path, run, methods=["HEAD"], response_class=Response, include_in_schema=False)
        return run

    return register
