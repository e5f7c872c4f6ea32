"""Figures about one place: Data Cube observations with everything that says what was counted, by whom and when."""

from __future__ import annotations

from math import ceil
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.read import records
from graph.read.description import UnknownPageError
from graph.read.records import Record
from graph.read.store import Store

#: Figures of one page of a list of figures.
SIZE: Final = 60


def count(store: Store, area: str) -> int:
    """How many figures there are about a place. Raises :class:`graph.read.store.StoreError`."""
    rows = store.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s pal:refArea {NamedNode(area)} }}").rows
    return int(rows[0][0].value) if rows and isinstance(rows[0][0], Literal) else 0


def about(store: Store, area: str, page: int = 1, size: int = SIZE) -> tuple[dict[str, Record], int]:
    """One page of the figures about a place, the latest period first, and the number of pages. Raises
    :class:`UnknownPageError`, :class:`graph.read.store.StoreError`."""
    pages = max(1, ceil(count(store, area) / size))
    if not 1 <= page <= pages:
        raise UnknownPageError(f"page {page} of {pages}")
    query = (
        f"SELECT DISTINCT ?s ?to ?what WHERE {{ ?s pal:refArea {NamedNode(area)} . OPTIONAL {{ ?s pal:periodEnd ?to }}"
        f" OPTIONAL {{ ?s pal:indicator ?what }} }}"
        f" ORDER BY DESC(STR(?to)) ?what ?s LIMIT {size} OFFSET {(page - 1) * size}"
    )
    shown = [row[0].value for row in store.select(query).rows if isinstance(row[0], NamedNode)]
    return records.read(store, shown), pages
