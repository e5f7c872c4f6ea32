"""Numbers about the running server for Prometheus: how many requests, how long, what waits. Nothing of what is asked.

Each application has a registry of its own. A request is counted under the template of its route (`/doc/{id}`), never
under its address, so that the number of series stays small and says nothing of anybody's reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPENMETRICS
from prometheus_client.openmetrics.exposition import generate_latest as as_openmetrics
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from graph.manifest import Manifest

#: Seconds; from a kept page to the time limit of a query.
_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

#: The media type of :meth:`Metrics.exposition`.
OPEN_TYPE: Final = OPENMETRICS


class Metrics:
    """What is counted. Thread-safe, as the client library is."""

    def __init__(self, manifest: Manifest, load: Callable[[], dict[str, int]]) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._requests = Counter(
            "palermo_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "palermo_http_request_seconds",
            "Seconds from the first byte of a request to the last of its answer.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._running = Gauge("palermo_http_requests_running", "Requests being answered now.", registry=self.registry)
        self._tools = Counter(
            "palermo_agent_calls", "Calls of tools by agents.", ("tool", "outcome"), registry=self.registry
        )
        release = Gauge("palermo_release", "The release that is served.", ("release", "hash"), registry=self.registry)
        release.labels(manifest.release, manifest.hash[:12]).set(1)
        counts = Gauge("palermo_release_items", "What the release holds.", ("what",), registry=self.registry)
        for what in ("triples", "quads", "graphs"):
            counts.labels(what).set(manifest.counts.get(what, 0))
        self.registry.register(_Load(load))
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def began(self) -> None:
        """A request has arrived."""
        self._running.inc()

    def ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """Its answer is sent, or was given up."""
        self._running.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def tool(self, tool: str, outcome: str) -> None:
        """An agent has called a tool, and was `answered` or `refused`."""
        self._tools.labels(tool, outcome).inc()

    def exposition(self) -> bytes:
        """Everything, as OpenMetrics text, which is also what Prometheus reads as its own format."""
        body: bytes = as_openmetrics(self.registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
        return body


class _Load(Collector):
    """What runs and waits in the lanes for queries, read when asked."""

    def __init__(self, load: Callable[[], dict[str, int]]) -> None:
        self._load = load

    def describe(self) -> Iterable[Metric]:
        """The gauges without values: nothing runs yet when they are registered."""
        yield GaugeMetricFamily("palermo_queries", "Queries by lane and state.", labels=("lane", "state"))

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        family = GaugeMetricFamily("palermo_queries", "Queries by lane and state.", labels=("lane", "state"))
        for name, value in self._load().items():
            lane, _, state = name.partition("_")
            family.add_metric((lane, state or "running"), value)
        yield family
