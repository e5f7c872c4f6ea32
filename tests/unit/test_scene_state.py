"""The state of a view and its query string; the front end's twin (`explore/state.ts`) runs the same vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from viz.state import MOST_IDS, State, StateError, parse

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("state-vectors.json").read_text(encoding="utf-8")
)


def test_vectors_are_there() -> None:
    assert len(VECTORS["valid"]) >= 20
    assert len(VECTORS["errors"]) >= 15


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda one: one["says"])
def test_canonical_form(vector: dict[str, str]) -> None:
    state = parse(vector["query"])
    assert state.query() == vector["canonical"]
    assert parse(state.query()) == state, "the canonical form reads back as the same state"


@pytest.mark.parametrize("vector", VECTORS["errors"], ids=lambda one: one["says"])
def test_errors_name_the_parameter(vector: dict[str, str]) -> None:
    with pytest.raises(StateError) as caught:
        parse(vector["query"])
    assert caught.value.parameter == vector["parameter"]
    assert str(caught.value).startswith(vector["parameter"] + "=")


def test_parameters_of_the_caller_are_passed_over() -> None:
    assert parse("focus=greta&format=png", also=("format",)) == State(focus=("greta",))


def test_too_many_ids() -> None:
    with pytest.raises(StateError, match=f"at most {MOST_IDS} ids"):
        parse("with=" + ",".join(f"n{one}" for one in range(MOST_IDS + 1)))
