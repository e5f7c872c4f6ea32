"""docs/deploy.md: the package installs into an environment of its own, and both lines that start it there start it.

What the Containerfile does to an image is done here to a directory: its environment, its settings and its command, with
the paths of the directory in place of those of the image. The image itself is not built.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing in it but the wheel of this checkout and what the wheel asks for."""
    folder = tmp_path_factory.mktemp("deployed")
    uv = ROOT / ".uv" / "bin" / "uv"
    if not uv.is_file():
        pytest.fail("no uv here: run the tests by `make test`", pytrace=False)
    for command in (
        [uv, "build", "--quiet", "--wheel", "--out-dir", folder / "dist", ROOT],
        [uv, "venv", "--quiet", "--python", ROOT / ".venv" / "bin" / "python", folder / "venv"],
    ):
        _done(command)
    (wheel,) = (folder / "dist").glob("*.whl")
    _done(
        [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", folder / "venv" / "bin" / "python", wheel]
    )
    return folder / "venv"


def _done(command: list[str | Path]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr


def container(venv: Path, release: Path, port: int, folder: Path) -> tuple[list[str], dict[str, str]]:
    """CMD and ENV of the Containerfile."""
    (command,) = re.findall(r"^CMD \[(.*)\]$", PAGE, re.MULTILINE)
    (settings,) = re.findall(r"^ENV (.*)$", PAGE, re.MULTILINE)
    words = [one.strip().strip('"') for one in command.split(",")]
    return _here(words, dict(one.split("=", 1) for one in settings.split()), venv, release, port, folder)


def unit(venv: Path, release: Path, port: int, folder: Path) -> tuple[list[str], dict[str, str]]:
    """ExecStart and Environment of the systemd unit."""
    (command,) = re.findall(r"^ExecStart=(.*)$", PAGE, re.MULTILINE)
    settings = dict(one.split("=", 1) for one in re.findall(r"^Environment=(.*)$", PAGE, re.MULTILINE))
    return _here(shlex.split(command), settings, venv, release, port, folder)


def _here(
    words: list[str], settings: dict[str, str], venv: Path, release: Path, port: int, folder: Path
) -> tuple[list[str], dict[str, str]]:
    """The same with the paths of this machine. An address that no rule changes fails the start."""
    places = {"/srv/palermo/venv": venv, "/srv/palermo/release": release, "/var/lib/palermo/shares": folder}
    places |= {"/venv": venv, "/release": release, "/shares": folder}

    def here(text: str) -> str:
        for old, new in places.items():
            if text == old or text.startswith(old + "/"):
                return text.replace(old, str(new), 1)
        return str(port) if text == "8000" else text

    return [here(one) for one in words], {name: here(value) for name, value in settings.items()}


@contextmanager
def started(command: list[str], settings: dict[str, str], url: str, folder: Path) -> Iterator[None]:
    log = folder / "server.log"
    bare = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    with log.open("w") as output:
        server = subprocess.Popen(
            command, env={"PATH": "/usr/bin:/bin", **bare, **settings}, cwd=folder, stdout=output, stderr=output
        )
    try:
        wait_for(f"{url}/ready", server, log)
        yield
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.parametrize("line", [container, unit])
def test_the_line_starts_what_was_installed(line: object, venv: Path, release_dir: Path, tmp_path: Path) -> None:
    port = free_port()
    command, settings = line(venv, release_dir, port, tmp_path)  # type: ignore[operator]
    assert command[0] == str(venv / "bin" / "palermo")
    assert settings["PALERMO_RELEASE"] == str(release_dir)
    with started(command, settings, f"http://127.0.0.1:{port}", tmp_path), httpx.Client(timeout=60) as client:
        # What a wheel may lack: templates, words, named queries, the front end's build
        page = client.get(f"http://127.0.0.1:{port}/id/fra", headers={"Accept": "text/html"}, follow_redirects=True)
        assert (page.status_code, "France" in page.text) == (200, True)
        for path in ("/explore", "/queries/parties-to-treaty?format=csv", "/api/v1/search?q=greta", "/reconcile"):
            assert client.get(f"http://127.0.0.1:{port}{path}").status_code == 200, path
        script = re.search(r'src="(/static/[^"]+\.js)"', client.get(f"http://127.0.0.1:{port}/explore").text)
        assert script is not None
        assert client.get(f"http://127.0.0.1:{port}{script[1]}").status_code == 200
