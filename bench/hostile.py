"""Twenty kinds of hostile query at once against a running server, and one user who only wants an answer.

    python -m bench.hostile --seconds 60          starts `palermo serve` on build/release and reports
    python -m bench.hostile --seconds 60 --url http://127.0.0.1:8000 --pid 4711

The attackers run in a process of their own. Each kind asks, waits for whatever comes, pauses shortly and asks again;
half of the kinds change their text every time, so that no memory of texts helps. Tests import this module and run it
for some seconds; `make bench` runs it for sixty.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

DIGITS: Final = "1 2 3 4 5 6 7 8 9 10"


def _product(number: int, head: str, tail: str = "") -> str:
    patterns = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(number))
    return f"SELECT {head} {{ {patterns} }} {tail}"


def _digits(number: int) -> str:
    return " ".join(f"VALUES ?v{n} {{ {DIGITS} }}" for n in range(number))


def kinds(victim: str) -> dict[str, Callable[[int], str]]:
    """Each kind of hostile query, as a function of how often it was asked; `victim` is an address to be fetched."""
    host = urlsplit(victim).netloc
    escaped = "".join(f"\\u{ord(one):04x}" for one in "SERVICE")
    return {
        "cartesian product": lambda n: _product(4, f"(COUNT(*) AS ?n{n})"),
        "distinct product": lambda n: _product(4, "DISTINCT *"),
        "huge sort": lambda n: _product(3, "*", f"ORDER BY ?o2 ?o1 DESC(?s0) OFFSET {n} LIMIT 1"),
        "unbounded path": lambda n: f"SELECT (COUNT(*) AS ?n) {{ ?a (<x:{n}>|!<x:{n}>)* ?b . ?c (!<x:y>)+ ?d }}",
        "nested paths": lambda n: "SELECT * { ?a (((!<x:a>)*/(^!<x:b>)*)*|(!<x:c>)+)* ?b . ?b (!<x:d>)* ?c } LIMIT 9",
        "string bomb": lambda n: _string_bomb(n),
        "concatenation": lambda n: f"SELECT (GROUP_CONCAT(?o; separator='{n}') AS ?x) {{ ?s ?p ?o . ?a ?b ?c }}",
        "values bomb": lambda n: f"SELECT (COUNT(*) AS ?n) {{ {_digits(12)} }}",
        "long values": lambda n: f"SELECT * {{ VALUES ?a {{ {f'{n} ' * 9000} }} VALUES ?b {{ {'7 ' * 9000} }} }}",
        "nested groups": lambda n: "SELECT * " + "{" * 3000 + f"?s ?p {n}" + "}" * 3000,
        "nested brackets": lambda n: "SELECT (" + "(" * 3000 + str(n) + ")" * 3000 + " AS ?x) {}",
        "giant union": lambda n: "SELECT (COUNT(*) AS ?n) { %s {} }" % ("{ ?a ?b ?c . ?d ?e ?f } UNION " * 1500),
        "service": lambda n: f"SELECT * {{ SERVICE <{victim}> {{ ?s ?p ?o }} }}",
        "service, variable": lambda n: f"SELECT * {{ VALUES ?g {{ <{victim}> }} sErViCe SILENT ?g {{ ?s ?p ?o }} }}",
        "service, escaped": lambda n: f"SELECT * {{ {escaped} <{victim}> {{ ?s ?p ?o }} }}",
        "service, hidden": lambda n: f"SELECT * {{ FILTER(1<2)SERVICE#>\n<{victim}>{{ ?s ?p ?o }} }}",
        "from": lambda n: f"SELECT * FROM <{victim}{n}> FROM NAMED <file:///etc/passwd> {{ ?s ?p ?o }}",
        "update": lambda n: f"LOAD <http://{host}/{n}> INTO GRAPH <x:y>",
        "expression": lambda n: f"SELECT * {{ ?s ?p ?o FILTER regex(str(?o), '(((a{{1,90}}){{1,90}}){{1,9}})+{n}$') }}",
        "optional maze": lambda n: _maze(n),
        "constructed product": lambda n: "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    }


def _string_bomb(number: int) -> str:
    text = f"'{number}{'x' * 40}'"
    for _ in range(12):
        text = f"REPLACE({text}, 'x', 'xxxxxxxxxxxxxxxxxxxx')"
    return f"SELECT (STRLEN({text}) AS ?n) {{}}"


def _maze(number: int) -> str:
    parts = " ".join(f"OPTIONAL {{ ?s{n} ?p{n} ?o{n} FILTER(?o{n} != {number}) }}" for n in range(8))
    return f"SELECT (COUNT(*) AS ?n) {{ {parts} FILTER NOT EXISTS {{ ?s0 ?s1 ?s2 . ?s3 ?s4 ?s5 }} }}"


#: What the light user asks, in turn; each is answered in milliseconds on a quiet machine.
LIGHT: Final = (
    "SELECT ?s WHERE { ?s a ?class } LIMIT 10",
    "ASK { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { <https://w3id.org/palermo/id/fra> ?p ?o }",
    "SELECT ?p ?o WHERE { <https://w3id.org/palermo/id/fra> ?p ?o } LIMIT 50",
    "CONSTRUCT WHERE { <https://w3id.org/palermo/id/fra> ?p ?o }",
)


@dataclass
class Report:
    """What was measured. Times in milliseconds, memory in bytes; `quiet` is the 95th percentile without an
    attack, before it or after it, whichever was the longer."""

    seconds: float
    quiet: float = 0.0
    asked: int = 0
    failures: list[str] = field(default_factory=list)
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    slowest: float = 0.0
    resident: int = 0
    proportional: int = 0
    connections: int = 0
    normal_after: float = 0.0
    hostile: dict[str, dict[str, int]] = field(default_factory=dict)


async def ask(url: str, body: bytes, media: str, limit: float) -> tuple[int, bytes]:
    """One POST on a connection of its own; the status and the body."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        head = f"POST /sparql HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {media}\r\nConnection: close\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        data = await asyncio.wait_for(reader.read(-1), limit)
        return int(data[9:12]), data.partition(b"\r\n\r\n")[2]
    finally:
        writer.close()


