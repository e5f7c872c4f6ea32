"""SERVICE: refused, unless its constant IRI is on the operator's list; and then really asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bench.hostile import Victim
from tests.conftest import serving
from tests.http import tiny as data


@pytest.fixture(scope="module")
def federated(tiny: str, tiny_release: Path) -> Iterator[httpx.Client]:
    """A server that may ask the tiny one, and nothing else."""
    allowed = {"PALERMO_SERVICES": f"{tiny}/sparql http://127.0.0.1:1/nobody", "PALERMO_TIME_LIMIT": "10"}
    with (
        serving("--release", tiny_release, environment=allowed) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


def ask(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", data={"query": query})


def test_an_allowed_service_is_asked(federated: httpx.Client, tiny: str) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{tiny}/sparql> {{ ?s ?p ?o }} }}"
    answer = ask(federated, query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == str(data.TRIPLES)


def test_its_answers_join_with_ours(federated: httpx.Client, tiny: str) -> None:
    there = f"SERVICE <{tiny}/sparql> {{ ?o <http://example.org/name> ?name }}"
    query = f"SELECT ?name {{ ?s <http://example.org/memberOf> ?o {there} }}"
    names = [row["name"]["value"] for row in ask(federated, query).json()["results"]["bindings"]]
    assert sorted(names) == ["Council of Europe", "United Nations"]


def test_other_services_are_refused(federated: httpx.Client, tiny: str) -> None:
    victim = Victim()
    try:
        for target in (f"<{victim.url}>", "?g", "ex:x", f"<{tiny}/sparql/../other>", f"<{tiny}/sparql#x>"):
            begins = f"PREFIX ex: <{victim.url}> SELECT * {{ VALUES ?g {{ <{victim.url}> }}"
            answer = ask(federated, f"{begins} SERVICE {target} {{ ?s ?p ?o }} }}")
            assert (answer.status_code, answer.json()["feature"]) == (403, "SERVICE"), target
        nested = f"SELECT * {{ SERVICE <{tiny}/sparql> {{ SERVICE <{victim.url}> {{ ?s ?p ?o }} }} }}"
        assert ask(federated, nested).status_code == 403
        assert victim.connections == 0
    finally:
        victim.close()


def test_a_service_that_does_not_answer(federated: httpx.Client) -> None:
    answer = ask(federated, "SELECT * { SERVICE <http://127.0.0.1:1/nobody> { ?s ?p ?o } }")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (502, "service-failed")
    silent = ask(federated, "SELECT * { SERVICE SILENT <http://127.0.0.1:1/nobody> { ?s ?p ?o } }")
    assert silent.status_code == 200


def test_ordinary_queries_still_have_no_network(federated: httpx.Client) -> None:
    assert federated.get("/ready").json()["locks"] == {
        name: holds for name, holds in federated.get("/ready").json()["locks"].items() if holds
    }
    assert ask(federated, "ASK { ?s ?p ?o }").json()["boolean"] is True
