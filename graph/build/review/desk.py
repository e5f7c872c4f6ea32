"""Decides on proposals. Every decision is logged, then written; each is made under one lock on what stands then.

The log is written first. When a process dies between the two, the log knows a decision that the file does not; the
next reader or writer finishes it. Two curators may work on one file: a decision touches its own line alone, and one
on a line that somebody else has changed since it was shown is refused (:class:`ConflictError`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from graph.build import keeping
from graph.build.cells import problem
from graph.build.refresh import proposal as proposals
from graph.build.refresh.apply import only_one
from graph.build.refresh.proposal import Proposal
from graph.build.review import log
from graph.build.schema import FAMILIES
from graph.build.vocabulary import load

#: What a curator may decide; `undecide` takes a decision back.
DECISIONS = {"accept": "accept", "reject": "reject", "undecide": ""}


class ReviewError(ValueError):
    """A decision that cannot be made; the message says why and what is allowed."""


class ConflictError(ReviewError):
    """Somebody else decided in the meantime."""


class Desk:
    """One file of proposals and the log of the fact tables that it is about."""

    def __init__(self, file: Path, facts: Path) -> None:
        self.file, self.facts = file, facts

    def read(self) -> list[Proposal]:
        """The proposals as they stand, unfinished decisions finished. Raises
        :class:`graph.build.refresh.errors.ProposalError`, :class:`graph.build.review.log.LogError`."""
        with self._alone() as found:
            return found

    def find(self, identifier: str) -> Proposal:
        """The proposal whose id begins so. Raises :class:`ReviewError` for none or several."""
        return _one(self.read(), identifier)

    def history(self, identifier: str) -> list[log.Entry]:
        """What was decided on a proposal, in this file or an earlier one that proposed the same."""
        return [one for one in log.read(self.facts) if one.proposal == identifier]

    def decide(
        self,
        identifier: str,
        decision: str,
        who: str,
        why: str,
        after: Mapping[str, str] | None = None,
        seen: str | None = None,
    ) -> Proposal:
        """Decide on a proposal and give it back as it now stands.

        `after` has cells that the curator changed; `seen` is the :func:`state` that was looked at, without it an
        undecided one. Raises :class:`ReviewError` and :class:`ConflictError`; then nothing is changed.
        """
        if decision not in DECISIONS:
            raise ReviewError(f"decision {decision!r}: allowed are {', '.join(DECISIONS)}")
        if not who.strip() or not why.strip():
            raise ReviewError("a decision needs who makes it and why")
        with self._alone() as found:
            one = _one(found, identifier)
            if (seen is None and one.decision and decision != "undecide") or (seen is not None and seen != state(one)):
                raise ConflictError(_meanwhile(self.history(one.id), one))
            values = {**one.after, **after} if after else dict(one.after)
            values = {name: value.strip() for name, value in values.items() if value.strip() or name in one.before}
            if decision == "accept":
                _checked(one, values)
            decided = one.decided(DECISIONS[decision], values)
            entry = log.Entry(
                datetime.now(UTC).isoformat(timespec="seconds"), who.strip(), decision, why.strip(),
                one.family, one.key, batch(found), one.id, dict(decided.after),
            )  # fmt: skip
            log.append(self.facts, entry)
            self._write([decided if other.id == one.id else other for other in found])
            return decided

    @contextmanager
    def _alone(self) -> Iterator[list[Proposal]]:
        with only_one(self.facts):
            found = proposals.read(self.file)
            finished = _finish(found, log.read(self.facts))
            if finished != found:
                self._write(finished)
            yield finished

    def _write(self, found: list[Proposal]) -> None:
        keeping.replace(self.file, proposals.dumps(found))


def state(one: Proposal) -> str:
    """A short mark of how a proposal stands, by which a later decision knows whether anything was changed."""
    said = json.dumps([one.decision, dict(one.after)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def batch(found: list[Proposal]) -> str:
    """A name for a file of proposals that decisions on it do not change."""
    return hashlib.sha256(" ".join(sorted(one.id for one in found)).encode()).hexdigest()[:12]


def _finish(found: list[Proposal], entries: list[log.Entry]) -> list[Proposal]:
    """The proposals with every decision that the log has for this very file. Whoever edits the decision column by hand
    is believed only where the log has no decision of its own."""
    name = batch(found)
    last = {one.proposal: one for one in entries if one.batch == name}
    return [
        replace(one, decision=DECISIONS[last[one.id].decision], after=dict(last[one.id].after))
        if one.id in last
        else one
        for one in found
    ]


def _one(found: list[Proposal], identifier: str) -> Proposal:
    fits = [one for one in found if identifier and one.id.startswith(identifier)]
    if len(fits) != 1:
        raise ReviewError(f"{identifier!r}: {'no proposal has' if not fits else f'{len(fits)} proposals have'} that id")
    return fits[0]


def _checked(one: Proposal, after: Mapping[str, str]) -> None:
    """Hold every value against its column, as the strict reader will. Raises :class:`ReviewError`."""
    family, notations = FAMILIES[one.family], load().notations
    whole = one.operation == "add" or (one.operation in ("end", "question") and not one.before)
    wrong = []
    for column in family.columns:
        value = after.get(column.name, "")
        if not value:
            if column.required and (whole or column.name in after):
                wrong.append(f"{column.name}: a value is required")
            continue
        for part in value.split(";") if column.many else [value]:
            if said := problem(column, part.strip(), notations):
                wrong.append(f"{column.name}: {said}")
    if wrong:
        raise ReviewError(f"proposal {one.id} cannot be accepted: {'; '.join(wrong)}")


def _meanwhile(history: list[log.Entry], one: Proposal) -> str:
    if not history:
        return f"proposal {one.id} is no longer as it was shown; look at it again"
    last = history[-1]
    return f"proposal {one.id}: {last.who} decided {last.decision!r} at {last.at} ({last.why}); look at it again"
