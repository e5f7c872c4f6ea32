"""`palermo refresh`: propose changes of the fact tables from a live source, and apply what a curator accepted."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from api.commands.build import Facts
from graph.build import pipeline
from graph.build.refresh import apply as application
from graph.build.refresh import proposal, run
from graph.build.refresh.errors import ProposalError
from graph.build.review.desk import Desk


def refresh(
    source: Annotated[str, typer.Argument(help=f"One of {', '.join(sorted(run.CONNECTORS))}.")],
    propose: Annotated[Path | None, typer.Option(help="Write the proposals into this file.")] = None,
    apply: Annotated[Path | None, typer.Option(help="Put the accepted proposals of this file into the tables.")] = None,
    sample: Annotated[
        list[Path] | None, typer.Option(help="Read recorded answers (files or directories) instead of the network.")
    ] = None,
    cache: Annotated[Path, typer.Option(help="Where answers from the network are kept.")] = Path("build/refresh"),
    facts: Facts = None,
) -> None:
    """Compare a source with the fact tables and propose what differs; nothing enters without review."""
    directory = facts or pipeline.facts_directory()
    run.connector(source)
    if (propose is None) == (apply is None):
        raise ValueError("say either --propose FILE or --apply FILE")
    if apply is not None:
        _apply(source, apply, directory)
        return
    assert propose is not None
    tables = run.tables_of(directory)
    answers = run.samples(sample) if sample else run.fetched(source, tables, cache, _say)
    found = run.proposals(source, answers, tables)
    propose.write_bytes(proposal.dumps(found))
    print(f"{source}: {_counted(Counter(one.operation for one in found))} proposed in {propose}")


def _apply(source: str, path: Path, facts: Path) -> None:
    proposals = Desk(path, facts).read()  # with the decisions that a killed review left in the log alone
    for one in proposals:
        if one.connector != source:
            raise ProposalError(f"{path.name}: proposal {one.id} is of {one.connector}, not of {source}")
    done = application.apply(proposals, facts)
    left = sum(not one.decision for one in proposals if one.family != "sources")
    print(f"{source}: {_counted(Counter(done.operations))} applied, {left} undecided; changed: {_list(done.files)}")
    if done.given_up:
        print(f"no row states these any more: {_list(done.given_up)}")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[name]} {name}" for name in proposal.OPERATIONS if counts[name]) or "nothing"


def _list(names: list[str]) -> str:
    return ", ".join(names) or "nothing"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
