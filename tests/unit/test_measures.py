"""Measures, projections and exports, checked against networkx and by round trip."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import networkx as nx
import pytest

from graph.read.export import FORMATS, UnknownFormatError, export
from graph.read.measures import NAMES, PROJECTIONS, MeasureError, change, measure, similar
from graph.read.network import Filter
from graph.read.projection import multigraph, parties, shared_treaties, simple
from graph.read.release import Release
from tests import recount


def test_degree_is_the_number_of_linked_nodes(release: Release) -> None:
    found = dict(measure(release.index, "degree").values)
    linked: dict[str, set[str]] = {}
    for edge in release.index.edges:
        a, b = release.index.nodes[edge.subject].id, release.index.nodes[edge.object].id
        if a != b:
            linked.setdefault(a, set()).add(b)
            linked.setdefault(b, set()).add(a)
    assert found == {name: len(others) for name, others in linked.items()}


@pytest.mark.parametrize("projection", PROJECTIONS)
@pytest.mark.parametrize("name", NAMES)
def test_every_measure_says_how_it_was_taken(release: Release, name: str, projection: str) -> None:
    found = measure(release.index, name, Filter(as_of=date(2010, 1, 1)), projection=projection)
    assert found.release == release.manifest.hash
    assert found.parameters["as_of"] == "2010-01-01"
    assert found.parameters["networkx"] == nx.__version__
    assert found.method
    assert found.unit
    assert len(found.values) == found.nodes


def test_brokers_agree_with_networkx(release: Release) -> None:
    only = Filter(families=frozenset({"funding", "cooperation"}))
    graph = simple(release.index, only)
    plain = nx.Graph(graph.edges())
    expected = nx.effective_size(plain)
    found = dict(measure(release.index, "brokers", only).values)
    for node in plain:
        assert found[node] == pytest.approx(expected[node], abs=1e-6)


def test_communities_cover_everything_once(release: Release) -> None:
    found = measure(release.index, "communities")
    members = Counter(node for group in found.groups for node in group)
    assert set(members.values()) == {1}
    assert len(members) == found.nodes
    assert found.summary["modularity"] > 0.3


def test_same_figures_whatever_the_hash_seed(release_dir: Path) -> None:
    code = (
        "import sys; from graph.read import open_release; from graph.read.measures import measure;"
        "from graph.read.export import export; from graph.read.network import whole;"
        "r = open_release(sys.argv[1]); i = r.index;"
        "print([measure(i, name).values for name in ('communities', 'pagerank', 'eigenvector')]);"
        "print(export(i, whole(i), 'gexf'))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(release_dir)],
            env={"PYTHONHASHSEED": seed},
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_parties_are_those_of_the_tables(release: Release) -> None:
    left = {(r["participant"], r["treaty"]) for r in recount.rows("treaty-actions") if r["action"] in recount.LEAVING}
    found = {(who, treaty) for who, treaties in parties(release.index, Filter()).items() for treaty in treaties}
    assert found - left == recount.bound() - left


def test_similarity_is_jaccard(release: Release) -> None:
    of = parties(release.index, Filter())
    graph = shared_treaties(release.index, Filter())
    assert graph["fra"]["swe"]["shared"] == len(of["fra"] & of["swe"])
    assert graph["fra"]["swe"]["weight"] == pytest.approx(len(of["fra"] & of["swe"]) / len(of["fra"] | of["swe"]))
    found = similar(release.index, "fra")
    assert [one.similarity for one in found] == sorted((one.similarity for one in found), reverse=True)


def test_change_between_two_days(release: Release) -> None:
    found = change(release.index, date(2005, 1, 1), date(2010, 1, 1), Filter(families=frozenset({"treaty"})))
    came = {one for one in found.came if one.startswith("party/cets-197/")}
    before, doubtful = recount.certain("cets-197", "2005-01-01")
    after, more = recount.certain("cets-197", "2010-01-01")
    assert {one.split("/")[2] for one in came} >= (after - before - doubtful - more)
    assert dict(found.degree)["cets-197"] > 25


def test_unknown_measure_projection_and_order() -> None:
    with pytest.raises(MeasureError, match="one of degree"):
        measure(None, "fame")  # type: ignore[arg-type]  # the name is looked at first


def test_a_backend_can_be_named(release: Release) -> None:
    only = Filter(families=frozenset({"funding"}))
    plain, named = (
        measure(release.index, "betweenness", only),
        measure(release.index, "betweenness", only, backend="networkx"),
    )
    assert plain.values == named.values
    assert "backend" not in plain.parameters
    assert named.parameters["backend"] == "networkx"
    for name in ("betweenness", "degree", "communities"):
        with pytest.raises(MeasureError, match=r"backend 'cuda' is not installed; there is networkx"):
            measure(release.index, name, only, backend="cuda")


@pytest.mark.parametrize("name", ["betweenness", "eigenvector", "pagerank", "core"])
def test_another_backend_gives_the_same_values(release: Release, name: str) -> None:
    """nx-rustworkx, a package of others, hands the graph to rustworkx, which is written in Rust."""
    only = Filter(families=frozenset({"cooperation", "structure"}))
    plain, fast = measure(release.index, name, only), measure(release.index, name, only, backend="rustworkx")
    assert fast.parameters["backend"] == "rustworkx"
    there = dict(fast.values)
    assert set(there) == set(dict(plain.values))
    assert all(there[node] == pytest.approx(value, abs=1e-5) for node, value in plain.values)
    assert max(there.values()) > 0


def test_what_a_backend_lacks_is_said(release: Release) -> None:
    with pytest.raises(MeasureError, match="backend 'rustworkx' has no communities"):
        measure(release.index, "communities", Filter(families=frozenset({"funding"})), backend="rustworkx")


def test_days_in_order(release: Release) -> None:
    with pytest.raises(MeasureError, match="is not before"):
        change(release.index, date(2010, 1, 1), date(2005, 1, 1))


def test_graph_is_the_view(release: Release) -> None:
    graph = release.network()
    assert graph.number_of_nodes() == len(release.index)
    assert graph.number_of_edges() == len(release.index.links)
    every = release.network(every=True)
    assert every.number_of_edges() == len(release.index.edges)


def _same(first: nx.Graph, second: nx.Graph) -> None:
    assert set(map(str, first)) == set(map(str, second))
    one = Counter((str(a), str(b)) for a, b in first.edges())
    assert one == Counter((str(a), str(b)) for a, b in second.edges())


def test_exports_read_back(release: Release) -> None:
    view = release.view(["fra"], 1)
    graph = multigraph(release.index, view)
    written = {name: export(release.index, view, name) for name in FORMATS}
    _same(graph, nx.parse_graphml(written["graphml"], force_multigraph=True))
    _same(graph, nx.read_gexf(io.BytesIO(written["gexf"].encode())))
    _same(graph, nx.parse_pajek(written["pajek"]))
    _same(graph, nx.node_link_graph(json.loads(written["d3"]), edges="links"))
    nodes = list(csv.DictReader(io.StringIO(written["nodes"])))
    edges = list(csv.DictReader(io.StringIO(written["edges"])))
    assert {row["id"] for row in nodes} == set(graph)
    assert Counter((row["source"], row["target"]) for row in edges) == Counter(graph.edges())
    back = nx.parse_graphml(written["graphml"], force_multigraph=True)
    assert back.nodes["fra"]["label"] == "France"
    assert {data["family"] for _, _, data in back.edges(data=True)} == {
        data["family"] for _, _, data in graph.edges(data=True)
    }


def test_no_clock_in_files(release: Release) -> None:
    text = export(release.index, release.view(["greta"]), "gexf")
    assert "lastmodified" not in text
    assert date.today().isoformat() not in text


def test_unknown_format(release: Release) -> None:
    with pytest.raises(UnknownFormatError, match="one of graphml"):
        export(release.index, release.view(["greta"]), "xlsx")
