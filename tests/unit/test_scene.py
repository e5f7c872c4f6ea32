"""Scenes of the real release: selection, folding, standing, positions, drawings, exports, the offline file."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import networkx as nx
import pytest
from pyoxigraph import RdfFormat, parse

from graph.read.embedded import EmbeddedStore
from graph.read.index import UnknownNodeError
from viz import captions, cite, evidence, export, layout, picture, query, scene, snapshot, svg, whole
from viz import state as states
from viz.desk import Desk
from viz.scene import Edge, Group, Node, Scene

TODAY = date(2026, 11, 23)
HOSTILE = '<script>alert("1")</script>&\u202e"'


@pytest.fixture(scope="module")
def desk(release_dir: Path) -> Desk:
    """Views of the real release."""
    return Desk(EmbeddedStore.open(release_dir), release_dir)


def drawn(desk: Desk, text: str = "", lang: str = "en") -> Scene:
    return desk.scene(states.parse(text), lang, TODAY)


VIEWS = [
    "", "focus=greta", "focus=untoc", "focus=expertise-france", "focus=miprof&layout=rings", "focus=eu,coe",
    "show=path&focus=expertise-france,eu", "show=path&focus=fra,swe", "show=compare&focus=fra,swe",
    "families=treaty&asof=2005-01-01", "focus=swe&kinds=state,international", "focus=fra&open=greta",
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_labels_overlap(desk: Desk, view: str, lang: str) -> None:
    made = drawn(desk, view, lang)
    assert len(made.nodes) > 1
    assert layout.overlaps(made) == []


def test_overlaps_are_noticed() -> None:
    one = Node("a", "state", "State", "Somewhere", "Somewhere", x=100, y=100)
    far = replace(one, id="b", x=300)
    near = replace(one, id="c", x=110)
    assert layout.overlaps(_scene(nodes=(one, far))) == []
    assert layout.overlaps(_scene(nodes=(one, near))) == [("a", "c")]


def test_same_state_same_scene(desk: Desk, release_dir: Path) -> None:
    again = Desk(desk.store, release_dir)
    for view in VIEWS[:4]:
        assert drawn(again, view) == drawn(desk, view)


def test_the_day_does_not_move_anything(desk: Desk) -> None:
    places = {(node.id, node.x, node.y) for node in drawn(desk, "focus=greta").nodes}
    assert {(node.id, node.x, node.y) for node in drawn(desk, "focus=greta&asof=1990-01-01").nodes} == places


def test_standing_on_a_day(desk: Desk) -> None:
    def standing(day: str) -> dict[str, str]:
        made = drawn(desk, f"families=treaty&asof={day}")
        return {edge.id: edge.standing for edge in made.edges if edge.source == "fra"}

    before, after = standing("2002-10-28"), standing("2002-10-29")
    assert before["action/palermo-protocol/fra/ratification"] == "future"
    assert after["action/palermo-protocol/fra/ratification"] == "valid"
    assert before["action/palermo-protocol/fra/signature"] == "valid"
    assert before["party/palermo-protocol/fra"] == "future", "a signature is no ratification"
    made = drawn(desk, "families=treaty&asof=2002-10-28")
    lead = next(
        edge for edge in made.edges if edge.leads and edge.target == "palermo-protocol" and edge.source == "fra"
    )
    assert lead.predicate == "signed"


def test_neighbours_are_folded_and_open(desk: Desk) -> None:
    made = drawn(desk, "focus=untoc")
    assert len(made.nodes) <= 32
    group = next(one for one in made.groups if one.family == "treaty")
    assert group.count > 100
    shown = len(drawn(desk, f"focus=untoc&open={group.id}").nodes)
    assert shown == len(made.nodes) + 60


def test_filters(desk: Desk) -> None:
    assert {edge.family for edge in drawn(desk, "families=monitoring,funding").edges} == {"monitoring", "funding"}
    kinds = {node.kind for node in drawn(desk, "focus=greta&kinds=state").nodes if not node.focus}
    assert kinds == {"state"}
    assert "osce" not in {node.id for node in drawn(desk, "hide=osce").nodes}


def test_pins_are_kept(desk: Desk) -> None:
    node = next(one for one in drawn(desk, "pin=greta@120:80").nodes if one.id == "greta")
    assert (node.x, node.y, node.pinned) == (120, 80, True)


def test_an_unknown_id_is_an_error(desk: Desk) -> None:
    with pytest.raises(UnknownNodeError):
        drawn(desk, "focus=nobody-of-that-name")


def test_every_edge_of_the_release_has_evidence(desk: Desk) -> None:
    assert len(desk.index.edges) > 5000
    assert [edge.iri for edge in desk.index.edges if not edge.sources] == []


def test_every_line_of_the_whole_network_leads_to_sources_by_its_panel(desk: Desk) -> None:
    """What a click would show of each statement of the release: who states it, or premises and who states those."""
    bare = []
    for turn in range(0, len(desk.index.edges), 500):
        for one in evidence.proofs(desk, desk.index.edges[turn : turn + 500], "en", TODAY):
            stated = bool(one.sources)
            follows = bool(one.rule) and bool(one.premises) and all(sources for _, sources in one.premises)
            if not (one.said.sentence and (stated or follows)):
                bare.append(one.said.path)
    assert bare == []


def test_evidence_names_sources_rule_and_premises(desk: Desk) -> None:
    found = evidence.evidence(desk, "action/palermo-protocol/fra/ratification", "en", TODAY)
    assert found.first.said.sentence == "France ratified the Palermo Protocol on 29 October 2002."
    assert found.first.sources
    inferred = evidence.evidence(desk, "party/palermo-protocol/fra", "fr", TODAY).first
    assert inferred.rule == "20-party-status"
    assert inferred.premises
    assert all(sources for _, sources in inferred.premises)


def test_captions_in_both_languages(desk: Desk) -> None:
    assert drawn(desk).caption.startswith("France and 30 of the ")
    assert "as of 23 November 2026" in drawn(desk).caption
    french = drawn(desk, "asof=2005-01-01", "fr").caption
    assert french.startswith("La France et 30 des ")
    assert "au 1er janvier 2005" in french


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["none of the 7 it is linked to", "one of the 8 it is linked to", "2 of the 9 it is linked to",
                "; one more is folded", "; 7 more are folded", "; one relation drawn pale does not hold",
                "; 2 relations drawn pale do not hold", "and nothing else,", "and one other around",
                "and 2 others around"]),
        ("fr", ["aucune des 7 entités", "une des 8 entités", "2 des 9 entités", " ; une autre est repliée",
                " ; 7 autres sont repliées", " ; une relation en pâle ne vaut pas", " ; 2 relations en pâle ne valent",
                "et rien d’autre,", "et une autre entité autour", "et 2 autres entités autour"]),
    ],
)  # fmt: skip
def test_a_caption_counts_one_in_the_singular(lang: str, said: list[str]) -> None:
    """None, one and several neighbours, folded ones and pale relations."""
    at = date(1999, 12, 31)

    def made(others: int, folded: int, pale: int, focus: str = "fra") -> str:
        nodes = [Node(one, "state", "", one, one) for one in (*focus.split(","), *("a", "b")[:others])]
        edges = [Edge(f"e{one}", "fra", "a", "ratified", "treaty", "", "", standing="future") for one in range(pale)]
        groups = [Group("fra:treaty", "fra", "treaty", "instrument", folded, "")] if folded else []
        return captions.caption(states.parse(f"focus={focus}"), lang, at, focus.split(","), (nodes, edges, groups), 99)

    every = [made(n, 7, n) for n in range(3)] + [made(2, 1, 0)] + [made(n, 0, 0, "fra,swe") for n in range(3)]
    assert not [one for one in said if not any(one in text for text in every)], every
    assert not [text for text in every if re.search(r"\b[01] (more|others|relations|autres|des|of)\b", text)]


def test_the_scene_keeps_its_published_schema(desk: Desk) -> None:
    for view in VIEWS:
        jsonschema.validate(json.loads(json.dumps(drawn(desk, view).dump())), scene.schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**drawn(desk).dump(), "version": 0}, scene.schema())


def _scene(**parts: Any) -> Scene:
    return replace(Scene("1.0.0", "", "", "en", "2026-11-23", "Caption"), **parts)


def test_hostile_labels_are_escaped_everywhere(desk: Desk) -> None:
    node = Node("a", "state", "State", HOSTILE, HOSTILE, x=100, y=100)
    other = Node("b", "person", "Person", HOSTILE, HOSTILE, x=400, y=100)
    edge = Edge("relation/a/monitors/b", "a", "b", "monitors", "monitoring", "Relation", HOSTILE, link="l")
    made = _scene(nodes=(node, other), edges=(edge,), caption=HOSTILE)
    for text in (svg.draw(made, svg.Look(node=lambda _: '/x?"><script>')), svg.picture(made, HOSTILE)):
        ET.fromstring(text)
        assert "<script" not in text
    offline = snapshot.html(made, HOSTILE, {edge.id: HOSTILE})
    assert "<script>alert" not in offline
    ids = desk.store.ids
    for data in (export.gexf(made, ids), export.graphml(made, ids)):
        ET.fromstring(data)
    assert export.table(replace(made, edges=(replace(edge, label="=1+1"),)), ids, {}).count("'=1+1") == 1


def test_a_drawing_is_well_formed_without_inline_style(desk: Desk) -> None:
    text = svg.draw(drawn(desk), svg.Look(node=lambda local: f"/x/{local}", edge=lambda path: f"/y/{path}"))
    root = ET.fromstring(text)
    links = list(root.iter("{http://www.w3.org/2000/svg}a"))
    assert len(links) > 100, "nodes and lines are links that the keyboard reaches"
    assert all(one.get("aria-label") for one in links)
    assert " style=" not in text
    assert "<style" not in text


def test_pictures_say_where_they_come_from(desk: Desk) -> None:
    text = svg.picture(drawn(desk, "focus=greta"), "Source: Palermo, release 1.0.0")
    assert text == svg.picture(drawn(desk, "focus=greta"), "Source: Palermo, release 1.0.0")
    assert "Source: Palermo, release 1.0.0" in text
    assert "GRETA and 30 of the" in text
    root = ET.fromstring(text)
    caption = [line for line in root if line.get("font-size") == "17"]
    assert caption
    for line in caption:
        assert float(line.get("textLength", "inf")) < float(root.get("width", "0")), "in other letters, too, it fits"
    png = picture.png(text, 800)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 800
    assert len(set(png)) > 200, "not an empty sheet"


def test_the_query_behind_a_view_answers_with_its_statements(desk: Desk) -> None:
    ids = desk.store.ids
    for view in VIEWS:
        made = drawn(desk, view)
        rows = desk.store.select(query.sparql(made, ids)).values()
        assert {row["statement"] for row in rows} >= {ids.entity(edge.id) for edge in made.edges}, view
        if "families" not in view and "kinds" not in view:
            assert len(rows) == len(made.edges), view


def test_exports_are_read_by_others(desk: Desk) -> None:
    made, ids = drawn(desk, "focus=greta"), desk.store.ids
    rows = list(csv.DictReader(io.StringIO(export.table(made, ids, {}))))
    assert len(rows) == len(made.edges)
    assert tuple(rows[0]) == export.COLUMNS
    gexf = nx.read_gexf(io.BytesIO(export.gexf(made, ids)))
    graphml = nx.read_graphml(io.BytesIO(export.graphml(made, ids)), force_multigraph=True)
    for graph in (gexf, graphml):
        assert set(graph.nodes) == {node.id for node in made.nodes}
        assert graph.number_of_edges() == len(made.edges)
    quads = list(parse(export.jsonld(made, ids), format=RdfFormat.JSON_LD))
    subjects = {str(quad.subject) for quad in quads if quad.predicate.value.endswith("#subject")}
    assert len(subjects) == len(made.edges)


def test_citations() -> None:
    one = cite.Citation("France & GRETA_1.", "https://example.org/explore?a=1", "1.0.0", date(2026, 11, 23), "en")
    assert one.text().startswith("“France & GRETA_1”, Palermo, release 1.0.0, accessed 23 November 2026")
    assert "title = {{France \\& GRETA\\_1}}" in one.bibtex()
    assert one.ris().startswith("TY  - DATA\r\n")
    assert one.ris().endswith("ER  - \r\n")
    item = json.loads(one.csl())[0]
    assert item["accessed"] == {"date-parts": [[2026, 11, 23]]}
    french = replace(one, lang="fr").text()
    assert french.startswith("« France & GRETA_1 », Palermo, version 1.0.0, consulté le 23 novembre 2026")


def test_the_offline_file_asks_for_nothing(desk: Desk) -> None:
    text = snapshot.html(drawn(desk, "focus=greta"), "Source: Palermo", {})
    for tag in ("<link", 'src="http', "src='http", "@import", "cdn."):
        assert tag not in text, tag
    assert "default-src 'none'" in text


def test_the_whole_network_is_small_and_complete(desk: Desk, release_dir: Path) -> None:
    raw = (release_dir / "scene.json").read_bytes()
    data = json.loads(raw)
    edges = len(data["edges"]["id"])
    assert edges == len(desk.index.edges)
    assert data["nodes"]["id"] == [node.id for node in desk.index.nodes]
    assert len(gzip.compress(raw, 6, mtime=0)) / edges < 60, "bytes per edge"
    assert len(set(zip(data["nodes"]["x"], data["nodes"]["y"], strict=True))) > 0.9 * len(desk.index.nodes)
    pairs = [(0, 1), (1, 2), (3, 4)]
    assert layout.whole(6, pairs) == layout.whole(6, pairs)
    assert whole.points(release_dir, desk.index)["fra"] == (
        data["nodes"]["x"][data["nodes"]["id"].index("fra")],
        data["nodes"]["y"][data["nodes"]["id"].index("fra")],
    )
