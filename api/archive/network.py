"""The network of a release for the browser: what a copy makes views from that nobody precomputed.

`explore/network.json` has the network in columns, in the order of :class:`graph.read.index.NetworkIndex`, so that the
twins in `viz/web/src/copy/` (paths, comparison, selection) answer as `graph.read` and `viz.view` do. What is said of
it stands beside it, in one file per language: names, the sentence of each statement before and after its end, and the
words of the explorer.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from api import explorer
from api.language import Lang
from api.links import safe
from graph.read.compare import SECTIONS
from graph.read.index import STATEMENTS, NetworkIndex
from graph.read.paths import KINDS as EXPLANATIONS
from viz import captions, view, words
from viz.desk import Desk
from viz.scene import FAMILIES, KINDS, kind_of

#: A day on which nothing has ended, and one on which everything has that has an end.
_BEFORE, _AFTER = date(1, 1, 1), date(9999, 12, 31)


def pack(index: NetworkIndex) -> dict[str, Any]:
    """The network in columns; days as in ISO 8601 or null, numbers of nodes, links and sources as in the index."""
    predicates = sorted({edge.predicate for edge in index.edges})
    kinds = sorted({node.kind for node in index.nodes})
    groups = sorted({node.group for node in index.nodes})
    nodes, edges = index.nodes, index.edges
    return {
        "families": list(FAMILIES),
        "statements": list(STATEMENTS),
        "predicates": predicates,
        "kinds": kinds,
        "groups": groups,
        "drawn": [kind_of(one) for one in kinds],
        "nodes": {
            "id": [node.id for node in nodes],
            "kind": [kinds.index(node.kind) for node in nodes],
            "group": [groups.index(node.group) for node in nodes],
            "start": [_day(node.start) for node in nodes],
            "end": [_day(node.end) for node in nodes],
            "degree": list(index.degree),
        },
        "edges": {
            "id": [view.local(index, edge) for edge in edges],
            "kind": [STATEMENTS.index(edge.kind) for edge in edges],
            "subject": [edge.subject for edge in edges],
            "predicate": [predicates.index(edge.predicate) for edge in edges],
            "object": [edge.object for edge in edges],
            "family": [FAMILIES.index(edge.family) for edge in edges],
            "directed": [int(edge.directed) for edge in edges],
            "start": [_day(edge.start) for edge in edges],
            "end": [_day(edge.end) for edge in edges],
            "known": [_day(edge.known_by) for edge in edges],
            "ended": [_day(edge.end_known_by) for edge in edges],
            "inferred": [int(bool(edge.rule)) for edge in edges],
            "sources": [list(edge.sources) for edge in edges],
        },
        "links": [{"a": link.a, "b": link.b, "family": FAMILIES.index(link.family), "edges": list(link.edges)}
                  for link in index.links],
        "sources": [
            {"id": one.id, "title": one.title, "publisher": one.publisher, "issued": one.issued,
             "url": one.url if safe(one.url) else ""}
            for one in index.sources
        ],
        "first": view.chosen_first(),
    }  # fmt: skip


def told(desk: Desk, lang: Lang) -> dict[str, Any]:
    """What is said of the network in a language. A sentence that reads differently once the statement has ended comes
    as a pair: until then, and from then on."""
    index = desk.index
    said: list[str | list[str]] = []
    for edge in index.edges:
        before = desk.say(edge, lang, _BEFORE)
        after = desk.say(edge, lang, _AFTER)
        said.append(before if before == after else [before, after])
    return {
        "release": desk.store.manifest.release,
        "date": desk.store.manifest.date,
        "names": [node.label(lang) for node in index.nodes],
        "short": [view.short(node, lang) for node in index.nodes],
        "inside": [desk.name(node, lang) for node in index.nodes],
        "said": said,
        "since": [desk.since(view.local(index, edge), lang) for edge in index.edges],
        "words": words_of(lang),
    }


def words_of(lang: Lang) -> dict[str, Any]:
    """The words that views speak, as they are written, with their gaps."""
    x = explorer.interface(lang)
    at = 1 if lang == "fr" else 0
    return {
        "explorer": {key: x.template(key) for key in sorted(x.keys)},
        "caption": captions.sentences(lang),
        "family": words.FAMILY[lang],
        "standing": words.STANDING[lang],
        "kind": {kind: list(words.KIND[lang][kind]) for kind in KINDS},
        "explanation": {kind: names[at] for kind, names in EXPLANATIONS.items()},
        "sections": list(SECTIONS),
    }


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
