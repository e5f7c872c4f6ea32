"""A release in any SPARQL 1.1 engine by URL, read like one in memory.

Two ways for a release to be there:

    placed   `palermo load` put it there: the engine itself says which release is in service and holds its manifest;
             every query is rewritten to that place (:mod:`graph.remote.rewriting`)
    plain    the engine's default graph is the release and its named graphs are the sources, as our own /sparql serves
             it; the manifest comes from a release directory, and the engine must hold as many triples as it says

The release is settled when the store is opened and does not change under it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Self

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, Triple

from graph import manifest
from graph.ids import Ids
from graph.manifest import Manifest
from graph.read.store import BadQuery, Rows, StoreFailure, StoreUnavailable
from graph.remote import answers, placing
from graph.remote.datasets import Dataset, merged, stated
from graph.remote.endpoint import Endpoint
from graph.remote.placing import Place
from graph.remote.rewriting import Chosen, form, rewritten, with_prefixes, without_limit

_COUNT: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class RemoteStore:
    """A :class:`graph.read.store.Store` over an engine elsewhere. May be used from several threads."""

    def __init__(self, endpoint: Endpoint, described: Manifest, place: Place | None = None) -> None:
        self._endpoint, self._manifest, self._place = endpoint, described, place
        self._ids = Ids(described.base)
        self._graphs: dict[str, str] | None = None

    @classmethod
    def open(cls, endpoint: Endpoint, release: Path | None = None) -> Self:
        """Find the release in an engine; `release` is the directory of the same release, for engines that were not
        loaded by `palermo load`. Raises :class:`graph.read.store.StoreError`."""
        found = places(endpoint)
        place = placing.in_service(found)
        if place is not None:
            return cls(endpoint, placed_manifest(endpoint, place), place)
        if release is None or not (release / manifest.NAME).is_file():
            begun = f" ({len(found)} loads began there and none was finished)" if found else ""
            raise StoreUnavailable(
                f"{endpoint.url} holds no release that `palermo load` put there{begun}, and there is no release "
                f"directory {release or ''} that says what it holds otherwise"
            )
        store = cls(endpoint, manifest.read(release))
        there, said = store.select(_COUNT).values()[0]["n"], store.manifest.counts.get("triples")
        if there != str(said):
            raise StoreUnavailable(
                f"{endpoint.url} holds {there} triples in its default graph; the release in {release} has {said}"
            )
        return store

    @property
    def ids(self) -> Ids:
        """How this release's IRIs are made."""
        return self._ids

    @property
    def manifest(self) -> Manifest:
        """The release that is read."""
        return self._manifest

    @property
    def endpoint(self) -> Endpoint:
        """The engine."""
        return self._endpoint

    @property
    def place(self) -> Place | None:
        """Where the release stands among others; None where it is all that the engine holds."""
        return self._place

    def prepared(self, query: str, *, known: bool = True, dataset: Dataset | None = None) -> str:
        """The query as the engine gets it: on its place, with the usual prefixes declared unless not `known`, and its
        graphs chosen where a `dataset` is given, which must not be a merged one.

        Raises :class:`graph.read.store.StoreError`."""
        text = with_prefixes(query, self._ids.prefixes) if known else query
        if dataset is not None:
            default = self.graph(dataset.default[0]) if dataset.default else None
            named = tuple(there for one in dataset.named if (there := self.graph(one)))
            return rewritten(text, self._place, Chosen(default, named))
        return rewritten(text, self._place) if self._place else text

    def graph(self, name: str) -> str | None:
        """What a graph of the release is called in the engine; None where the engine is known to have none.

        Raises :class:`graph.read.store.StoreError`."""
        if self._place is None:
            return name
        if self._graphs is None:
            result = answers.rows(self._endpoint.query(self._place.named, answers.ROWS).content)
            rows = rows_of(result).values() if isinstance(result, QuerySolutions) else []
            self._graphs = {row["name"] or "": row["graph"] or "" for row in rows}
        return self._graphs.get(name)

    def whole(self, name: str) -> str | None:
        """The query for every triple of a graph of the release; None where there is no such graph.

        Raises :class:`graph.read.store.StoreError`."""
        there = self.graph(name)
        return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{there}> {{ ?s ?p ?o }} }}" if there else None

    def answer(self, query: str, *, base: str | None = None) -> QuerySolutions | QueryBoolean | list[Triple]:
        """Answer any query, whatever its form and its FROM. Graphs that are to be merged are read and merged here,
        within memory. Raises :class:`graph.read.store.StoreError`."""
        text = with_prefixes(query, self._ids.prefixes)
        dataset = stated(text, base)
        graph = form(text) in ("CONSTRUCT", "DESCRIBE")
        if dataset and dataset.merged:
            named = ((one, self._triples(self.whole(one))) for one in dataset.named)
            store = merged((one for name in dataset.default for one in self._triples(self.whole(name))), named)
            graphs: list[Any] = list(map(NamedNode, dataset.named))
            result: Any = store.query(text, base_iri=base, default_graph=DefaultGraph(), named_graphs=graphs)
            return list(dict.fromkeys(result)) if graph else result
        if graph:
            return self._triples(self.prepared(text, known=False, dataset=dataset))
        return self._rows(text, dataset)

    def _triples(self, query: str | None) -> list[Triple]:
        if query is None:
            return []
        response = self._endpoint.query(query, answers.GRAPH)
        return answers.triples(response.content, response.headers.get("content-type", ""))

    def _rows(self, query: str, dataset: Dataset | None = None) -> QuerySolutions | QueryBoolean:
        # Virtuoso sorts rightly and without end, but under a LIMIT puts unbound last and takes 10,000 rows at most
        most = None
        if self._endpoint.server.startswith("Virtuoso"):
            query, most = without_limit(query)
        return answers.rows(self._endpoint.query(self.prepared(query, dataset=dataset), answers.ROWS).content, most)

    def select(self, query: str) -> Rows:
        """Answer a SELECT. Raises :class:`graph.read.store.StoreError`."""
        result = self._rows(query)
        if not isinstance(result, QuerySolutions):
            raise BadQuery("a SELECT is needed")
        return rows_of(result)

    def serialized(self, query: str, form: QueryResultsFormat) -> bytes:
        """Answer a SELECT or ASK in a standard format, the same bytes for the same terms as a store in memory writes.

        Raises :class:`graph.read.store.StoreError`."""
        try:
            return self._rows(query).serialize(format=form) or b""
        except (SyntaxError, ValueError) as error:
            raise StoreFailure(f"the engine's answer is no SPARQL JSON: {str(error)[:200]}") from None

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE, each triple once. Raises :class:`graph.read.store.StoreError`."""
        return self._triples(self.prepared(query))

    def ask(self, query: str) -> bool:
        """Answer an ASK. Raises :class:`graph.read.store.StoreError`."""
        result = self._rows(query)
        if not isinstance(result, QueryBoolean):
            raise BadQuery("an ASK is needed")
        return bool(result)

    def close(self) -> None:
        """Let go of the connections."""
        self._endpoint.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()


def rows_of(result: QuerySolutions) -> Rows:
    """All solutions of an answer. Raises :class:`StoreFailure` where the answer breaks off or is malformed."""
    columns = tuple(variable.value for variable in result.variables)
    try:
        return Rows(columns, [tuple(solution) for solution in result])
    except (SyntaxError, ValueError) as error:
        raise StoreFailure(f"the engine's answer is no SPARQL JSON: {str(error)[:200]}") from None


def places(endpoint: Endpoint) -> list[Place]:
    """Every place in an engine, the oldest first. Raises :class:`graph.read.store.StoreError`."""
    result = answers.rows(endpoint.query(placing.ASK, answers.ROWS).content)
    if not isinstance(result, QuerySolutions):
        raise StoreFailure("the engine answered a SELECT with a boolean")
    return placing.places(rows_of(result).values())


def placed_manifest(endpoint: Endpoint, place: Place) -> Manifest:
    """The manifest of a place. Raises :class:`graph.read.store.StoreError`."""
    query = f"SELECT ?text WHERE {{ GRAPH <{placing.PLACES}> {{ <{place.iri}> <{placing.MANIFEST}> ?text }} }}"
    result = answers.rows(endpoint.query(query, answers.ROWS).content)
    found = rows_of(result).values() if isinstance(result, QuerySolutions) else []
    try:
        return placing.manifest_of(found[0]["text"] or "" if found else "")
    except manifest.ManifestError as error:
        raise StoreFailure(str(error)) from None
