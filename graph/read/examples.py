"""The named queries as RDF: SHACL SPARQL executables that schema-aware editors offer as examples of an endpoint.

The shape is that of the SHACL-AF vocabulary (section 5, `sh:SPARQLExecutable`, `sh:prefixes`/`sh:declare`), as the
editors and catalogues of SPARQL endpoints read it: a label is the question, `schema:target` the endpoint it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.ids import PREFIXES, Ids
from graph.read import library

_PREFIX: Final = re.compile(r"(?im)^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>")
_ANY_URI: Final = NamedNode(PREFIXES["xsd"] + "anyURI")


def address(ids: Ids, name: str) -> str:
    """The IRI of a named query, which is also where it can be run."""
    return f"{ids.base}queries/{name}"


def triples(ids: Ids) -> Iterator[Triple]:
    """Every named query with its question, text, prefixes and the endpoint, under the base of `ids`."""
    endpoint = NamedNode(ids.base + "sparql")
    prologue = NamedNode(ids.base + "queries/prefixes")
    for prefix, iri in sorted(_declared(ids).items()):
        entry = NamedNode(f"{prologue.value}/{prefix}")
        yield Triple(prologue, _sh("declare"), entry)
        yield Triple(entry, _sh("prefix"), Literal(prefix))
        yield Triple(entry, _sh("namespace"), Literal(iri, datatype=_ANY_URI))
    for name, query in sorted(library.load().items()):
        node = NamedNode(address(ids, name))
        for kind in ("SPARQLExecutable", "SPARQLSelectExecutable"):
            yield Triple(node, NamedNode(PREFIXES["rdf"] + "type"), _sh(kind))
        yield Triple(node, NamedNode(PREFIXES["rdfs"] + "label"), Literal(query.question, language="en"))
        yield Triple(node, NamedNode(PREFIXES["rdfs"] + "label"), Literal(query.question_fr, language="fr"))
        yield Triple(node, NamedNode(PREFIXES["rdfs"] + "comment"), Literal(query.summary, language="en"))
        yield Triple(node, _sh("prefixes"), prologue)
        yield Triple(node, _sh("select"), Literal(query.bind(ids=ids)))
        yield Triple(node, NamedNode(PREFIXES["schema"] + "target"), endpoint)
        for tag in query.tags:
            yield Triple(node, NamedNode(PREFIXES["schema"] + "keywords"), Literal(tag))


def _declared(ids: Ids) -> dict[str, str]:
    """Every prefix that the named queries declare. Raises :class:`ValueError` where two of them mean different things
    by one prefix: the examples share one set of declarations."""
    found: dict[str, str] = {}
    for name, query in library.load().items():
        for prefix, iri in _PREFIX.findall(query.bind(ids=ids)):
            if found.setdefault(prefix, iri) != iri:
                raise ValueError(f"{name}.rq: prefix {prefix!r} is {iri} here and {found[prefix]} elsewhere")
    return found


def _sh(name: str) -> NamedNode:
    return NamedNode(PREFIXES["sh"] + name)
