"""The JSON API, version 1; docs/api.md shows requests and answers."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from api.deps import base_url
from api.routes.v1 import described, entities, finding, lists, networks
from api.routes.v1.answering import PREFIX, dumped, get
from api.routes.v1.asking import Asked
from graph.read.collections import COLLECTIONS

router: Final = APIRouter()


@get(router, PREFIX, tags=["lists"], summary="What there is", responses=described.answers(described.OBJECT))
def index(request: Request) -> Response:
    """Every list with what it holds, and the other addresses."""
    Asked(request, ())
    here = f"{base_url(request)}{PREFIX}"
    body = {
        "release": request.app.state.manifest.release,
        "hash": request.app.state.manifest.hash,
        "description": f"{base_url(request)}/openapi.json",
        "lists": {name: {"url": f"{here}/{name}", "about": one.about} for name, one in COLLECTIONS.items()},
        "search": f"{here}/search{{?q,kinds,limit,lang}}",
        "complete": f"{here}/complete{{?q,kinds,limit,lang}}",
        "entity": f"{here}/entities/{{id}}",
        "relations": f"{here}/entities/{{id}}/relations{{?families,predicates,direction,as_of,limit,cursor,lang}}",
        "neighbours": f"{here}/entities/{{id}}/neighbours{{?families,kinds,as_of,limit,cursor,lang}}",
        "paths": f"{here}/paths{{?from,to,families,as_of,limit,lang}}",
        "compare": f"{here}/compare{{?ids,as_of,lang}}",
        "conflicts": f"{here}/statistics/conflicts{{?area,indicator,lang}}",
        "network": f"{here}/network{{?focus,depth,families,open,as_of,limit,lang}}",
        "measures": f"{here}/network/measures{{?measure,projection,families,kinds,as_of,unknown,limit,lang}}",
        "export": f"{here}/network/export{{?format,focus,depth,families,kinds,as_of,every}}",
    }
    return Response(dumped(body), media_type="application/json")


# The addresses of items take any path, so they come last.
lists.add()
for _part in (finding.router, networks.router, entities.router, lists.router):
    router.include_router(_part)
