"""Tests of the fact tables themselves: nothing gathered is lost, types agree, closed lists and references hold.

The tables are read with plain csv, so that a slip of the strict reader cannot hide one of the tables.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.namespace import SKOS

from graph.build.schema import FAMILIES, Family, Kind
from graph.ids import redirects

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "graph" / "facts"
SCHEMES = ROOT / "ontology" / "schemes"

#: Rows per family as they were gathered, before anything was set aside or added.
GATHERED = {
    "sources": 1097, "actors": 489, "instruments": 270, "treaty-actions": 3413, "relations": 1568, "evaluations": 220,
    "projects": 54, "statistics": 879, "court-cases": 12,
}  # fmt: skip
#: Distinct (treaty, participant, action) as gathered; no participant did the same thing twice.
GATHERED_ACTIONS = 3379
#: Files of rows that were not gathered, by family: this project's own, and what was read later.
OWN = {
    "sources": {"sources-force.csv", "sources-iso.csv", "sources-palermo.csv"},
    "instruments": {"instruments-force.csv"},
    "states": {"states-iso.csv"},
    "claims": {"claims-article.csv"},
    "names": {"names-palermo.csv"},
}
#: Single rows of this project's own in gathered files.
OWN_RELATIONS = {("lynx-network", "partOf", "el-paccto")}
OFFICE = {"holdsMandate", "chairs"}


@cache
def rows(family: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """File name and row of every row of a family."""
    found: list[tuple[str, dict[str, str]]] = []
    for path in sorted(FACTS.glob(f"{family}-*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            found.extend((path.name, row) for row in csv.DictReader(handle))
    return tuple(found)


def ids(*families: str) -> set[str]:
    return {row["id"] for family in families for _, row in rows(family)}


def set_aside() -> list[dict[str, str]]:
    with (FACTS / "set-aside.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def notations(scheme: str) -> frozenset[str]:
    graph = Graph().parse(SCHEMES / f"{scheme}.ttl")
    return frozenset(str(notation) for notation in graph.objects(None, SKOS.notation))


def cells(family: Family, *kinds: Kind) -> list[tuple[str, str, str]]:
    """File, column and single value of every filled cell of columns of these kinds."""
    found: list[tuple[str, str, str]] = []
    for column in family.columns:
        if column.kind in kinds:
            for file, row in rows(family.name):
                values = row[column.name].split(";") if column.many else [row[column.name]]
                found.extend((file, column.name, value) for value in values if value)
    return found


@pytest.mark.parametrize("family", GATHERED)
def test_every_gathered_row_is_carried_over_or_set_aside_with_a_reason(family: str) -> None:
    own = OWN.get(family, set())
    carried = [row for file, row in rows(family) if file not in own]
    if family == "relations":
        carried = [row for row in carried if (row["subject"], row["relation"], row["object"]) not in OWN_RELATIONS]
    aside = [one for one in set_aside() if one["family"] == family]
    assert len(carried) + len(aside) == GATHERED[family]
    assert all(len(one["reason"]) > 20 and one["key"] and one["origin"] for one in aside)


def test_the_distinct_treaty_actions_are_those_gathered() -> None:
    actions = {(row["treaty"], row["participant"], row["action"]) for _, row in rows("treaty-actions")}
    numbered = [row for _, row in rows("treaty-actions") if row["number"]]
    assert len(actions) == GATHERED_ACTIONS
    assert numbered == []


@pytest.mark.parametrize("family", ["actors", "instruments"])
def test_types_agree_wherever_an_id_stands(family: str) -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for _, row in rows(family):
        types[row["id"]].add(row["type"])
    assert {one: found for one, found in types.items() if len(found) > 1} == {}
    assert len(types) > 200


@pytest.mark.parametrize("family", FAMILIES)
def test_files_have_their_header_and_stand_sorted(family: str) -> None:
    paths = sorted(FACTS.glob(f"{family}-*.csv"))
    assert paths
    for path in paths:
        text = path.read_text("utf-8")
        assert text.splitlines()[0].split(",") == [column.name for column in FAMILIES[family].columns], path.name
        assert "\r" not in text
        assert text.endswith("\n")
        assert not text.startswith("\ufeff")
    key = ["number"] if family == "claims" else [*FAMILIES[family].key, "source"]
    for path in paths:
        order = [
            tuple(int(row[name] or 1) if name == "number" else row.get(name, "") for name in key)
            for file, row in rows(family)
            if file == path.name
        ]
        assert order == sorted(order), path.name


@pytest.mark.parametrize("family", FAMILIES)
def test_values_are_in_the_closed_lists(family: str) -> None:
    one = FAMILIES[family]
    for column in one.columns:
        if column.kind in (Kind.CONCEPT, Kind.CHOICE):
            allowed = notations(column.scheme) if column.kind is Kind.CONCEPT else set(column.choices)
            found = {row[column.name] for _, row in rows(family)} - {""}
            assert found <= allowed, column.name


@pytest.mark.parametrize("family", FAMILIES)
def test_references_resolve(family: str) -> None:
    for column in FAMILIES[family].columns:
        if column.kind in (Kind.REF, Kind.SOURCE):
            known = ids("sources") if column.kind is Kind.SOURCE else ids(*column.to)
            for file, row in rows(family):
                values = row[column.name].split(";") if column.many else [row[column.name]]
                assert {value for value in values if value} <= known, f"{file}: {row}"


def test_every_source_is_used() -> None:
    used = {row["source"] for family in FAMILIES if family != "sources" for _, row in rows(family)}
    used.add("palermo-editors")  # the links of the claims stand in its graph
    assert ids("sources") == used


def test_sources_are_one_page_each() -> None:
    """The same address twice only where the page was read at two stated dates."""
    pages: Counter[tuple[str, str]] = Counter()
    for _, row in rows("sources"):
        if row["url"]:
            pages[re.sub(r"^https?://(www\.)?", "", row["url"]).rstrip("/"), row["published"]] += 1
    assert [page for page, times in pages.items() if times > 1] == []


def test_states_have_names_articles_codes_and_regions() -> None:
    states = [row for _, row in rows("states")]
    kinds = Counter(row["type"] for row in states)
    assert kinds["State"] == 198  # 193 members, 2 observers, Cook Islands, Niue, Kosovo
    assert len({row["id"] for row in states}) == len({row["alpha2"] for row in states}) == len(states)
    for row in states:
        assert re.fullmatch(r"[a-z]{3}", row["id"])
        assert re.fullmatch(r"[A-Z]{2}", row["alpha2"])
        assert re.fullmatch(r"\d{3}", row["numeric"]) or row["id"] == "xkx"
        assert row["name_en"], row["id"]
        assert row["name_fr"], row["id"]
        assert row["region"] in notations("region")
        elided = row["article_fr"] == "l’"
        assert elided <= (row["name_fr"][0] in "AEIOUÉÎ"), row["name_fr"]
    numbers = [row["numeric"] for row in states if row["numeric"]]
    assert len(set(numbers)) == len(numbers)


def test_everything_has_a_french_name_and_ours_stand_apart() -> None:
    """Where a source gives a French name, it stands; where none does, ours does, marked by its source."""
    families = ("states", "actors", "instruments", "projects", "court-cases")
    described = [row for family in families for _, row in rows(family)]
    given = {row["id"] for row in described if row["name_fr"]}
    ours = {row["id"] for _, row in rows("names") if row["language"] == "fr" and row["source"] == "palermo-editors"}
    assert given | ours == {row["id"] for row in described}
    assert not given & ours, "a source's own French name needs no translation beside it"


def test_our_french_names_are_set_as_french_is() -> None:
    names = {row["id"]: row["name"] for _, row in rows("names") if row["language"] == "fr"}
    assert len(names) > 300
    for one, name in names.items():
        assert "'" not in name, f"{one}: the apostrophe is ’"
        assert '"' not in name, f"{one}: quotation marks are « »"
        assert not re.search(r" [:;!?»]|« |n° ", name), f"{one}: the space there does not break"
        assert name == name.strip(), one
        assert "  " not in name, one


def test_participants_in_their_own_name_are_states() -> None:
    territories = {row["id"] for _, row in rows("states") if row["type"] == "Territory"}
    participants = {row["participant"] for _, row in rows("treaty-actions")}
    assert territories
    assert not territories & participants


def test_given_up_ids_lead_somewhere_and_are_never_used_again() -> None:
    given_up = redirects()
    entities, sources = ids("states", "actors", "instruments", "projects", "court-cases"), ids("sources")
    assert {"adper", "glo-act", "glo-act-asia", "source/icmpd-atp"} <= set(given_up)
    for old, one in given_up.items():
        assert one.new not in given_up, f"{old} leads to {one.new}, which was given up itself"
        assert one.reason
        known, name, new = (
            (sources, old.removeprefix("source/"), one.new.removeprefix("source/"))
            if old.startswith("source/")
            else (entities, old, one.new)
        )
        assert name not in known, f"{old} is used again"
        assert not one.new or new in known, f"{old} leads to {one.new}, which is unknown"


def test_persons_are_holders_of_public_offices() -> None:
    persons = {row["id"] for _, row in rows("actors") if row["type"] == "Person"}
    in_office = {row["subject"] for _, row in rows("relations") if row["relation"] in OFFICE}
    assert len(persons) >= 45
    assert persons <= in_office


def test_claims_lead_to_nodes_of_the_tables() -> None:
    def numbered(row: dict[str, str]) -> str:
        return f"/{row['number']}" if row["number"] else ""

    nodes = ids("states", "actors", "instruments", "projects", "court-cases")
    nodes |= {
        f"action/{row['treaty']}/{row['participant']}/{row['action']}{numbered(row)}"
        for _, row in rows("treaty-actions")
    }
    nodes |= {
        f"relation/{row['subject']}/{row['relation']}/{row['object']}{numbered(row)}" for _, row in rows("relations")
    }
    nodes |= {f"evaluation/{row['body']}/{row['country']}/{row['round']}" for _, row in rows("evaluations")}
    nodes |= {f"statistic/{row['id']}" for _, row in rows("statistics")}
    claims = [row for _, row in rows("claims")]
    assert sorted(int(row["number"]) for row in claims) == list(range(1, 13))
    assert {row["source"] for row in claims} == {"votestart-article"}
    for row in claims:
        links = [cell for name in ("supported_by", "contradicted_by", "qualified_by") for cell in row[name].split(";")]
        found = set(filter(None, links))
        assert found, row["id"]
        assert found <= nodes, sorted(found - nodes)


def test_statistics_count_what_their_basis_says() -> None:
    for file, row in rows("statistics"):
        tier = row["indicator"] == "tip-report-tier"
        assert tier == (row["unit"] == "tier"), f"{file}: {row['id']}"
        if tier:
            assert row["value"] in notations("tip-tier"), row["id"]
        else:
            assert re.fullmatch(r"-?\d+(\.\d+)?", row["value"]), row["id"]
        claimed = row["source"] in ("votestart-article", "parisolympics24-article")
        assert claimed == (row["basis"] == "claimed"), row["id"]
        if row["unit"] == "percent" and not row["indicator"].startswith("change-"):
            assert 0 <= float(row["value"]) <= 100, row["id"]


@pytest.mark.parametrize("path", sorted(SCHEMES.glob("*.ttl")), ids=lambda path: path.stem)
def test_concepts_have_labels_and_definitions_in_both_languages(path: Path) -> None:
    graph = Graph().parse(path)
    concepts = set(graph.subjects(SKOS.notation))
    assert concepts
    for concept in concepts:
        for term in (SKOS.prefLabel, SKOS.definition):
            languages = sorted(str(one.language) for one in graph.objects(concept, term))  # type: ignore[attr-defined]
            assert languages == ["en", "fr"], f"{concept} {term}"
        assert str(concept).endswith(f"/concept/{path.stem}/{graph.value(concept, SKOS.notation)}")
    broader = {(one, wider) for one, wider in graph.subject_objects(SKOS.broader)}
    assert {wider for _, wider in broader} <= concepts
    by_language = Counter(
        (str(label), str(label.language))  # type: ignore[attr-defined]
        for concept in concepts
        for label in graph.objects(concept, SKOS.prefLabel)
    )
    assert [label for label, times in by_language.items() if times > 1] == []


def test_the_format_says_what_the_reader_wants() -> None:
    text = (FACTS / "FORMAT.md").read_text("utf-8")
    sections = {part.splitlines()[0]: part for part in text.split("\n## ")[1:]}
    for name, family in FAMILIES.items():
        table = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in sections[name].splitlines()
            if line.startswith("|")
        ][2:]
        assert [line[0] for line in table] == [column.name for column in family.columns], name
        assert [line[2] == "yes" for line in table] == [column.required for column in family.columns], name
        for line, column in zip(table, family.columns, strict=True):
            assert ("several" in line[1]) == column.many, f"{name}.{column.name}"
            assert column.scheme in line[1], f"{name}.{column.name}"
            assert all(target in line[1] for target in column.to), f"{name}.{column.name}"


def test_expectations_are_the_floor_under_the_tables() -> None:
    expected = tomllib.loads((FACTS / "expectations.toml").read_text("utf-8"))
    assert {family: len(rows(family)) for family in FAMILIES} == expected["counts"]
    for name, share in expected["fill"].items():
        family, column = name.split(".")
        things = {tuple(row[part] for part in FAMILIES[family].key) for _, row in rows(family)}
        known = {tuple(row[part] for part in FAMILIES[family].key) for _, row in rows(family) if row[column]}
        filled = len(known) / len(things)
        assert share <= filled < share + 0.02, f"{name}: {filled:.3f}; bring the floor up to it"
    assert expected["parties"]["cets-197"] >= 48
    assert set(expected["parties"]) <= ids("instruments")


def test_ids_are_well_formed_and_unique_to_one_kind_of_thing() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for family in ("actors", "instruments", "projects", "court-cases"):
        for one in ids(family):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one), one
            owners[one].add(family)
    assert {one: found for one, found in owners.items() if len(found) > 1} == {}


def test_dates_are_as_precise_as_printed() -> None:
    shape = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
    checked = 0
    for family in FAMILIES.values():
        for file, column, value in cells(family, Kind.DATE):
            assert shape.fullmatch(value), f"{file} {column}: {value}"
            checked += 1
    assert checked > 5000
