"""`palermo load` into a real Virtuoso: interrupted, repeated, compared; and a server over what it loaded."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bench import virtuoso
from graph import manifest
from graph.ids import PREFIXES
from graph.read.remote import RemoteStore, places
from graph.remote import placing
from graph.remote.endpoint import Endpoint
from graph.remote.load import LoadError, load, verify
from tests.conftest import PALERMO, serving
from tests.stores import releases
from tests.stores.answers import DATA

pytestmark = [pytest.mark.virtuoso, pytest.mark.xdist_group("virtuoso")]

SECRETS = {"PALERMO_STORE_USER": virtuoso.USER, "PALERMO_STORE_PASSWORD": virtuoso.USER}
#: The second release differs from the first in this.
MORE = '\nGRAPH <https://w3id.org/palermo/source/second> { <https://w3id.org/palermo/id/fra> rdfs:label "Second"@en }'


def quiet(_: str) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def engine(empty: virtuoso.Virtuoso) -> virtuoso.Virtuoso:
    """Here nothing is loaded beforehand."""
    return empty


@pytest.fixture
def endpoint(engine: virtuoso.Virtuoso) -> Iterator[Endpoint]:
    with engine.endpoint() as one:
        yield one


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return releases.write(tmp_path_factory.mktemp("first") / "release", DATA.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prefix = f"PREFIX rdfs: <{PREFIXES['rdfs']}>\n"
    text = prefix + DATA.read_text(encoding="utf-8") + MORE
    return releases.write(tmp_path_factory.mktemp("second") / "release", text, "2.0.0")


def command(release: Path, engine: virtuoso.Virtuoso, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [PALERMO, "load", "--to", engine.sparql, "--release", release, *more],
        env={**os.environ, **SECRETS},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def graphs(endpoint: Endpoint) -> set[str]:
    """Every graph below the places, whatever they say of themselves."""
    query = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{placing.PLACES}/')) }}"
    rows = endpoint.query(query, "application/sparql-results+json").json()["results"]["bindings"]
    return {row["g"]["value"] for row in rows}


def test_the_way_of_two_releases(engine: virtuoso.Virtuoso, endpoint: Endpoint, first: Path, second: Path) -> None:
    place = load(first, endpoint, quiet)
    before = manifest.read(first)
    assert RemoteStore.open(endpoint).manifest == before
    assert load(first, endpoint, quiet) == place, "what is there already is left as it is"

    # Killed again and again, later each time, the first release stays in service
    for step, delay in (("writing", 0.0), ("writing", 0.1), ("comparing", 0.0)):
        running = command(second, engine)
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith(step):
                break
        time.sleep(delay)
        running.send_signal(signal.SIGKILL)
        running.wait(10)
        running.stdout.close()
        store = RemoteStore.open(endpoint)
        assert store.manifest == before
        assert not store.ask('ASK { id:fra rdfs:label "Second"@en }')
    assert any(not one.stands for one in places(endpoint)), "nothing was interrupted: the test proves nothing"

    running = command(second, engine)
    told, _ = running.communicate(timeout=60)
    assert running.returncode == 0, told
    assert "clearing away" in told
    store = RemoteStore.open(endpoint)
    assert store.manifest == manifest.read(second)
    assert store.ask('ASK { id:fra rdfs:label "Second"@en }')
    found = places(endpoint)
    assert [one.stands for one in found] == [True, True], "the release before stays for servers that read it"
    assert {one.partition("placed/")[2].partition("/")[0] for one in graphs(endpoint)} == {
        str(one.number) for one in found
    }, "nothing is left of what was interrupted"

    with pytest.raises(LoadError, match=r"1\.0\.0"):
        verify(first, endpoint)
    assert verify(second, endpoint).stands


def test_a_change_in_the_engine_is_seen(engine: virtuoso.Virtuoso, endpoint: Endpoint, second: Path) -> None:
    place = load(second, endpoint, quiet)
    endpoint.update(f"INSERT DATA {{ GRAPH <{place.default}> {{ <urn:a> <urn:b> <urn:not-ours> }} }}")
    done = command(second, engine, "--verify")
    told, _ = done.communicate(timeout=60)
    assert done.returncode == 1
    assert "not ours <urn:a> <urn:b> <urn:not-ours>" in told
    endpoint.update(f"DELETE DATA {{ GRAPH <{place.default}> {{ <urn:a> <urn:b> <urn:not-ours> }} }}")
    done = command(second, engine, "--verify")
    told, _ = done.communicate(timeout=60)
    assert done.returncode == 0, told


def test_by_updates_alone(endpoint: Endpoint, first: Path, second: Path) -> None:
    """An engine without a Graph Store Protocol."""
    current = RemoteStore.open(endpoint).manifest.hash
    other = first if current == manifest.read(second).hash else second
    graphs_url, endpoint.graphs_url = endpoint.graphs_url, ""
    try:
        load(other, endpoint, quiet)
    finally:
        endpoint.graphs_url = graphs_url
    assert verify(other, endpoint).stands


def test_without_rights(engine: virtuoso.Virtuoso, tmp_path: Path) -> None:
    release = releases.write(tmp_path / "third", "<a:g> { <a:a> <a:b> <a:c> }")
    done = subprocess.run(
        [PALERMO, "load", "--to", engine.sparql, "--release", release],
        env={**os.environ, **SECRETS, "PALERMO_STORE_PASSWORD": "wrong"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "check user, password or token" in done.stderr
    assert "wrong" not in done.stderr


@pytest.fixture(scope="module")
def url(engine: virtuoso.Virtuoso, first: Path) -> Iterator[str]:
    """The whole server with its release in the engine."""
    with engine.endpoint() as endpoint:
        load(first, endpoint, quiet)
    # No release directory: everything comes from the engine
    settings = {"PALERMO_STORE": engine.sparql, "PALERMO_RELEASE": "nowhere"}
    with serving(environment={**settings, **SECRETS}) as url:
        yield url


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/id/fra", "France"),
        ("/queries/parties-to-treaty?treaty=untoc&format=csv", "id/fra"),
        ("/data", "merged.nt"),
        ("/health", "1.0.0"),
        ("/ready", "ready"),
        ("/sparql", "sparql"),
    ],
)
def test_a_server_reads(url: str, path: str, says: str) -> None:
    answer = httpx.get(url + path, follow_redirects=True, timeout=30)
    assert answer.status_code == 200, answer.text
    assert says in answer.text


def test_a_server_forwards(url: str) -> None:
    def ask(query: str, **more: str) -> httpx.Response:
        return httpx.get(f"{url}/sparql", params={"query": query, **more}, timeout=30)

    pal = f"PREFIX pal: <{PREFIXES['pal']}> "
    assert ask(pal + "ASK { ?s a pal:State }").json()["boolean"] is True
    found = ask(pal + "SELECT ?s { ?s a pal:State } ORDER BY ?s", format="csv")
    assert found.text.startswith("s\r\n")
    assert int(found.headers["palermo-rows"]) == len(found.text.splitlines()) - 1
    assert len(ask(pal + "SELECT * { GRAPH ?g { ?s a pal:State } }").json()["head"]["vars"]) == 2
    assert ask("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", format="nt").text.count(" .\n") == 3
    assert ask("SELECT * FROM <a:a> { ?s ?p ?o }").json()["results"]["bindings"] == []
    for query, status, kind in (
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 403, "update-refused"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403, "feature-refused"),
        ("SELECT * { ?s ?p }", 400, "syntax"),
        ("SELECT * { ?s pal:nothing ?o }", 400, "syntax"),
    ):
        answer = ask(query)
        assert answer.status_code == status, answer.text
        assert answer.json()["type"].endswith(kind)
        assert "irtuoso" not in answer.text
    assert ask(pal + "SELECT * { ?s pal:a }").json()["line"] == 1


def test_the_limit_of_time_is_ours(url: str) -> None:
    product = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(4))
    query = f"SELECT (COUNT(*) AS ?n) {{ {product} FILTER(STRLEN(CONCAT(STR(?o0), STR(?o3))) > 3) }}"
    answer = httpx.get(f"{url}/sparql", params={"query": query, "timeout": "0.5"}, timeout=60)
    assert answer.status_code == 504, answer.text
    assert answer.json()["type"].endswith("timed-out")
