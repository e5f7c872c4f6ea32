"""`palermo query` as it is typed: text in quotes, a file, standard input, a named query; and what is wrong said so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import PALERMO

DATA = """\
<https://w3id.org/palermo/id/fra> <http://www.w3.org/2000/01/rdf-schema#label> "France"@en .
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("query") / "data.ttl"
    path.write_text(DATA, encoding="utf-8")
    return path


def ask(data: Path, what: str, *more: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [PALERMO, "query", what, "--data", data, *more]
    return subprocess.run(command, input=said, capture_output=True, text=True, timeout=60, check=False)


QUERY = "SELECT ?name WHERE { id:fra rdfs:label ?name }"


@pytest.mark.parametrize("way", ["text", "file", "input"])
def test_one_query_three_ways(data: Path, tmp_path: Path, way: str) -> None:
    saved = tmp_path / "query.rq"
    saved.write_text(QUERY, encoding="utf-8")
    what = {"text": QUERY, "file": str(saved), "input": "-"}[way]
    done = ask(data, what, "--format", "csv", said=QUERY)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["name", "France"]


def test_a_mistake_is_shown_where_it_stands(data: Path) -> None:
    done = ask(data, "SELECT * {\n  ?s rdfs:label }")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:3] == [
        "palermo: line 2, column 17: } cannot stand here.",
        "    ?s rdfs:label }",
        "                  ^",
    ]
    assert "Expected: a blank node" in done.stderr


def test_a_prefix_of_the_graph_needs_no_declaration_and_others_do(data: Path) -> None:
    done = ask(data, "ASK { ?s dct:title ?title }")
    assert done.returncode == 1
    assert "The prefix dct: is not declared." in done.stderr


def test_what_is_none_of_these(data: Path) -> None:
    done = ask(data, "parties-to-nothing")
    assert done.returncode == 1
    assert "no SPARQL, no file and no named query" in done.stderr
    assert "parties-to-treaty" in done.stderr


def test_several_graphs_are_merged_as_a_set(tmp_path: Path) -> None:
    """A triple that two of them hold is counted once (SPARQL 1.1, section 13.2)."""
    (tmp_path / "two.nq").write_text(
        "<a:s> <a:p> <a:o> <a:1> .\n<a:s> <a:p> <a:o> <a:2> .\n<a:s> <a:p> <a:x> <a:2> .\n"
    )
    text = "SELECT (COUNT(*) AS ?n) FROM <a:1> FROM <a:2> { ?s ?p ?o }"
    done = ask(tmp_path / "two.nq", text, "--format", "csv")
    assert done.stdout.split() == ["n", "2"]
