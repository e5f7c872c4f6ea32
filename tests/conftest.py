"""What all tests may share: the real release, built once, and a server that answers over it.

`release_dir`  the release of the checkout's own tables, in build/release, brought up to date by the real command
`server_url`   the address of a `palermo serve` over that release, without a trailing slash, for the whole session
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import engine

ROOT = Path(__file__).resolve().parent.parent
PALERMO = Path(sys.executable).with_name("palermo")
#: A server that needs longer than this to answer its first request is broken (seconds).
START_UP = 60.0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in tests/e2e is a browser test, and the tests of one file share a browser: nobody has to remember
    the marks."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "e2e"):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"browser-{item.path.stem}"))
    engine.mark(items)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a file lock: of pytest-xdist's workers one builds, and the others find it built."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def release_dir() -> Path:
    """The real release. `palermo build` compares contents, so that a second call costs little."""
    release = ROOT / "build" / "release"
    with only_one(ROOT / "build" / ".tests-lock"):
        done = subprocess.run(
            [PALERMO, "build", "--out", release], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
        )
    if done.returncode:
        pytest.fail(f"palermo build failed with status {done.returncode}:\n{done.stdout}{done.stderr}", pytrace=False)
    return release


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(*arguments: str | Path, environment: dict[str, str] | None = None) -> Iterator[str]:
    """Run `palermo serve` with these arguments on a free port, yield its address, and end the whole process group.

    Raises AssertionError with what the server said when it ends early, or answers nothing within START_UP seconds.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = ROOT / "build" / f"test-server-{port}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as output:
        server = subprocess.Popen(
            [PALERMO, "serve", *arguments, "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **(environment or {}), **engine.behind(arguments, environment)},
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        wait_for(url + "/health", server, log)
        yield url
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
        log.unlink(missing_ok=True)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when `url` answers 200; fail with the server's own words when it does not."""
    deadline = time.monotonic() + START_UP
    while time.monotonic() < deadline:
        assert server.poll() is None, f"palermo serve ended with status {server.returncode}:\n{log.read_text()}"
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer 200 within {START_UP:.0f} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server_url(release_dir: Path) -> Iterator[str]:
    """The address of a server over the real release."""
    with serving("--release", release_dir) as url:
        if engine.chosen():  # what pages need is read from it once, which takes longer than a test waits for a page
            httpx.get(url, headers={"Accept": "text/html"}, timeout=START_UP)
        yield url
