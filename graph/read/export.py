"""Views of the network as files for other tools: Gephi, Cytoscape, yEd, Pajek, graph-tool, d3, spreadsheets.

Same view, same bytes: nothing of the clock gets into a file.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from graph.read.index import NetworkIndex
from graph.read.network import View
from graph.read.projection import multigraph

if TYPE_CHECKING:
    import networkx as nx
else:
    from graph import networks as nx

#: networkx stamps the day of writing into GEXF files.
_STAMP: Final = re.compile(r' lastmodifieddate="[^"]*"')
#: It also writes a name for the whole graph, which GEXF 1.2 has no place for; ours is empty.
_NAME: Final = re.compile(r'(<graph [^>]*?) name=""')

NODE_COLUMNS: Final = ("id", "label", "label_fr", "kind", "group", "iri")
EDGE_COLUMNS: Final = (
    "source", "target", "id", "predicate", "family", "standing", "start", "end", "inferred", "sources", "weight",
)  # fmt: skip


@dataclass(frozen=True)
class Format:
    """A file format: registered or customary media type, file ending, what it is for, and how it is written."""

    name: str
    media_type: str
    ending: str
    about: str
    write: Callable[[Any], str]


def _graphml(graph: Any) -> str:
    # An id in the file is a name token, which has no slash, and an attribute of that name would stand in its way.
    plain: Any = nx.MultiDiGraph()
    plain.add_nodes_from(graph.nodes(data=True))
    for number, (start, end, data) in enumerate(graph.edges(data=True), 1):
        plain.add_edge(start, end, f"e{number}", **{"statement" if k == "id" else k: v for k, v in data.items()})
    return "\n".join(nx.generate_graphml(plain)) + "\n"


def _gexf(graph: Any) -> str:
    text = _STAMP.sub("", "\n".join(nx.generate_gexf(graph)))
    return _NAME.sub(r"\1", text, count=1) + "\n"


def _pajek(graph: Any) -> str:
    # Pajek knows text only, and takes a line per edge: numbers become text, the weight stays a number.
    plain: Any = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        plain.add_node(node, **{name: str(value) for name, value in data.items() if name not in ("id", "label")})
    for start, end, data in graph.edges(data=True):
        weight = data["weight"]
        plain.add_edge(start, end, weight=weight, **{k: str(v) for k, v in data.items() if k not in ("weight", "id")})
    return "\n".join(nx.generate_pajek(plain)) + "\n"


def _d3(graph: Any) -> str:
    return json.dumps(nx.node_link_data(graph, edges="links"), ensure_ascii=False, sort_keys=True) + "\n"


def _nodes(graph: Any) -> str:
    return _table(NODE_COLUMNS, ({"id": node, **data} for node, data in graph.nodes(data=True)))


def _edges(graph: Any) -> str:
    return _table(EDGE_COLUMNS, ({"source": a, "target": b, **data} for a, b, data in graph.edges(data=True)))


def _table(columns: tuple[str, ...], rows: Any) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", extrasaction="raise", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("graphml", "application/graphml+xml", ".graphml", "yEd, Cytoscape, Gephi, graph-tool, R", _graphml),
            Format("gexf", "application/gexf+xml", ".gexf", "Gephi, with days for its timeline", _gexf),
            Format("pajek", "text/vnd.pajek", ".net", "Pajek, graph-tool", _pajek),
            Format("d3", "application/json", ".json", "d3 and other JavaScript: nodes and links", _d3),
            Format("nodes", "text/csv", ".nodes.csv", "a table of nodes", _nodes),
            Format("edges", "text/csv", ".edges.csv", "a table of edges", _edges),
        )
    }
)


class UnknownFormatError(ValueError):
    """No such file format; the message lists those that exist."""


def export(index: NetworkIndex, view: View, form: str) -> str:
    """A view as the text of a file in one of :data:`FORMATS`. Raises :class:`UnknownFormatError`."""
    if form not in FORMATS:
        raise UnknownFormatError(f"format {form!r}: one of {', '.join(FORMATS)} is needed")
    return FORMATS[form].write(multigraph(index, view))
