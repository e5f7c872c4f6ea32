"""What a strict reading found wrong: collected whole, so that one run shows everything there is to mend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong in one place: file, line (1 is the header), column, and what is wrong and allowed."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" [{self.column}]" if self.column else "")
        return f"{where}: {self.message}"


class BuildError(Exception):
    """A build that stops. `lines` are the single findings, sorted; the message counts them."""

    def __init__(self, what: str, lines: list[str]) -> None:
        self.lines = lines
        super().__init__(f"{what}: {len(lines)} finding{'' if len(lines) == 1 else 's'}")
