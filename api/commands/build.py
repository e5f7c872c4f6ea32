"""`palermo build` and `palermo check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from graph.build import persons, pipeline
from graph.ids import HOME, Ids
from graph.read import completion, examples, quality_report
from viz import whole

Facts = Annotated[Path | None, typer.Option(help="Directory of fact tables.", show_default="the packaged tables")]
Base = Annotated[str, typer.Option(help="Mint data IRIs under this base; it ends in '/'.")]


class Progress:
    """Says what a long run is doing: a spinner on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._status: Status | None = self._console.status("starting") if self._console.is_terminal else None

    def __enter__(self) -> Progress:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._status:
            self._status.stop()

    def __call__(self, text: str) -> None:
        """Report one step."""
        if self._status:
            self._status.update(text)
            self._console.print(text, style="dim")
        else:
            print(text, file=sys.stderr, flush=True)


def build(
    out: Annotated[Path, typer.Option(help="Where the release is put.")] = Path("build/release"),
    facts: Facts = None,
    base: Base = HOME,
    version: Annotated[
        str, typer.Option(help="The release's semantic version.", show_default="that of the package")
    ] = "",
) -> None:
    """Build the release from the fact tables: read, infer, validate, write beside, rename into place."""
    with Progress() as say:
        pipeline.build(
            facts or pipeline.facts_directory(),
            out,
            Ids(base),
            say,
            extras=[examples.triples],
            writers=[whole.write, completion.write],
            measures=[quality_report.write],
            version=version,
        )


def check(facts: Facts = None, base: Base = HOME) -> None:
    """Read, infer and validate as a build does, and write nothing. Every person is listed with the public office that
    justifies the entry; one without stops the check."""
    with Progress() as say:
        done = pipeline.check(facts or pipeline.facts_directory(), Ids(base), say)
    for line in done.warnings:
        print(f"warning: {line}", file=sys.stderr)
    everybody = persons.listed(done.merged, Ids(base))
    for one in everybody:
        print(f"person: {one}")
    print(f"{len(everybody)} persons, each in a public office")
    print(f"{len(done.merged)} statements, no errors, {len(done.warnings)} warnings")
