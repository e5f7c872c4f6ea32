"""What people really use, against the running server."""

from __future__ import annotations

from urllib.parse import quote

import pandas
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.http import tiny as data

ALL = "SELECT * { ?s ?p ?o }"
EX = "http://example.org/"


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_selects(tiny: str, method: str, form: str) -> None:
    wrapper = SPARQLWrapper(f"{tiny}/sparql", returnFormat=form)
    wrapper.setMethod(method)
    wrapper.setQuery(ALL)
    answer = wrapper.query()
    if form == JSON:
        assert len(answer.convert()["results"]["bindings"]) == data.TRIPLES
    elif form == XML:
        assert len(answer.convert().getElementsByTagName("result")) == data.TRIPLES
    else:
        assert len(answer.convert().decode().splitlines()) > data.TRIPLES


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper makes one
@pytest.mark.parametrize("form", [TURTLE, RDFXML, JSONLD])
def test_sparqlwrapper_constructs(tiny: str, form: str) -> None:
    wrapper = SPARQLWrapper(f"{tiny}/sparql", returnFormat=form)
    wrapper.setQuery("CONSTRUCT WHERE { ?s ?p ?o }")
    answer = wrapper.queryAndConvert()
    graph = Graph().parse(data=answer, format="turtle") if isinstance(answer, bytes) else answer
    assert len(graph) == data.TRIPLES


def test_sparqlwrapper_posts_directly_with_a_dataset(tiny: str) -> None:
    wrapper = SPARQLWrapper(f"{tiny}/sparql", returnFormat=JSON)
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.addParameter("default-graph-uri", data.ONE)
    wrapper.addParameter("default-graph-uri", data.TWO)
    wrapper.setQuery("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert wrapper.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == str(data.MERGED)


def test_sparqlwrapper_sees_bad_queries(tiny: str) -> None:
    wrapper = SPARQLWrapper(f"{tiny}/sparql", returnFormat=JSON)
    wrapper.setQuery("SELECT * {")
    with pytest.raises(QueryBadFormed):
        wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_rdflib_reads_through_its_sparql_store(tiny: str, method: str, form: str) -> None:
    store = SPARQLStore(f"{tiny}/sparql", method=method, returnFormat=form)
    graph = Graph(store)
    assert len(graph) == data.TRIPLES
    assert (URIRef(EX + "fra"), URIRef(EX + "memberOf"), URIRef(EX + "coe")) in graph
    assert len(list(graph.objects(URIRef(EX + "fra"), URIRef(EX + "name")))) == 2
    assert graph.query("ASK { ?s ?p ?o }").askAnswer
    if form == "xml":  # asked for JSON, it accepts no graph at all
        assert len(graph.query("CONSTRUCT WHERE { ?s ?p ?o }").graph or ()) == data.TRIPLES


def test_pandas_reads_a_query_url(tiny: str) -> None:
    frame = pandas.read_csv(f"{tiny}/sparql?format=csv&query={quote(ALL)}", keep_default_na=False)
    assert frame.shape == (data.TRIPLES, 3)
    assert set(frame.columns) == {"s", "p", "o"}
    assert 'a,"b"\r\nc\td' in set(frame["o"])


def test_pandas_reads_tabs(tiny: str) -> None:
    frame = pandas.read_csv(f"{tiny}/sparql?format=tsv&query={quote('SELECT (1 AS ?n) {}')}", sep="\t")
    assert list(frame["?n"]) == [1]
