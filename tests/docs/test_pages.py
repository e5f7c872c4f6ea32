"""README.md and docs/: what they show is run against the real commands and a real server (see fences.py)."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from api import settings
from tests.docs import fences
from tests.docs.fences import Block

ROOT = Path(__file__).resolve().parents[2]
#: The address that the pages print; the tests' server takes its place.
SHOWN = "http://127.0.0.1:8000"
ALL = [block for page in fences.pages(ROOT) for block in fences.blocks(page, ROOT)]
MEDIA_TYPE = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "turtle": "text/turtle",
}


def those(language: str) -> pytest.MarkDecorator:
    """A parameter `block` over the blocks in one language; those of a page run in their order, since a walk goes on."""
    return pytest.mark.parametrize(
        "block",
        [
            pytest.param(b, id=b.where, marks=pytest.mark.xdist_group(f"page-{b.page}"))
            for b in ALL
            if b.language == language
        ],
    )


def test_every_block_says_what_it_is() -> None:
    unknown = [
        f"{b.where}: {b.language!r}"
        for b in ALL
        if b.language not in fences.CHECKED | fences.SHOWN_ONLY | fences.ANSWERS
    ]
    assert not unknown


def test_the_readme_has_its_query_with_its_answer() -> None:
    assert [b for b in ALL if b.page == "README.md" and b.language == "sparql" and b.answer]


def test_the_readme_fits_on_one_screen() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80


@those("console")
def test_console(block: Block, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("server_url" if SHOWN in block.text else "release_dir")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }
    for command, expected in fences.commands(block.text):
        text = command.replace(SHOWN, str(url)) if SHOWN in block.text else command
        done = subprocess.run(
            ["bash", "-c", text],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=250,
            check=False,
        )
        printed = done.stdout.replace(str(url), SHOWN) if SHOWN in block.text else done.stdout
        if expected:
            assert fences.agrees(expected, printed), (
                f"{block.where}: {command}\nprinted:\n{printed}\nthe page shows:\n{expected}"
            )
        else:
            assert done.returncode == 0, f"{block.where}: {command}\nstatus {done.returncode}\n{printed}"


@those("http")
def test_http(block: Block, server_url: str) -> None:
    request_text, _, answer = block.text.partition("HTTP/1.1 ")
    assert answer, f"{block.where}: no answer; it starts with a line 'HTTP/1.1 200 OK'"
    head, _, body = request_text.strip("\n").partition("\n\n")
    line, *header_lines = head.split("\n")
    method, target = line.split(" ")[:2]
    headers = dict(entry.split(": ", 1) for entry in header_lines)
    with httpx.Client(base_url=server_url, follow_redirects=False, timeout=60) as client:
        client.headers.pop("accept")
        got = client.request(method, target, headers=headers, content=body.strip("\n").encode() or None)
    shown_head, _, shown_body = answer.partition("\n\n")
    status, *shown_headers = shown_head.rstrip("\n").split("\n")
    assert str(got.status_code) == status.split(" ")[0], f"{block.where}: {got.text[:2000]}"
    for entry in shown_headers:
        name, value = entry.split(": ", 1)
        actual = got.headers.get(name, "(absent)").replace(server_url, SHOWN)
        assert fences.agrees(value, actual), f"{block.where}: {name}: {actual}"
    if shown_body.strip():
        printed = got.text.replace(server_url, SHOWN)
        assert fences.agrees(shown_body, printed), f"{block.where}: the body is\n{printed[:4000]}"


@those("sparql")
def test_sparql(block: Block, server_url: str) -> None:
    language = block.answer.language if block.answer else "json"
    accept = f"{MEDIA_TYPE[language]}, text/turtle;q=0.5" if not block.answer else MEDIA_TYPE[language]
    got = httpx.post(
        f"{server_url}/sparql",
        content=block.text.encode(),
        headers={"Content-Type": "application/sparql-query", "Accept": accept},
        timeout=60,
    )
    assert got.status_code == 200, f"{block.where}: {got.status_code}\n{got.text[:2000]}"
    if block.answer:
        assert same(language, block.answer.text, got.text), f"{block.where}: the answer is\n{got.text[:4000]}"


def same(language: str, shown: str, got: str) -> bool:
    """Whether two answers say the same: by value for JSON and graphs, by row for tables."""
    if language == "json":
        return bool(json.loads(shown) == json.loads(got))
    if language == "turtle":
        return isomorphic(Graph().parse(data=shown, format="turtle"), Graph().parse(data=got, format="turtle"))
    delimiter = {"csv": ",", "tsv": "\t"}[language]
    read = [list(csv.reader(io.StringIO(text), delimiter=delimiter)) for text in (shown, got)]
    return read[0] == read[1] if "…" not in shown else fences.agrees(shown, got)


def test_a_wrong_answer_is_seen() -> None:
    assert same("csv", "n\n1\n", "n\r\n1\r\n")
    assert not same("csv", "n\n1\n", "n\r\n2\r\n")
    assert not same("json", "{}", '{"a": 1}')
    assert not same("turtle", "<a:b> <a:c> 1 .", "<a:b> <a:c> 2 .")


def test_settings_are_documented_as_they_are() -> None:
    rows = [
        (f"{table.page}:{table.line}", row)
        for page in fences.pages(ROOT)
        for table in fences.tables(page, ROOT)
        for row in table.rows
        if re.fullmatch(r"PALERMO_[A-Z_]+", row[0])
    ]
    defaults = {row.variable: row.default for row in settings.table()}
    assert [f"{where}: {row[0]}" for where, row in rows if row[0] not in defaults] == []
    assert [f"{where}: {row[0]} is {defaults[row[0]]}" for where, row in rows if defaults[row[0]] not in row[1:]] == []
    assert set(defaults) - {row[0] for _, row in rows} == set(), "on no page"


def names_of_commands() -> list[Any]:
    """Each `make …` and `palermo …` in a shell block or in running code of a page."""
    found: list[Any] = []
    for page in fences.pages(ROOT):
        name = page.relative_to(ROOT)
        spans = [
            child.content
            for token in fences.tokens(page)
            for child in token.children or []
            if child.type == "code_inline"
        ]
        spans += [
            line.removeprefix("$ ")
            for b in fences.blocks(page, ROOT)
            if b.language in {"sh", "console"}
            for line in b.text.splitlines()
        ]
        for span in spans:
            if match := re.match(r"(make|palermo) ([a-z][a-z-]*)(.*)", span):
                found.append(pytest.param(*match.groups(), id=f"{name}:{' '.join(match.group(1, 2))}"))
    return found


@pytest.mark.parametrize(("program", "verb", "rest"), names_of_commands())
def test_commands_exist(program: str, verb: str, rest: str) -> None:
    if program == "make":
        assert re.search(rf"^\.PHONY:.*\b{verb}\b", (ROOT / "Makefile").read_text(), re.MULTILINE), f"no target {verb}"
        return
    palermo = Path(sys.executable).with_name("palermo")
    sub = [
        verb,
        *(re.findall(r"^ ([a-z]+)\b", rest) if verb in ("fact", "network", "release", "review", "site") else ()),
    ]
    done = subprocess.run(
        [palermo, *sub, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"},
    )
    assert done.returncode == 0, done.stderr
    unknown = [option for option in re.findall(r"(?<= )--[a-z-]+", rest) if option not in done.stdout]
    assert not unknown, f"palermo {' '.join(sub)} has no {unknown}"


def test_links_lead_somewhere() -> None:
    dead = []
    for page in fences.pages(ROOT):
        for line, target in fences.links(page):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, fragment = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists() or (fragment and fragment not in fences.anchors(file)):
                dead.append(f"{page.relative_to(ROOT)}:{line}: {target}")
    assert not dead
