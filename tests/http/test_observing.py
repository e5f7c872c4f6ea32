"""Metrics read by Prometheus' own parser, log lines, and what happens when the server is told to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.conftest import PALERMO, ROOT, free_port, serving, wait_for

#: Runs for seconds on the tiny release, and for as long as one likes on a larger one.
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"


def samples(url: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = httpx.get(f"{url}/metrics")
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in text_string_to_metric_families(answer.text)  # type: ignore[no-untyped-call]
        for one in family.samples
    }


def count(found: dict[Any, float], name: str, **labels: str) -> float:
    return sum(value for (one, of), value in found.items() if one == name and set(labels.items()) <= of)


def log_of(url: str) -> list[str]:
    return (ROOT / "build" / f"test-server-{urlsplit(url).port}.log").read_text().splitlines()


def test_requests_are_counted_by_route(tiny: str) -> None:
    before = samples(tiny)
    for query in ("ASK {}", "ASK {", "SELECT * { ?s ?p ?o }"):
        httpx.get(f"{tiny}/sparql", params={"query": query})
    httpx.get(f"{tiny}/problems/syntax")
    httpx.get(f"{tiny}/no/such/place")
    for path in ("/api/v1", "/api/v1/treaties", "/api/v1/network/schema"):
        httpx.get(f"{tiny}{path}")
    after = samples(tiny)

    def more(name: str, **labels: str) -> float:
        return count(after, name, **labels) - count(before, name, **labels)

    assert more("palermo_http_requests_total", route="/sparql", status="200") == 2
    assert more("palermo_http_requests_total", route="/sparql", status="400") == 1
    assert more("palermo_http_requests_total", route="/problems/{kind}", status="200") == 1
    assert more("palermo_http_requests_total", status="404") == 1
    for path in ("/api/v1", "/api/v1/treaties", "/api/v1/network/schema"):
        assert more("palermo_http_requests_total", route=path) == 1
    assert not more("palermo_http_requests_total", route="/treaties"), "the page of that name is another thing"
    assert more("palermo_http_request_seconds_count", route="/sparql", method="GET") == 3
    assert count(after, "palermo_http_requests_running") == 1, "the request for the metrics themselves"
    assert count(after, "palermo_queries", lane="quick", state="running") == 0
    assert count(after, "palermo_release") == 1
    assert count(after, "process_resident_memory_bytes") > 1e7


def test_metrics_hold_nothing_of_what_is_asked(tiny: str) -> None:
    httpx.get(f"{tiny}/sparql", params={"query": "ASK { ?s ?p 'very-private' }"})
    httpx.get(f"{tiny}/doc/very-private")
    httpx.request("PRIVATE", f"{tiny}/sparql")
    text = httpx.get(f"{tiny}/metrics").text
    assert "private" not in text.lower()


def test_logs_and_switches(tiny_release: Path) -> None:
    quiet = {"PALERMO_LOG_FORMAT": "json", "PALERMO_METRICS": "off"}
    with serving("--release", tiny_release, environment=quiet) as url:
        httpx.get(f"{url}/sparql", params={"query": "ASK { ?s ?p 'secret' }"}, headers={"X-Request-Id": "abc-1"})
        httpx.post(f"{url}/sparql", data={"query": "ASK { ?s ?p 'secret' }"}, headers={"X-Request-Id": "abc-2"})
        assert httpx.get(f"{url}/metrics").status_code == 404
        lines = [json.loads(line) for line in log_of(url) if line.startswith("{")]
    (entry,) = [one for one in lines if one.get("request") == "abc-1"]
    assert (entry["method"], entry["path"], entry["route"], entry["status"]) == ("GET", "/sparql", "/sparql", 200)
    assert entry["milliseconds"] > 0
    assert entry["bytes"] > 0
    assert "secret" not in json.dumps(lines)
    assert "127.0.0.1" not in json.dumps([one for one in lines if "request" in one])
    assert not [one for one in lines if one.get("path") == "/health"]

    asked = {"PALERMO_LOG_QUERIES": "on"}
    with serving("--release", tiny_release, environment=asked) as url:
        httpx.get(f"{url}/sparql", params={"query": "ASK { ?s ?p 'first' }"})
        httpx.post(f"{url}/sparql", data={"query": "ASK { ?s ?p 'second' }"})
        httpx.get(f"{url}/x%0A2026-01-01T00:00:00.000Z%20ERROR%20palermo%20forged")
        lines_ = log_of(url)
    assert any("first" in line for line in lines_)
    assert any("second" in line for line in lines_)
    assert not any(line.startswith("2026-01-01") for line in lines_)


@pytest.mark.parametrize("value", ["yes", ""])
def test_a_switch_has_two_positions(value: str) -> None:
    done = subprocess.run(
        [PALERMO, "serve"],
        env={**os.environ, "PALERMO_LOG_QUERIES": value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "on, off" in done.stderr


def test_stopping_lets_what_runs_finish(tiny_release: Path) -> None:
    """A query that ends within the limit is answered whole; one that would not is answered 503; then all is over."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = ROOT / "build" / f"test-server-{port}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [PALERMO, "serve", "--release", tiny_release, "--port", str(port), "--stop-limit", "5"],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    answers: dict[str, httpx.Response] = {}

    def ask(name: str, query: str) -> None:
        answers[name] = httpx.get(f"{url}/sparql", params={"query": query}, timeout=60)

    try:
        wait_for(url + "/ready", server, log)
        product = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
        asking = [
            threading.Thread(target=ask, args=("short", product)),
            threading.Thread(target=ask, args=("long", f"{SLOW} # {'x' * 20}")),
        ]
        for one in asking:
            one.start()
        time.sleep(0.3)
        stopped = time.monotonic()
        server.send_signal(signal.SIGTERM)
        status = server.wait(20)
        took = time.monotonic() - stopped
        for one in asking:
            one.join(20)
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
        log.unlink(missing_ok=True)
    assert answers["short"].status_code == 200
    assert answers["short"].json()["results"]["bindings"]
    assert (answers["long"].status_code, answers["long"].headers["Retry-After"]) == (503, "5")
    assert took < 13
    assert status in (0, -signal.SIGTERM)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/health")
