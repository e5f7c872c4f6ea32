"""A release small enough to know by heart, with everything in it that protocol and renderers stumble over.

Graph one and graph two state the same triple; some names are not ASCII; some values are made to break tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse, serialize

from graph import manifest

ONE: Final = "http://example.org/graph/one"
TWO: Final = "http://example.org/graph/two"
ACCENTED: Final = "http://example.org/graph/été"

TRIG: Final = r"""
PREFIX ex: <http://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
GRAPH <http://example.org/graph/one> {
  ex:fra ex:memberOf ex:coe ; ex:name "France"@en, "France"@fr ; ex:since "1949-05-05"^^xsd:date .
  ex:coe ex:name "Council of Europe"@en .
}
GRAPH <http://example.org/graph/two> {
  ex:fra ex:memberOf ex:coe, ex:un .
  ex:un ex:name "United Nations"@en .
}
GRAPH <http://example.org/graph/été> {
  ex:é ex:name "été"@fr .
  <javascript:alert(1)> ex:name "<script>alert('x')</script>" .
  ex:odd ex:value "a,\"b\"\r\nc\td", "},{", "\u202Eright to left", "", 12, 2.50, true, _:someone .
}
"""

#: Triples in the union, each once.
TRIPLES: Final = 17
#: Triples of graphs one and two: five and three statements, one of them in both.
MERGED: Final = 7


def write(directory: Path) -> Path:
    """Write the release and return its directory."""
    directory.mkdir(parents=True, exist_ok=True)
    quads = list(parse(TRIG, format=RdfFormat.TRIG))
    triples = list(dict.fromkeys(Triple(one.subject, one.predicate, one.object) for one in quads))
    (directory / manifest.DATASET).write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    (directory / manifest.MERGED).write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    files = manifest.describe(directory)
    described = manifest.Manifest(
        release="1.0.0",
        base="https://w3id.org/palermo/",
        input="0" * 64,
        hash=manifest.hash_of(files),
        date="2024-01-01",
        counts={"triples": len(triples), "quads": len(quads), "graphs": 3},
        files=files,
    )
    (directory / manifest.NAME).write_text(described.dump(), encoding="utf-8")
    return directory
