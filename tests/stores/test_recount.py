"""What the named queries say of the real release, counted again from the tables by plain Python."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.read.embedded import EmbeddedStore
from graph.read.library import load
from graph.read.parameters import Value

LIBRARY = load()
FACTS = Path(__file__).resolve().parents[2] / "graph" / "facts"
BINDING = {
    "ratification", "acceptance", "approval", "accession", "succession", "participation", "definitive-signature",
    "formal-confirmation",
}  # fmt: skip
LEAVING = {"denunciation", "withdrawal"}


def rows(family: str) -> Iterator[dict[str, str]]:
    """Every row of a family of tables."""
    for path in sorted(FACTS.glob(f"{family}-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def store(release_dir: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore.open(release_dir) as opened:
        yield opened


def ask(store: EmbeddedStore, name: str, **values: Value) -> list[dict[str, str]]:
    """The rows of a named query, IRIs of entities as local ids, unbound as the empty string."""
    found = store.select(LIBRARY[name].bind(values, ids=store.ids))
    prefix = store.ids.entity("")
    return [{key: (value or "").removeprefix(prefix) for key, value in row.items()} for row in found.values()]


def first_day(text: str) -> str:
    return text + "-01-01"[len(text) - 4 :]


@pytest.mark.parametrize("treaty", ["cets-197", "untoc", "palermo-protocol", "crc", "ilo-p029", "icrmw"])
@pytest.mark.parametrize("day", ["2003-09-29", "2008-01-31", "2008-02-01", "2014-12-31", "2026-11-23"])
def test_parties(store: EmbeddedStore, treaty: str, day: str) -> None:
    dated: dict[str, str] = {}
    bound: set[str] = set()
    left: dict[str, str] = {}
    for one in rows("treaty-actions"):
        who = one["participant"]
        if one["treaty"] == treaty and one["action"] in BINDING | {"entry-into-force"}:
            bound.add(who)
            if one["date"] and one["action"] in BINDING:
                dated[who] = min(dated.get(who, "9999"), first_day(one["date"]))
        if one["treaty"] == treaty and one["action"] in LEAVING:
            left[who] = first_day(one["date"])
    found = ask(store, "parties-to-treaty", treaty=treaty, date=day)
    by_status = defaultdict(set)
    for row in found:
        by_status[row["status"]].add(row["participant"])
    assert len(found) == len({row["participant"] for row in found}), "nobody stands twice"
    expected = {who for who, start in dated.items() if start <= day and not left.get(who, "9999") <= day}
    assert by_status["certain"] == expected
    unknown = bound - set(dated) - {who for who, end in left.items() if end <= day}
    assert by_status["day unknown"] | by_status["not known"] == unknown, "who bound itself on an unknown day stays"


def test_counts_by_treaty_are_the_lengths_of_the_lists(store: EmbeddedStore) -> None:
    for row in ask(store, "parties-by-treaty", date="2014-12-31"):
        statuses = [one["status"] for one in ask(store, "parties-to-treaty", treaty=row["treaty"], date="2014-12-31")]
        counted = [int(row[name]) for name in ("dated", "day_unknown", "not_known")]
        assert counted == [statuses.count(name) for name in ("certain", "day unknown", "not known")], row["treaty"]


def test_growth_ends_at_the_dated_parties_of_today(store: EmbeddedStore) -> None:
    for treaty in ("untoc", "palermo-protocol", "cets-197"):
        last = ask(store, "treaty-growth-by-year", treaty=treaty)[-1]
        today = ask(store, "parties-to-treaty", treaty=treaty, date="2026-11-23")
        assert int(last["parties"]) == sum(row["status"] == "certain" for row in today)


def test_signed_never_ratified(store: EmbeddedStore) -> None:
    signed: set[tuple[str, str]] = set()
    bound: set[tuple[str, str]] = set()
    for one in rows("treaty-actions"):
        key = (one["participant"], one["treaty"])
        if one["action"] == "signature":
            signed.add(key)
        elif one["action"] in BINDING | {"entry-into-force"}:
            bound.add(key)
    found = {(row["participant"], row["treaty"]) for row in ask(store, "signed-never-ratified")}
    assert found == signed - bound


@pytest.mark.parametrize("day", ["1949-05-04", "1989-12-31", "2026-11-23"])
def test_members_of_the_council_of_europe(store: EmbeddedStore, day: str) -> None:
    starts: dict[str, str] = {}
    for one in rows("relations"):
        if (one["relation"], one["object"]) == ("memberOf", "coe"):
            starts[one["subject"]] = max(starts.get(one["subject"], ""), one["start"])
    expected = {who for who, start in starts.items() if not start or first_day(start) <= day}
    found = {row["member"] for row in ask(store, "members-of-organisation", organisation="coe", date=day)}
    assert found == expected
    assert day < "2000" or len(found) == 46


def test_members_that_are_no_parties_are_the_difference(store: EmbeddedStore) -> None:
    for day in ("2008-01-31", "2012-06-30", "2026-11-23"):
        members = {row["member"] for row in ask(store, "members-of-organisation", organisation="coe", date=day)}
        statuses = {
            row["participant"]: row["status"] for row in ask(store, "parties-to-treaty", treaty="cets-197", date=day)
        }
        found = {
            row["member"]: row["status"]
            for row in ask(store, "members-not-party", organisation="coe", treaty="cets-197", date=day)
        }
        expected = {who: "not a party" for who in members if who not in statuses}
        expected |= {who: "not known" for who in members if statuses.get(who) == "not known"}
        assert found == expected


def test_all_parties_to_the_convention_are_monitored(store: EmbeddedStore) -> None:
    parties = {row["participant"] for row in ask(store, "parties-to-treaty", treaty="cets-197", date="2026-11-23")}
    monitored = {row["state"] for row in ask(store, "monitored-by-body", body="greta", date="2026-11-23")}
    assert parties <= monitored
    assert "greta" in {row["body"] for row in ask(store, "who-monitors-state", state="fra", date="2026-11-23")}


def test_every_article_claim_has_evidence_and_a_verdict(store: EmbeddedStore) -> None:
    for lang in ("en", "fr"):
        found = ask(store, "claims-and-evidence", lang=lang)
        assert {int(row["number"]) for row in found} == set(range(1, 13))
        assert all(row["evidence"] and row["verdict"] and row["text"] for row in found)


def test_evaluations_by_round(store: EmbeddedStore) -> None:
    expected: dict[str, set[str]] = defaultdict(set)
    for one in rows("evaluations"):
        if one["body"] == "greta":
            expected[one["round"]].add(one["country"])
    found = {row["round"]: int(row["countries"]) for row in ask(store, "evaluation-rounds", body="greta")}
    assert found == {name: len(countries) for name, countries in expected.items()}


def test_figures(store: EmbeddedStore) -> None:
    tiers = [one for one in rows("statistics") if one["unit"] == "tier"]
    assert len(ask(store, "tip-tiers")) == len(tiers)
    french = [one for one in rows("statistics") if one["country"] == "fra" and one["year"] == "2021"]
    assert len(ask(store, "figures-of-country")) == sum(one["unit"] != "tier" for one in french)
    by_basis = ask(store, "figures-by-basis")
    dated = sum(one["country"] == "fra" and one["year"] != "" for one in rows("statistics"))
    assert sum(int(row["figures"]) for row in by_basis) == dated


def test_other_counts(store: EmbeddedStore) -> None:
    assert len(ask(store, "court-cases-of-state")) == sum(
        len(one["respondent"].split(";")) for one in rows("court-cases")
    )
    assert len(ask(store, "sources-without-address")) == len({one["id"] for one in rows("sources") if not one["url"]})
    assert len(ask(store, "project-budgets")) == sum(bool(one["budget_eur"]) for one in rows("projects"))
    leaving = {(one["treaty"], one["participant"], one["action"]) for one in rows("treaty-actions")}
    assert len(ask(store, "denunciations")) == sum(action in LEAVING for _, _, action in leaving)
    holders = {
        one["subject"]
        for one in rows("relations")
        if one["relation"] == "holdsMandate" and one["object"] == "sr-trafficking"
    }
    assert {row["holder"] for row in ask(store, "office-holders")} == holders


def test_actions_of_a_state(store: EmbeddedStore) -> None:
    for state in ("fra", "swe", "aut", "usa"):
        acts = {
            (one["treaty"], one["action"], one["number"])
            for one in rows("treaty-actions")
            if one["participant"] == state
        }
        assert len(ask(store, "treaty-actions-by-state", state=state)) == len(acts)
