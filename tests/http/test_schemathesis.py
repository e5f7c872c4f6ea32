"""Schemathesis over the OpenAPI description: no 5xx, no undocumented status or media type, answers as described."""

from __future__ import annotations

import time
from collections import Counter

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

#: Requests per operation; 50 operations take about half a minute.
EXAMPLES = 6
#: All operations together may take this long (seconds); what is left after that is not tried, and fewer than LEAST is a
#: failure.
BUDGET = 50.0
LEAST = 40


def test_no_operation_of_the_json_api_breaks(server_url: str) -> None:
    described = httpx.get(server_url + "/openapi.json", timeout=30).json()
    described["paths"] = {path: one for path, one in described["paths"].items() if path.startswith("/api/v1")}
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=server_url)
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    start, tried = time.monotonic(), 0
    statuses: Counter[int] = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if time.monotonic() - start > BUDGET:
            break

        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @schema_case(operation)
        def run(case: schemathesis.Case) -> None:
            statuses[case.call_and_validate(checks=checks, timeout=30).status_code] += 1

        run()
        tried += 1
    assert tried >= LEAST
    # Both sides of the contract were seen: answers, and refusals of what does not fit.
    assert statuses[200] >= LEAST
    assert statuses[400] >= LEAST


def schema_case(operation: object):  # type: ignore[no-untyped-def]
    """Hypothesis' `given` with cases of one operation."""
    from hypothesis import given

    return given(case=operation.as_strategy())  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/api/v1/actors", "/api/v1/paths", "/api/v1/network"])
def test_operations_are_described(server_url: str, path: str) -> None:
    described = httpx.get(server_url + "/openapi.json", timeout=30).json()["paths"][path]
    assert set(described) == {"get"}
    names = [one["name"] for one in described["get"]["parameters"]]
    assert len(names) == len(set(names))
    for one in described["get"]["parameters"]:
        assert one["description"]
