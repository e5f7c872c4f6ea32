"""The file of proposals: what is written is read again, and every slip of a curator is named with its place."""

from __future__ import annotations

import pytest

from graph.build.refresh import proposal
from graph.build.refresh.errors import ProposalError
from graph.build.refresh.proposal import Proposal, propose

SOURCE = "untc-xviii-12-a-2026-11-20"
ROW = {
    "treaty": "palermo-protocol",
    "participant": "brn",
    "action": "accession",
    "date": "2020-03-30",
    "source": SOURCE,
}
KEY = f"palermo-protocol brn accession - {SOURCE}"
FILE = "treaty-actions-untc.csv"
ADD = propose("untc", "add", "treaty-actions", KEY, FILE, {}, ROW, SOURCE, "no row states it, “yet”", 100)
CHANGE = propose(
    "untc", "change", "treaty-actions", "palermo-protocol fra signature - untc-xviii-12-a", FILE,
    {"date": "2000-12-11", "source": "untc-xviii-12-a"}, {"date": "2000-12-12", "source": SOURCE}, SOURCE, "new date",
)  # fmt: skip
WITHDRAW = propose(
    "untc", "withdraw", "treaty-actions", "palermo-protocol swe signature - untc-xviii-12-a", FILE,
    {"treaty": "palermo-protocol", "participant": "swe", "action": "signature", "source": "untc-xviii-12-a"},
    {}, SOURCE, "no longer listed",
)  # fmt: skip
LINES = proposal.dumps([WITHDRAW, ADD, CHANGE]).decode().splitlines(keepends=True)


def test_what_is_written_is_read_again_in_one_order() -> None:
    data = proposal.dumps([WITHDRAW, ADD, CHANGE])
    assert data == proposal.dumps([CHANGE, WITHDRAW, ADD])
    assert proposal.loads(data, "changes.csv") == [ADD, CHANGE, WITHDRAW]
    assert data.decode().splitlines()[0] == ",".join(proposal.COLUMNS)
    assert b"\r" not in data


def test_the_id_follows_from_what_is_proposed() -> None:
    again = propose("untc", "add", "treaty-actions", KEY, FILE, {}, dict(ROW), SOURCE, "other words", 7)
    other = propose("untc", "add", "treaty-actions", KEY, FILE, {}, {**ROW, "date": "2020"}, SOURCE, "other words")
    assert again.id == ADD.id != other.id


def test_a_decision_and_an_edit_keep_the_id() -> None:
    edited = ADD.decided("accept", {**ROW, "date": "2020-03"})
    (again,) = proposal.loads(proposal.dumps([edited]), "changes.csv")
    assert (again.id, again.accepted, again.after["date"]) == (ADD.id, True, "2020-03")
    with pytest.raises(ProposalError, match=r"\[decision\]: 'yes'; allowed is one of '', 'accept', 'reject'"):
        ADD.decided("yes")
    with pytest.raises(ProposalError, match=r"\[after\]: treaty-actions has no column day"):
        ADD.decided("accept", {"day": "2020"})


def test_one_proposal_twice_is_a_slip() -> None:
    with pytest.raises(ProposalError, match=f"two proposals have the id {ADD.id}"):
        proposal.dumps([ADD, ADD])


def damaged(old: str, new: str, line: int = 1) -> bytes:
    lines = list(LINES)
    assert old in lines[line]
    lines[line] = lines[line].replace(old, new, 1)
    return "".join(lines).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "changes.csv:1: the columns are id, connector"),
        (damaged("operation", "op", 0), "changes.csv:1: the columns are"),
        (damaged(ADD.id, "xyz"), r"changes.csv:2 \[id\]: 'xyz' is not 12"),
        (damaged(",add,", ",delete,"), r"\[operation\]: 'delete'; allowed is one of 'add', 'change', 'end'"),
        (damaged(",treaty-actions,", ",treaties,"), r"\[family\]: 'treaties'"),
        (damaged(FILE, "../treaty-actions-x.csv"), r"\[file\]: '../treaty-actions-x.csv' is no name of a table"),
        (damaged(FILE, "relations-x.csv"), r"\[file\]: 'relations-x.csv' is no name of a table of treaty-actions"),
        (damaged(KEY, "brn"), r"\[key\]: 'brn'; the key is treaty participant action number source"),
        (damaged('"{""treaty""', '"{""treat""'), r"\[after\]: treaty-actions has no column treat"),
        (damaged('"{""treaty""', '"[""treaty""'), r"\[after\]: no JSON"),
        (damaged(",100,", ",101,"), r"\[score\]: '101' is no whole number from 0 to 100"),
        (damaged(",100,", ",100,yes"), r"\[decision\]: 'yes'"),
        (damaged(",change,", ",add,", 2), "an addition has an empty before"),
        (damaged(",withdraw,", ",change,", 3), "a change has the same columns before and after"),
        (damaged(",change,", ",withdraw,", 2), "a withdrawal has a filled before and an empty after"),
        ("".join(LINES).encode() + LINES[1].encode(), f"changes.csv:5: the id {ADD.id} stands twice"),
        (LINES[0].encode() + b"a,b\n", "changes.csv:2: 2 cells, the header has 12"),
        ("".join(LINES).encode("utf-16"), "not UTF-8 at byte 0"),
        (LINES[0].encode() + b'"open', "no CSV"),
    ],
)
def test_a_slip_is_named(data: bytes, message: str) -> None:
    with pytest.raises(ProposalError, match=message):
        proposal.loads(data, "changes.csv")


def test_no_file(tmp_path: object) -> None:
    with pytest.raises(ProposalError, match="there is no such file"):
        proposal.read(__import__("pathlib").Path(str(tmp_path)) / "none.csv")


def test_every_line_is_a_proposal() -> None:
    assert all(isinstance(one, Proposal) for one in proposal.loads("".join(LINES).encode(), "x"))
