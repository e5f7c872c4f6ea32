"""`palermo serve`: the HTTP door. Its flags are the settings of :mod:`api.settings`, one each."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated, Any

import typer

from api.settings import SettingError, Settings, table

_HOST = Annotated[str, typer.Option(help="Address to listen on.")]
_PORT = Annotated[int, typer.Option(help="Port to listen on.")]


def serve(host: str = "127.0.0.1", port: int = 8000, **given: Any) -> None:
    """Serve a release, or anybody's RDF files, over HTTP."""
    # The web stack is loaded here and not above, so that the other commands start without it.
    from api import server
    from api.app import create_app

    try:
        settings = Settings.read(**{name: value for name, value in given.items() if value not in (None, [], ())})
    except SettingError as error:
        raise typer.BadParameter(str(error)) from None
    application = create_app(settings)
    print(f"Palermo is on http://{host}:{port}/ — open it in a browser, or ask http://{host}:{port}/sparql", flush=True)
    server.run(application, settings, host=host, port=port)


def _parameters() -> list[inspect.Parameter]:
    """host, port and a flag for each setting, none with a default of its own: that is for the settings to say."""
    named = inspect.Parameter.KEYWORD_ONLY
    found = [
        inspect.Parameter("host", named, default="127.0.0.1", annotation=_HOST),
        inspect.Parameter("port", named, default=8000, annotation=_PORT),
    ]
    for row in table():
        if row.secret:
            continue  # command lines are seen by everybody on the machine
        kind: Any = list[Path] if row.name == "data" else list[str] if row.name == "services" else row.kind
        option = typer.Option(row.flag, help=f"{row.about} Default: {row.default}.", show_default=False)
        found.append(inspect.Parameter(row.name, named, default=None, annotation=Annotated[kind | None, option]))
    return found


serve.__signature__ = inspect.Signature(_parameters())  # type: ignore[attr-defined]
serve.__annotations__ = {one.name: one.annotation for one in _parameters()}
