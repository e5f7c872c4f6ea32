"""Which graphs a query asks for, and how it comes to see just those in an engine elsewhere.

By the standard the default graph of a query is the merge of its FROM graphs, in which a triple stands once however many
of them hold it. Of one default graph, or none, the engine is told by FROM (:mod:`graph.remote.rewriting`). Of several,
engines make what they like: Virtuoso and Oxigraph count a triple once for each graph that holds it, and no rewriting
mends that for paths of any length. So those graphs are read, merged here, and asked here; how much may be read is for
the caller to limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store, Triple

from graph.read.store import BadQuery
from graph.remote.rewriting import FORMS, braces, froms, tokens


@dataclass(frozen=True)
class Dataset:
    """Graphs by their names in the release."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def merged(self) -> bool:
        """Whether its default graph is made of several."""
        return len(set(self.default)) > 1


def stated(query: str, base: str | None = None) -> Dataset | None:
    """The graphs behind FROM and FROM NAMED; None where a query has neither. Relative names count from `base`.

    Raises :class:`BadQuery` for a query that cannot be read.
    """
    found = tokens(query)
    clauses = froms(found, braces(found))
    if not clauses:
        return None
    prologue = _prologue(query)
    names: dict[bool, list[str]] = {True: [], False: []}
    for clause in clauses:
        names[len(clause) == 3].append(found[clause[-1]].text)
    return Dataset(*(tuple(dict.fromkeys(_resolved(prologue, names[one], base))) for one in (False, True)))


def _prologue(query: str) -> str:
    """What stands before the form."""
    return next((query[: one.start] for one in tokens(query) if one.kind == "word" and one.text in FORMS), "")


def _resolved(prologue: str, terms: list[str], base: str | None) -> list[str]:
    """The IRIs that terms stand for under a prologue, by a parser of SPARQL. Nothing is asked of any data."""
    if not terms:
        return []
    try:
        result = Store().query(f"{prologue} SELECT ?g {{ VALUES ?g {{ {' '.join(terms)} }} }}", base_iri=base)
    except SyntaxError as error:
        raise BadQuery(str(error)) from None
    return [row[0].value for row in result] if isinstance(result, QuerySolutions) else []


def merged(default: Iterable[Triple], named: Iterable[tuple[str, Iterable[Triple]]]) -> Store:
    """A store whose default graph is the merge of `default`, and which has these named graphs."""
    store = Store()
    store.extend(Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in default)
    for name, triples in named:
        graph = NamedNode(name)
        store.extend(Quad(one.subject, one.predicate, one.object, graph) for one in triples)
    return store
