"""/static: what the front end's build made. Every name but the manifest's carries a hash of its contents."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from api.errors import NotFound
from viz.assets import DIRECTORY

router = APIRouter(include_in_schema=False)

#: A year, the longest that HTTP caches are asked for: a changed file has another name.
_FOREVER: Final = "public, max-age=31536000, immutable"


@router.api_route("/static/{name:path}", methods=["GET", "HEAD"])
def static(name: str) -> Response:
    """A file of the front end. Raises :class:`NotFound` for what the build does not hold."""
    path = (DIRECTORY / name).resolve()
    if not path.is_relative_to(DIRECTORY.resolve()) or not path.is_file():
        raise NotFound(f"The front end has no file {name!r}.")
    return FileResponse(path, headers={"Cache-Control": _FOREVER if name.startswith("assets/") else "no-cache"})


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
def favicon() -> Response:
    """No picture of its own; an empty answer spares every browser a 404."""
    return Response(status_code=204, headers={"Cache-Control": _FOREVER})
