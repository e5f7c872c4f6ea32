"""The notebooks in docs/notebooks run from beginning to end and print what they show.

The outputs that are stored were printed by the release whose hash stands in the notebook's metadata. Where the tests
run on that very release they must be printed again, to the letter; on another one figures may have moved, and every
cell must still print the same kind of thing. `python -m tests.docs.test_notebooks ADDRESS` stores them anew, with a
server of the release in build/release at ADDRESS.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from graph import manifest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def executed(path: Path, server: str) -> Any:
    """The notebook after a run of all its cells. Raises :class:`nbclient.exceptions.CellExecutionError`."""
    book = nbformat.read(path, as_version=4)
    environment = {**os.environ, "SERVER": server, "PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1"}
    client = NotebookClient(book, timeout=200, resources={"metadata": {"path": str(path.parent)}})
    client.execute(env=environment)
    return book


def printed(book: Any) -> list[str]:
    """What each code cell printed, as text; pictures and HTML are left to readers."""
    found = []
    for cell in book.cells:
        if cell.cell_type == "code":
            texts = [
                one.get("text") or one.get("data", {}).get("text/plain", "")
                for one in cell.outputs
                if one.get("name") != "stderr"
            ]
            found.append("\n".join(text for text in texts if text and not text.startswith("<Figure")))
    return found


def test_there_are_three() -> None:
    assert {path.stem for path in NOTEBOOKS} == {"sparql-to-pandas", "treaty-diffusion", "who-funds-what"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebook(path: Path, release_dir: Path, server_url: str) -> None:
    shown = nbformat.read(path, as_version=4)
    run = executed(path, server_url)
    now, then = printed(run), printed(shown)
    assert len(now) == len(then)
    assert any("True" in text for text in now), "a notebook checks itself somewhere"
    assert not any("False" in text for text in now)
    if shown.metadata["palermo"]["hash"] == manifest.read(release_dir).hash:
        assert now == then
    else:
        assert [bool(text) for text in now] == [bool(text) for text in then]


def store(server: str) -> None:
    """Run every notebook and keep what it prints, without the times of the run."""
    described = manifest.read(ROOT / "build" / "release")
    for path in NOTEBOOKS:
        book = executed(path, server)
        for cell in book.cells:
            cell.metadata = {}
            if cell.cell_type == "code":
                cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
                for output in cell.outputs:
                    output.get("data", {}).pop("text/html", None)
        book.metadata["palermo"] = {"release": described.release, "hash": described.hash}
        book.metadata["language_info"] = {"name": "python"}
        nbformat.write(book, path)


if __name__ == "__main__":
    store(sys.argv[1])
