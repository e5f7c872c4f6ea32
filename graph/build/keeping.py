"""Writes to a directory of fact tables: one writer at a time, every file whole, before and after a crash.

A lock file beside the tables is held by whoever reads in order to write; it goes with the process that holds it. A
file is written beside itself, brought to the disk, and renamed into place.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from graph.build.schema import Family

LOCK: Final = ".lock"


@contextmanager
def alone(facts: Path) -> Iterator[None]:
    """Hold the one lock of a directory of fact tables; wait for whoever holds it."""
    with (facts / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def replace(path: Path, data: bytes) -> None:
    """Put a file into place in one step. A process killed at any moment leaves the old file or the new one."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def dump(family: Family, rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table as its file holds it: header, rows sorted by their key and then their source, LF."""
    names = [column.name for column in family.columns]
    order = [*family.key, *(["source"] if "source" in names and "source" not in family.key else [])]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: [row[name] for name in order]))
    return out.getvalue().encode()
