"""Every person of the graph with the public office that justifies the entry.

That nobody stands here without one is the check `person-without-public-mandate`, which stops a build; this is the list
for whoever wants to read it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.build.collect import RDF_TYPE, pal
from graph.ids import PREFIXES, Ids

#: The ties that make an entry about a person one about a public office.
OFFICES: Final = ("holdsMandate", "chairs", "memberOf")
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")


@dataclass(frozen=True)
class Person:
    """One person: local id, English name, and the offices as (tie, local id of what it leads to)."""

    id: str
    name: str
    offices: list[tuple[str, str]]

    def __str__(self) -> str:
        held = "; ".join(f"{tie} {other}" for tie, other in self.offices)
        return f"{self.id} ({self.name}): {held or 'NO PUBLIC OFFICE'}"


def listed(merged: set[Triple], ids: Ids) -> list[Person]:
    """Every person, by id."""
    everybody = {one.subject for one in merged if one.predicate == RDF_TYPE and one.object == pal("Person")}
    ties = {pal(name): name for name in OFFICES}
    names: dict[str, str] = {}
    offices: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for triple in merged:
        if triple.subject not in everybody or not isinstance(triple.subject, NamedNode):
            continue
        local = ids.local(triple.subject.value) or triple.subject.value
        if triple.predicate in ties and isinstance(triple.object, NamedNode):
            other = ids.local(triple.object.value) or triple.object.value
            offices[local].add((ties[triple.predicate], other))
        elif triple.predicate == _LABEL and isinstance(triple.object, Literal) and triple.object.language != "fr":
            names[local] = triple.object.value
    found = [ids.local(one.value) or one.value for one in everybody if isinstance(one, NamedNode)]
    return [Person(one, names.get(one, one), sorted(offices[one])) for one in sorted(found)]
