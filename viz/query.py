"""The SPARQL query behind a view: run at the endpoint, it answers with the statements that are drawn."""

from __future__ import annotations

from graph.ids import PREFIXES, Ids
from viz.scene import Scene


def sparql(scene: Scene, ids: Ids) -> str:
    """A SELECT of the scene's statements among its nodes. Pale lines are in it too: `?start` and `?end` tell them."""
    nodes = "\n    ".join(" ".join(f"<{ids.entity(node.id)}>" for node in scene.nodes[at : at + 4])
                          for at in range(0, len(scene.nodes), 4))  # fmt: skip
    predicates = " ".join(sorted({f"pal:{edge.predicate}" for edge in scene.edges}))
    caption = scene.caption.replace("\n", " ")
    return f"""# {caption}
PREFIX pal: <{PREFIXES["pal"]}>
SELECT ?statement ?subject ?predicate ?object ?start ?end WHERE {{
  VALUES ?subject {{
    {nodes}
  }}
  VALUES ?predicate {{ {predicates} }}
  ?statement pal:subject ?subject ; pal:predicate ?predicate ; pal:object ?object .
  FILTER(?object IN (
    {nodes.replace("> <", ">, <").replace(">" + chr(10), ">," + chr(10))}
  ))
  FILTER(?subject != ?object)
  OPTIONAL {{ ?statement pal:startDay ?startDay }}
  OPTIONAL {{ ?statement pal:day ?day }}
  OPTIONAL {{ ?statement pal:endDay ?end }}
  BIND(COALESCE(?startDay, ?day) AS ?start)
}}
ORDER BY ?subject ?predicate ?object ?statement
"""
