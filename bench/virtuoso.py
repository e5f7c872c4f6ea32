"""A Virtuoso of one's own: started on a directory and ports that are given, ended with everything it wrote.

    with virtuoso(directory) as engine:
        engine.sparql        http://127.0.0.1:PORT/sparql

Tests and measurements use the program that Debian's virtuoso-opensource-7-bin brings (scripts/system.sh).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from graph.remote.endpoint import Access, Endpoint
from graph.remote.load import addresses

PROGRAM: Final = "virtuoso-t"
#: Seconds that a new database may take to come up; it takes five on a quiet machine.
START_UP: Final = 120.0
#: The user and password of a database that was just made; it listens on 127.0.0.1 alone.
USER: Final = "dba"

_SETTINGS: Final = """\
[Database]
DatabaseFile = {home}/palermo.db
ErrorLogFile = {home}/palermo.log
LockFile = {home}/palermo.lck
TransactionFile = {home}/palermo.trx
xa_persistent_file = {home}/palermo.pxa
FileExtend = 200
Striping = 0
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {home}/temporary.db
TransactionFile = {home}/temporary.trx
Striping = 0
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 40
CheckpointInterval = 0
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {home}{more}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 40
KeepAliveTimeout = 30
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = {limit}
"""


@dataclass(frozen=True)
class Virtuoso:
    """A running server: its address for queries, its process, the seconds it took to answer first, its SQL port."""

    sparql: str
    pid: int
    started: float
    sql: int = 0

    def endpoint(self, limit: float = 60.0) -> Endpoint:
        """A way to read and write it."""
        update, graphs = addresses(self.sparql)
        return Endpoint(self.sparql, Access(USER, USER), update=update, graphs=graphs, limit=limit)

    def sql_shell(self, commands: str) -> str:
        """What its own shell prints to commands. Raises :class:`subprocess.CalledProcessError`."""
        shell = ["isql-vt", f"127.0.0.1:{self.sql}", USER, USER, f"exec={commands}"]
        return subprocess.run(shell, check=True, capture_output=True, text=True).stdout


def is_here() -> bool:
    """Whether the program is installed."""
    return shutil.which(PROGRAM) is not None


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def virtuoso(home: Path, *, limit: int = 60, buffers: int = 20_000, reads: Path | None = None) -> Iterator[Virtuoso]:
    """Run a server on a directory: a new database where it is empty, else what was there.

    `limit` is in seconds a query, `buffers` in pages of 8 KiB, `reads` a directory whose files it may load. Raises
    :class:`RuntimeError` with its log.
    """
    sql, http = free_port(), free_port()
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "palermo.ini"
    settings.write_text(
        _SETTINGS.format(
            home=home,
            more=f", {reads}" if reads else "",
            sql=sql,
            http=http,
            limit=limit,
            buffers=buffers,
            dirty=buffers * 3 // 4,
        )
    )
    begun = time.monotonic()
    server = subprocess.Popen(
        [PROGRAM, "+foreground", "+configfile", str(settings)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{http}/sparql"
    try:
        _wait(url, server, home / "palermo.log")
        yield Virtuoso(url, server.pid, time.monotonic() - begun, sql)
    finally:
        if server.poll() is None:
            os.kill(server.pid, signal.SIGKILL)  # nothing of the database is kept
        server.wait()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_UP
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(url, params={"query": "ASK {}"}, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"{PROGRAM} does not answer:\n{log.read_text() if log.is_file() else ''}")
