"""Linked-data documents: a description in every format, with what the document says of itself.

Turtle, N-Triples, RDF/XML, JSON-LD, TriG and N-Quads of one description are the same graph. In TriG and N-Quads it is
the default graph, as it is at /sparql, and each source's graph stands beside it: a client that reads the default graph
alone misses nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from api.errors import NotAcceptable
from api.framing import frame
from api.negotiate import GRAPHS, HTML, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from graph.ids import PREFIXES, Ids
from graph.manifest import Manifest
from graph.read.description import Description

#: What a document can be had as; HTML goes to browsers, which name it.
FORMATS: Final = (TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG, NQUADS, HTML)

#: File ending -> format, for addresses that can be cached, copied and typed.
ENDINGS: Final = {
    "ttl": TURTLE,
    "jsonld": JSONLD,
    "nt": NTRIPLES,
    "rdf": RDFXML,
    "trig": TRIG,
    "nq": NQUADS,
    "html": HTML,
}
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"

_ENGINE: Final = {
    TURTLE.name: RdfFormat.TURTLE,
    NTRIPLES.name: RdfFormat.N_TRIPLES,
    RDFXML.name: RdfFormat.RDF_XML,
    TRIG.name: RdfFormat.TRIG,
    NQUADS.name: RdfFormat.N_QUADS,
}
#: Characters that XML 1.0 cannot hold, not even escaped.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: What an element of RDF/XML can be named after: the last part of a property's IRI.
_XML_NAME: Final = re.compile(r"[^\W\d][\w.-]*$")
_HYDRA: Final = "http://www.w3.org/ns/hydra/core#"


def split(path: str) -> tuple[str, Format | None]:
    """A path without its file ending, and the format that the ending names."""
    stem, dot, ending = path.rpartition(".")
    if dot and ending in ENDINGS and stem:
        return stem, ENDINGS[ending]
    return path, None


def document(description: Description, address: str, ids: Ids, manifest: Manifest) -> tuple[Quad, ...]:
    """A description with what is to be said of the document itself; `address` is the document's IRI."""
    page = NamedNode(address if description.page == 1 else f"{address}?page={description.page}")
    about = NamedNode(description.iri)
    said: list[tuple[NamedNode, str, str, NamedNode | Literal]] = [
        (page, "rdf", "type", NamedNode(PREFIXES["foaf"] + "Document")),
        (page, "foaf", "primaryTopic", about),
        (page, "dcterms", "license", NamedNode(LICENCE)),
        (page, "dcterms", "isPartOf", NamedNode(ids.base + "data")),
        (page, "owl", "versionInfo", Literal(manifest.release)),
    ]
    quads = [Quad(one, NamedNode(PREFIXES[prefix] + name), value) for one, prefix, name, value in said]
    if description.pages > 1:
        number = description.page
        turns = {"first": 1, "previous": number - 1, "next": number + 1, "last": description.pages}
        quads.append(Quad(page, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(_HYDRA + "PartialCollectionView")))
        for name, turn in turns.items():
            if 1 <= turn <= description.pages:
                target = NamedNode(address if turn == 1 else f"{address}?page={turn}")
                quads.append(Quad(page, NamedNode(_HYDRA + name), target))
    return (*quads, *description.quads)


def triples(quads: Iterable[Quad]) -> list[Triple]:
    """The graph that quads are, whichever graph holds them, in a stable order."""
    return sorted({quad.triple for quad in quads}, key=_order)


def render(quads: tuple[Quad, ...], about: str, format_: Format, ids: Ids) -> bytes:
    """A document in one of the RDF formats. Raises :class:`NotAcceptable` where RDF/XML cannot hold what the data
    hold."""
    if format_.name == JSONLD.name:
        return frame(triples(quads), about, ids.prefixes)
    engine = _ENGINE[format_.name]
    prefixes = _used(quads, ids.prefixes, graphs=engine.supports_datasets)
    if format_.name == RDFXML.name:
        if any(
            _XML_NAME.search(quad.predicate.value) is None
            or (isinstance(quad.object, Literal) and _NOT_XML.search(quad.object.value))
            for quad in quads
        ):
            raise NotAcceptable(
                "The data hold a control character, or a property whose IRI does not end in a name, which XML cannot"
                " hold. Every other format can be given.",
                available=[one.media for one in GRAPHS if one is not RDFXML],
            )
        return _text(serialize(triples(quads), format=RdfFormat.RDF_XML, prefixes=prefixes))
    if engine.supports_datasets:
        sourced = {quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)}
        of_sources = sorted(sourced, key=lambda one: (str(one.graph_name), *_order(one.triple)))
        return _text(serialize([*map(_default, triples(quads)), *of_sources], format=engine, prefixes=prefixes))
    return _text(serialize(triples(quads), format=engine, prefixes=prefixes))


def etag(body: bytes) -> str:
    """The entity tag of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def _text(body: bytes | None) -> bytes:
    if body is None:
        raise ValueError("the serializer returned nothing")
    return body


def _default(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object)


def _order(triple: Triple) -> tuple[str, bool, str, str]:
    """Subjects together, the type first, so that Turtle can be read."""
    return str(triple.subject), not triple.predicate.value.endswith("#type"), triple.predicate.value, str(triple.object)


def _used(quads: Iterable[Quad], prefixes: dict[str, str], *, graphs: bool) -> dict[str, str]:
    """The prefixes that a document needs, so that it does not begin with a page of others."""
    starts: set[str] = set()
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, *((quad.graph_name,) if graphs else ())):
            iri = term.datatype.value if isinstance(term, Literal) else getattr(term, "value", "")
            starts.add(re.split(r"(?<=[#/])[^#/]*$", str(iri))[0])
    return {
        name: iri for name, iri in {**prefixes, "hydra": _HYDRA}.items() if any(one.startswith(iri) for one in starts)
    }
