"""What the tests of engines share: a small release, and a Virtuoso, empty or filled with it by `palermo load`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import virtuoso
from graph.remote.load import load
from tests.stores import releases
from tests.stores.answers import DATA


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the few facts in fixture/small.trig."""
    return releases.write(tmp_path_factory.mktemp("small") / "release", DATA.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[virtuoso.Virtuoso]:
    """A Virtuoso of the module's own, with nothing in it. Skips where there is none; CI installs it."""
    if not virtuoso.is_here():
        pytest.skip(reason="no virtuoso-t here: sh scripts/system.sh virtuoso")
    with virtuoso.virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
        yield running


@pytest.fixture(scope="module")
def engine(empty: virtuoso.Virtuoso, release: Path) -> virtuoso.Virtuoso:
    """The same with the release in it."""
    with empty.endpoint() as endpoint:
        load(release, endpoint, lambda _: None)
    return empty
