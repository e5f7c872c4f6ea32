"""A view as one HTML file that needs nothing else: it opens from a mail attachment with the network off.

The only module that imports pyvis, which brings the drawing library (vis-network) along. Its own templates load
Bootstrap from elsewhere even when told to be in line, so the template here is ours: fixed positions, physics off, the
library inside the file, and below the drawing every statement as a sentence with its sources, for print and for
readers without scripts. A Content-Security-Policy in the file forbids every request.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from viz import layout, svg, words
from viz.marks import MARKS
from viz.scene import FAMILIES, Node, Scene

if TYPE_CHECKING:
    from pyvis.network import Network

_OPTIONS: Final[dict[str, Any]] = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "dragNodes": True, "keyboard": {"enabled": True, "bindToWindow": False}},
    "nodes": {"borderWidth": 1.6, "font": {"face": "Inter, Arial, sans-serif", "size": 13, "strokeWidth": 3}},
    "edges": {"smooth": {"enabled": True, "type": "curvedCW", "roundness": 0.08}, "font": {"size": 0}},
}


@cache
def _library() -> Markup:
    """vis-network as pyvis ships it. `</` cannot end the script element early."""
    text = files("pyvis").joinpath("lib/vis-9.1.2/vis-network.min.js").read_text("utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("//# sourceMappingURL")]
    return Markup("\n".join(lines).replace("</script", "<\\/script"))


@cache
def _template() -> Environment:
    return Environment(
        loader=PackageLoader("viz", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def network(scene: Scene) -> Network:
    """The scene as a pyvis network with fixed positions."""
    from pyvis.network import Network  # brings IPython along, which takes a fifth of a second to load

    made = Network(height="70vh", width="100%", directed=False)
    for node in scene.nodes:
        made.add_node(
            node.id, label="\n".join(layout.label_lines(node)), title=node.name, x=node.x, y=node.y, physics=False,
            shape="image", image=_mark(node), size=MARKS.kinds[node.kind].size * (2.0 if node.focus else 1.4),
        )  # fmt: skip
    for edge in scene.edges:
        if edge.leads and edge.source != edge.target:
            line = MARKS.families[edge.family]
            made.add_edge(
                edge.source, edge.target, title=edge.label, color=line.light, width=line.width,
                dashes=list(line.dash) or False,
            )  # fmt: skip
    made.options = _OPTIONS
    return made


def _mark(node: Node) -> str:
    """Our own mark of a node as a data: address, since the library's shapes are others."""
    ink, paper = MARKS.colours["ink"][0], MARKS.colours["paper"][0]
    fill = ink if node.focus else paper
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="-14 -14 28 28">'
        f'<path d="{svg.outline(node.kind, 9)}" fill="{fill}" stroke="{ink}" stroke-width="1.8"/></svg>'
    )
    return "data:image/svg+xml," + quote(drawn)


def html(scene: Scene, source: str, cited: Mapping[str, str]) -> str:
    """The whole file. `source` is the line under the picture, `cited` a statement's id to the titles of its sources."""
    made = network(scene)
    data = {"nodes": made.nodes, "edges": made.edges, "options": _OPTIONS}
    # JSON inside a script element: markup of any kind is written as escapes
    inner = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for letter, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028")):
        inner = inner.replace(letter, escape)
    used = [one for one in FAMILIES if any(edge.family == one for edge in scene.edges)]
    sentences = [
        (edge.label, cited.get(edge.id, ""), words.STANDING["fr" if scene.lang == "fr" else "en"][edge.standing])
        for edge in sorted(scene.edges, key=lambda one: (FAMILIES.index(one.family), one.label))
    ]
    return _template().get_template("snapshot.html").render(
        scene=scene, source=source, data=Markup(inner), library=_library(), sentences=sentences,
        legend=[(words.FAMILY[scene.lang][one], MARKS.families[one]) for one in used],
    )  # fmt: skip
