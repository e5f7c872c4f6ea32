"""How cost grows with the release: start, memory, disk, lookups and named queries at several sizes, and where the two
ways in which Palermo holds a release, in memory and on disk, cross.

At the largest sizes only what can be held is started: a server whose release would not fit into the memory that is
free is not, and one that has not answered within :data:`START` seconds is stopped; both stand in the table as such.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import peers, work
from bench.clients import Ask, Dead, mean, run
from bench.multiply import multiply
from bench.peers import Peer
from graph import manifest
from graph.manifest import ManifestError
from graph.read import ondisk
from graph.read.store import StoreError

#: Sizes at which every server is measured; at larger ones Palermo alone, on disk, by its lookups and named queries.
WITH_PEERS: Final = 10
#: The two ways of Palermo; up to :data:`WITH_PEERS` both are asked, whatever its own rule says of this machine.
IN_MEMORY: Final = "Palermo, in memory"
ON_DISK: Final = "Palermo, on disk"
#: Seconds that Palermo's lookups and named queries take at one size.
_ASKING: Final = 120.0
#: Seconds that a server may take to its first answer, and that one request may take.
START: Final = 150.0
PATIENCE: Final = 60.0
#: Bytes of memory for a quad, by measurement: Oxigraph's in memory, and with rdflib's store.
_QUAD: Final = {
    IN_MEMORY: ondisk.STATEMENT,
    "rdflib-endpoint, Oxigraph store": 380,
    "rdflib-endpoint, rdflib store": 2600,
}
#: What of the free memory a server may be expected to take.
_SHARE: Final = 0.6
#: Seconds for all named queries of one server at one size.
_QUERIES: Final = 90.0


@dataclass
class Grown:
    """One server at one size. Milliseconds are medians, `each` those of named queries; `loaded` are the seconds that
    putting the release on disk took, once; `note` says why something is missing."""

    name: str
    times: int
    loaded: float = math.nan
    started: float = math.nan
    memory: int = 0
    disk: int = 0
    each: dict[str, float] = field(default_factory=dict)
    lookups: dict[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def named(self) -> float:
        """Geometric mean of the named queries that were answered."""
        return mean(self.each.values())


def measure(
    release: Path, sizes: Sequence[int], peers_at_one: Sequence[Grown], *, quick: bool, budget: float
) -> Iterator[Grown]:
    """Palermo at every size, then the other servers at those that they may hold; at x1 they were measured already, and
    larger they are asked what they answered there. What would not be done within `budget` seconds is not begun; it
    stands in the table as such."""
    until, each = time.monotonic() + budget, 0.0
    for times in sizes:
        left = until - time.monotonic()
        # what is put on disk takes as long as there is of it: the size before says what this one will take
        expected = each * times + _ASKING
        note = _too_large(ON_DISK, release, times)
        if times > 1 and expected > left:
            note = f"not run: some {expected:.0f} s, most of them to put it on disk, and {max(0.0, left):.0f} are left"
        if note:
            yield Grown(ON_DISK, times, note=note)
            continue
        begun = time.monotonic()
        with _enlarged(release, times) as (larger, home):
            each = time.monotonic() - begun
            if times <= WITH_PEERS:
                yield _in_memory(larger, times, quick)
            grown = _on_disk(larger, home, times, quick)
            each = (each + grown.loaded) / times
            yield grown
    yield from peers_at_one
    known = {one.name: one for one in peers_at_one}
    for times in (one for one in sizes if 1 < one <= WITH_PEERS):
        with _enlarged(release, times) as (larger, home):
            for name, start in _peers(larger, home, quick):
                grown = Grown(name, times, disk=files(larger), note=_too_large(name, release, times))
                before = known.get(name)
                if not grown.note and before and before.started * times > START and name != "Virtuoso":
                    grown.note = f"not started: {before.started:.0f} s at x1, which would be over {START:.0f} here"
                expected = 2 * times * (before.started if before else 0) + _QUERIES
                if not grown.note and time.monotonic() + expected > until:
                    grown.note = "not run: no time was left"
                if not grown.note:
                    _one(grown, start, quick, before.each if before else {})
                if name == "Virtuoso":
                    grown.disk = database(home / "virtuoso")
                _say(grown)
                yield grown


def at_one(name: str, started: float, memory: int, disk: int, cold: Mapping[str, float], *, quick: bool) -> Grown:
    """A peer at x1, from what was measured of it before: of its named queries those that are asked at every size."""
    asked = _selected(quick)
    return Grown(name, 1, math.nan, started, memory, disk, {one: cold[one] for one in asked if one in cold})


def database(home: Path) -> int:
    """Bytes of a Virtuoso's database."""
    return sum(one.stat().st_size for one in home.rglob("*.db"))


