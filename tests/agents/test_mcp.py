"""The agents' server, asked by the protocol's own client over both transports, on the real release."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from tests import engine
from tests.conftest import serving
from tests.loops import apart

PALERMO = Path(sys.executable).with_name("palermo")
TOOLS = {"search", "describe", "relations", "paths", "treaty_status", "statistics", "sparql"}
PREFIXES = "PREFIX pal: <https://w3id.org/palermo/ontology#> PREFIX id: <https://w3id.org/palermo/id/>\n"


@pytest.fixture(scope="module", params=["http", "stdio"])
def door(request: pytest.FixtureRequest) -> Any:
    """What a client is given to reach the server: an address, or how to start it."""
    if request.param == "http":
        return request.getfixturevalue("server_url") + "/mcp"
    release = request.getfixturevalue("release_dir")
    arguments = ["mcp", "--release", str(release)]
    return StdioServerParameters(command=str(PALERMO), args=arguments, env=engine.behind(arguments))


@asynccontextmanager
async def connected(door: Any) -> AsyncIterator[Client]:
    async with Client(door, read_timeout_seconds=60) as client:
        yield client


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The structured answer of a tool, which says the same as its text and names the sources of all it says."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    answer = result.structured_content
    assert isinstance(answer, dict)
    assert json.loads(getattr(result.content[0], "text", "")) == answer
    cited = {one["id"] for one in answer["sources"]}
    assert named(answer) <= cited, "a source is named that is not cited"
    assert all(one["title"] and one["publisher"] for one in answer["sources"])
    assert answer["release"]
    return answer


def named(value: Any, top: bool = True) -> set[str]:
    """Every source id that parts of an answer name."""
    if isinstance(value, list):
        return {id_ for one in value for id_ in named(one, False)}
    if not isinstance(value, dict):
        return set()
    own = set() if top else {one for one in value.get("sources", ()) if isinstance(one, str)}
    return own | {id_ for key, one in value.items() if key != "sources" for id_ in named(one, False)}


def test_every_tool_and_resource(door: Any) -> None:
    async def asked() -> None:
        async with connected(door) as client:
            tools = (await client.list_tools()).tools
            assert {tool.name for tool in tools} == TOOLS
            assert all(tool.description and tool.annotations and tool.annotations.read_only_hint for tool in tools)

            greta = (await call(client, "search", query="group of experts traficking"))["results"][0]
            assert (greta["id"], greta["sources"] != []) == ("greta", True)

            facts = await call(client, "describe", id="CETS-197", lang="fr")
            assert facts["facts"]["entryIntoForce"] == "2008-02-01"
            assert {one["relation"] for one in facts["relations"]} >= {"partyTo", "adopted"}
            act = await call(client, "describe", id="action/palermo-protocol/fra/ratification")
            assert act["sentence"] == "France ratified the Palermo Protocol on 29 October 2002."
            assert "untc-xviii-12-a" in act["sources"][0]["id"] or len(act["sources"]) > 1

            funds = await call(client, "relations", id="eu", families=["funding"], limit=3)
            assert len(funds["relations"]) == 3 < funds["count"]
            more = await call(client, "relations", id="eu", families=["funding"], offset=funds["next_offset"])
            assert not {one["statement"] for one in funds["relations"]} & {
                one["statement"] for one in more["relations"]
            }

            paths = await call(client, "paths", from_id="expertise-france", to_id="eu")
            assert paths["paths"][0]["steps"][0]["sentence"].endswith(".")
            assert len({one["kind"] for one in paths["paths"]}) > 1

            before = await call(
                client, "treaty_status", treaty="palermo-protocol", participant="FRA", as_of="2002-10-28"
            )
            after = await call(
                client, "treaty_status", treaty="palermo-protocol", participant="FRA", as_of="2002-10-29"
            )
            assert (before["status"], after["status"]) == ("signatory", "party")
            everyone = await call(client, "treaty_status", treaty="cets-197")
            assert everyone["counts"]["party"] == len(everyone["participants"]["party"]) > 40

            rivals = await call(client, "statistics", area="fra", conflicts_only=True)
            assert rivals["figures"]
            assert all(one["disputed"] and one["sources"] for one in rivals["figures"])
            assert all(len(one["values"]) > 1 for one in rivals["conflicts"])

            query = (
                PREFIXES + "SELECT ?s WHERE { ?s pal:subject id:fra ; pal:predicate pal:memberOf ; pal:object id:coe }"
            )
            rows = await call(client, "sparql", query=query)
            assert rows["bindings"] == [{"s": "https://w3id.org/palermo/id/relation/fra/memberOf/coe"}]
            assert rows["sources"]
            count = await call(client, "sparql", query=PREFIXES + "SELECT (COUNT(*) AS ?n) WHERE { ?s a pal:State }")
            assert count["bindings"][0]["n"] > 190
            assert "no sources of its own" in count["note"]
            graph = await call(client, "sparql", query=PREFIXES + "DESCRIBE id:greta")
            assert "greta" in graph["turtle"]
            cut = await call(client, "sparql", query="SELECT * { ?s ?p ?o }", rows=7)
            assert (len(cut["bindings"]), cut["truncated"]) == (7, True)

            resources = {str(one.uri) for one in (await client.list_resources()).resources}
            assert resources == {"palermo://schema", "palermo://queries"}
            text = (await client.read_resource("palermo://schema")).contents[0].text  # type: ignore[union-attr]
            assert "pal:TreatyAction" in text
            assert "PREFIX pal: <https://w3id.org/palermo/ontology#>" in text
            example = (await client.read_resource("palermo://queries/parties-to-treaty")).contents[0].text  # type: ignore[union-attr]
            assert (await call(client, "sparql", query=example, rows=5))["rows"] == 5

    apart(anyio.run, asked)


#: Tools, what they are given, and what they say of it.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("describe", {"id": "atlantis"}, "names no entity"),
    ("relations", {"id": "fra", "predicate": "likes"}, "known are"),
    ("relations", {"id": "fra", "families": ["love"]}, "families"),
    ("paths", {"from_id": "fra", "to_id": "FRA"}, "different"),
    ("treaty_status", {"treaty": "fra"}, "no treaty"),
    ("treaty_status", {"treaty": "untoc", "as_of": "yesterday"}, "YYYY-MM-DD"),
    ("statistics", {"indicator": "happiness"}, "known are"),
    ("search", {"query": "x", "limit": 1000}, "limit"),
    ("sparql", {"query": "SELECT ?s { ?s a pal:State }"}, "PREFIX pal:"),
    ("sparql", {"query": "CLEAR ALL"}, "read-only"),
    ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}, "SERVICE"),
]


def test_what_is_refused_is_told_in_words(door: Any) -> None:
    """One after the other in one session, which each refusal leaves as good as it was."""

    async def asked() -> None:
        async with connected(door) as client:
            for tool, arguments, said in REFUSED:
                result = await client.call_tool(tool, arguments)
                assert result.is_error, (tool, arguments)
                assert said in getattr(result.content[0], "text", ""), (tool, arguments)

    apart(anyio.run, asked)


def test_a_hostile_query_is_stopped(release_dir: Path) -> None:
    product = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

    async def asked(door: Any) -> None:
        async with connected(door) as client:
            result = await client.call_tool("sparql", {"query": product})
            assert result.is_error
            assert "ran out of time" in getattr(result.content[0], "text", "")
            assert (await call(client, "search", query="UNODC"))["results"]

    limits = {"PALERMO_TIME_LIMIT": "1"}
    with serving("--release", release_dir, environment=limits) as url:
        apart(anyio.run, asked, f"{url}/mcp")
    apart(
        anyio.run,
        asked,
        StdioServerParameters(command=str(PALERMO), args=["mcp", "--release", str(release_dir)], env=limits),
    )


def test_the_http_door_keeps_no_session(server_url: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    answer = httpx.post(f"{server_url}/mcp", json=body, headers=headers)
    assert {one["name"] for one in answer.json()["result"]["tools"]} == TOOLS
    assert "mcp-session-id" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    got = httpx.get(f"{server_url}/mcp", headers={"Accept": "text/event-stream"})
    assert (got.status_code, got.headers["Allow"]) == (405, "OPTIONS, POST")
    assert (
        httpx.post(f"{server_url}/mcp", content="x" * 300_000, headers={"Content-Type": "application/json"}).status_code
        == 413
    )