async def _attacker(
    url: str, name: str, text: Callable[[int], str], until: float, pause: float, seen: Counter[str]
) -> None:
    for number in itertools.count():
        left = until - time.monotonic()
        if left <= 0:
            return
        update = name == "update" and number % 2
        media = "application/x-www-form-urlencoded" if update else "application/sparql-query"
        body = f"update={quote(text(number))}" if update else text(number)
        try:
            status, _ = await ask(url, body.encode(), media, left)
            seen[f"{name}\t{status}"] += 1
        except TimeoutError:
            seen[f"{name}\tunanswered at the end"] += 1
        except (OSError, ValueError):
            seen[f"{name}\tno answer"] += 1
        await asyncio.sleep(pause)


def attack(url: str, victim: str, seconds: float, pause: float, out: multiprocessing.Queue[dict[str, int]]) -> None:
    """Run every kind at once; for a process of its own."""

    async def all_kinds() -> Counter[str]:
        until = time.monotonic() + seconds
        seen: Counter[str] = Counter()
        await asyncio.gather(*(_attacker(url, name, text, until, pause, seen) for name, text in kinds(victim).items()))
        return seen

    out.put(dict(asyncio.run(all_kinds())))


class Victim:
    """A listening socket that nobody may connect to."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.connections = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.connections += 1

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += children.get(one, [])
    return found


def memory(pid: int) -> tuple[int, int]:
    """Resident bytes of a process tree: with shared pages counted once for each process, and once altogether."""
    resident = proportional = 0
    for one in tree(pid):
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                resident += int(line.split()[1]) * 1024 if line.startswith("Rss:") else 0
                proportional += int(line.split()[1]) * 1024 if line.startswith("Pss:") else 0
        except (OSError, IndexError):
            continue
    return resident, proportional


def measure(url: str, pid: int, seconds: float, *, pause: float = 0.02, rate: float = 10.0) -> Report:
    """Attack for so many seconds and ask light queries all along, `rate` a second."""
    report, victim, peak = Report(seconds), Victim(), [0, 0]
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            for place, value in enumerate(memory(pid)):
                peak[place] = max(peak[place], value)

    watcher = threading.Thread(target=watch)
    context = multiprocessing.get_context("spawn")
    out: multiprocessing.Queue[dict[str, int]] = context.Queue()
    attackers = context.Process(target=attack, args=(url, victim.url, seconds, pause, out))
    report.quiet = _unattacked(url, rate, report)
    watcher.start()
    attackers.start()
    try:
        times = asyncio.run(_light(url, seconds, rate, report))
        for key, count in sorted(out.get(timeout=30).items()):
            name, _, status = key.partition("\t")
            report.hostile.setdefault(name, {})[status] = count
        attackers.join(10)
        report.normal_after = asyncio.run(_until_normal(url))
        # what else the machine does may have begun meanwhile
        report.quiet = max(report.quiet, _unattacked(url, rate, report))
    finally:
        stop.set()
        watcher.join()
        attackers.kill()
        victim.close()
    cuts = statistics.quantiles(times, n=100)
    report.asked, report.p50, report.p95, report.p99, report.slowest = (
        len(times),
        cuts[49],
        cuts[94],
        cuts[98],
        max(times),
    )
    report.resident, report.proportional, report.connections = peak[0], peak[1], victim.connections
    return report


def _unattacked(url: str, rate: float, report: Report) -> float:
    """The 95th percentile of light queries for two seconds without an attack, in milliseconds."""
    return statistics.quantiles(asyncio.run(_light(url, 2.0, rate, report)), n=20)[-1]


async def _light(url: str, seconds: float, rate: float, report: Report) -> list[float]:
    until, times = time.monotonic() + seconds, list[float]()
    queries: Iterator[str] = itertools.cycle(LIGHT)
    while time.monotonic() < until:
        begun, query = time.monotonic(), next(queries)
        try:
            status, body = await ask(url, query.encode(), "application/sparql-query", 20)
            if status != 200 or not body:
                report.failures.append(f"{status} {query}: {body[:200]!r}")
        except (OSError, ValueError, TimeoutError) as error:
            report.failures.append(f"{error!r} {query}")
        times.append((time.monotonic() - begun) * 1000)
        await asyncio.sleep(max(0.0, 1 / rate - (time.monotonic() - begun)))
    return times


async def _until_normal(url: str) -> float:
    """Seconds until five light queries in a row were answered within 100 ms each."""
    begun, row = time.monotonic(), 0
    while row < 5 and time.monotonic() - begun < 60:
        asked = time.monotonic()
        try:
            status, _ = await ask(url, LIGHT[0].encode(), "application/sparql-query", 5)
        except (OSError, ValueError, TimeoutError):
            status = 0
        row = row + 1 if status == 200 and time.monotonic() - asked < 0.1 else 0
    return time.monotonic() - begun


def serve(release: Path, port: int, *more: str) -> subprocess.Popen[bytes]:
    """Start `palermo serve` and wait until it is ready."""
    command = [sys.executable, "-m", "api", "serve", "--release", str(release), "--port", str(port), *more]
    server = subprocess.Popen(command)
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return server
        except OSError:
            if server.poll() is not None:
                raise RuntimeError("palermo serve ended") from None
            time.sleep(0.1)
    raise RuntimeError("palermo serve does not answer")


def main() -> None:
    """Measure and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--release", type=Path, default=Path("build/release"))
    parser.add_argument("--url", default="")
    parser.add_argument("--pid", type=int, default=0)
    parser.add_argument("--pause", type=float, default=0.02)
    given = parser.parse_args()
    server = None
    if not given.url:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = serve(given.release, port)
        given.url, given.pid = f"http://127.0.0.1:{port}", server.pid
    try:
        report = measure(given.url, given.pid or os.getpid(), given.seconds, pause=given.pause)
    finally:
        if server:
            server.send_signal(signal.SIGTERM)
            server.wait(20)
    print(json.dumps(asdict(report), indent=1))


if __name__ == "__main__":
    main()
