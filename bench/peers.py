"""The servers that are measured: Palermo, what a user would pick instead, and the ceiling. Each is started, asked by
the same clients, watched with its whole process tree, and ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import clients, virtuoso
from bench.clients import Ask, Dead
from bench.hostile import memory, tree
from graph import manifest

ROOT: Final = Path(__file__).resolve().parent.parent
#: What the peers are, exactly; they get an environment of their own, so that they cannot change ours.
PACKAGES: Final = ("rdflib-endpoint==0.6.3", "oxrdflib==0.5.0", "rdflib==7.6.0", "uvicorn[standard]==0.54.0")
MERGED: Final = "urn:palermo:merged"
READY: Final = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/palermo/ontology#State> }"
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Peer:
    """A running server. `started` is the seconds from its start to its first answer, loading the release included."""

    name: str
    url: str
    pid: int
    started: float
    query: Callable[[str, str], Ask]
    peak: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def cpu(self) -> float:
        """Seconds of processor time of the process tree until now."""
        total = 0
        for pid in tree(self.pid):
            try:
                values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            own = values[11:15] if pid == self.pid else values[11:13]  # dead children count with who waited for them
            total += sum(map(int, own))
        return total / _TICKS

    def watch(self) -> None:
        """Keep the peak of the tree's memory, shared pages counted once, until the peer ends."""
        while True:
            self.peak = max(self.peak, memory(self.pid)[1])
            if self._stop.wait(0.5):
                return


def environment() -> Path:
    """The Python of the peers' environment, made when it is not there."""
    python = ROOT / "build" / "bench-venv" / "bin" / "python"
    done = python.parent.parent / ".made"
    if not done.is_file() or done.read_text() != "\n".join(PACKAGES):
        uv = ROOT / ".uv" / "bin" / "uv"
        subprocess.run([uv, "venv", "--quiet", "--clear", python.parent.parent], check=True)
        more = {**os.environ, "VIRTUAL_ENV": str(python.parent.parent)}
        subprocess.run([uv, "pip", "install", "--quiet", *PACKAGES], check=True, env=more)
        done.write_text("\n".join(PACKAGES))
    return python


def _sparql(path: str) -> Callable[[str, str], Ask]:
    return lambda name, text: Ask(name, path, "application/sparql-results+json", (("query", text),))


@contextmanager
def palermo(release: Path, *more: str, patience: float = 300.0) -> Iterator[Peer]:
    """Palermo, as `palermo serve` runs it."""
    port = virtuoso.free_port()
    program = Path(sys.executable).with_name("palermo")
    command = [program, "serve", "--release", release, "--port", str(port), "--log-format", "none", *more]
    with _process("Palermo", command, port, _sparql("/sparql"), patience) as peer:
        yield peer


@contextmanager
def rdflib_endpoint(store: str, release: Path, *, patience: float = 300.0) -> Iterator[Peer]:
    """rdflib-endpoint with one of its two stores."""
    port = virtuoso.free_port()
    command = [environment(), ROOT / "bench" / "rdflib_peer.py", store, release, str(port)]
    with _process(f"rdflib-endpoint, {store} store", command, port, _sparql("/"), patience) as peer:
        yield peer


@contextmanager
def bare(files: Path) -> Iterator[Peer]:
    """The bare handler over files."""
    port = virtuoso.free_port()
    command = [sys.executable, "-m", "bench.bare_peer", files, str(port)]
    with _process("bare handler", command, port, lambda name, _: Ask(name, "/0")) as peer:
        yield peer


def _load(release: Path, home: Path) -> None:
    """Put a release into a new database by the engine's own bulk loader."""
    begun = time.monotonic()
    with virtuoso.virtuoso(home, buffers=80_000, reads=release) as loading:
        listed = "".join(f"ld_dir('{release}', '{name}', '{MERGED}'); " for name in (manifest.DATASET, manifest.MERGED))
        said = loading.sql_shell(f"{listed}rdf_loader_run(); checkpoint; select ll_error from DB.DBA.load_list;")
    if said.count("NULL") != 2:
        raise RuntimeError(f"Virtuoso did not load {release}: {said[-500:]}")
    print(f"  Virtuoso loaded in {time.monotonic() - begun:.1f} s", flush=True)
    (home / "loaded").touch()


@contextmanager
def virtuoso_peer(release: Path, home: Path) -> Iterator[Peer]:
    """Virtuoso on a directory, with the release loaded once; `started` is a start on the database as it is then."""
    if not (home / "loaded").is_file():
        _load(release, home)
    (home / "palermo.lck").unlink(missing_ok=True)
    with virtuoso.virtuoso(home, buffers=80_000) as running:
        form = (("default-graph-uri", MERGED),)

        def query(name: str, text: str) -> Ask:
            return Ask(name, "/sparql", "application/sparql-results+json", (("query", text), *form))

        peer = Peer("Virtuoso", running.sparql.removesuffix("/sparql"), running.pid, running.started, query)
        with _watched(peer):
            yield peer


@contextmanager
def _process(
    name: str, command: list[object], port: int, query: Callable[[str, str], Ask], patience: float = 300.0
) -> Iterator[Peer]:
    begun = time.monotonic()
    log = ROOT / "build" / "bench.log"
    with log.open("a") as output:
        server = subprocess.Popen(
            [str(one) for one in command], cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
    peer = Peer(name, f"http://127.0.0.1:{port}", server.pid, 0.0, query)
    try:
        _first_answer(peer, server, patience)
        peer.started = time.monotonic() - begun
        with _watched(peer):
            yield peer
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _first_answer(peer: Peer, server: subprocess.Popen[bytes], patience: float) -> None:
    until = time.monotonic() + patience
    while server.poll() is None:
        if time.monotonic() > until:
            raise Dead(f"{peer.name} has not answered {patience:.0f} s after its start")
        try:
            if not clients.run(peer.url, [peer.query("first", READY)], patience=patience).failed:
                return
        except Dead:
            pass
        time.sleep(0.02)
    raise Dead(f"{peer.name} ended with status {server.returncode}; see build/bench.log")


@contextmanager
def _watched(peer: Peer) -> Iterator[None]:
    with ExitStack() as stack:
        watcher = threading.Thread(target=peer.watch, daemon=True)
        watcher.start()
        stack.callback(watcher.join)
        stack.callback(peer._stop.set)
        yield
