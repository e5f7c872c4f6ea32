"""What a release directory holds: the contract between the build that writes it and the stores that read it.

release/
  manifest.json      this module's :class:`Manifest`
  dataset.nq         every statement in the graph of the source that makes it, and the graphs that are no source
  merged.nt          the deduplicated union of dataset.nq: the default graph
  ontology.ttl       the ontology, closed lists and alignments in one file
  void.ttl           VoID and DCAT description of this release
  tables/*.csv       one flat table per family, preferred values, for pandas, R and OpenRefine
  scene.json         nodes, edges and positions of the whole network
  schema.json        prefixes, classes, properties and ids with their names, for query editors
  report.json/.md    rows read, rows in the graph, rows set aside, warnings
  quality.md/.ttl    who bears facts out, contradictions, coverage, what is missing; the numbers as DQV
  CHANGES.md         the difference from the release that stood in its place before

A published release (`releases/{version}/`) has further files, which its manifest does not name: RELEASE.json, NOTES.md,
SHA256SUMS and SHA256SUMS.sig.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

NAME: Final = "manifest.json"
DATASET: Final = "dataset.nq"
MERGED: Final = "merged.nt"
ONTOLOGY: Final = "ontology.ttl"
VOID: Final = "void.ttl"
SCENE: Final = "scene.json"
SCHEMA: Final = "schema.json"
REPORT: Final = "report.json"
#: What only a published release has: when it was published, as which version, after which.
RECORD: Final = "RELEASE.json"

#: Raised when a reader must not read what an older build wrote.
FORMAT: Final = 1

MEDIA_TYPES: Final = {
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".ttl": "text/turtle",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".jsonld": "application/ld+json",
}


class ManifestError(Exception):
    """A release directory that cannot be read as one; the message says what is missing or different."""


@dataclass(frozen=True)
class File:
    """One file of a release: size in bytes, sha256 in hexadecimal, registered media type."""

    bytes: int
    sha256: str
    media_type: str


@dataclass(frozen=True)
class Manifest:
    """The description of a release.

    `release` is its semantic version, `input` the hash of everything it was built from, `hash` that of everything it
    holds. `counts` has triples, quads, graphs and rows per family. No time of day: same input, same bytes; `date` is
    the newest publication date among the sources' readings and stated by the facts, not by the clock.
    """

    release: str
    base: str
    input: str
    hash: str
    date: str
    counts: dict[str, int]
    files: dict[str, File]
    versions: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def dump(self) -> str:
        """The text of manifest.json."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def describe(directory: Path) -> dict[str, File]:
    """Size, hash and type of every file below a release directory, the manifest itself left out."""
    found: dict[str, File] = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and name != NAME:
            data = path.read_bytes()
            media = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
            found[name] = File(len(data), hashlib.sha256(data).hexdigest(), media)
    return found


def hash_of(files: dict[str, File]) -> str:
    """One hash for all files of a release, by name and content."""
    lines = "".join(f"{one.sha256}  {name}\n" for name, one in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def read(directory: Path) -> Manifest:
    """The manifest of a release directory. Raises :class:`ManifestError`."""
    path = directory / NAME
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ManifestError(f"{directory}: no {NAME}; is this a release directory? `palermo build` makes one") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path}: not JSON: {error}") from None
    if raw.get("format") != FORMAT:
        raise ManifestError(f"{path}: format {raw.get('format')!r}, this Palermo reads format {FORMAT}; build it anew")
    try:
        return Manifest(**{**raw, "files": {name: File(**one) for name, one in raw["files"].items()}})
    except (KeyError, TypeError) as error:
        raise ManifestError(f"{path}: {error}") from None


def digest(path: Path) -> str:
    """The sha256 of one file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(directory: Path) -> dict[str, str]:
    """When and as what a release was published. Raises :class:`ManifestError` where it was not."""
    path = directory / RECORD
    try:
        found: dict[str, str] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ManifestError(f"{path}: not published: {error}") from None
    return found


def published(releases: Path) -> list[Path]:
    """The published releases of a directory, lowest version first; empty where there is no such directory."""
    if not releases.is_dir():
        return []
    found = {
        tuple(map(int, one.name.split("."))): one
        for one in releases.iterdir()
        if re.fullmatch(r"\d+\.\d+\.\d+", one.name) and (one / RECORD).is_file()
    }
    return [found[version] for version in sorted(found)]


def verify(directory: Path) -> list[str]:
    """What differs between a release directory and its manifest, a line each; empty when it is whole."""
    manifest, actual = read(directory), describe(directory)
    wrong = [f"{name}: missing" for name in manifest.files if name not in actual]
    wrong += [f"{name}: not in the manifest" for name in actual if name not in manifest.files]
    wrong += [
        f"{name}: sha256 is {actual[name].sha256}, the manifest says {one.sha256}"
        for name, one in manifest.files.items()
        if name in actual and actual[name].sha256 != one.sha256
    ]
    return sorted(wrong)
