"""The shell door: `palermo` and its commands. Each command lives in a module of :mod:`api.commands`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command

from graph.build.findings import BuildError
from graph.manifest import ManifestError
from graph.read.store import StoreError

#: Command -> its module. One that has an `app` is a group of commands, any other a function of the command's name.
COMMANDS: Final = {
    "build": "build",
    "check": "build",
    "links": "links",
    "load": "load",
    "mcp": "mcp",
    "query": "query",
    "refresh": "refresh",
    "serve": "serve",
    "fact": "fact",
    "network": "network",
    "release": "release",
    "review": "review",
    "site": "site",
}
_GROUPS: Final = frozenset({"fact", "network", "release", "review", "site"})


class OnDemand(TyperGroup):
    """Loads the module of a command when that command is asked for: those of others bring pySHACL and networkx along,
    which take longer to load than a release."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command, or None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"api.commands.{COMMANDS[cmd_name]}")
        if cmd_name in _GROUPS:
            found: Any = get_command(module.app)
        else:
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command(cmd_name)(getattr(module, cmd_name))
            found = get_command(alone)
        found.name = cmd_name
        return found


app = typer.Typer(
    name="palermo",
    cls=OnDemand,
    help="An open, sourced knowledge graph of who acts against human trafficking.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def palermo() -> None:
    """An open, sourced knowledge graph of who acts against human trafficking."""


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
