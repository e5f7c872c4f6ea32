"""The only place that mints IRIs.

Data live under a base that `palermo build --base IRI` may change; terms of the ontology and concepts of the closed
lists always stay at :data:`HOME`, because they are the vocabulary and not the data. An identifier never changes: a
renamed one is listed in `redirects.csv` and answered with 308.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Final

HOME: Final = "https://w3id.org/palermo/"
PAL: Final = HOME + "ontology#"
CONCEPT: Final = HOME + "concept/"
RULE: Final = HOME + "rule/"

#: States are ISO 3166-1 alpha-3 in lower case; everything else is kebab-case. Both fit one pattern.
LOCAL_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Well-known prefixes, in the order in which files and pages declare them.
PREFIXES: Final[dict[str, str]] = {
    "pal": PAL,
    "id": HOME + "id/",
    "src": HOME + "source/",
    "con": CONCEPT,
    "graph": HOME + "graph/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "sh": "http://www.w3.org/ns/shacl#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}


def concept(scheme: str, notation: str) -> str:
    """The IRI of one concept of a closed list, e.g. `concept("treaty-action", "accession")`."""
    return f"{CONCEPT}{scheme}/{notation}"


def scheme(name: str) -> str:
    """The IRI of a closed list itself."""
    return f"{CONCEPT}{name}"


def term(name: str) -> str:
    """The IRI of a class or property of the ontology."""
    return PAL + name


def rule(name: str) -> str:
    """The IRI of an inference rule, named after its file without the ending."""
    return RULE + name


@dataclass(frozen=True)
class Ids:
    """IRIs of data under one base, which ends in a slash.

    Raises :class:`ValueError` for a base that is no absolute http(s) IRI ending in `/`.
    """

    base: str = HOME

    def __post_init__(self) -> None:
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`#?]+/", self.base):
            raise ValueError(f"base {self.base!r}: an absolute http or https IRI that ends in '/' is needed")

    def entity(self, local: str) -> str:
        """An actor, instrument, project, judgment; or a path below `id/` such as `action/cets-197/fra/signature`."""
        return f"{self.base}id/{local}"

    def source(self, local: str) -> str:
        """A source, which is also the name of the graph that holds what it states."""
        return f"{self.base}source/{local}"

    def action(self, treaty: str, participant: str, kind: str, number: int = 1) -> str:
        """A treaty action: treaty, participant and kind; a later second one gets a number."""
        return self.entity(f"action/{treaty}/{participant}/{kind}{_numbered(number)}")

    def relation(self, subject: str, relation: str, object_: str, number: int = 1) -> str:
        """A relation between two nodes of the network; a second period gets a number."""
        return self.entity(f"relation/{subject}/{relation}/{object_}{_numbered(number)}")

    def evaluation(self, body: str, country: str, round_: str) -> str:
        """One country in one round of one monitoring body."""
        return self.entity(f"evaluation/{body}/{country}/{round_}")

    def observation(self, row: str) -> str:
        """One figure."""
        return self.entity(f"statistic/{row}")

    def claim(self, row: str) -> str:
        """One claim of a source whose claims are set beside the official record."""
        return self.entity(f"claim/{row}")

    def graph(self, name: str) -> str:
        """A graph that is no source: `sources`, `inferred`, `ontology`, `release`."""
        return f"{self.base}graph/{name}"

    def quality(self, name: str) -> str:
        """A metric, dimension or measurement of the quality report."""
        return f"{self.base}quality#{name}"

    def local(self, iri: str) -> str | None:
        """The part below `id/`, or None when the IRI is not one of this base's entities."""
        prefix = f"{self.base}id/"
        return iri[len(prefix) :] if iri.startswith(prefix) else None

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """:data:`PREFIXES` with the data prefixes under this base."""
        own = {"id": self.entity(""), "src": self.source(""), "graph": self.graph("")}
        return {**PREFIXES, **own}


def _numbered(number: int) -> str:
    return "" if number == 1 else f"/{number}"


#: How the reason of a withdrawal for a person's privacy begins (docs/privacy.md).
PRIVACY: Final = "privacy:"


@dataclass(frozen=True)
class Redirect:
    """A local id that was given up: `new` is empty when it was withdrawn (410) rather than renamed (308)."""

    old: str
    new: str
    date: str
    reason: str

    @property
    def private(self) -> bool:
        """Whether it was withdrawn for a person's privacy: then past releases do not show it either."""
        return not self.new and self.reason.startswith(PRIVACY)


def redirects() -> dict[str, Redirect]:
    """Every id that was ever given up, by its old name. Raises :class:`ValueError` for a malformed list."""
    text = files("graph").joinpath("redirects.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    found: dict[str, Redirect] = {}
    for line, row in enumerate(rows, 2):
        if list(row) != ["old", "new", "date", "reason"] or not row["old"] or not row["reason"]:
            raise ValueError(f"redirects.csv line {line}: columns old, new, date, reason; old and reason are required")
        if row["old"] in found:
            raise ValueError(f"redirects.csv line {line}: {row['old']!r} stands twice")
        found[row["old"]] = Redirect(**row)
    return found
