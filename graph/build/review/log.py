"""The record of decisions: `review-log.jsonl` beside the fact tables, one JSON object a line, only ever added to.

A line is written and brought to the disk before what it tells of is done, so that whoever comes after a crash can
finish it. A last line without its end is of a decision that was never made; the next writer removes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

FILE: Final = "review-log.jsonl"


class LogError(ValueError):
    """A log that is not one; the message says which line."""


@dataclass(frozen=True)
class Entry:
    """One decision: when (UTC, to the second), who, what (`accept`, `reject`, `undecide`, `add`), why, and on what.

    `batch` names the file of proposals by its content, `proposal` the proposal in it; both are empty for a fact added
    by hand. `after` has the values that were decided on.
    """

    at: str
    who: str
    decision: str
    why: str
    family: str
    key: str
    batch: str = ""
    proposal: str = ""
    after: Mapping[str, str] = field(default_factory=dict)

    def dump(self) -> bytes:
        """The line of the log."""
        return (json.dumps(asdict(self), ensure_ascii=False, sort_keys=True) + "\n").encode()


def read(facts: Path) -> list[Entry]:
    """Every decision, oldest first; a last line without its end is none. Raises :class:`LogError`."""
    path = facts / FILE
    data = path.read_bytes() if path.exists() else b""
    found = []
    for number, line in enumerate(data[: data.rfind(b"\n") + 1].splitlines(), 1):
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise LogError(f"{path.name}:{number}: {error}") from None
    return found


def append(facts: Path, entry: Entry) -> None:
    """Add a decision; it is on the disk when this returns. The caller holds the lock of the fact tables,
    :func:`graph.build.refresh.apply.only_one`."""
    path = facts / FILE
    with path.open("ab") as file:
        whole = _whole(path)
        if whole < file.tell():
            file.truncate(whole)
        file.write(entry.dump())
        file.flush()
        os.fsync(file.fileno())


def _whole(path: Path) -> int:
    """How many bytes of the log are finished lines."""
    return path.read_bytes().rfind(b"\n") + 1
