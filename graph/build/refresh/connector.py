"""What a connector is: it knows the pages of one source, their layout, and how they say things in our tables' words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping

from graph.build.refresh.cache import Answer
from graph.build.refresh.reading import Reading
from graph.build.tables import Tables

#: Fetches one page: its address and further request headers.
Get = Callable[[str, Mapping[str, str]], Answer]


class Connector(ABC):
    """One live source. `name` is what the command and the files call it, `title` what people read."""

    name: str
    title: str

    @abstractmethod
    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """All pages of the source. Raises :class:`graph.build.refresh.errors.FetchError`."""

    @abstractmethod
    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """What the pages state. Raises :class:`graph.build.refresh.errors.LayoutError` for anything unexpected."""


def source_row(
    id_: str, title: str, publisher: str, answer: Answer, *, kind: str, published: str = "", language: str = "en",
    url: str = "",
) -> dict[str, str]:  # fmt: skip
    """The row of a reading for the table of sources; `read` is the day on which its bytes came."""
    return {
        "id": id_,
        "title": title,
        "publisher": publisher,
        "url": url or answer.url,
        "published": published,
        "read": answer.day,
        "language": language,
        "kind": kind,
    }
