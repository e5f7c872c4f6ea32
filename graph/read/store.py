"""What every store can be asked, and the one error tree of reading.

    StoreError              anything a store cannot answer
      BadQuery              the query is not SPARQL, or asks for another form than the call        (400)
      StoreUnavailable      nothing is there, or it does not answer                                (503)
      StoreTimeout          it did not answer in time                                              (504)
      StoreFailure          it answered with something that is no answer                           (502)

Terms are pyoxigraph's, whatever engine is behind. No store has a way to write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, Triple

from graph.ids import Ids
from graph.manifest import Manifest

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


class StoreError(Exception):
    """Anything a store cannot answer. `status` is the HTTP status that says so honestly."""

    status = 500


class BadQuery(StoreError):
    """The query is not SPARQL 1.1, or asks for another form than the call expects."""

    status = 400


class StoreFailure(StoreError):
    """The engine answered with something that is no answer."""

    status = 502


class StoreUnavailable(StoreError):
    """Nothing is there, or it does not answer."""

    status = 503


class StoreTimeout(StoreError):
    """The engine did not answer in time."""

    status = 504


@dataclass(frozen=True)
class Rows:
    """The answer to a SELECT: names of the columns, and rows of terms with None where a variable is unbound."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Term | None]]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def values(self) -> list[dict[str, str | None]]:
        """Rows as dictionaries of plain text: lexical forms of literals, IRIs as they are."""
        return [{name: text(term) for name, term in row.items()} for row in self]


def text(term: Term | None) -> str | None:
    """The plain text of a term: a literal's lexical form, an IRI; None stays None."""
    if term is None or isinstance(term, NamedNode | Literal | BlankNode):
        return None if term is None else term.value
    return str(term)


def is_true(value: str | None) -> bool:
    """Whether the text of a truth value says true; engines that have no such type write 1."""
    return value in ("true", "1")


class Store(Protocol):
    """A read-only release of the graph.

    The default graph is the deduplicated union; each source's statements stand in the graph of its name. Calls are
    synchronous and may be made from several threads at once; a web server makes them off its event loop.
    """

    @property
    def ids(self) -> Ids:
        """How this release's IRIs are made."""

    @property
    def manifest(self) -> Manifest:
        """The release that is read."""

    def select(self, query: str) -> Rows:
        """Answer a SELECT. Raises :class:`StoreError`."""

    def serialized(self, query: str, form: QueryResultsFormat) -> bytes:
        """Answer a SELECT or ASK in a standard format, as the engine writes it. Raises :class:`StoreError`."""

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE, each triple once. Raises :class:`StoreError`."""

    def ask(self, query: str) -> bool:
        """Answer an ASK. Raises :class:`StoreError`."""

    def close(self) -> None:
        """Let go of what the store holds."""

    def __enter__(self) -> Store: ...

    def __exit__(self, *exc: Any) -> None: ...
