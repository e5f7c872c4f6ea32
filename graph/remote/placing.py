"""Where releases stand in an engine that holds several, and which of them is in service.

Each release is loaded under a prefix of its own, `…/placed/{number}/`:

    {prefix}default   the deduplicated union: what is the default graph elsewhere
    {prefix}1 …       one graph for each named graph of the release
    {prefix}names     {prefix}1 placed:names <the graph's real name>, for each of them

and the graph `…/placed` says what there is: `<prefix> placed:began N` before anything else is written,
`<prefix> placed:stands N` when everything is there and was checked, and `placed:manifest` with the text of its
manifest.json. The release in service is the one with the highest N that stands. So the switch is the insertion of one
triple, which is atomic in every engine, and what an interrupted load left behind is known by its `began`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.ids import HOME
from graph.manifest import File, Manifest, ManifestError

PLACES: Final = HOME + "placed"
_TERM: Final = PLACES + "#"
BEGAN: Final = _TERM + "began"
STANDS: Final = _TERM + "stands"
NAMES: Final = _TERM + "names"
MANIFEST: Final = _TERM + "manifest"
#: A graph that is nowhere.
NOTHING: Final = _TERM + "nothing"

#: What is said of places, but for the manifests.
ASK: Final = (
    f"SELECT ?place ?says ?value WHERE {{ GRAPH <{PLACES}> {{ ?place ?says ?value }} FILTER(?says != <{MANIFEST}>) }}"
)


@dataclass(frozen=True, order=True)
class Place:
    """One place of a release; `stands` says that everything is there."""

    number: int
    stands: bool = False

    @property
    def iri(self) -> str:
        """The place itself, which is the prefix of its graphs."""
        return f"{PLACES}/{self.number}/"

    @property
    def default(self) -> str:
        """The graph that is the default graph of the release."""
        return self.iri + "default"

    @property
    def names(self) -> str:
        """The graph that says which graph has which name."""
        return self.iri + "names"

    def graph(self, number: int) -> str:
        """The graph of the n-th named graph, in the order of their names, from 1."""
        return f"{self.iri}{number}"

    @property
    def named(self) -> str:
        """The query for the real name of each graph."""
        return f"SELECT ?graph ?name WHERE {{ GRAPH <{self.names}> {{ ?graph <{NAMES}> ?name }} }}"

    def said(self, predicate: str, value: str) -> str:
        """The update that says one thing of this place."""
        triple = f"{NamedNode(self.iri)} {NamedNode(predicate)} {Literal(value)}"
        return f"INSERT DATA {{ GRAPH <{PLACES}> {{ {triple} }} }}"


def places(rows: list[dict[str, str | None]]) -> list[Place]:
    """Every place, the oldest first, from the rows of :data:`ASK`."""
    numbers = {said: {row["value"] for row in rows if row["says"] == said} for said in (BEGAN, STANDS)}
    return sorted(Place(int(number or 0), number in numbers[STANDS]) for number in numbers[BEGAN])


def in_service(found: list[Place]) -> Place | None:
    """The place that is in service, None where none is."""
    return next((one for one in reversed(found) if one.stands), None)


def manifest_of(text: str) -> Manifest:
    """The manifest that a place holds. Raises :class:`ManifestError`."""
    try:
        raw = json.loads(text)
        return Manifest(**{**raw, "files": {name: File(**one) for name, one in raw["files"].items()}})
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"the manifest in the engine cannot be read: {error}") from None
