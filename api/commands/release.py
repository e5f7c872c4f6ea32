"""`palermo release`: what two releases differ in, and whether one is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph import manifest
from graph.build import diff as differences

app = typer.Typer(help="Compare and verify releases.", no_args_is_help=True)

Directory = Annotated[Path, typer.Argument(help="A release directory.")]


@app.command()
def diff(before: Directory, after: Directory) -> None:
    """Print what changed between two releases, as Markdown."""
    print(differences.markdown(before, after), end="")


@app.command()
def verify(directory: Directory = Path("build/release")) -> None:
    """Compare every file of a release with its manifest."""
    wrong = manifest.verify(directory)
    if wrong:
        raise manifest.ManifestError("; ".join(wrong))
    described = manifest.read(directory)
    print(f"release {described.release}, {described.hash}: {len(described.files)} files as the manifest says")
