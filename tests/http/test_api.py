"""The JSON API over the real release: counts against the tables, filters, paging, formats, problems, JSON-LD."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema_rs
import networkx as nx
import pandas
import pytest
from rdflib import Graph

from graph.read import library, open_release
from graph.read.collections import COLLECTIONS
from tests import recount

V1 = "/api/v1"


@pytest.fixture(scope="module")
def api(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url + V1, timeout=60, follow_redirects=True) as client:
        client.get("/search", params={"q": "france"})
        yield client


def ok(api: httpx.Client, address: str, **parameters: Any) -> Any:
    answer = api.get(address, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def everything(api: httpx.Client, address: str, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = ok(api, address, limit=1000 if "/entities" not in address else 500, **parameters)
    while True:
        found += page["items"]
        if page["next"] is None:
            return found
        page = api.get(page["next"]).json()


def test_treaty_actions_per_treaty(api: httpx.Client) -> None:
    expected = Counter(treaty for treaty, *_ in recount.actions())
    for treaty, count in expected.items():
        assert ok(api, "/treaty-actions", treaty=treaty, limit=1)["count"] == count


def test_every_treaty_action_once(api: httpx.Client) -> None:
    found = [item["id"] for item in everything(api, "/treaty-actions", fields="treaty")]
    expected = {
        f"action/{treaty}/{who}/{kind}" + ("" if number == 1 else f"/{number}")
        for treaty, who, kind, number in recount.actions()
    }
    assert len(found) == len(set(found))
    assert set(found) == expected


@pytest.mark.parametrize("treaty", ["palermo-protocol", "untoc", "cets-197", "cedaw"])
@pytest.mark.parametrize("day", ["1995-01-01", "2004-12-31", "2015-03-14"])
def test_parties_on_a_day(api: httpx.Client, treaty: str, day: str) -> None:
    items = everything(api, "/party-statuses", treaty=treaty, as_of=day, unknown="exclude", fields="participant")
    found = {item["participant"]["id"] for item in items}
    expected, doubtful = recount.certain(treaty, day)
    assert found - doubtful == expected


def test_counts_of_lists(api: httpx.Client) -> None:
    assert ok(api, "/evaluations", limit=1)["count"] == len(recount.evaluations())
    assert ok(api, "/statistics", limit=1)["count"] == len(recount.ids("statistics"))
    assert ok(api, "/sources", limit=1)["count"] == len(recount.ids("sources"))
    assert ok(api, "/projects", limit=1)["count"] == len(recount.ids("projects"))
    assert ok(api, "/claims", limit=1)["count"] == 12


def test_statements_of_france(api: httpx.Client) -> None:
    acts = {item["id"] for item in everything(api, "/entities/fra/relations") if item["@type"] == "TreatyAction"}
    assert len(acts) == sum(who == "fra" for _, who, _, _ in recount.actions())


def test_filter_by_any_name_of_a_state(api: httpx.Client) -> None:
    counts = {
        ok(api, "/treaty-actions", participant=name, limit=1)["count"]
        for name in ("fra", "FRA", "fr", "FR", "https://w3id.org/palermo/id/fra")
    }
    assert len(counts) == 1


@pytest.mark.parametrize("name", sorted(COLLECTIONS))
def test_list_item_and_table_agree(api: httpx.Client, name: str) -> None:
    page = ok(api, f"/{name}", limit=3)
    for item in page["items"]:
        single = ok(api, f"/{name}/{item['id']}")
        assert {key: value for key, value in single.items() if key in item} == item
    table = api.get(f"/{name}.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == page["count"] == int(table.headers["palermo-rows"])
    by_accept = api.get(f"/{name}", headers={"Accept": "text/csv"})
    assert by_accept.text == table.text


@pytest.mark.parametrize(
    "address", ["/entities/greta/relations", "/entities/greta/neighbours", "/statistics/conflicts"]
)
def test_other_lists_are_tables_too(api: httpx.Client, address: str) -> None:
    rows = list(csv.DictReader(io.StringIO(api.get(f"{address}.csv").text)))
    assert api.get(address, headers={"Accept": "text/csv"}).text == api.get(f"{address}.csv").text
    if address.startswith("/entities"):
        items = everything(api, address)
        ids = [(item.get("statement") or item)["id"] for item in items]
        assert [row["id"] for row in rows] == ids
        assert all(row["sources"] and row["sentence"] for row in rows)
    else:
        items = ok(api, address)["items"]
        assert [(row["conflict"], row["id"]) for row in rows] == [
            (str(number), figure["id"]) for number, item in enumerate(items, 1) for figure in item["figures"]
        ]


@pytest.mark.parametrize("name", ["FR", "FRA", "https://w3id.org/palermo/id/fra"])
def test_an_address_takes_any_name_of_an_entity(api: httpx.Client, name: str) -> None:
    assert ok(api, f"/entities/{name}") == ok(api, "/entities/fra")
    assert ok(api, f"/actors/{name}")["id"] == "fra"
    for below in ("relations", "neighbours"):
        assert (
            ok(api, f"/entities/{name}/{below}", limit=1)["items"]
            == ok(api, f"/entities/fra/{below}", limit=1)["items"]
        )


def test_pandas_reads_a_list(server_url: str) -> None:
    found = pandas.read_csv(f"{server_url}{V1}/treaty-actions.csv?treaty=cets-197")
    assert len(found) == sum(treaty == "cets-197" for treaty, *_ in recount.actions())
    assert set(found["treaty"]) == {"cets-197"}


# rdflib's own JSON-LD reader still makes a class that rdflib deprecates
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize("name", sorted(COLLECTIONS))
def test_json_is_json_ld_and_a_part_of_the_graph(api: httpx.Client, release_dir: Any, name: str) -> None:
    page = ok(api, f"/{name}", limit=15)
    context = api.get(page["@context"]).json()["@context"]
    graph = Graph().parse(data=json.dumps({**page, "@context": context}), format="json-ld")
    assert len(graph) >= 2 * len(page["items"])
    with open_release(release_dir) as release:
        for subject, predicate, value in graph:
            assert release.store.ask(f"ASK {{ {subject.n3()} {predicate.n3()} {value.n3()} }}"), (
                subject, predicate, value,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "parameter", "allowed"),
    [
        ("/actors?kind=Stat", "kind", "State"),
        ("/actors?colour=red", "colour", "kind"),
        ("/actors?sort=size", "sort", "id"),
        ("/actors?limit=0", "limit", "from 1 to 1000"),
        ("/actors?limit=1001", "limit", "from 1 to 1000"),
        ("/actors?limit=ten", "limit", "whole number"),
        ("/actors?cursor=zzz", "cursor", "cursor"),
        ("/actors?fields=size", "fields", "labels"),
        ("/actors?lang=de", "lang", "fr"),
        ("/treaty-actions?participant=atlantis", "participant", "ISO 3166-1"),
        ("/treaty-actions?action=eating", "action", "accession"),
        ("/relations?as_of=2005", "as_of", "YYYY-MM-DD"),
        ("/relations?as_of=2005-02-30", "as_of", "YYYY-MM-DD"),
        ("/relations?unknown=exclude", "unknown", "as_of"),
        ("/statistics?as_of=2005-01-01", "as_of", "period"),
        ("/statistics?indicator=smiles", "indicator", "victims-identified"),
        ("/search", "q", "required"),
        ("/paths?from=fra", "to", "required"),
        ("/paths?from=fra&to=nobody", "to", "IRI"),
        ("/paths?from=fra&to=FR", "to", "another"),
        ("/compare?ids=fra", "ids", "2 to 3"),
        ("/compare?ids=fra,FRA", "ids", "different"),
        ("/network?focus=nobody", "focus", "IRI"),
        ("/network?families=love", "families", "treaty"),
        ("/network?open=fra:love", "open", "family"),
        ("/network/measures?measure=fame", "measure", "pagerank"),
        ("/network/export?format=xlsx", "format", "graphml"),
        ("/network/change?before=2010-01-01&after=2005-01-01", "after", "before"),
        ("/entities/fra/relations?direction=up", "direction", "out"),
        ("/entities/fra/relations?cursor=e30", "cursor", "cursor"),
        ("/actors?lang=en&lang=fr", "lang", "twice"),
    ],
)  # fmt: skip
def test_bad_input_names_parameter_and_what_is_allowed(
    api: httpx.Client, address: str, parameter: str, allowed: str
) -> None:
    answer = api.get(address)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["parameter"] == parameter
    assert allowed in problem["detail"] or allowed in " ".join(problem.get("allowed", []))


@pytest.mark.parametrize(
    "address", ["/actors/atlantis", "/entities/atlantis", "/treaty-actions/x", "/context/x.jsonld", "/sources/x"]
)
def test_what_is_not_there(api: httpx.Client, address: str) -> None:
    answer = api.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_not_acceptable(api: httpx.Client) -> None:
    assert api.get("/actors", headers={"Accept": "image/png"}).status_code == 406


def test_known_already(api: httpx.Client) -> None:
    first = api.get("/actors", params={"limit": 2})
    again = api.get("/actors", params={"limit": 2}, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    other = api.get("/actors", params={"limit": 3}, headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_head(api: httpx.Client) -> None:
    answer = api.head("/actors")
    assert answer.status_code == 200
    assert answer.content == b""


def test_next_is_a_link_header_too(api: httpx.Client) -> None:
    answer = api.get("/treaties", params={"limit": 2})
    assert answer.headers["link"] == f'<{answer.json()["next"]}>; rel="next"'


def test_language(api: httpx.Client) -> None:
    assert ok(api, "/entities/swe", lang="fr")["label"] == "Suède"
    assert api.get("/entities/swe", headers={"Accept-Language": "fr-BE,en;q=0.5"}).json()["label"] == "Suède"
    assert ok(api, "/entities/swe")["label"] == "Sweden"


def test_fields(api: httpx.Client) -> None:
    (item,) = ok(api, "/treaties", fields="reference", limit=1)["items"]
    assert set(item) <= {"@id", "@type", "id", "label", "reference"}


def test_neighbours_of_greta(api: httpx.Client) -> None:
    first = ok(api, "/entities/greta/neighbours", families="monitoring", limit=20)
    items = everything(api, "/entities/greta/neighbours", families="monitoring")
    assert len(items) == first["count"] == sum(one["links"] for one in first["counts"])
    states = {item["id"] for item in items if item["kind"] == "State"}
    assert {who for who, treaty in recount.bound() if treaty == "cets-197"} <= states
    assert all(item["statement"]["sources"] for item in items)


def test_search_says_who_it_is(api: httpx.Client) -> None:
    first = ok(api, "/search", q="expertise farnce", lang="fr")["items"][0]
    assert first["id"] == "expertise-france"
    assert first["who"] == "Agence de développement, France"
    assert ok(api, "/complete", q="mip")["items"][0]["id"] == "miprof"


def test_paths_in_words(api: httpx.Client) -> None:
    found = ok(api, "/paths", **{"from": "FR", "to": "SE", "lang": "fr"})
    assert found["items"][0]["sentences"] == [
        "La France a lancé une initiative commune avec la Suède le\u00a08\u00a0mars 2019."
    ]
    for item in found["items"]:
        for step in item["steps"]:
            assert step["sources"]
            assert step["sentence"].endswith(".")


def test_comparison(api: httpx.Client) -> None:
    found = ok(api, "/compare", ids="fra,swe")
    commitments = found["sections"]["commitments"]
    assert commitments["shared"] == sum(item["shared"] for item in commitments["items"])
    assert [item["shared"] for item in commitments["items"]] == sorted(
        (item["shared"] for item in commitments["items"]), reverse=True
    )


def test_conflicts_are_those_of_the_named_query(api: httpx.Client, release_dir: Any) -> None:
    found = ok(api, "/statistics/conflicts")
    figures = {figure["@id"] for item in found["items"] for figure in item["figures"]}
    with open_release(release_dir) as release:
        rows = release.store.select(library.load()["rival-figures"].bind(ids=release.index.ids)).values()
    named = {row[side] for row in rows for side in ("one", "other")}
    assert named <= figures
    for item in found["items"]:
        assert len(item["values"]) > 1
        assert item["question"]["period"]


def test_network_keeps_its_contract(api: httpx.Client) -> None:
    schema = ok(api, "/network/schema")
    for parameters in (
        {"focus": "fra"},
        {"focus": "greta", "depth": 2, "limit": 80},
        {"focus": "fra", "as_of": "2005-01-01"},
    ):
        scene = ok(api, "/network", **parameters)
        jsonschema_rs.validate(schema, scene)
        ids = {node["id"] for node in scene["nodes"]}
        assert all(edge["source"] in ids and edge["target"] in ids for edge in scene["edges"])


def test_export_opens_in_networkx(api: httpx.Client) -> None:
    text = api.get("/network/export", params={"format": "graphml"}).text
    graph = nx.parse_graphml(text, force_multigraph=True)
    with_links = ok(api, "/network/measures", measure="degree", limit=5000)
    assert graph.number_of_nodes() >= with_links["nodes"]
    assert len({frozenset(pair) for pair in graph.edges() if pair[0] != pair[1]}) == with_links["edges"]


def test_export_as_a_file_that_draws_itself(api: httpx.Client) -> None:
    answer = api.get("/network/export", params={"format": "html", "focus": "greta", "lang": "fr"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "vis-network" in answer.text
    assert 'lang="fr"' in answer.text
    assert not re.search(r"""(?:src|href)=["']https?:""", answer.text.partition("<script")[0])
    scene = ok(api, "/network", focus="greta", lang="fr")
    assert all(node["id"] in answer.text for node in scene["nodes"])
    refused = api.get("/network/export", params={"format": "html", "kinds": "State"})
    assert (refused.status_code, refused.json()["parameter"]) == (400, "kinds")


def test_measures_carry_their_method(api: httpx.Client) -> None:
    found = ok(api, "/network/measures", measure="communities", families="cooperation,funding")
    assert found["method"].startswith("Louvain")
    assert found["parameters"]["families"] == ["cooperation", "funding"]
    assert sum(group["count"] for group in found["groups"]) == found["nodes"]


def test_similar_and_change(api: httpx.Client) -> None:
    assert all(0 < one["similarity"] <= 1 for one in ok(api, "/network/similar", id="fra")["items"])
    found = ok(api, "/network/change", before="2005-01-01", after="2010-01-01", families="treaty")
    assert found["came"]["count"] > 100


def test_the_index_lists_what_there_is(api: httpx.Client) -> None:
    found = ok(api, "")
    assert set(found["lists"]) == set(COLLECTIONS)
    for one in found["lists"].values():
        assert api.get(one["url"], params={"limit": 1}).status_code == 200
