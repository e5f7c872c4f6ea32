"""Palermo beside what a user would pick instead, on one machine, in one run.

    python -m bench.run               everything (`make bench`), written to docs/performance.md
    python -m bench.run --quick       a tenth of it, printed and not written, to see that it runs

Times are what a client sees over HTTP. A server that takes more than 60 s for one request, or dies, is stopped there,
and the table says so.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench import peers, report, work
from bench.clients import Ask, Dead, Times, bodies, run
from bench.hostile import measure
from bench.peers import Peer
from graph import manifest

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 60.0
CLIENTS: Final = 16


@dataclass
class Result:
    """What was measured of one server: milliseconds of each query, and rows of figures by what was asked."""

    name: str
    started: float = 0.0
    memory: int = 0
    cold: dict[str, float] = field(default_factory=dict)
    hot: dict[str, float] = field(default_factory=dict)
    rates: dict[str, dict[str, float]] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    def add(self, what: str, times: Times, cpu: float) -> None:
        """Keep the figures of one batch of requests. Raises :class:`Dead` where answers were none."""
        if times.failed:
            raise Dead(f"{what}: {len(times.failed)} failed, the first {times.failed[0]}")
        self.rates[what] = {
            "clients": times.clients,
            "median": times.median,
            "p95": times.p95,
            "rate": times.rate,
            "cpu": 1000 * cpu / len(times.times),
        }


def timed(peer: Peer, result: Result, what: str, asks: list[Ask], **how: Any) -> None:
    """One batch: warm up, then measure."""
    try:
        run(peer.url, asks[:1], patience=PATIENCE)
        before = peer.cpu()
        times = run(peer.url, asks, patience=PATIENCE, **how)
        result.add(what, times, peer.cpu() - before)
        one = result.rates[what]
        print(f"  {what}: median {one['median']:.2f} ms, {one['rate']:.0f}/s", flush=True)
    except Dead as dead:
        result.stopped.append(f"{what}: {dead}")


def queries(
    start: Callable[[], AbstractContextManager[Peer]], result: Result, texts: Mapping[str, str], rounds: int
) -> None:
    """Every named query cold, one after the other; a server that dies or hangs is started again for the next one."""
    left = dict(texts)
    for _ in range(6):
        if not left:
            break
        with start() as peer:
            result.started = result.started or peer.started
            for name in list(left):
                text = left.pop(name)
                try:
                    first = run(peer.url, [peer.query(name, text)], patience=PATIENCE)
                    times = first
                    if first.median < 2000:  # once is enough for what takes seconds
                        times = run(peer.url, [peer.query(name, text)] * rounds, patience=PATIENCE)
                    if times.failed:
                        result.stopped.append(times.failed[0])
                    else:
                        result.cold[name] = times.median
                except Dead as dead:
                    result.stopped.append(str(dead))
                    break
            result.memory = max(result.memory, peer.peak)
    result.stopped += [f"{name}: not asked, the server had been stopped six times" for name in left]
    print(f"  {len(result.cold)} named queries, geometric mean {mean(result.cold.values()):.2f} ms", flush=True)


def mean(values: Any) -> float:
    """The geometric mean."""
    found = [max(one, 1e-3) for one in values]
    return math.exp(statistics.fmean(map(math.log, found))) if found else float("nan")


def ours(release: Path, result: Result, quick: bool) -> list[bytes]:
    """Everything that Palermo is asked beyond cold queries; the documents themselves, for the bare handler."""
    names = work.entities(release)[: 20 if quick else None]
    documents = work.documents(names)
    rounds = 1 if quick else 5
    with peers.palermo(release) as peer:
        for name in work.named():
            asks = [Ask(name, f"/queries/{name}", "application/sparql-results+json")]
            run(peer.url, asks, patience=PATIENCE)
            result.hot[name] = run(peer.url, asks, rounds=10 * rounds).median
        print(f"  hot: geometric mean {mean(result.hot.values()):.2f} ms", flush=True)
        found = bodies(peer.url, documents)  # which also makes them, once
        timed(peer, result, "entities, 1 client", documents, rounds=rounds)
        timed(peer, result, "entities, 16 clients", documents, rounds=rounds, clients=CLIENTS)
        for what, asks in work.lookups(names).items():
            timed(peer, result, f"{what}, 1 client", asks, rounds=rounds)
            timed(peer, result, f"{what}, 16 clients", asks, rounds=4 * rounds, clients=CLIENTS)
        graphs(peer, result, rounds)
        result.memory = max(result.memory, peer.peak)
    return found


def graphs(peer: Peer, result: Result, rounds: int) -> None:
    """Constructs and descriptions by SPARQL."""
    asks = []
    for name, text in work.constructs().items():
        asked = peer.query(name, text)
        asks.append(Ask(name, asked.path, "text/turtle", asked.form))
    timed(peer, result, "constructs, 1 client", asks, rounds=rounds)
    timed(peer, result, "constructs, 16 clients", asks, rounds=4 * rounds, clients=CLIENTS)


def hostile(release: Path, seconds: float) -> dict[str, float]:
    """A light user beside twenty kinds of attack."""
    with peers.palermo(release) as peer:
        seen = measure(peer.url, peer.pid, seconds)
    return {"median": seen.p50, "p95": seen.p95, "p99": seen.p99, "asked": seen.asked, "failed": len(seen.failures)}


def building(release: Path) -> dict[str, float]:
    """Seconds of a build from the tables, and of rdflib's plain parse of what it makes."""
    with tempfile.TemporaryDirectory() as directory:
        begun = time.monotonic()
        program = Path(sys.executable).with_name("palermo")
        subprocess.run([program, "build", "--out", Path(directory) / "release"], check=True, capture_output=True)
        built = time.monotonic() - begun
    text = "import sys, rdflib; rdflib.Dataset().parse(sys.argv[1], format='nquads')"
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", text, release / manifest.DATASET], check=True)
    return {"build": built, "parse": time.monotonic() - begun}


