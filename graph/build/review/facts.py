"""One new row of a fact table: held against its family, against all the tables, and put into its file.

A row is checked column by column as it is given (:func:`wrong`), then together with everything else by the strict
reader, on a copy of the tables (:meth:`Draft.check`); only then is it written, at its place in the order of keys.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from graph.build import infer, keeping, provenance, tables, vocabulary
from graph.build.cells import problem
from graph.build.collect import Collector
from graph.build.families import Families
from graph.build.findings import BuildError
from graph.build.refresh.apply import only_one
from graph.build.review import log
from graph.build.schema import FAMILIES, Column, Family, Kind
from graph.build.tables import Row, Tables
from graph.ids import Ids, redirects


class FactError(ValueError):
    """A row that cannot be taken; the message says which column and what is allowed."""


@dataclass
class Draft:
    """A row that is being made for a family's table; `origin` names the file, `{family}-{origin}.csv`."""

    facts: Path
    family: Family
    origin: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The table that the row goes into."""
        return self.facts / f"{self.family.name}-{self.origin}.csv"

    @property
    def key(self) -> str:
        """The row's key, words separated by spaces."""
        return " ".join(self.values.get(name, "") or "-" for name in self.family.key)

    def check(self) -> Tables:
        """Read all tables with the new row, strictly, from a copy. Raises :class:`FactError` with every finding."""
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / "facts"
            shutil.copytree(self.facts, copy)
            self._write(copy / self.path.name)
            try:
                return tables.read(copy, vocabulary.load().notations, redirects())
            except BuildError as error:
                raise FactError("\n".join(error.lines)) from None

    def add(self, who: str, why: str) -> None:
        """Put the row into its table, and the decision into the log. Raises :class:`FactError`."""
        if not who.strip() or not why.strip():
            raise FactError("a fact needs who adds it and why")
        with only_one(self.facts):
            self.check()
            now = datetime.now(UTC).isoformat(timespec="seconds")
            after = {name: value for name, value in self.values.items() if value}
            log.append(self.facts, log.Entry(now, who, "add", why, self.family.name, self.key, after=after))
            self._write(self.path)

    def _write(self, path: Path) -> None:
        rows: list[dict[str, str]] = []
        if path.exists():
            rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
        new = {column.name: self.values.get(column.name, "") for column in self.family.columns}
        keeping.replace(path, keeping.dump(self.family, [*rows, new]))


def family(name: str) -> Family:
    """The family of that name. Raises :class:`FactError` with those that there are."""
    if name not in FAMILIES:
        raise FactError(f"family {name!r}: there are {', '.join(FAMILIES)}")
    return FAMILIES[name]


def wrong(column: Column, text: str, notations: Mapping[str, frozenset[str]], known: Tables) -> str:
    """What is wrong with the text of one cell, or the empty string."""
    if not text:
        return "a value is required" if column.required else ""
    for value in [part.strip() for part in text.split(";")] if column.many else [text]:
        if said := problem(column, value, dict(notations)):
            return said
        targets = ("sources",) if column.kind is Kind.SOURCE else column.to
        if targets and not any(value in {row["id"] for row in known[target]} for target in targets):
            return f"{value!r} is unknown; needed is the id of one of {', '.join(targets)}"
    return ""


def graph_of(row: Row, every: Tables, ids: Ids) -> Store:
    """A small graph with what one row says and what the things that it names are called, rules applied: enough to tell
    its sentence as readers will see it."""
    wanted = {value for name, value in row.values.items() if value for value in value.split(";")}
    kept: dict[str, list[Row]] = {}
    for name, rows in every.rows.items():
        kept[name] = [
            one
            for one in rows
            if one.values == row.values or (one.values.get("id") in wanted and name in ("states", "sources", *_THINGS))
        ]
    used = {one["source"] for rows in kept.values() for one in rows if "source" in one.values}
    kept["sources"] = [one for one in every["sources"] if one["id"] in used | wanted]
    words = vocabulary.load()
    collector = Collector(ids, provenance.standings(every["sources"], words.ranks))
    Families(collector, Tables(kept)).all()
    quads = collector.quads()
    quads.update(provenance.describe(kept["sources"], ids, words))
    ontology = NamedNode(ids.graph("ontology"))
    quads.update(Quad(one.subject, one.predicate, one.object, ontology) for one in words.triples)
    store = infer.store_of(quads)
    infer.infer(store, ids, infer.rules())
    return store


_THINGS = ("actors", "instruments", "projects", "court-cases", "names")
