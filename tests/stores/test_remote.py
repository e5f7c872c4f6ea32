"""The named queries on engines elsewhere: Virtuoso, loaded as `palermo load` does it, and our own /sparql."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple

from bench import virtuoso
from graph.read.embedded import EmbeddedStore
from graph.read.library import load
from graph.read.remote import RemoteStore, rows_of
from graph.read.store import BadQuery, StoreFailure, StoreUnavailable
from graph.remote import answers
from graph.remote.endpoint import Endpoint
from graph.remote.load import _plain, write
from tests.conftest import serving
from tests.stores import releases
from tests.stores.answers import answer, expected

LIBRARY = load()

#: What Virtuoso 7.2.5 answers differently, and why; docs/engines.md tells each in full. The list may only shrink.
DIFFERENT = {
    "denunciations": "Virtuoso has no xsd:boolean: truth values come back as the integers 1 and 0",
    "projects-of-implementer": "Virtuoso writes ? for a GROUP_CONCAT separator beyond ASCII",
}


@pytest.fixture(scope="module")
def on_virtuoso(engine: virtuoso.Virtuoso) -> Iterator[RemoteStore]:
    with RemoteStore.open(engine.endpoint()) as store:
        yield store


@pytest.fixture(scope="module")
def on_ours(release: Path) -> Iterator[RemoteStore]:
    with serving("--release", release) as url, RemoteStore.open(Endpoint(url + "/sparql"), release) as store:
        yield store


def marked(name: str) -> object:
    reason = DIFFERENT.get(name, "")
    return pytest.param(name, marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [])


@pytest.mark.virtuoso
@pytest.mark.xdist_group("virtuoso")
@pytest.mark.parametrize("name", [marked(name) for name in LIBRARY])
def test_answer_of_virtuoso(name: str, on_virtuoso: RemoteStore) -> None:
    assert answer(LIBRARY[name], on_virtuoso.select) == expected(name)


@pytest.mark.xdist_group("ours")
@pytest.mark.parametrize("name", LIBRARY)
def test_answer_of_our_own_endpoint(name: str, on_ours: RemoteStore) -> None:
    assert answer(LIBRARY[name], on_ours.select) == expected(name)


@pytest.fixture(params=["virtuoso", "ours"])
def store(request: pytest.FixtureRequest) -> RemoteStore:
    found: RemoteStore = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.mark.virtuoso
@pytest.mark.xdist_group("virtuoso")
def test_every_form(store: RemoteStore, release: Path) -> None:
    with EmbeddedStore.open(release) as here:
        assert store.manifest.hash == here.manifest.hash
        assert store.ids == here.ids
        for query in ("ASK { ?s a pal:Treaty }", "ASK { ?s a pal:Nothing }"):
            assert store.ask(query) == here.ask(query)
        for query in ("DESCRIBE id:fra", "CONSTRUCT WHERE { id:fra ?p ?o }", "DESCRIBE ?t { ?t a pal:Treaty }"):
            assert sorted(store.construct(query), key=str) == sorted(here.construct(query), key=str)
        query = "SELECT ?s ?n { ?s a pal:State ; rdfs:label ?n FILTER(LANG(?n) = 'en') } ORDER BY ?s"
        assert store.serialized(query, QueryResultsFormat.CSV) == here.serialized(query, QueryResultsFormat.CSV)
        query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY STR(?g)"
        assert store.select(query).values() == here.select(query).values()


@pytest.mark.virtuoso
@pytest.mark.xdist_group("virtuoso")
def test_what_is_no_query(store: RemoteStore) -> None:
    for query in ("SELECT ?s { ?s ?p }", "ASK {}"):
        with pytest.raises(BadQuery):
            store.select(query)
    with pytest.raises(BadQuery):
        store.ask("SELECT ?s { ?s ?p ?o }")


@pytest.mark.xdist_group("ours")
def test_a_release_that_is_another(on_ours: RemoteStore, tmp_path: Path) -> None:
    other = releases.write(tmp_path / "other", "<a:g> { <a:a> <a:b> <a:c> }")
    with pytest.raises(StoreUnavailable, match="triples in its default graph"):
        RemoteStore.open(on_ours.endpoint, other)
    with pytest.raises(StoreUnavailable, match="no release"):
        RemoteStore.open(on_ours.endpoint)


def raw(store: RemoteStore, query: str) -> list[tuple[object, ...]]:
    return store.select(query).rows


@pytest.mark.virtuoso
@pytest.mark.xdist_group("virtuoso")
class TestDialectOfVirtuoso:
    """One test for each line about Virtuoso in docs/engines.md; one that fails means that a line can go."""

    def test_truth_values_are_integers(self, on_virtuoso: RemoteStore) -> None:
        ((value,),) = raw(on_virtuoso, "SELECT (1 = 1 AS ?x) {}")
        assert isinstance(value, Literal)
        assert (value.value, value.datatype.value.rpartition("#")[2]) == ("1", "integer")

    def test_under_a_limit_unbound_sorts_last(self, on_virtuoso: RemoteStore) -> None:
        query = (
            "SELECT ?x { ?o a pal:Observation OPTIONAL { ?o pal:ageGroup/skos:notation ?x } } ORDER BY ?x LIMIT 2000"
        )
        there = answers.rows(on_virtuoso.endpoint.query(on_virtuoso.prepared(query), answers.ROWS).content)
        assert isinstance(there, QuerySolutions)
        rows = rows_of(there).rows
        assert rows[0] != (None,)
        assert rows[-1] == (None,)
        assert raw(on_virtuoso, query)[0] == (None,), "the store asks without the limit"

    def test_separators_are_ascii(self, on_virtuoso: RemoteStore) -> None:
        query = 'SELECT (GROUP_CONCAT(?x; separator=" · ") AS ?y) { VALUES ?x { "a" "b" } }'
        assert raw(on_virtuoso, query) == [(Literal("a ? b"),)]

    def test_ten_thousand_rows_sorted_under_a_limit(self, on_virtuoso: RemoteStore) -> None:
        query = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 10001"
        with pytest.raises(StoreFailure, match="SR353"):
            on_virtuoso.endpoint.query(on_virtuoso.prepared(query), answers.ROWS)
        assert len(raw(on_virtuoso, query)) == on_virtuoso.manifest.counts["triples"], "asked without the limit"
        assert len(raw(on_virtuoso, query.replace("10001", "7"))) == 7

    def test_rival_dates_of_one_day_are_one(self, engine: virtuoso.Virtuoso) -> None:
        values = '"2004-05-01"^^xsd:date, "2004-05"^^xsd:gYearMonth'
        with engine.endpoint() as endpoint:
            endpoint.update(
                "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
                f"INSERT DATA {{ GRAPH <urn:dates> {{ <urn:a> <urn:b> {values} }} }}"
            )
            query = "SELECT (COUNT(*) AS ?n) { GRAPH <urn:dates> { ?s ?p ?o } }"
            body = endpoint.query(query, "application/sparql-results+json").json()
            assert body["results"]["bindings"][0]["n"]["value"] == "1"

    def test_durations_are_numbers(self, engine: virtuoso.Virtuoso) -> None:
        """Months are kept as a whole number, days as seconds; `palermo load` knows them again."""
        duration = NamedNode("http://www.w3.org/2001/XMLSchema#duration")
        expected = [Literal(text, datatype=duration) for text in ("P12M", "P30D")]
        with engine.endpoint() as endpoint:
            write(endpoint, "urn:waits", [Triple(NamedNode("urn:a"), NamedNode("urn:b"), one) for one in expected])
            query = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:waits> { ?s ?p ?o } }"
            response = endpoint.query(query, answers.GRAPH)
            with pytest.raises(StoreFailure, match="SR553"):
                endpoint.update(f"INSERT DATA {{ GRAPH <urn:waits> {{ <urn:a> <urn:c> {expected[0]} }} }}")
        there = answers.triples(response.content, response.headers.get("content-type", ""))
        assert {one.object.value for one in there} == {"12", "2.592e+06"}
        assert {_plain(one.object) for one in there} == set(map(_plain, expected))
        assert len({_plain(Literal(text, datatype=duration)) for text in ("P1M", "P30D", "PT5H", "P1Y")}) == 4

    def test_an_ask_is_answered_with_a_table(self, engine: virtuoso.Virtuoso) -> None:
        with engine.endpoint() as endpoint:
            body = endpoint.query("ASK {}", "application/sparql-results+json").json()
        assert "boolean" not in body
        assert body["head"]["vars"] == ["__ASK_RETVAL"]

    def test_names_with_a_slash_must_be_written_out(self, on_virtuoso: RemoteStore) -> None:
        with pytest.raises(BadQuery):
            raw(on_virtuoso, "SELECT * { id:relation\\/a\\/b\\/c ?p ?o }")
