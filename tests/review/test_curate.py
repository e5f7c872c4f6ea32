"""/curate: off by default, for the machine itself alone, by form and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.build.refresh import proposal
from graph.build.review import log
from tests.http import tiny
from tests.review.proposals import ADD, ALL, CHANGE, QUESTION, write

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "changes.csv", ALL)


@pytest.fixture
def client(file: Path, tmp_path: Path) -> Iterator[TestClient]:
    release = tiny.write(tmp_path / "release")
    settings = Settings.read({}, release=release, curate=str(file), facts=str(tmp_path))
    with TestClient(create_app(settings), BASE, client=("127.0.0.1", 50000), follow_redirects=False) as one:
        yield one


def form(client: TestClient, identifier: str) -> dict[str, str]:
    """The form of a proposal as a browser would send it back."""
    page = client.get(f"/curate/{identifier}", headers={"accept": "text/html"})
    assert page.status_code == 200, page.text
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text.split('<form method="post"')[1]))


def test_a_decision_by_form(client: TestClient, file: Path, tmp_path: Path) -> None:
    listed = client.get("/curate").text
    assert all(one.id in listed for one in ALL)
    data = {**form(client, CHANGE.id), "decision": "accept", "who": "Ana", "why": "read", "after.start": "2019-05"}
    done = client.post(f"/curate/{CHANGE.id}", data=data, headers={"origin": BASE})
    assert (done.status_code, done.headers["location"]) == (303, "/curate")
    (found,) = [one for one in proposal.read(file) if one.id == CHANGE.id]
    assert (found.decision, found.after["start"]) == ("accept", "2019-05")
    assert [one.who for one in log.read(tmp_path)] == ["Ana"]
    assert "read" in client.get(f"/curate/{CHANGE.id}").text


def test_two_tabs_do_not_overwrite_each_other(client: TestClient, file: Path) -> None:
    first, second = form(client, ADD.id), form(client, ADD.id)
    for data, decision, who, status in ((first, "accept", "Ana", 303), (second, "reject", "Ben", 409)):
        done = client.post(f"/curate/{ADD.id}", data={**data, "decision": decision, "who": who, "why": "x"})
        assert done.status_code == status
    assert "Ana decided" in done.text
    assert next(one for one in proposal.read(file) if one.id == ADD.id).decision == "accept"


def test_what_cannot_be_accepted_is_said_on_the_page(client: TestClient, tmp_path: Path) -> None:
    data = {**form(client, QUESTION.id), "decision": "accept", "who": "Ana", "why": "x", "after.object": "<script>"}
    done = client.post(f"/curate/{QUESTION.id}", data=data)
    assert done.status_code == 409
    assert "is no id" in done.text
    assert "<script>" not in done.text.split("<main")[1]
    assert not (tmp_path / log.FILE).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example:8000"},
        {"host": "evil.example"},
        {"x-forwarded-for": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_who_comes_from_elsewhere_is_refused(client: TestClient, headers: dict[str, str], tmp_path: Path) -> None:
    data = {**form(client, ADD.id), "decision": "accept", "who": "Eve", "why": "x"}
    assert client.get("/curate", headers=headers).status_code == 403
    assert client.post(f"/curate/{ADD.id}", data=data, headers=headers).status_code == 403
    assert not (tmp_path / log.FILE).exists()


def test_another_machine_is_refused(client: TestClient) -> None:
    for address in ("192.0.2.7", "testclient"):
        other = TestClient(client.app, BASE, client=(address, 50000))
        assert other.get("/curate").status_code == 403


@pytest.mark.parametrize("secret", ["", "guess"])
def test_a_form_without_the_secret_is_refused(client: TestClient, secret: str, tmp_path: Path) -> None:
    data = {**form(client, ADD.id), "decision": "accept", "who": "Eve", "why": "x", "secret": secret}
    assert client.post(f"/curate/{ADD.id}", data=data).status_code == 403
    assert not (tmp_path / log.FILE).exists()


def test_no_other_origin_reads_the_page(client: TestClient) -> None:
    answer = client.get("/curate")
    assert answer.headers["access-control-allow-origin"] != "*"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"


def test_off_by_default_and_never_beyond_the_loopback(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from api.cli import app

    release = tiny.write(tmp_path / "release")
    with TestClient(create_app(Settings.read({}, release=release)), BASE, client=("127.0.0.1", 50000)) as one:
        assert one.get("/curate").status_code == 404
        assert one.post("/curate/abc", data={}).status_code == 404
    done = CliRunner().invoke(app, ["serve", "--curate", "changes.csv", "--host", "0.0.0.0", "--release", str(release)])
    assert done.exit_code != 0
    assert "loopback" in done.output


def test_in_french(client: TestClient) -> None:
    page = client.get(f"/curate/{ADD.id}?lang=fr").text
    assert "Propositions à trancher" in page
    assert "Rejeter" in page
