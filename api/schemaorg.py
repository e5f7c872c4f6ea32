"""What search engines read: schema.org descriptions of pages, as data that a page carries."""

from __future__ import annotations

from typing import Any, Final

from pyoxigraph import Literal

from api.present import Presenter
from graph.ids import PAL, PREFIXES
from graph.read import records
from graph.read.entity import Thing
from graph.read.sources import Citation

_CONTEXT: Final = "https://schema.org"

#: Class of the ontology -> type of schema.org; what is not listed is an Organization, Legislation or Thing by its kin.
TYPES: Final = {
    "State": "Country",
    "Territory": "AdministrativeArea",
    "Person": "Person",
    "CivilSocietyOrganisation": "NGO",
    "GovernmentBody": "GovernmentOrganization",
    "CoordinationBody": "GovernmentOrganization",
    "LawEnforcementBody": "GovernmentOrganization",
    "NationalRapporteur": "GovernmentOrganization",
    "DevelopmentAgency": "GovernmentOrganization",
    "ResearchBody": "ResearchOrganization",
    "Mandate": "Role",
    "Project": "Project",
    "Initiative": "Project",
    "Campaign": "Project",
    "Judgment": "Legislation",
    "Treaty": "Legislation",
    "Protocol": "Legislation",
    "Directive": "Legislation",
    "Regulation": "Legislation",
    "FrameworkDecision": "Legislation",
    "NationalLaw": "Legislation",
    "Decree": "Legislation",
    "Circular": "Legislation",
    "Resolution": "Legislation",
    "Recommendation": "Legislation",
    "Declaration": "Legislation",
    "ActionPlan": "CreativeWork",
    "Strategy": "CreativeWork",
    "Fund": "Organization",
    "Network": "Organization",
    "IntergovernmentalOrganisation": "Organization",
    "UNBody": "Organization",
    "EUBody": "Organization",
    "CouncilOfEuropeBody": "Organization",
    "OSCEBody": "Organization",
}


def entity(show: Presenter, iri: str, thing: Thing) -> dict[str, Any]:
    """A thing by its class."""
    kind = next((TYPES[one] for one in thing.types if one in TYPES), "Thing")
    record = thing.values
    same = [one.value.value for one in record.get(PREFIXES["owl"] + "sameAs", ())]
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": kind,
        "@id": iri,
        "name": show.name(iri),
        "alternateName": sorted(
            {one.value for name in ("altLabel",) for one in thing.literals(PREFIXES["skos"] + name)}
            | {one.value for one in thing.literals(PAL + "abbreviation")}
        ),
        "description": next(iter(_texts(show, record, PREFIXES["dcterms"] + "description")), ""),
        "url": records.link(record, PREFIXES["foaf"] + "homepage"),
        "sameAs": same,
    }
    if kind == "Legislation":
        found["legislationDate"] = records.text(record, PAL + "adoptedOn") or records.text(record, PAL + "date")
        found["legislationIdentifier"] = records.text(record, PAL + "reference")
    elif kind.endswith("Organization") or kind == "NGO":
        found["foundingDate"] = records.text(record, PAL + "established")
        found["dissolutionDate"] = records.text(record, PAL + "ended")
    return _present(found)


def statement(show: Presenter, iri: str, context: dict[str, Any]) -> dict[str, Any]:
    """A statement as a claim with what it rests on."""
    return _present(
        {
            "@context": _CONTEXT,
            "@type": "Claim",
            "@id": iri,
            "text": context["sentence"],
            "inLanguage": show.lang,
            "about": [{"@id": one} for one in (context["statement_ends"])] if "statement_ends" in context else [],
            "appearance": [_work(one) for one in context["sources"]],
        }
    )


def figure(show: Presenter, iri: str, context: dict[str, Any]) -> dict[str, Any]:
    """A figure as an observation."""
    return _present(
        {
            "@context": _CONTEXT,
            "@type": "Observation",
            "@id": iri,
            "name": context["title"].text,
            "value": context["number"],
            "citation": [_work(one) for one in context["sources"]],
        }
    )


def claim(show: Presenter, iri: str, context: dict[str, Any]) -> dict[str, Any]:
    """A claim and its weighing as a review, as fact checkers publish them."""
    return _present(
        {
            "@context": _CONTEXT,
            "@type": "ClaimReview",
            "@id": iri,
            "claimReviewed": context["title"].text,
            "reviewBody": " ".join(one.part.text for one in context["verdict"]),
            "author": {"@type": "Organization", "name": "Palermo"},
            "itemReviewed": {
                "@type": "Claim",
                "text": context["title"].text,
                "appearance": [_work(one) for one in context["sources"]],
            },
        }
    )


def source(show: Presenter, citation: Citation) -> dict[str, Any]:
    """A source as a creative work."""
    return _present({"@context": _CONTEXT, **_work(citation)})


def dataset(show: Presenter, url: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    """The data set for catalogues of data sets."""
    return _present(
        {
            "@context": _CONTEXT,
            "@type": "Dataset",
            "@id": show.site.ids.base + "data",
            "name": f"Palermo: {show.words('site.tagline')}",
            "description": show.words("home.lead"),
            "url": url,
            "version": show.site.manifest.release,
            "dateModified": show.site.manifest.date,
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "isAccessibleForFree": True,
            "inLanguage": ["en", "fr"],
            "distribution": files,
        }
    )


def _work(one: Citation) -> dict[str, Any]:
    return _present(
        {
            "@type": "CreativeWork",
            "@id": one.iri,
            "name": one.title,
            "publisher": {"@type": "Organization", "name": one.publisher} if one.publisher else None,
            "datePublished": one.issued,
            "url": one.url,
            "inLanguage": one.language,
        }
    )


def _texts(show: Presenter, record: records.Record, name: str) -> list[str]:
    every = [one.value for one in record.get(name, ()) if isinstance(one.value, Literal)]
    return [one.value for one in sorted(every, key=lambda one: one.language != show.lang)]


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, [])}
