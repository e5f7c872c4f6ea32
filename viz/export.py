"""The data behind a view, in the formats that people's tools read: CSV, GEXF, GraphML, JSON-LD."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from graph.ids import PREFIXES, Ids
from viz.scene import Scene

if TYPE_CHECKING:
    import networkx as nx
else:
    from graph import networks as nx

#: Text that a spreadsheet would take for a formula begins with one of these; an apostrophe is put before it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: Final = (
    "statement", "subject", "subject_name", "relation", "object", "object_name", "family", "sentence", "start", "end",
    "standing", "as_of", "inferred", "sources",
)  # fmt: skip


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def table(scene: Scene, ids: Ids, sources: Mapping[str, str]) -> str:
    """One row per statement. `sources` maps a statement's id to the titles of its sources, joined by `; `."""
    names = {node.id: node.name for node in scene.nodes}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for edge in scene.edges:
        row = (
            ids.entity(edge.id), edge.source, names[edge.source], edge.predicate, edge.target, names[edge.target],
            edge.family, edge.label, edge.start or "", edge.end or "", edge.standing, scene.as_of,
            "yes" if edge.inferred else "no", sources.get(edge.id, ""),
        )  # fmt: skip
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def graph(scene: Scene, ids: Ids) -> nx.MultiDiGraph[str]:
    """The scene as a networkx graph: one node per entity, one edge per statement, plain attributes only."""
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.graph.update({"name": scene.caption})
    for node in scene.nodes:
        made.add_node(
            node.id, label=node.label, name=node.name, kind=node.kind, type=node.type, iri=ids.entity(node.id),
            degree=node.degree, x=node.x, y=node.y,
        )  # fmt: skip
    for edge in scene.edges:
        made.add_edge(
            edge.source, edge.target, key=edge.id, id=edge.id, label=edge.label, relation=edge.predicate,
            family=edge.family, start_day=edge.start or "", end_day=edge.end or "", standing=edge.standing,
            inferred=edge.inferred, iri=ids.entity(edge.id),
        )  # fmt: skip
    return made


def gexf(scene: Scene, ids: Ids) -> bytes:
    """GEXF 1.2, as Gephi reads it."""
    made = graph(scene, ids)
    out = io.BytesIO()
    text = "\n".join(nx.generate_gexf(made, version="1.2draft"))
    # networkx writes today's date: same view, same bytes
    text = re.sub(r' lastmodifieddate="[^"]*"', "", text)
    out.write(("<?xml version='1.0' encoding='utf-8'?>\n" + text + "\n").encode())
    return out.getvalue()


def graphml(scene: Scene, ids: Ids) -> bytes:
    """GraphML, as yEd, Cytoscape and igraph read it."""
    out = io.BytesIO()
    nx.write_graphml_xml(graph(scene, ids), out)
    return out.getvalue()


def jsonld(scene: Scene, ids: Ids) -> str:
    """The statements as JSON-LD with a context of its own, so that nothing has to be fetched to read it."""
    pal = PREFIXES["pal"]
    link: dict[str, Any] = {"@type": "@id"}
    context = {
        "pal": pal,
        "xsd": PREFIXES["xsd"],
        "label": {"@id": PREFIXES["rdfs"] + "label", "@language": scene.lang},
        **{name: {"@id": pal + name, **link} for name in ("subject", "predicate", "object")},
        **{name: {"@id": pal + name, "@type": "xsd:date"} for name in ("startDay", "endDay")},
    }
    items: list[dict[str, Any]] = [
        {"@id": ids.entity(node.id), "@type": f"pal:{node.type}", "label": node.name} for node in scene.nodes
    ]
    for edge in scene.edges:
        item = {
            "@id": ids.entity(edge.id),
            "@type": f"pal:{edge.kind}",
            "subject": ids.entity(edge.source),
            "predicate": f"pal:{edge.predicate}",
            "object": ids.entity(edge.target),
            "label": edge.label,
        }
        if edge.start:
            item["startDay"] = edge.start
        if edge.end:
            item["endDay"] = edge.end
        items.append(item)
    return json.dumps({"@context": context, "@graph": items}, ensure_ascii=False, indent=1) + "\n"
