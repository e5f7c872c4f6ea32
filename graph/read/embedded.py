"""Oxigraph in this process, over a release directory or over anybody's RDF files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

from pyoxigraph import (
    DefaultGraph,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from graph import manifest
from graph.ids import HOME, Ids
from graph.read.store import BadQuery, Rows, StoreUnavailable

#: The engine's files within the place of a store on disk.
STORE: Final = "store"

#: File endings that `--data` takes, with their formats.
FORMATS: Final = {
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}


#: What in a query is no keyword: texts, IRIs, comments.
_NO_KEYWORDS: Final = re.compile(
    r"""\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|\#[^\n]*""", re.DOTALL
)
_FROM: Final = re.compile(r"(?<![?$:\w-])FROM(?![\w:-])(?!\s+NAMED\b)", re.IGNORECASE)


def load_release(directory: Path) -> tuple[Store, manifest.Manifest]:
    """Load a release into memory. Raises :class:`graph.manifest.ManifestError` where there is none."""
    described = manifest.read(directory)
    store = Store()
    try:
        store.bulk_load(path=str(directory / manifest.DATASET), format=RdfFormat.N_QUADS)
        store.bulk_load(path=str(directory / manifest.MERGED), format=RdfFormat.N_TRIPLES)
    except (OSError, SyntaxError) as error:
        raise manifest.ManifestError(f"{directory}: {error}") from None
    return store, described


def load_files(paths: Sequence[Path], base: str = HOME) -> tuple[Store, manifest.Manifest]:
    """Load anybody's RDF files: named graphs by name, and the deduplicated union of everything as the default graph.

    Raises :class:`StoreUnavailable` for a file that is missing, of an unknown ending or does not parse.
    """
    store, digest = Store(), hashlib.sha256()
    triples = 0
    for path in paths:
        form = FORMATS.get(path.suffix)
        if form is None:
            raise StoreUnavailable(f"{path}: unknown ending; known are {', '.join(FORMATS)}")
        try:
            data = path.read_bytes()
            quads = set(parse(data, format=form, base_iri=path.resolve().as_uri()))
        except (OSError, SyntaxError) as error:
            raise StoreUnavailable(f"{path}: {error}") from None
        digest.update(data)
        store.bulk_extend(quads)
        store.bulk_extend(Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in quads)
    triples = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
    counts = {"triples": triples, "quads": len(store) - triples, "graphs": sum(1 for _ in store.named_graphs())}
    name = digest.hexdigest()
    return store, manifest.Manifest("data", base, name, name, "", counts, {})


def opened(place: Store | Path) -> Store:
    """A store in memory as it is; one on disk (:mod:`graph.read.ondisk`) read-only, which takes some ten milliseconds
    and is done after a fork by each process for itself, since the engine on disk has threads."""
    return Store.read_only(str(place / STORE)) if isinstance(place, Path) else place


class EmbeddedStore:
    """A :class:`graph.read.store.Store` over an Oxigraph in memory or on disk; it releases the interpreter while it
    works."""

    def __init__(self, store: Store, described: manifest.Manifest) -> None:
        self._store = store
        self._manifest = described
        self._ids = Ids(described.base)
        #: Where it stands on disk with what was made for it; None in memory.
        self.place: Path | None = None

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a release directory. Raises :class:`graph.manifest.ManifestError`."""
        return cls(*load_release(directory))

    @classmethod
    def at(cls, store: Store | Path, described: manifest.Manifest) -> Self:
        """A store in memory, or the one on disk at that place (:mod:`graph.read.ondisk`), opened read-only."""
        found = cls(opened(store), described)
        found.place = store if isinstance(store, Path) else None
        return found

    @classmethod
    def of_files(cls, paths: Sequence[Path], base: str = HOME) -> Self:
        """Open anybody's RDF files. Raises :class:`StoreUnavailable`."""
        return cls(*load_files(paths, base))

    @property
    def ids(self) -> Ids:
        """How this release's IRIs are made."""
        return self._ids

    @property
    def manifest(self) -> manifest.Manifest:
        """The release that is read."""
        return self._manifest

    def _query(self, query: str) -> QuerySolutions | QueryTriples | QueryBoolean:
        # The engine would count a triple once for each graph that holds it; SPARQL wants their merge, which is a set.
        if len(_FROM.findall(_NO_KEYWORDS.sub(" ", query))) > 1:
            raise BadQuery("several FROM: name one graph here; `palermo query` and /sparql merge several")
        try:
            return self._store.query(query, prefixes=self._ids.prefixes)
        except SyntaxError as error:
            raise BadQuery(str(error)) from None

    def select(self, query: str) -> Rows:
        """Answer a SELECT. Raises :class:`BadQuery`."""
        result = self._query(query)
        if not isinstance(result, QuerySolutions):
            raise BadQuery("a SELECT is needed")
        columns = tuple(variable.value for variable in result.variables)
        return Rows(columns, [tuple(solution) for solution in result])

    def serialized(self, query: str, form: QueryResultsFormat) -> bytes:
        """Answer a SELECT or ASK in a standard format. Raises :class:`BadQuery`."""
        result = self._query(query)
        body = None if isinstance(result, QueryTriples) else result.serialize(format=form)
        if body is None:
            raise BadQuery("a SELECT or ASK is needed")
        return body

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE, each triple once. Raises :class:`BadQuery`."""
        result = self._query(query)
        if not isinstance(result, QueryTriples):
            raise BadQuery("a CONSTRUCT or DESCRIBE is needed")
        return list(dict.fromkeys(result))

    def ask(self, query: str) -> bool:
        """Answer an ASK. Raises :class:`BadQuery`."""
        result = self._query(query)
        if not isinstance(result, QueryBoolean):
            raise BadQuery("an ASK is needed")
        return bool(result)

    def close(self) -> None:
        """Nothing to let go of: memory goes with the object."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()
