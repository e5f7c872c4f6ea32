"""What was said of one thing in each published release, and what changed from one to the next.

Reads the canonical N-Triples of the releases line by line: no store is needed for the few lines about one thing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph import manifest
from graph.ids import PAL, PREFIXES

#: Properties by which a statement names what it is about.
_ENDS: Final = (f"<{PAL}subject> ", f"<{PAL}object> ")
#: What only repeats a statement in another form.
_SKIPPED: Final = frozenset({PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"})


@dataclass(frozen=True, slots=True)
class Said:
    """One value: of which node (an IRI), which property (an IRI), and the value as text."""

    node: str
    property: str
    value: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a release changed about a thing: `event` is appeared, changed or vanished."""

    version: str
    published: str
    event: str
    added: tuple[Said, ...]
    removed: tuple[Said, ...]


def holds(release: Path, iri: str) -> bool:
    """Whether a release says anything of an IRI."""
    with (release / manifest.MERGED).open(encoding="utf-8") as file:
        return any(line.startswith(f"<{iri}> ") for line in file)


def changes(releases: Sequence[Path], iri: str, withheld: Collection[str] = ()) -> list[Change]:
    """Every change of a thing over releases, lowest version first. Values that name a withheld local id are left out.

    Raises :class:`graph.manifest.ManifestError` for a release that was not published.
    """
    found = []
    before: frozenset[Said] = frozenset()
    for release in releases:
        now = said(release, iri, withheld)
        if now != before:
            record = manifest.record(release)
            event = "appeared" if not before else "vanished" if not now else "changed"
            found.append(
                Change(record["version"], record["published"], event, _sorted(now - before), _sorted(before - now))
            )
        before = now
    return found


def said(release: Path, iri: str, withheld: Collection[str] = ()) -> frozenset[Said]:
    """Everything that a release says of a thing: its own values and those of the statements about it."""
    lines = (release / manifest.MERGED).read_text("utf-8").splitlines()
    hidden = tuple(f"/{one}{end}" for one in withheld for end in (">", "/"))
    own = f"<{iri}>"
    nodes = {own} | {
        line.split(" ", 1)[0] for line in lines if own in line and any(f"{end}{own} " in line for end in _ENDS)
    }
    wanted = [line for line in lines if line.split(" ", 1)[0] in nodes and not any(one in line for one in hidden)]
    found = set()
    for quad in parse("\n".join(wanted), format=RdfFormat.N_TRIPLES):
        if isinstance(quad.subject, NamedNode) and quad.predicate.value not in _SKIPPED:
            value = quad.object
            text = value.value if isinstance(value, Literal | NamedNode) else str(value)
            language = f" ({value.language})" if isinstance(value, Literal) and value.language else ""
            found.add(Said(quad.subject.value, quad.predicate.value, text + language))
    return frozenset(found)


def _sorted(values: frozenset[Said]) -> tuple[Said, ...]:
    return tuple(sorted(values, key=lambda one: (one.node, one.property, one.value)))
