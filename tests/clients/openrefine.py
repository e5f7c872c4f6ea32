"""OpenRefine itself, driven through the addresses that its own pages call: a project from a table, a column matched
by our service, columns about what was matched.

    python -m tests.clients.openrefine http://127.0.0.1:8000/reconcile

starts OpenRefine (`apt-get install openrefine`), runs the session on that service and prints what OpenRefine asked and
was answered, as tests/conformance/openrefine-session.json keeps it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

import httpx

PROGRAM: Final = "openrefine"
#: Seconds within which OpenRefine must answer; starting its Java machine took 4 on two busy cores.
START_UP: Final = 120.0
#: Seconds within which an operation must have run.
PATIENCE: Final = 60.0
ROWS: Final[dict[str, Any]] = {"facets": [], "mode": "row-based"}

#: The table that the session begins with: names as people write them, and a column that helps.
TABLE: Final = """\
name,country
Group of Experts on Action against Trafficking in Human Beings,
Group of Friends,
MIPROF,France
Ministry of Foreign Affairs,France
Ministry of Foreign Affairs,Sweden
Ministère de la Justice,France
Expertise Farnce,
Palermo Protocol,
"""
#: What is fetched about what was matched.
PROPERTIES: Final = (
    {"id": "label.fr", "name": "label (fr)"},
    {"id": "basedIn", "name": "is based in"},
    {"id": "entryIntoForce", "name": "entry into force"},
    {"id": "partOf", "name": "is part of", "settings": {"limit": "1"}},
)


def is_here() -> bool:
    """Whether OpenRefine is installed."""
    return shutil.which(PROGRAM) is not None


class Refine:
    """An OpenRefine that runs. Raises AssertionError with its own words where it refuses something."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=f"{url}/command/core", timeout=60)

    def close(self) -> None:
        """Let its connections go."""
        self._client.close()

    def version(self) -> str:
        """Its version."""
        return str(self._client.get("/get-version").json()["version"])

    def _post(self, command: str, project: str = "", **more: Any) -> httpx.Response:
        token = self._client.get("/get-csrf-token").json()["token"]
        params = {**more.pop("params", {}), "csrf_token": token, **({"project": project} if project else {})}
        return self._client.post(command, params=params, **more)

    def create(self, name: str, table: str) -> str:
        """A project from a CSV table; its number."""
        answer = self._post(
            "/create-project-from-upload",
            params={"options": json.dumps({"separator": ",", "headerLines": 1, "encoding": "UTF-8"})},
            data={"project-name": name, "format": "text/line-based/*sv"},
            files={"project-file": ("table.csv", table.encode(), "text/csv")},
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].partition("project=")[2]

    def apply(self, project: str, operation: dict[str, Any]) -> None:
        """Run one operation to its end."""
        answer = self._post("/apply-operations", project, data={"operations": json.dumps([operation])})
        assert answer.json()["code"] in ("ok", "pending"), answer.text
        deadline = time.monotonic() + PATIENCE
        while self._client.get("/get-processes", params={"project": project}).json()["processes"]:
            assert time.monotonic() < deadline, f"{operation['op']} does not end"
            time.sleep(0.05)

    def judgments(self, project: str) -> list[dict[str, Any]]:
        """What OpenRefine holds about the cells of the first column: `value`, `judgment`, `match`, `candidates`."""
        answer = self._client.get("/get-rows", params={"project": project, "start": 0, "limit": 100}).json()
        found = []
        for row in answer["rows"]:
            cell = row["cells"][0]
            about = answer["pool"]["recons"][str(cell["r"])]
            found.append(
                {
                    "value": cell["v"],
                    "judgment": about["j"],
                    "match": about.get("m", {}).get("id"),
                    "candidates": [one["id"] for one in about.get("c", [])],
                }
            )
        return found

    def table(self, project: str) -> list[dict[str, str]]:
        """The project's rows as its CSV export gives them."""
        form = {"format": "csv", "engine": json.dumps(ROWS)}
        answer = self._post("/export-rows/table.csv", project, data=form)
        return list(csv.DictReader(io.StringIO(answer.text)))


@contextmanager
def running() -> Iterator[Refine]:
    """Start OpenRefine on a free port with a workspace of its own, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as directory:
        log = Path(directory) / "log"
        command = [PROGRAM, "-i", "127.0.0.1", "-p", str(port), "-d", directory, "-m", "512M"]
        with log.open("w") as output:
            process = subprocess.Popen(
                [*command, "-x", "refine.headless=true"],
                env={**os.environ, "REFINE_MIN_MEMORY": "128M"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait(url, process, log)
            with closing(Refine(url)) as refine:
                yield refine
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_UP
    while time.monotonic() < deadline:
        assert process.poll() is None, f"OpenRefine ended:\n{log.read_text()}"
        try:
            if httpx.get(f"{url}/command/core/get-version", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"OpenRefine did not answer within {START_UP:.0f} s:\n{log.read_text()}")


@contextmanager
def overhearing(service: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A relay before a reconciliation service: its address, and what went through it so far, request and answer."""
    heard: list[dict[str, Any]] = []

    class Relay(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            media = self.headers["Content-Type"]
            answer = httpx.post(service, content=body, headers={"Content-Type": media}, timeout=60)
            form = {name: json.loads(values[0]) for name, values in parse_qs(body.decode()).items()}
            heard.append({"type": media, "form": form, "status": answer.status_code, "answer": answer.json()})
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/reconcile", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Session:
    """What came of a session: the version of OpenRefine, its judgments after matching, the table at the end, and what
    it asked and was answered."""

    version: str
    judgments: list[dict[str, Any]]
    table: list[dict[str, str]]
    exchange: list[dict[str, Any]]


def session(refine: Refine, service: str) -> Session:
    """Match the first column of :data:`TABLE`, with the country as a second property; take the best candidate of the
    misspelt cell; fetch columns about all that was matched."""
    manifest = httpx.get(service, timeout=60).json()
    spaces = {name: manifest[name] for name in ("identifierSpace", "schemaSpace")}
    project = refine.create("actors", TABLE)
    with overhearing(service) as (address, heard):
        config = {
            "mode": "standard-service",
            "service": address,
            **spaces,
            "type": None,
            "autoMatch": True,
            "columnDetails": [{"column": "country", "propertyName": "is based in", "propertyID": "basedIn"}],
            "limit": 3,
        }
        refine.apply(project, {"op": "core/recon", "engineConfig": ROWS, "columnName": "name", "config": config})
        judgments = refine.judgments(project)
        misspelt = {
            "type": "list",
            "name": "name",
            "columnName": "name",
            "expression": "value",
            "selection": [{"v": {"v": "Expertise Farnce", "l": "Expertise Farnce"}}],
            "invert": False,
            "omitBlank": False,
            "omitError": False,
            "selectBlank": False,
            "selectError": False,
        }
        chosen = {"facets": [misspelt], "mode": "row-based"}
        refine.apply(project, {"op": "core/recon-match-best-candidates", "engineConfig": chosen, "columnName": "name"})
        extension = {"op": "core/extend-reconciled-data", "engineConfig": ROWS, "baseColumnName": "name"}
        properties = {"extension": {"properties": list(PROPERTIES)}, "columnInsertIndex": 1}
        refine.apply(project, {**extension, "endpoint": address, **spaces, **properties})
        return Session(refine.version(), judgments, refine.table(project), heard)


def main() -> None:
    """Run the session on the service named on the command line and print it as JSON."""
    with running() as refine:
        found = session(refine, sys.argv[1])
    written = {"openrefine": found.version, "exchange": found.exchange, "table": found.table}
    print(json.dumps(written, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
