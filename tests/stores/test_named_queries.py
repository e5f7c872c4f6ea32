"""Every named query, on a small data set with a stored answer and on the real release within its stated bound."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import BNode, Dataset, URIRef
from rdflib import Literal as RdflibLiteral

from graph import manifest
from graph.read import ondisk
from graph.read.embedded import EmbeddedStore
from graph.read.library import load
from graph.read.store import Rows, Term
from tests.stores import releases
from tests.stores.answers import ANSWERS, DATA, Run, answer, cases, expected

LIBRARY = load()

#: There may be more; fewer means that a question was lost.
LEAST = 60

#: Seconds that a query may take on the real release, defaults bound, on a slow machine.
PATIENCE = 10.0


def test_no_question_is_lost() -> None:
    assert len(LIBRARY) >= LEAST
    assert {path.stem for path in ANSWERS.glob("*.csv")} == set(LIBRARY), "a stored answer for every query and no other"
    assert set(cases()) <= set(LIBRARY)


def test_every_stored_answer_says_something() -> None:
    assert [name for name in LIBRARY if len(expected(name)) < 2] == []


@pytest.fixture(scope="module", params=["oxigraph", "on disk", "rdflib"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A store over the small data set: ours in memory and on disk, and an engine that shares no code with them."""
    if request.param == "oxigraph":
        with EmbeddedStore.of_files([DATA]) as store:
            yield store.select
    elif request.param == "on disk":
        place = tmp_path_factory.mktemp("small")
        small = releases.write(place / "release", DATA.read_text(encoding="utf-8"))
        with EmbeddedStore.at(ondisk.make(small, place / "indexes"), manifest.read(small)) as store:
            yield store.select
    else:
        dataset = Dataset(default_union=True)
        dataset.parse(data=DATA.read_text(encoding="utf-8"), format="trig")
        yield lambda query: asked_of_rdflib(dataset, query)


def asked_of_rdflib(dataset: Dataset, query: str) -> Rows:
    """Put a SELECT to rdflib and turn its terms into ours."""
    result = dataset.query(query)
    columns = tuple(str(variable) for variable in result.vars or ())
    return Rows(columns, [tuple(term_of(row[name]) for name in columns) for row in result])


def term_of(term: object) -> Term | None:
    """A term of rdflib as a term of ours."""
    match term:
        case None:
            return None
        case URIRef():
            return NamedNode(str(term))
        case BNode():
            return BlankNode(str(term))
        case RdflibLiteral(language=str() as language):
            return Literal(str(term), language=language)
        case RdflibLiteral(datatype=URIRef() as datatype):
            return Literal(str(term), datatype=NamedNode(str(datatype)))
        case _:
            return Literal(str(term))


#: rdflib 7.6 warns of names of its own that its own SPARQL engine still uses.
quiet = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph).* is deprecated:DeprecationWarning")


@quiet
@pytest.mark.parametrize("name", LIBRARY)
def test_answer(name: str, run: Run) -> None:
    assert answer(LIBRARY[name], run) == expected(name)


@quiet
@pytest.mark.parametrize("name", LIBRARY)
def test_file_runs_as_it_stands(name: str, run: Run) -> None:
    """The file itself, pasted anywhere, gives what the library gives for its defaults."""
    query = LIBRARY[name]
    as_it_is = run(query.text)
    assert as_it_is.columns == tuple(column.name for column in query.columns)
    assert as_it_is.rows == run(query.bind({param.name: param.default for param in query.params})).rows


@pytest.fixture(scope="module", params=["in memory", "on disk"])
def release(
    request: pytest.FixtureRequest, release_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EmbeddedStore]:
    most = 0 if request.param == "on disk" else 1 << 40
    with EmbeddedStore.at(*ondisk.served(release_dir, tmp_path_factory.mktemp("indexes"), most)) as store:
        assert (store.place is None) == bool(most)
        yield store


@pytest.mark.parametrize("name", LIBRARY)
def test_bound_on_the_release(name: str, release: EmbeddedStore) -> None:
    query = LIBRARY[name]
    least, most = query.bound
    began = time.perf_counter()
    rows = release.select(query.bind(ids=release.ids))
    took = time.perf_counter() - began
    assert least <= len(rows) <= most
    assert most < limit(query.body), "an answer within its bound must never be cut off by LIMIT"
    assert took < PATIENCE


def limit(body: str) -> int:
    """The closing LIMIT of a query."""
    return int(body.rsplit("LIMIT", 1)[1])
