"""`palermo network`: measures, explanations and files of the network, in the shell."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api import offline
from graph.read import open_release
from graph.read.export import FORMATS, export
from graph.read.index import FAMILIES, NetworkIndex, UnknownNodeError
from graph.read.measures import NAMES, PROJECTIONS, change, measure, similar
from graph.read.network import Filter
from graph.read.paths import KINDS
from viz.desk import Desk
from viz.state import MOST_IDS

app = typer.Typer(help="Measure, explain and export the network.", no_args_is_help=True)

Directory = Annotated[Path, typer.Option("--release", help="The release to read.")]
Family = Annotated[list[str] | None, typer.Option("--family", help=f"Only this family: {', '.join(FAMILIES)}.")]
Kind = Annotated[list[str] | None, typer.Option("--kind", help="Only nodes of this class or group.")]
Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="As the network stood that day.")]
Limit = Annotated[int, typer.Option(min=1, help="How many to print.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON with method, parameters and release.")]
RELEASE = Path("build/release")


def _only(index: NetworkIndex, families: list[str] | None, kinds: list[str] | None, day: datetime | None) -> Filter:
    known = set(index.named)
    for name, given, allowed in (("family", families, set(FAMILIES)), ("kind", kinds, known)):
        if stray := sorted(set(given or ()) - allowed):
            raise ValueError(f"--{name} {', '.join(stray)}: allowed are {', '.join(sorted(allowed))}")
    return Filter(frozenset(families or ()), frozenset(kinds or ()), day.date() if day else None)


def _id(index: NetworkIndex, name: str) -> str:
    try:
        return index.find(name).id
    except UnknownNodeError:
        raise ValueError(f"{name!r} names nothing in this release") from None


@app.command("measure")
def measured(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}.")],
    release: Directory = RELEASE,
    family: Family = None,
    kind: Kind = None,
    as_of: Day = None,
    projection: Annotated[str, typer.Option(help=f"One of {', '.join(PROJECTIONS)}.")] = "links",
    certain: Annotated[bool, typer.Option(help="Leave out links of unknown date.")] = False,
    backend: Annotated[str | None, typer.Option(help="An installed networkx backend.")] = None,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Take one measure of the network."""
    with open_release(release) as opened:
        only = _only(opened.index, family, kind, as_of)
        found = measure(opened.index, name, only, projection=projection, unknown=not certain, backend=backend)
        if as_json:
            _print_json(asdict(found))
            return
        print(f"{found.measure}: {found.method}; {found.unit}")
        print(f"{found.nodes} nodes, {found.edges} edges; release {opened.manifest.release}, {found.release[:12]}")
        for node, value in found.values[:limit]:
            print(f"{value:12.6g}  {node}  {opened.entity(node).label('en')}")


@app.command("similar")
def alike(participant: str, release: Directory = RELEASE, as_of: Day = None, limit: Limit = 20) -> None:
    """Who is bound by most nearly the same treaties."""
    with open_release(release) as opened:
        only = _only(opened.index, None, None, as_of)
        for one in similar(opened.index, _id(opened.index, participant), only)[:limit]:
            name = opened.entity(one.participant).label("en")
            print(f"{one.similarity:8.4f}  {one.shared:3} shared  {one.participant}  {name}")


@app.command("change")
def changed(
    before: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
    after: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
    release: Directory = RELEASE,
    family: Family = None,
    kind: Kind = None,
    as_json: Json = False,
) -> None:
    """What came and went between two days."""
    with open_release(release) as opened:
        found = change(opened.index, before.date(), after.date(), _only(opened.index, family, kind, None))
        if as_json:
            _print_json(asdict(found))
            return
        for sign, ids in (("+", found.came), ("-", found.went)):
            for one in ids:
                print(f"{sign} {opened.teller.say(opened.index.edge(one), 'en')}")


@app.command("paths")
def paths(
    start: str,
    end: str,
    release: Directory = RELEASE,
    family: Family = None,
    as_of: Day = None,
    lang: Annotated[str, typer.Option(help="en or fr.")] = "en",
    limit: Limit = 6,
) -> None:
    """Explain how two entities are connected."""
    if lang not in ("en", "fr"):
        raise ValueError(f"--lang {lang}: allowed are en, fr")
    on = as_of.date() if as_of else None
    with open_release(release) as opened:
        a, b = _id(opened.index, start), _id(opened.index, end)
        for one in opened.paths(a, b, as_of=on, families=family or (), limit=limit):
            print(f"{KINDS[one.kind][lang == 'fr']}")
            for sentence in opened.words(one, "fr" if lang == "fr" else "en", on):
                print(f"  {sentence}")


@app.command("export")
def exported(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join((*FORMATS, offline.NAME))}.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without one.")] = None,
    release: Directory = RELEASE,
    focus: Annotated[list[str] | None, typer.Option(help="Only the neighbourhood of this entity.")] = None,
    depth: Annotated[int, typer.Option(min=1, max=6, help="Steps from the focus.")] = 1,
    family: Family = None,
    kind: Kind = None,
    as_of: Day = None,
    every: Annotated[bool, typer.Option(help="An edge for each statement, not one for each link.")] = False,
) -> None:
    """Write the network as a file for another tool."""
    if form == offline.NAME and (kind or every):
        raise ValueError("--kind and --every do not go with html, which draws a view")
    with open_release(release) as opened:
        only = _only(opened.index, family, kind, as_of)
        ids = [_id(opened.index, one) for one in focus or ()]
        if form == offline.NAME:
            state = offline.state_of(opened, ids, depth, only.families, only.as_of, MOST_IDS)
            text = offline.html(opened, Desk(opened.store, release, opened.index), state, "en", opened.manifest.base)
            _write(text, out)
            return
        view = opened.view(ids, depth, as_of=only.as_of, families=only.families, kinds=only.kinds, every=every)
        text = export(opened.index, view, form)
        _write(text, out)
        if out is not None:
            print(f"{out}: {len(view.nodes)} nodes, {len(view.edges)} edges", file=sys.stderr)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


def _print_json(value: object) -> None:
    def plain(one: object) -> object:
        if isinstance(one, date):
            return one.isoformat()
        raise TypeError(f"{type(one).__name__} cannot be written as JSON")

    print(json.dumps(value, ensure_ascii=False, indent=1, default=plain))
