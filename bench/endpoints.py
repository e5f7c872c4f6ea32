"""Each endpoint of the JSON API, its first answer and those kept, beside the smallest handler that FastAPI allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bench.clients import Ask, run
from bench.peers import Peer

#: Entities that each endpoint about one is asked about: hubs and leaves.
_WHO: Final = ("fra", "greta", "miprof", "expertise-france", "swe", "untoc", "nga", "eu", "iom", "coe")
_LISTS: Final = (
    "actors", "claims", "evaluations", "instruments", "judgments", "party-statuses", "projects", "relations",
    "sources", "statistics", "treaties", "treaty-actions",
)  # fmt: skip
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
        "/statistics/conflicts": [Ask("conflicts", f"{base}/statistics/conflicts")],
        **{f"/{one}": [Ask(f"{one} {size}", f"{base}/{one}?limit={size}") for size in (20, 21, 50)] for one in _LISTS},
    }


def measure(peer: Peer, rounds: int) -> list[Endpoint]:
    """Every endpoint of a running server, and what failed as an endpoint without figures."""
    found = []
    for name, asks in requests().items():
        first = run(peer.url, asks)
        if first.failed:
            print(f"  {name}: {first.failed[0]}", flush=True)
            continue
        again = run(peer.url, asks, rounds=rounds)
        found.append(Endpoint(name, first.median, first.p95, again.median, again.p95))
    return found
