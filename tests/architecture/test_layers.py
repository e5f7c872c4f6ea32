"""The house: imports point down, modules stay small, one module imports pyvis, every directory has its place."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

PACKAGES = ("ontology", "graph", "viz", "api")
LONGEST = 500
#: What graph.build and graph.read may both import of graph itself: the addresses, the contract of the directory, and
#: what a stated date means, which must be one rule for whoever writes and whoever asks.
MEETING_PLACES = {"graph.ids", "graph.manifest", "graph.dates"}
#: Directory -> directories of code that must stand in it.
HOUSE = {
    "ontology": ["schemes", "alignments", "shapes", "rules", "checks"],
    "graph": ["facts", "build", "read", "read/queries"],
    "viz": ["web"],
    "api": ["commands"],
    "tests": ["architecture", "docs"],
}


def modules(root: Path) -> list[Path]:
    found = [
        path
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        if "node_modules" not in path.parts
    ]
    assert len(found) > 30, "the search for modules found too few: is it still looking in the right place?"
    return found


def imported(path: Path) -> set[str]:
    """The names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def lint_imports(directory: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"], cwd=directory, capture_output=True, text=True, timeout=120, check=False
    )


def test_import_contracts_hold(root: Path) -> None:
    done = lint_imports(root)
    assert done.returncode == 0, done.stdout
    assert "Contracts: 2 kept, 0 broken." in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("graph/ids.py", "import api.cli", "imports point down BROKEN"),
        ("viz/__init__.py", "import api", "imports point down BROKEN"),
        ("graph/read/__init__.py", "import graph.build.tables", "build and read are apart BROKEN"),
    ],
)
def test_import_contracts_can_break(root: Path, tmp_path: Path, module: str, line: str, contract: str) -> None:
    for package in PACKAGES:
        shutil.copytree(
            root / package,
            tmp_path / package,
            ignore=lambda directory, names: [
                name
                for name in names
                if not (name.endswith(".py") or (Path(directory) / name).is_dir()) or name == "web"
            ],
        )
    shutil.copy(root / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert contract in done.stdout


def test_build_and_read_meet_in_few_places(root: Path) -> None:
    graph = grimp.build_graph("graph")
    direct = {module for module in graph.modules if re.fullmatch(r"graph\.\w+", module)} - {"graph.build", "graph.read"}

    def used_by(part: str) -> set[str]:
        members = graph.find_descendants(part) | {part}
        return {used for member in members for used in graph.find_modules_directly_imported_by(member)} & direct

    assert used_by("graph.build"), "nothing found: the search is broken"
    assert used_by("graph.build") & used_by("graph.read") <= MEETING_PLACES


def test_no_module_is_too_long(root: Path) -> None:
    long = {
        str(path.relative_to(root)): n for path in modules(root) if (n := len(path.read_text().splitlines())) > LONGEST
    }
    assert not long, f"split these: {long}"


def test_only_the_snapshot_imports_pyvis(root: Path) -> None:
    importers = {
        str(path.relative_to(root))
        for path in modules(root)
        if any(name.split(".")[0] == "pyvis" for name in imported(path))
    }
    assert importers <= {"viz/snapshot.py"}


def test_no_module_is_a_drawer_for_everything(root: Path) -> None:
    assert not [path for path in modules(root) if path.stem in {"utils", "util", "helpers", "common", "misc"}]


def test_the_house_is_as_drawn(root: Path) -> None:
    missing = [
        f"{top}/{inner}" for top, inners in HOUSE.items() for inner in inners if not (root / top / inner).is_dir()
    ]
    assert not missing
    script = tomllib.loads((root / "pyproject.toml").read_text())
    assert script["project"]["scripts"] == {"palermo": "api.cli:main"}
    assert tuple(script["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES


#: What takes a tenth of a second or more to load, and who needs it: a server has none of it before its first answer.
LATER = {
    "networkx": "measures, exports and paths",
    "pyvis": "offline files",
    "IPython": "offline files, by way of pyvis",
    "pyshacl": "builds",
    "rdflib": "builds",
    "mcp": "agents",
    "httpx": "engines elsewhere, pictures and embeds",
    "scipy": "measures",
    "pandas": "notebooks",
}


def test_a_server_starts_without_what_it_needs_later() -> None:
    listed = (
        "import sys, api.cli; from api import app, server; print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, timeout=120, check=True)
    loaded = set(done.stdout.split())
    assert {"fastapi", "pyoxigraph"} <= loaded, "nothing found: the list is broken"
    assert not {name: LATER[name] for name in loaded & LATER.keys()}
