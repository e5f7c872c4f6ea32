"""Stored answers of the named queries: which questions are asked of the small data set, and what comes back.

`answers/cases.json` names the parameters that differ from a query's defaults; `answers/NAME.csv` has the answer, IRIs
shortened to prefixed names. Every file was checked by reading the data set. A test body takes a `run`, so that any
store can be held against them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import NamedNode

from graph.ids import PREFIXES
from graph.read.library import NamedQuery
from graph.read.store import Rows, Term, text

HERE = Path(__file__).parent
DATA = HERE / "fixture" / "small.trig"
ANSWERS = HERE / "answers"

#: Puts a SELECT to a store.
Run = Callable[[str], Rows]


def cases() -> dict[str, dict[str, str | int]]:
    """The parameters of each query that differ from its defaults."""
    found: dict[str, dict[str, str | int]] = json.loads((ANSWERS / "cases.json").read_text(encoding="utf-8"))
    return found


def shown(term: Term | None) -> str:
    """A term as the stored answers write it."""
    plain = text(term) or ""
    if isinstance(term, NamedNode):
        for prefix, iri in PREFIXES.items():
            if plain.startswith(iri):
                return f"{prefix}:{plain.removeprefix(iri)}"
    return plain


def expected(name: str) -> list[list[str]]:
    """The stored answer of a query: its header and its rows."""
    with (ANSWERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def answer(query: NamedQuery, run: Run) -> list[list[str]]:
    """What a store says to a query's case: header and rows, as :func:`expected` gives them."""
    rows = run(query.bind(cases().get(query.name, {})))
    return [list(rows.columns), *([shown(term) for term in row] for row in rows.rows)]
