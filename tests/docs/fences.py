"""What a documentation page asks to be checked.

In README.md and docs/*.md a fenced block's language says how it is held to its word:

    ```console      lines that start with `$ ` are run in bash, at the checkout's root, with `palermo` on the PATH and
                    http://127.0.0.1:8000 answered by a real server; the lines below a command are what it prints
    ```http         a request (line, headers, perhaps a blank line and a body), then its answer from the line that
                    starts with `HTTP/1.1`: the status and each header shown must be so; the body too, when shown
    ```sparql       a query that must be answered; when the next block is ```csv, ```tsv, ```json, ```turtle, that is
                    the answer
    ```sh           not run (it installs, or does not end); its `make` targets and `palermo` commands must exist

In expected output `…` stands for anything within a line, and a line that is `…` alone for any number of lines.
A table row that starts with a name like PALERMO_TIME_LIMIT must be about a real setting and hold its real default,
and every setting must have such a row on some page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ANSWERS = {"csv", "tsv", "json", "turtle"}
#: Languages that show something and promise nothing; any other language than these and the checked ones is a slip.
SHOWN_ONLY = {
    "text",
    "python",
    "r",
    "toml",
    "mermaid",
    "html",
    "css",
    "typescript",
    "javascript",
    "nginx",
    "ini",
    "diff",
}
CHECKED = {"console", "http", "sparql", "sh"}


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, text, page and the line it starts on; `answer` is the block that answers it."""

    page: str
    line: int
    language: str
    text: str
    answer: Block | None = field(default=None)

    @property
    def where(self) -> str:
        """`page:line`, as editors and pytest print it."""
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Table:
    """A table of a page: header cells and rows of cells, as plain text."""

    page: str
    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def pages(root: Path) -> list[Path]:
    """README.md and every page below docs/."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def tokens(page: Path) -> list[Token]:
    """The page as markdown-it reads it, with tables."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text())


def blocks(page: Path, root: Path) -> Iterator[Block]:
    """The fenced blocks of a page, a query joined with the answer below it."""
    name = str(page.relative_to(root))
    fences = [
        Block(name, token.map[0] + 1, token.info.strip().split(" ")[0], token.content)
        for token in tokens(page)
        if token.type == "fence" and token.map
    ]
    answers = {
        id(second) for first, second in pairwise(fences) if first.language == "sparql" and second.language in ANSWERS
    }
    for block, following in zip_longest(fences, fences[1:]):
        if id(block) in answers:
            continue
        answer = following if following is not None and id(following) in answers else None
        yield Block(block.page, block.line, block.language, block.text, answer)


def tables(page: Path, root: Path) -> Iterator[Table]:
    """The tables of a page."""
    header: list[str] = []
    rows: list[list[str]] = []
    line = 0
    for token in tokens(page):
        match token.type:
            case "table_open":
                header, rows, line = [], [], (token.map or [0])[0] + 1
            case "tr_open":
                rows.append([])
            case "inline" if rows and token.level >= 3:
                rows[-1].append(plain(token))
            case "thead_close":
                header = rows.pop()
            case "table_close":
                yield Table(str(page.relative_to(root)), line, tuple(header), tuple(map(tuple, rows)))
                rows = []


def plain(token: Token) -> str:
    """The text of a cell or heading without its marks."""
    return "".join(child.content for child in token.children or []).strip()


def links(page: Path) -> Iterator[tuple[int, str]]:
    """Line and target of every link and picture of a page."""
    for token in tokens(page):
        for child in token.children or []:
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                yield (token.map or [0])[0] + 1, str(target)


def anchors(page: Path) -> set[str]:
    """The fragment of each heading: lower case, spaces to hyphens, punctuation dropped, as forges make them."""
    found = tokens(page)
    return {
        re.sub(r"[^\w\- ]", "", plain(inline).lower()).replace(" ", "-")
        for heading, inline in pairwise(found)
        if heading.type == "heading_open"
    }


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console block and what each is said to print. A command may go on after a final backslash."""
    found: list[tuple[str, str]] = []
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command += "\n" + next(lines)
            found.append((command, ""))
        elif found:
            command, output = found[-1]
            found[-1] = (command, output + line + "\n")
        else:
            raise ValueError(f"output before the first command: {line!r}")
    if not found:
        raise ValueError("a console block without a line that starts with '$ '")
    return found


def agrees(expected: str, actual: str) -> bool:
    """Whether `actual` is what a page shows, where `…` stands for anything (see the module's own text)."""
    pattern: list[str] = []
    for line in expected.rstrip("\n").split("\n"):
        if line.strip() in {"…", "..."}:
            pattern.append(r"(?:.*\n)*?")
        else:
            pattern.append(".*".join(map(re.escape, line.rstrip().split("…"))) + r"[ \t]*\n")
    return re.fullmatch("".join(pattern), actual.replace("\r\n", "\n").rstrip("\n") + "\n") is not None
