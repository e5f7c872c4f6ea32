"""What the tests of engines share: a small release, and a Virtuoso that `palermo load` has filled with it."""

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
def engine(tmp_path_factory: pytest.TempPathFactory, release: Path) -> Iterator[virtuoso.Virtuoso]:
    """A Virtuoso of the module's own, with the release in it."""
    if not virtuoso.is_here():
        pytest.skip(reason="no virtuoso-t here: apt-get install virtuoso-opensource-7-bin")
    with virtuoso.virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
        with running.endpoint() as endpoint:
            load(release, endpoint, lambda _: None)
        yield running
