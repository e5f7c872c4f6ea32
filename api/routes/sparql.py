"""/sparql: the SPARQL 1.1 Protocol, to the letter, for queries; see docs/sparql.md."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from api import protocol, query_page, rendering
from api.deps import SandboxDep, SettingsDep, base_url
from api.negotiate import GRAPHS, HTML, JSON, ROWS, TURTLE, Format, coding, pick
from api.problems import VARY
from api.protocol import SparqlRequest
from api.routes import share
from api.sandbox.guard import Inspection
from api.sandbox.job import Answer, Job
from api.sandbox.output import CODINGS
from api.sandbox.service import Sandbox
from api.service_description import Description
from api.settings import Settings
from api.views.answer import Look

router = APIRouter(tags=["sparql"])


_PARAMETERS: Final[list[dict[str, Any]]] = [
    {"name": "query", "in": "query", "schema": {"type": "string"}, "description": "A SPARQL 1.1 query."},
    {
        "name": "default-graph-uri",
        "in": "query",
        "schema": {"type": "array", "items": {"type": "string"}},
        "description": "Graphs to merge into the default graph; they win over FROM.",
    },
    {
        "name": "named-graph-uri",
        "in": "query",
        "schema": {"type": "array", "items": {"type": "string"}},
        "description": "Named graphs of the dataset; they win over FROM NAMED.",
    },
    {"name": "format", "in": "query", "schema": {"type": "string"}, "description": "Wins over the Accept header."},
    {"name": "timeout", "in": "query", "schema": {"type": "number"}, "description": "Seconds; only lowers the limit."},
]
_OPENAPI: Final[dict[str, Any]] = {
    "parameters": _PARAMETERS,
    "responses": {
        "200": {
            "description": "The answer, in the format that was negotiated.",
            "content": {one.media: {"schema": {"type": "string"}} for one in (*ROWS, *GRAPHS, HTML)},
        },
        "default": {"description": "A problem.", "content": {"application/problem+json": {}}},
    },
}


@router.api_route("/sparql", methods=["GET", "HEAD"], summary="Ask a SPARQL query", openapi_extra=_OPENAPI)
async def get(request: Request, settings: SettingsDep, sandbox: SandboxDep) -> Response:
    """Answer a query; without one, describe the service, or give a browser the query page."""
    asked = await protocol.read(request, limit=settings.query_limit)
    if asked.query is None and "share" in request.query_params:
        kept = await asyncio.to_thread(share.found, request, request.query_params["share"], "query")
        shared, view = share.query_of(kept)
        asked = replace(asked, query=shared.query, default=shared.default, named=shared.named)
        if pick(request.headers.get("accept"), asked.formats, (*ROWS, *GRAPHS, HTML)) is HTML:
            # to be read before it is run
            return await asyncio.to_thread(lambda: query_page.page(request, asked, shared=kept.id, shared_view=view))
    if asked.query is not None and (asked.query.strip() or asked.formats):
        return await _answer(request, asked, settings, sandbox)
    chosen = pick(request.headers.get("accept"), asked.formats, (*GRAPHS, HTML))
    if chosen is HTML:
        return await asyncio.to_thread(query_page.page, request, asked)
    description: Description = request.app.state.description
    body, size = await asyncio.to_thread(
        lambda: (description.serialized(f"{base_url(request)}/sparql", chosen), len(description))
    )
    tag = _tag(request, "description", base_url(request), chosen.media)
    headers = {"Vary": VARY, "ETag": tag, "Cache-Control": "no-cache", "Palermo-Rows": str(size)}
    if _matches(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=chosen.content_type)


@router.post(
    "/sparql",
    summary="Ask a SPARQL query by POST",
    openapi_extra={
        **_OPENAPI,
        "requestBody": {
            "content": {
                protocol.QUERY: {"schema": {"type": "string"}},
                protocol.FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["query"],
                        "properties": {one["name"]: one["schema"] for one in _PARAMETERS},
                    }
                },
            }
        },
    },
)
async def post(request: Request, settings: SettingsDep, sandbox: SandboxDep) -> Response:
    """Answer a query that comes as a form or as the body itself."""
    return await _answer(request, await protocol.read(request, limit=settings.query_limit), settings, sandbox)


async def _answer(request: Request, asked: SparqlRequest, settings: Settings, sandbox: Sandbox) -> Response:
    query = asked.query or ""
    client = request.client.host if request.client else ""
    seen = await sandbox.inspect(client, query)
    formats = GRAPHS if seen.form in ("CONSTRUCT", "DESCRIBE") else ROWS
    chosen = pick(request.headers.get("accept"), asked.formats, (*formats, HTML))
    request.state.html = chosen is HTML  # so will be a problem, from here on
    tag = _tag(request, query, asked.default, asked.named, chosen.media, base_url(request))
    headers = {"Vary": VARY, "Cache-Control": "no-cache" if not seen.volatile else "no-store"}
    if not seen.volatile:
        headers["ETag"] = tag
        if _matches(request, tag):
            return Response(status_code=304, headers=headers)
    answer = await _run(request, asked, seen, chosen, settings, sandbox)
    headers |= _measured(answer)
    if chosen is HTML:
        return await _result_page(request, asked, answer, seen, headers, settings)
    if answer.coding:
        headers["Content-Encoding"] = answer.coding
    return AnswerResponse(answer, chosen.content_type, headers, settings.send_limit)


async def _run(
    request: Request, asked: SparqlRequest, seen: Inspection, chosen: Format, settings: Settings, sandbox: Sandbox
) -> Answer:
    """Run an inspected query, unless the client goes away first."""
    formats = GRAPHS if seen.form in ("CONSTRUCT", "DESCRIBE") else ROWS
    data, rows = _data_format(chosen, formats, settings)
    job = Job(
        client=request.client.host if request.client else "",
        query=asked.query or "",
        seen=seen,
        base=f"{base_url(request)}/sparql",
        format=data.name,
        coding="" if chosen is HTML else coding(request.headers.get("accept-encoding"), CODINGS),
        rows=rows,
        seconds=min(asked.timeout or settings.time_limit, settings.time_limit),
        default=asked.default,
        named=asked.named,
    )
    return await _unless_gone(request, sandbox.run(job))


def _data_format(chosen: Format, formats: Sequence[Format], settings: Settings) -> tuple[Format, int]:
    """What a worker writes for a format, and how many rows of it."""
    if chosen is HTML:
        return (JSON if formats is ROWS else TURTLE), min(settings.page_rows, settings.row_limit)
    return chosen, settings.row_limit


def _tag(request: Request, *parts: object) -> str:
    """A weak entity tag: the release and everything of the request that shapes the answer but its coding."""
    text = "\x00".join((request.app.state.manifest.hash, *map(repr, parts)))
    return f'W/"{hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()}"'


def _matches(request: Request, tag: str) -> bool:
    if request.method not in ("GET", "HEAD"):
        return False
    given = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    return "*" in given or tag.removeprefix("W/") in (one.removeprefix("W/") for one in given)


def _measured(answer: Answer) -> dict[str, str]:
    run, wait = answer.seconds * 1000, answer.waited * 1000
    return {
        "Palermo-Rows": str(answer.rows),
        "Palermo-Query-Time": f"{run:.1f} ms",
        "Palermo-Truncated": "true" if answer.truncated else "false",
        "Server-Timing": f"wait;dur={wait:.1f}, query;dur={run:.1f}",
    }


async def _unless_gone(request: Request, running: Any) -> Answer:
    """Run a query until it is done or the client goes away, which cancels it."""
    task: asyncio.Task[Answer] = asyncio.ensure_future(running)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
        return await task
    finally:
        task.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class AnswerResponse(Response):
    """Sends an answer piece by piece and lets go of it, however slowly it is read or whether the client goes away."""

    def __init__(self, answer: Answer, content_type: str, headers: dict[str, str], limit: float) -> None:
        super().__init__(b"", headers={**headers, "Content-Length": str(answer.size), "Content-Type": content_type})
        self._answer, self._limit = answer, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, within the limit for slow readers."""
        try:
            async with asyncio.timeout(self._limit):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                body = b""
                if scope["method"] != "HEAD":
                    async for chunk in self._answer.chunks():
                        if body:
                            await send({"type": "http.response.body", "body": body, "more_body": True})
                        body = chunk
                await send({"type": "http.response.body", "body": body, "more_body": False})
        finally:
            self._answer.close()


