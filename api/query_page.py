"""The query page: the form with a named query and its parameters, and below it the answer, looked at in some way."""

from __future__ import annotations

from typing import Any, Final

import orjson
from fastapi import Request, Response

from api import rendering
from api.deps import base_url
from api.negotiate import GRAPHS, ROWS
from api.protocol import SparqlRequest
from api.sandbox.guard import Inspection
from api.sandbox.job import Answer
from api.settings import Settings
from api.site import site
from api.views import answer as answer_view
from api.views import query as query_view
from api.views.answer import Look

#: Characters of a query that links still hold; percent-encoded it stays below what proxies take.
_LONGEST_LINK: Final = 2000


def page(request: Request, asked: SparqlRequest, **found: Any) -> Response:
    """The query page; `found` is what it shows below the form. `?example=` puts a named query into the form, with the
    values that parameters `p-…` give its own parameters."""
    here = site(request)
    queries = here.library
    frame, settings = rendering.chrome(request), request.app.state.settings
    chosen = queries.get(request.query_params.get("example", ""))
    values = query_view.given(chosen, request.query_params, frame.lang) if chosen else {}
    context: dict[str, Any] = {
        "query": asked.query or (chosen.bind(values, ids=here.ids) if chosen else ""),
        "default": asked.default or (),
        "named": asked.named or (),
        "chosen": chosen,
        "parameters": query_view.parameters(chosen, values) if chosen else (),
        "topics": query_view.topics(queries),
        "shared": "",
        "shared_view": "",
        "assets": here.assets,
        "words": orjson.dumps({name: frame.t.template(f"query.js.{name}") for name in query_view.SCRIPT}).decode(),
        "here": base_url(request),
        "limit": settings.url_limit,
        "schema": here.completion,
        "result": None,
        **found,
    }
    return rendering.answer(request, rendering.page(request, "sparql.html", **context))


def context(
    request: Request,
    asked: SparqlRequest,
    answer: Answer,
    body: bytes,
    seen: Inspection,
    look: Look,
    settings: Settings,
) -> dict[str, Any]:
    """What the template of an answer needs. Asks the store for names: call it in a thread."""
    frame = rendering.chrome(request)
    formats = [one.name for one in (GRAPHS if seen.form in ("CONSTRUCT", "DESCRIBE") else ROWS)]
    query, default, named = asked.query or "", asked.default or (), asked.named or ()
    return {
        "result": {
            "form": seen.form,
            "rows": answer.rows,
            "truncated": answer.truncated,
            "milliseconds": f"{answer.seconds * 1000:.0f}",
            "limit": min(settings.page_rows, settings.row_limit),
            **answer_view.shown(site(request), body, seen.form, look, frame.t, frame.lang),
        },
        "svg": answer_view.svg,
        "fields": [
            ("query", query),
            *(("default-graph-uri", one) for one in default),
            *(("named-graph-uri", one) for one in named),
        ],
        "formats": formats,
        # an address that is too long for a link is a form instead
        "downloads": tuple(query_view.downloads(query, default, named, formats)) if len(query) < _LONGEST_LINK else (),
    }
