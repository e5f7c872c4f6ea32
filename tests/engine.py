"""The whole suite with an engine behind it: `make test STORE=virtuoso`.

Every server that a test starts on a release is then given that release in a Virtuoso of its own, loaded by
`palermo load`, and reads from there; what a test started on an engine itself, or on files that are no release, stays as
it is. Each process of the suite has its own engines, one for each release, for as long as it runs.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from bench import virtuoso
from graph import manifest
from graph.remote.load import load

VARIABLE: Final = "TEST_STORE"
#: Seconds that one request of a load may take.
_PATIENCE: Final = 300.0

_SERVICE: Final = "an engine is never asked for SERVICE, since it would ask with its own rights and network; 403"

#: Tests about the store in memory alone, by id, each with its reason, as docs/engines.md shows them. With an engine
#: behind, these have to fail: one that passes is taken out of the list.
IN_MEMORY: Final[dict[str, str]] = {
    "tests/http/test_results.py::test_rows_without_values_count[SELECT * { VALUES () { () () } }]": (
        "Virtuoso 7.2.5 looks for a table of its own, which it lacks, for VALUES without variables"
    ),
    "tests/http/test_federation.py::test_an_allowed_service_is_asked": _SERVICE,
    "tests/http/test_federation.py::test_its_answers_join_with_ours": _SERVICE,
    "tests/http/test_federation.py::test_a_service_that_does_not_answer": _SERVICE,
    "tests/http/test_limits.py::test_timeout_lowers_the_limit_and_its_verdict_holds_for_no_more": (
        "Virtuoso looks at its clock now and then: a query out of time ends up to three seconds after its limit"
    ),
    "tests/http/test_limits.py::test_a_query_out_of_memory_is_stopped_and_remembered": (
        "how much memory a query takes is for the engine's own limits; here it runs out of time and is a 504"
    ),
}

_open = ExitStack()
_engines: dict[tuple[str, bool], virtuoso.Virtuoso] = {}


def chosen() -> bool:
    """Whether an engine is to stand behind the suite. Fails for an unknown one, or where it is not installed."""
    name = os.environ.get(VARIABLE, "")
    if name not in ("", "virtuoso"):
        pytest.exit(f"{VARIABLE}={name}: known is virtuoso", returncode=4)
    if name and not virtuoso.is_here():
        pytest.exit("no virtuoso-t here: apt-get install virtuoso-opensource-7-bin", returncode=4)
    return bool(name)


def behind(arguments: Sequence[str | Path], environment: dict[str, str] | None = None) -> dict[str, str]:
    """Settings that put an engine with the release of `--release` behind a command; none where none is asked for."""
    given = list(map(str, arguments))
    if not chosen() or "--release" not in given or "PALERMO_STORE" in (environment or {}):
        return {}
    release = Path(given[given.index("--release") + 1])
    # What ties the engine up in one test must not hold up the others
    engine = _loaded(release, apart="PALERMO_TIME_LIMIT" in (environment or {}))
    return {
        "PALERMO_STORE": engine.sparql,
        "PALERMO_STORE_USER": virtuoso.USER,
        "PALERMO_STORE_PASSWORD": virtuoso.USER,
    }


def _loaded(release: Path, *, apart: bool) -> virtuoso.Virtuoso:
    key = manifest.read(release).hash, apart
    if key not in _engines:
        if not _engines:
            atexit.register(_open.close)
        home = Path(tempfile.mkdtemp(prefix="palermo-engine-"))
        _open.callback(shutil.rmtree, home, ignore_errors=True)
        engine = _open.enter_context(virtuoso.virtuoso(home))
        with engine.endpoint(_PATIENCE) as endpoint:
            load(release, endpoint, lambda _: None)
        _engines[key] = engine
    return _engines[key]


def mark(items: Sequence[pytest.Item]) -> None:
    """Expect the failures of :data:`IN_MEMORY`, where an engine stands behind."""
    if not chosen():
        return
    for item in items:
        if reason := IN_MEMORY.get(item.nodeid.partition("@")[0]):
            item.add_marker(pytest.mark.xfail(reason=f"in memory alone: {reason}", strict=True))
