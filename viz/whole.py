"""The whole network of a release in one compact file, with positions: `scene.json`, written when a release is built.

Columns instead of records, so that it stays under 60 bytes per edge compressed. `nodes` has one entry per entity in
each column; `edges` one entry per statement: ends and link as numbers, family and kind as numbers of the lists beside
them, days counted from :data:`EPOCH` (null: not known). An edge's id is its path below `id/`. The front end
unpacks it in `web/src/whole.ts`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from graph import manifest
from graph.ids import Ids
from graph.read.embedded import EmbeddedStore
from graph.read.index import STATEMENTS, NetworkIndex
from graph.read.indexing import index as read_index
from viz import layout, view
from viz.scene import FAMILIES, KINDS, VERSION, kind_of

#: Day nought of the columns `start` and `end`.
EPOCH: Final = date(1900, 1, 1)


def pack(index: NetworkIndex, points: Sequence[tuple[int, int]], release: str, day: str) -> dict[str, Any]:
    """The columns. `points` has one position per node; equal French labels are null, to be taken from English."""
    predicates = sorted({edge.predicate for edge in index.edges})
    leads = {link.edges[0]: link.number for link in index.links}
    labels = [(view.short(node, "en"), view.short(node, "fr")) for node in index.nodes]
    return {
        "version": VERSION,
        "release": release,
        "date": day,
        "epoch": EPOCH.isoformat(),
        "families": list(FAMILIES),
        "kinds": list(KINDS),
        "statements": list(STATEMENTS),
        "predicates": predicates,
        "directed": [index.types[name].directed for name in predicates],
        "nodes": {
            "id": [node.id for node in index.nodes],
            "type": [node.kind for node in index.nodes],
            "kind": [KINDS.index(kind_of(node.kind)) for node in index.nodes],
            "en": [english for english, _ in labels],
            "fr": [french if french != english else None for english, french in labels],
            "degree": list(index.degree),
            "x": [x for x, _ in points],
            "y": [y for _, y in points],
        },
        "edges": {
            "id": [view.local(index, edge) for edge in index.edges],
            "a": [edge.subject for edge in index.edges],
            "b": [edge.object for edge in index.edges],
            "family": [FAMILIES.index(edge.family) for edge in index.edges],
            "kind": [STATEMENTS.index(edge.kind) for edge in index.edges],
            "predicate": [predicates.index(edge.predicate) for edge in index.edges],
            "start": [_days(edge.start or edge.known_by) for edge in index.edges],
            "end": [_days(edge.end) for edge in index.edges],
            "link": [edge.link for edge in index.edges],
            "leads": [int(edge.number in leads) for edge in index.edges],
            "inferred": [int(bool(edge.rule)) for edge in index.edges],
        },
    }


def _days(value: date | None) -> int | None:
    return None if value is None else (value - EPOCH).days


def place(index: NetworkIndex) -> list[tuple[int, int]]:
    """Positions of every node, from the links of the release alone."""
    return layout.whole(len(index.nodes), [(link.a, link.b) for link in index.links if link.a != link.b])


def write(directory: Path, ids: Ids) -> None:
    """The writer that a build calls: read the release that is being made and add `scene.json` to it."""
    del ids  # a release states its own base
    with EmbeddedStore.open(directory) as store:
        index = read_index(store)
        data = pack(index, place(index), store.manifest.release, store.manifest.date)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (directory / manifest.SCENE).write_text(text + "\n", encoding="utf-8")


def points(directory: Path, index: NetworkIndex) -> dict[str, tuple[int, int]]:
    """Positions by local id: those of the release, or, for anybody's files without any, placed now."""
    path = directory / manifest.SCENE
    if path.exists():
        nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
        return dict(zip(nodes["id"], zip(nodes["x"], nodes["y"], strict=True), strict=True))
    return dict(zip((node.id for node in index.nodes), place(index), strict=True))
