"""`palermo links`: whether the addresses of the sources still answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from graph.build import links as checking
from graph.build import pipeline, tables, vocabulary
from graph.ids import redirects


def links(
    facts: Annotated[
        Path | None, typer.Option(help="Directory of fact tables.", show_default="the packaged tables")
    ] = None,
    days: Annotated[int, typer.Option(min=0, help="Ask again what was asked this many days ago; 0 asks all.")] = 30,
    limit: Annotated[int, typer.Option(min=0, help="Ask at most so many addresses; 0 asks all that are due.")] = 0,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between two requests to one host.")] = 1.0,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for a server.")] = 20.0,
) -> None:
    """Ask the addresses of all sources whether they still answer, and keep what they say in link-checks.csv.

    Without a network it says so and changes nothing.
    """
    place = facts or pipeline.facts_directory()
    read = tables.read(place, vocabulary.load().notations, redirects())
    with checking.client(timeout) as client:
        try:
            done = checking.check(
                place, read["sources"], client, date.today(), days=days, limit=limit, pause=pause, say=print
            )
        except checking.NoNetworkError as error:
            print(f"palermo: no network: {error}")
            raise typer.Exit(1) from None
    told = ", ".join(f"{count} {outcome}" for outcome, count in done.outcomes.items())
    print(f"{done.asked} addresses asked{': ' + told if told else ''}")
