"""The families of fact tables as data: which columns a file has, what may stand in each, what makes a row unique.

`graph/facts/FORMAT.md` says the same for people; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Kind(Enum):
    """What a cell holds."""

    ID = "id"  # names the row's own thing
    REF = "reference"  # names a thing of another row
    SOURCE = "source"  # names a source
    PATH = "path"  # names any node by its path below id/, statements included
    DATE = "date"  # YYYY, YYYY-MM or YYYY-MM-DD
    PERIOD = "period"  # YYYY or YYYY-YYYY
    TEXT = "text"
    URL = "url"
    LANGUAGE = "language"  # ISO 639-1
    WIKIDATA = "wikidata"  # Q-number
    COUNT = "count"  # a whole number from 1
    NUMBER = "number"  # a decimal number
    CONCEPT = "concept"  # a notation of a closed list
    CHOICE = "choice"  # one of the values listed in the column


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, whether a row may leave it empty, whether `;` separates several values.

    `to` names the families a reference may point into; `scheme` the closed list of a concept; `choices` the values
    of a choice.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    many: bool = False
    to: tuple[str, ...] = ()
    scheme: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Family:
    """A kind of fact: columns in order and the columns that make a row unique.

    `across` says how far the key must be unique: "files" over the whole family, "source" within one source (the same
    thing read from two sources is corroboration, twice from one is a slip).
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    across: str

    def column(self, name: str) -> Column:
        """The column of that name. Raises :class:`KeyError`."""
        return {column.name: column for column in self.columns}[name]


ACTORS: Final = ("states", "actors")
NODES: Final = ("states", "actors", "instruments", "projects", "court-cases")

ACTOR_TYPES: Final = (
    "State", "Territory", "IntergovernmentalOrganisation", "UNBody", "EUBody", "CouncilOfEuropeBody", "OSCEBody",
    "GovernmentBody", "CoordinationBody", "LawEnforcementBody", "NationalRapporteur", "DevelopmentAgency",
    "CivilSocietyOrganisation", "Network", "ResearchBody", "Fund", "Initiative", "Campaign", "Mandate", "Person",
)  # fmt: skip
INSTRUMENT_TYPES: Final = (
    "Treaty", "Protocol", "Directive", "Regulation", "FrameworkDecision", "Resolution", "Recommendation",
    "Declaration", "NationalLaw", "Decree", "Circular", "ActionPlan", "Strategy",
)  # fmt: skip
RELATIONS: Final = (
    "participatesIn", "memberOf", "adopted", "supports", "cooperatesWith", "funds", "partOf", "implements",
    "contributesTo", "mandatedBy", "holdsMandate", "monitoredBy", "launched", "monitors", "coordinates", "succeeds",
    "chairs", "reportsTo", "hosts", "secretariatOf", "administers", "signedAgreementWith", "fundedBy", "launchedWith",
)  # fmt: skip

_SOURCE: Final = Column("source", Kind.SOURCE, required=True)
_NUMBER: Final = Column("number", Kind.COUNT)


def _id() -> Column:
    return Column("id", Kind.ID, required=True)


def _text(name: str, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, required)


def _date(name: str) -> Column:
    return Column(name, Kind.DATE)


def _ref(name: str, *to: str, required: bool = False, many: bool = False) -> Column:
    return Column(name, Kind.REF, required, many, to=to)


def _concept(name: str, scheme: str, required: bool = False) -> Column:
    return Column(name, Kind.CONCEPT, required, scheme=scheme)


