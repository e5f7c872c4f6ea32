"""The families of facts as lists: which fields an item has, which of them filter and sort.

One description serves the lists themselves, their CSV, the JSON-LD context, and the OpenAPI description.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: What a field holds.
#: text: plain text; words: text per language; date: a date as precise as stated (`2002`, `2002-10`, `2002-10-29`);
#: day: a comparable day; number, integer; entity, source, concept: a link; iri: an address.
Holds = Literal["text", "words", "date", "day", "number", "integer", "entity", "source", "concept", "statement", "iri"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an item: its name, the property it comes from (a prefixed name), what it holds, in plain words.

    `filter` and `sort` say whether a list can be filtered and sorted by it; `many` that it is a list of values.
    """

    name: str
    property: str
    holds: Holds
    about: str
    filter: bool = False
    sort: bool = False
    many: bool = False
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """One list: its name in addresses, the class of its items, what it is, its fields, how it is sorted by default.

    `statement` items have two ends and stand in the network; `entity` items are its nodes. `dated` lists take `as_of`.
    `only` restricts to items whose kind is below one of these classes.
    """

    name: str
    class_: str
    about: str
    fields: tuple[Field, ...]
    sort: str
    kind: Literal["entity", "statement", "other"]
    dated: bool = True

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)


def _text(
    name: str, property_: str, about: str, *, filter: bool = False, sort: bool = False, many: bool = False
) -> Field:
    return Field(name, property_, "text", about, filter, sort, many)


def _concept(name: str, property_: str, scheme: str, about: str) -> Field:
    return Field(name, property_, "concept", about, filter=True, sort=True, scheme=scheme)


def _entity(name: str, property_: str, about: str, many: bool = False) -> Field:
    return Field(name, property_, "entity", about, filter=True, sort=not many, many=many)


def _date(name: str, about: str) -> Field:
    return Field(name, f"pal:{name}", "date", about, sort=True)


def _day(name: str, about: str) -> Field:
    return Field(name, f"pal:{name}", "day", about, sort=True)


_NAMES: Final = (
    Field("kind", "rdf:type", "text", "Its most specific class.", filter=True, sort=True),
    Field("labels", "skos:prefLabel", "words", "Its preferred name in each language."),
    Field("otherNames", "skos:altLabel", "text", "Further names, in any language.", many=True),
)
_DESCRIPTION: Final = Field("descriptions", "dcterms:description", "words", "What it is, in the words of this project.")
_HOMEPAGE: Final = Field("homepage", "foaf:homepage", "iri", "Its own page.")
_START: Final = _day("startDay", "First day of the stated beginning; comparable.")
_END: Final = _day("endDay", "First day on which it no longer holds; comparable.")
_SOURCES: Final = Field("sources", "", "source", "The sources that state it.", filter=True, many=True)
_NOTE: Final = Field("notes", "pal:note", "text", "What a source adds.", many=True)
_ENDS: Final = (
    _entity("subject", "pal:subject", "Who the statement is about."),
    Field("predicate", "pal:predicate", "text", "The property that links the two.", filter=True, sort=True),
    _entity("object", "pal:object", "Whom or what it links the subject to."),
    Field("family", "", "text", "Its family of the network.", filter=True, sort=True),
)
_INSTRUMENT: Final = (
    *_NAMES,
    _text("shortName", "pal:shortName", "A short name.", many=True),
    _text("reference", "pal:reference", "Its official number.", many=True),
    _DESCRIPTION,
    _text("place", "pal:place", "Where it was adopted.", filter=True),
    _entity("adoptedBy", "pal:adoptedBy", "Who adopted it.", many=True),
    _date("adoptedOn", "When it was adopted."),
    _date("entryIntoForce", "When it entered into force."),
    _START,
    _HOMEPAGE,
    _SOURCES,
)

