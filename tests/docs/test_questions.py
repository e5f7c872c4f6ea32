"""docs/questions.md is written from the query files and never goes stale."""

from __future__ import annotations

from pathlib import Path

from graph.read.library import load
from graph.read.questions import page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_what_the_files_say() -> None:
    stale = "docs/questions.md is stale: python -m graph.read.questions > docs/questions.md"
    assert (ROOT / "docs" / "questions.md").read_text(encoding="utf-8") == page(load()), stale


def test_every_question_is_on_the_page_in_both_directions() -> None:
    text = page(load())
    for query in load().values():
        assert f"### {query.question}\n" in text
        assert f"(../graph/read/queries/{query.name}.rq)" in text
        assert (ROOT / "graph" / "read" / "queries" / f"{query.name}.rq").is_file()
