"""A release several times its size, in the real proportions: every copy has all states, treaties, actions, relations
and sources under identifiers of its own, with names of its own, and the words of the ontology in common.

    python -m bench.multiply RELEASE TIMES OUT

Copies are not linked to each other, so that a lookup has the same answer at every size and what grows is only what has
to be searched. Codes and Wikidata numbers, by which a thing is found, stay with the first copy.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

from graph import manifest

_CODES: Final = re.compile(rb"ontology#iso(?:Alpha2|Alpha3|Numeric)>|owl#sameAs>")
_TEXT: Final = re.compile(rb'"@(en|fr)\b')
#: Lines that are rewritten at once; a few megabytes.
_BLOCK: Final = 20_000


def multiply(release: Path, times: int, out: Path) -> None:
    """Write the release `times` over into a new directory. Raises :class:`FileExistsError`."""
    described = manifest.read(release)
    out.mkdir(parents=True)
    ours = re.compile(rb"(<" + re.escape(described.base.encode()) + rb"(?:id|source)/[^>]*)>")
    for name in (manifest.DATASET, manifest.MERGED):
        with (out / name).open("wb") as target:
            _write(release / name, times, ours, target)
    if (release / manifest.ONTOLOGY).is_file():
        (out / manifest.ONTOLOGY).write_bytes((release / manifest.ONTOLOGY).read_bytes())
    counts = {what: count * times for what, count in described.counts.items()}
    files = {path.name: _described(path) for path in sorted(out.iterdir())}
    larger = replace(described, counts=counts, hash=f"{described.hash[:48]}{times:016d}", files=files)
    (out / manifest.NAME).write_text(larger.dump(), encoding="utf-8")


def _described(path: Path) -> manifest.File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return manifest.File(path.stat().st_size, digest, manifest.MEDIA_TYPES[path.suffix])


def _write(source: Path, times: int, ours: re.Pattern[bytes], target: IO[bytes]) -> None:
    target.write(source.read_bytes())
    for copy in range(2, times + 1):
        with source.open("rb") as lines:
            for block in _blocks(line for line in lines if ours.search(line) and not _CODES.search(line)):
                named = ours.sub(rb"\1-x%d>" % copy, block)
                target.write(_TEXT.sub(rb' %d"@\1' % copy, named))


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    block = list[bytes]()
    for line in lines:
        block.append(line)
        if len(block) == _BLOCK:
            yield b"".join(block)
            block.clear()
    yield b"".join(block)


if __name__ == "__main__":
    multiply(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
