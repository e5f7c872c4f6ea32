"""Accepted proposals into the tables: whole or not at all, by one writer at a time, through a kill as well."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph.build.findings import BuildError
from graph.build.refresh import apply as application
from graph.build.refresh import proposal, run
from graph.build.refresh.apply import apply
from graph.build.refresh.errors import ProposalError
from graph.build.refresh.proposal import Proposal
from tests.refresh.recorded import answer, with_body
from tests.refresh.test_connectors import TINY

SAMPLE = "untc-xml/XVIII-12-a.en.xml"
NEW = "untc-xviii-12-a-2026-11-23"
#: What the page states otherwise: a change, a withdrawal, an addition and a question.
EDITS = (
    ("<Entry>29 Oct 2002</Entry>", "<Entry>30 Oct 2002</Entry>"),
    ("<Entry>13 Dec 2000</Entry>", "<Entry></Entry>"),
    ("<Entry>Côte d'Ivoire</Entry><Entry></Entry>", "<Entry>Côte d'Ivoire</Entry><Entry>13 Dec 2000</Entry>"),
    ("<Entry>Sweden</Entry>", "<Entry>Swedem</Entry>"),
)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path / "graph" / "facts")
    (tmp_path / "graph" / "redirects.csv").write_text("old,new,date,reason\n", encoding="utf-8")
    return tmp_path / "graph" / "facts"


def proposed(facts: Path) -> list[Proposal]:
    text = answer(SAMPLE).body.decode()
    for old, new in EDITS:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return run.proposals("untc", [with_body(answer(SAMPLE), text.encode())], run.tables_of(facts))


def accepted(proposals: list[Proposal], *operations: str) -> list[Proposal]:
    return [one.decided("accept") if one.operation in operations else one for one in proposals]


def rows(facts: Path, name: str) -> list[dict[str, str]]:
    with (facts / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(facts: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(facts.parent.rglob("*.csv"))}


def test_only_what_was_accepted_enters(facts: Path) -> None:
    proposals = proposed(facts)
    assert [one.operation for one in proposal.ordered(proposals)] == [
        "add", "add", "change", "withdraw", "question", "question",
    ]  # fmt: skip
    before = contents(facts)
    assert apply(proposals, facts).files == []
    assert contents(facts) == before, "nothing was accepted"
    done = apply(accepted(proposals, "add", "change", "withdraw"), facts)
    assert done.operations == {"add": 2, "change": 1, "withdraw": 1}
    assert done.files == [
        "../redirects.csv", "set-aside.csv", "sources-untc.csv", "treaty-actions-tiny.csv",
    ]  # fmt: skip
    acts = {(r["participant"], r["action"], r["source"]): r["date"] for r in rows(facts, "treaty-actions-tiny.csv")
            if r["treaty"] == "palermo-protocol"}  # fmt: skip
    assert acts["fra", "ratification", NEW] == "2002-10-30"
    assert ("fra", "ratification", "untc-xviii-12-a") not in acts
    assert acts["civ", "signature", NEW] == "2000-12-13"
    assert ("ben", "signature", "untc-xviii-12-a") not in acts
    assert acts["swe", "signature", "untc-xviii-12-a"] == "2000-12-12", "what is in question stays"
    (source,) = rows(facts, "sources-untc.csv")
    assert (source["id"], source["read"]) == (NEW, "2026-11-23")
    (aside,) = rows(facts, "set-aside.csv")
    assert aside == {
        "family": "treaty-actions", "origin": "tiny", "key": "palermo-protocol ben signature untc-xviii-12-a",
        "reason": "the page as read on 2026-11-23 no longer states it",
    }  # fmt: skip
    assert done.given_up == ["action/palermo-protocol/ben/signature"]
    (gone,) = rows(facts.parent, "redirects.csv")
    assert (gone["old"], gone["new"], gone["date"]) == (done.given_up[0], "", "2026-11-23")
    assert [one.operation for one in proposed(facts)] == ["question", "question"], "applied, it is proposed no more"


def test_a_question_is_answered_by_filling_it_in(facts: Path) -> None:
    proposals = proposed(facts)
    questions = [one for one in proposals if one.operation == "question"]
    with pytest.raises(BuildError) as caught:
        apply(accepted(proposals, "question"), facts)
    assert any("[participant]: a value is required" in line for line in caught.value.lines)
    answered = [one.decided("accept", {**one.after, "participant": "swe"}) for one in questions]
    apply([one for one in proposals if one.family == "sources"] + answered, facts)
    sources = {r["source"] for r in rows(facts, "treaty-actions-tiny.csv")
               if (r["treaty"], r["participant"]) == ("palermo-protocol", "swe")}  # fmt: skip
    assert sources == {"untc-xviii-12-a", NEW}


def test_what_does_not_fit_changes_nothing(facts: Path) -> None:
    proposals = accepted(proposed(facts), "add", "change", "withdraw")
    before = contents(facts)

    def refused(changed: list[Proposal], message: str) -> None:
        with pytest.raises(ProposalError, match=message):
            apply(changed, facts)
        assert contents(facts) == before

    source = next(one for one in proposals if one.family == "sources")
    others = [one for one in proposals if one.family != "sources"]
    refused(others, f"the source '{NEW}' is neither in the tables nor among the proposals")
    refused([source.decided("reject"), *others], f"the source '{NEW}' was rejected, yet")
    change = next(one for one in others if one.operation == "change")
    (facts / change.file).write_text((facts / change.file).read_text().replace("2002-10-29,untc", "2002-10-28,untc"))
    before = contents(facts)
    refused([source, change], r"\[date\] is now '2002-10-28', not '2002-10-29'; propose again")
    withdrawal = next(one for one in others if one.operation == "withdraw")
    (facts / change.file).write_text((facts / change.file).read_text().replace("ben,signature,", "ben,succession,"))
    before = contents(facts)
    refused([source, withdrawal], "does not stand in treaty-actions-tiny.csv; propose again")
    addition = next(one for one in others if one.operation == "add")
    with pytest.raises(BuildError) as caught:
        apply([source, addition.decided("accept", {**addition.after, "date": "soon"})], facts)
    assert "nothing was changed" in str(caught.value)
    assert contents(facts) == before
    apply([source, addition], facts)
    before = contents(facts)
    refused([source, addition], "stands already")


@pytest.mark.parametrize("moment", ["part", "commit", "first file", "second file"])
def test_a_kill_leaves_all_or_nothing(facts: Path, moment: str, tmp_path: Path) -> None:
    changes = accepted(proposed(facts), "add", "change", "withdraw")
    whole = tmp_path / "whole" / "facts"
    shutil.copytree(facts, whole)
    shutil.copy(facts.parent / "redirects.csv", whole.parent)
    before = contents(facts)
    apply(changes, whole)
    after = contents(whole)
    (tmp_path / "changes.csv").write_bytes(proposal.dumps(changes))
    # The process kills itself where the test says, between one system call and the next.
    code = f"""
