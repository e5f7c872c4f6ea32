"""The Reconciliation Service API 0.2, on the real release: every answer is held to the specification's JSON schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parent / "reconciliation"
REGISTRY: Registry[Any] = Registry().with_resources(
    (document["$id"], Resource.from_contents(document))
    for document in (json.loads(path.read_text()) for path in sorted(SCHEMAS.glob("*.json")))
)
GRETA = "Group of Experts on Action against Trafficking in Human Beings"


def valid(name: str, document: Any) -> Any:
    """The document, once it is found to follow a schema."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    errors = [
        f"{error.json_path}: {error.message}"
        for error in Draft7Validator(schema, registry=REGISTRY).iter_errors(document)
    ]
    assert not errors, errors
    return document


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=60) as one:
        yield one


@pytest.fixture(scope="module")
def manifest(client: httpx.Client) -> Any:
    return valid("manifest", client.get("/reconcile").json())


def reconcile(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    """The candidates of one query, sent as OpenRefine sends it."""
    batch = valid("reconciliation-query-batch", {"q0": query})
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = valid("reconciliation-result-batch", answer.json())["q0"]["result"]
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    return found


def extend(client: httpx.Client, ids: list[str], *properties: dict[str, Any]) -> Any:
    asked = valid("data-extension-query", {"ids": ids, "properties": list(properties)})
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200, answer.text
    return valid("data-extension-response", answer.json())


def test_the_schemas_refuse_what_is_no_answer() -> None:
    for name, document in (
        ("manifest", {"versions": ["0.1"], "name": "x", "identifierSpace": "x", "schemaSpace": "x"}),
        (
            "manifest",
            {"versions": ["0.2"], "name": "x", "identifierSpace": "x", "schemaSpace": "x", "view": {"url": "x"}},
        ),
        ("reconciliation-query-batch", {"q0": {}}),
        ("reconciliation-query-batch", {"q0": {"query": "x", "colour": "red"}}),
        ("reconciliation-result-batch", {"q0": {"result": [{"id": "fra", "name": "France"}]}}),
        ("suggest-types-response", {"result": [{"id": "a", "name": "a", "broader": [{"id": "b"}]}]}),
        ("data-extension-response", {"meta": [], "rows": {"fra": {"x": [{"date": "1949-05-05"}]}}}),
    ):
        with pytest.raises(AssertionError):
            valid(name, document)


def test_all_endpoints_can_be_called_from_other_pages(client: httpx.Client) -> None:
    for path in ("/reconcile", "/reconcile/suggest/entity?prefix=gret", "/reconcile/preview?id=greta"):
        assert (
            client.get(path, headers={"Origin": "http://127.0.0.1:3333"}).headers["Access-Control-Allow-Origin"] == "*"
        )


def test_the_templates_of_the_manifest_lead_somewhere(client: httpx.Client, manifest: Any) -> None:
    view = client.get(manifest["view"]["url"].replace("{{id}}", "greta"), headers={"Accept": "text/html"})
    assert view.status_code == 200
    assert GRETA in view.text
    preview = client.get(manifest["preview"]["url"].replace("{{id}}", "greta"))
    assert preview.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    assert "GRETA" in preview.text
    assert "Source" in preview.text
    assert client.get(manifest["preview"]["url"].replace("{{id}}", "nobody")).status_code == 404
    for one in manifest["suggest"].values():
        assert client.get(one["service_url"] + one["service_path"], params={"prefix": "a"}).status_code == 200


def test_the_whole_name_is_a_match(client: httpx.Client) -> None:
    for text in (
        GRETA,
        f"{GRETA} (GRETA)",
        "GRETA",
        "greta",
        "Groupe d'experts sur la lutte contre la traite des etres humains",
    ):
        first, *others = reconcile(client, query=text)
        assert (first["id"], first["match"]) == ("greta", True), text
        assert first["score"] >= 88
        assert all(one["score"] <= first["score"] - 8 and not one["match"] for one in others)


def test_a_group_of_experts_is_no_group_of_friends(client: httpx.Client) -> None:
    """They share their common words only; the rare ones decide."""
    experts = reconcile(client, query="Group of Experts")
    friends = reconcile(client, query="Group of Friends United against Human Trafficking")
    assert experts[0]["id"] == "greta"
    assert experts[0]["score"] > 80
    assert not any(one["match"] for one in experts), "GREVIO is a group of experts too"
    assert not any(one["match"] for one in friends)
    assert max((one["score"] for one in friends), default=0) < 60


def test_namesakes_are_left_to_the_user(client: httpx.Client) -> None:
    found = reconcile(client, query="FRA")
    assert {one["id"] for one in found[:2]} == {"fra", "eu-fra"}
    assert not any(one["match"] for one in found)
    assert [(one["id"], one["match"]) for one in reconcile(client, query="FRA", type="State")] == [("fra", True)]
    assert reconcile(client, query="Niger")[0]["id"] == "ner"


def test_types_filter_with_everything_below_them(client: httpx.Client) -> None:
    found = reconcile(client, query="Palermo Protocol", type=["Instrument"], limit=10)
    assert found[0]["id"] == "palermo-protocol"
    assert all("Instrument" in {type_["id"] for type_ in one["type"]} for one in found)
    assert reconcile(client, query="Alliance", type="Treaty") == []
    assert reconcile(client, query="France", type=["State", "Treaty"], type_strict="all") == []
    assert reconcile(client, query="Alliance 8.7", type="Treaty", type_strict="should")[0]["score"] < 80


def test_other_columns_count(client: httpx.Client) -> None:
    query = "Ministry of Foreign Affairs"
    assert not reconcile(client, query=query)[0]["match"]
    for value in ("France", {"id": "fra", "name": "France"}, ["Italy", "FRA"]):
        found = reconcile(client, query=query, properties=[{"pid": "basedIn", "v": value}])
        assert (found[0]["id"], found[0]["match"]) == ("fra-mfa", True)
        assert all(one["score"] < 60 for one in found if one["id"] == "se-mfa")
    assert [one["id"] for one in reconcile(client, properties=[{"pid": "isoAlpha3", "v": "FRA"}])] == ["fra"]


def test_an_identifier_finds_its_entity(client: httpx.Client) -> None:
    for id_ in ("palermo-protocol", "expertise-france", "osce-alliance"):
        assert reconcile(client, query=id_)[0]["id"] == id_
        assert client.get("/reconcile/suggest/entity", params={"prefix": id_}).json()["result"][0]["id"] == id_


def test_a_batch_by_get_says_the_same_as_by_post(client: httpx.Client) -> None:
    batch = {"a": {"query": "UNODC"}, "b": {"query": "Sweden", "type": "State", "limit": 1}}
    got = client.get("/reconcile", params={"queries": json.dumps(batch)})
    assert got.json() == client.post("/reconcile", data={"queries": json.dumps(batch)}).json()
    assert {key: one["result"][0]["id"] for key, one in got.json().items()} == {"a": "unodc", "b": "swe"}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": '{"q0": {}}'}, 400),
        ({"queries": '{"q0": {"query": "x", "limit": 0}}'}, 400),
        ({"queries": '{"q0": {"query": "x", "properties": [{"pid": "basedIn"}]}}'}, 400),
        ({"queries": "{}", "extend": "{}"}, 400),
        ({}, 400),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(51)})}, 413),
        ({"extend": '{"ids": ["fra"], "properties": [{"id": "colour"}]}'}, 400),
        ({"extend": '{"ids": ["fra"], "properties": [{"id": "partyTo", "settings": {"as_of": "soon"}}]}'}, 400),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: httpx.Client, form: dict[str, str], status: int) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/reconcile", content=urlencode(form), headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_suggestions(client: httpx.Client) -> None:
    def suggest(what: str, prefix: str, cursor: int = 0) -> list[dict[str, Any]]:
        answer = client.get(f"/reconcile/suggest/{what}", params={"prefix": prefix, "cursor": cursor}).json()
        found: list[dict[str, Any]] = valid(
            f"suggest-{ {'entity': 'entities', 'property': 'properties', 'type': 'types'}[what] }-response", answer
        )["result"]
        return found

    assert suggest("entity", "Council of Eur")[0]["id"] == "coe"
    assert suggest("entity", "Council of Eur", 1)[0]["id"] != "coe"
    assert suggest("property", "memberOf")[0]["id"] == "memberOf"
    assert {one["id"] for one in suggest("property", "memb")} == {"memberOf", "hasMember"}
    assert suggest("type", "treaty")[0]["broader"][0]["id"] == "Instrument"
    assert client.get("/reconcile/suggest/colour", params={"prefix": "r"}).status_code == 404


