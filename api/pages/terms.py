"""RDF terms as cells of an HTML table: text, and a link where it is safe to follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

#: Schemes that become links; `javascript:` and `data:` IRIs stay text.
LINKED: Final = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class Cell:
    """One cell: what is shown, where it links to if anywhere, and a note (language or datatype)."""

    text: str
    link: str = ""
    note: str = ""


def cells(document: dict[str, Any]) -> list[list[Cell]]:
    """The rows of a SPARQL JSON result, in the order of its variables."""
    names = document["head"]["vars"]
    return [[cell(row.get(name)) for name in names] for row in document["results"]["bindings"]]


def cell(term: dict[str, Any] | None) -> Cell:
    """One term of a SPARQL JSON result; None where the variable is unbound."""
    if term is None:
        return Cell("")
    value = term["value"]
    if isinstance(value, dict):
        parts = (cell(value[name]).text for name in ("subject", "predicate", "object"))
        return Cell(f"<<( {' '.join(parts)} )>>")
    if term["type"] == "uri":
        return Cell(value, link=value if value.lower().startswith(LINKED) else "")
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    datatype = str(term.get("datatype", "")).rpartition("#")[2]
    return Cell(value, note=term.get("xml:lang", "") or datatype)