def _selected(quick: bool) -> dict[str, str]:
    return dict(list(work.named().items())[:: 12 if quick else 2])


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


def _in_memory(release: Path, times: int, quick: bool) -> Grown:
    grown = Grown(IN_MEMORY, times, disk=files(release), note=_too_large(IN_MEMORY, release, 1))
    if not grown.note:
        _one(grown, lambda: peers.palermo(release, "--memory-statements", str(1 << 40), patience=START), quick)
    _say(grown)
    return grown


def _on_disk(release: Path, home: Path, times: int, quick: bool) -> Grown:
    """Palermo on disk at one size, where the release is put first."""
    indexes, begun = home / "indexes", time.monotonic()
    ondisk.ensured(release, indexes)
    grown = Grown(ON_DISK, times, loaded=time.monotonic() - begun)
    grown.disk = files(release) + sum(one.stat().st_size for one in indexes.rglob("*") if one.is_file())
    more = ("--indexes", str(indexes), "--memory-statements", "0")
    _one(grown, lambda: peers.palermo(release, *more, patience=START), quick)
    _say(grown)
    return grown


def _peers(release: Path, home: Path, quick: bool) -> Iterator[tuple[str, Callable[[], AbstractContextManager[Peer]]]]:
    yield "Virtuoso", lambda: peers.virtuoso_peer(release, home / "virtuoso")
    yield "rdflib-endpoint, Oxigraph store", lambda: peers.rdflib_endpoint("oxigraph", release, patience=START)
    if not quick:
        yield "rdflib-endpoint, rdflib store", lambda: peers.rdflib_endpoint("rdflib", release, patience=START)


def _one(
    grown: Grown,
    start: Callable[[], AbstractContextManager[Peer]],
    quick: bool,
    known: Mapping[str, float] | None = None,
) -> None:
    """Start a server and ask it; a peer is asked the queries of `known`, the quickest first."""
    texts = _selected(quick)
    try:
        with start() as peer:
            grown.started = peer.started
            try:
                if known is None:
                    _lookups(grown, peer, 2 if quick else 5)
                else:
                    texts = {one: texts[one] for one in sorted(known, key=lambda one: known[one]) if one in texts}
                _named(grown, peer, texts)
            finally:
                grown.memory = peer.peak
    except Dead as dead:
        grown.note = str(dead)
    except (OSError, RuntimeError, ManifestError, StoreError, subprocess.SubprocessError) as error:
        grown.note = f"{type(error).__name__}: {str(error)[:120]}"


def _named(grown: Grown, peer: Peer, texts: Mapping[str, str]) -> None:
    until = time.monotonic() + _QUERIES
    for number, (name, text) in enumerate(texts.items()):
        if time.monotonic() > until:
            grown.note = f"{number} of {len(texts)} named queries in {_QUERIES:.0f} s, then stopped"
            break
        times = run(peer.url, [peer.query(name, text)] * 2, patience=PATIENCE)
        if not times.failed:
            grown.each[name] = min(times.times)


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


def files(release: Path) -> int:
    """Bytes of what a server reads of a release."""
    return sum((release / name).stat().st_size for name in (manifest.DATASET, manifest.MERGED))


def _too_large(name: str, release: Path, times: int) -> str:
    """Why a server is not started on so large a release, or nothing."""
    counts = manifest.read(release).counts
    needed = _QUAD.get(name, 0) * (counts["quads"] + counts["triples"]) * times
    free = int(next(one for one in Path("/proc/meminfo").read_text().splitlines() if "MemAvailable" in one).split()[1])
    disk = shutil.disk_usage(tempfile.gettempdir()).free
    if needed > _SHARE * free * 1024:
        return f"not started: some {needed / 2**30:.0f} GiB of memory would be needed, {free / 2**20:.0f} are free"
    if 3 * times * files(release) > disk:
        return f"not started: {disk / 2**30:.0f} GiB of disk are free"
    return ""


def _say(one: Grown) -> None:
    lookups = ", ".join(f"{what} {value:.1f} ms" for what, value in one.lookups.items())
    print(
        f"  x{one.times} {one.name}: start {one.started:.1f} s, {one.memory / 2**20:.0f} MiB, named {one.named:.2f} ms "
        f"{lookups} {one.note}",
        flush=True,
    )
