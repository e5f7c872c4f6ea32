"""What a query editor completes: `schema.json`, written when a release is built.

    prefixes     name -> IRI, in the order in which queries declare them
    classes      [prefixed name, instances, English name, French name or null where it is the same]
    properties   [prefixed name, uses, English name, French name or null]
    things       [prefixed name, kind, English name, French name or null]: actors, instruments, projects …

Only what the release uses is in it: a class without instances or a property without uses would be completed to a query
without answers. Lists are in the order of names; terms of no known prefix are left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph import manifest
from graph.ids import PAL, Ids
from graph.read import labels
from graph.read.embedded import EmbeddedStore
from graph.read.store import Store

#: Classes that everything of a kind has besides its own; they say little about a thing.
_GENERAL: Final = {PAL + name for name in ("Entity", "Actor", "Instrument", "CountryOrArea")}
_CLASSES: Final = "SELECT ?t (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?t } GROUP BY ?t"
_PROPERTIES: Final = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
_THINGS: Final = "SELECT ?s ?t WHERE { ?s a pal:Entity, ?t }"


def read(store: Store) -> dict[str, Any]:
    """What a release offers for completion. Raises :class:`graph.read.store.StoreError`."""
    prefixes = store.ids.prefixes
    return {
        "release": store.manifest.release,
        "prefixes": prefixes,
        "classes": _terms(store, _CLASSES, prefixes),
        "properties": _terms(store, _PROPERTIES, prefixes),
        "things": _things(store, prefixes),
    }


def shortened(iri: str, prefixes: dict[str, str]) -> str | None:
    """The prefixed name of an IRI, None where no prefix fits or what is left would need escapes."""
    for name, start in prefixes.items():
        rest = iri.removeprefix(start)
        if rest != iri and rest and all(one.isascii() and (one.isalnum() or one in "-_") for one in rest):
            return f"{name}:{rest}"
    return None


def _terms(store: Store, query: str, prefixes: dict[str, str]) -> list[list[Any]]:
    counts = {
        term.value: int(count.value)
        for term, count in store.select(query).rows
        if isinstance(term, NamedNode) and isinstance(count, Literal)
    }
    return _rows(store, counts, prefixes)


def _things(store: Store, prefixes: dict[str, str]) -> list[list[Any]]:
    kinds: dict[str, set[str]] = {}
    for subject, kind in store.select(_THINGS).rows:
        if isinstance(subject, NamedNode) and isinstance(kind, NamedNode):
            kinds.setdefault(subject.value, set()).add(kind.value)
    named = {iri: labels.last_part(min(several - _GENERAL or several)) for iri, several in kinds.items()}
    return _rows(store, named, prefixes)


def _rows(store: Store, known: Mapping[str, int | str], prefixes: dict[str, str]) -> list[list[Any]]:
    english, french = (labels.of(store, known, lang) for lang in ("en", "fr"))
    found = []
    for iri, about in known.items():
        name = shortened(iri, prefixes)
        if name is not None:
            one, other = english[iri].text, french[iri].text
            found.append([name, about, one, other if other != one else None])
    return sorted(found)


def write(directory: Path, ids: Ids) -> None:
    """The writer that a build calls: `schema.json` beside the other files of a release."""
    del ids  # a release states its own base
    with EmbeddedStore.open(directory) as store:
        found = read(store)
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (directory / manifest.SCHEMA).write_text(text + "\n", encoding="utf-8")
