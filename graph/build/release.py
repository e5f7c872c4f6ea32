"""Writes a release directory: canonical files, flat tables, description, report; then puts it into place at once."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from graph import manifest
from graph.ids import PREFIXES, Ids

#: Generations kept beside the one in service, so that a server that still reads the last one loses no file.
KEPT: Final = 1


def lines(quads: Iterable[Quad | Triple]) -> bytes:
    """Canonical N-Quads or N-Triples: one statement a line, sorted, each once."""
    return "".join(f"{text} .\n" for text in sorted({str(quad) for quad in quads})).encode()


def merged(quads: Iterable[Quad]) -> set[Triple]:
    """The deduplicated union of all graphs: what the default graph holds."""
    return {quad.triple for quad in quads}


def turtle(triples: Iterable[Triple], prefixes: dict[str, str]) -> bytes:
    """Turtle with subjects and predicates in order, so that two builds give the same bytes."""
    ordered = sorted(triples, key=lambda one: (str(one.subject), str(one.predicate), str(one.object)))
    result = serialize(ordered, format=RdfFormat.TURTLE, prefixes=prefixes)
    if result is None:
        raise ValueError("the serializer returned nothing")
    return result


def write_json(path: Path, value: Any) -> None:
    """JSON with sorted keys and a line end."""
    path.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


#: Families that the release offers as flat tables: file name and the class of its rows.
TABLES: Final = {
    "actors": "Actor",
    "instruments": "Instrument",
    "projects": "Project",
    "judgments": "Judgment",
    "treaty-actions": "TreatyAction",
    "party-status": "PartyStatus",
    "relations": "Relation",
    "evaluations": "Evaluation",
    "statistics": "Observation",
    "claims": "Claim",
    "sources": "Source",
}


def tables(triples: set[Triple], sources: dict[str, set[str]], ids: Ids, directory: Path) -> None:
    """Write one CSV per family below `directory`: a row per node, preferred values, several values joined by `;`.

    `sources` names the sources of each node by IRI. Columns are the local names of properties; links are shortened
    to local ids, names stand in a column per language.
    """
    directory.mkdir()
    abstract = {_short(str(one.subject.value), ids) for one in triples if one.predicate.value == _ABSTRACT}  # type: ignore[union-attr]
    of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    kinds: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if not isinstance(triple.subject, NamedNode):
            continue
        subject, name, value = triple.subject.value, _short(triple.predicate.value, ids), triple.object
        if name == "type":
            kinds[subject].add(_short(str(getattr(value, "value", "")), ids))
        elif isinstance(value, Literal):
            of[subject][f"{name}_{value.language}" if value.language else name].add(value.value)
        elif isinstance(value, NamedNode):
            of[subject][name].add(_short(value.value, ids))
    # The plain edges of a node are rows of their own family's table.
    edges = {name for subject in kinds if "Statement" in kinds[subject] for name in of[subject].get("predicate", ())}
    for file, kind in TABLES.items():
        rows = sorted(subject for subject, types in kinds.items() if kind in types)
        columns = sorted({name for subject in rows for name in of[subject]} - edges)
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["iri", "types", *columns, "sources"])
        for subject in rows:
            cells = ["; ".join(sorted(of[subject].get(name, ()))) for name in columns]
            types = "; ".join(sorted(kinds[subject] - abstract))
            writer.writerow([subject, types, *cells, "; ".join(sorted(sources.get(subject, ())))])
        (directory / f"{file}.csv").write_text(out.getvalue(), encoding="utf-8")


def _short(iri: str, ids: Ids) -> str:
    local = ids.local(iri)
    if local is not None:
        return local
    for start in (ids.source(""), PREFIXES["con"], PREFIXES["pal"]):
        if iri.startswith(start):
            return iri.removeprefix(start)
    return iri.replace("#", "/").rsplit("/", 1)[-1] if iri.startswith(_VOCABULARIES) else iri


_ABSTRACT: Final = PREFIXES["pal"] + "isAbstract"
_VOCABULARIES: Final = tuple(
    iri for name, iri in PREFIXES.items() if name not in ("pal", "id", "src", "con", "graph", "schema")
)


def finish(directory: Path, description: manifest.Manifest) -> None:
    """Write the manifest last: a directory without one is no release."""
    path = directory / manifest.NAME
    path.write_text(description.dump(), encoding="utf-8")
    for file in sorted(directory.rglob("*")):
        if file.is_file():
            with file.open("rb") as handle:
                os.fsync(handle.fileno())


def place(directory: Path, out: Path) -> None:
    """Put a finished directory into service under the name `out`, in one step.

    `out` is a symbolic link into `out.d/`, so the change is one rename of that link: whoever reads sees the old
    release or the new one, never a mixture, and a process killed before it leaves the old one in service.
    Raises :class:`FileExistsError` where `out` is something that no build made.
    """
    if out.exists() and not out.is_symlink():
        raise FileExistsError(f"{out} exists and is no release made by a build; name another place or move it away")
    home = store_of(out)
    final = home / directory.name.removesuffix(".part")
    if final.exists():
        shutil.rmtree(final)
    directory.rename(final)
    link = home / "next"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(home.name) / final.name)
    old = (out.resolve(),) if out.is_symlink() else ()
    link.replace(out)
    keep = {final.resolve(), *old[:KEPT]}
    for other in home.iterdir():
        if other.is_dir() and not other.is_symlink() and other.resolve() not in keep:
            shutil.rmtree(other)


def store_of(out: Path) -> Path:
    """The directory beside `out` that holds its generations; made when missing."""
    home = out.with_name(out.name + ".d")
    home.mkdir(parents=True, exist_ok=True)
    return home


@contextmanager
def only_one(out: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the one lock of a release: a second build of the same release waits for the first, and says so before.

    The lock goes with the process that holds it, so a killed build leaves none behind.
    """
    with (store_of(out) / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def clean(out: Path) -> None:
    """Remove what a killed build left half written."""
    for part in store_of(out).glob("*.part"):
        shutil.rmtree(part)
