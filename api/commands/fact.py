"""`palermo fact add`: a new row of a fact table, asked for column by column, shown as readers will see it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.review import curator
from graph.build import pipeline, tables, vocabulary
from graph.build.families import canonical
from graph.build.review.facts import Draft, FactError, family, graph_of, wrong
from graph.build.schema import FAMILIES, Column, Kind
from graph.build.tables import Tables
from graph.ids import Ids, redirects
from graph.manifest import Manifest
from graph.read import indexing
from graph.read.embedded import EmbeddedStore
from graph.read.telling import Teller

app = typer.Typer(help="Add facts by hand.", no_args_is_help=True)

#: Families whose rows are told in a sentence; the others are shown cell by cell.
_TOLD = {"treaty-actions", "relations", "evaluations"}


@app.callback()
def fact() -> None:
    """Add facts by hand."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="FAMILY", help=f"One of {', '.join(FAMILIES)}.")],
    origin: Annotated[str, typer.Option(help="The table: FAMILY-ORIGIN.csv.")] = "additions",
    who: Annotated[str, typer.Option("--who", help="Who adds it; without it, PALERMO_CURATOR.")] = "",
    facts: Annotated[
        Path | None, typer.Option(help="Directory of fact tables.", show_default="the packaged tables")
    ] = None,
) -> None:
    """Ask for what a family needs, check every answer at once, show the sentence, and write the row when told to."""
    chosen, by = family(name), curator(who)
    place = facts or pipeline.facts_directory()
    notations = vocabulary.load().notations
    known = tables.read(place, notations, redirects())
    draft = Draft(place, chosen, origin)
    print(f"A new row of {draft.path.name}. Leave empty what is not known; several values are separated by ';'.")
    for column in chosen.columns:
        draft.values[column.name] = _ask(column, notations, known)
    read = draft.check()
    for line in told(draft, read):
        print(line)
    if not typer.confirm("Write it?"):
        print("nothing was written")
        raise typer.Exit(1)
    why = typer.prompt("why")
    draft.add(by, why)
    print(f"written to {draft.path.name}; `palermo check` holds it against the whole graph")


def _ask(column: Column, notations: dict[str, frozenset[str]], known: Tables) -> str:
    """Ask until the answer fits its column."""
    while True:
        text: str = typer.prompt(
            f"{column.name} ({_wanted(column, notations)})", default="", show_default=False
        ).strip()
        said = wrong(column, text, notations, known)
        if not said:
            return text
        print(f"  {said}")


def _wanted(column: Column, notations: dict[str, frozenset[str]]) -> str:
    """What a column takes, in a few words."""
    match column.kind:
        case Kind.CONCEPT:
            text = "one of " + ", ".join(sorted(notations[column.scheme]))
        case Kind.CHOICE:
            text = "one of " + ", ".join(column.choices)
        case Kind.REF:
            text = "id of " + ", ".join(column.to)
        case Kind.SOURCE:
            text = "id of sources"
        case Kind.DATE:
            text = "YYYY-MM-DD, YYYY-MM or YYYY"
        case _:
            text = column.kind.value
    return f"{text}{'; several' if column.many else ''}{', required' if column.required else ''}"


def told(draft: Draft, read: Tables) -> list[str]:
    """The row as readers will see it: its sentence in both languages, or its cells where there is no sentence.

    Raises :class:`FactError` where the row makes no statement.
    """
    values = {column.name: draft.values.get(column.name, "") for column in draft.family.columns}
    if draft.family.name not in _TOLD:
        return [f"  {name}: {value}" for name, value in values.items() if value]
    ids = Ids()
    row = next(one for one in read[draft.family.name] if one.values == values)
    store = EmbeddedStore(graph_of(row, read, ids), Manifest("draft", ids.base, "", "", "", {}, {}))
    index = indexing.index(store)
    match draft.family.name:
        case "treaty-actions":
            iri = ids.action(row["treaty"], row["participant"], row["action"], int(row["number"] or 1))
        case "evaluations":
            iri = ids.evaluation(row["body"], row["country"], row["round"])
        case _:
            edge = canonical((row["subject"], row["relation"], row["object"]))
            iri = ids.relation(*edge, int(row["number"] or 1))
    if iri not in index.statements:
        raise FactError(f"the row makes no statement {iri}")
    teller, statement = Teller(index, store), index.edges[index.statements[iri]]
    return [f"  {lang}: {teller.say(statement, lang)}" for lang in ("en", "fr")]
