"""docs/notebooks/palermo.R, run by R where R and its package SPARQL are installed (`scripts/system.sh r`)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import recount

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.r
def test_the_script_counts_what_the_tables_hold(server_url: str, tmp_path: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip(reason="no R here: sh scripts/system.sh r")
    done = subprocess.run(
        [program, str(ROOT / "docs" / "notebooks" / "palermo.R")],
        cwd=tmp_path,
        env={**os.environ, "SERVER": server_url, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    parties = sum(treaty == "palermo-protocol" for _, treaty in recount.bound())
    assert f"with the package: {parties} parties" in done.stdout
    assert f"as CSV: {parties} parties" in done.stdout
    inside, doubtful = recount.certain("palermo-protocol", "2010-12-31")
    (shown,) = re.findall(r"and of 2010: (\d+)", done.stdout)
    assert len(inside) <= int(shown) <= len(inside | doubtful)
    assert "ratification 2002-10-29" in done.stdout
    assert (tmp_path / "Rplots.pdf").read_bytes().startswith(b"%PDF")
