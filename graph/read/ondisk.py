"""A large release as an Oxigraph store on disk, made once, opened read-only, and shared by every process of a machine.

    build/indexes/{first 16 digits of the release's hash}/
      store/          the engine's files: the merged graph as default graph, sources as named graphs
      network/        nodes, statements, links and sources, their names and dates (:mod:`graph.read.packing`)
      made.json       :class:`Made`: what was loaded, counted

The place is a cache: whatever stands there can be made again from the release by `palermo release index`, or by the
first server that needs it. It is written beside and renamed, so that nobody opens half a store; of two processes that
make the same one, one waits for the other.

Memory or disk. In memory a statement takes some 950 bytes, workers included, and 5 microseconds at every start; on disk
it takes 200 bytes of disk and nothing at a start, and lookups take up to twice as long (docs/scale.md has the
measurements). :func:`wanted` decides.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from graph import manifest
from graph.manifest import Manifest, ManifestError
from graph.read import packing
from graph.read.embedded import STORE, EmbeddedStore, load_release
from graph.read.indexing import index
from graph.read.telling import read_facts

#: Raised when a reader must not open what an older version made.
FORMAT: Final = 1
MADE: Final = "made.json"

#: Bytes of memory of one statement in a server with its workers, at its peak, by measurement at 0.3 and at 2.9 million.
#: The store alone takes 380; workers copy as much again of it, the server keeps what pages and API read.
STATEMENT: Final = 950
#: What a release in memory may take of the memory that is free when a server starts.
_SHARE: Final = 0.5

_GRAPHS: Final = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


@dataclass(frozen=True)
class Made:
    """What stands in a store on disk: the hash of its release, triples of the default graph and of each named one."""

    hash: str
    triples: int
    graphs: dict[str, int]
    format: int = FORMAT


def statements(described: Manifest) -> int:
    """Statements of a release as a store holds them: merged, and once more in the graphs of their sources."""
    return described.counts.get("triples", 0) + described.counts.get("quads", 0)


def wanted(described: Manifest, most: int) -> bool:
    """Whether a release is answered from disk: it has more than `most` statements, or would take more than half of the
    memory that is free now."""
    size = statements(described)
    free = _free()
    return size > most or (free is not None and size * STATEMENT > _SHARE * free)


def _free() -> int | None:
    """Bytes of memory that can be had without swapping; None where it cannot be known."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def place(indexes: Path, described: Manifest) -> Path:
    """Where the store of a release is or will be."""
    return indexes / described.hash[:16]


def found(indexes: Path, described: Manifest) -> Path | None:
    """The directory of a release that is there and can be used, or None."""
    there = place(indexes, described)
    try:
        raw = json.loads((there / MADE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return there if raw.get("hash") == described.hash and raw.get("format") == FORMAT else None


def made(directory: Path) -> Made:
    """What stands in a directory that :func:`make` made."""
    return Made(**json.loads((directory / MADE).read_text("utf-8")))


def make(release: Path, indexes: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """The directory of a release, made if it is not there. Raises :class:`ManifestError` where the release cannot be
    read or the place cannot be written."""
    described = manifest.read(release)
    try:
        indexes.mkdir(parents=True, exist_ok=True)
        with _alone(indexes / f".{described.hash[:16]}.lock"):
            if there := found(indexes, described):
                return there
            say(f"putting {statements(described):,} statements of {release} on disk, once")
            target = place(indexes, described)
            with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=indexes) as beside:
                new = Path(beside) / "new"
                _fill(release, described, new)
                shutil.rmtree(target, ignore_errors=True)
                os.rename(new, target)
            return target
    except (OSError, SyntaxError) as error:
        raise ManifestError(f"{indexes}: the store of {release} could not be made: {error}") from None


def _fill(release: Path, described: Manifest, directory: Path) -> None:
    directory.mkdir()
    store = Store(str(directory / STORE))
    # lenient: a release's names were checked when it was built, and to check them again takes a quarter of the time
    store.bulk_load(path=str(release / manifest.DATASET), format=RdfFormat.N_QUADS, lenient=True)
    store.bulk_load(path=str(release / manifest.MERGED), format=RdfFormat.N_TRIPLES, lenient=True)
    store.flush()
    wrong = ""
    try:
        _describe(store, release, described, directory)
    except ManifestError as error:
        wrong = str(error)
    del store  # closes its files, before the directory is moved or removed
    if wrong:
        raise ManifestError(wrong)


def _describe(store: Store, release: Path, described: Manifest, directory: Path) -> None:
    """Write beside a store what is read of all of it: its counts, its network. Raises :class:`ManifestError`."""
    result = store.query(_GRAPHS)
    assert isinstance(result, QuerySolutions)
    graphs = {
        name.value: int(count.value)
        for name, count in result
        if isinstance(name, NamedNode) and isinstance(count, Literal)
    }
    triples = len(store) - sum(graphs.values())
    if described.counts.get("triples", triples) != triples:
        raise ManifestError(f"{release}: {triples} triples were read, the manifest says {described.counts['triples']}")
    with EmbeddedStore(store, described) as reading:
        network = index(reading)
        packing.pack(network, directory / packing.NETWORK)
        packing.pack_facts(read_facts(network, reading), directory / packing.NETWORK)
    text = json.dumps(asdict(Made(described.hash, triples, dict(sorted(graphs.items())))), indent=1)
    (directory / MADE).write_text(text + "\n", encoding="utf-8")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensured(release: Path, indexes: Path) -> Path:
    """The directory of a release, made if it is not there by a process of its own: whoever calls this may want to fork,
    which the engine's threads forbid, and gets back the gigabyte that loading takes. Raises :class:`ManifestError`."""
    if there := found(indexes, manifest.read(release)):
        return there
    command = [sys.executable, "-m", __name__, str(release), str(indexes)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    there = found(indexes, manifest.read(release))
    if done.returncode or there is None:
        raise ManifestError(f"{indexes}: the store of {release} could not be made; the reason stands above")
    return there


def served(release: Path, indexes: Path, most: int) -> tuple[Store | Path, Manifest]:
    """What a release is answered from: read into memory, or the place of its store on disk (:func:`wanted`).

    Raises :class:`ManifestError`.
    """
    described = manifest.read(release)
    return (ensured(release, indexes), described) if wanted(described, most) else load_release(release)


if __name__ == "__main__":
    try:
        make(Path(sys.argv[1]), Path(sys.argv[2]), lambda line: print(line, flush=True))
    except ManifestError as error:
        sys.exit(str(error))
