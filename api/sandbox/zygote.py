"""The process that workers are forked from: loads the release once, locks itself in, forks on demand.

It has one thread and holds no client's data, so that a fork costs two milliseconds and shares the release's memory
until somebody writes to it. A release on disk is opened by each worker after its fork: that engine has threads.
`palermo serve` forks it from itself before it serves anybody (:func:`fork`), so that the release is read once and
stands in memory once; a later one, where that one was killed, is started fresh (`python -m api.sandbox.zygote`).
Orders come over a socket, whose descriptor is the fresh one's first argument:

    {"fork": 7, "nice": 0}   with a socket: fork worker 7 -> {"forked": 7, "pid": 4711}
    {"kill": 7}              kill it                     -> {"exited": 7, "status": 9} when it is gone
    {"nice": 7, "to": 15}    lower its priority

It says {"ready": true, "locks": [...], "resident": bytes} once. When the server goes away the socket closes, and so
does everything here.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from api.sandbox import locks, wire, worker
from graph.ids import Ids
from graph.manifest import Manifest
from graph.read.embedded import load_files, opened
from graph.read.ondisk import served


class Zygote:
    """Forks, watches and ends workers."""

    def __init__(
        self, sock: socket.socket, store: Store | Path, options: dict[str, Any], prefixes: dict[str, str]
    ) -> None:
        self._sock, self._store, self._options, self._prefixes = sock, store, options, prefixes
        self._workers: dict[int, int] = {}  # worker number: process id
        self._unpacker = wire.Unpacker()
        self._passed: list[int] = []
        self._wake, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Obey orders until the server goes away."""
        while True:
            ready, _, _ = select.select([self._sock.fileno(), self._wake], [], [])
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._reap()
            if self._sock.fileno() in ready:
                data, descriptors, _, _ = socket.recv_fds(self._sock, 1 << 16, 64)
                if not data:
                    return
                self._passed += descriptors
                self._unpacker.feed(data)
                while (found := self._unpacker.take()) is not None:
                    self._obey(found[0])

    def _obey(self, order: dict[str, Any]) -> None:
        if "fork" in order:
            self._fork(int(order["fork"]), int(order["nice"]), self._passed.pop(0))
        elif "kill" in order and order["kill"] in self._workers:
            os.kill(self._workers[order["kill"]], signal.SIGKILL)
        elif "nice" in order and order["nice"] in self._workers:
            os.setpriority(os.PRIO_PROCESS, self._workers[order["nice"]], int(order["to"]))

    def _fork(self, number: int, nice: int, descriptor: int) -> None:
        try:
            pid = os.fork()
        except OSError:
            os.close(descriptor)
            wire.send(self._sock, {"exited": number, "status": signal.SIGKILL})
            return
        if pid == 0:
            self._become_worker(nice, descriptor)
        os.close(descriptor)
        self._workers[number] = pid
        wire.send(self._sock, {"forked": number, "pid": pid})

    def _become_worker(self, nice: int, descriptor: int) -> None:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._sock.close()
            if nice:
                os.nice(nice)
            sock = socket.socket(fileno=descriptor)
            worker.main(
                sock, opened(self._store), self._prefixes, int(self._options["memory"]), int(self._options["file_size"])
            )
            code = 0
        finally:
            os._exit(code)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                number = next((one for one, known in self._workers.items() if known == pid), None)
                if number is not None:
                    del self._workers[number]
                    wire.send(self._sock, {"exited": number, "status": status})


@dataclass(frozen=True)
class Forked:
    """A zygote that was forked from this process: what :class:`subprocess.Popen` would say of it, its socket, and the
    release that both have in memory, or where on disk each opens it."""

    pid: int
    link: socket.socket
    store: Store | Path
    described: Manifest

    def kill(self) -> None:
        """End it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Wait until it has ended."""
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def fork(store: Store | Path, described: Manifest, memory: int, file_size: int) -> Forked:
    """Fork a zygote from this process, which has loaded a release and has no other thread.

    Raises :class:`RuntimeError` where there is another thread: the fork would have its locks and not its work.
    """
    if threading.active_count() > 1:
        raise RuntimeError("a process with several threads cannot be forked")
    gc.collect()
    gc.freeze()  # the collector would otherwise touch, and so copy, every page after a fork
    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        theirs.close()
        return Forked(pid, ours, store, described)
    code = 1
    try:
        ours.close()
        os.environ.clear()
        quiet = os.open(os.devnull, os.O_RDONLY)
        os.dup2(quiet, 0)
        os.close(quiet)
        _obedient(theirs, [locks.no_network()], store, described, {"memory": memory, "file_size": file_size})
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    """Load, lock, say so, obey."""
    options: dict[str, Any] = json.loads(sys.argv[2])
    sock = socket.socket(fileno=int(sys.argv[1]))
    held = None if options["federated"] else [locks.no_network()]
    store: Store | Path
    if options["empty"] is not None:
        store, described = Store(), Manifest("", options["empty"], "", "", "", {}, {})
    elif options["data"]:
        store, described = load_files([Path(path) for path in options["data"]])
    else:
        store, described = served(Path(options["release"]), Path(options["indexes"]), options["memory_statements"])
    gc.collect()
    gc.freeze()
    _obedient(sock, held, store, described, options)


def _obedient(
    sock: socket.socket,
    held: list[locks.Lock] | None,
    store: Store | Path,
    described: Manifest,
    options: dict[str, Any],
) -> None:
    """Lock what `held` begins (None: the network stays), say so, obey until the server goes away."""
    locks.name_process("palermo-zygote")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    held = held if held is None else [*held, locks.no_sockets()]
    linux = sys.platform == "linux"
    told = [*(held or ()), locks.Lock("memory", linux, "" if linux else sys.platform)]
    ready = {"ready": True, "locks": [asdict(lock) for lock in told], "hash": described.hash}
    wire.send(sock, {**ready, "resident": locks.resident_bytes()})
    with contextlib.suppress(OSError):
        Zygote(sock, store, options, Ids(described.base).prefixes).run()


if __name__ == "__main__":
    main()