async def _result_page(
    request: Request,
    asked: SparqlRequest,
    answer: Answer,
    seen: Inspection,
    headers: dict[str, str],
    settings: Settings,
) -> Response:
    """The page with an answer in it, never more than `page_rows` of it."""
    look = Look.of(dict(request.query_params))
    try:
        body = b"".join([chunk async for chunk in answer.chunks()])
    finally:
        answer.close()

    def rendered() -> Response:
        return query_page.page(request, asked, **query_page.context(request, asked, answer, body, seen, look, settings))

    response = await asyncio.to_thread(rendered)
    # What the page depends on besides the answer, its language above all, is already said by the page itself.
    response.headers.update({name: value for name, value in headers.items() if name not in ("Vary", "ETag")})
    return response


@router.post("/sparql/answer", include_in_schema=False)
async def fragment(request: Request, settings: SettingsDep, sandbox: SandboxDep) -> Response:
    """The answer to a query as the query page shows it: its HTML with what the page says about it, as JSON.

    The form has the query, `view` and `column`. Problems are problem+json. A client that goes away stops the query.
    """
    pairs = await protocol.form(request, limit=settings.query_limit)
    look = Look.of(dict(pairs))
    asked = protocol.asked(pairs)
    seen = await sandbox.inspect(request.client.host if request.client else "", asked.query or "")
    answer = await _run(request, asked, seen, HTML, settings, sandbox)
    try:
        body = b"".join([chunk async for chunk in answer.chunks()])
    finally:
        answer.close()

    def rendered() -> bytes:
        found = query_page.context(request, asked, answer, body, seen, look, settings)
        frame = rendering.chrome(request)
        template = request.app.state.pages.get_template("query/answer.html")
        html = template.render(chrome=frame, t=frame.t, lang=frame.lang, **found)
        said = {name: found["result"][name] for name in ("form", "rows", "truncated", "view", "views")}
        return orjson.dumps({"html": html, **said, "milliseconds": answer.seconds * 1000})

    headers = {"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store", **_measured(answer)}
    return Response(await asyncio.to_thread(rendered), 200, headers, "application/json")
