"""Statement nodes as records: what they connect, when, who says so, and from what they were inferred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.ids import PAL, PREFIXES
from graph.read import records
from graph.read.records import Record, Stated
from graph.read.store import Store

#: Classes of statements, the most specific one first where a node has several.
KINDS: Final = ("PartyStatus", "TreatyAction", "Evaluation", "ProjectParticipation", "Relation")

_TYPE: Final = PREFIXES["rdf"] + "type"
_PREMISE: Final = PREFIXES["prov"] + "wasDerivedFrom"
_RULE: Final = PAL + "byRule"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement node. IRIs are plain text; `values` has every other property by IRI, each value once, sorted.

    `sources` state it; an inferred one has none, but a `rule` and `premises`.
    """

    iri: str
    kind: str
    subject: str
    predicate: str
    object: str
    sources: tuple[str, ...]
    rule: str
    premises: tuple[str, ...]
    values: Mapping[str, tuple[Stated, ...]] = field(repr=False)

    def literal(self, name: str) -> Literal | None:
        """The first value of a property of the ontology (`date`, `startDay`), when it is a literal."""
        stated = self.values.get(PAL + name, ())
        return next((one.value for one in stated if isinstance(one.value, Literal)), None)

    def text(self, name: str) -> str:
        """The text of :meth:`literal`, empty when there is none."""
        literal = self.literal(name)
        return literal.value if literal is not None else ""

    @property
    def day(self) -> str:
        """The comparable day by which statements are put in order, empty when no source gives one."""
        return self.text("day") or self.text("startDay") or self.text("inForceDay")

    def other(self, iri: str) -> str:
        """The node at the other end."""
        return self.object if iri == self.subject else self.subject


#: What a table of acts needs of each.
_BRIEF: Final = (
    _TYPE, _RULE,
    *(PAL + name for name in ("subject", "predicate", "object", "date", "day", "start", "startDay", "end", "endDay")),
    *(PAL + name for name in ("inForceSince", "inForceDay", "knownBy", "endKnownBy")),
)  # fmt: skip


def read(store: Store, iris: Iterable[str], *, brief: bool = False) -> list[Statement]:
    """The statements of these IRIs in the order given; what is no statement is left out. Raises
    :class:`graph.read.store.StoreError`.

    A brief statement has its ends, its kind and its dates, but no sources and no premises.
    """
    found = records.read(store, iris, _BRIEF if brief else None)
    return [one for iri, record in found.items() if (one := _statement(iri, record))]


def _statement(iri: str, record: Record) -> Statement | None:
    ends = [_iris(record, PAL + name) for name in ("subject", "predicate", "object")]
    if not all(ends):
        return None
    types = {one.removeprefix(PAL) for one in _iris(record, _TYPE)}
    subject, predicate, object_ = (one[0] for one in ends)
    return Statement(
        iri=iri,
        kind=next((kind for kind in KINDS if kind in types), "Statement"),
        subject=subject,
        predicate=predicate,
        object=object_,
        sources=tuple(sorted({graph for stated in record[PAL + "subject"] for graph in stated.sources})),
        rule=next(iter(_iris(record, _RULE)), ""),
        premises=tuple(_iris(record, _PREMISE)),
        values=record,
    )


def _iris(record: Record, name: str) -> list[str]:
    return [stated.value.value for stated in record.get(name, ()) if isinstance(stated.value, NamedNode)]
