"""What things mean: the vocabulary of Palermo as files, found by glob.

    *.ttl                    the ontology itself (core, attributes, statements, treaties, relations, inverses,
                             statistics, sources) and edges.ttl, which alone says what is an edge of the network
    schemes/*.ttl            closed lists (SKOS); the file's name is the list's name
    alignments/*.ttl         ties to foreign vocabularies, one file for each
    shapes/*.ttl             SHACL, one file for each family of facts
    rules/NN-*.rq            CONSTRUCT rules, run in the order of their number to a fixed point
    checks/*.violation.rq    hygiene: rows stop a build;  checks/*.warning.rq: rows are listed in its report
    context.jsonld           the JSON-LD context of the published data

A new term, rule, shape or check is a new line or a new file: nothing has to be registered.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def _files(folder: str, ending: str) -> list[Traversable]:
    place = files(__name__).joinpath(folder) if folder else files(__name__)
    return sorted((one for one in place.iterdir() if one.name.endswith(ending)), key=lambda one: one.name)


def core() -> list[Traversable]:
    """The files that declare classes and properties, edges.ttl left out."""
    return [one for one in _files("", ".ttl") if one.name != "edges.ttl"]


def edges() -> Traversable:
    """The file that says what is an edge of the network, in which family and in which words."""
    return files(__name__).joinpath("edges.ttl")


def schemes() -> list[Traversable]:
    """The closed lists."""
    return _files("schemes", ".ttl")


def alignments() -> list[Traversable]:
    """The ties to foreign vocabularies."""
    return _files("alignments", ".ttl")


def shapes() -> list[Traversable]:
    """The SHACL files."""
    return _files("shapes", ".ttl")


def rules() -> list[Traversable]:
    """The inference rules, in the order in which they run."""
    return _files("rules", ".rq")


def checks() -> list[Traversable]:
    """The hygiene queries whose rows stop a build."""
    return _files("checks", ".violation.rq")


def warnings() -> list[Traversable]:
    """The hygiene queries whose rows are only reported."""
    return _files("checks", ".warning.rq")


def context() -> Traversable:
    """The JSON-LD context of the published data."""
    return files(__name__).joinpath("context.jsonld")
