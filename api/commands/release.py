"""`palermo release`: what two releases differ in, publishing under the version that changes ask for, verifying."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings
from graph import manifest
from graph.build import diff as differences
from graph.build import publish as publishing
from graph.build import signing, versions
from graph.read import ondisk

app = typer.Typer(help="Compare, publish and verify releases.", no_args_is_help=True)

Directory = Annotated[Path, typer.Argument(help="A release directory.")]
_BUILT = Path("build/release")


@app.command()
def diff(before: Directory, after: Directory) -> None:
    """Print what changed between two releases, as Markdown."""
    print(differences.markdown(before, after), end="")


@app.command("next")
def next_(before: Directory, after: Directory = _BUILT) -> None:
    """Print the least version that may follow a release, with the rule that asks for it."""
    found = versions.step(before, after)
    former = manifest.read(before).release
    print(former if found.level == "none" else versions.needed(former, found.level))
    print(f"{found.level}: {found}")


@app.command()
def publish(
    directory: Directory = _BUILT,
    to: Annotated[Path | None, typer.Option(help="Where published releases are; without it, PALERMO_RELEASES.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="The private key that signs; without it, PALERMO_SIGNING_KEY.")
    ] = None,
    unsigned: Annotated[bool, typer.Option("--unsigned", help="Publish without a signature.")] = False,
    day: Annotated[str, typer.Option("--date", help="Day of publication.", show_default="today")] = "",
) -> None:
    """Put a built release among the published ones: version by rule, notes, sums, signature."""
    settings = Settings.read()
    place = to or (Path(settings.releases) if settings.releases else None)
    if place is None:
        raise ValueError("where to? give --to DIRECTORY or set PALERMO_RELEASES")
    chosen = key or (Path(settings.signing_key) if settings.signing_key else None)
    if chosen is None and not unsigned:
        raise ValueError("signed by what? give --key FILE, set PALERMO_SIGNING_KEY, or say --unsigned")
    when = date.fromisoformat(day) if day else date.today()
    place.mkdir(parents=True, exist_ok=True)
    done = publishing.publish(directory, place, when, None if unsigned else chosen)
    after = f" after {done.former}" if done.former else ""
    print(f"published {done.directory} ({done.level}{after}, {'signed' if done.signed else 'unsigned'})")


@app.command()
def keygen(private: Annotated[Path, typer.Argument()], public: Annotated[Path, typer.Argument()]) -> None:
    """Make a pair of keys (Ed25519, PEM): PRIVATE signs and stays secret, PUBLIC verifies and is given away."""
    signing.make_keys(private, public)
    print(f"{private} (keep it secret), {public}")


@app.command()
def verify(
    directory: Directory = _BUILT,
    key: Annotated[
        Path | None, typer.Option(help="The public key that verifies; without it, PALERMO_RELEASE_KEY.")
    ] = None,
) -> None:
    """Compare every file of a release with its manifest; of a published one with its signed sums."""
    described = manifest.read(directory)
    if (directory / manifest.RECORD).exists():
        given = Settings.read().release_key
        said = signing.verify(directory, key or (Path(given) if given else None))
        print(f"release {described.release}, {described.hash}: {said}")
        return
    wrong = manifest.verify(directory)
    if wrong:
        raise manifest.ManifestError("; ".join(wrong))
    print(f"release {described.release}, {described.hash}: {len(described.files)} files as the manifest says")


@app.command()
def index(
    directory: Directory = _BUILT,
    to: Annotated[Path | None, typer.Option(help="Where it goes; without it, PALERMO_INDEXES.")] = None,
) -> None:
    """Put a release on disk as servers of large releases read it, so that the first of them need not."""
    print(ondisk.make(directory, to or Settings.read().indexes, print))
