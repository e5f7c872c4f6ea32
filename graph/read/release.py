"""One release, opened: what notebooks use without a server, and what the server itself answers from.

    from graph.read import open_release

    release = open_release("build/release")
    release.query("SELECT ?s { ?s a pal:State } LIMIT 3")     # a pandas DataFrame
    release.entity("FRA").label("fr")
    release.network(as_of="2005-01-01", families=["treaty"])  # a networkx MultiDiGraph
    for explanation in release.paths("expertise-france", "eu"):
        print(release.words(explanation))

Everything is read once, when it is first needed, and may be used from several threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from graph.manifest import Manifest
from graph.read import index as networks
from graph.read import packing
from graph.read.compare import Comparison, compare
from graph.read.dates import Lang
from graph.read.embedded import EmbeddedStore
from graph.read.index import NetworkIndex, Node
from graph.read.indexing import index
from graph.read.network import Filter, View, around, whole
from graph.read.paths import Explanation, Paths
from graph.read.rows import Rows
from graph.read.search import Hit, Search
from graph.read.store import Store
from graph.read.telling import Teller

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

_T = TypeVar("_T")

#: Days for which the costs of all links are kept; one takes a fraction of a megabyte.
_DAYS: Final = 64


class Release:
    """A release and what can be asked of it. Close it, or use it in a `with` statement, when done."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.RLock()
        self._made: dict[str, Any] = {}
        self._paths: OrderedDict[tuple[date | None, frozenset[str]], Paths] = OrderedDict()

    @classmethod
    def open(cls, directory: Path | str) -> Self:
        """Open a release directory. Raises :class:`graph.manifest.ManifestError` where there is none."""
        return cls(EmbeddedStore.open(Path(directory)))

    def _once(self, name: str, make: Callable[[], _T]) -> _T:
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            found: _T = self._made[name]
            return found

    @property
    def manifest(self) -> Manifest:
        """What was built: release, hash, counts, files."""
        return self.store.manifest

    @property
    def index(self) -> NetworkIndex:
        """The network: nodes, statements, links, sources."""
        return self._once("index", self._index)

    @property
    def rows(self) -> Rows:
        """Every family of facts as a list."""
        return self._once("rows", lambda: Rows(self.store, self.index))

    @property
    def teller(self) -> Teller:
        """Says statements in English and French."""
        return self._once("teller", self._teller)

    @property
    def names(self) -> Search:
        """Search by name."""
        return self._once("search", lambda: Search(self.index))

    @property
    def _packed(self) -> Path | None:
        """Where the network of a large release stands in files; None where it is made from the store."""
        place = self.store.place if isinstance(self.store, EmbeddedStore) else None
        return place / packing.NETWORK if place else None

    def _index(self) -> NetworkIndex:
        if self._packed:
            return packing.unpack(self._packed, self.store.manifest.hash, self.store.ids)
        return index(self.store)

    def _teller(self) -> Teller:
        return Teller(self.index, packing.unpack_facts(self._packed) if self._packed else self.store)

    @property
    def large(self) -> bool:
        """Whether this release stands on disk: what is read of all of it is then read when somebody asks for it."""
        return self._packed is not None

    def query(self, sparql: str) -> pd.DataFrame:
        """Answer a SELECT as a table: one column per variable, one row per solution.

        Cells are Python values of the literals' datatypes where XML Schema has one (numbers, booleans, dates of full
        days), text otherwise; IRIs are text; unbound is None. The usual prefixes need not be declared. Needs pandas.
        Raises :class:`graph.read.store.BadQuery` for what is no SELECT.
        """
        import pandas  # only who asks for tables needs it

        rows = self.store.select(sparql)
        return pandas.DataFrame([[_value(term) for term in row] for row in rows.rows], columns=list(rows.columns))

    def entity(self, identifier: str) -> Node:
        """An entity by local id, IRI, ISO 3166-1 code or Wikidata number.

        Raises :class:`graph.read.index.UnknownNodeError`.
        """
        return self.index.find(identifier)

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Entities by name, best first; accents, case and typing slips are forgiven."""
        return self.names(text, limit)

    def view(
        self,
        focus: Iterable[str] = (),
        depth: int = 1,
        *,
        as_of: date | str | None = None,
        families: Iterable[str] = (),
        kinds: Iterable[str] = (),
        every: bool = False,
        most: int = 1_000_000,
    ) -> View:
        """A part of the network as numbers of the index; without a focus, the whole of it. Raises
        :class:`graph.read.index.UnknownNodeError`, and :class:`ValueError` for an unknown family or a bad date."""
        chosen = frozenset(families)
        if stray := chosen - set(networks.FAMILIES):
            raise ValueError(f"families {', '.join(sorted(stray))}: known are {', '.join(networks.FAMILIES)}")
        only = Filter(chosen, frozenset(kinds), _day(as_of))
        numbers = [self.entity(one).number for one in focus]
        if not numbers:
            return whole(self.index, only, every=every)
        return around(self.index, numbers, depth, only, most=most, every=every)

    def network(
        self,
        focus: Iterable[str] = (),
        depth: int = 1,
        *,
        as_of: date | str | None = None,
        families: Iterable[str] = (),
        kinds: Iterable[str] = (),
        every: bool = False,
    ) -> nx.MultiDiGraph[str]:
        """The network, or the neighbourhood of a focus, as a networkx graph: one edge per link, from subject to object.

        `as_of` (a day) leaves out what certainly did not hold; edges of unknown date have `standing` "unknown".
        `every` gives each statement an edge of its own (signature, ratification, status …). Node and edge attributes
        are those of :mod:`graph.read.projection`.
        """
        from graph.read.projection import multigraph  # networkx takes a fifth of a second to load

        view = self.view(focus, depth, as_of=as_of, families=families, kinds=kinds, every=every)
        return multigraph(self.index, view)

    def paths(
        self,
        a: str,
        b: str,
        *,
        as_of: date | str | None = None,
        families: Iterable[str] = (),
        limit: int = 6,
    ) -> list[Explanation]:
        """How two entities are connected: up to `limit` explanations of different kinds, the most telling first.

        Raises :class:`graph.read.index.UnknownNodeError`, :class:`ValueError` when both are one.
        """
        key = _day(as_of), frozenset(families)
        with self._lock:
            paths = self._paths.setdefault(key, Paths(self.index, *key))
            self._paths.move_to_end(key)
            while len(self._paths) > _DAYS:
                self._paths.popitem(last=False)
        return paths.between(self.entity(a).number, self.entity(b).number, limit)

    def words(self, explanation: Explanation, lang: Lang = "en", as_of: date | str | None = None) -> list[str]:
        """An explanation as sentences, one per step."""
        on = _day(as_of)
        return [self.teller.say(self.index.edges[step.line.edge], lang, on) for step in explanation.steps]

    def compare(self, *identifiers: str, as_of: date | str | None = None) -> Comparison:
        """What two or three entities have in common. Raises :class:`ValueError` for another number of them."""
        return compare(self.index, [self.entity(one).number for one in identifiers], Filter(as_of=_day(as_of)))

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _day(value: date | str | None) -> date | None:
    """A day given as a date or as YYYY-MM-DD. Raises :class:`ValueError`."""
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r}: a day YYYY-MM-DD is needed") from None


def _value(term: Any) -> Any:
    """The Python value of a term."""
    if term is None:
        return None
    text: str = getattr(term, "value", str(term))
    datatype = getattr(getattr(term, "datatype", None), "value", "")
    match datatype.removeprefix("http://www.w3.org/2001/XMLSchema#"):
        case "integer" | "int" | "long" | "nonNegativeInteger":
            return int(text)
        case "decimal" | "double" | "float":
            return float(text)
        case "boolean":
            return text in ("true", "1")
        case "date":
            return date.fromisoformat(text) if len(text) == 10 else text
        case _:
            return text
