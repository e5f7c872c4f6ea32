"""The build as a whole, on the tiny tables: same bytes, all or nothing, killed at any moment, nothing done twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph import manifest
from graph.build import diff, pipeline
from graph.build.findings import BuildError
from graph.ids import Ids

TINY = Path(__file__).parents[1] / "tiny" / "facts"

pytestmark = pytest.mark.xdist_group("pipeline")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "release"
    assert pipeline.build(TINY, out, Ids())
    return out


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory.resolve()).as_posix(): path.read_bytes()
        for path in sorted(directory.resolve().rglob("*"))
        if path.is_file()
    }


def test_two_builds_are_byte_identical(tmp_path: Path) -> None:
    """By the real command in its own process: another hash seed would show in the order of anything unordered."""
    made = []
    for seed in ("1", "2"):
        out = tmp_path / seed / "release"
        run = subprocess.run(
            [sys.executable, "-m", "api", "build", "--facts", str(TINY), "--out", str(out)],
            capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        made.append(contents(out))
    assert set(made[0]) >= {manifest.DATASET, manifest.MERGED, manifest.NAME, manifest.SCENE, "tables/actors.csv"}
    assert [name for name in made[0] if made[0][name] != made[1].get(name)] == []
    assert set(made[0]) == set(made[1])


def test_the_manifest_describes_what_stands_there(built: Path) -> None:
    assert manifest.verify(built) == []
    described = manifest.read(built)
    merged = (built / manifest.MERGED).read_text("utf-8").splitlines()
    assert described.counts["triples"] == len(merged) == len(set(merged))
    assert merged == sorted(merged)


def test_a_second_build_does_nothing(built: Path) -> None:
    before = built.resolve()
    assert not pipeline.build(TINY, built, Ids())
    assert built.resolve() == before


def test_the_report_accounts_for_every_row(built: Path) -> None:
    report = json.loads((built / manifest.REPORT).read_text("utf-8"))
    for table in report["tables"]:
        lines = (TINY / table["file"]).read_text("utf-8").count("\n") - 1
        assert table["rows read"] == table["rows in the graph"] >= 0
        assert table["rows read"] <= lines
    assert sum(family["rows"] for family in report["families"]) == sum(t["rows read"] for t in report["tables"])


def test_a_wrong_table_stops_the_build_and_keeps_the_release(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "release"
    pipeline.build(TINY, out, Ids())
    before = contents(out)
    facts = tmp_path / "facts"
    shutil.copytree(TINY, facts)
    path = facts / "relations-tiny.csv"
    path.write_text(path.read_text("utf-8") + "fra,funds,nobody,,,,coe-greta,\n", encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        pipeline.build(facts, out, Ids())
    assert any("'nobody' is unknown" in line for line in caught.value.lines)
    assert contents(out) == before
    assert not list(out.with_name("release.d").glob("*.part"))


def test_expectations_stop_a_release_that_lost_rows(tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    shutil.copytree(TINY, facts)
    (facts / "expectations.toml").write_text(
        '[counts]\nactors = 5000\n[fill]\n"actors.wikidata" = 0.99\n[parties]\nuntoc = 400\n', encoding="utf-8"
    )
    with pytest.raises(BuildError) as caught:
        pipeline.check(facts, Ids())
    named = " ".join(caught.value.lines)
    assert "counts.actors" in named
    assert "fill.actors.wikidata" in named
    assert "parties.untoc" in named


def test_another_base_moves_the_data_and_not_the_vocabulary(tmp_path: Path) -> None:
    done = pipeline.check(TINY, Ids("https://example.org/kg/"))
    subjects = {str(triple.subject) for triple in done.merged}
    assert "<https://example.org/kg/id/fra>" in subjects
    assert not any(subject.startswith("<https://w3id.org/palermo/id/") for subject in subjects)
    assert "<https://w3id.org/palermo/ontology#Actor>" in subjects
    assert "<https://example.org/kg/id/party/cets-197/fra>" in subjects


def test_a_change_is_told_by_name(built: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    shutil.copytree(TINY, facts)
    path = facts / "relations-tiny.csv"
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("ccem,memberOf")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    out = tmp_path / "release"
    pipeline.build(facts, out, Ids())
    text = diff.markdown(built, out)
    assert "## Gone: Relation" in text
    assert "relation/ccem/memberOf/" in text
    assert "No statement differs" in diff.markdown(built, built)


def test_two_builds_of_one_release_take_turns(tmp_path: Path) -> None:
    out = tmp_path / "release"
    command = [sys.executable, "-m", "api", "build", "--facts", str(TINY), "--out", str(out)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [one.communicate()[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sum("built" in one for one in said) == 1
    assert sum("up to date" in one for one in said) == 1
    assert manifest.verify(out) == []


STEPS = [
    "reading the fact tables", "inferring from", "validating", "writing the release",
    "comparing with the release before", "putting the release into service",
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_moment_the_release_before_stays_whole(step: str, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "release"
    shutil.copytree(built.with_name("release.d"), tmp_path / "release.d", symlinks=True)
    out.symlink_to(Path("release.d") / built.resolve().name)
    before = contents(out)
    facts = tmp_path / "facts"
    shutil.copytree(TINY, facts)
    (facts / "expectations.toml").write_text("[counts]\nactors = 11\n", encoding="utf-8")
    command = [sys.executable, "-m", "api", "build", "--facts", str(facts), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        seen = False
        for line in process.stderr:
            if line.startswith(step):
                seen = True
                process.send_signal(signal.SIGKILL)
                break
        process.stderr.read()
    assert seen, f"the build never said {step!r}"
    assert process.returncode == -signal.SIGKILL
    assert manifest.verify(out) == []
    if step != STEPS[-1]:  # killed while it is put into place, either release may stand there, whole
        assert contents(out) == before
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert manifest.verify(out) == []
    assert not list((tmp_path / "release.d").glob("*.part"))
