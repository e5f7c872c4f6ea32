"""Public offices and who held them from when to when; nothing else about a person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.dates import PartialDate
from graph.read import labels
from graph.read.dates import Validity, valid
from graph.read.labels import Label
from graph.read.store import Store
from graph.read.treaties import day, partial


@dataclass(frozen=True, slots=True)
class Term:
    """One term of office. `path` is the statement's id below `id/`; what no source states is None."""

    path: str
    holder: str
    office: str
    start: PartialDate | None
    start_day: date | None
    end: PartialDate | None
    end_day: date | None

    def validity(self, on: date) -> Validity:
        """The as-of rule."""
        return valid(on, self.start_day, self.end_day)


@dataclass(frozen=True)
class Offices:
    """Terms by office, the offices by name, each office's terms by beginning; names by local id."""

    terms: dict[str, tuple[Term, ...]]
    names: dict[str, Label]

    def succeeded(self, one: Term, on: date) -> bool:
        """Whether a term without a known end was followed by somebody else's by that day."""
        return one.end_day is None and any(
            other.holder != one.holder
            and other.start_day is not None
            and (one.start_day or date.min) < other.start_day <= on
            for other in self.terms[one.office]
        )


_TERMS: Final = """
SELECT ?term ?holder ?office ?start ?startDay ?end ?endDay WHERE {
  ?term pal:predicate pal:holdsMandate ; pal:subject ?holder ; pal:object ?office .
  OPTIONAL { ?term pal:start ?start } OPTIONAL { ?term pal:startDay ?startDay }
  OPTIONAL { ?term pal:end ?end } OPTIONAL { ?term pal:endDay ?endDay }
} ORDER BY ?term"""


def read(store: Store, lang: str) -> Offices:
    """Read every term. Raises :class:`graph.read.store.StoreError`."""

    def local(iri: str | None) -> str:
        return store.ids.local(iri or "") or ""

    found: dict[str, list[Term]] = defaultdict(list)
    for row in store.select(_TERMS).values():
        term = Term(
            local(row["term"]), local(row["holder"]), local(row["office"]),
            partial(row["start"]), day(row["startDay"]), partial(row["end"]), day(row["endDay"]),
        )  # fmt: skip
        found[term.office].append(term)
    wanted = {name for terms in found.values() for one in terms for name in (one.holder, one.office)}
    named = labels.of(store, (store.ids.entity(one) for one in wanted), lang)
    names = {local(iri): label for iri, label in named.items()}
    ordered = sorted(found, key=lambda office: (names[office].text.casefold(), office))
    return Offices(
        {one: tuple(sorted(found[one], key=lambda term: (term.start_day or date.max, term.path))) for one in ordered},
        names,
    )
