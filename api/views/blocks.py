"""Parts that several pages share: facts, sentences, figures, the paragraph for developers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from api.linked import ENDINGS
from api.negotiate import HTML
from api.present import Part, Presenter, Shown
from graph.ids import PAL, PREFIXES
from graph.read import entity
from graph.read.description import UnknownPageError
from graph.read.entity import Commitment
from graph.read.records import Record, text

#: Names of formats as people know them, by file ending.
FORMAT_NAMES: Final = {
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "nt": "N-Triples",
    "rdf": "RDF/XML",
    "trig": "TriG",
    "nq": "N-Quads",
}


@dataclass(frozen=True)
class Fact:
    """A line of key facts: what it says, and the values."""

    name: str
    values: tuple[Shown, ...]


@dataclass(frozen=True)
class Figure:
    """A row of a table of figures: cells by column, empty where the publisher does not divide."""

    href: str
    cells: Mapping[str, Part]
    number: str
    sources: tuple[Shown, ...]


@dataclass(frozen=True)
class Page:
    """One of several pages: its number, how many there are, the addresses before and after it (empty: none)."""

    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True)
class Developers:
    """For whoever wants data: the IRI, the document in each format, the query behind the page."""

    iri: str
    formats: tuple[tuple[str, str], ...]
    query: str
    run: str


#: Columns of a table of figures: key of its word and property.
COLUMNS: Final = {
    "indicator": PAL + "indicator",
    "period": PAL + "period",
    "form": PAL + "exploitationForm",
    "sex": PAL + "sex",
    "age": PAL + "ageGroup",
    "basis": PAL + "basis",
    "publisher": PREFIXES["dcterms"] + "publisher",
}


def facts(show: Presenter, record: Record, names: Iterable[tuple[str, str]]) -> list[Fact]:
    """The facts of a record: pairs of property and what it is called; a property without values is left out."""
    return [Fact(name, tuple(show.values(record, iri))) for iri, name in names if iri in record]


def figures(show: Presenter, records: Mapping[str, Record]) -> list[Figure]:
    """Rows of figures."""
    show.learn(
        one.value.value for record in records.values() for every in record.values() for one in every if _link(one.value)
    )
    rows = []
    for iri, record in records.items():
        found = {name: show.values(record, predicate) for name, predicate in COLUMNS.items()}
        said = {source for every in record.values() for one in every for source in one.sources}
        cells = {name: values[0].part for name, values in found.items() if values}
        cited = tuple(Shown(Part(one.publisher, show.href(one.iri)), (one,)) for one in show.cited(said))
        rows.append(Figure(show.href(iri), cells, number(show, record), cited))
    return rows


def number(show: Presenter, record: Record) -> str:
    """The value of a figure with its unit, or the category that stands in its place."""
    values = show.values(record, PAL + "value") or show.values(record, PAL + "category")
    unit = show.values(record, PAL + "unit")
    shown = values[0].part.text if values else show.words("site.not_known")
    notation = text(record, PAL + "value") and unit and unit[0].part.href.rpartition("/")[2]
    if notation == "percent":
        return f"{shown} %" if show.lang == "fr" else f"{shown}%"
    if unit and notation and notation not in ("persons", "count", "tier", "number"):
        return f"{shown} {unit[0].part.text}"
    return shown


def _link(value: object) -> bool:
    return isinstance(value, NamedNode)


def turn(path: str, number_: int, count: int, **parameters: str) -> Page:
    """Where the pages before and after one are."""

    def address(page: int) -> str:
        pairs = {**parameters, **({"page": str(page)} if page > 1 else {})}
        return f"{path}?{urlencode(pairs)}" if pairs else path

    return Page(
        number_, count, address(number_ - 1) if number_ > 1 else "", address(number_ + 1) if number_ < count else ""
    )


def developers(iri: str, path: str, query: str) -> Developers:
    """The paragraph for developers of a page at a path without a file ending."""
    formats = tuple((FORMAT_NAMES[ending], f"{path}.{ending}") for ending, one in ENDINGS.items() if one is not HTML)
    return Developers(iri, formats, query, "/sparql?" + urlencode({"query": query}))


def statements_query(show: Presenter, iri: str) -> str:
    """The query behind an entity's relations, with the source of each."""
    return (
        f"PREFIX pal: <{PAL}>\n\nSELECT ?statement ?subject ?predicate ?object ?day ?source WHERE {{\n"
        f"  {{ ?statement pal:subject {NamedNode(iri)} }} UNION {{ ?statement pal:object {NamedNode(iri)} }}\n"
        "  ?statement pal:subject ?subject ; pal:predicate ?predicate ; pal:object ?object .\n"
        "  OPTIONAL { ?statement pal:day|pal:startDay ?day }\n"
        "  OPTIONAL { GRAPH ?source { ?statement pal:subject ?subject } ?source a pal:Source }\n"
        "}\nORDER BY DESC(?day) ?statement"
    )


