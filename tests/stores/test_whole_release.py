"""The whole release in Virtuoso, loaded and checked as `palermo load` does it, against the same release in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat

from bench import virtuoso
from bench.answers import digest
from graph.read.embedded import EmbeddedStore
from graph.read.library import load
from graph.read.remote import RemoteStore
from graph.remote.load import load as put

LIBRARY = load()

#: What Virtuoso answers differently on the whole release; docs/engines.md says why. The list may only shrink.
DIFFERENT = {"projects-of-implementer"}


@pytest.fixture(scope="module")
def there(empty: virtuoso.Virtuoso, release_dir: Path) -> Iterator[RemoteStore]:
    with empty.endpoint(300.0) as endpoint:
        put(release_dir, endpoint, lambda _: None)
    with RemoteStore.open(empty.endpoint()) as store:
        yield store


@pytest.mark.virtuoso
@pytest.mark.xdist_group("virtuoso")
def test_every_named_query_answers_the_same(there: RemoteStore, release_dir: Path) -> None:
    """Every row of every named query; numbers and truth values by value."""
    form = QueryResultsFormat.JSON
    with EmbeddedStore.open(release_dir) as here:
        differ = {
            name
            for name, query in LIBRARY.items()
            if digest(here.serialized(query.bind(), form)) != digest(there.serialized(query.bind(), form))
        }
    assert differ == DIFFERENT
