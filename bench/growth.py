"""How cost grows with the release: start, memory, disk, lookups and named queries at several sizes.

At the largest sizes only what can be held is started: a server whose release would not fit into the memory that is
free is not, and one that has not answered within :data:`START` seconds is stopped; both stand in the table as such.
"""

from __future__ import annotations

import math
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import peers, work
from bench.clients import Ask, Dead, run
from bench.multiply import multiply
from bench.peers import Peer
from graph import manifest
from graph.manifest import ManifestError
from graph.read import ondisk
from graph.read.store import StoreError

#: Sizes at which every server is measured; at larger ones Palermo alone, by its lookups and named queries.
WITH_PEERS: Final = 10
#: Seconds that Palermo's lookups and named queries take at one size.
_ASKING: Final = 120.0
#: From here on Palermo is asked on disk, whatever its own rule says of this machine's memory; below, in memory.
_ON_DISK: Final = 10
#: Seconds that a server may take to its first answer, and that one request may take.
START: Final = 150.0
PATIENCE: Final = 60.0
#: Bytes of memory for a quad, by measurement: Oxigraph's in memory, and with rdflib's store.
_QUAD: Final = {"rdflib-endpoint, Oxigraph store": 380, "rdflib-endpoint, rdflib store": 2600}
#: What of the free memory a server may be expected to take.
_SHARE: Final = 0.6
#: Seconds for all named queries of one server at one size.
_QUERIES: Final = 90.0


@dataclass
class Grown:
    """One server at one size. Milliseconds are medians; `loaded` are the seconds that putting the release on disk took,
    once; `note` says why something is missing."""

    name: str
    times: int
    loaded: float = math.nan
    started: float = math.nan
    memory: int = 0
    disk: int = 0
    named: float = math.nan
    answered: int = 0
    lookups: dict[str, float] = field(default_factory=dict)
    note: str = ""


def measure(release: Path, sizes: Sequence[int], *, quick: bool, budget: float) -> Iterator[Grown]:
    """Palermo at every size, then the other servers at those that they may hold. What would not be done within `budget`
    seconds is not begun; it stands in the table as such."""
    until, each = time.monotonic() + budget, 0.0
    for times in sizes:
        begun, left = time.monotonic(), until - time.monotonic()
        # what is put on disk takes as long as there is of it: the size before says what this one will take
        expected = each * times + _ASKING
        note = _too_large("Palermo", release, times)
        if times > 1 and expected > left:
            note = f"not run: some {expected:.0f} s, most of them to put it on disk, and {max(0.0, left):.0f} are left"
        if note:
            yield Grown("Palermo", times, note=note)
            continue
        with _enlarged(release, times) as (larger, home):
            yield _palermo(larger, home, times, quick)
        if times >= _ON_DISK:
            each = max(0.0, time.monotonic() - begun - _ASKING) / times
    for times in (one for one in sizes if one <= WITH_PEERS):
        with _enlarged(release, times) as (larger, home):
            for name, start in _peers(larger, home, quick):
                grown = Grown(name, times, disk=_disk(larger), note=_too_large(name, release, times))
                if not grown.note and time.monotonic() > until:
                    grown.note = "not run: no time was left"
                if not grown.note:
                    _one(grown, start, quick)
                if name == "Virtuoso":
                    grown.disk = sum(one.stat().st_size for one in (home / "virtuoso").rglob("*.db"))
                _say(grown)
                yield grown


