"""The real release, opened as a library, once for the session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.read import open_release
from graph.read.release import Release


@pytest.fixture(scope="session")
def release(release_dir: Path) -> Iterator[Release]:
    """The release that the checkout's tables make."""
    with open_release(release_dir) as opened:
        yield opened
