"""Gathers statements by source and turns stated values into preferred ones when all of them are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from graph.build.prefer import Standing, StatedDate, StatedName, preferred_date, preferred_name
from graph.dates import PartialDate
from graph.ids import PREFIXES, Ids, term

RDF_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_LABELS: Final = (NamedNode(PREFIXES["skos"] + "prefLabel"), NamedNode(PREFIXES["rdfs"] + "label"))
_ALTERNATIVE: Final = NamedNode(PREFIXES["skos"] + "altLabel")
_DATE: Final = NamedNode(PREFIXES["xsd"] + "date")

#: Date property -> the comparable day that follows its preferred value, or None where no question needs one.
DATES: Final[dict[str, str | None]] = {
    "date": "day",
    "start": "startDay",
    "end": "endDay",
    "established": "startDay",
    "ended": "endDay",
    "adoptedOn": "startDay",
    "entryIntoForce": None,
    "publishedOn": "day",
}


def pal(name: str) -> NamedNode:
    """A term of the ontology."""
    return NamedNode(term(name))


def literal(value: PartialDate) -> Literal:
    """A partial date as a literal whose datatype states its precision (xsd:date, xsd:gYearMonth, xsd:gYear)."""
    return Literal(str(value), datatype=NamedNode(value.datatype))


class Collector:
    """Quads by source. Nothing enters without the id of a known source: an unknown one is a :class:`KeyError`."""

    def __init__(self, ids: Ids, standings: Mapping[str, Standing]) -> None:
        self.ids = ids
        self._standings = standings
        self._quads: set[Quad] = set()
        self._dates: dict[tuple[NamedNode, str, str | None], list[StatedDate]] = defaultdict(list)
        self._names: dict[tuple[NamedNode, str], list[StatedName]] = defaultdict(list)

    def add(self, source: str, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        """One triple that a source states."""
        graph = NamedNode(self.ids.source(self._standings[source].id))
        self._quads.add(Quad(subject, predicate, value, graph))

    def text(self, source: str, subject: NamedNode, predicate: NamedNode, text: str, language: str = "") -> None:
        """One literal, unless the cell is empty."""
        if text:
            self.add(source, subject, predicate, Literal(text, language=language) if language else Literal(text))

    def link(self, source: str, subject: NamedNode, predicate: NamedNode, iri: str) -> None:
        """One link, unless the cell is empty."""
        if iri:
            self.add(source, subject, predicate, NamedNode(iri))

    def name(self, source: str, subject: NamedNode, text: str, language: str) -> None:
        """A name, unless the cell is empty; the preferred one of each language becomes the label."""
        if text:
            self.text(source, subject, pal("statedName"), text, language)
            self._names[subject, language].append(StatedName(text, self._standings[source]))

    def date(self, source: str, subject: NamedNode, name: str, cell: str, *, day: str | None = "") -> None:
        """A date under one of :data:`DATES`, unless the cell is empty.

        `day` overrides the comparable day that follows it: None where another date of the node gives that day.
        """
        if cell:
            value = PartialDate.parse(cell)
            stated = f"stated{name[0].upper()}{name[1:]}"
            self.add(source, subject, pal(stated), literal(value))
            follows = DATES[name] if day == "" else day
            self._dates[subject, name, follows].append(StatedDate(value, self._standings[source]))

    def statement(self, source: str, node: NamedNode, kind: str, edge: tuple[NamedNode, NamedNode, NamedNode]) -> None:
        """A node of its own for an edge, and the plain triple beside it."""
        subject, predicate, value = edge
        self.add(source, node, RDF_TYPE, pal(kind))
        self.add(source, node, pal("subject"), subject)
        self.add(source, node, pal("predicate"), predicate)
        self.add(source, node, pal("object"), value)
        self.add(source, subject, predicate, value)

    def quads(self) -> set[Quad]:
        """Everything gathered, with preferred values in the graph of each source that states exactly that value."""
        return self._quads | set(self._preferred_dates()) | set(self._preferred_names())

    def _preferred_dates(self) -> Iterator[Quad]:
        for (subject, name, day), stated in self._dates.items():
            chosen = preferred_date(stated)
            for one in stated:
                if one.value == chosen:
                    graph = NamedNode(self.ids.source(one.source.id))
                    yield Quad(subject, pal(name), literal(chosen), graph)
                    if day:
                        comparable = chosen.day_after if day == "endDay" else chosen.first_day
                        yield Quad(subject, pal(day), Literal(comparable.isoformat(), datatype=_DATE), graph)

    def _preferred_names(self) -> Iterator[Quad]:
        for (subject, language), stated in self._names.items():
            chosen = preferred_name(stated)
            for one in stated:
                graph = NamedNode(self.ids.source(one.source.id))
                label = Literal(one.text, language=language)
                for predicate in _LABELS if one.text == chosen else (_ALTERNATIVE,):
                    yield Quad(subject, predicate, label, graph)
