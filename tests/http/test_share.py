"""POST /share and /s/{id}: short addresses of queries and views, which outlive the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.conftest import serving

QUERY = "SELECT ?name { <http://example.org/fra> <http://example.org/name> ?name } ORDER BY ?name"
BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture(scope="module")
def kept(tiny_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that keeps at most six shares in a directory of its own."""
    environment = {
        "PALERMO_SHARES": str(tmp_path_factory.mktemp("shares") / "new"),
        "PALERMO_SHARE_COUNT": "6",
        "PALERMO_SHARE_LIMIT": "2000",
    }
    with serving("--release", tiny_release, environment=environment) as url, httpx.Client(base_url=url) as one:
        yield one


def test_a_query_is_kept_under_a_short_address_and_answered_there(kept: httpx.Client) -> None:
    made = kept.post("/share", data={"kind": "query", "query": QUERY, "view": "chart"})
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["url"] == f"{kept.base_url}/s/{body['id']}".replace("//s", "/s")
    assert made.headers["Location"] == f"/s/{body['id']}"
    assert len(body["id"]) == 12
    again = kept.post("/share", data={"kind": "query", "query": QUERY, "view": "chart"})
    assert (again.status_code, again.json()) == (200, body)
    led = kept.get(f"/s/{body['id']}")
    assert (led.status_code, led.headers["Location"]) == (303, f"/sparql?share={body['id']}")
    page = kept.get(f"/sparql?share={body['id']}", headers=BROWSER)
    assert page.status_code == 200
    assert "SELECT ?name { &lt;http://example.org/fra&gt;" in page.text
    answer = kept.get(f"/s/{body['id']}", headers={"Accept": "text/csv"}, follow_redirects=True)
    assert answer.text.split() == ["name", "France", "France"]


def test_a_view_is_kept_in_its_canonical_form(kept: httpx.Client) -> None:
    one = kept.post("/share", data={"kind": "view", "state": "?layout=rings&focus=greta&show=around"}).json()
    two = kept.post("/share", data={"kind": "view", "state": "focus=greta&layout=rings"}).json()
    assert one == two
    led = kept.get(f"/s/{one['id']}")
    assert (led.status_code, led.headers["Location"]) == (303, "/explore?focus=greta&layout=rings")
    assert kept.get(f"/sparql?share={one['id']}", headers=BROWSER).status_code == 404


def test_graphs_are_kept_with_the_query(kept: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    made = kept.post("/share", data={"query": count, "default-graph-uri": "http://example.org/graph/one"}).json()
    answer = kept.get(f"/sparql?share={made['id']}&format=csv")
    assert answer.text.split() == ["n", "5"]


def test_a_form_without_scripts_leads_to_what_was_shared(kept: httpx.Client) -> None:
    made = kept.post("/share", data={"query": QUERY, "format": "html"}, headers=BROWSER)
    assert made.status_code == 303
    assert made.headers["Location"].startswith("/sparql?share=")


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        ({"kind": "file", "query": "x"}, 400, "one of query, view"),
        ({"kind": "query"}, 400, "missing"),
        ({"query": " "}, 400, "missing"),
        ({"query": QUERY, "view": "hologram"}, 400, "one of table"),
        ({"query": QUERY, "default-graph-uri": "not an iri"}, 400, "absolute IRI"),
        ({"kind": "view", "state": "colour=red"}, 400, "unknown parameter"),
        ({"query": "x" * 3000}, 413, "2000 bytes"),
        ({"update": "CLEAR ALL"}, 403, "read-only"),
    ],
)
def test_what_is_neither_is_refused(kept: httpx.Client, data: dict[str, str], status: int, says: str) -> None:
    answer = kept.post("/share", data=data)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert says in answer.json()["detail"]


def test_only_a_form_is_taken(kept: httpx.Client) -> None:
    assert kept.post("/share", json={"query": QUERY}).status_code == 415
    assert kept.get("/share").status_code == 405


@pytest.mark.parametrize("name", ["aaaaaaaaaaaa", "..%2f..%2fetc", "x"])
def test_an_unknown_address_is_a_404(kept: httpx.Client, name: str) -> None:
    assert kept.get(f"/s/{name}").status_code == 404


def test_the_server_keeps_so_many_and_knows_them_after_a_restart(tiny_release: Path, tmp_path: Path) -> None:
    environment = {"PALERMO_SHARES": str(tmp_path), "PALERMO_SHARE_COUNT": "1"}
    with serving("--release", tiny_release, environment=environment) as url:
        made = httpx.post(url + "/share", data={"query": QUERY}).json()
        full = httpx.post(url + "/share", data={"query": "ASK {}"})
        assert (full.status_code, full.json()["type"]) == (507, url + "/problems/not-kept")
    with serving("--release", tiny_release, environment={**environment, "PALERMO_SHARE_RATE": "1"}) as url:
        led = httpx.get(f"{url}/s/{made['id']}")
        assert (led.status_code, led.headers["Location"]) == (303, f"/sparql?share={made['id']}")
        known = httpx.post(
            url + "/share",
            content=urlencode({"query": QUERY}),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert known.status_code == 200
