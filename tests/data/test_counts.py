"""Counts of the release against an independent recount of the tables: plain csv, no code of the build."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from graph.read.embedded import load_release

FACTS = Path(__file__).parents[2] / "graph" / "facts"
PAL = "PREFIX pal: <https://w3id.org/palermo/ontology#> PREFIX id: <https://w3id.org/palermo/id/> "
BINDING = {
    "ratification", "acceptance", "approval", "accession", "succession", "participation", "definitive-signature",
    "formal-confirmation",
}  # fmt: skip
LEAVING = {"denunciation", "withdrawal"}


def rows(family: str) -> Iterator[dict[str, str]]:
    for path in sorted(FACTS.glob(f"{family}-*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            yield from csv.DictReader(handle)


@pytest.fixture(scope="module")
def store(release_dir: Path) -> Store:
    return load_release(release_dir)[0]


def count(store: Store, pattern: str) -> int:
    (row,) = store.query(f"{PAL} SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")  # type: ignore[misc]
    return int(row[0].value)


def test_treaty_actions_are_the_distinct_ones_of_the_tables(store: Store) -> None:
    keys = {(one["treaty"], one["participant"], one["action"], one["number"] or "1") for one in rows("treaty-actions")}
    assert count(store, "?a a pal:TreatyAction") == len(keys)


def test_a_date_is_counted_once_however_many_sources_state_it(store: Store) -> None:
    dated = {
        (one["treaty"], one["participant"], one["action"], one["number"] or "1")
        for one in rows("treaty-actions")
        if one["date"]
    }
    assert count(store, "?a a pal:TreatyAction ; pal:date ?date") == len(dated)
    assert count(store, "?a a pal:TreatyAction ; pal:day ?day") == len(dated)
    rival = "?a a pal:TreatyAction ; pal:statedDate ?date"
    assert count(store, rival) > len(dated), "rival values stay visible"


def test_two_sources_that_state_one_triple_count_once_in_the_default_graph(store: Store) -> None:
    triple = "id:fra pal:signed id:palermo-protocol"
    stating = {
        one["source"]
        for one in rows("treaty-actions")
        if (one["treaty"], one["participant"], one["action"]) == ("palermo-protocol", "fra", "signature")
    }
    assert len(stating) > 1, "the example needs a triple that several sources state"
    assert count(store, triple) == 1
    assert count(store, f"GRAPH ?source {{ {triple} }}") == len(stating)


@pytest.mark.parametrize("treaty", ["cets-197", "untoc", "palermo-protocol"])
@pytest.mark.parametrize("day", ["2004-12-31", "2008-02-01", "2014-12-31", "2026-11-23"])
def test_parties_as_of_a_day(store: Store, treaty: str, day: str) -> None:
    """Days known to the day, the month or the year count from their first day; the rest is a third state."""
    starts: dict[str, list[str]] = defaultdict(list)
    ends: dict[str, list[str]] = defaultdict(list)
    for one in rows("treaty-actions"):
        if one["treaty"] == treaty and one["date"]:
            first = one["date"] + "-01-01"[len(one["date"]) - 4 :]
            if one["action"] in BINDING:
                starts[one["participant"]].append(first)
            elif one["action"] in LEAVING:
                ends[one["participant"]].append(first)
    expected = {who for who, days in starts.items() if min(days) <= day and not any(end <= day for end in ends[who])}
    bound = (
        f"?p a pal:PartyStatus ; pal:treaty id:{treaty} ; pal:startDay ?start . OPTIONAL {{ ?p pal:endDay ?end }} "
        f'FILTER(?start <= "{day}"^^xsd:date && (!BOUND(?end) || ?end > "{day}"^^xsd:date))'
    )
    found = store.query(
        f"{PAL} PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?who WHERE {{ {bound} ?p pal:participant ?who }}"
    )
    assert {row[0].value.rsplit("/", 1)[1] for row in found} == expected  # type: ignore[union-attr]


def test_parties_whose_day_is_not_known_do_not_vanish(store: Store) -> None:
    """A treaty that is in force for a participant binds it, even where no source gives the act of consent."""
    for treaty in ("cets-197", "untoc", "palermo-protocol", "ilo-p029"):
        bound = {
            one["participant"]
            for one in rows("treaty-actions")
            if one["treaty"] == treaty and one["action"] in BINDING | {"entry-into-force"}
        }
        left = {
            one["participant"] for one in rows("treaty-actions") if one["treaty"] == treaty and one["action"] in LEAVING
        }
        assert count(store, f"?who pal:partyTo id:{treaty}") == len(bound - left)


@pytest.mark.parametrize(
    ("family", "kind", "key"),
    [
        ("statistics", "Observation", ("id",)),
        ("projects", "Project", ("id",)),
        ("court-cases", "Judgment", ("id",)),
        ("evaluations", "Evaluation", ("body", "country", "round")),
        ("sources", "Source", ("id",)),
        ("claims", "Claim", ("id",)),
    ],
)
def test_every_row_is_in_the_graph(store: Store, family: str, kind: str, key: tuple[str, ...]) -> None:
    assert count(store, f"?a a pal:{kind}") == len({tuple(one[name] for name in key) for one in rows(family)})


def test_our_names_are_stated_in_our_graph_alone(store: Store) -> None:
    """Who reads a French name can tell a translation of ours from what a source prints."""
    ours = {(row["id"], row["name"]) for row in rows("names") if row["source"] == "palermo-editors"}
    found = store.query(
        f"{PAL} SELECT ?who ?name WHERE {{ GRAPH <https://w3id.org/palermo/source/palermo-editors> "
        '{ ?who pal:statedName ?name } FILTER(LANG(?name) = "fr") }'
    )
    stated = {(row[0].value.rsplit("/", 1)[1], row[1].value) for row in found}  # type: ignore[union-attr]
    assert stated == ours
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert not count(store, f"?a a pal:Entity FILTER NOT EXISTS {{ ?a {label} ?name FILTER(LANG(?name) = 'fr') }}")


def test_every_relations_row_is_a_node_of_its_source(store: Store) -> None:
    missing = []
    for one in rows("relations"):
        ends = f"id:{one['subject']} pal:{one['relation']} id:{one['object']}"
        if one["relation"] in ("fundedBy", "monitoredBy"):
            active = {"fundedBy": "funds", "monitoredBy": "monitors"}[one["relation"]]
            ends = f"id:{one['object']} pal:{active} id:{one['subject']}"
        either = ends
        if one["relation"] in ("cooperatesWith", "signedAgreementWith", "launchedWith"):
            either = f"{{ {ends} }} UNION {{ id:{one['object']} pal:{one['relation']} id:{one['subject']} }}"
        if not count(store, f"GRAPH <https://w3id.org/palermo/source/{one['source']}> {{ {either} }}"):
            missing.append(one)
    assert not missing
