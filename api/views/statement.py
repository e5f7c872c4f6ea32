"""The pages of what is said rather than what is: a statement with its evidence, a figure, a claim."""

from __future__ import annotations

from typing import Any, Final

from pyoxigraph import Literal

from api import links
from api.present import Part, Presenter, rivals
from api.views import blocks
from graph.ids import PAL, PREFIXES, RULE
from graph.read import evidence, labels, records
from graph.read.entity import Thing
from graph.read.quality import publisher
from graph.read.records import Record
from graph.read.statements import Statement

#: What a statement says besides its two ends, in the order of telling.
VALUES: Final = (
    "date", "start", "end", "inForceSince", "knownBy", "round", "reference", "adoptedOn", "publishedOn", "note",
)  # fmt: skip
_CLAIM: Final = {"supportedBy": "supported", "contradictedBy": "contradicted", "qualifiedBy": "qualified"}


def context(show: Presenter, iri: str) -> dict[str, Any] | None:
    """What `statement.html` prints; None for what is no statement."""
    found = evidence.read(show.site.store, iri)
    if found is None:
        return None
    statement = found.statement
    path = links.local(iri, show.site.ids) or ""
    parts = show.sentence(statement)
    sentence = "".join(part.text for part in parts)
    named = [(PAL + name, show.kind(name)) for name in VALUES]
    return {
        "iri": iri,
        "path": path,
        "title": Part(sentence),
        "parts": parts,
        "kind": show.kind(statement.kind),
        "facts": blocks.facts(show, statement.values, named),
        "ends": [show.link(statement.subject), show.link(statement.object)],
        "sources": show.cited(statement.sources),
        "rule": show.link(statement.rule) if statement.rule else None,
        "premises": [show.said(one) for one in found.premises],
        "consequences": [show.said(one) for one in found.consequences],
        "consequence_count": found.consequence_count,
        "confidence": _confidence(show, statement),
        "rivals": _rivals(show, statement),
        "claims": [(show.kind(predicate), show.link(claim)) for predicate, claim in found.claims],
        "sentence": sentence,
        "developers": blocks.developers(iri, path, blocks.own_query(iri)),
    }


def _confidence(show: Presenter, statement: Statement) -> dict[str, Any] | None:
    """How well a statement is borne out, with the reasons as the rule reckons them; None for what only rules make."""
    stated = statement.values.get(PAL + "confidence", ())
    if not stated:
        return None
    concept = stated[0].value.value
    cited = show.cited(statement.sources)
    sound = [one for one in cited if not one.flags]
    known = records.read(show.site.store, [concept]).get(concept, {})
    meaning = show.values(known, PREFIXES["skos"] + "definition")
    return {
        "degree": show.link(concept),
        "meaning": meaning[0].part.text if meaning else "",
        "publishers": sorted({publisher(one.publisher) for one in cited}),
        "pages": len(cited),
        "sound": len(sound),
        "kind": show.name(min(sound, key=lambda one: one.rank).kind) if sound else "",
        "contested": concept.endswith("/contested"),
        "rule": show.link(RULE + "80-confidence"),
    }


def _rivals(show: Presenter, statement: Statement) -> list[tuple[str, list[Any]]]:
    """For each date on which sources disagree: its name, the values (preferred one first)."""
    found = []
    for name, stated in sorted(rivals(statement).items()):
        plain = name.removeprefix(PAL + "stated")
        preferred = statement.text(plain[0].lower() + plain[1:])
        ordered = sorted(stated, key=lambda one: one.value.value != preferred)
        values = [(show.value(one), one.value.value == preferred) for one in ordered]
        found.append((show.kind(plain[0].lower() + plain[1:]), values))
    return found


