"""Palermo beside what a user would pick instead, on one machine, in one run.

    python -m bench.run               everything (`make bench`), written to docs/performance.md
    python -m bench.run --quick       a tenth of it, printed and written to build/bench-quick/, to see that it runs
    python -m bench.run --growth 1,10 --skip explorer,hostile
    python -m bench.run --again growth            one part once more; the rest is kept from the run before

Times are what a client sees over HTTP. A server that takes more than 60 s for one request, or dies, is stopped there,
and the table says so. Before a named query is timed its answer is compared with ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from bench import breakdown, explorer, growth, peers, report, respawn, work
from bench.answers import asked
from bench.clients import Ask, Dead, Times, bodies, mean, run
from bench.endpoints import Endpoint
from bench.endpoints import measure as by_endpoint
from bench.hostile import measure
from bench.peers import Peer
from graph import manifest

ROOT: Final = Path(__file__).resolve().parent.parent
#: What the last whole run measured.
KEPT: Final = ROOT / "build" / "bench.json"
PATIENCE: Final = 60.0
CLIENTS: Final = 16
#: Seconds for all named queries of one server, its restarts included.
_LONGEST: Final = 150.0
#: Seconds that a whole run may take; growth, which comes last, takes what is left of them.
_WHOLE: Final = 2300.0
#: What is measured beside the servers themselves, in this order.
PARTS: Final = ("endpoints", "hello", "breakdown", "hostile", "respawn", "explorer", "building", "growth")


@dataclass
class Result:
    """What was measured of one server: milliseconds of each query, and rows of figures by what was asked. `memory` is
    the peak while named queries were asked, the same of every server; `peak` that of everything; `disk` the bytes that
    it has of the release there."""

    name: str
    started: float = 0.0
    memory: int = 0
    peak: int = 0
    disk: int = 0
    differs: list[str] = field(default_factory=list)
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


@dataclass
class Findings:
    """Everything of one run."""

    machine: dict[str, str]
    release: manifest.Manifest
    results: list[Result] = field(default_factory=list)
    endpoints: list[Endpoint] = field(default_factory=list)
    hello: tuple[float, float] | None = None
    breakdown: list[breakdown.Part] = field(default_factory=list)
    hostile: dict[str, float] = field(default_factory=dict)
    respawn: dict[str, float] = field(default_factory=dict)
    explorer: list[str] = field(default_factory=list)
    building: dict[str, float] = field(default_factory=dict)
    growth: list[growth.Grown] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    #: Parts that were measured after the others.
    again: list[str] = field(default_factory=list)
    seconds: float = 0.0


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
    start: Callable[[], AbstractContextManager[Peer]],
    result: Result,
    texts: Mapping[str, str],
    rounds: int,
    answers: dict[str, str],
) -> None:
    """Every named query cold, in the order given; a server that dies or hangs is started again for the next one.

    `answers` are the digests of our own answers, which are noted when we are asked.
    """
    left = dict(texts)
    until = time.monotonic() + _LONGEST
    for _ in range(6):
        if not left or time.monotonic() > until:
            break
        with start() as peer:
            result.started = result.started or peer.started
            for name in list(left):
                if time.monotonic() > until:
                    break
                try:
                    _query(peer, result, name, left.pop(name), rounds, answers)
                except Dead as dead:
                    result.stopped.append(str(dead))
                    break
            result.memory = max(result.memory, peer.peak)
    result.peak = max(result.peak, result.memory)
    if left:
        why = f"the server had been stopped six times, or had taken {_LONGEST:.0f} s"
        result.stopped.append(f"{len(left)} named queries not asked: {why} ({', '.join(left)})")
    print(f"  {len(result.cold)} named queries, geometric mean {mean(result.cold.values()):.2f} ms", flush=True)


def _query(peer: Peer, result: Result, name: str, text: str, rounds: int, answers: dict[str, str]) -> None:
    """One named query; an answer that is not ours is timed and marked."""
    ask = peer.query(name, text)
    times = run(peer.url, [ask], patience=PATIENCE)
    if times.failed:
        result.stopped.append(times.failed[0])
        return
    if times.median < 2000:  # once is enough for what takes seconds
        digest = asked(peer.url, ask)
        if digest != answers.setdefault(name, digest):
            result.differs.append(name)
        times = run(peer.url, [ask] * rounds, patience=PATIENCE)
    result.cold[name] = times.median


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
        graphs(peer, result, names, rounds)
        result.peak = max(result.peak, peer.peak)
    return found


def graphs(peer: Peer, result: Result, names: list[str], rounds: int) -> None:
    """Constructs, and a description of each entity in four formats, by SPARQL."""
    described = [
        Ask(f"{name} {form}", peer.query(name, text).path, form, peer.query(name, text).form)
        for form in work.GRAPHS
        for name, text in work.describes(names).items()
    ]
    timed(peer, result, "describe, 1 client", described)
    timed(peer, result, "describe, 16 clients", described, clients=CLIENTS)
    asks = []
    for name, text in work.constructs().items():
        asked = peer.query(name, text)
        asks.append(Ask(name, asked.path, "text/turtle", asked.form))
    timed(peer, result, "constructs, 1 client", asks, rounds=rounds)
    if "constructs, 1 client" in result.rates:  # what one alone cannot have, sixteen cannot
        timed(peer, result, "constructs, 16 clients", asks, rounds=4 * rounds, clients=CLIENTS)


def hostile(release: Path, seconds: float) -> dict[str, float]:
    """A light user beside twenty kinds of attack."""
    with peers.palermo(release) as peer:
        seen = measure(peer.url, peer.pid, seconds)
    return {"median": seen.p50, "p95": seen.p95, "p99": seen.p99, "asked": seen.asked, "failed": len(seen.failures)}


def endpoints(release: Path, quick: bool) -> list[Endpoint]:
    """Every endpoint for programs, first answers and kept ones."""
    with peers.palermo(release) as peer:
        run(peer.url, [Ask("index", "/api/v1/actors?limit=1")], patience=PATIENCE)
        return by_endpoint(peer, 2 if quick else 20)


def hello() -> tuple[float, float]:
    """Median and p95 of the smallest handler that FastAPI allows, in milliseconds."""
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "0").write_bytes(b"ready")
        with peers.bare(Path(directory)) as peer:
            run(peer.url, [Ask("hello", "/hello")] * 200)
            times = run(peer.url, [Ask("hello", "/hello")] * 2000)
    return times.median, times.p95


def drawing(release: Path, quick: bool) -> list[str]:
    """First render and heap of the explorer beside pyvis pages, as lines of the page."""
    return explorer.section(explorer.measure(release, quick)).splitlines()


def respawning(release: Path) -> dict[str, float]:
    """Milliseconds until a killed worker is replaced, forked and by a pool of processes."""
    forked, _ = asyncio.run(respawn.forked(str(release), 20))
    pebble, _ = respawn.pebble(str(release), 3)
    return {"forked": forked, "pool": pebble}


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


def growing(release: Path, sizes: list[int], quick: bool, budget: float, results: list[Result]) -> list[growth.Grown]:
    """Every size, beside the peers as they were measured before."""
    before = [
        growth.at_one(one.name, one.started, one.memory, one.disk, one.cold, quick=quick)
        for one in results
        if one.cold and one.name != "Palermo"
    ]
    return list(growth.measure(release, sizes, before, quick=quick, budget=budget))


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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--growth", help="sizes, such as 1,10,100,300", default="")
    parser.add_argument("--skip", help="parts not to measure: " + ", ".join(PARTS), default="")
    parser.add_argument("--again", help="only these parts, beside what the run before measured", default="")
    given = parser.parse_args()
    release, quick = given.release.resolve(), given.quick
    again = set(filter(None, given.again.split(",")))
    skip = set(filter(None, given.skip.split(","))) or (again and set(PARTS) - again)
    if stray := (skip | again) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(stray))}: known are {', '.join(PARTS)}")
    sizes = [int(one) for one in (given.growth or ("1,3" if quick else "1,10,100,300")).split(",")]
    begun = time.monotonic()
    out = ROOT / "build" / "bench-quick" if quick else ROOT / "docs"
    keep = out / "bench.json" if quick else KEPT  # a quick run does not take the place of a whole one
    found = kept(release) if again else Findings(machine(), manifest.read(release))
    if again:
        found.again = sorted({*found.again, *again})
        found.missing = [one for one in found.missing if one.partition(":")[0] not in again]
    else:
        with tempfile.TemporaryDirectory() as home:
            servers(release, Path(home), quick, found)

    def budget() -> float:
        """Seconds for growth, which comes last."""
        return _WHOLE - (time.monotonic() - begun)

    parts: dict[str, Callable[[], Any]] = {
        "endpoints": lambda: endpoints(release, quick),
        "hello": hello,
        "breakdown": lambda: breakdown.measure(release),
        "hostile": lambda: hostile(release, 5 if quick else 60),
        "respawn": lambda: respawning(release),
        "explorer": lambda: drawing(release, quick),
        "building": lambda: building(release),
        "growth": lambda: growing(release, sizes, quick, budget(), found.results),
    }
    for name, measured in parts.items():
        if name in skip or (quick and name == "building"):
            continue
        print(f"{name} ({time.monotonic() - begun:.0f} s)", flush=True)
        try:
            setattr(found, name, measured())
        except (Dead, OSError, RuntimeError) as error:
            found.missing.append(f"{name}: {type(error).__name__}: {error}")
            print(f"  {found.missing[-1]}", flush=True)
        if not again:  # of the whole run
            found.seconds = time.monotonic() - begun
        keep.parent.mkdir(parents=True, exist_ok=True)
        keep.write_text(json.dumps(asdict(found), indent=1, default=str))  # a run that is stopped has not been in vain
    page = written(found, out)
    if quick:
        print(page)


def written(found: Findings, out: Path) -> str:
    """Write the page and its charts into a directory; returns the page."""
    (out / "performance").mkdir(parents=True, exist_ok=True)
    page = report.page(found)
    (out / "performance.md").write_text(page, encoding="utf-8")
    for name, text in report.charts(found).items():
        (out / "performance" / name).write_text(text, encoding="utf-8")
    return page


def kept(release: Path) -> Findings:
    """What the run before measured. Exits where there was none, or where it measured another release."""
    if not KEPT.is_file():
        raise SystemExit("no run before this one: leave --again away")
    told = json.loads(KEPT.read_text())
    now = manifest.read(release)
    if told["release"]["hash"] != now.hash:
        raise SystemExit("the run before measured another release: leave --again away")
    lists: dict[str, Callable[..., Any]] = {
        "results": Result,
        "endpoints": Endpoint,
        "breakdown": breakdown.Part,
        "growth": growth.Grown,
    }
    for name, kind in lists.items():
        told[name] = [kind(**one) for one in told.get(name, ())]
    return Findings(**{**told, "release": now, "hello": told["hello"] and tuple(told["hello"])})


def servers(release: Path, home: Path, quick: bool, found: Findings) -> None:
    """Palermo and its peers at the same questions, and the bare handler with the same bytes."""
    texts = dict(list(work.named().items())[:: 6 if quick else 1])
    names = work.entities(release)[: 20 if quick else None]
    answers: dict[str, str] = {}
    documents: list[bytes] = []
    for name, start in starts(release, home / "virtuoso", quick):
        print(name, flush=True)
        result = Result(name)
        found.results.append(result)
        try:
            queries(start, result, texts, 2 if quick else 9, answers)
            if name == "Palermo":
                documents = ours(release, result, quick)
            elif not name.endswith("rdflib store"):
                with start() as peer:
                    graphs(peer, result, names, 1 if quick else 5)
                    result.peak = max(result.peak, peer.peak)
        except Dead as dead:
            if name == "Palermo":
                raise
            result.stopped.append(str(dead))
        result.disk = growth.database(home / "virtuoso") if name == "Virtuoso" else growth.files(release)
    print("bare handler", flush=True)
    files = home / "files"
    files.mkdir()
    for number, body in enumerate(documents):
        (files / str(number)).write_bytes(body)
    bare = Result("bare handler")
    found.results.append(bare)
    with peers.bare(files) as peer:
        bare.started = peer.started
        asks = [Ask(str(number), f"/{number}") for number in range(len(documents))]
        timed(peer, bare, "entities, 1 client", asks, rounds=1 if quick else 5)
        timed(peer, bare, "entities, 16 clients", asks, rounds=1 if quick else 5, clients=CLIENTS)
        bare.memory = bare.peak = peer.peak


if __name__ == "__main__":
    main()
