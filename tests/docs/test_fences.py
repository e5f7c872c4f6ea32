"""The checker of the documentation is itself held to cases that must pass and cases that must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import fences


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("a\nb\n", "a\nb\n"),
        ("a\n", "a  \n"),
        ("n\n42\n", "n\r\n42\r\n"),
        ("a … c", "a b c"),
        ("first\n…\nlast", "first\nlast"),
        ("first\n…\nlast", "first\n1\n2\nlast\n"),
        ("…\nlast", "1\nlast"),
    ],
)
def test_agrees(expected: str, actual: str) -> None:
    assert fences.agrees(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("a\n", "b\n"),
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("a … c", "a\nc"),
        ("a.c", "abc"),
        ("…\nlast", "last\nmore"),
        ("", "a"),
    ],
)
def test_disagrees(expected: str, actual: str) -> None:
    assert not fences.agrees(expected, actual)


def test_commands() -> None:
    assert fences.commands("$ echo a\na\n$ b \\\n  c\n") == [("echo a", "a\n"), ("b \\\n  c", "")]


def test_a_console_block_without_a_command_is_a_slip() -> None:
    with pytest.raises(ValueError, match="before the first command"):
        fences.commands("echo a\n")


def test_a_page(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "a.md"
    page.parent.mkdir()
    page.write_text(
        "# A page, `with` a title\n\n```sparql\nASK {}\n```\ngives\n```json\n{}\n```\n\n```sparql\nASK {}\n```\n\n"
        "| Setting | Default |\n|---|---|\n| `A_B` | 3 |\n\n[x](b.md#c) ![p](p.png)\n"
    )
    first, second = fences.blocks(page, tmp_path)
    assert (first.where, first.answer and first.answer.language) == ("docs/a.md:3", "json")
    assert (second.where, second.answer) == ("docs/a.md:11", None)
    (table,) = fences.tables(page, tmp_path)
    assert (table.header, table.rows) == (("Setting", "Default"), (("A_B", "3"),))
    assert list(fences.links(page)) == [(19, "b.md#c"), (19, "p.png")]
    assert fences.anchors(page) == {"a-page-with-a-title"}
