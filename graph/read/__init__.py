"""Reading a release: stores, named queries, the network, and :func:`open_release` for notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.read.release import Release

__all__ = ["open_release"]


def open_release(directory: Path | str) -> Release:
    """Open a release directory, as `palermo build` makes it. Raises :class:`graph.manifest.ManifestError`.

    What it offers is told by :class:`graph.read.release.Release`.
    """
    # Loaded here and not above: workers that only need a store import this package too, and must start quickly.
    from graph.read.release import Release

    return Release.open(directory)
