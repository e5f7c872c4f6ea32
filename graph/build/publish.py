"""Puts a release among the published ones: version held against what changed, notes, sums, signature, one directory.

    releases/1.1.0/   the release as it was built, with
      RELEASE.json    version, day of publication, the former version, the level of the change
      NOTES.md        what changed, by name
      SHA256SUMS      and SHA256SUMS.sig

A published release is never written again.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from graph import manifest
from graph.build import diff, release, signing, versions

RECORD: Final = manifest.RECORD
NOTES: Final = "NOTES.md"
_SHOWN: Final = 50


@dataclass(frozen=True)
class Published:
    """Where a release was published, after which, and at which level of change."""

    directory: Path
    former: str
    level: str
    signed: bool


def former(releases: Path) -> Path | None:
    """The highest published version. Directories with other names are no releases."""
    found = manifest.published(releases)
    return found[-1] if found else None


def publish(built: Path, releases: Path, day: date, key: Path | None) -> Published:
    """Publish a built release. Raises :class:`versions.VersionError` for a version that is too small or published
    already, :class:`graph.manifest.ManifestError` for a release that is not whole, :class:`signing.SignatureError`."""
    if wrong := manifest.verify(built):
        raise manifest.ManifestError(f"{built}: {'; '.join(wrong)}")
    described = manifest.read(built)
    versions.parse(described.release)
    before = former(releases)
    change = None
    if before is not None:
        change = versions.step(before, built)
        if change.level == "none":
            raise versions.VersionError(f"no statement differs from {before.name}: there is nothing to publish")
        versions.hold(before.name, described.release, change)
        last = manifest.record(before)["published"]
        if day.isoformat() < last:
            raise versions.VersionError(f"published on {day}, before {before.name} ({last}): a later day is needed")
    final = releases / described.release
    part = releases / f".{described.release}.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(built.resolve(), part)
        level = change.level if change else "first"
        release.write_json(
            part / RECORD,
            {
                "version": described.release, "published": day.isoformat(), "level": level,
                "former": before.name if before else "", "hash": described.hash,
            },
        )  # fmt: skip
        (part / NOTES).write_text(notes(before, built, change, day), encoding="utf-8")
        (part / signing.SUMS).write_bytes(signing.sums(part))
        if key is not None:
            signing.sign(part, key)
        part.rename(final)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Published(final, before.name if before else "", level, key is not None)


def notes(before: Path | None, after: Path, change: versions.Step | None, day: date) -> str:
    """The notes of a release: why the version is what it is, then what changed, by name."""
    described = manifest.read(after)
    out = [f"# Palermo {described.release}", "", f"Published on {day}; sources read up to {described.date}.", ""]
    if change is not None and before is not None:
        least = versions.needed(before.name, change.level)
        out += [f"After {before.name}. The change is {change.level}, so the version is at least {least}:", ""]
        for word, found in (("gone", change.gone), ("new", change.new), ("with other values", change.changed)):
            out.append(f"- identifiers {word}: {len(found)}")
        out.append("")
        if change.gone:
            local = [one.removeprefix(described.base) for one in change.gone]
            out += ["## Identifiers that are gone", "", *(f"- {one}" for one in local[:_SHOWN])]
            out += [f"- and {len(local) - _SHOWN} more"] if len(local) > _SHOWN else []
            out.append("")
    return "\n".join(out) + "\n" + diff.markdown(before, after).replace("# ", "## ", 1)