@contextmanager
def _enlarged(release: Path, times: int) -> Iterator[tuple[Path, Path]]:
    """The release that many times over, and a directory for what servers make of it."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        larger = release if times == 1 else home / "release"
        if times > 1:
            begun = time.monotonic()
            multiply(release, times, larger)
            print(f"  {times} times the release written in {time.monotonic() - begun:.0f} s", flush=True)
        yield larger, home


def _palermo(release: Path, home: Path, times: int, quick: bool) -> Grown:
    """Palermo at one size, put on disk first where it is asked there."""
    grown, indexes = Grown("Palermo", times, disk=_disk(release)), home / "indexes"
    most = "0" if times >= _ON_DISK else str(1 << 40)
    if times >= _ON_DISK:
        begun = time.monotonic()
        ondisk.ensured(release, indexes)
        grown.loaded = time.monotonic() - begun
        grown.disk += sum(one.stat().st_size for one in indexes.rglob("*") if one.is_file())
    more = ("--indexes", str(indexes), "--memory-statements", most)
    _one(grown, lambda: peers.palermo(release, *more, patience=START), quick)
    _say(grown)
    return grown


def _peers(release: Path, home: Path, quick: bool) -> Iterator[tuple[str, Callable[[], AbstractContextManager[Peer]]]]:
    yield "Virtuoso", lambda: peers.virtuoso_peer(release, home / "virtuoso")
    yield "rdflib-endpoint, Oxigraph store", lambda: peers.rdflib_endpoint("oxigraph", release, patience=START)
    if not quick:
        yield "rdflib-endpoint, rdflib store", lambda: peers.rdflib_endpoint("rdflib", release, patience=START)


def _one(grown: Grown, start: Callable[[], AbstractContextManager[Peer]], quick: bool) -> None:
    try:
        with start() as peer:
            grown.started = peer.started
            if grown.name == "Palermo":
                _lookups(grown, peer, 2 if quick else 5)
            if grown.times <= WITH_PEERS or grown.name == "Palermo":
                _named(grown, peer, dict(list(work.named().items())[:: 12 if quick else 2]))
            grown.memory = peer.peak
    except Dead as dead:
        grown.note = str(dead)
    except (OSError, RuntimeError, ManifestError, StoreError, subprocess.SubprocessError) as error:
        grown.note = f"{type(error).__name__}: {str(error)[:120]}"


def _named(grown: Grown, peer: Peer, texts: Mapping[str, str]) -> None:
    found = list[float]()
    until = time.monotonic() + _QUERIES
    for number, (name, text) in enumerate(texts.items()):
        if time.monotonic() > until:
            grown.note = f"{number} of {len(texts)} named queries in {_QUERIES:.0f} s, then stopped"
            break
        times = run(peer.url, [peer.query(name, text)] * 2, patience=PATIENCE)
        if not times.failed:
            found.append(min(times.times))
    grown.answered = len(found)
    if found:
        grown.named = math.exp(statistics.fmean(math.log(max(one, 1e-3)) for one in found))


def _lookups(grown: Grown, peer: Peer, rounds: int) -> None:
    """Medians of the first answers, which nothing has kept: each request differs from all before it."""
    run(peer.url, [Ask("index", "/api/v1/complete?q=index")], patience=600)  # waits for what is read after the start
    for what, asks in lookups().items():
        times = run(peer.url, asks[: 3 * rounds], patience=PATIENCE)
        if times.failed:
            raise Dead(f"{what}: {times.failed[0]}")
        grown.lookups[what] = times.median


def lookups() -> dict[str, list[Ask]]:
    """What must not depend on the size: descriptions, search, neighbours, paths between two named actors."""
    states = ("fra", "swe", "deu", "ita", "esp", "nga", "alb", "usa", "jpn", "bra", "che", "nor", "pol", "gbr", "irl")
    words = ("france", "conseil", "greta", "sweden", "unodc", "europol", "miprof", "interpol", "iom", "osce", "ilo")
    return {
        "describe": [Ask(one, f"/doc/{one}", "text/turtle") for one in states],
        "search": [Ask(one, f"/api/v1/search?q={one}") for one in words],
        "complete": [Ask(one, f"/api/v1/complete?q={one[:3]}") for one in words],
        "neighbours": [Ask(one, f"/api/v1/entities/{one}/neighbours") for one in states],
        "paths": [
            Ask(f"{one}-{other}", f"/api/v1/paths?from={one}&to={other}")
            for one, other in zip(states, ("greta", "eu", "untoc", "coe", "miprof", "unodc", "osce") * 3, strict=False)
        ],
    }


def _disk(release: Path) -> int:
    return sum((release / name).stat().st_size for name in (manifest.DATASET, manifest.MERGED))


def _too_large(name: str, release: Path, times: int) -> str:
    """Why a server is not started on so large a release, or nothing."""
    counts = manifest.read(release).counts
    needed = _QUAD.get(name, 0) * (counts["quads"] + counts["triples"]) * times
    free = int(next(one for one in Path("/proc/meminfo").read_text().splitlines() if "MemAvailable" in one).split()[1])
    disk = shutil.disk_usage(tempfile.gettempdir()).free
    if needed > _SHARE * free * 1024:
        return f"not started: some {needed / 2**30:.0f} GiB of memory would be needed, {free / 2**20:.0f} are free"
    if 3 * times * _disk(release) > disk:
        return f"not started: {disk / 2**30:.0f} GiB of disk are free"
    return ""


def _say(one: Grown) -> None:
    lookups = ", ".join(f"{what} {value:.1f} ms" for what, value in one.lookups.items())
    print(
        f"  x{one.times} {one.name}: start {one.started:.1f} s, {one.memory / 2**20:.0f} MiB, named {one.named:.2f} ms "
        f"{lookups} {one.note}",
        flush=True,
    )
