"""/health: is the process up. /ready: can it answer; for load balancers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import SandboxDep
from api.errors import Overloaded

router = APIRouter(tags=["service"])


@router.api_route("/health", methods=["GET", "HEAD"], summary="Is the server up?")
async def health(request: Request, response: Response) -> dict[str, str]:
    """Answers as long as the server runs, with the release it serves."""
    response.headers["Cache-Control"] = "no-store"
    manifest = request.app.state.manifest
    return {"status": "up", "release": manifest.release, "hash": manifest.hash}


@router.api_route("/ready", methods=["GET", "HEAD"], summary="Can the server answer queries?")
async def ready(sandbox: SandboxDep, response: Response) -> dict[str, Any]:
    """503 while the release is loading; else what runs and waits, and which locks hold."""
    if not sandbox.ready:
        raise Overloaded("The release is still being loaded.", headers={"Retry-After": "1"})
    response.headers["Cache-Control"] = "no-store"
    return {
        "status": "ready",
        "load": sandbox.load,
        "locks": {lock.name: lock.holds for lock in sandbox.locks},
    }
