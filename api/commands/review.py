"""`palermo review`: decide on what a refresh proposes, in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings
from graph.build import pipeline
from graph.build.refresh.proposal import Proposal
from graph.build.review.desk import ConflictError, Desk, ReviewError, state
from graph.build.schema import FAMILIES

app = typer.Typer(help="Accept, reject or edit what `palermo refresh` proposes.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="The file of proposals, as `palermo refresh --propose` wrote it.")]
Id = Annotated[str, typer.Argument(help="The proposal's id, or how it begins.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for the log.")]
Who = Annotated[str, typer.Option("--who", help="Who decides; without it, PALERMO_CURATOR.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="A value of a column, COLUMN=VALUE; several times.")]
Facts = Annotated[
    Path | None,
    typer.Option(help="Directory of fact tables, where the log is kept.", show_default="the packaged tables"),
]


def curator(given: str) -> str:
    """Who decides. Raises :class:`ReviewError` where nobody says so."""
    name = given or Settings.read().curator
    if not name:
        raise ReviewError("who decides? give --who NAME or set PALERMO_CURATOR")
    return name


def _desk(file: Path, facts: Path | None) -> Desk:
    return Desk(file, facts or pipeline.facts_directory())


@app.command("list")
def list_(
    file: File,
    undecided: Annotated[bool, typer.Option("--undecided", help="Only what nobody has decided on.")] = False,
    facts: Facts = None,
) -> None:
    """One line per proposal: id, decision, operation, family, key, score, and the name that a question is about."""
    found = _desk(file, facts).read()
    shown = [one for one in found if not (undecided and one.decision)]
    for one in shown:
        score = "" if one.score is None else f" ({one.score})"
        about = f"  {one.about}" if one.about else ""
        print(f"{one.id}  {one.decision or '-':<6}  {one.operation:<8}  {one.family}  {one.key}{score}{about}")
    print(f"{len(found)} proposals, {sum(not one.decision for one in found)} undecided")


@app.command()
def show(file: File, identifier: Id, facts: Facts = None) -> None:
    """A proposal with its values, its reason and what was decided on it before."""
    desk = _desk(file, facts)
    _tell(desk, desk.find(identifier))


def _tell(desk: Desk, one: Proposal) -> None:
    print(f"{one.id}: {one.operation} {one.family} in {one.file}\nkey: {one.key}\nsource: {one.source}")
    for column in FAMILIES[one.family].columns:
        before, after = one.before.get(column.name, ""), one.after.get(column.name, "")
        if before or after:
            print(
                f"  {column.name}: {before or '(empty)'} -> {after or '(empty)'}"
                if one.before
                else f"  {column.name}: {after}"
            )
    print(f"reason: {one.reason}" + ("" if one.score is None else f"\nscore: {one.score}"))
    for entry in desk.history(one.id):
        print(f"{entry.at}: {entry.who}, {entry.decision}: {entry.why}")
    print(f"decision: {one.decision or 'none yet'}")


@app.command()
def accept(file: File, identifier: Id, why: Why, who: Who = "", facts: Facts = None) -> None:
    """Accept a proposal."""
    _decide(file, identifier, "accept", why, who, facts)


@app.command()
def reject(file: File, identifier: Id, why: Why, who: Who = "", facts: Facts = None) -> None:
    """Reject a proposal."""
    _decide(file, identifier, "reject", why, who, facts)


@app.command()
def undecide(file: File, identifier: Id, why: Why, who: Who = "", facts: Facts = None) -> None:
    """Take a decision back."""
    _decide(file, identifier, "undecide", why, who, facts)


@app.command()
def edit(file: File, identifier: Id, why: Why, values: Set = None, who: Who = "", facts: Facts = None) -> None:
    """Accept a proposal with other values, or answer a question."""
    _decide(file, identifier, "accept", why, who, facts, _pairs(values or []))


def _pairs(values: list[str]) -> dict[str, str]:
    found = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals:
            raise ReviewError(f"--set {text!r}: COLUMN=VALUE is needed")
        found[name] = value
    return found


def _decide(
    file: Path, identifier: str, decision: str, why: str, who: str, facts: Path | None,
    after: dict[str, str] | None = None,
) -> None:  # fmt: skip
    one = _desk(file, facts).decide(identifier, decision, curator(who), why, after)
    print(f"{one.id}: {one.decision or 'undecided'}")


@app.command()
def walk(file: File, who: Who = "", facts: Facts = None) -> None:
    """Go through what is undecided, one by one: accept, reject, edit, skip or quit."""
    name, desk = curator(who), _desk(file, facts)
    for one in [one for one in desk.read() if not one.decision]:
        print()
        _tell(desk, one)
        if not _asked(desk, one, name):
            break
    print(f"{sum(not one.decision for one in desk.read())} undecided")


def _asked(desk: Desk, one: Proposal, who: str) -> bool:
    """Ask until a proposal is decided or skipped; whether to go on."""
    while True:
        answer: str = typer.prompt("[a]ccept, [r]eject, [e]dit, [s]kip, [q]uit").strip().lower()[:1]
        if answer in ("s", "q"):
            return answer == "s"
        if answer not in ("a", "r", "e"):
            continue
        changes: dict[str, str] = {}
        if answer == "e":
            for column in FAMILIES[one.family].columns:
                if column.name in one.after or not one.before:
                    old = one.after.get(column.name, "")
                    new = typer.prompt(f"  {column.name}", default=old, show_default=bool(old))
                    changes |= {column.name: new} if new != old else {}
        why = typer.prompt("why")
        try:
            desk.decide(one.id, "reject" if answer == "r" else "accept", who, why, changes, state(one))
        except ConflictError as error:
            print(error)
            return True
        except ReviewError as error:
            print(error)
            continue
        return True
