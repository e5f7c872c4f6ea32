"""The ontology as a page shows it: every class, property and closed list, as it describes them itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.ids import CONCEPT, PAL, PREFIXES
from graph.read import records
from graph.read.records import Record
from graph.read.store import Store

ONTOLOGY: Final = PAL.removesuffix("#")

_TYPE: Final = PREFIXES["rdf"] + "type"
_SUBCLASS: Final = PREFIXES["rdfs"] + "subClassOf"
_CLASSES: Final = {PREFIXES["owl"] + "Class", PREFIXES["rdfs"] + "Class"}
_PROPERTIES: Final = {
    PREFIXES["owl"] + "ObjectProperty",
    PREFIXES["owl"] + "DatatypeProperty",
    PREFIXES["owl"] + "AnnotationProperty",
    PREFIXES["rdf"] + "Property",
}


@dataclass(frozen=True)
class Term:
    """A class or property. `parents` are those of the ontology itself; `alignments` point to other vocabularies."""

    iri: str
    record: Record
    parents: tuple[str, ...]

    def links(self, iri: str) -> tuple[str, ...]:
        """The IRIs of one property, sorted."""
        return tuple(one.value.value for one in self.record.get(iri, ()) if isinstance(one.value, NamedNode))


@dataclass(frozen=True)
class Ontology:
    """All terms by local name, each list in alphabetical order. `edges` are the kinds of edge by their predicate,
    `edge_types` that predicate by the IRI of the kind of edge."""

    record: Record
    classes: dict[str, Term]
    properties: dict[str, Term]
    edges: dict[str, Record]
    edge_types: dict[str, str]
    schemes: tuple[str, ...]


def read(store: Store) -> Ontology:
    """The ontology of a release. Raises :class:`graph.read.store.StoreError`."""
    graph = NamedNode(store.ids.graph("ontology"))
    rows = store.select(f"SELECT DISTINCT ?s WHERE {{ GRAPH {graph} {{ ?s a ?type }} FILTER(isIRI(?s)) }}").rows
    iris = sorted(term.value for (term,) in rows if isinstance(term, NamedNode))
    found = records.read(store, [iri for iri in iris if iri.startswith(PAL) or iri == ONTOLOGY])
    terms = {iri.removeprefix(PAL): _term(iri, record) for iri, record in found.items()}
    kinds = {
        iri: record for iri, record in found.items() if PAL + "EdgeType" in terms[iri.removeprefix(PAL)].links(_TYPE)
    }
    return Ontology(
        record=found.get(ONTOLOGY, {}),
        classes={name: one for name, one in terms.items() if _CLASSES & set(one.links(_TYPE))},
        properties={name: one for name, one in terms.items() if _PROPERTIES & set(one.links(_TYPE))},
        edges={records.link(record, PAL + "predicate"): record for record in kinds.values()},
        edge_types={iri: records.link(record, PAL + "predicate") for iri, record in kinds.items()},
        schemes=tuple(iri for iri in iris if iri.startswith(CONCEPT) and "/" not in iri.removeprefix(CONCEPT)),
    )


def _term(iri: str, record: Record) -> Term:
    parents = (one.value.value for one in record.get(_SUBCLASS, ()) if isinstance(one.value, NamedNode))
    return Term(iri, record, tuple(parent for parent in parents if parent.startswith(PAL)))


def concepts(store: Store, scheme: str) -> dict[str, Record]:
    """The concepts of a closed list by IRI, in the order of their ranks and notations. Raises
    :class:`graph.read.store.StoreError`."""
    query = (
        f"SELECT ?c WHERE {{ ?c skos:inScheme {NamedNode(scheme)} OPTIONAL {{ ?c pal:rank ?r }}"
        " OPTIONAL { ?c skos:notation ?n } } ORDER BY ?r ?n ?c"
    )
    rows = store.select(query).rows
    return records.read(store, [term.value for (term,) in rows if isinstance(term, NamedNode)])
