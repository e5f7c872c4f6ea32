"""A server over a release on disk: the same answers as over one in memory, workers that are replaced, limits kept."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graph import manifest
from graph.ids import PAL
from graph.read import ondisk
from tests.conftest import serving
from tests.http.test_limits import _name, _server_pid, tree

pytestmark = pytest.mark.xdist_group("ondisk")

#: What a reader asks: pages, data, the JSON API, named queries, strangers' SPARQL.
ASKED = (
    ("/doc/fra", "text/turtle"),
    ("/doc/greta", "application/ld+json"),
    ("/doc/cets-197", "text/html"),
    ("/treaties/cets-197", "text/html"),
    ("/sources", "text/html"),
    ("/api/v1/entities/fra", "application/json"),
    ("/api/v1/entities/fra/neighbours?families=monitoring", "application/json"),
    ("/api/v1/search?q=greta", "application/json"),
    ("/api/v1/complete?q=fra", "application/json"),
    ("/api/v1/paths?from=fra&to=greta", "application/json"),
    ("/api/v1/treaty-actions?limit=5", "application/json"),
    ("/queries/parties-by-treaty", "text/csv"),
    ("/sparql?query=SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv"),
    ("/sparql", "text/turtle"),
)
#: More than one default graph: their merge, in which a triple of both counts once.
MERGED = (
    "SELECT (COUNT(*) AS ?n) FROM <{base}source/{first}> FROM <{base}source/{second}> { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM <{base}source/{first}> FROM <{base}source/{second}> "
    "FROM NAMED <{base}source/{first}> { ?s ?p ?o GRAPH ?g { ?s ?p ?o } }",
)


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexes")


@pytest.fixture(scope="module")
def there(release_dir: Path, indexes: Path) -> Iterator[httpx.Client]:
    """A server that must go to disk, which it makes itself: nothing stands there. Never on an engine."""
    ondisk_alone = {"PALERMO_STORE": ""}
    with (
        serving(
            "--release", release_dir, "--indexes", indexes, "--memory-statements", "0", environment=ondisk_alone
        ) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


def test_the_server_made_its_store(there: httpx.Client, release_dir: Path, indexes: Path) -> None:
    assert there.get("/ready").status_code == 200
    place = ondisk.found(indexes, manifest.read(release_dir))
    assert place is not None
    assert ondisk.made(place).triples == manifest.read(release_dir).counts["triples"]


@pytest.mark.parametrize(("path", "media"), ASKED)
def test_answers_are_those_of_memory(there: httpx.Client, server_url: str, path: str, media: str) -> None:
    found = there.get(path, headers={"Accept": media})
    here = httpx.get(server_url + path, headers={"Accept": media}, timeout=60)
    assert found.status_code == here.status_code == 200
    assert found.headers["content-type"] == here.headers["content-type"]
    own = found.text.replace(str(there.base_url).rstrip("/"), server_url)
    if media in ("text/turtle", "application/ld+json"):  # blank nodes are numbered by each engine for itself
        assert len(own) == len(here.text)
    else:
        assert own == here.text


def test_several_default_graphs_are_merged(there: httpx.Client, server_url: str, release_dir: Path) -> None:
    base = manifest.read(release_dir).base
    graphs = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s a <{PAL}TreatyAction> }} }} ORDER BY ?g"
    rows = there.get("/sparql", params={"query": graphs}, headers={"Accept": "text/csv"})
    assert rows.status_code == 200, rows.text
    names = [line.rpartition("/")[2] for line in rows.text.split()[1:]]
    for text in MERGED:
        query = text.replace("{base}", base).replace("{first}", names[0]).replace("{second}", names[1])
        found = there.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
        here = httpx.get(server_url + "/sparql", params={"query": query}, headers={"Accept": "text/csv"})
        assert (found.status_code, found.text) == (here.status_code, here.text)
        assert found.status_code == 200
        assert int(found.text.split()[1]) > 0


def test_workers_that_die_are_replaced(there: httpx.Client) -> None:
    light = {"query": "SELECT ?s { ?s ?p ?o } LIMIT 3"}
    server = _server_pid(int(str(there.base_url).rstrip("/").rpartition(":")[2]))
    zygote = next(pid for pid in tree(server) if _name(pid) == "palermo-zygote")
    for worker in [pid for pid in tree(zygote) if pid != zygote]:
        os.kill(worker, signal.SIGKILL)
    assert all(there.get("/sparql", params=light).status_code == 200 for _ in range(10))
    os.kill(zygote, signal.SIGKILL)
    answers = [there.get("/sparql", params=light).status_code for _ in range(10)]
    assert answers[-1] == 200
    assert set(answers) <= {200, 503}


def test_nothing_is_written_through_it(there: httpx.Client) -> None:
    done = there.post("/sparql", data={"update": "INSERT DATA { <a:a> <a:a> <a:a> }"})
    assert 400 <= done.status_code < 500
    assert there.get("/sparql", params={"query": "ASK { <a:a> ?p ?o }"}).json() == {"head": {}, "boolean": False}