def starts(release: Path, home: Path, quick: bool) -> Iterator[tuple[str, Callable[[], AbstractContextManager[Peer]]]]:
    """The servers that are asked SPARQL, by name."""
    yield "Palermo", lambda: peers.palermo(release)
    yield "Virtuoso", lambda: peers.virtuoso_peer(release, home)
    yield "rdflib-endpoint, Oxigraph store", lambda: peers.rdflib_endpoint("oxigraph", release)
    if not quick:
        yield "rdflib-endpoint, rdflib store", lambda: peers.rdflib_endpoint("rdflib", release)


def machine() -> dict[str, str]:
    """What it all ran on."""
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    total = Path("/proc/meminfo").read_text().split()[1]
    return {
        "processor": model[0].partition(":")[2].strip() if model else platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{int(total) / 2**20:.0f} GiB",
        "system": platform.release(),
        "Python": platform.python_version(),
        "load before": f"{os.getloadavg()[0]:.2f}",
    }


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    release, quick = given.release.resolve(), given.quick
    on = machine()
    texts = dict(list(work.named().items())[:: 6 if quick else 1])
    results: list[Result] = []
    documents: list[bytes] = []
    with tempfile.TemporaryDirectory() as home:
        for name, start in starts(release, Path(home) / "virtuoso", quick):
            print(name, flush=True)
            result = Result(name)
            results.append(result)
            try:
                queries(start, result, texts, 2 if quick else 9)
                if name == "Palermo":
                    documents = ours(release, result, quick)
                elif not name.endswith("rdflib store"):
                    with start() as peer:
                        graphs(peer, result, 1 if quick else 5)
            except Dead as dead:
                if name == "Palermo":
                    raise
                result.stopped.append(str(dead))
        print("bare handler", flush=True)
        files = Path(home) / "files"
        files.mkdir()
        for number, body in enumerate(documents):
            (files / str(number)).write_bytes(body)
        bare = Result("bare handler")
        results.append(bare)
        with peers.bare(files) as peer:
            bare.started = peer.started
            asks = [Ask(str(number), f"/{number}") for number in range(len(documents))]
            timed(peer, bare, "entities, 1 client", asks, rounds=1 if quick else 5)
            timed(peer, bare, "entities, 16 clients", asks, rounds=1 if quick else 5, clients=CLIENTS)
            bare.memory = peer.peak
    print("hostile queries", flush=True)
    attacked = hostile(release, 5 if quick else 60)
    built = {} if quick else building(release)
    page = report.page(on, manifest.read(release), results, attacked, built)
    if quick:
        print(page)
        return
    raw = {"machine": on, "results": [vars(one) for one in results], "hostile": attacked, "building": built}
    (ROOT / "build" / "bench.json").write_text(json.dumps(raw, indent=1))
    for name, text in report.charts(results).items():
        path = ROOT / "docs" / "performance" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (ROOT / "docs" / "performance.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
