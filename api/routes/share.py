"""POST /share keeps a query or a view; /s/{id} leads to it. See docs/sparql.md and docs/settings.md."""

from __future__ import annotations

import asyncio
import logging
from threading import Lock
from typing import Final
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api import protocol
from api.deps import BaseUrlDep, SettingsDep
from api.errors import BadRequest, NotFound, NotKept, TooLarge, TooManyShares
from api.negotiate import HTML, Format, pick
from api.protocol import SparqlRequest
from api.settings import Settings
from api.shares import KINDS, Full, Kind, Share, Shares, TooLong, TooMany
from api.views.answer import VIEWS
from viz import state as views

log = logging.getLogger("palermo")

router = APIRouter(tags=["service"], include_in_schema=False)

_MAKING: Final = Lock()
_JSON: Final = Format("json", "application/json")
#: An id stands for one content for ever.
_CACHE: Final = {"Cache-Control": "public, max-age=86400"}


def shares(request: Request) -> Shares:
    """What this application keeps."""
    settings: Settings = request.app.state.settings
    with _MAKING:
        if not hasattr(request.app.state, "shares"):
            request.app.state.shares = Shares(
                settings.shares,
                size=settings.share_limit,
                number=settings.share_count,
                rate=settings.share_rate,
            )
        found: Shares = request.app.state.shares
    return found


@router.post("/share", summary="Keep a query or a view under a short address")
async def share(request: Request, settings: SettingsDep, base: BaseUrlDep) -> Response:
    """Keep what the form says: `kind` is `query` (with `query`, `default-graph-uri`, `named-graph-uri`, `view`) or
    `view` (with `state`, the query string of /explore). A browser without scripts is led to what it shared.
    """
    pairs = await protocol.form(request, limit=settings.query_limit)
    kind, state = _read(pairs, settings)
    client = request.client.host if request.client else ""
    try:
        kept = await asyncio.to_thread(shares(request).keep, kind, state, client)
    except TooLong as error:
        raise TooLarge(str(error), limit=settings.share_limit) from None
    except TooMany as error:
        raise TooManyShares(str(error), headers={"Retry-After": "3600"}) from None
    except Full as error:
        log.warning("a share was not kept: %s %s", error, error.__cause__ or "")
        raise NotKept(str(error)) from error
    address = f"/s/{kept.id}"
    chosen = pick(request.headers.get("accept"), [], (_JSON, HTML))
    if chosen is HTML:
        return RedirectResponse(target(kept), 303, {"Cache-Control": "no-store"})
    body = orjson.dumps({"id": kept.id, "kind": kept.kind, "url": base + address})
    headers = {"Location": address, "Cache-Control": "no-store", "Vary": "Accept"}
    return Response(body, 201 if kept.new else 200, headers, "application/json")


@router.api_route("/s/{name}", methods=["GET", "HEAD"], summary="What a short address stands for")
def shared(name: str, request: Request) -> Response:
    """303 to the query page or the view. Raises :class:`NotFound` for an id that this server does not keep."""
    return RedirectResponse(target(found(request, name)), 303, _CACHE)


def found(request: Request, name: str, kind: Kind | None = None) -> Share:
    """What is kept under an id, of one kind where one is named. Raises :class:`NotFound`."""
    kept = shares(request).find(name)
    if kept is None or (kind is not None and kept.kind != kind):
        raise NotFound(f"This server keeps nothing under the short address {name[:40]!r}; ask its sender for the text.")
    return kept


def query_of(kept: Share) -> tuple[SparqlRequest, str]:
    """The query that is kept, and the way it is looked at."""
    pairs = parse_qsl(kept.state, keep_blank_values=True)
    return protocol.asked(pairs), dict(pairs).get("view", VIEWS[0])


def target(kept: Share) -> str:
    """The address that a short one stands for."""
    return f"/sparql?share={kept.id}" if kept.kind == "query" else f"/explore?{kept.state}"


def _read(pairs: list[tuple[str, str]], settings: Settings) -> tuple[Kind, str]:
    """Kind and canonical state of a form. Raises :class:`BadRequest` and :class:`TooLarge`."""
    given = dict(pairs)
    kind = given.get("kind", KINDS[0])
    match kind:
        case "query":
            return kind, _query(pairs, given.get("view", VIEWS[0]))
        case "view":
            state = _view(given.get("state", ""))
            if len(state) + len("/explore?") > settings.url_limit:
                raise TooLarge(f"A view's address may have {settings.url_limit} bytes.", limit=settings.url_limit)
            return kind, state
        case _:
            raise BadRequest(f"kind={kind}: one of {', '.join(KINDS)}.", parameter="kind", allowed=list(KINDS))


def _query(pairs: list[tuple[str, str]], view: str) -> str:
    one = protocol.asked([pair for pair in pairs if pair[0] not in ("kind", "view", "state", "format", "timeout")])
    if not (one.query or "").strip():
        raise BadRequest("The parameter `query` is missing.", parameter="query")
    if view not in VIEWS:
        raise BadRequest(f"view={view}: one of {', '.join(VIEWS)}.", parameter="view", allowed=list(VIEWS))
    kept = [("query", (one.query or "").replace("\r\n", "\n"))]
    kept += [("default-graph-uri", iri) for iri in one.default or ()]
    kept += [("named-graph-uri", iri) for iri in one.named or ()]
    kept += [("view", view)] if view != VIEWS[0] else []
    return urlencode(kept)


def _view(state: str) -> str:
    try:
        return views.parse(state.removeprefix("?")).query()
    except views.StateError as error:
        raise BadRequest(f"{error}.", parameter=error.parameter, allowed=error.allowed) from None
