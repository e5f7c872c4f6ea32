"""Published releases beside the one in service: opened when asked for, a few at a time, without what privacy forbids.

What was withdrawn for a person's privacy (docs/privacy.md) is withdrawn from the past as well: it is taken out of a
past release when that is opened, with every statement about it, and the files of a release that still hold it are not
handed out. What was withdrawn for any other reason stays in the releases that had it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Annotated, Final

from fastapi import Depends, Request
from pyoxigraph import NamedNode, Quad, Store

from api import links
from api.deps import SettingsDep
from api.errors import NotFound
from api.site import Site
from graph import manifest
from graph.ids import PAL, Ids, redirects
from graph.read.embedded import EmbeddedStore, load_release

#: Past releases that are open at once; each takes about as much memory as the one in service.
_OPEN: Final = 2
LINKS: Final = "application/link-format"


@dataclass(frozen=True)
class Memento:
    """One published release: its version, its directory, and when it was published."""

    version: str
    directory: Path
    published: datetime

    @property
    def stamp(self) -> str:
        """When it was published, as HTTP writes dates."""
        return format_datetime(self.published, usegmt=True)


class Past:
    """The published releases of a directory."""

    def __init__(self, directory: str) -> None:
        self._directory = Path(directory) if directory else None
        self._lock = Lock()
        self._open: OrderedDict[str, tuple[Site, bool]] = OrderedDict()

    @property
    def on(self) -> bool:
        """Whether past releases are served at all."""
        return self._directory is not None

    @property
    def mementos(self) -> list[Memento]:
        """Every published release, lowest version first; one that is published while this runs is seen."""
        if self._directory is None:
            return []
        return [
            Memento(one.name, one, datetime.fromisoformat(manifest.record(one)["published"]).replace(tzinfo=UTC))
            for one in manifest.published(self._directory)
        ]

    def find(self, version: str) -> Memento:
        """The release of that version. Raises :class:`NotFound`."""
        every = self.mementos
        for one in every:
            if one.version == version:
                return one
        there = ", ".join(one.version for one in every) or "none"
        raise NotFound(f"There is no release {version!r} here; there are {there}.")

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """The local ids that were withdrawn for privacy, whatever release they stood in."""
        return frozenset(old for old, one in redirects().items() if one.private)

    def withheld(self, ids: Ids) -> list[str]:
        """The IRIs of what was withdrawn."""
        return [ids.base + old if old.startswith("source/") else ids.entity(old) for old in sorted(self.withdrawn)]

    def open(self, memento: Memento) -> tuple[Site, bool]:
        """A past release as pages see it, and whether nothing had to be taken out of it."""
        with self._lock:
            if memento.version not in self._open:
                store, described = load_release(memento.directory)
                whole = not remove(store, self.withheld(Ids(described.base)))
                site = Site(EmbeddedStore(store, described))
                site.directory = memento.directory
                self._open[memento.version] = site, whole
                while len(self._open) > _OPEN:
                    self._open.popitem(last=False)
            self._open.move_to_end(memento.version)
            return self._open[memento.version]


def remove(store: Store, iris: Iterable[str]) -> int:
    """Take things out of a store, with every statement about them; how many quads went."""
    gone = 0
    for iri in iris:
        node = NamedNode(iri)
        about = {quad.subject for end in ("subject", "object") for quad in _ends(store, end, node)}
        for one in (node, *(subject for subject in about if isinstance(subject, NamedNode))):
            quads = [
                *store.quads_for_pattern(one, None, None, None), *store.quads_for_pattern(None, None, one, None),
            ]  # fmt: skip
            for quad in quads:
                store.remove(quad)
            gone += len(quads)
    return gone


def _ends(store: Store, end: str, node: NamedNode) -> list[Quad]:
    return list(store.quads_for_pattern(None, NamedNode(PAL + end), node, None))


def relations(base: str, stem: str, *, original: bool = True) -> str:
    """The Link header by which a resource, its mementos, its TimeGate and its TimeMap know each other."""
    found = [
        (f"{base}/timegate/doc/{stem}", {"rel": "timegate"}),
        (f"{base}/timemap/doc/{stem}", {"rel": "timemap", "type": LINKS}),
    ]
    if original:
        found.insert(0, (f"{base}/doc/{stem}", {"rel": "original"}))
    return links.link_header(found)


def past(request: Request, settings: SettingsDep) -> Past:
    """The past releases of the application."""
    state = request.app.state
    if not hasattr(state, "past"):
        state.past = Past(settings.releases)
    found: Past = state.past
    return found


PastDep = Annotated[Past, Depends(past)]
