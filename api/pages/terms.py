"""RDF terms as cells of an HTML table: text, and a link where it is safe to follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api import links
from graph.ids import Ids


@dataclass(frozen=True)
class Cell:
    """One cell: what is shown, where it links to if anywhere, and a note (language, datatype, or the prefixed name of
    what is shown by its name)."""

    text: str
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class Named:
    """How IRIs are shown: `names` by IRI, and `ids` of the release, whose things have pages here."""

    ids: Ids
    names: Mapping[str, str]

    def cell(self, iri: str) -> Cell:
        """A name with its prefixed name beside it; the IRI as it is for what is somebody else's."""
        link = links.href(iri, self.ids) or ""
        short = self.short(iri)
        if iri in self.names:
            return Cell(self.names[iri], link, short)
        return Cell(short if links.local(iri, self.ids) else iri, link)

    def short(self, iri: str) -> str:
        """The prefixed name of an IRI, the IRI where no prefix fits."""
        for name, start in self.ids.prefixes.items():
            if iri.startswith(start) and len(iri) > len(start):
                return f"{name}:{iri.removeprefix(start)}"
        return iri


def cells(document: dict[str, Any], named: Named) -> list[list[Cell]]:
    """The rows of a SPARQL JSON result, in the order of its variables."""
    names = document["head"]["vars"]
    return [[cell(row.get(name), named) for name in names] for row in document["results"]["bindings"]]


def cell(term: dict[str, Any] | None, named: Named) -> Cell:
    """One term of a SPARQL JSON result; None where the variable is unbound."""
    if term is None:
        return Cell("")
    value = term["value"]
    if isinstance(value, dict):
        parts = (cell(value[name], named).text for name in ("subject", "predicate", "object"))
        return Cell(f"<<( {' '.join(parts)} )>>")
    if term["type"] == "uri":
        return named.cell(value)
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    datatype = str(term.get("datatype", "")).rpartition("#")[2]
    return Cell(value, note=term.get("xml:lang", "") or ("" if datatype in _PLAIN else datatype))


#: Datatypes that show by themselves.
_PLAIN = frozenset({"integer", "decimal", "string", "boolean"})
