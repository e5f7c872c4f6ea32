"""Past releases side by side, Memento (RFC 7089), the history of a thing, and what withdrawal means for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.build import publish
from graph.ids import Redirect
from tests.stores import releases

PREFIXES = """
PREFIX id: <https://w3id.org/palermo/id/> PREFIX src: <https://w3id.org/palermo/source/>
PREFIX pal: <https://w3id.org/palermo/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX dcterms: <http://purl.org/dc/terms/>
"""
FIRST = (
    PREFIXES
    + """
src:a {
  id:greta a pal:Actor, pal:Entity ; rdfs:label "GRETA"@en ; skos:prefLabel "GRETA"@en ; pal:established "2009" .
  id:jane-doe a pal:Person, pal:Actor, pal:Entity ; rdfs:label "Jane Doe"@en ; pal:chairs id:greta .
  <https://w3id.org/palermo/id/relation/jane-doe/chairs/greta> a pal:Relation, pal:Statement ;
    pal:subject id:jane-doe ; pal:predicate pal:chairs ; pal:object id:greta ; pal:start "2012" .
}
"""
)
SECOND = FIRST.replace('"2009"', '"2008"') + 'src:a { id:icat a pal:Actor, pal:Entity ; rdfs:label "ICAT"@en . }'
#: The release in service, from which the person was taken out as docs/privacy.md says.
NOW = SECOND[: SECOND.index("  id:jane-doe")] + "}" + SECOND.partition("}")[2]
HTML = {"accept": "text/html"}
BASE = "http://testserver"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp = tmp_path_factory.mktemp("past")
    (tmp / "releases").mkdir()
    for trig, version, day in ((FIRST, "1.0.0", date(2026, 1, 10)), (SECOND, "1.1.0", date(2026, 6, 20))):
        publish.publish(releases.write(tmp / version, trig, version), tmp / "releases", day, None)
    releases.write(tmp / "now", NOW, "2.0.0")
    return tmp


@pytest.fixture(scope="module")
def client(place: Path) -> Iterator[TestClient]:
    settings = Settings.read({}, release=place / "now", releases=str(place / "releases"))
    with TestClient(create_app(settings), follow_redirects=False) as one:
        del one.headers["accept"]
        yield one


@pytest.fixture
def withdrawn(client: TestClient) -> Iterator[None]:
    """As if redirects.csv said so: the site and the past of the application know it."""
    client.get("/doc/greta.nt")
    client.get("/release.json")
    site, past = client.app.state.site, client.app.state.past  # type: ignore[attr-defined]
    kept = site.redirects
    site.redirects = {
        **kept,
        "jane-doe": Redirect("jane-doe", "", "2026-11-24", "privacy: asked to be removed"),
    }
    past.__dict__["withdrawn"] = frozenset({"jane-doe"})
    past._open.clear()
    yield
    site.redirects = kept
    del past.__dict__["withdrawn"]
    past._open.clear()


def links(answer_links: str) -> dict[str, str]:
    return {rel: target for target, rel in re.findall(r'<([^>]*)>; rel="?([^";,]+)', answer_links)}


def test_a_thing_as_each_release_had_it(client: TestClient) -> None:
    for version, year, stamp in (
        ("1.0.0", "2009", "Sat, 10 Jan 2026 00:00:00 GMT"),
        ("1.1.0", "2008", "Sat, 20 Jun 2026 00:00:00 GMT"),
    ):
        answer = client.get(f"/release/{version}/doc/greta.nt")
        assert answer.status_code == 200
        assert f'established> "{year}"' in answer.text
        assert answer.headers["memento-datetime"] == stamp
        assert answer.headers["palermo-release"] == version
        found = links(answer.headers["link"])
        assert found["original"] == f"{BASE}/doc/greta"
        assert found["timegate"] == f"{BASE}/timegate/doc/greta"
        assert found["timemap"] == f"{BASE}/timemap/doc/greta"
    page = client.get("/release/1.0.0/doc/greta?lang=en", headers=HTML)
    assert page.status_code == 200
    assert "This is how release 1.0.0, published on 2026-01-10, had it." in page.text
    assert 'href="/doc/greta"' in page.text
    assert "selon la version 1.0.0" in client.get("/release/1.0.0/doc/greta?lang=fr", headers=HTML).text
    assert client.get("/release/1.0.0/doc/icat.nt").status_code == 404
    assert client.get("/release/7.0.0/doc/greta.nt").status_code == 404


def test_the_original_names_its_timegate(client: TestClient) -> None:
    answer = client.get("/doc/greta.nt")
    assert "memento-datetime" not in answer.headers
    assert links(answer.headers["link"])["timegate"] == f"{BASE}/timegate/doc/greta"


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        (None, "1.1.0"),
        ("Sun, 01 Nov 2026 12:00:00 GMT", "1.1.0"),
        ("Sat, 20 Jun 2026 00:00:00 GMT", "1.1.0"),
        ("Fri, 19 Jun 2026 23:59:59 GMT", "1.0.0"),
        ("Thu, 01 Jan 2004 00:00:00 GMT", "1.0.0"),
    ],
)
def test_timegate(client: TestClient, asked: str | None, version: str) -> None:
    answer = client.get("/timegate/doc/greta", headers={"accept-datetime": asked} if asked else {})
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{BASE}/release/{version}/doc/greta"
    assert "accept-datetime" in answer.headers["vary"].lower()
    assert links(answer.headers["link"])["original"] == f"{BASE}/doc/greta"
    assert "memento-datetime" not in answer.headers


def test_timegate_of_nothing(client: TestClient) -> None:
    assert client.get("/timegate/doc/greta", headers={"accept-datetime": "yesterday"}).status_code == 400
    assert client.get("/timegate/doc/nobody").status_code == 404


def test_timemap(client: TestClient) -> None:
    answer = client.get("/timemap/doc/greta")
    assert answer.headers["content-type"].startswith("application/link-format")
    entries = answer.text.strip().split(",\n")
    assert entries == [
        f'<{BASE}/doc/greta>; rel="original"',
        f'<{BASE}/timemap/doc/greta>; rel="self"; type="application/link-format";'
        ' from="Sat, 10 Jan 2026 00:00:00 GMT"; until="Sat, 20 Jun 2026 00:00:00 GMT"',
        f'<{BASE}/timegate/doc/greta>; rel="timegate"',
        f'<{BASE}/release/1.0.0/doc/greta>; rel="first memento"; datetime="Sat, 10 Jan 2026 00:00:00 GMT"',
        f'<{BASE}/release/1.1.0/doc/greta>; rel="last memento"; datetime="Sat, 20 Jun 2026 00:00:00 GMT"',
    ]
    assert 'rel="first last memento"' in client.get("/timemap/doc/icat").text


def test_what_changed_about_a_thing(client: TestClient) -> None:
    found = client.get("/history/greta.json").json()
    assert [(one["version"], one["event"]) for one in found["changes"]] == [("1.0.0", "appeared"), ("1.1.0", "changed")]
    change = found["changes"][1]
    established = "https://w3id.org/palermo/ontology#established"
    assert [(one["property"], one["value"]) for one in change["added"]] == [(established, "2008")]
    assert [(one["property"], one["value"]) for one in change["removed"]] == [(established, "2009")]
    assert [one["event"] for one in client.get("/history/jane-doe.json").json()["changes"]] == ["appeared"]
    page = client.get("/history/greta?lang=en", headers=HTML).text
    assert "GRETA: what changed" in page
    assert "2008" in page
    assert client.get("/history/nobody.json").status_code == 404


def test_the_list_and_the_files(client: TestClient) -> None:
    assert [one["version"] for one in client.get("/release.json").json()] == ["1.0.0", "1.1.0"]
    assert "additions" in client.get("/release?lang=en", headers=HTML).text
    assert client.get("/release/1.0.0/data/merged.nt").text.count("\n") > 5
    assert client.get("/release/1.0.0/data/NOTES.md").text.startswith("# Palermo 1.0.0")
    assert client.get("/release/1.0.0/data/../1.1.0/merged.nt").status_code == 404
    assert client.get("/release/1.0.0/data/nothing.txt").status_code == 404


@pytest.mark.usefixtures("withdrawn")
def test_what_is_withdrawn_is_withdrawn_from_the_past_too(client: TestClient) -> None:
    for path in (
        "/id/jane-doe",
        "/doc/jane-doe",
        "/release/1.0.0/doc/jane-doe", "/release/1.0.0/doc/relation/jane-doe/chairs/greta", "/timegate/doc/jane-doe",
        "/timemap/doc/jane-doe", "/history/jane-doe", "/history/jane-doe.json", "/release/1.0.0/data/merged.nt",
    ):  # fmt: skip
        assert client.get(path).status_code == 410, path
    assert "jane-doe" not in client.get("/release/1.0.0/doc/greta.nt").text
    assert "Jane" not in client.get("/release/1.0.0/doc/greta", headers=HTML).text
    assert "jane-doe" not in client.get("/history/greta.json").text


def test_before_it_is_withdrawn_it_is_only_gone(client: TestClient) -> None:
    assert client.get("/id/jane-doe").status_code == 404
    assert client.get("/release/1.1.0/doc/jane-doe.nt").status_code == 200


def test_off_without_the_setting(place: Path) -> None:
    with TestClient(create_app(Settings.read({}, release=place / "1.1.0"))) as one:
        for path in ("/release", "/release.json", "/release/1.0.0/doc/greta", "/timegate/doc/greta", "/history/greta"):
            assert one.get(path).status_code == 404, path
        assert "timegate" not in one.get("/doc/greta.nt").headers["link"]
