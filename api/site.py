"""What pages are made from, once per release: the store, its network in memory, who tells sentences, what is cached.

Made when the first page is asked for and then shared by all threads. Everything in it is about one release, which
never changes.
"""

from __future__ import annotations

import gc
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Annotated, Final

from fastapi import Depends, Request
from pyoxigraph import Literal, NamedNode

from api.cache import Cache
from api.deps import store as store_of
from graph import networks
from graph.ids import Ids, Redirect, redirects
from graph.manifest import SCHEMA, Manifest
from graph.read import library, terms
from graph.read.index import NetworkIndex
from graph.read.release import Release
from graph.read.store import Store
from graph.read.telling import Teller
from viz.assets import Assets
from viz.desk import Desk

_MAKING: Final = Lock()


class Site:
    """One release as pages see it. Its properties are made on first use, each by one thread."""

    def __init__(self, store: Store) -> None:
        self.store = store
        #: The same index and teller as the JSON API reads.
        self.release = Release(store)
        self.cache = Cache()
        self.assets = Assets.read()
        self.library = library.load()
        self.redirects: dict[str, Redirect] = redirects()
        #: Where the files of the release are; known once one was asked for.
        self.directory: Path | None = None
        self._lock = Lock()

    @property
    def ids(self) -> Ids:
        """How this release's IRIs are made."""
        return self.store.ids

    @property
    def manifest(self) -> Manifest:
        """The release."""
        return self.store.manifest

    @property
    def completion(self) -> str:
        """The address of the file that names prefixes, classes, properties and things; empty for data that no build has
        made a release of."""
        return f"/data/{SCHEMA}" if SCHEMA in self.manifest.files else ""

    @property
    def network(self) -> NetworkIndex:
        """The network in memory. Raises :class:`graph.read.store.StoreError`."""
        return self.release.index

    @property
    def teller(self) -> Teller:
        """Says the network's statements in sentences. Raises :class:`graph.read.store.StoreError`."""
        return self.release.teller

    @property
    def desk(self) -> Desk:
        """Makes drawings. Raises :class:`graph.read.store.StoreError`."""
        with self._lock:
            return self._desk

    @property
    def ontology(self) -> terms.Ontology:
        """The terms of the release's ontology. Raises :class:`graph.read.store.StoreError`."""
        with self._lock:
            return self._ontology

    @property
    def states(self) -> dict[str, str]:
        """ISO 3166 numbers by IRI, for maps. Raises :class:`graph.read.store.StoreError`."""
        with self._lock:
            return self._states

    @cached_property
    def _states(self) -> dict[str, str]:
        rows = self.store.select("SELECT ?s ?n WHERE { ?s pal:isoNumeric ?n } ORDER BY ?s").rows
        return {one.value: code.value for one, code in rows if isinstance(one, NamedNode) and isinstance(code, Literal)}

    @cached_property
    def _desk(self) -> Desk:
        return Desk(self.store, None, self.network, self.teller)

    @cached_property
    def _ontology(self) -> terms.Ontology:
        return terms.read(self.store)

    def warm(self) -> None:
        """Read everything now, and load what drawings need. Raises :class:`graph.read.store.StoreError`."""
        for read in ("index", "teller", "names", "rows"):
            getattr(self.release, read)
        if not self.release.large:
            self.release.rows.all_of_them()
        _ = self.ontology, self.desk, networks.Graph
        # What was read stays as long as the process: a full collection that walked it stopped every request for 85 ms.
        gc.freeze()


def site(request: Request) -> Site:
    """The site of the application that answers this request."""
    state = request.app.state
    with _MAKING:
        if not hasattr(state, "site"):
            state.site = Site(store_of(request))
        found: Site = state.site
    return found


SiteDep = Annotated[Site, Depends(site)]
