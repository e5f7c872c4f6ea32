"""What an answer's columns hold, and which ways of looking at it follow: the table always, a chart where a name has a
number or a date, a map where rows are states, a network where rows have two ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from api.pages.terms import Cell

Kind = Literal["number", "date", "iri", "text", "none"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS: Final = {
    _XSD + name
    for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger", "positiveInteger")
}
_DATES: Final = {_XSD + name for name in ("date", "gYear", "gYearMonth")}
#: Names of columns that hold the name of what a row is about, best first.
_LABELS: Final = ("name", "label", "title")
#: Pairs of columns that are the two ends of an edge; those that viz/web/src/explore/edges.ts draws.
ENDS: Final = (("subject", "object"), ("s", "o"), ("source", "target"))


@dataclass(frozen=True)
class Grid:
    """An answer: names of its columns, terms as SPARQL JSON has them, and the cells that show them."""

    columns: tuple[str, ...]
    terms: tuple[Mapping[str, Any], ...]
    cells: tuple[tuple[Cell, ...], ...]

    def kind(self, name: str) -> Kind:
        """What every bound value of a column is; `text` where they differ, `none` where nothing is bound."""
        found = {_kind(row[name]) for row in self.terms if name in row}
        return found.pop() if len(found) == 1 else "text" if found else "none"

    def of_kind(self, *kinds: Kind) -> list[str]:
        """The columns of these kinds, in their order."""
        return [name for name in self.columns if self.kind(name) in kinds]

    @property
    def label(self) -> str | None:
        """The column that names a row: one called so, else the first of text, else of IRIs, else of dates."""
        called = [name for name in (*_LABELS, *self.columns) if name in self.columns and _says_name(name)]
        texts = [name for name in called if self.kind(name) == "text"]
        found = texts or self.of_kind("text") or self.of_kind("iri") or self.of_kind("date")
        return found[0] if found else None

    @property
    def values(self) -> list[str]:
        """The columns that a chart can be about: numbers, none of them below nought, and dates beside a name."""
        label = self.label
        if label is None or not self.terms:
            return []
        numbers = [name for name in self.of_kind("number") if all(one >= 0 for one in self.numbers(name))]
        return numbers + [name for name in self.of_kind("date") if name != label]

    def numbers(self, name: str) -> list[float]:
        """The bound values of a column of numbers."""
        return [float(row[name]["value"]) for row in self.terms if name in row]

    def text(self, row: int, name: str) -> str:
        """What a cell shows."""
        return self.cells[row][self.columns.index(name)].text

    def iri(self, row: int) -> tuple[str, str]:
        """The first IRI of a row and where it leads; empty where there is none."""
        for name, cell in zip(self.columns, self.cells[row], strict=True):
            term = self.terms[row].get(name)
            if term is not None and term["type"] == "uri":
                return term["value"], cell.link
        return "", ""

    @property
    def has_ends(self) -> bool:
        """Whether every row has the shape of an edge."""
        return bool(self.terms) and any(
            self.kind(start) == "iri" and self.kind(end) == "iri"
            for start, end in ENDS
            if {start, end} <= set(self.columns)
        )


def _says_name(column: str) -> bool:
    return any(word in column.lower() for word in _LABELS)


def _kind(term: Mapping[str, Any]) -> Kind:
    if term["type"] == "uri":
        return "iri"
    datatype = term.get("datatype", "")
    if datatype in _NUMBERS and _finite(term["value"]):
        return "number"
    return "date" if datatype in _DATES else "text"


def _finite(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
