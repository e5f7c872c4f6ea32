"""OpenRefine against the reconciliation service: a recorded session, asked again; and OpenRefine itself where it is
installed (`scripts/system.sh openrefine`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients import openrefine
from tests.conformance.test_reconciliation import valid

RECORDED = json.loads((Path(__file__).parent / "openrefine-session.json").read_text())
#: Cell of the session's table to the entity that OpenRefine matches it with, None where it leaves that to the user.
MATCHED = {
    "Group of Experts on Action against Trafficking in Human Beings": {"greta"},
    "Group of Friends": {None},
    "MIPROF": {"miprof"},
    "Ministry of Foreign Affairs": {"fra-mfa", "se-mfa"},
    "Ministère de la Justice": {"fra-min-justice"},
    "Expertise Farnce": {None},
    "Palermo Protocol": {"palermo-protocol"},
}


def matches(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Query to the candidates that the service says to match."""
    return {key: [one["id"] for one in found["result"] if one["match"]] for key, found in answer.items()}


def test_the_recording_is_of_openrefine() -> None:
    assert RECORDED["openrefine"]
    assert [sorted(one["form"]) for one in RECORDED["exchange"]] == [["queries"], ["extend"]]


@pytest.mark.parametrize("said", RECORDED["exchange"], ids=["queries", "extend"])
def test_what_openrefine_asked_is_answered_so_again(said: dict[str, Any], server_url: str) -> None:
    ((name, asked),) = said["form"].items()
    schema, response = {
        "queries": ("reconciliation-query-batch", "reconciliation-result-batch"),
        "extend": ("data-extension-query", "data-extension-response"),
    }[name]
    valid(schema, asked)
    valid(response, said["answer"])
    now = httpx.post(
        f"{server_url}/reconcile", data={name: json.dumps(asked)}, headers={"Content-Type": said["type"]}, timeout=60
    )
    assert now.status_code == said["status"] == 200
    answer = valid(response, now.json())
    if name == "queries":
        assert matches(answer) == matches(said["answer"])
    else:
        assert answer["meta"] == said["answer"]["meta"]
        assert sorted(answer["rows"]) == sorted(asked["ids"])
        assert answer["rows"]["palermo-protocol"]["entryIntoForce"] == [{"date": "2003-12-25T00:00:00Z"}]


@pytest.mark.openrefine
@pytest.mark.xdist_group("openrefine")
def test_openrefine_matches_and_extends(server_url: str) -> None:
    if not openrefine.is_here():
        pytest.skip(reason="no OpenRefine here: sh scripts/system.sh openrefine")
    with openrefine.running() as refine:
        found = openrefine.session(refine, f"{server_url}/reconcile")
    assert {one["value"] for one in found.judgments} == set(MATCHED)
    for one in found.judgments:
        assert one["match"] in MATCHED[one["value"]], one
        assert (one["judgment"] == "matched") == (one["match"] is not None), one
    (misspelt,) = (one for one in found.judgments if one["value"] == "Expertise Farnce")
    assert misspelt["candidates"][0] == "expertise-france"
    assert [said["status"] for said in found.exchange] == [200, 200]
    named = {row["label (fr)"]: row for row in found.table}
    assert "Expertise France (Agence française d’expertise technique internationale)" in named, "the best was taken"
    protocol = next(row for row in found.table if row["entry into force"])
    assert protocol["entry into force"].startswith("2003-12-25")
    assert {row["is based in"] for row in found.table if row["country"]} == {"France", "Sweden"}
