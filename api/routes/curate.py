"""/curate: decide on proposals in a browser. For the person at this machine alone; off unless a setting names a file.

Whoever is not on this machine, came through a proxy, asked by another name than that of this machine (a name that was
made to point here), or was sent by another page is refused. A form carries a secret of this process, which only a page
of this server can have read. No script is needed.
"""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse

from api import rendering
from api.deps import SettingsDep
from api.errors import Forbidden, NotFound
from api.language import Words, words
from api.settings import Settings, loopback
from graph.build import pipeline
from graph.build.refresh.errors import RefreshError
from graph.build.review.desk import DECISIONS, Desk, ReviewError, state
from graph.build.schema import FAMILIES

router = APIRouter(prefix="/curate", include_in_schema=False)

_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
#: Headers by which a proxy says for whom it asks.
_PROXIED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
#: A page with a form for a decision must not be kept, framed, or read by other origins.
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": "https://localhost.invalid",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


async def here(request: Request, settings: SettingsDep) -> Desk:
    """The desk, for who may sit at it. Raises :class:`NotFound` where curating is off, :class:`Forbidden`."""
    if not settings.curate:
        raise NotFound("Curating is off here.")
    client = request.client.host if request.client else ""
    name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    origin = request.headers.get("origin")
    own = {f"http://{request.headers.get('host', '')}"}
    if not loopback(client) or any(one in request.headers for one in _PROXIED):
        raise Forbidden("Curating is for people at this machine alone.")
    if name not in _NAMES:
        raise Forbidden(f"{name!r} is not the name of this machine; ask http://127.0.0.1.")
    if (origin is not None and origin not in own) or request.headers.get("sec-fetch-site") == "cross-site":
        raise Forbidden("Another page asked for this.")
    return Desk(Path(settings.curate), Path(settings.facts) if settings.facts else pipeline.facts_directory())


DeskDep = Annotated[Desk, Depends(here)]


def _secret(request: Request) -> str:
    """The secret of this process that forms carry."""
    state_ = request.app.state
    if not hasattr(state_, "curate_secret"):
        state_.curate_secret = secrets.token_urlsafe(32)
    found: str = state_.curate_secret
    return found


def _page(request: Request, template: str, status: int = 200, **context: object) -> Response:
    body = rendering.page(request, f"curate/{template}", secret=_secret(request), **context)
    return rendering.answer(request, body, _HEADERS, status)


@router.get("")
def proposals(request: Request, desk: DeskDep) -> Response:
    """All proposals, the undecided ones first."""
    try:
        found = desk.read()
    except RefreshError as error:
        raise NotFound(str(error)) from None
    ordered = sorted(found, key=lambda one: bool(one.decision))
    return _page(request, "list.html", found=ordered, undecided=sum(not one.decision for one in found))


@router.get("/{identifier}")
def proposal(identifier: str, request: Request, desk: DeskDep, settings: SettingsDep) -> Response:
    """One proposal with its values, its history, and the form."""
    return _shown(request, desk, settings, identifier)


def _shown(
    request: Request, desk: Desk, settings: Settings, identifier: str, said: str = "", status: int = 200
) -> Response:
    try:
        one = desk.find(identifier)
    except (ReviewError, RefreshError) as error:
        raise NotFound(str(error)) from None
    columns = [
        (column.name, one.before.get(column.name, ""), one.after.get(column.name, ""))
        for column in FAMILIES[one.family].columns
        if column.name in {**one.before, **one.after} or one.operation == "question" or not one.before
    ]
    return _page(
        request, "proposal.html", status, one=one, columns=columns, seen=state(one), said=said,
        history=desk.history(one.id), who=settings.curator,
    )  # fmt: skip


async def _form(request: Request) -> FormData:
    return await request.form()


@router.post("/{identifier}")
def decide(
    identifier: str,
    request: Request,
    desk: DeskDep,
    settings: SettingsDep,
    form: Annotated[FormData, Depends(_form)],
    secret: Annotated[str, Form()] = "",
    decision: Annotated[str, Form()] = "",
    who: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Decide, and go back to the list; what cannot be decided is said on the proposal's page (409)."""
    if not hmac.compare_digest(secret.encode(), _secret(request).encode()):
        raise Forbidden("This form is not of this server, or the server was started anew; open the page again.")
    say: Words = words(rendering.chrome(request).lang)
    if decision not in DECISIONS:
        return _shown(request, desk, settings, identifier, say("curate.choose"), 409)
    values = {name.removeprefix("after."): str(value) for name, value in form.items() if name.startswith("after.")}
    try:
        desk.decide(identifier, decision, who, why, values if decision == "accept" else None, seen)
    except (ReviewError, RefreshError) as error:
        return _shown(request, desk, settings, identifier, str(error), 409)
    return RedirectResponse("/curate", 303, _HEADERS)