COLLECTIONS: Final[dict[str, Collection]] = {
    one.name: one
    for one in (
        Collection(
            "actors",
            "Actor",
            "States, international and national bodies, associations, networks, initiatives, mandates, office holders.",
            (
                *_NAMES,
                _text("abbreviation", "pal:abbreviation", "Its abbreviation.", filter=True, many=True),
                _DESCRIPTION,
                _text("isoAlpha3", "pal:isoAlpha3", "ISO 3166-1 alpha-3 code of a country.", filter=True),
                _text("isoAlpha2", "pal:isoAlpha2", "ISO 3166-1 alpha-2 code of a country.", filter=True),
                _concept("region", "pal:region", "region", "United Nations region of a country."),
                _entity("basedIn", "pal:basedIn", "The country it is based in.", many=True),
                _entity("partOf", "pal:partOf", "What it is part of.", many=True),
                _date("established", "When it was established."),
                _date("ended", "When it ceased to exist."),
                _START,
                _END,
                _HOMEPAGE,
                Field("sameAs", "owl:sameAs", "iri", "The same thing elsewhere, e.g. in Wikidata.", many=True),
                _SOURCES,
            ),
            "id",
            "entity",
        ),
        Collection(
            "instruments",
            "Instrument",
            "Treaties, laws, resolutions, recommendations, declarations, plans and strategies.",
            _INSTRUMENT,
            "id",
            "entity",
        ),
        Collection("treaties", "Treaty", "Treaties and their protocols.", _INSTRUMENT, "startDay", "entity"),
        Collection(
            "treaty-actions",
            "TreatyAction",
            "Signatures, ratifications, accessions and all other acts of one participant on one treaty.",
            (
                _entity("treaty", "pal:treaty", "The treaty."),
                _entity("participant", "pal:participant", "The state or organisation."),
                _concept("action", "pal:actionKind", "treaty-action", "What was done."),
                _date("date", "When, as precisely as the preferred source states it."),
                _day("day", "First day of that date; comparable."),
                _SOURCES,
            ),
            "id",
            "statement",
        ),
        Collection(
            "party-statuses",
            "PartyStatus",
            "Who is, or was, bound by which treaty; inferred from treaty actions.",
            (
                _entity("treaty", "pal:treaty", "The treaty."),
                _entity("participant", "pal:participant", "The party."),
                _date("start", "When it bound itself; absent when no source gives the day."),
                _date("end", "When it left."),
                _date("inForceSince", "When the treaty entered into force for it, where a source says so."),
                _START,
                _END,
                _day("knownBy", "The latest day by which it certainly was a party, where the day itself is unknown."),
                Field("derivedFrom", "prov:wasDerivedFrom", "statement", "The acts it follows from.", many=True),
                _SOURCES,
            ),
            "id",
            "statement",
        ),
        Collection(
            "relations",
            "Relation",
            "Membership, funding, monitoring, cooperation and every other tie that is no treaty act and no report.",
            (
                *_ENDS,
                _date("start", "Since when."),
                _date("end", "Until when."),
                _START,
                _END,
                _NOTE,
                Field("derivedFrom", "prov:wasDerivedFrom", "statement", "What it was inferred from.", many=True),
                _SOURCES,
            ),
            "id",
            "statement",
        ),
        Collection(
            "evaluations",
            "Evaluation",
            "Reports of a monitoring body on a country, one for each round.",
            (
                _entity("body", "pal:monitoringBody", "Who evaluated."),
                _entity("country", "pal:evaluatedState", "Whom."),
                _text("round", "pal:round", "Round of evaluation.", filter=True, sort=True),
                _text("reference", "pal:reference", "Number of the report.", many=True),
                _date("adoptedOn", "When the report was adopted."),
                _date("publishedOn", "When it was published."),
                _day("day", "Day of publication, or else of adoption; comparable."),
                _SOURCES,
            ),
            "id",
            "statement",
        ),
        Collection(
            "projects",
            "Project",
            "Cooperation projects.",
            (
                *_NAMES,
                _DESCRIPTION,
                _entity("implementers", "pal:implementedBy", "Who carries it out.", many=True),
                _entity("funders", "pal:fundedBy", "Who pays for it.", many=True),
                _entity("countries", "pal:takesPlaceIn", "Where it takes place.", many=True),
                _text("region", "pal:projectRegion", "Region in words.", many=True),
                _date("start", "When it began."),
                _date("end", "When it ended."),
                _START,
                _END,
                Field("budget", "pal:budget", "number", "Budget in euros.", sort=True),
                _HOMEPAGE,
                _SOURCES,
            ),
            "id",
            "entity",
        ),
        Collection(
            "judgments",
            "Judgment",
            "Judgments of courts.",
            (
                *_NAMES,
                _text("reference", "pal:reference", "Number of the application or case.", many=True),
                _entity("court", "pal:decidedBy", "The court.", many=True),
                _entity("respondents", "pal:respondent", "The states complained of.", many=True),
                _date("date", "When it was given."),
                _day("day", "The comparable day."),
                _SOURCES,
            ),
            "id",
            "entity",
        ),
        Collection(
            "statistics",
            "Observation",
            "Figures: what was counted, where, when, by whom. Figures that disagree are all kept.",
            (
                _concept("indicator", "pal:indicator", "indicator", "What is counted."),
                _entity("area", "pal:refArea", "The country or region."),
                _text("period", "pal:period", "Year or period.", filter=True, sort=True),
                _concept("form", "pal:exploitationForm", "exploitation-form", "Form of exploitation."),
                _concept("sex", "pal:sex", "sex", "Sex of the persons counted."),
                _concept("age", "pal:ageGroup", "age-group", "Their age."),
                Field("value", "pal:value", "number", "The figure.", sort=True),
                _concept("category", "pal:category", "tip-tier", "The tier, of rankings that are no numbers."),
                _concept("unit", "pal:unit", "unit", "What one of it is."),
                _concept("basis", "pal:basis", "basis", "How the figure came about."),
                _text("publisher", "dcterms:publisher", "Who published it.", filter=True, sort=True),
                _NOTE,
                _SOURCES,
            ),
            "id",
            "other",
            dated=False,
        ),
        Collection(
            "sources",
            "Source",
            "The pages and documents that facts were read from.",
            (
                Field("title", "dcterms:title", "text", "Its title, in its own language.", sort=True),
                _text("publisher", "dcterms:publisher", "Who published it.", filter=True, sort=True),
                Field("url", "schema:url", "iri", "Its address."),
                Field("issued", "dcterms:issued", "date", "When it was published.", sort=True),
                _text("language", "dcterms:language", "Its language.", filter=True, sort=True),
                _concept("kind", "pal:sourceKind", "source-kind", "What kind of source it is."),
                Field(
                    "rank", "pal:sourceRank", "integer", "How it ranks where sources disagree; 1 is best.", sort=True
                ),
                Field("flags", "pal:flag", "concept", "What a reader is warned of.", True, False, True, "source-flag"),
            ),
            "id",
            "other",
            dated=False,
        ),
        Collection(
            "claims",
            "Claim",
            "Claims of the article that the project began from, beside what better sources say.",
            (
                Field("number", "pal:claimNumber", "integer", "Its number.", sort=True),
                Field("texts", "pal:claimText", "words", "The claim, in our words."),
                Field("verdicts", "pal:verdict", "words", "How it stands to the record."),
                Field("supportedBy", "pal:supportedBy", "statement", "What supports it.", many=True),
                Field("contradictedBy", "pal:contradictedBy", "statement", "What contradicts it.", many=True),
                Field("qualifiedBy", "pal:qualifiedBy", "statement", "What qualifies it.", many=True),
                _SOURCES,
            ),
            "number",
            "other",
            dated=False,
        ),
    )
}
