"""Semantic versions of releases, by rule and not by feeling: what the difference to the former release asks for.

    major   an identifier that the former release had is gone, renamed ones included: a link to it means another address
    minor   there are new identifiers, and none is gone
    patch   the same identifiers, with other values
    none    not a statement differs

Identifiers are those of things, statements, figures, claims and sources, and the terms of the ontology. What a release
says about itself (version, counts, measurements) is no statement in this sense.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph import manifest
from graph.ids import HOME

LEVELS: Final = ("none", "patch", "minor", "major")
_VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_SUBJECT: Final = re.compile(r"<([^>]*)> ")


class VersionError(ValueError):
    """A version that is none, or too small for what changed; the message says which one is needed."""


@dataclass(frozen=True)
class Step:
    """What two releases differ in: the level, the ids that are gone and new, and how many stayed with other values."""

    level: str
    gone: tuple[str, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.gone)} identifiers gone, {len(self.new)} new, {len(self.changed)} with other values"


def parse(text: str) -> tuple[int, int, int]:
    """A version as three numbers. Raises :class:`VersionError`."""
    match = _VERSION.fullmatch(text)
    if match is None:
        raise VersionError(f"{text!r} is no version: three numbers such as 1.2.0 are needed")
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def step(before: Path, after: Path) -> Step:
    """Compare two release directories. Raises :class:`graph.manifest.ManifestError`."""
    old, new = manifest.read(before), manifest.read(after)
    if old.base != new.base:
        raise VersionError(f"the bases differ: {old.base} and {new.base}; every identifier would be another one")
    was, now = _subjects(before, old.base), _subjects(after, new.base)
    gone, fresh = sorted(was.keys() - now.keys()), sorted(now.keys() - was.keys())
    changed = sorted(one for one in was.keys() & now.keys() if was[one] != now[one])
    level = "major" if gone else "minor" if fresh else "patch" if changed else "none"
    return Step(level, tuple(gone), tuple(fresh), tuple(changed))


def needed(former: str, level: str) -> str:
    """The least version that may follow a former one. Raises :class:`VersionError`."""
    major, minor, patch = parse(former)
    match level:
        case "major":
            return f"{major + 1}.0.0"
        case "minor":
            return f"{major}.{minor + 1}.0"
        case _:
            return f"{major}.{minor}.{patch + 1}"


def hold(former: str, version: str, found: Step) -> None:
    """Raises :class:`VersionError` where a version is too small for what changed."""
    least = needed(former, found.level)
    if parse(version) < parse(least):
        raise VersionError(
            f"version {version} is too small after {former}: the change is {found.level} ({found}), "
            f"so at least {least} is needed; build it with --version {least}"
        )


def _subjects(directory: Path, base: str) -> dict[str, set[str]]:
    """What is said of each identifier, by IRI: the lines of dataset.nq, which are canonical, without their subjects."""
    starts = (f"{base}id/", f"{base}source/", f"{HOME}ontology#", f"{HOME}concept/")
    own = f"<{base}graph/release> ."
    found: dict[str, set[str]] = {}
    with (directory / manifest.DATASET).open(encoding="utf-8") as file:
        for line in file:
            match = _SUBJECT.match(line)
            if match and match.group(1).startswith(starts) and not line.rstrip("\n").endswith(own):
                found.setdefault(match.group(1), set()).add(line[match.end() :])
    return found
