"""The command: what it prints, and its one clear message for what a curator can mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from api.commands.refresh import refresh
from graph.build.refresh import proposal
from graph.build.refresh.errors import CacheError, ProposalError
from tests.refresh.recorded import SAMPLES
from tests.refresh.test_connectors import TINY

XML = SAMPLES / "untc-xml"


def test_nothing_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = tmp_path / "changes.csv"
    refresh("untc", propose=changes, sample=[XML], facts=TINY)
    assert capsys.readouterr().out == f"untc: nothing proposed in {changes}\n"
    assert proposal.read(changes) == []


def test_an_empty_decision_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes, facts = tmp_path / "changes.csv", tmp_path / "facts"
    shutil.copytree(TINY, facts)
    sample = tmp_path / "sample"
    shutil.copytree(XML, sample)
    refresh("untc", propose=changes, sample=[sample], facts=facts)
    refresh("untc", apply=changes, facts=facts)
    assert capsys.readouterr().out.splitlines()[1] == "untc: nothing applied, 0 undecided; changed: nothing"


def test_slips(tmp_path: Path) -> None:
    changes = tmp_path / "changes.csv"
    with pytest.raises(ValueError, match="no source 'nowhere'; there are cellar, coe, eurostat, greta, iati, normlex"):
        refresh("nowhere", propose=changes)
    for options in ({}, {"propose": changes, "apply": changes}):
        with pytest.raises(ValueError, match="say either --propose FILE or --apply FILE"):
            refresh("untc", **options)
    with pytest.raises(ProposalError, match="there is no such file of proposals"):
        refresh("untc", apply=changes, facts=TINY)
    with pytest.raises(CacheError, match="holds no answer"):
        refresh("untc", propose=changes, sample=[tmp_path], facts=TINY)
    with pytest.raises(CacheError, match="missing; an answer is a file with its body and"):
        refresh("untc", propose=changes, sample=[tmp_path / "none.html"], facts=TINY)
    refresh("coe", propose=changes, sample=[SAMPLES / "coe"])
    with pytest.raises(ProposalError, match="is of coe, not of untc"):
        refresh("untc", apply=changes, facts=TINY)
    assert not changes.with_name("none.html").exists()
