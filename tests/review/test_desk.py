"""Decisions on proposals: logged before they are written, whole after a kill at any moment, never lost between two."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph.build.refresh import proposal
from graph.build.review import log
from graph.build.review.desk import ConflictError, Desk, ReviewError, state
from tests.review.proposals import ADD, ALL, CHANGE, QUESTION, many, write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(write(tmp_path / "changes.csv", ALL), tmp_path)


def test_a_decision_is_in_the_file_and_in_the_log(desk: Desk) -> None:
    desk.decide(ADD.id[:5], "accept", "Ana", "read the page")
    desk.decide(CHANGE.id, "reject", "Ben", "a slip of the page")
    assert {one.id: one.decision for one in proposal.read(desk.file)} == {
        ADD.id: "accept", CHANGE.id: "reject", QUESTION.id: "",
    }  # fmt: skip
    first, second = log.read(desk.facts)
    assert (first.who, first.decision, first.why, first.proposal) == ("Ana", "accept", "read the page", ADD.id)
    assert (second.who, second.decision, second.key) == ("Ben", "reject", CHANGE.key)
    assert first.at.endswith("+00:00")


def test_the_log_is_only_added_to(desk: Desk) -> None:
    desk.decide(ADD.id, "accept", "Ana", "yes")
    before = (desk.facts / log.FILE).read_bytes()
    desk.decide(ADD.id, "undecide", "Ana", "too early")
    desk.decide(ADD.id, "reject", "Ana", "no")
    after = (desk.facts / log.FILE).read_bytes()
    assert after.startswith(before)
    assert [one.decision for one in desk.history(ADD.id)] == ["accept", "undecide", "reject"]


def test_an_edit_is_held_against_its_column(desk: Desk) -> None:
    with pytest.raises(ReviewError, match="start: '2019-13' is no date"):
        desk.decide(CHANGE.id, "accept", "Ana", "better", {"start": "2019-13"})
    with pytest.raises(ReviewError, match="object: a value is required"):
        desk.decide(QUESTION.id, "accept", "Ana", "as it is")
    assert not (desk.facts / log.FILE).exists()
    desk.decide(QUESTION.id, "accept", "Ana", "the fund of UNODC", {"object": "unvtf"})
    assert desk.find(QUESTION.id).after["object"] == "unvtf"
    assert log.read(desk.facts)[0].after["object"] == "unvtf"


def test_what_somebody_else_decided_is_not_overwritten(desk: Desk) -> None:
    shown = state(desk.find(ADD.id))
    desk.decide(ADD.id, "accept", "Ana", "yes", seen=shown)
    with pytest.raises(ConflictError, match="Ana decided 'accept'"):
        desk.decide(ADD.id, "reject", "Ben", "no", seen=shown)
    with pytest.raises(ConflictError, match="Ana decided 'accept'"):
        desk.decide(ADD.id, "reject", "Ben", "no")
    assert [one.who for one in log.read(desk.facts)] == ["Ana"]


@pytest.mark.parametrize(("who", "why"), [("", "x"), ("x", " ")])
def test_nobody_and_no_reason_decide_nothing(desk: Desk, who: str, why: str) -> None:
    with pytest.raises(ReviewError, match="who makes it and why"):
        desk.decide(ADD.id, "accept", who, why)


def test_a_torn_last_line_is_no_decision(desk: Desk) -> None:
    desk.decide(ADD.id, "accept", "Ana", "yes")
    with (desk.facts / log.FILE).open("ab") as file:
        file.write(b'{"at": "2026-')
    assert len(log.read(desk.facts)) == 1
    desk.decide(CHANGE.id, "accept", "Ana", "yes")
    assert [one.proposal for one in log.read(desk.facts)] == [ADD.id, CHANGE.id]


#: Runs a decision and dies by SIGKILL at the named call.
KILLED = """
import os, signal, sys
from pathlib import Path
from graph.build import keeping
from graph.build.review import log
from graph.build.review.desk import Desk
place, file, identifier = sys.argv[1:]
def die(*given, **named): os.kill(os.getpid(), signal.SIGKILL)
real = {"fsync": os.fsync}
count = 0
def nth(*given):
    global count
    count += 1
    if count == int(place.split("-")[1]): die()
    return real["fsync"](*given)
if place == "append": log.append = die
elif place == "replace": keeping.replace = die
else: os.fsync = nth
Desk(Path(file), Path(file).parent).decide(identifier, "accept", "Ana", "yes")
"""


@pytest.mark.parametrize(
    ("place", "decided"),
    [("append", False), ("fsync-1", None), ("replace", True), ("fsync-2", True), ("fsync-3", True)],
)
def test_killed_at_any_moment_nothing_is_lost(desk: Desk, place: str, decided: bool | None) -> None:
    """A decision is made or not, and file and log agree, whoever looks next; `None`: either is right."""
    desk.decide(CHANGE.id, "reject", "Ben", "before")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, place, desk.file, ADD.id], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(proposal.read(desk.file)) == len(ALL), "the file is whole, whatever happened"
    stands = desk.find(ADD.id).decision == "accept"
    assert decided is None or stands == decided
    assert [one.proposal for one in log.read(desk.facts)] == [CHANGE.id, *([ADD.id] if stands else [])]
    assert desk.find(CHANGE.id).decision == "reject"
    if not stands:
        desk.decide(ADD.id, "accept", "Ana", "again")
    assert desk.find(ADD.id).decision == "accept"
    assert proposal.read(desk.file) == desk.read()


CURATOR = """
import sys
from pathlib import Path
from graph.build.review.desk import ConflictError, Desk
file, who, *identifiers = sys.argv[1:]
desk = Desk(Path(file), Path(file).parent)
sys.stdin.readline()
for one in identifiers:
    try:
        desk.decide(one, "accept" if who == "Ana" else "reject", who, "at once")
        print(one, flush=True)
    except ConflictError:
        pass
"""


def test_two_curators_at_once_lose_nothing(tmp_path: Path) -> None:
    every = many(12)
    file = write(tmp_path / "changes.csv", every)
    ids = [one.id for one in every]
    both = {
        who: subprocess.Popen(
            [sys.executable, "-c", CURATOR, str(file), who, *order],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ},
        )
        for who, order in (("Ana", ids), ("Ben", ids[::-1]))
    }  # fmt: skip
    for one in both.values():
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = {who: one.communicate(timeout=60)[0].split() for who, one in both.items()}
    assert [one.returncode for one in both.values()] == [0, 0]
    assert sorted(said["Ana"] + said["Ben"]) == sorted(ids), "each was decided once"
    assert {one.id: one.decision for one in proposal.read(file)} == {
        **dict.fromkeys(said["Ana"], "accept"), **dict.fromkeys(said["Ben"], "reject"),
    }  # fmt: skip
    assert {(one.who, one.proposal) for one in log.read(tmp_path)} == {
        (who, one) for who, mine in said.items() for one in mine
    }
