"""`palermo site build`: the whole site as files that any web server or archive can hold."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from api.commands.build import Progress

app = typer.Typer(help="The site as files.", no_args_is_help=True)


@app.callback()
def site() -> None:
    """The site as files."""


@app.command()
def build(
    directory: Annotated[Path, typer.Argument(help="Where the copy is put; an older copy there is replaced.")],
    release: Annotated[Path, typer.Option(help="The release.")] = Path("build/release"),
    url: Annotated[str, typer.Option(help="Where the copy will stand, for addresses that are written out.")] = "",
    server: Annotated[str, typer.Option(help="A running server, for what files cannot answer.")] = "",
    only: Annotated[str, typer.Option(help="Ids of the only things whose pages are copied, separated by ','.")] = "",
    processes: Annotated[int, typer.Option(help="Processes at once.", show_default="one per core")] = 0,
) -> None:
    """Write pages in both languages, every document in every format, dumps, and the explorer on static scenes."""
    from api.archive import building

    for name, value in (("--url", url), ("--server", server)):
        if value and not value.startswith(("http://", "https://")):
            raise typer.BadParameter(f"{name} {value!r}: an http or https address is needed")
    started = time.monotonic()
    chosen = frozenset(one for one in only.split(",") if one)
    plan = building.Plan(release, directory, url.rstrip("/"), server.rstrip("/"), chosen)
    with Progress() as say:
        done = building.build(release, directory, say, plan, processes)
    print(f"{directory}: {done.files} files, {done.bytes / 1e6:.0f} MB, in {time.monotonic() - started:.0f} s")