def own_query(iri: str) -> str:
    """The query for what is said of one node, with the source of each value."""
    node = NamedNode(iri)
    return (
        f"SELECT ?property ?value ?graph WHERE {{\n  {node} ?property ?value .\n"
        f"  OPTIONAL {{ GRAPH ?graph {{ {node} ?property ?value }} }}\n}}\nORDER BY ?property ?value"
    )


@dataclass(frozen=True)
class Row:
    """A row of a table of treaty acts: the other end, then what it did; texts are empty where nothing is known."""

    other: Part
    short: str
    signed: tuple[Part, ...]
    bound: tuple[Part, ...]
    in_force: tuple[Part, ...]
    ended: tuple[Part, ...]
    status: str
    words: str
    sort: str
    day: str


#: Acts by which a participant consents to be bound, and those by which it leaves.
CONSENT: Final = (
    "ratified", "accepted", "approved", "accededTo", "succeededTo", "becameParticipantIn", "definitivelySigned",
    "formallyConfirmed",
)  # fmt: skip
LEAVING: Final = ("denounced", "withdrewFrom")


@dataclass(frozen=True)
class Acts:
    """A page of the table of acts on treaties; `every` commitment says how its participant stands, no more."""

    rows: tuple[Row, ...]
    every: tuple[Commitment, ...]
    page: int
    pages: int
    is_treaty: bool


def acts(show: Presenter, about: str, page: int = 1) -> Acts:
    """The acts on treaties as a table: of a treaty's participants by name, or of a participant's treaties as its
    history, those of an unknown day last. Raises :class:`UnknownPageError`."""
    found = entity.commitments(show.site.store, about)
    pages = max(1, ceil(len(found) / entity.PARTICIPANTS))
    if not 1 <= page <= pages:
        raise UnknownPageError(f"page {page} of {pages}")
    show.learn(list(found))
    is_treaty = any(one.treaty == about for one in found.values())

    def order(other: str) -> tuple[str, str, str]:
        return "" if is_treaty else _bound(found[other]) or "9999", _by_name(show, other), other

    others = sorted(found, key=order)[(page - 1) * entity.PARTICIPANTS : page * entity.PARTICIPANTS]
    shown = entity.detailed(show.site.store, [found[other] for other in others])
    rows = tuple(_row(show, one, other) for one, other in zip(shown, others, strict=True))
    return Acts(rows, tuple(found.values()), page, pages, is_treaty)


def _bound(one: Commitment) -> str:
    """The first day on which it did more than sign, empty where none is known."""
    return min((act.day for act in one.acts if act.day and act.predicate != PAL + "signed"), default="")


def _by_name(show: Presenter, iri: str) -> str:
    return _folded(show.short(iri) or show.name(iri))


def _row(show: Presenter, one: Commitment, other: str) -> Row:
    status = standing(one)
    in_force = [_act(show, act.iri, act.text("date"), "") for act in one.by("boundInForceBy")]
    if not in_force and one.status is not None and one.status.text("inForceSince"):
        in_force = [_act(show, one.status.iri, one.status.text("inForceSince"), "")]
    consent = [_act(show, act.iri, act.text("date"), act.predicate) for act in one.by(*CONSENT)]
    if not consent and one.status is not None and status in ("party", "party_unknown"):
        consent = [Part(show.words("treaty.not_known"), show.href(one.status.iri))]
    return Row(
        other=show.link(other),
        short=show.short(other),
        signed=tuple(_act(show, act.iri, act.text("date"), "") for act in one.by("signed", "succeededToSignatureOf")),
        bound=tuple(consent),
        in_force=tuple(in_force),
        ended=tuple(_act(show, act.iri, act.text("date"), act.predicate) for act in one.by(*LEAVING)),
        status=status,
        words=show.words(f"treaty.{status}"),
        sort=_by_name(show, other),
        day=_bound(one),
    )


def _act(show: Presenter, iri: str, date: str, predicate: str) -> Part:
    said = show.date(date) if date else show.words("treaty.not_known")
    act = f"act.{predicate.removeprefix(PAL)}"
    if predicate and act in show.words and act != "act.ratified":
        said = show.words("treaty.acts", act=show.words(act), date=said)
    return Part(said[:1].upper() + said[1:] if predicate else said, show.href(iri), day=date)


def standing(one: Commitment) -> str:
    """How a participant stands to a treaty: party, party_unknown, signatory or left; `not_known` for the rest."""
    leaving = one.by(*LEAVING)
    if one.status is not None:
        # An act of leaving without a day ends the status without giving it an end.
        undated = bool(leaving) and not any(act.day for act in leaving)
        if undated or any(one.status.text(name) for name in ("end", "endDay", "endKnownBy")):
            return "left"
        return "party" if one.status.text("start") else "party_unknown"
    if leaving:
        return "left"
    if one.by(*CONSENT, "boundInForceBy"):
        return "party"
    return "signatory" if one.by("signed", "succeededToSignatureOf") else "not_known"


def _folded(name: str) -> str:
    """A name as it is sorted: without accents and case."""
    bare = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