def test_properties_are_proposed_by_type(client: httpx.Client, manifest: Any) -> None:
    where = manifest["extend"]["propose_properties"]
    for type_, among in (("State", "partyTo"), ("Treaty", "hasParty"), ("Project", "takesPlaceIn")):
        answer = client.get(where["service_url"] + where["service_path"], params={"type": type_, "limit": 30})
        found = valid("data-extension-property-proposal", answer.json())
        assert found["type"] == type_
        assert among in {one["id"] for one in found["properties"]}


def test_data_extension(client: httpx.Client) -> None:
    found = extend(
        client,
        ["fra", "cets-197", "a-tipsom", "nobody"],
        {"id": "isoAlpha3"},
        {"id": "entryIntoForce"},
        {"id": "budget"},
        {"id": "fundedBy"},
        {"id": "label.fr"},
    )
    rows = found["rows"]
    assert rows["fra"]["isoAlpha3"] == [{"str": "FRA"}]
    assert rows["fra"]["label.fr"] == [{"str": "France"}]
    assert rows["cets-197"]["entryIntoForce"] == [{"date": "2008-02-01T00:00:00Z"}]
    assert rows["a-tipsom"]["fundedBy"] == [{"id": "eu", "name": "European Union"}]
    assert rows["a-tipsom"]["budget"] == [{"int": 8300000}]
    assert rows["nobody"] == {"isoAlpha3": [], "entryIntoForce": [], "budget": [], "fundedBy": [], "label.fr": []}


def test_settings_of_data_extension(client: httpx.Client) -> None:
    """France ratified the Palermo Protocol on 29 October 2002."""

    def treaties(**settings: Any) -> set[str]:
        found = extend(client, ["fra"], {"id": "partyTo", "settings": settings})
        return {one["id"] for one in found["rows"]["fra"]["partyTo"]}

    assert "palermo-protocol" in treaties(as_of="2002-10-29")
    assert "palermo-protocol" not in treaties(as_of="2002-10-28")
    assert len(treaties(limit="3")) == 3
