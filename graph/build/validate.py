"""The three gates before a release: SHACL shapes, hygiene queries, expected counts. One error: nothing is written."""

from __future__ import annotations

import tomllib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from pyoxigraph import QuerySolutions, Store

from graph.build.findings import BuildError
from graph.build.schema import FAMILIES
from graph.build.tables import Tables
from graph.build.vocabulary import resource
from graph.ids import Ids

#: Findings of one check that are printed; the rest are counted, since one slip can fail thousands of rows.
SHOWN: Final = 20


@dataclass
class Outcome:
    """What the gates found: errors stop the release, warnings are part of its report, and so are those of them whose
    reason is known (`finding`, `reason_en`, `reason_fr`)."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    explained: list[dict[str, str]] = field(default_factory=list)

    def stop(self) -> None:
        """Raise :class:`BuildError` when there is any error."""
        if self.errors:
            raise BuildError("validation", self.errors)


def hygiene(store: Store, outcome: Outcome) -> int:
    """Run every `checks/*.violation.rq` and `*.warning.rq`: rows are what is wrong. Returns how many checks ran."""
    ran = 0
    for ending, into in ((".violation.rq", outcome.errors), (".warning.rq", outcome.warnings)):
        for file in resource("checks", ending):
            try:
                rows = store.query(file.read_text("utf-8"))
            except SyntaxError as error:
                outcome.errors.append(f"checks/{file.name}: {error}")
                continue
            if not isinstance(rows, QuerySolutions):
                outcome.errors.append(f"checks/{file.name}: a check is a SELECT whose rows are what is wrong")
                continue
            ran += 1
            names = [variable.value for variable in rows.variables]
            found = [
                ", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True) if value) for row in rows
            ]
            into.extend(_shown(file.name.rsplit(".", 2)[0], sorted(found)))
    return ran


def _shown(name: str, found: list[str]) -> list[str]:
    lines = [f"{name}: {one}" for one in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"{name}: and {len(found) - SHOWN} more rows")
    return lines


def shapes(merged: bytes, outcome: Outcome, workers: int = 2) -> int:
    """Check the merged graph (N-Triples) against every shapes file. Returns how many files were used."""
    from graph.build import shacl  # pySHACL takes a quarter of a second to load, which only a build needs

    files = [(file.name, file.read_text("utf-8")) for file in resource("shapes", ".ttl")]
    # The longest first, so that no worker is left alone with a large one at the end.
    files.sort(key=lambda one: -len(one[1]))
    # Not forked: a worker that outlives a killed build must not keep that build's lock, which a fork would share.
    context = get_context("forkserver")
    with ProcessPoolExecutor(workers, context, initializer=shacl.read, initargs=(merged,)) as pool:
        checked = pool.map(shacl.check, [text for _, text in files])
        for (name, _), (errors, warnings) in zip(files, checked, strict=True):
            outcome.errors.extend(_shown(f"shapes/{name}", errors))
            outcome.warnings.extend(_shown(f"shapes/{name}", warnings))
    outcome.errors.sort()
    outcome.warnings.sort()
    return len(files)


def expectations(path: Path, tables: Tables, parties: Counter[str], outcome: Outcome) -> None:
    """Hold the tables against `expectations.toml`: at least so many rows per family (`[counts]`), at least this share
    of things with a value (`[fill]`, "family.column" = 0..1), at least so many parties per treaty (`[parties]`).

    A thing has a value when any of its rows has: a further witness that says less does not make the thing less known.
    """
    try:
        expected = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        outcome.errors.append(f"{path.name}: {error}")
        return
    if unknown := set(expected) - {"counts", "fill", "parties"}:
        outcome.errors.append(
            f"{path.name}: unknown tables {', '.join(sorted(unknown))}; allowed: counts, fill, parties"
        )
    for family, least in expected.get("counts", {}).items():
        rows = len(tables[family]) if family in FAMILIES else -1
        if rows < least:
            outcome.errors.append(f"{path.name}: counts.{family}: {max(rows, 0)} rows, at least {least} expected")
    for name, share in expected.get("fill", {}).items():
        family, _, column = name.partition(".")
        if family not in FAMILIES or column not in {one.name for one in FAMILIES[family].columns}:
            outcome.errors.append(f"{path.name}: fill.{name}: no such column")
            continue
        known: dict[tuple[str, ...], bool] = {}
        for row in tables[family]:
            key = tuple(row[part] for part in FAMILIES[family].key)
            known[key] = known.get(key, False) or bool(row[column])
        filled = sum(known.values()) / max(len(known), 1)
        if filled < share:
            outcome.errors.append(f"{path.name}: fill.{name}: {filled:.2f} of the things, at least {share} expected")
    for treaty, least in expected.get("parties", {}).items():
        if parties[treaty] < least:
            outcome.errors.append(
                f"{path.name}: parties.{treaty}: {parties[treaty]} parties, at least {least} expected"
            )


_EXPLANATION: Final = {"check", "about", "reason_en", "reason_fr"}


def explain(path: Path, ids: Ids, outcome: Outcome) -> None:
    """Set the warnings apart whose reason `explained.toml` gives; there need not be such a file.

    An explanation names the check, the nodes (by their path below id/) and the reason in both languages. One that
    explains nothing any more is an error: what it excused may hide elsewhere.
    """
    if not path.exists():
        return
    try:
        given = tomllib.loads(path.read_text("utf-8")).get("finding", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        outcome.errors.append(f"{path.name}: {error}")
        return
    for number, one in enumerate(given, start=1):
        if set(one) != _EXPLANATION:
            outcome.errors.append(f"{path.name}: finding {number} needs {', '.join(sorted(_EXPLANATION))} and no more")
            continue
        for about in one["about"]:
            named = f"<{ids.entity(about)}>"
            found = [line for line in outcome.warnings if line.startswith(f"{one['check']}: ") and named in line]
            if not found:
                outcome.errors.append(f"{path.name}: finding {number}: {one['check']} finds nothing about {about}")
            outcome.warnings = [line for line in outcome.warnings if line not in found]
            outcome.explained += [
                {"finding": line, "reason_en": one["reason_en"], "reason_fr": one["reason_fr"]} for line in found
            ]
