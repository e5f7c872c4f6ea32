"""The index of the network, the as-of rule on links, views, neighbours, comparison."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from graph.read.embedded import EmbeddedStore
from graph.read.index import FAMILIES, NetworkIndex, UnknownNodeError
from graph.read.indexing import index as build
from graph.read.neighbours import neighbours, tally
from graph.read.network import Filter, around, shown, standing, whole
from graph.read.release import Release
from tests import recount


@pytest.fixture(scope="session")
def index(release: Release) -> NetworkIndex:
    return release.index


def test_every_statement_of_the_tables_is_an_edge(index: NetworkIndex) -> None:
    kinds = Counter(edge.kind for edge in index.edges)
    stated = {edge.iri for edge in index.edges if edge.kind == "Relation" and not edge.rule}
    assert kinds["TreatyAction"] == len(recount.actions())
    assert kinds["Evaluation"] == len(recount.evaluations())
    assert len(stated) == len(recount.relations())


def test_every_entity_of_the_tables_is_a_node(index: NetworkIndex) -> None:
    expected = recount.ids("states", "actors", "instruments", "projects", "court-cases")
    assert {node.id for node in index.nodes} == expected


def test_who_was_ever_bound_is_who_has_a_party_status(index: NetworkIndex) -> None:
    found = {
        (index.nodes[edge.subject].id, index.nodes[edge.object].id)
        for edge in index.edges
        if edge.kind == "PartyStatus"
    }
    assert found == recount.bound()


@pytest.mark.parametrize("treaty", ["palermo-protocol", "untoc", "cets-197", "cedaw", "crc"])
@pytest.mark.parametrize("day", ["1990-01-01", "2004-12-31", "2009-06-30", "2015-03-14", "2026-11-23"])
def test_parties_on_a_day(index: NetworkIndex, treaty: str, day: str) -> None:
    on = date.fromisoformat(day)
    found = set()
    for number in index.incident[index.find(treaty).number]:
        line = shown(index, index.links[number], on)
        if line is not None and line.standing == "valid" and index.edges[line.edge].kind == "PartyStatus":
            found.add(index.nodes[index.edges[line.edge].subject].id)
    expected, doubtful = recount.certain(treaty, day)
    assert found - doubtful == expected


def test_every_edge_has_a_source(index: NetworkIndex) -> None:
    assert [edge.iri for edge in index.edges if not edge.sources] == []


def test_every_edge_has_a_family_and_words(index: NetworkIndex) -> None:
    for edge in index.edges:
        assert edge.family in FAMILIES
        for lang in ("en", "fr"):
            assert index.types[edge.predicate].label[lang]
            assert index.types[edge.predicate].inverse[lang]


def test_a_link_holds_each_edge_once(index: NetworkIndex) -> None:
    assert sorted(number for link in index.links for number in link.edges) == list(range(len(index.edges)))


def test_built_within_a_second(release: Release) -> None:
    # A second on an idle machine; the bound leaves room for one that is busy.
    start = time.process_time()
    build(release.store)
    assert time.process_time() - start < 2.5


@pytest.mark.parametrize("name", ["fra", "FRA", "fr", "FR", "250", "https://w3id.org/palermo/id/fra"])
def test_names_of_a_node(index: NetworkIndex, name: str) -> None:
    assert index.find(name).id == "fra"


def test_unknown_name(index: NetworkIndex) -> None:
    with pytest.raises(UnknownNodeError):
        index.find("atlantis")


def test_france_and_the_palermo_protocol_are_one_link(index: NetworkIndex) -> None:
    links = index.between(index.find("fra").number, index.find("palermo-protocol").number)
    assert len(links) == 1
    assert [index.edges[number].kind for number in links[0].edges].count("PartyStatus") == 1
    assert len(links[0].edges) >= 3


def test_before_it_ratified_france_had_only_signed(index: NetworkIndex) -> None:
    (link,) = index.between(index.find("fra").number, index.find("palermo-protocol").number)
    assert shown(index, link, date(2000, 12, 11)) is None
    for day, predicate in (
        (date(2000, 12, 12), "signed"),
        (date(2002, 10, 28), "signed"),
        (date(2002, 10, 29), "partyTo"),
    ):
        line = shown(index, link, day)
        assert line is not None
        assert (index.edges[line.edge].predicate, line.standing) == (predicate, "valid")


def test_denunciation_closes_the_link(index: NetworkIndex) -> None:
    (link,) = index.between(index.find("tur").number, index.find("cets-210").number)
    before, after = shown(index, link, date(2021, 6, 30)), shown(index, link, date(2021, 7, 1))
    assert before is not None
    assert index.edges[before.edge].predicate == "partyTo"
    assert after is not None
    assert index.edges[after.edge].predicate in ("withdrewFrom", "denounced")


def test_an_unknown_day_is_a_state_of_its_own(index: NetworkIndex) -> None:
    late = date(2026, 11, 23)
    undated = [edge for edge in index.edges if edge.start is None and edge.end is None and edge.known_by is None]
    states = {standing(index, edge, late) for edge in undated}
    assert undated
    assert "valid" not in states
    assert "unknown" in states


def test_nothing_is_linked_to_what_does_not_exist(index: NetworkIndex) -> None:
    on = date(2000, 1, 1)
    miprof = index.find("miprof")
    assert miprof.start is not None
    assert miprof.start > on
    assert [line for line in whole(index, Filter(as_of=on)).edges if miprof.number in _ends(index, line.link)] == []


def _ends(index: NetworkIndex, link: int) -> tuple[int, int]:
    return index.links[link].a, index.links[link].b


def test_whole_network_has_one_line_per_link(index: NetworkIndex) -> None:
    view = whole(index)
    assert len(view.nodes) == len(index)
    assert len(view.edges) == len(index.links)
    assert len(whole(index, every=True).edges) == len(index.edges)


def test_neighbourhood_is_bounded_and_has_what_matters(index: NetworkIndex) -> None:
    view = around(index, [index.find("fra").number], most=60)
    ids = {index.nodes[number].id for number, _ in view.nodes}
    assert len(ids) == 60
    assert {"miprof", "greta", "eu", "expertise-france", "fr-se-initiative", "palermo-protocol", "coe"} <= ids
    assert len(ids) - 1 + view.more == index.degree[index.find("fra").number]


def test_neighbours_are_counted_by_family(index: NetworkIndex) -> None:
    greta = index.find("greta").number
    found = neighbours(index, greta)
    counts = {(one.predicate, one.outgoing): one.links for one in tally(index, greta, found)}
    monitored = {
        object_ for subject, relation, object_, _ in recount.relations() if (subject, relation) == ("greta", "monitors")
    } | {country for body, country, _ in recount.evaluations() if body == "greta"}
    party = {participant for participant, treaty in recount.bound() if treaty == "cets-197"}
    linked = {one.node.id for one in found if index.edges[one.line.edge].predicate in ("monitors", "evaluated")}
    assert linked == monitored | party
    assert sum(counts.values()) == len(found)


def test_comparison_of_france_and_sweden(release: Release) -> None:
    found = release.compare("fra", "swe")
    commitments = {row.node.id: row for row in found.sections["commitments"]}
    for treaty in ("palermo-protocol", "untoc", "cets-197"):
        assert commitments[treaty].shared
    both = {treaty for participant, treaty in recount.bound() if participant == "fra"} & {
        treaty for participant, treaty in recount.bound() if participant == "swe"
    }
    assert both <= {name for name, row in commitments.items() if row.shared}
    shared = {row.node.id for rows in found.sections.values() for row in rows if row.shared}
    assert {"eu", "coe", "greta", "fr-se-initiative"} <= shared
    assert any(release.index.edges[line.edge].predicate == "launchedWith" for line in found.direct)


def test_comparison_takes_two_or_three(release: Release) -> None:
    for names in (["fra"], ["fra", "fra"], ["fra", "swe", "deu", "ita"]):
        with pytest.raises(ValueError, match="2 or 3 different"):
            release.compare(*names)


def test_wikidata_numbers_name_a_node(tmp_path: Path) -> None:
    file = tmp_path / "one.ttl"
    file.write_text(
        "@prefix pal: <https://w3id.org/palermo/ontology#> . @prefix id: <https://w3id.org/palermo/id/> ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
        "pal:State rdfs:subClassOf pal:Actor ."
        "id:fra a pal:State ; owl:sameAs <http://www.wikidata.org/entity/Q142> ."
    )
    found = build(EmbeddedStore.of_files([file]))
    for name in ("Q142", "q142", "http://www.wikidata.org/entity/Q142"):
        assert found.find(name).id == "fra"
