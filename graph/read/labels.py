"""Names for IRIs: the one ordered place where a label is chosen.

First the properties that give a name, then those that give only a code, then the last part of the IRI, so that
nothing is ever without a name. Among names the reader's language goes first, then text without a language, then
English, French and the others in alphabetical order; within a language, the order of :data:`NAMES`. A label knows its
language, so that a page can say when it is another one than the reader's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from graph.ids import PAL, PREFIXES
from graph.read.store import Store

#: Properties that give a name, best first.
NAMES: Final = tuple(
    NamedNode(iri)
    for iri in (
        PREFIXES["skos"] + "prefLabel",
        PREFIXES["rdfs"] + "label",
        PREFIXES["dcterms"] + "title",
        PREFIXES["foaf"] + "name",
        PREFIXES["schema"] + "name",
        PAL + "claimText",
    )
)
#: Properties that give a code, asked only where there is no name in any language.
CODES: Final = tuple(
    NamedNode(iri) for iri in (PAL + "abbreviation", PREFIXES["skos"] + "notation", PREFIXES["dcterms"] + "identifier")
)
_SHORT: Final = NamedNode(PAL + "abbreviation")
#: After the reader's own language and text without one.
_LANGUAGES: Final = {"en": 2, "fr": 3}
_OTHER: Final = 4
#: IRIs of one query; more are asked in turns, so that a query stays readable for any engine.
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Label:
    """A name as it is shown. `language` is empty for text without one; `wanted` is the reader's language."""

    text: str
    language: str
    wanted: str

    @property
    def foreign(self) -> bool:
        """Whether it is a fallback in another language than the reader's, which a page has to say."""
        return bool(self.language) and self.language.split("-")[0] != self.wanted


def values(iris: Iterable[str]) -> str:
    """IRIs as terms for a VALUES block: made by the term library, never pasted. Raises :class:`ValueError`."""
    return " ".join(str(NamedNode(iri)) for iri in iris)


def of(store: Store, iris: Iterable[str], language: str) -> dict[str, Label]:
    """The label of each IRI in the reader's language, or the best fallback. Raises :class:`StoreError`."""
    wanted = sorted(set(iris))
    best: dict[str, tuple[tuple[int, int, int, str, str], Literal]] = {}
    for iri, rank, literal in _read(store, wanted):
        order = _order(rank, literal, language)
        if iri not in best or order < best[iri][0]:
            best[iri] = order, literal
    return {iri: _label(iri, best[iri][1] if iri in best else None, language) for iri in wanted}


def abbreviations(store: Store, iris: Iterable[str]) -> dict[str, str]:
    """The abbreviation of each IRI that has one. Raises :class:`StoreError`."""
    found: dict[str, str] = {}
    for batch in _batches(sorted(set(iris))):
        rows = store.select(f"SELECT ?s ?v WHERE {{ VALUES ?s {{ {values(batch)} }} ?s {_SHORT} ?v }} ORDER BY ?s ?v")
        for subject, value in rows.rows:
            if isinstance(subject, NamedNode) and isinstance(value, Literal):
                found.setdefault(subject.value, value.value)
    return found


def last_part(iri: str) -> str:
    """The last part of an IRI, readable: what is shown where nothing better is known."""
    return unquote(iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]) or iri


def _batches(iris: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(iris), _BATCH):
        yield iris[start : start + _BATCH]


def _read(store: Store, iris: list[str]) -> Iterator[tuple[str, int, Literal]]:
    every = {predicate: rank for rank, predicate in enumerate((*NAMES, *CODES))}
    predicates = ", ".join(map(str, every))
    for batch in _batches(iris):
        query = f"SELECT ?s ?p ?v WHERE {{ VALUES ?s {{ {values(batch)} }} ?s ?p ?v FILTER(?p IN ({predicates})) }}"
        for subject, predicate, value in store.select(query).rows:
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and isinstance(value, Literal):
                yield subject.value, every[predicate], value


def _order(rank: int, literal: Literal, language: str) -> tuple[int, int, int, str, str]:
    """Orders candidates, best first."""
    tag = (literal.language or "").lower()
    own = tag == language or tag.startswith(language + "-")
    place = 0 if own else _LANGUAGES.get(tag, _OTHER) if tag else 1
    return int(rank >= len(NAMES)), place, rank, tag, literal.value


def _label(iri: str, literal: Literal | None, language: str) -> Label:
    if literal is None or not literal.value.strip():
        return Label(last_part(iri), "", language)
    return Label(literal.value, (literal.language or "").lower(), language)


def group_by_language(literals: Iterable[Literal]) -> dict[str, list[str]]:
    """Texts by language tag (empty for none), each list sorted, each text once."""
    found: dict[str, set[str]] = defaultdict(set)
    for literal in literals:
        found[(literal.language or "").lower()].add(literal.value)
    return {tag: sorted(texts) for tag, texts in sorted(found.items())}
