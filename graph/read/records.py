"""The own properties of nodes, each value with the sources that state it. Everything a page says comes through here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from graph.read.labels import values
from graph.read.store import Store

#: Nodes of one query; more are asked in turns.
_BATCH: Final = 400

Value: TypeAlias = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Stated:
    """One value of one property, with the sources in whose graphs it stands (sorted; none for inferred values)."""

    value: Value
    sources: tuple[str, ...]


#: Property IRI to its values, each once, sorted.
Record: TypeAlias = Mapping[str, tuple[Stated, ...]]


def read(
    store: Store, iris: Iterable[str], only: Iterable[str] | None = None, *, without: Iterable[str] = ()
) -> dict[str, Record]:
    """The records of these IRIs in the order given; one of which nothing is said is left out. Blank nodes among the
    values are left out too. Raises :class:`graph.read.store.StoreError`.

    With `only` (properties, by IRI) a record holds those alone and no sources: a tenth of the work for long tables.
    The properties of `without` are left out.
    """
    wanted = list(dict.fromkeys(iris))
    found: dict[str, dict[str, dict[Value, set[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    prefix = store.ids.source("")
    sought = "OPTIONAL { GRAPH ?g { ?s ?p ?o } }"
    left_out = values(sorted(without)).replace(" ", ", ")
    if left_out:
        sought = f"FILTER(?p NOT IN ({left_out})) {sought}"
    if only is not None:
        sought = f"FILTER(?p IN ({values(sorted(only)).replace(' ', ', ')}))"
    for start in range(0, len(wanted), _BATCH):
        block = values(wanted[start : start + _BATCH])
        about = f"VALUES ?s {{ {block} }} ?s ?p ?o {sought}"
        for subject, predicate, value, graph in store.select(f"SELECT ?s ?p ?o ?g WHERE {{ {about} }}").rows:
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and isinstance(value, Value):
                graphs = found[subject.value][predicate.value][value]
                if isinstance(graph, NamedNode) and graph.value.startswith(prefix):
                    graphs.add(graph.value)
    return {
        iri: {
            name: tuple(Stated(value, tuple(sorted(by_value[value]))) for value in sorted(by_value, key=str))
            for name, by_value in sorted(found[iri].items())
        }
        for iri in wanted
        if iri in found
    }


def literal(record: Record, name: str) -> Literal | None:
    """The first literal of a property, in the order of its text."""
    return next((one.value for one in record.get(name, ()) if isinstance(one.value, Literal)), None)


def text(record: Record, name: str) -> str:
    """The text of :func:`literal`, empty when there is none."""
    found = literal(record, name)
    return found.value if found is not None else ""


def link(record: Record, name: str) -> str:
    """The first IRI of a property, empty when there is none."""
    return next((one.value.value for one in record.get(name, ()) if isinstance(one.value, NamedNode)), "")
