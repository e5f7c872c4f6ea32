"""A refresh from end to end: answers of a source in, proposals out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from graph.build import vocabulary
from graph.build.refresh import cache, compare
from graph.build.refresh.cache import Answer, Cache
from graph.build.refresh.cellar import Cellar
from graph.build.refresh.coe import Coe
from graph.build.refresh.connector import Connector
from graph.build.refresh.errors import CacheError
from graph.build.refresh.eurostat import Eurostat
from graph.build.refresh.fetch import Fetcher
from graph.build.refresh.greta import Greta
from graph.build.refresh.iati import Iati
from graph.build.refresh.normlex import Normlex
from graph.build.refresh.proposal import Proposal
from graph.build.refresh.untc import Untc
from graph.build.refresh.wikidata import Wikidata
from graph.build.tables import Tables, read
from graph.ids import redirects

#: Every connector by its name.
CONNECTORS: Final[dict[str, Connector]] = {
    one.name: one for one in (Cellar(), Coe(), Eurostat(), Greta(), Iati(), Normlex(), Untc(), Wikidata())
}


def connector(name: str) -> Connector:
    """The connector of that name. Raises :class:`ValueError` with the names there are."""
    if name not in CONNECTORS:
        raise ValueError(f"no source {name!r}; there are {', '.join(sorted(CONNECTORS))}")
    return CONNECTORS[name]


def tables_of(facts: Path) -> Tables:
    """The fact tables as the build reads them. Raises :class:`graph.build.findings.BuildError`."""
    return read(facts, vocabulary.load().notations, redirects())


def samples(paths: Iterable[Path]) -> list[Answer]:
    """Recorded answers: files with their record beside them, or directories of such files, in the order of names."""
    found: list[Answer] = []
    for path in paths:
        bodies = sorted(one for one in path.iterdir() if cache.record_of(one).exists()) if path.is_dir() else [path]
        if not bodies:
            raise CacheError(f"{path}: holds no answer (a file with its record, FILE.json, beside it)")
        found += [cache.load(one) for one in bodies]
    return found


def fetched(name: str, tables: Tables, directory: Path, say: Callable[[str], None]) -> list[Answer]:
    """The pages of a source from the network, kept in the cache below `directory`."""
    with Fetcher(Cache(directory / name)) as fetcher:

        def get(url: str, headers: Mapping[str, str]) -> Answer:
            say(f"asking for {url}")
            return fetcher.get(url, headers)

        return connector(name).fetch(get, tables)


def proposals(name: str, answers: Iterable[Answer], tables: Tables) -> list[Proposal]:
    """What the answers of a source propose to change. Raises :class:`graph.build.refresh.errors.LayoutError`."""
    return compare.proposals(name, connector(name).read(answers, tables), tables)
