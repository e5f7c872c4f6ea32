"""/metrics: numbers about the running server, for Prometheus."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request, Response

from api.deps import SettingsDep
from api.errors import NotFound
from api.metrics import OPEN_TYPE, Metrics

router = APIRouter(tags=["service"])


@router.api_route("/metrics", methods=["GET", "HEAD"], summary="Numbers about the server, for Prometheus")
def metrics(request: Request, settings: SettingsDep) -> Response:
    """Counters and gauges as OpenMetrics text. 404 where the operator has turned them off."""
    if settings.metrics == "off":
        raise NotFound("This server does not show its metrics.")
    found = cast(Metrics, request.app.state.metrics)
    return Response(found.exposition(), headers={"Content-Type": OPEN_TYPE, "Cache-Control": "no-store"})
