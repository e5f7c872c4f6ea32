"""The quality report against an independent recount of the tables: plain csv, no code of the build or of the report."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from graph import manifest
from graph.ids import HOME, Ids
from graph.read import quality, quality_report
from graph.read.embedded import EmbeddedStore
from tests.recount import LEAVING, bound, relations

FACTS = Path(__file__).parents[2] / "graph" / "facts"
WEAK = {"press", "encyclopaedia", "mirror"}
BEST = {"depositary", "official"}


def rows(family: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted(FACTS.glob(f"{family}-*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            found.extend(csv.DictReader(handle))
    return found


SOURCES = {row["id"]: row for row in rows("sources")}
KEYS = {
    "treaty-actions": ("treaty", "participant", "action", "number"),
    "evaluations": ("body", "country", "round"),
    "statistics": ("id",),
}
DATES = {"treaty-actions": ("date",), "evaluations": ("adopted", "published"), "statistics": ()}


def facts(family: str) -> dict[tuple[str, ...], list[dict[str, str]]]:
    """Every fact of a family with the rows that state it."""
    found: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in rows(family):
        found[tuple(row[name] for name in KEYS[family])].append(row)
    return found


def flagged(source: str) -> bool:
    return SOURCES[source]["kind"] in WEAK or not SOURCES[source]["url"]


def publishers(stating: list[dict[str, str]]) -> set[str]:
    return {SOURCES[row["source"]]["publisher"].split(" (")[0] for row in stating}


def exclude(values: set[str]) -> bool:
    return any(not a.startswith(b) and not b.startswith(a) for a in values for b in values)


def degree(family: str, stating: list[dict[str, str]]) -> str:
    """The rule in plain words, once more."""
    if any(exclude({row[name] for row in stating} - {""}) for name in DATES[family]):
        return "contested"
    sound = [row for row in stating if not flagged(row["source"])]
    if not sound:
        return "weak"
    if len(publishers(stating)) > 1:
        return "corroborated"
    return "authoritative" if any(SOURCES[row["source"]]["kind"] in BEST for row in sound) else "single"


@pytest.fixture(scope="module")
def found(release_dir: Path) -> quality.Quality:
    with EmbeddedStore.open(release_dir) as store:
        return quality.read(store, release_dir / manifest.REPORT)


@pytest.mark.parametrize("name", KEYS)
def test_facts_by_support_kind_and_confidence(found: quality.Quality, name: str) -> None:
    (family,) = [one for one in found.families if one.name == name]
    every = facts(name)
    assert family.facts == len(every)
    assert family.several == sum(len(publishers(stating)) > 1 for stating in every.values())
    assert family.weak == sum(all(flagged(row["source"]) for row in stating) for stating in every.values())
    kinds = Counter(kind for stating in every.values() for kind in {SOURCES[row["source"]]["kind"] for row in stating})
    assert family.kinds == dict(kinds)
    degrees = Counter(degree(name, stating) for stating in every.values())
    assert {one: n for one, n in family.confidence.items() if n} == dict(degrees)


def test_relations_are_all_there(found: quality.Quality) -> None:
    (family,) = [one for one in found.families if one.name == "relations"]
    assert family.facts == len(relations())
    assert sum(family.confidence.values()) == family.facts


def test_sources(found: quality.Quality) -> None:
    assert found.sources == len(SOURCES)
    assert found.without_address == sum(not row["url"] for row in SOURCES.values())
    assert found.source_kinds == dict(Counter(row["kind"] for row in SOURCES.values()))
    assert found.years == dict(Counter(row["published"][:4] for row in SOURCES.values()))


def test_addresses_by_what_they_answered(found: quality.Quality) -> None:
    path = FACTS / "link-checks.csv"
    answers: dict[str, tuple[str, str]] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as handle:
            answers = {row["source"]: (row["url"], row["outcome"]) for row in csv.DictReader(handle)}
    counted: Counter[str] = Counter()
    lost = set()
    for name, row in SOURCES.items():
        url, outcome = answers.get(name, ("", ""))
        if row["url"]:
            counted[outcome if url == row["url"] else "unchecked"] += 1
        if not row["url"] or (url == row["url"] and outcome == "dead"):
            lost.add(name)
    assert {name: n for name, n in found.links.items() if n} == dict(counted)
    assert {one.iri.rsplit("/", 1)[1] for one in found.lost} == lost


@pytest.mark.parametrize("name", KEYS)
def test_ages_of_facts(found: quality.Quality, name: str) -> None:
    (family,) = [one for one in found.families if one.name == name]
    now = max(row["published"] for row in SOURCES.values())
    ages: Counter[str] = Counter()
    for stating in facts(name).values():
        newest = max(SOURCES[row["source"]]["published"] for row in stating)
        years = int(now[:4]) - int(newest[:4]) if newest else -1
        ages[
            "unknown"
            if years < 0
            else "0-2"
            if years < 3
            else "3-5"
            if years < 6
            else "6-10"
            if years < 11
            else "older"
        ] += 1
    assert {one: n for one, n in family.ages.items() if n} == dict(ages)


def test_the_measurements_stand_in_the_store(found: quality.Quality, release_dir: Path) -> None:
    with EmbeddedStore.open(release_dir) as store:
        rows = store.select(
            "SELECT ?m ?v WHERE { GRAPH ?g { ?m a <http://www.w3.org/ns/dqv#QualityMeasurement> ;"
            " <http://www.w3.org/ns/dqv#value> ?v } FILTER(STRENDS(STR(?g), '/graph/release')) }"
        )
    assert len(rows) == len(list(quality.measurements(found)))


def test_contradictions_are_those_of_the_tables(found: quality.Quality) -> None:
    acts = {
        "/".join(["action", *(part for part in key if part)])
        for key, stating in facts("treaty-actions").items()
        if exclude({row["date"] for row in stating} - {""})
    }
    local = {(one.node.split("/id/")[1], one.property) for one in found.contradictions}
    assert {node for node, property_ in local if property_ == "date" and node.startswith("action/")} == acts
    founded: dict[str, set[str]] = defaultdict(set)
    for row in rows("actors"):
        founded[row["id"]] |= {row["established"]} - {""}
    assert {node for node, property_ in local if property_ == "established"} == {
        one for one, values in founded.items() if exclude(values)
    }
    for one in found.contradictions:
        assert len(one.values) > 1
        assert all(graphs for _, graphs in one.values)


def test_coverage(found: quality.Quality) -> None:
    here = {one.key: one.here for one in found.coverage}
    members = [row for row in rows("relations") if row["relation"] == "memberOf"]
    states = {row["id"] for row in rows("states")}
    assert here["coe-members"] == len({row["subject"] for row in members if row["object"] == "coe"} & states)
    assert here["eu-members"] == len({row["subject"] for row in members if row["object"] == "eu"} & states)
    for number in ("1", "2", "3", "4"):
        rounds = {number, "1-2"} if number in ("1", "2") else {number}
        reports = {row["country"] for row in rows("evaluations") if row["body"] == "greta" and row["round"] in rounds}
        assert here[f"greta-round-{number}"] == len(reports)
    assert all(one.here <= one.of for one in found.coverage), (
        "more than there are: the expectation or the data is wrong"
    )


@pytest.mark.parametrize(
    ("key", "treaty"), [("palermo-protocol-parties", "palermo-protocol"), ("untoc-parties", "untoc")]
)
def test_parties_that_are_counted_elsewhere(found: quality.Quality, key: str, treaty: str) -> None:
    """The depositary counts more than stand here: the gap is told with the figure that shows it, and never filled."""
    (share,) = [one for one in found.coverage if one.key == key]
    figures = [row for row in rows("statistics") if row["indicator"] == f"parties-to-{treaty}"]
    newest = max(figures, key=lambda row: row["year"])
    assert (share.of, share.year) == (int(newest["value"]), newest["year"])
    assert share.counted.endswith(f"/statistic/{newest['id']}")
    left = {r["participant"] for r in rows("treaty-actions") if r["treaty"] == treaty and r["action"] in LEAVING}
    assert share.here == len({who for who, what in bound() if what == treaty} - left)
    assert share.here < share.of


def test_fill_rates_and_names(found: quality.Quality) -> None:
    filled = {one.key: one for one in found.filled}
    dated = {key for key, stating in facts("treaty-actions").items() if any(row["date"] for row in stating)}
    assert filled["treaty-actions.date"].here == len(dated)
    assert filled["sources.published"].here == sum(bool(row["published"]) for row in SOURCES.values())
    assert filled["statistics.year"].here == sum(bool(row["year"]) for row in rows("statistics"))
    published = {key for key, stating in facts("evaluations").items() if any(row["published"] for row in stating)}
    assert filled["evaluations.published"].here == len(published)
    for one in found.labels:
        assert one.here == one.of > 900
    assert found.translated == len(rows("names"))


def test_findings_with_a_known_reason_are_repeated(found: quality.Quality) -> None:
    given = tomllib.loads((FACTS / "explained.toml").read_text("utf-8"))["finding"]
    assert len(found.explained) == sum(len(one["about"]) for one in given)


def test_the_report_stands_in_the_release_as_markdown_and_as_dqv(found: quality.Quality, release_dir: Path) -> None:
    assert (release_dir / quality_report.MARKDOWN).read_text("utf-8") == quality_report.markdown(found)
    assert (release_dir / quality_report.TURTLE).read_bytes() == quality_report.turtle(found, Ids(HOME))
    triples = list(parse((release_dir / quality_report.TURTLE).read_bytes(), format=RdfFormat.TURTLE))
    measured = [one for one in triples if one.predicate.value == f"{quality_report.DQV}value"]
    assert len(measured) == len(list(quality.measurements(found)))
    of = {one.subject for one in triples if one.predicate.value == f"{quality_report.DQV}isMeasurementOf"}
    assert {one.subject for one in measured} == of
    assert all(0 <= float(one.object.value) <= 1 for one in measured)
