"""Rows to statements, one function per family of facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.build.cells import period
from graph.build.collect import RDF_TYPE, Collector, pal
from graph.build.tables import Row, Tables
from graph.ids import PREFIXES, concept

_IDENTIFIER: Final = NamedNode(PREFIXES["dcterms"] + "identifier")
_DESCRIPTION: Final = NamedNode(PREFIXES["dcterms"] + "description")
_PUBLISHER: Final = NamedNode(PREFIXES["dcterms"] + "publisher")
_HOMEPAGE: Final = NamedNode(PREFIXES["foaf"] + "homepage")
_SAME_AS: Final = NamedNode(PREFIXES["owl"] + "sameAs")
_OBSERVATION: Final = NamedNode(PREFIXES["qb"] + "Observation")
_DATA_SET: Final = NamedNode(PREFIXES["qb"] + "dataSet")
_DECIMAL: Final = NamedNode(PREFIXES["xsd"] + "decimal")
_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")
_YEAR: Final = NamedNode(PREFIXES["xsd"] + "gYear")
_WIKIDATA: Final = "http://www.wikidata.org/entity/"

#: Treaty action -> the property of the plain triple.
ACTION_PREDICATES: Final = {
    "signature": "signed",
    "ratification": "ratified",
    "acceptance": "accepted",
    "approval": "approved",
    "accession": "accededTo",
    "succession": "succeededTo",
    "participation": "becameParticipantIn",
    "definitive-signature": "definitivelySigned",
    "formal-confirmation": "formallyConfirmed",
    "succession-to-signature": "succeededToSignatureOf",
    "entry-into-force": "boundInForceBy",
    "denunciation": "denounced",
    "withdrawal": "withdrewFrom",
}

#: A relation written from its other end -> the direction in which the network holds it, so that one fact is one edge.
INVERSE: Final = {"fundedBy": "funds", "monitoredBy": "monitors"}

#: Relations without a direction: the ends stand in alphabetical order, so that one fact is one edge.
SYMMETRIC: Final = frozenset({"cooperatesWith", "signedAgreementWith", "launchedWith"})


def canonical(edge: tuple[str, str, str]) -> tuple[str, str, str]:
    """The direction in which the network holds a relation, by local ids."""
    subject, relation, value = edge
    if relation in INVERSE:
        subject, relation, value = value, INVERSE[relation], subject
    if relation in SYMMETRIC and value < subject:
        subject, value = value, subject
    return subject, relation, value


class Families:
    """Turns checked tables into statements of a collector."""

    def __init__(self, collector: Collector, tables: Tables) -> None:
        self._to = collector
        self._tables = tables
        self._projects = {row["id"] for row in tables["projects"]}

    def all(self) -> None:
        """Every family but the sources, which describe the graphs and are not in one of their own."""
        turns: dict[str, Callable[[Row], None]] = {
            "states": self._state,
            "actors": self._actor,
            "instruments": self._instrument,
            "treaty-actions": self._action,
            "relations": self._relation_row,
            "projects": self._project,
            "statistics": self._observation,
            "court-cases": self._judgment,
            "claims": self._claim,
            "names": self._name,
        }
        for family, turn in turns.items():
            for row in self._tables[family]:
                turn(row)
        self._evaluations(self._tables["evaluations"])

    def _node(self, local: str) -> NamedNode:
        return NamedNode(self._to.ids.entity(local))

    def _entity(self, row: Row, kind: str) -> NamedNode:
        """What every entity has: type, identifier, names."""
        node, source = self._node(row["id"]), row["source"]
        self._to.add(source, node, RDF_TYPE, pal(kind))
        self._to.text(source, node, _IDENTIFIER, row["id"])
        self._to.name(source, node, row["name_en"], "en")
        self._to.name(source, node, row["name_fr"], "fr")
        return node

    def _relation(
        self, source: str, edge: tuple[str, str, str], number: int = 1, start: str = "", end: str = "", note: str = ""
    ) -> None:
        subject, relation, value = canonical(edge)
        node = NamedNode(self._to.ids.relation(subject, relation, value, number))
        triple = (self._node(subject), pal(relation), self._node(value))
        self._to.statement(source, node, "Relation", triple)
        if subject in self._projects or value in self._projects:
            self._to.add(source, node, RDF_TYPE, pal("ProjectParticipation"))
        self._to.date(source, node, "start", start)
        self._to.date(source, node, "end", end)
        self._to.text(source, node, pal("note"), note)

    def _state(self, row: Row) -> None:
        node, source = self._entity(row, row["type"]), row["source"]
        article = "" if row["article_fr"] == "-" else row["article_fr"]
        self._to.text(source, node, pal("article"), article, "fr")
        self._to.text(source, node, pal("isoAlpha3"), row["id"].upper())
        self._to.text(source, node, pal("isoAlpha2"), row["alpha2"])
        self._to.text(source, node, pal("isoNumeric"), row["numeric"])
        self._to.link(source, node, pal("region"), concept("region", row["region"]))

    def _actor(self, row: Row) -> None:
        node, source = self._entity(row, row["type"]), row["source"]
        self._to.text(source, node, pal("abbreviation"), row["abbreviation"])
        self._to.date(source, node, "established", row["established"])
        self._to.date(source, node, "ended", row["ended"])
        self._to.link(source, node, _HOMEPAGE, row["homepage"])
        self._to.link(source, node, _SAME_AS, row["wikidata"] and _WIKIDATA + row["wikidata"])
        self._to.text(source, node, _DESCRIPTION, row["description_en"], "en")
        if row["part_of"]:
            self._relation(source, (row["id"], "partOf", row["part_of"]))
        if row["country"] and row["country"] != row["id"]:
            self._relation(source, (row["id"], "basedIn", row["country"]))

    def _instrument(self, row: Row) -> None:
        node, source = self._entity(row, row["type"]), row["source"]
        self._to.text(source, node, pal("shortName"), row["short_name"])
        self._to.text(source, node, pal("reference"), row["reference"])
        self._to.text(source, node, pal("place"), row["place"])
        self._to.date(source, node, "adoptedOn", row["adopted"])
        self._to.date(source, node, "entryIntoForce", row["entry_into_force"])
        self._to.link(source, node, _HOMEPAGE, row["homepage"])
        self._to.text(source, node, _DESCRIPTION, row["description_en"], "en")
        for adopter in row.many("adopted_by"):
            self._relation(source, (adopter, "adopted", row["id"]), start=row["adopted"])
        for other in row.many("amends_or_supplements"):
            self._relation(source, (row["id"], "amendsOrSupplements", other))
        for other in row.many("implements"):
            self._relation(source, (row["id"], "implements", other))

    def _action(self, row: Row) -> None:
        source, number = row["source"], int(row["number"] or 1)
        node = NamedNode(self._to.ids.action(row["treaty"], row["participant"], row["action"], number))
        participant, treaty = self._node(row["participant"]), self._node(row["treaty"])
        self._to.statement(source, node, "TreatyAction", (participant, pal(ACTION_PREDICATES[row["action"]]), treaty))
        self._to.add(source, node, pal("participant"), participant)
        self._to.add(source, node, pal("treaty"), treaty)
        self._to.link(source, node, pal("actionKind"), concept("treaty-action", row["action"]))
        self._to.date(source, node, "date", row["date"])

    def _relation_row(self, row: Row) -> None:
        edge = (row["subject"], row["relation"], row["object"])
        self._relation(row["source"], edge, int(row["number"] or 1), row["start"], row["end"], row["note"])

    def _evaluations(self, rows: list[Row]) -> None:
        published = {(row["body"], row["country"], row["round"]) for row in rows if row["published"]}
        for row in rows:
            source, key = row["source"], (row["body"], row["country"], row["round"])
            node = NamedNode(self._to.ids.evaluation(*key))
            body, country = self._node(row["body"]), self._node(row["country"])
            self._to.statement(source, node, "Evaluation", (body, pal("evaluated"), country))
            self._to.add(source, node, pal("monitoringBody"), body)
            self._to.add(source, node, pal("evaluatedState"), country)
            self._to.text(source, node, pal("round"), row["round"])
            self._to.text(source, node, pal("reference"), row["reference"])
            # A report is dated by its publication; its adoption dates it only where no source prints the other.
            self._to.date(source, node, "adoptedOn", row["adopted"], day=None if key in published else "day")
            self._to.date(source, node, "publishedOn", row["published"])

    def _project(self, row: Row) -> None:
        node, source = self._entity(row, "Project"), row["source"]
        self._to.text(source, node, pal("projectRegion"), row["region"])
        self._to.date(source, node, "start", row["start"])
        self._to.date(source, node, "end", row["end"])
        if row["budget_eur"]:
            self._to.add(source, node, pal("budget"), Literal(row["budget_eur"], datatype=_DECIMAL))
        self._to.link(source, node, _HOMEPAGE, row["homepage"])
        self._to.text(source, node, _DESCRIPTION, row["description_en"], "en")
        for column, relation in (("implementer", "implements"), ("funders", "funds"), ("partners", "participatesIn")):
            for actor in row.many(column):
                self._relation(source, (actor, relation, row["id"]))
        for country in row.many("countries"):
            self._relation(source, (row["id"], "takesPlaceIn", country))

    def _observation(self, row: Row) -> None:
        node, source = NamedNode(self._to.ids.observation(row["id"])), row["source"]
        self._to.add(source, node, RDF_TYPE, pal("Observation"))
        self._to.add(source, node, RDF_TYPE, _OBSERVATION)
        self._to.add(source, node, _DATA_SET, NamedNode(self._to.ids.entity("dataset/statistics")))
        self._to.link(source, node, pal("indicator"), concept("indicator", row["indicator"]))
        if row["country"]:
            self._to.add(source, node, pal("refArea"), self._node(row["country"]))
        if row["year"]:
            first, last = period(row["year"])
            self._to.text(source, node, pal("period"), row["year"])
            self._to.add(source, node, pal("periodStart"), Literal(first, datatype=_YEAR))
            self._to.add(source, node, pal("periodEnd"), Literal(last, datatype=_YEAR))
        for column, name, scheme in (
            ("exploitation_form", "exploitationForm", "exploitation-form"),
            ("sex", "sex", "sex"),
            ("age_group", "ageGroup", "age-group"),
            ("unit", "unit", "unit"),
            ("basis", "basis", "basis"),
        ):
            if row[column]:
                self._to.link(source, node, pal(name), concept(scheme, row[column]))
        if row["unit"] == "tier":
            self._to.link(source, node, pal("category"), concept("tip-tier", row["value"]))
        else:
            self._to.add(source, node, pal("value"), Literal(row["value"], datatype=_DECIMAL))
        self._to.text(source, node, _PUBLISHER, row["publisher"])
        self._to.text(source, node, pal("note"), row["note"])

    def _judgment(self, row: Row) -> None:
        node, source = self._entity(row, "Judgment"), row["source"]
        self._to.date(source, node, "date", row["date"])
        self._to.text(source, node, pal("reference"), row["reference"])
        self._relation(source, (row["court"], "decided", row["id"]), start=row["date"])
        for state in row.many("respondent"):
            self._relation(source, (row["id"], "respondent", state), start=row["date"])

    def _name(self, row: Row) -> None:
        # The name is all such a row says: type and identifier stand in the table that describes the thing.
        self._to.name(row["source"], self._node(row["id"]), row["name"], row["language"])

    def _claim(self, row: Row) -> None:
        node, source = NamedNode(self._to.ids.claim(row["id"])), row["source"]
        self._to.add(source, node, RDF_TYPE, pal("Claim"))
        self._to.add(source, node, pal("claimNumber"), Literal(row["number"], datatype=_INTEGER))
        for language in ("en", "fr"):
            self._to.text(source, node, pal("claimText"), row[f"claim_{language}"], language)
            # The weighing of a claim is ours, so it stands in our own graph and not in that of its source.
            self._to.text("palermo-editors", node, pal("verdict"), row[f"verdict_{language}"], language)
        for column, name in (
            ("supported_by", "supportedBy"),
            ("contradicted_by", "contradictedBy"),
            ("qualified_by", "qualifiedBy"),
        ):
            for path in row.many(column):
                self._to.add("palermo-editors", node, pal(name), self._linked(path))

    def _linked(self, path: str) -> NamedNode:
        """The node of a path; one of a relation may be written in either direction, as its row is."""
        match path.split("/"):
            case ["relation", subject, relation, value, *number]:
                edge = canonical((subject, relation, value))
                return NamedNode(self._to.ids.relation(*edge, *map(int, number)))
            case _:
                return self._node(path)
