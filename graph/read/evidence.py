"""Who says a statement, or from what it was inferred, and what was inferred from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.read import statements
from graph.read.statements import Statement
from graph.read.store import Store

#: Premises and consequences that one page tells; a statement rarely has more than five.
MOST: Final = 40


@dataclass(frozen=True)
class Evidence:
    """`premises` are the statements it was inferred from, `consequences` what was inferred from it (at most
    :data:`MOST` of `consequence_count`). `claims` are claims that it supports, contradicts or qualifies: pairs of
    property and claim."""

    statement: Statement
    premises: tuple[Statement, ...]
    consequences: tuple[Statement, ...]
    consequence_count: int
    claims: tuple[tuple[str, str], ...]


def read(store: Store, iri: str) -> Evidence | None:
    """The evidence of a statement, None for what is no statement. Raises :class:`graph.read.store.StoreError`."""
    found = statements.read(store, [iri])
    if not found:
        return None
    node = NamedNode(iri)
    follows = f"?s prov:wasDerivedFrom {node} ; pal:subject ?o"
    rows = store.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {follows} }}").rows
    count = int(rows[0][0].value) if rows and isinstance(rows[0][0], Literal) else 0
    rows = store.select(f"SELECT DISTINCT ?s WHERE {{ {follows} }} ORDER BY ?s LIMIT {MOST}").rows
    return Evidence(
        statement=found[0],
        premises=tuple(statements.read(store, found[0].premises[:MOST])),
        consequences=tuple(statements.read(store, [term.value for (term,) in rows if isinstance(term, NamedNode)])),
        consequence_count=count,
        claims=claims(store, iri),
    )


def claims(store: Store, iri: str) -> tuple[tuple[str, str], ...]:
    """The claims that are weighed against a node: pairs of property and claim. Raises
    :class:`graph.read.store.StoreError`."""
    rows = store.select(f"SELECT ?p ?s WHERE {{ ?s a pal:Claim ; ?p {NamedNode(iri)} }} ORDER BY ?p ?s").rows
    return tuple((p.value, s.value) for p, s in rows if isinstance(p, NamedNode) and isinstance(s, NamedNode))
