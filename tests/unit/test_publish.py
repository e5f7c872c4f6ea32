"""Versions by rule, sums and signatures, publishing: on releases of a few statements."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from graph import manifest
from graph.build import publish, signing, versions
from tests.stores import releases

ONE = """
PREFIX id: <https://w3id.org/palermo/id/> PREFIX src: <https://w3id.org/palermo/source/>
PREFIX graph: <https://w3id.org/palermo/graph/> PREFIX pal: <https://w3id.org/palermo/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
src:a { id:fra a pal:State ; rdfs:label "France"@en ; pal:memberOf id:coe . id:coe rdfs:label "Council"@en . }
graph:release { <https://w3id.org/palermo/data> <http://www.w3.org/2002/07/owl#versionInfo> "1.0.0" . }
"""
MORE = ONE + 'src:a { id:swe a pal:State ; rdfs:label "Sweden"@en . }'
LESS = ONE.replace('id:coe rdfs:label "Council"@en .', "")
OTHER = ONE.replace('"France"', '"The French Republic"')
SAME = ONE.replace('versionInfo> "1.0.0"', 'versionInfo> "1.0.1"')
DAY = date(2026, 11, 24)


def made(place: Path, trig: str, version: str) -> Path:
    return releases.write(place / f"built-{version}-{abs(hash(trig))}", trig, version)


@pytest.mark.parametrize(
    ("after", "level", "least"),
    [(MORE, "minor", "1.3.0"), (LESS, "major", "2.0.0"), (OTHER, "patch", "1.2.4"), (SAME, "none", "1.2.4")],
)
def test_the_level_follows_from_the_difference(tmp_path: Path, after: str, level: str, least: str) -> None:
    found = versions.step(made(tmp_path, ONE, "1.2.3"), made(tmp_path, after, "1.2.3"))
    assert found.level == level
    assert versions.needed("1.2.3", found.level) == least


def test_a_renamed_identifier_is_one_that_is_gone(tmp_path: Path) -> None:
    found = versions.step(made(tmp_path, ONE, "1.0.0"), made(tmp_path, ONE.replace("id:coe", "id:council"), "1.0.0"))
    assert (found.level, found.gone, found.new) == (
        "major", ("https://w3id.org/palermo/id/coe",), ("https://w3id.org/palermo/id/council",),
    )  # fmt: skip


def test_a_new_source_is_a_new_identifier_and_a_moved_statement_a_correction(tmp_path: Path) -> None:
    moved = made(tmp_path, ONE.replace("src:a {", "src:b {"), "1.0.0")
    assert versions.step(made(tmp_path, ONE, "1.0.0"), moved).level == "patch"


@pytest.mark.parametrize("text", ["1.0", "1.0.0-rc1", "01.0.0", "v1.0.0", ""])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(versions.VersionError, match="is no version"):
        versions.parse(text)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    private, public = tmp_path / "palermo.key", tmp_path / "palermo.pub"
    signing.make_keys(private, public)
    assert private.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        signing.make_keys(private, public)
    return private, public


def test_publishing_refuses_a_too_small_version(tmp_path: Path) -> None:
    place = tmp_path / "releases"
    place.mkdir()
    assert publish.publish(made(tmp_path, ONE, "1.0.0"), place, DAY, None).level == "first"
    with pytest.raises(versions.VersionError, match=r"1\.0\.1 is too small after 1\.0\.0.*minor.*at least 1\.1\.0"):
        publish.publish(made(tmp_path, MORE, "1.0.1"), place, DAY, None)
    with pytest.raises(versions.VersionError, match=r"1\.1\.0 is too small.*major.*1 identifiers gone.*2\.0\.0"):
        publish.publish(made(tmp_path, LESS, "1.1.0"), place, DAY, None)
    with pytest.raises(versions.VersionError, match="nothing to publish"):
        publish.publish(made(tmp_path, SAME, "1.0.1"), place, DAY, None)
    with pytest.raises(versions.VersionError, match="a later day is needed"):
        publish.publish(made(tmp_path, MORE, "1.1.0"), place, date(2026, 11, 1), None)
    assert [one.name for one in manifest.published(place)] == ["1.0.0"]
    assert [one.name for one in place.iterdir()] == ["1.0.0"], "nothing half made stays"
    done = publish.publish(made(tmp_path, MORE, "1.10.0"), place, DAY, None)
    assert (done.former, done.level) == ("1.0.0", "minor")
    done = publish.publish(made(tmp_path, LESS, "2.0.0"), place, DAY, None)
    assert (done.former, done.level) == ("1.10.0", "major")
    notes = (done.directory / publish.NOTES).read_text("utf-8")
    assert "- id/coe" in notes
    assert "The change is major, so the version is at least 2.0.0" in notes
    assert json.loads((done.directory / manifest.RECORD).read_text("utf-8"))["published"] == "2026-11-24"


def test_sums_and_signature(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    private, public = keys
    place = tmp_path / "releases"
    place.mkdir()
    directory = publish.publish(made(tmp_path, ONE, "1.0.0"), place, DAY, private).directory
    said = signing.verify(directory, public)
    assert said.endswith("signed by the owner of palermo.pub")
    assert "not looked at" in signing.verify(directory, None)
    # By others' means: coreutils, and the library's own primitive over the very bytes.
    summed = subprocess.run(
        ["sha256sum", "-c", "--quiet", signing.SUMS], cwd=directory, capture_output=True, check=False
    )
    assert summed.returncode == 0, summed.stderr
    key = load_pem_public_key(public.read_bytes())
    key.verify((directory / signing.SIGNATURE).read_bytes(), (directory / signing.SUMS).read_bytes())  # type: ignore[union-attr, call-arg]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("merged.nt", "merged.nt: differs from SHA256SUMS"),
        ("manifest.json", "manifest.json: differs"),
        ("NOTES.md", "NOTES.md: differs"),
        ("extra.txt", "extra.txt: not in SHA256SUMS"),
        ("SHA256SUMS.sig", "not made over this SHA256SUMS"),
    ],
)
def test_every_change_of_a_published_release_is_seen(
    tmp_path: Path, keys: tuple[Path, Path], file: str, message: str
) -> None:
    place = tmp_path / "releases"
    place.mkdir()
    directory = publish.publish(made(tmp_path, ONE, "1.0.0"), place, DAY, keys[0]).directory
    with (directory / file).open("ab") as handle:
        handle.write(b"\n")
    with pytest.raises(signing.SignatureError, match=message):
        signing.verify(directory, keys[1])


def test_sums_made_anew_by_another_hand_are_seen(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    place = tmp_path / "releases"
    place.mkdir()
    directory = publish.publish(made(tmp_path, ONE, "1.0.0"), place, DAY, keys[0]).directory
    with (directory / "merged.nt").open("ab") as handle:
        handle.write(b"<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n")
    (directory / signing.SUMS).write_bytes(signing.sums(directory))
    with pytest.raises(signing.SignatureError, match="not made over this"):
        signing.verify(directory, keys[1])
    (directory / signing.SIGNATURE).unlink()
    with pytest.raises(signing.SignatureError, match="published unsigned"):
        signing.verify(directory, keys[1])
    with pytest.raises(signing.SignatureError, match="no private key"):
        signing.sign(directory, keys[1])
