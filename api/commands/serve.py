"""`palermo serve`: the HTTP door."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    release: Annotated[Path, typer.Option(help="The release to serve.")] = Path("build/release"),
    data: Annotated[list[Path] | None, typer.Option(help="Serve these RDF files instead of a release.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve a release, or anybody's RDF files, over HTTP."""
    # The web stack is loaded here and not above, so that the other commands start without it.
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    settings = Settings.read(release=release, data=tuple(data or ()))
    application = create_app(settings)
    print(f"Palermo is on http://{host}:{port}/ — open it in a browser, or ask http://{host}:{port}/sparql", flush=True)
    uvicorn.run(application, host=host, port=port, log_level="warning", server_header=False)
