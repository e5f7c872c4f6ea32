"""/queries: the named queries, each with its question, its text and its answer.

They are ours, bounded and cached, so they run on the store itself and never wait behind strangers' queries.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from pyoxigraph import QueryResultsFormat

from api.deps import BaseUrlDep
from api.errors import BadRequest
from api.negotiate import ROWS, Format, pick
from api.shelf import keep
from api.site import SiteDep
from graph.read.library import NamedQuery

router = APIRouter(tags=["queries"])

_ENGINE: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
#: The query itself instead of its answer, its parameters filled in.
_TEXT: Final = Format("sparql", "application/sparql-query", aliases=("rq",))
_FORMATS: Final = (*ROWS, _TEXT)
_LIST: Final = Format("json", "application/json")


@router.api_route("/queries", methods=["GET", "HEAD"], summary="Every named query: question, parameters, columns")
def every(request: Request, here: BaseUrlDep, site: SiteDep) -> Response:
    """The list, in the order of names."""
    pick(request.headers.get("accept"), request.query_params.getlist("format"), (_LIST,))
    body = {"queries": [_about(query, here) for _, query in sorted(site.library.items())]}
    return Response(orjson.dumps(body), media_type="application/json", headers={"Vary": "Accept"})


def _about(query: NamedQuery, here: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "url": f"{here}/queries/{query.name}",
        "question": query.question,
        "question_fr": query.question_fr,
        "summary": query.summary,
        "parameters": [
            {"name": one.name, "type": one.datatype, "default": one.default, "help": one.help} for one in query.params
        ],
        "columns": {one.name: one.meaning for one in query.columns},
        "tags": list(query.tags),
    }


@router.api_route("/queries/{name}", methods=["GET", "HEAD"], summary="The answer to a named query")
def answer(request: Request, name: str, site: SiteDep) -> Response:
    """Run one, with its parameters given in the address: `/queries/parties-to-treaty?treaty=untoc&date=2004-12-31`.

    An unknown name is 404 and lists near ones; an unknown parameter or a value that does not fit is 400 and says what
    is allowed.
    """
    query = site.library[name]
    values = dict(request.query_params.multi_items())
    twice = sorted({key for key in values if len(request.query_params.getlist(key)) > 1})
    if twice:
        raise BadRequest(f"{', '.join(twice)}: each parameter is given once.")
    asked = [values.pop("format")] if "format" in values else []
    form = pick(request.headers.get("accept"), asked, _FORMATS)
    text = query.bind(values, ids=site.ids)
    tag = hashlib.blake2b(f"{site.manifest.hash}\n{form.media}\n{text}".encode(), digest_size=16).hexdigest()
    headers = {"ETag": f'W/"{tag}"', "Vary": "Accept, Accept-Encoding", "Cache-Control": "no-cache"}
    keep(request)
    if f'"{tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if form.name == _TEXT.name:
        body = text.encode()
    else:
        body = site.cache.get((form.name, text), lambda: site.store.serialized(text, _ENGINE[form.name]))
    return Response(body, headers={**headers, "Content-Type": form.content_type})
