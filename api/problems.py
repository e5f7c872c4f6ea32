"""Problems as answers: problem+json, or a page for a browser that asked for one."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from api import rendering
from api.deps import base_url
from api.errors import BadRequest, MethodNotAllowed, NotAcceptable, Problem, for_status
from api.language import DEFAULT, Lang
from api.negotiate import HTML, Format, choose
from graph.read.library import UnknownQueryError
from graph.read.parameters import ParameterError
from graph.read.store import StoreError

#: What negotiated answers vary by. Compression adds its part to long bodies alone; here it always stands.
VARY = "Accept, Accept-Encoding"
#: Pages also speak the reader's language and keep their theme.
PAGE_VARY = f"{VARY}, Accept-Language, Cookie"
PROBLEM = Format("problem", "application/problem+json", also=("application/json",))


@cache
def _words(lang: Lang) -> dict[str, dict[str, str]]:
    return tomllib.loads(files("api").joinpath("words", f"problems.{lang}.toml").read_text("utf-8"))


def told(kind: type[Problem], lang: Lang) -> dict[str, str]:
    """Title, meaning (`about`) and remedy of a kind of problem in a reader's language."""
    if lang == DEFAULT:
        return {"title": kind.title, "about": kind.about, "remedy": kind.remedy}
    return _words(lang)[kind.kind]


def coded(text: str) -> Markup:
    """A text for a page, what stands between backticks in it as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def render(request: Request, problem: Problem) -> Response:
    """The answer for a problem. Everything but a browser gets problem+json, whatever it accepts."""
    document = problem.document(base_url(request), request.scope.get("path", ""))
    number = request.scope.get("state", {}).get("request_id")
    if number:
        document.setdefault("request", number)
    headers = {"Vary": VARY, "Cache-Control": "no-store", **problem.headers}
    try:
        wanted = choose(request.headers.get("accept"), (PROBLEM, HTML))
    except NotAcceptable:
        wanted = PROBLEM
    if wanted is HTML or request.scope.get("state", {}).get("html"):
        headers["Vary"] = PAGE_VARY
        words = told(type(problem), rendering.chrome(request).lang)
        detail = "" if problem.detail == problem.about else problem.detail
        page = {"problem": problem, "told": words, "detail": detail, "document": document}
        text = rendering.page(request, "problem.html", **page)
        return Response(text, problem.status, headers, HTML.content_type)
    return Response(orjson.dumps(document), problem.status, headers, PROBLEM.media)


def install(app: FastAPI) -> None:
    """Have every error that routes raise answered here."""

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return render(request, error)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        found = for_status(error.status_code, headers=error.headers)
        if isinstance(found, MethodNotAllowed):
            allow = methods(app, request.scope)
            found = MethodNotAllowed(
                f"{request.method} is not a method of this address; it takes {', '.join(allow)}.",
                headers={"Allow": ", ".join(allow)},
                allowed=allow,
            )
        return render(request, found)

    async def validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        wrong = [
            {"where": ".".join(str(part) for part in one["loc"]), "what": str(one["msg"])} for one in error.errors()
        ]
        detail = "; ".join(f"{one['where']}: {one['what']}" for one in wrong)
        return render(request, BadRequest(f"{detail}.", errors=wrong))

    async def of_store(request: Request, error: Exception) -> Response:
        status = error.status if isinstance(error, StoreError) else 500
        detail = "The engine that holds the release cannot answer this now." if status >= 502 else ""
        return render(request, for_status(status, detail, {"Retry-After": "10"} if status == 503 else None))

    async def of_library(request: Request, error: Exception) -> Response:
        text = str(error.args[0]) if error.args else ""
        return render(request, for_status(404 if isinstance(error, UnknownQueryError) else 400, text))

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(StoreError, of_store)
    app.add_exception_handler(ParameterError, of_library)
    app.add_exception_handler(UnknownQueryError, of_library)


def methods(app: FastAPI, scope: Scope) -> list[str]:
    """The methods that an address takes; empty where there is no such address."""
    routes = [*app.routes, *(route for router in app.state.routers for route in router.routes)]
    matched = (route for route in routes if route.matches(scope)[0] is not Match.NONE)
    found = {method for route in matched for method in getattr(route, "methods", None) or ()}
    return sorted(found | {"OPTIONS"}) if found else []
