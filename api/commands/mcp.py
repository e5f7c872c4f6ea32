"""`palermo mcp`: the agents' server on standard input and output, for programs that start it themselves."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from api.settings import SettingError, Settings


def mcp(
    release: Annotated[
        Path | None, typer.Option(help="The release to answer from; by default that of the settings.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(help="A SPARQL engine that holds the release; by default that of PALERMO_STORE.")
    ] = None,
) -> None:
    """Serve language-model agents on standard input and output (Model Context Protocol).

    Queries run in the same sandbox, under the same limits, as over HTTP.
    """
    given: dict[str, Any] = {
        name: value for name, value in (("release", release), ("store", store)) if value is not None
    }
    try:
        settings = Settings.read(**given)
    except SettingError as error:
        raise typer.BadParameter(str(error)) from None
    # Loaded here and not above, so that the other commands start without the web stack.
    from api import logs

    logs.configure("none")
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    """Answer until standard input ends."""
    from api.agents.serving import Backing, make
    from api.elsewhere import elsewhere
    from api.sandbox.forward import Forwarder
    from api.sandbox.service import Sandbox
    from graph.read.embedded import EmbeddedStore
    from graph.read.release import Release

    remote = await asyncio.to_thread(elsewhere, settings) if settings.store else None
    opened = Release(remote if remote else await asyncio.to_thread(EmbeddedStore.open, settings.release))
    described = opened.manifest
    sandbox = Forwarder(settings, remote) if remote else Sandbox(settings)
    try:
        await sandbox.start()
        base = settings.public_url or described.base.rstrip("/")
        backing = Backing(settings, lambda: opened, lambda: sandbox, f"{base}/sparql")
        await make(backing, described.release).run_stdio_async()
    finally:
        await sandbox.close()
        opened.close()
