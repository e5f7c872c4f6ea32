"""`palermo load`: put a release into a SPARQL engine elsewhere, or compare the one that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.build import Progress
from api.settings import Settings
from graph.remote import load as loading
from graph.remote.endpoint import Access, Endpoint


def load(
    to: Annotated[str, typer.Option(help="The engine's address for queries, such as https://host/sparql.")],
    release: Annotated[Path, typer.Option(help="The release directory.")] = Path("build/release"),
    verify: Annotated[bool, typer.Option("--verify", help="Write nothing; compare statement by statement.")] = False,
    update: Annotated[str, typer.Option(help="Its address for SPARQL Update, where habit does not tell.")] = "",
    graphs: Annotated[str, typer.Option(help="Its address for the Graph Store Protocol, or 'none'.")] = "",
) -> None:
    """Put a release into an engine under a prefix of its own, check it there, then switch to it.

    User, password or token come from PALERMO_STORE_USER, PALERMO_STORE_PASSWORD, PALERMO_STORE_TOKEN.
    """
    settings = Settings.read()
    access = Access(settings.store_user, settings.store_password, settings.store_token)
    usual_update, usual_graphs = loading.addresses(to)
    chosen = "" if graphs == "none" else graphs or usual_graphs
    with Endpoint(to, access, update=update or usual_update, graphs=chosen, limit=settings.time_limit) as endpoint:
        if verify:
            place = loading.verify(release, endpoint)
            print(f"{place.iri} holds every statement of {release} and no other")
        else:
            with Progress() as say:
                loading.load(release, endpoint, say)
