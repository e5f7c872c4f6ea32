"""What is known to be missing, counted from the release itself: nothing of this is written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.read.store import Store


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of gap: how many, out of how many; `key` names it for the words of a page."""

    key: str
    missing: int
    total: int


#: Key -> (what is missing, out of what), each as a pattern with ?x.
_GAPS: Final = {
    "party-days": ("?x a pal:PartyStatus FILTER NOT EXISTS { ?x pal:startDay ?d }", "?x a pal:PartyStatus"),
    "action-days": ("?x a pal:TreatyAction FILTER NOT EXISTS { ?x pal:date ?d }", "?x a pal:TreatyAction"),
    "report-days": ("?x a pal:Evaluation FILTER NOT EXISTS { ?x pal:day ?d }", "?x a pal:Evaluation"),
    "relation-days": ("?x a pal:Relation FILTER NOT EXISTS { ?x pal:startDay ?d }", "?x a pal:Relation"),
    "figure-years": ("?x a pal:Observation FILTER NOT EXISTS { ?x pal:period ?d }", "?x a pal:Observation"),
    "budgets": ("?x a pal:Project FILTER NOT EXISTS { ?x pal:budget ?d }", "?x a pal:Project"),
    "french-names": (
        '?x a pal:Actor ; skos:prefLabel ?any FILTER NOT EXISTS { ?x skos:prefLabel ?d FILTER(LANG(?d) = "fr") }',
        "?x a pal:Actor",
    ),
    "source-addresses": ("?x a pal:Source FILTER NOT EXISTS { ?x schema:url ?d }", "?x a pal:Source"),
}


def read(store: Store) -> list[Gap]:
    """Every kind of gap with its counts. Raises :class:`graph.read.store.StoreError`."""
    return [Gap(key, _count(store, missing), _count(store, total)) for key, (missing, total) in _GAPS.items()]


def _count(store: Store, pattern: str) -> int:
    rows = store.select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}").values()
    return int(rows[0]["n"] or 0)
