"""The ontology as the build needs it: its quads, the notations of the closed lists, the ranks of source kinds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.build.findings import BuildError
from graph.ids import CONCEPT, PAL, PREFIXES, concept

_NOTATION: Final = NamedNode(PREFIXES["skos"] + "notation")
_RANK: Final = NamedNode(PAL + "rank")
_RELATED: Final = NamedNode(PREFIXES["skos"] + "related")
_WEAK: Final = NamedNode(concept("source-flag", "weak"))
_FOLDERS: Final = ("", "schemes", "alignments")


def resource(folder: str, ending: str) -> list[Traversable]:
    """The ontology's files of one folder ('' is its top) with one ending, by name."""
    place = files("ontology")
    if folder:
        place = place.joinpath(folder)
    return sorted((one for one in place.iterdir() if one.name.endswith(ending)), key=lambda one: one.name)


@dataclass(frozen=True)
class Vocabulary:
    """The ontology's triples, and what the reader and the preference rule take from the closed lists.

    `notations` maps a closed list's name to its allowed values, `ranks` a source kind to its rank (1 is best), `weak`
    are the source kinds that readers are warned of: somebody's summary or copy, not the record itself.
    """

    triples: frozenset[Triple]
    notations: dict[str, frozenset[str]]
    ranks: dict[str, int]
    weak: frozenset[str]


def load() -> Vocabulary:
    """Read core, edges, schemes and alignments. Raises :class:`BuildError` for a file that is no Turtle."""
    triples: set[Triple] = set()
    wrong: list[str] = []
    for folder in _FOLDERS:
        for file in resource(folder, ".ttl"):
            try:
                quads = parse(file.read_bytes(), format=RdfFormat.TURTLE)
                triples.update(quad.triple for quad in quads)
            except SyntaxError as error:
                wrong.append(f"ontology/{folder}/{file.name}: {error}")
    if wrong:
        raise BuildError("the ontology", wrong)
    notations: dict[str, set[str]] = defaultdict(set)
    ranks: dict[str, int] = {}
    weak: set[str] = set()
    for triple in triples:
        path = triple.subject.value.removeprefix(CONCEPT) if isinstance(triple.subject, NamedNode) else ""
        scheme, _, notation = path.partition("/")
        if triple.predicate == _NOTATION and notation:
            notations[scheme].add(triple.object.value)  # type: ignore[union-attr]
        elif triple.predicate == _RANK and scheme == "source-kind":
            ranks[notation] = int(triple.object.value)  # type: ignore[union-attr]
        elif triple.predicate == _RELATED and triple.object == _WEAK:
            weak.add(notation)
    closed = {name: frozenset(every) for name, every in notations.items()}
    return Vocabulary(frozenset(triples), closed, ranks, frozenset(weak))
