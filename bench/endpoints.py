"""Each endpoint for programs, its first answer and those kept, beside the smallest handler that FastAPI allows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from bench.clients import Ask, Dead, run
from bench.peers import Peer

#: Entities that each endpoint about one is asked about: hubs and leaves.
_WHO: Final = ("fra", "greta", "miprof", "expertise-france", "swe", "untoc", "nga", "eu", "iom", "coe")
_LISTS: Final = (
    "actors", "claims", "evaluations", "instruments", "judgments", "party-statuses", "projects", "relations",
    "sources", "statistics", "treaties", "treaty-actions",
)  # fmt: skip
_STATES: Final = ("fra", "swe", "deu")
_NAMES: Final = ("Group of Experts", "France", "Europol", "Sweden", "Expertise France", "Council of Europe")
_TYPED: Final = ("fr", "fra", "gre", "unit", "conv", "swe", "miprof", "protocol", "euro", "trafick")


@dataclass(frozen=True)
class Endpoint:
    """Milliseconds of one endpoint: first answers (nothing kept), then the same again."""

    name: str
    first: float
    first_p95: float
    again: float
    again_p95: float


def requests() -> dict[str, list[Ask]]:
    """Requests by endpoint, each different from the others."""
    return {**_api(), **_tools()}


def _tools() -> dict[str, list[Ask]]:
    """What tools that people already have are given: OpenRefine, agents, feed readers, other pages, crawlers."""
    iri = "https://w3id.org/palermo/id/"

    def batch(name: str) -> tuple[tuple[str, str], ...]:
        return (("queries", json.dumps({"q0": {"query": name, "limit": 5}})),)

    return {
        "/reconcile": [Ask(one, "/reconcile", form=batch(one)) for one in _NAMES],
        "/reconcile/suggest/entity": [Ask(one, f"/reconcile/suggest/entity?prefix={one}") for one in _TYPED],
        "/reconcile/preview": [Ask(one, f"/reconcile/preview?id={one}") for one in _WHO],
        "/mcp search": [_called("search", query=one) for one in _NAMES],
        "/mcp relations": [_called("relations", entity=one) for one in _WHO],
        "/mcp treaty_status": [_called("treaty_status", treaty="untoc", participant=one) for one in _STATES],
        "/tpf": [Ask(one, f"/tpf?subject={quote(iri + one, safe='')}", "application/trig") for one in _WHO],
        "/oembed": [Ask(one, f"/oembed?url=/doc/{one}") for one in _WHO],
        "/changes.atom, .rss, .json": [Ask(one, f"/changes.{one}") for one in ("atom", "rss", "json")],
        "/data": [
            Ask("data", "/data", "application/ld+json"), Ask("void", "/data.ttl"),
        ],
        "/metrics": [Ask("metrics", "/metrics")],
        "/health, /ready": [Ask("health", "/health"), Ask("ready", "/ready")],
    }  # fmt: skip


def _called(tool: str, **arguments: Any) -> Ask:
    """One call of an agent's tool."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    return Ask(str(arguments), "/mcp", "application/json, text/event-stream", body=json.dumps(call))


def _api() -> dict[str, list[Ask]]:
    base = "/api/v1"
    return {
        "/complete": [Ask(one, f"{base}/complete?q={one}") for one in _TYPED],
        "/search": [Ask(one, f"{base}/search?q={one}") for one in _TYPED],
        "/entities/{id}": [Ask(one, f"{base}/entities/{one}") for one in _WHO],
        "/entities/{id}/neighbours": [Ask(one, f"{base}/entities/{one}/neighbours") for one in _WHO],
        "/entities/{id}/relations": [Ask(one, f"{base}/entities/{one}/relations") for one in _WHO],
        "/paths": [Ask(one, f"{base}/paths?from={one}&to=osce") for one in _WHO],
        "/compare": [Ask(one, f"{base}/compare?ids={one},deu") for one in _WHO],
        "/network": [Ask(one, f"{base}/network?focus={one}") for one in _WHO],
        "/network/similar": [Ask(one, f"{base}/network/similar?id={one}") for one in ("fra", "swe", "nga")],
        "/network/measures": [Ask("measures", f"{base}/network/measures")],
        "/network/export": [Ask(one, f"{base}/network/export?format={one}&focus=fra") for one in ("graphml", "gexf")],
        "/statistics/conflicts": [Ask("conflicts", f"{base}/statistics/conflicts")],
        **{f"/{one}": [Ask(f"{one} {size}", f"{base}/{one}?limit={size}") for size in (20, 21, 50)] for one in _LISTS},
    }


def measure(peer: Peer, rounds: int) -> list[Endpoint]:
    """Every endpoint of a running server. Raises :class:`Dead` for one that does not answer with 200."""
    found = []
    run(peer.url, _tools()["/mcp search"][:1])  # its library is loaded when it is first asked, once
    for name, asks in requests().items():
        first = run(peer.url, asks)
        if first.failed:
            raise Dead(f"{name}: {first.failed[0]}")
        again = run(peer.url, asks, rounds=rounds)
        found.append(Endpoint(name, first.median, first.p95, again.median, again.p95))
    return found
