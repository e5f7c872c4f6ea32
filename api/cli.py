"""The shell door: `palermo` and its commands. Each command lives in a module of :mod:`api.commands`."""

from __future__ import annotations

import sys

import typer

from api.commands import build, links, load, mcp, network, query, refresh, release, serve
from graph.build.findings import BuildError
from graph.manifest import ManifestError
from graph.read.store import StoreError

app = typer.Typer(
    name="palermo",
    help="An open, sourced knowledge graph of who acts against human trafficking.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("build")(build.build)
app.command("check")(build.check)
app.command("links")(links.links)
app.command("load")(load.load)
app.command("mcp")(mcp.mcp)
app.command("query")(query.query)
app.command("refresh")(refresh.refresh)
app.command("serve")(serve.serve)
app.add_typer(network.app, name="network")
app.add_typer(release.app, name="release")


def main() -> None:
    """Run a command. What a user can mend is one clear message and status 1; a slip of ours keeps its trace."""
    try:
        app()
    except BuildError as error:
        print("\n".join(error.lines), file=sys.stderr)
        print(f"palermo: {error}", file=sys.stderr)
        sys.exit(1)
    except (ManifestError, StoreError, FileExistsError, ValueError) as error:
        print(f"palermo: {error}", file=sys.stderr)
        sys.exit(1)
