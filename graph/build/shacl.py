"""SHACL in a process of its own: the graph is parsed once (:func:`read`), then checked against one file of shapes after
another (:func:`check`).

Apart from :mod:`graph.build.validate` because pySHACL and rdflib take a quarter of a second to load, which only a build
needs.
"""

from __future__ import annotations

from typing import Any, Final

from pyshacl import validate
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

_SH: Final = Namespace("http://www.w3.org/ns/shacl#")


class _Data:
    """The graph of this process."""

    graph = Graph()


def read(merged: bytes) -> None:
    """Parse the graph (N-Triples) that this process checks."""
    _Data.graph = Graph().parse(data=merged, format="nt")


def check(shapes: str) -> tuple[list[str], list[str]]:
    """Violations and warnings of one file of shapes (Turtle), a line each, sorted within a severity."""
    shape = Graph().parse(data=shapes, format="turtle")
    _, report, _ = validate(_Data.graph, shacl_graph=shape, inference="none", advanced=False)
    found: dict[Any, list[str]] = {}
    for result in report.subjects(RDF.type, _SH.ValidationResult):
        focus, path = report.value(result, _SH.focusNode), report.value(result, _SH.resultPath)
        message, value = report.value(result, _SH.resultMessage), report.value(result, _SH.value)
        shown = f"{focus} {path or ''}: {message}" + (f" ({value})" if value is not None else "")
        found.setdefault(report.value(result, _SH.resultSeverity), []).append(shown)
    errors = sorted(found.pop(_SH.Violation, []))
    return errors, sorted(line for lines in found.values() for line in lines)
