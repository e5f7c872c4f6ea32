"""/queries against the real release: lists, answers, parameters, formats, refusals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import httpx
import pytest

from graph.read import library


@pytest.fixture(scope="module")
def asked(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


def test_the_list_has_every_named_query(asked: httpx.Client) -> None:
    listed = asked.get("/queries").json()["queries"]
    assert [one["name"] for one in listed] == sorted(library.load())
    assert all(one["question"] and one["question_fr"] and one["columns"] for one in listed)


def test_a_query_answers_in_every_format(asked: httpx.Client) -> None:
    address = "/queries/parties-to-treaty"
    as_json = asked.get(address).json()
    rows = list(csv.DictReader(io.StringIO(asked.get(address, headers={"Accept": "text/csv"}).text)))
    assert len(as_json["results"]["bindings"]) == len(rows) == 48
    assert asked.get(address, params={"format": "xml"}).text.startswith("<?xml")
    text = asked.get(address, params={"format": "sparql", "treaty": "untoc"})
    assert text.headers["content-type"] == "application/sparql-query"
    assert "id:untoc" in text.text or "/id/untoc>" in text.text


def test_parameters_are_bound(asked: httpx.Client) -> None:
    early = asked.get("/queries/parties-to-treaty", params={"treaty": "palermo-protocol", "date": "2004-12-31"}).json()
    late = asked.get("/queries/parties-to-treaty", params={"treaty": "palermo-protocol"}).json()
    assert 0 < len(early["results"]["bindings"]) < len(late["results"]["bindings"])


def test_an_answer_is_cacheable(asked: httpx.Client) -> None:
    first = asked.get("/queries/parties-to-treaty")
    again = asked.get("/queries/parties-to-treaty", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert asked.head("/queries/parties-to-treaty").status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/queries/nothing", 404, "nothing"),
        ("/queries/parties-to-treaty?wrong=1", 400, "parameters: treaty, date, lang"),
        ("/queries/parties-to-treaty?date=yesterday", 400, "yesterday"),
        ("/queries/parties-to-treaty?date=2004&date=2005", 400, "date: each parameter is given once."),
        ("/queries/parties-to-treaty?format=turtle", 406, "turtle"),
        ("/queries?format=csv", 406, "csv"),
    ],
)
def test_a_wrong_request_is_one_clear_problem(asked: httpx.Client, address: str, status: int, said: str) -> None:
    answer = asked.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]
