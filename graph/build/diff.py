"""What changed between two releases, as Markdown for people: entities, statements and values by name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph import manifest
from graph.ids import PAL, PREFIXES

_TYPE: Final = PREFIXES["rdf"] + "type"
_LABEL: Final = PREFIXES["rdfs"] + "label"
_ABSTRACT: Final = PAL + "isAbstract"
_SHOWN: Final = 100


@dataclass
class _Side:
    """One release read for comparison: per subject its classes, its values by property, and its English name."""

    manifest: manifest.Manifest
    triples: set[Triple]
    kinds: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, directory: Path) -> _Side:
        side = cls(manifest.read(directory), set())
        data = (directory / manifest.MERGED).read_bytes()
        side.triples = {quad.triple for quad in parse(data, format=RdfFormat.N_TRIPLES)}
        abstract = {one.subject for one in side.triples if one.predicate.value == _ABSTRACT}
        for triple in sorted(side.triples, key=str):
            subject, value = triple.subject, triple.object
            if not isinstance(subject, NamedNode):
                continue
            if triple.predicate.value == _TYPE and isinstance(value, NamedNode) and value.value.startswith(PAL):
                if value not in abstract:
                    side.kinds[subject.value] = value.value.removeprefix(PAL)
            elif triple.predicate.value == _LABEL and isinstance(value, Literal) and value.language != "fr":
                side.names.setdefault(subject.value, value.value)
        return side

    def name(self, iri: str) -> str:
        base = self.manifest.base
        return self.names.get(iri) or iri.removeprefix(base).removeprefix("id/")


def markdown(before: Path | None, after: Path) -> str:
    """The difference from the release in `before` (None: there was none) to the one in `after`.

    Raises :class:`graph.manifest.ManifestError` where one of them is no release.
    """
    new = _Side.read(after)
    if before is None:
        count = new.manifest.counts["triples"]
        return f"# Release {new.manifest.release}\n\nThe first release: {count} statements.\n"
    old = _Side.read(before)
    out = [f"# From release {old.manifest.release} to {new.manifest.release}", ""]
    out += _counts(old, new)
    if old.triples == new.triples:
        return "\n".join([*out, "No statement differs.", ""])
    appeared = {iri: kind for iri, kind in new.kinds.items() if iri not in old.kinds}
    vanished = {iri: kind for iri, kind in old.kinds.items() if iri not in new.kinds}
    out += _things("New", appeared, new)
    out += _things("Gone", vanished, old)
    out += _changed(old, new, set(appeared) | set(vanished))
    return "\n".join(out)


def _counts(old: _Side, new: _Side) -> list[str]:
    names = sorted(set(old.manifest.counts) | set(new.manifest.counts))
    rows = [
        f"| {name} | {before} | {after} | {after - before:+} |"
        for name in names
        if (before := old.manifest.counts.get(name, 0)) != (after := new.manifest.counts.get(name, 0))
    ]
    return ["| counted | before | after | change |", "|---|---:|---:|---:|", *rows, ""] if rows else []


def _things(title: str, things: dict[str, str], side: _Side) -> list[str]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for iri, kind in things.items():
        by_kind[kind].append(side.name(iri))
    out: list[str] = []
    for kind, names in sorted(by_kind.items()):
        out += [f"## {title}: {kind} ({len(names)})", "", *_cut([f"- {name}" for name in sorted(names)]), ""]
    return out


def _changed(old: _Side, new: _Side, skip: set[str]) -> list[str]:
    lines: dict[str, list[str]] = defaultdict(list)
    for sign, triples, side in (("-", old.triples - new.triples, old), ("+", new.triples - old.triples, new)):
        for triple in triples:
            subject = triple.subject
            if isinstance(subject, NamedNode) and subject.value not in skip and subject.value in new.kinds:
                value = triple.object.value if isinstance(triple.object, Literal) else side.name(_iri(triple.object))
                predicate = triple.predicate.value.replace("#", "/").rsplit("/", 1)[-1]
                lines[subject.value].append(f"{predicate} {sign} {value}")
    if not lines:
        return []
    items = [f"- {new.name(iri)}: " + "; ".join(sorted(every)) for iri, every in lines.items()]
    return [f"## Changed ({len(items)})", "", *_cut(sorted(items)), ""]


def _iri(node: object) -> str:
    return str(getattr(node, "value", node))


def _cut(lines: list[str]) -> list[str]:
    if len(lines) <= _SHOWN:
        return lines
    return [*lines[:_SHOWN], f"- and {len(lines) - _SHOWN} more"]