FAMILIES: Final[dict[str, Family]] = {
    family.name: family
    for family in (
        Family(
            "sources",
            (_id(), _text("title", True), _text("publisher", True), Column("url", Kind.URL), _date("published"),
             Column("read", Kind.DATE, True), Column("language", Kind.LANGUAGE, True),
             _concept("kind", "source-kind", True)),
            ("id",), "files",
        ),
        Family(
            "states",
            (_id(), _text("name_en", True), _text("name_fr", True),
             Column("article_fr", Kind.CHOICE, True, choices=("la", "le", "les", "l’", "-")), _text("alpha2", True),
             _text("numeric"), _concept("region", "region", True),
             Column("type", Kind.CHOICE, True, choices=("State", "Territory")), _SOURCE),
            ("id",), "files",
        ),
        Family(
            "actors",
            (_id(), Column("type", Kind.CHOICE, True, choices=ACTOR_TYPES), _text("name_en", True), _text("name_fr"),
             _text("abbreviation"), _ref("part_of", *ACTORS), _ref("country", "states"), _date("established"),
             _date("ended"), Column("homepage", Kind.URL), Column("wikidata", Kind.WIKIDATA),
             _text("description_en"), _SOURCE),
            ("id",), "source",
        ),
        Family(
            "instruments",
            (_id(), Column("type", Kind.CHOICE, True, choices=INSTRUMENT_TYPES), _text("name_en", True),
             _text("name_fr"), _text("short_name"), _text("reference"), _date("adopted"), _text("place"),
             _date("entry_into_force"), _ref("adopted_by", *ACTORS, many=True),
             _ref("amends_or_supplements", "instruments", many=True), _ref("implements", "instruments", many=True),
             Column("homepage", Kind.URL), _text("description_en"), _SOURCE),
            ("id",), "source",
        ),
        Family(
            "treaty-actions",
            (_ref("treaty", "instruments", required=True), _ref("participant", *ACTORS, required=True),
             _concept("action", "treaty-action", True), _NUMBER, _date("date"), _SOURCE),
            ("treaty", "participant", "action", "number"), "source",
        ),
        Family(
            "relations",
            (_ref("subject", *NODES, required=True), Column("relation", Kind.CHOICE, True, choices=RELATIONS),
             _ref("object", *NODES, required=True), _NUMBER, _date("start"), _date("end"), _SOURCE, _text("note")),
            ("subject", "relation", "object", "number"), "source",
        ),
        Family(
            "evaluations",
            (_ref("body", "actors", required=True), _ref("country", *ACTORS, required=True),
             _concept("round", "evaluation-round", True), _text("reference"), _date("adopted"), _date("published"),
             _SOURCE),
            ("body", "country", "round"), "source",
        ),
        Family(
            "projects",
            (_id(), _text("name_en", True), _text("name_fr"), _ref("implementer", *ACTORS, many=True),
             _ref("funders", *ACTORS, many=True), _ref("countries", "states", many=True), _text("region"),
             _date("start"), _date("end"), Column("budget_eur", Kind.NUMBER), _ref("partners", *NODES, many=True),
             Column("homepage", Kind.URL), _text("description_en"), _SOURCE),
            ("id",), "source",
        ),
        Family(
            "statistics",
            (_id(), _concept("indicator", "indicator", True), _ref("country", *ACTORS),
             Column("year", Kind.PERIOD), _concept("exploitation_form", "exploitation-form"),
             _concept("sex", "sex"), _concept("age_group", "age-group"), _text("value", True),
             _concept("unit", "unit", True), _concept("basis", "basis", True), _text("publisher", True), _SOURCE,
             _text("note")),
            ("id",), "files",
        ),
        Family(
            "court-cases",
            (_id(), _text("name_en", True), _text("name_fr"), _ref("court", "actors", required=True),
             _ref("respondent", "states", required=True, many=True), _date("date"), _text("reference", True), _SOURCE),
            ("id",), "source",
        ),
        Family(
            "names",
            (_ref("id", *ACTORS, "instruments", "projects", "court-cases", required=True),
             Column("language", Kind.CHOICE, True, choices=("en", "fr")), _text("name", True), _SOURCE),
            ("id", "language"), "source",
        ),
        Family(
            "claims",
            (_id(), Column("number", Kind.COUNT, True), _text("claim_en", True), _text("claim_fr", True),
             _text("verdict_en", True), _text("verdict_fr", True), Column("supported_by", Kind.PATH, many=True),
             Column("contradicted_by", Kind.PATH, many=True), Column("qualified_by", Kind.PATH, many=True), _SOURCE),
            ("id",), "files",
        ),
    )
}  # fmt: skip

#: Rows of the gathered facts that were not carried over, with the reason; the build report repeats them.
SET_ASIDE: Final = Family(
    "set-aside",
    (_text("family", True), _text("origin", True), _text("key", True), _text("reason", True)),
    ("family", "origin", "key", "reason"), "files",
)  # fmt: skip

#: What the addresses of sources answered when `palermo links` last asked; made by a program, read like any table.
LINK_CHECKS: Final = Family(
    "link-checks",
    (_ref("source", "sources", required=True), Column("url", Kind.URL, True),
     _concept("outcome", "link-outcome", True), _text("answer", True), Column("checked", Kind.DATE, True)),
    ("source",), "files",
)  # fmt: skip

#: Tables beside the families: each one file, which may be missing.
BESIDE: Final = {f"{family.name}.csv": family for family in (SET_ASIDE, LINK_CHECKS)}