def figure(show: Presenter, iri: str, thing: Thing) -> dict[str, Any]:
    """What `figure.html` prints."""
    t, record = show.words, thing.values
    path = links.local(iri, show.site.ids) or ""
    named = [
        (PAL + "indicator", t("figure.indicator")),
        (PAL + "refArea", t("figure.area")),
        (PAL + "period", t("figure.period")),
        (PAL + "exploitationForm", t("figure.form")),
        (PAL + "sex", t("figure.sex")),
        (PAL + "ageGroup", t("figure.age")),
        (PAL + "unit", t("figure.unit")),
        (PAL + "basis", t("figure.basis")),
        (PREFIXES["dcterms"] + "publisher", t("figure.publisher")),
        (PAL + "note", t("figure.note")),
    ]
    indicator = records.link(record, PAL + "indicator")
    area, period = records.link(record, PAL + "refArea"), records.text(record, PAL + "period")
    said = {source for every in record.values() for one in every for source in one.sources}
    title = [show.name(indicator)] if indicator else []
    title += [show.name(area)] if area else []
    title += [period] if period else []
    return {
        "iri": iri,
        "path": path,
        "title": Part(", ".join(title) or labels.last_part(iri)),
        "kind": t("figure.kind"),
        "number": blocks.number(show, record),
        "facts": blocks.facts(show, record, named),
        "definition": _definition(show, record),
        "sources": show.cited(said),
        "mentions": _claims_about(show, iri),
        "developers": blocks.developers(iri, path, blocks.own_query(iri)),
    }


def _definition(show: Presenter, record: Record) -> list[tuple[Part, Any]]:
    """What the indicator and the basis mean, in the words of the closed lists."""
    found = []
    for name in ("indicator", "basis", "exploitationForm"):
        concept = records.link(record, PAL + name)
        if concept:
            known = records.read(show.site.store, [concept]).get(concept, {})
            values = show.values(known, PREFIXES["skos"] + "definition")
            found += [(show.link(concept), values[0].part)] if values else []
    return found


def _claims_about(show: Presenter, iri: str) -> list[tuple[str, Part]]:
    found = evidence.claims(show.site.store, iri)
    return [(show.kind(predicate), show.link(claim)) for predicate, claim in found]


def claim(show: Presenter, iri: str, thing: Thing) -> dict[str, Any]:
    """What `claim.html` prints: the claim, the verdict, and what it rests on, each told in a sentence."""
    record, t = thing.values, show.words
    path = links.local(iri, show.site.ids) or ""
    texts = show.values(record, PAL + "claimText")
    said = {one for stated in record.get(PAL + "claimText", ()) for one in stated.sources}
    number = next((one.value for one in thing.literals(PAL + "claimNumber") if isinstance(one, Literal)), "")
    return {
        "iri": iri,
        "path": path,
        "title": texts[0].part if texts else Part(labels.last_part(iri)),
        "kind": t("claim.kind"),
        "number": number,
        "verdict": show.values(record, PAL + "verdict"),
        "groups": [
            (t(f"claim.{word}"), _told(show, record, PAL + name))
            for name, word in _CLAIM.items()
            if PAL + name in record
        ],
        "sources": show.cited(said),
        "developers": blocks.developers(iri, path, blocks.own_query(iri)),
    }


def _told(show: Presenter, record: Record, name: str) -> list[tuple[tuple[Part, ...], str, tuple[Any, ...]]]:
    """What a claim is weighed against: statements as sentences, figures with their value, other things by name."""
    found: list[tuple[tuple[Part, ...], str, tuple[Any, ...]]] = []
    for stated in record.get(name, ()):
        iri = stated.value.value
        proof = evidence.read(show.site.store, iri)
        if proof is not None:
            one = show.said(proof.statement)
            found.append((one.parts, one.href, one.sources))
            continue
        other = records.read(show.site.store, [iri]).get(iri, {})
        if PAL + "value" in other or PAL + "category" in other:
            row = blocks.figures(show, {iri: other})[0]
            words = [row.cells[key].text for key in ("indicator", "period", "form", "age") if key in row.cells]
            text = f"{', '.join(words)}{' :' if show.lang == 'fr' else ':'} {row.number}"
            found.append(((Part(text),), row.href, tuple(one for cited in row.sources for one in cited.sources)))
        else:
            found.append(((show.link(iri),), "", ()))
    return found
