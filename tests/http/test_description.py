"""The service describes itself truly: what it says there is can be asked for, and the counts are right."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import httpx
import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, VOID

from tests.conftest import serving
from tests.http import tiny as data

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
#: How each described format is asked for, with a query that has it.
NAMES: Final = {
    "SPARQL_Results_JSON": ("json", "SELECT * {}"),
    "SPARQL_Results_XML": ("xml", "SELECT * {}"),
    "SPARQL_Results_CSV": ("csv", "SELECT * {}"),
    "SPARQL_Results_TSV": ("tsv", "SELECT * {}"),
    "Turtle": ("turtle", "CONSTRUCT WHERE { ?s ?p ?o }"),
    "TriG": ("trig", "CONSTRUCT WHERE { ?s ?p ?o }"),
    "N-Triples": ("nt", "CONSTRUCT WHERE { ?s ?p ?o }"),
    "N-Quads": ("nq", "CONSTRUCT WHERE { ?s ?p ?o }"),
    "RDF_XML": ("rdfxml", "CONSTRUCT WHERE { ?s ?p ?o }"),
    "JSON-LD": ("jsonld", "CONSTRUCT WHERE { ?s ?p ?o }"),
}


@pytest.fixture(scope="module")
def description(client: httpx.Client) -> Graph:
    return Graph().parse(data=client.get("/sparql").text, format="turtle")


def test_one_service_at_its_address(description: Graph, tiny: str) -> None:
    service = URIRef(f"{tiny}/sparql")
    assert list(description.subjects(RDF.type, SD.Service)) == [service]
    assert description.value(service, SD.endpoint) == service
    assert description.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    assert list(description.objects(service, SD.feature)) == []


def test_every_described_format_can_be_had(description: Graph, client: httpx.Client) -> None:
    described = {str(one).removeprefix(str(FORMATS)) for one in description.objects(None, SD.resultFormat)}
    assert described == set(NAMES)
    for name, query in NAMES.values():
        assert client.get("/sparql", params={"query": query, "format": name}).status_code == 200, name


def test_graphs_and_counts(description: Graph) -> None:
    default = description.value(None, SD.defaultGraph, any=False) or next(description.objects(None, SD.defaultGraph))
    assert int(str(description.value(default, VOID.triples))) == data.TRIPLES
    named = {
        str(description.value(entry, SD.name)): int(
            str(description.value(description.value(entry, SD.graph), VOID.triples))
        )
        for entry in description.objects(None, SD.namedGraph)
    }
    assert named == {data.ONE: 5, data.TWO: 3, data.ACCENTED: 10}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own parser
@pytest.mark.parametrize(("name", "parser"), [("rdfxml", "xml"), ("jsonld", "json-ld"), ("nt", "nt")])
def test_every_graph_format_says_the_same(description: Graph, client: httpx.Client, name: str, parser: str) -> None:
    other = Graph().parse(data=client.get(f"/sparql?format={name}").content, format=parser)
    assert isomorphic(description, other)


def test_the_public_address_and_federation_are_told(tiny_release: Path) -> None:
    environment = {"PALERMO_PUBLIC_URL": "https://data.example.org/", "PALERMO_SERVICES": "https://other.example.org/"}
    with serving("--release", tiny_release, environment=environment) as url:
        told = Graph().parse(data=httpx.get(f"{url}/sparql").text, format="turtle")
        problem = httpx.get(f"{url}/nowhere").json()
    assert list(told.subjects(RDF.type, SD.Service)) == [URIRef("https://data.example.org/sparql")]
    assert list(told.objects(None, SD.feature)) == [SD.BasicFederatedQuery]
    assert problem["type"] == "https://data.example.org/problems/not-found"


def test_a_trusted_proxy_is_believed(tiny_release: Path) -> None:
    with serving("--release", tiny_release, environment={"PALERMO_TRUSTED_PROXIES": "127.0.0.1"}) as url:
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Host": "data.example.org"}
        assert "<https://data.example.org/sparql>" in httpx.get(f"{url}/sparql", headers=forwarded).text
