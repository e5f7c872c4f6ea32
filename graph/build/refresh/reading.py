"""What one page states, in the words of the fact tables: the input of the comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph.build.refresh.matching import Match
from graph.build.tables import Row


@dataclass(frozen=True)
class Stated:
    """One row that a page states, without its source. Empty cells are left out: the page says nothing of them.

    `matches` tell how names became ids, by column; where one is not sure, its column is missing from `values` and the
    row becomes a question. `nothing` are columns of which the page says that there is nothing: a note of an earlier
    reading that is gone.
    """

    family: str
    values: Mapping[str, str]
    matches: Mapping[str, Match]
    note: str = ""
    nothing: frozenset[str] = frozenset()

    @property
    def doubtful(self) -> list[str]:
        """The columns whose match is not sure."""
        return [column for column, match in self.matches.items() if not match.sure]

    @property
    def score(self) -> int:
        """The least sure of its matches; 100 when nothing had to be matched."""
        return min((match.score for match in self.matches.values()), default=100)

    def explained(self) -> str:
        """How every name became an id."""
        return "; ".join([match.explained() for match in self.matches.values()] + ([self.note] if self.note else []))


@dataclass(frozen=True)
class Reading:
    """One page as it was read.

    `source` is its row for the table sources; `earlier` recognises the rows of sources that are earlier readings of
    the same page; `covers` says of a row of such an earlier reading whether this page, being complete, would state it
    again. `brings` tells whether a row that only other sources state is worth a row of this source too.
    """

    source: Mapping[str, str]
    earlier: Callable[[Row], bool]
    covers: Callable[[Row], bool]
    stated: tuple[Stated, ...]
    brings: Callable[[Stated, list[Row]], bool] = lambda stated, rows: True


def says_something_new(stated: Stated, rows: list[Row]) -> bool:
    """Whether a page gives a value that no row has: where a further witness alone is not worth a row."""
    return any(value and all(row[name] != value for row in rows) for name, value in stated.values.items())