import os, signal, sys
from pathlib import Path
from graph.build.refresh import apply as application, proposal
calls = []
def dying(name, original):
    def call(self, target):
        calls.append(name)
        if {moment!r} == "part" and name == "rename": os.kill(os.getpid(), signal.SIGKILL)
        result = original(self, target)
        if {moment!r} == "commit" and name == "rename": os.kill(os.getpid(), signal.SIGKILL)
        if {moment!r} == "first file" and calls.count("replace") == 1: os.kill(os.getpid(), signal.SIGKILL)
        if {moment!r} == "second file" and calls.count("replace") == 2: os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call
Path.rename = dying("rename", Path.rename)
Path.replace = dying("replace", Path.replace)
application.apply(proposal.read(Path({str(tmp_path / "changes.csv")!r})), Path({str(facts)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with application.only_one(facts):
        pass
    assert contents(facts) == (before if moment == "part" else after)


def test_two_writers_take_turns(facts: Path, tmp_path: Path) -> None:
    proposals = proposed(facts)
    source = next(one for one in proposals if one.family == "sources")
    halves = [[source, one.decided("accept")] for one in proposals if one.operation in ("change", "withdraw")]
    commands = []
    for number, half in enumerate(halves):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(proposal.dumps(half))
        palermo = Path(sys.executable).with_name("palermo")
        commands.append([palermo, "refresh", "untc", "--facts", facts, "--apply", path])
    running = [subprocess.Popen(one, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for one in commands]
    told = [one.communicate(timeout=120)[0] for one in running]
    assert [one.returncode for one in running] == [0, 0], told
    acts = {(r["participant"], r["action"]): r["date"] for r in rows(facts, "treaty-actions-tiny.csv")
            if r["treaty"] == "palermo-protocol" and r["source"].startswith("untc")}  # fmt: skip
    assert acts["fra", "ratification"] == "2002-10-30"
    assert ("ben", "signature") not in acts


def test_the_release_builds_with_what_was_applied(facts: Path, tmp_path: Path) -> None:
    apply(accepted(proposed(facts), "add", "change", "withdraw"), facts)
    palermo = Path(sys.executable).with_name("palermo")
    done = subprocess.run(
        [palermo, "build", "--facts", facts, "--out", tmp_path / "release"],
        capture_output=True, text=True, timeout=280, check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    actions = (tmp_path / "release" / "tables" / "treaty-actions.csv").read_text()
    assert "action/palermo-protocol/civ/signature" in actions
    assert "2002-10-30" in actions
