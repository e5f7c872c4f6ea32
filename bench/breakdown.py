"""Where a start, a server's memory and a cold query go: what of them the engine takes, which is the peers' too, and
what Palermo does around it. The profile behind the targets that are missed.
"""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import QueryBoolean, QueryResultsFormat

from bench import peers, work
from bench.clients import Ask, mean, run
from bench.hostile import tree
from bench.peers import Peer
from graph.ids import PREFIXES
from graph.read.embedded import load_release

#: What is timed in a process of its own, which says seconds by the clock and of processor time.
_TIMED: Final = """\
import sys, time
begun, spent = time.perf_counter(), time.process_time()
{}
print(time.perf_counter() - begun, time.process_time() - spent)
"""
#: What loading a program is, what reading a release needs to be imported first, and reading it.
_OURS: Final = (
    "import api.app",
    "from pathlib import Path\nfrom graph.read.embedded import load_release",
    "load_release(Path(sys.argv[1]))",
)
_PEERS: Final = (
    "import uvicorn\nfrom rdflib_endpoint import SparqlEndpoint",
    "from rdflib import Dataset",
    'data = Dataset(store="Oxigraph")\n'
    'for name in ("dataset.nq", "merged.nt"):\n    data.store._inner.bulk_load(path=f"{sys.argv[1]}/{name}")',
)


@dataclass
class Part:
    """One line: of what it is a part, whose, seconds by the clock and of processor time, or MiB of its own and shared,
    or milliseconds."""

    of: str
    name: str
    first: float
    second: float = math.nan


def measure(release: Path) -> list[Part]:
    """Start, memory and cold queries taken apart. Raises :class:`bench.clients.Dead`."""
    return [*_starts(release), *_served(release)]


def _starts(release: Path) -> Iterator[Part]:
    ours = ("Palermo", Path(sys.executable), _OURS)
    theirs = ("rdflib-endpoint, Oxigraph store", peers.environment(), _PEERS)
    for who, python, (program, needed, reading) in (ours, theirs):
        yield Part("start", f"{who}: the program is loaded", *_seconds(python, "", program, release))
        yield Part("start", f"{who}: the release is read into the engine", *_seconds(python, needed, reading, release))


def _seconds(python: Path, before: str, what: str, release: Path) -> tuple[float, float]:
    """The least of three, by the clock, and its processor time."""
    text = f"{before}\n{_TIMED.format(what)}"
    found = []
    for _ in range(3):
        said = subprocess.run(
            [python, "-c", text, release], check=True, capture_output=True, text=True, cwd=peers.ROOT
        ).stdout
        wall, cpu = map(float, said.split())
        found.append((wall, cpu))
    return min(found)


def _served(release: Path) -> Iterator[Part]:
    texts = work.named()
    with peers.palermo(release) as peer:
        yield Part("memory", "as it starts: all processes", *_all(peer))
        # waits for what is read in the background after the start, which would take from what is measured
        run(peer.url, [Ask("index", "/api/v1/complete?q=index")], patience=600)
        over = {name: run(peer.url, [peer.query(name, text)] * 5).median for name, text in texts.items()}
        for pid in tree(peer.pid):
            if values := _memory(pid):
                yield Part("memory", f"after all named queries: {_name(pid)}", *values)
        yield Part("memory", "after all named queries: all processes", *_all(peer))
    alone = _alone(release)
    light, heavy = _thirds(over)
    for which, names in (("all", list(over)), ("the third that takes longest", heavy), ("the lightest third", light)):
        yield Part(
            "queries",
            which,
            mean([over[name] for name in names]),
            mean([alone[name] for name in names]),
        )


def _thirds(times: dict[str, float]) -> tuple[list[str], list[str]]:
    order = sorted(times, key=lambda name: times[name])
    third = len(order) // 3
    return order[:third], order[-third:]


def _alone(release: Path) -> dict[str, float]:
    """Milliseconds of each named query in this process, from its text to its answer as SPARQL JSON: medians of five."""
    store, _ = load_release(release)
    found = {}
    for name, text in work.named().items():
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            result = store.query(text, prefixes=PREFIXES)
            assert not isinstance(result, QueryBoolean)
            result.serialize(format=QueryResultsFormat.JSON)
            times.append(1000 * (time.perf_counter() - begun))
        found[name] = sorted(times)[2]
    return found


def _memory(pid: int) -> tuple[float, float] | None:
    """MiB of a process that are its own, and its part of those that it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return None
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    own = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return own, sizes["Pss"] - own


def _all(peer: Peer) -> tuple[float, float]:
    found = [values for pid in tree(peer.pid) if (values := _memory(pid))]
    return sum(own for own, _ in found), sum(shared for _, shared in found)


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()
