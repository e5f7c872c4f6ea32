"""The tests themselves: every test file is collected, and nothing is skipped without a reason."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import engine
from tests.conftest import only_one


def test_files(root: Path) -> list[Path]:
    return sorted(path for path in (root / "tests").rglob("test_*.py"))


test_files.__test__ = False  # type: ignore[attr-defined]


def skips(tree: ast.AST) -> list[tuple[int, str, ast.Call | None]]:
    """Every use of pytest's skip, skipif, xfail, importorskip: line, name, the call or None where it is not called."""
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return [
        (node.lineno, node.attr, called.get(id(node)))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"skip", "skipif", "xfail", "importorskip"}
        and re.match(r"pytest(\.mark)?\b", ast.unparse(node.value))
    ]


def has_reason(name: str, call: ast.Call | None) -> bool:
    if call is None:
        return False
    if name == "importorskip":  # a missing package is a broken set-up here, never a reason
        return False
    if name == "skip" and call.args:
        return True
    return any(keyword.arg == "reason" for keyword in call.keywords)


def test_every_skip_has_a_reason(root: Path) -> None:
    bare = [
        f"{path.relative_to(root)}:{line}: {name}"
        for path in test_files(root)
        for line, name, call in skips(ast.parse(path.read_text()))
        if not has_reason(name, call)
    ]
    assert not bare


def test_a_skip_without_a_reason_is_seen() -> None:
    tree = ast.parse(
        "@pytest.mark.skip\ndef test_a(): ...\n@pytest.mark.skipif(True)\ndef test_b(): ...\npytest.importorskip('x')"
    )
    assert [has_reason(name, call) for _, name, call in skips(tree)] == [False, False, False]


def test_every_test_file_is_collected(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    collected = {line.split("::")[0] for line in done.stdout.splitlines() if "::" in line}
    assert {str(path.relative_to(root)) for path in test_files(root)} - collected == set()


def test_no_test_hides_under_another_name(root: Path) -> None:
    """A file with test functions that is not named test_*.py would never run."""
    hidden = [
        str(path.relative_to(root))
        for path in sorted((root / "tests").rglob("*.py"))
        if not path.name.startswith("test_")
        and any(
            isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            for node in ast.walk(ast.parse(path.read_text()))
        )
    ]
    assert not hidden


@pytest.mark.xdist_group("kept-together")
@pytest.mark.parametrize("number", range(8))
def test_groups_are_kept_together(number: int, testrun_uid: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests of one `xdist_group` run in one process: some walk on from where another stopped."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    here = tmp_path_factory.getbasetemp() if worker == "alone" else tmp_path_factory.getbasetemp().parent
    seen = here / f"kept-together-{testrun_uid}"
    with only_one(here / "kept-together.lock"):
        workers = {*seen.read_text().split(), worker} if seen.is_file() else {worker}
        seen.write_text(" ".join(sorted(workers)))
    assert workers == {worker}, number


def test_what_is_about_the_store_in_memory_alone_is_told(root: Path) -> None:
    """Each entry of the list for an engine behind the suite is a test, and stands in the docs with its reason."""
    told = (root / "docs" / "engines.md").read_text()
    for id_, reason in engine.IN_MEMORY.items():
        path, _, name = id_.partition("::")
        assert f"def {name.partition('[')[0]}(" in (root / path).read_text(), id_
        assert f"| `{id_}` | {reason} |" in told
