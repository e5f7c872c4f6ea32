"""`palermo serve`: the HTTP door. Its flags are the settings of :mod:`api.settings`, one each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from pyoxigraph import Store

from api.settings import MIB, SettingError, Settings, loopback, table
from graph.manifest import Manifest
from graph.read.embedded import load_files
from graph.read.ondisk import served

_HOST = Annotated[str, typer.Option(help="Address to listen on.")]
_PORT = Annotated[int, typer.Option(help="Port to listen on.")]


def serve(host: str = "127.0.0.1", port: int = 8000, **given: Any) -> None:
    """Serve a release, or anybody's RDF files, over HTTP."""
    try:
        settings = Settings.read(**{name: value for name, value in given.items() if value not in (None, [], ())})
    except SettingError as error:
        raise typer.BadParameter(str(error)) from None
    if settings.curate and not loopback(host):
        raise typer.BadParameter(f"--curate is for a loopback address alone, such as 127.0.0.1; not --host {host}")
    reading = _reading(settings) if not settings.store else None
    # The web stack is loaded here and not above: the other commands start without it, and it takes as long as reading
    # the release does, which goes on meanwhile.
    from api import server
    from api.app import create_app
    from api.sandbox import zygote

    first = zygote.fork(*reading(), settings.memory_limit, settings.byte_limit + MIB) if reading else None
    application = create_app(settings, first)
    print(f"Palermo is on http://{host}:{port}/ — open it in a browser, or ask http://{host}:{port}/sparql", flush=True)
    server.run(application, settings, host=host, port=port)


def _reading(settings: Settings) -> Callable[[], tuple[Store | Path, Manifest]]:
    """Begin to read what is to be served; the function that is returned waits for it and raises what went wrong."""
    readers = ThreadPoolExecutor(1)
    read: Future[tuple[Store | Path, Manifest]] = (
        readers.submit(load_files, settings.data)
        if settings.data
        else readers.submit(served, settings.release, settings.indexes, settings.memory_statements)
    )

    def found() -> tuple[Store | Path, Manifest]:
        with readers:  # ends the thread: a process is forked next, which must have none
            return read.result()

    return found


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
