"""The dialogs through a real terminal (a pseudo-terminal), and the commands as scripts call them."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.build.refresh import proposal
from graph.build.review import log
from tests.review.proposals import ADD, ALL, CHANGE, QUESTION, write

ROOT = Path(__file__).parents[2]
PALERMO = Path(sys.executable).with_name("palermo")
TINY = ROOT / "tests" / "tiny" / "facts"
#: Far longer than any dialog takes, on any machine (seconds).
PATIENCE = 120.0


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    place = tmp_path / "facts"
    shutil.copytree(TINY, place)
    return place


class Terminal:
    """A command in a terminal of its own: wait for words, then type."""

    def __init__(self, *arguments: str | Path) -> None:
        self.end, other = pty.openpty()
        environment = {**os.environ, "TERM": "dumb", "COLUMNS": "200"}
        self.process = subprocess.Popen(
            [PALERMO, *arguments], stdin=other, stdout=other, stderr=other, close_fds=True, cwd=ROOT, env=environment
        )
        os.close(other)
        self.said, self.heard = "", 0

    def expect(self, words: str) -> None:
        """Read until these words were said after the last ones that were expected."""
        until = time.monotonic() + PATIENCE
        while (at := self.said.find(words, self.heard)) < 0:
            assert time.monotonic() < until, f"{words!r} was not said:\n{self.said}"
            if select.select([self.end], [], [], 1)[0]:
                try:
                    self.said += os.read(self.end, 4096).decode(errors="replace")
                except OSError:  # the other end is closed
                    raise AssertionError(f"ended without {words!r}:\n{self.said}") from None
        self.heard = at + len(words)

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self.end, f"{line}\n".encode())

    def close(self) -> int:
        """Wait for the end; the status."""
        status = self.process.wait(PATIENCE)
        os.close(self.end)
        return status


def run(*arguments: str | Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PALERMO, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **(environment or {})},
    )  # fmt: skip


def test_a_walk_through_what_is_undecided(facts: Path) -> None:
    file = write(facts.parent / "changes.csv", ALL)
    terminal = Terminal("review", "walk", file, "--who", "Ana", "--facts", facts)
    for identifier, answers in (
        (ADD.id, [("[q]uit", "a"), ("why", "read the page")]),
        (CHANGE.id, [("[q]uit", "x"), ("[q]uit", "r"), ("why", "a slip")]),
        (QUESTION.id, [("[q]uit", "e")]),
    ):
        terminal.expect(identifier)
        for words, answer in answers:
            terminal.expect(words)
            terminal.type(answer)
    for column, answer in (
        ("subject", ""), ("relation", ""), ("object", "unvtf"), ("number", ""), ("start", ""), ("end", ""),
        ("source", ""), ("note", ""), ("why", "the fund"),
    ):  # fmt: skip
        terminal.expect(column)
        terminal.type(answer)
    terminal.expect("0 undecided")
    assert terminal.close() == 0
    assert [one.decision for one in proposal.read(file)] == ["accept", "reject", "accept"]
    assert proposal.read(file)[2].after["object"] == "unvtf"
    assert [one.who for one in log.read(facts)] == ["Ana"] * 3


def test_the_commands(facts: Path) -> None:
    file = write(facts.parent / "changes.csv", ALL)
    listed = run("review", "list", file, "--facts", facts)
    assert listed.stdout.count("\n") == 4
    assert "3 proposals, 3 undecided" in listed.stdout
    nobody = run("review", "accept", file, ADD.id, "--why", "yes", "--facts", facts)
    assert nobody.returncode == 1
    assert "who decides? give --who NAME or set PALERMO_CURATOR" in nobody.stderr
    named = {"PALERMO_CURATOR": "Ana"}
    assert run("review", "accept", file, ADD.id, "--why", "yes", "--facts", facts, environment=named).returncode == 0
    again = run("review", "reject", file, ADD.id, "--why", "no", "--facts", facts, environment=named)
    assert again.returncode == 1
    assert "Ana decided 'accept'" in again.stderr
    edited = run(
        "review", "edit", file, CHANGE.id, "--set", "start=2019-05", "--why", "the month is sure",
        "--facts", facts, environment=named,
    )  # fmt: skip
    assert edited.returncode == 0, edited.stderr
    shown = run("review", "show", file, CHANGE.id, "--facts", facts).stdout
    assert "start: 2019-05-20 -> 2019-05" in shown
    assert "Ana, accept: the month is sure" in shown
    assert "1 undecided" in run("review", "list", file, "--undecided", "--facts", facts).stdout


def test_a_fact_is_checked_at_once_and_shown_as_readers_will_see_it(facts: Path) -> None:
    terminal = Terminal("fact", "add", "relations", "--who", "Ana", "--facts", facts)
    for words, answer in (
        ("subject", "fra"), ("relation", "cooperatesWith"), ("object", "nobody"), ("'nobody' is unknown", "greta"),
        ("number", ""), ("start", "2009-13"), ("is no date", "2009"), ("end", ""), ("source", "ccem-histoire"),
        ("note", ""),
    ):  # fmt: skip
        terminal.expect(words)
        terminal.type(answer)
    terminal.expect("en: France has cooperated with GRETA since 2009.")
    terminal.expect("fr: La France coopère avec le GRETA depuis 2009.")
    terminal.expect("Write it?")
    terminal.type("y")
    terminal.expect("why")
    terminal.type("the report says so")
    terminal.expect("written to relations-additions.csv")
    assert terminal.close() == 0
    table = (facts / "relations-additions.csv").read_text("utf-8")
    assert table.endswith("\nfra,cooperatesWith,greta,,2009,,ccem-histoire,\n")
    (entry,) = log.read(facts)
    assert (entry.who, entry.decision, entry.family, entry.why) == ("Ana", "add", "relations", "the report says so")


def test_a_fact_that_stands_already_is_refused(facts: Path) -> None:
    before = (facts / "evaluations-tiny.csv").read_bytes()
    answers = "greta\naut\n2\nGRETA(2015)19\n2015-07-03\n2015-10-12\ngreta-aut-2-doc\n"
    done = subprocess.run(
        [PALERMO, "fact", "add", "evaluations", "--origin", "tiny", "--who", "Ana", "--facts", facts],
        input=answers, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "stands already at evaluations-tiny.csv" in done.stderr
    assert (facts / "evaluations-tiny.csv").read_bytes() == before
    assert not (facts / log.FILE).exists()


def test_every_family_says_what_it_needs(facts: Path) -> None:
    unknown = run("fact", "add", "gossip", "--who", "Ana", "--facts", facts)
    assert unknown.returncode == 1
    assert "family 'gossip': there are sources, states, actors" in unknown.stderr
    answers = "src-new\nA page\nA ministry\nhttps://example.org/a\n2026-05\n2026-11-24\nfr\nofficial\ny\nit is new\n"
    done = subprocess.run(
        [PALERMO, "fact", "add", "sources", "--who", "Ana", "--facts", facts],
        input=answers, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "src-new,A page,A ministry,https://example.org/a,2026-05,2026-11-24,fr,official" in (
        facts / "sources-additions.csv"
    ).read_text("utf-8")
