"""`palermo mcp`: the agents' server on standard input and output, for programs that start it themselves."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from api.settings import SettingError, Settings


def mcp(
    release: Annotated[
        Path | None, typer.Option(help="The release to answer from; by default that of the settings.")
    ] = None,
) -> None:
    """Serve language-model agents on standard input and output (Model Context Protocol).

    Queries run in the same sandbox, under the same limits, as over HTTP.
    """
    try:
        settings = Settings.read(release=release)
    except SettingError as error:
        raise typer.BadParameter(str(error)) from None
    # Loaded here and not above, so that the other commands start without the web stack.
    from api import logs

    logs.configure("none")
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    """Answer until standard input ends."""
    from api.agents.serving import Backing, make
    from api.sandbox.service import Sandbox
    from graph import manifest
    from graph.read.release import Release

    described = manifest.read(settings.release)
    opened = await asyncio.to_thread(Release.open, settings.release)
    sandbox = Sandbox(settings)
    try:
        await sandbox.start()
        base = settings.public_url or described.base.rstrip("/")
        backing = Backing(settings, lambda: opened, lambda: sandbox, f"{base}/sparql")
        await make(backing, described.release).run_stdio_async()
    finally:
        await sandbox.close()
