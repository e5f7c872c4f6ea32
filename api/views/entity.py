"""The page of one thing: an actor, an instrument, a project, a judgment, or whatever else has an IRI of its own."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from pyoxigraph import Literal

from api import links
from api.language import LANGUAGES
from api.present import Part, Presenter
from api.views import blocks
from graph.ids import PAL, PREFIXES
from graph.read import entity, figures
from graph.read.description import UnknownPageError
from graph.read.entity import Section, Thing
from viz import svg, timeline
from viz.layout import Size
from viz.scene import HEIGHT, WIDTH
from viz.state import State

#: Facts that a page shows, in their order; the ontology gives their names.
FACTS: Final = (
    "established", "ended", "adoptedOn", "entryIntoForce", "date", "start", "end", "place", "reference", "budget",
    "projectRegion", "region", "isoAlpha3",
)  # fmt: skip

#: The day on which a drawing is read whose release does not say when its sources were.
UNDATED: Final = date(2026, 1, 1)

#: The source of names that we translated ourselves, where no other source gives one in that language.
EDITORS: Final = "palermo-editors"

#: Properties that lead out of the graph, with what a page calls them.
_ELSEWHERE: Final = {
    PREFIXES["foaf"] + "homepage": "homepage",
    PREFIXES["owl"] + "sameAs": "same_as",
    PREFIXES["skos"] + "exactMatch": "same_as",
}

#: Properties told elsewhere on the page, or of use to programs only.
_TOLD: Final = {
    PREFIXES["rdf"] + "type",
    PREFIXES["rdfs"] + "label",
    PREFIXES["rdfs"] + "isDefinedBy",
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["dcterms"] + "description",
    PREFIXES["dcterms"] + "identifier",
    PREFIXES["dcterms"] + "title",
    *_ELSEWHERE,
    *(PAL + name for name in ("abbreviation", "shortName", "statedName", "article", "day", "startDay", "endDay")),
    *(PAL + name for name in ("isoAlpha2", "isoNumeric", "knownBy", "inForceDay")),
    *(PAL + name for name in FACTS),
}


def context(show: Presenter, iri: str, thing: Thing) -> dict[str, Any]:
    """What `entity.html` prints."""
    store = show.site.store
    path = links.local(iri, show.site.ids) or ""
    sections = entity.sections(store, iri)
    acts = blocks.acts(show, iri)
    own = thing.values
    facts = _facts(show, thing)
    shown_figures, _ = figures.about(store, iri, size=entity.FEW)
    footnotes = tuple(dict.fromkeys(one for fact in facts for value in fact.values for one in value.sources))
    said = [_section(show, section, path, iri) for section in sections]
    return {
        **names(show, iri, thing),
        "iri": iri,
        "path": path,
        "kind": " · ".join(show.kind(one) for one in thing.types[:1]),
        "description": show.values(own, PREFIXES["dcterms"] + "description"),
        "facts": facts,
        "footnotes": footnotes,
        "sections": said,
        "rows": acts.rows,
        "row_count": len(acts.every),
        "row_page": blocks.turn(path, 1, acts.pages, family="acts"),
        "is_treaty": acts.is_treaty,
        "lead": _lead(show, iri, acts),
        "figures": blocks.figures(show, shown_figures),
        "figure_count": figures.count(store, iri) if shown_figures else 0,
        "figures_href": f"{path}?family=figures",
        "mentions": [(show.kind(predicate), show.link(subject)) for predicate, subject in entity.mentions(store, iri)],
        "graph": graph(show, iri),
        "timeline": _timeline(show, iri, path),
        "developers": blocks.developers(iri, path, blocks.statements_query(show, iri)),
    }


def family(show: Presenter, iri: str, thing: Thing, name: str, page: int) -> dict[str, Any]:
    """What `family.html` prints: one family of relations, the acts on treaties, or the figures, page by page.

    Raises :class:`UnknownPageError`.
    """
    store = show.site.store
    path = links.local(iri, show.site.ids) or ""
    found: dict[str, Any] = {
        **names(show, iri, thing), "iri": iri, "path": path, "family": name, "section": None, "rows": [], "figures": [],
        "developers": blocks.developers(iri, path, blocks.statements_query(show, iri)),
    }  # fmt: skip
    if name == "figures":
        if not figures.count(store, iri):
            raise UnknownPageError("no figures")
        records, pages = figures.about(store, iri, page)
        return {**found, "figures": blocks.figures(show, records), "page": blocks.turn(path, page, pages, family=name)}
    if name == "acts":
        acts = blocks.acts(show, iri, page)
        if not acts.every:
            raise UnknownPageError("no acts")
        turn = blocks.turn(path, page, acts.pages, family=name)
        return {**found, "rows": acts.rows, "is_treaty": acts.is_treaty, "page": turn}
    if name not in entity.FAMILIES:
        raise UnknownPageError(name)
    section = entity.section(store, iri, name, page)
    shown = _section(show, section, path, iri)
    return {**found, "section": shown, "page": blocks.turn(path, page, section.pages, family=name)}


def names(show: Presenter, iri: str, thing: Thing) -> dict[str, Any]:
    """Title, the name in the other language, every other name."""
    label = show.label(iri)
    other = next(one for one in LANGUAGES if one != show.lang)
    every = [*thing.literals(PREFIXES["skos"] + "prefLabel"), *thing.literals(PREFIXES["rdfs"] + "label")]
    others = {one.value: one.language or "" for one in every if one.language == other and one.value != label.text}
    also = {
        one.value: one.language or ""
        for one in [*thing.literals(PREFIXES["skos"] + "altLabel"), *thing.literals(PAL + "statedName"), *every]
        if one.value not in (label.text, *others)
    }
    return {
        "title": Part(label.text, lang=label.language if label.foreign else ""),
        "ours": _ours(show, thing, label.text, label.language),
        "other_name": [Part(text, lang=tag) for text, tag in sorted(others.items())],
        "also": [Part(text, lang=tag if tag != show.lang else "") for text, tag in sorted(also.items())],
        "abbreviation": [one.value for one in thing.literals(PAL + "abbreviation")],
        "short": _short(show, iri, thing),
    }


def _ours(show: Presenter, thing: Thing, text: str, language: str) -> bool:
    """Whether a name is a translation of our own: no source but the editors gives it."""
    editors = show.site.ids.source(EDITORS)
    given = {
        source
        for name in (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label")
        for one in thing.values.get(name, ())
        if isinstance(one.value, Literal) and one.value.value == text and (one.value.language or "") == language
        for source in one.sources
    }
    return given == {editors}


def _short(show: Presenter, iri: str, thing: Thing) -> list[str]:
    """The names by which readers know it. Sources give them in English alone; French ones are those of sentences."""
    if show.lang == "en":
        return [one.value for one in thing.literals(PAL + "shortName")]
    return [text] if (text := show.short(iri)) else []


def _facts(show: Presenter, thing: Thing) -> list[blocks.Fact]:
    t, own = show.words, thing.values
    named = [(PAL + name, show.kind(name)) for name in FACTS if PAL + name in own]
    rest = [iri for iri in own if iri not in _TOLD and not iri.startswith(PAL + "stated")]
    show.learn(rest)
    named += [(iri, show.kind(iri)) for iri in rest]
    named += [(iri, t(f"entity.{word}")) for iri, word in _ELSEWHERE.items()]
    found = blocks.facts(show, own, named)
    return [*found, *_rivals(show, thing)]


def _rivals(show: Presenter, thing: Thing) -> list[blocks.Fact]:
    """Dates on which sources disagree, each value with its sources."""
    found = []
    for name in ("Established", "Ended", "AdoptedOn", "EntryIntoForce", "Start", "End", "Date"):
        stated = thing.values.get(f"{PAL}stated{name}", ())
        preferred = {
            one.value.value
            for one in thing.values.get(PAL + name[0].lower() + name[1:], ())
            if isinstance(one.value, Literal)
        }
        if len(stated) > 1 and preferred and not all(_within(one.value, preferred) for one in stated):
            text = f"{show.kind(name[0].lower() + name[1:])} ({show.words('entity.rivals')})"
            found.append(blocks.Fact(text, tuple(show.value(one) for one in stated)))
    return found


def _within(value: object, preferred: set[str]) -> bool:
    return isinstance(value, Literal) and any(one.startswith(value.value) for one in preferred)


def _section(show: Presenter, section: Section, path: str, about: str) -> dict[str, Any]:
    return {
        "family": section.family,
        "name": show.words(f"family.{section.family}"),
        "count": section.count,
        "said": [show.said(one, about) for one in section.statements],
        "href": f"{path}?family={section.family}",
        "rest": section.count - len(section.statements) if section.pages == 1 else 0,
    }


def _lead(show: Presenter, iri: str, acts: blocks.Acts) -> str:
    """How many are bound, of all participants and not of those on this page."""
    t = show.words
    every = [blocks.standing(one) for one in acts.every]
    parties = sum(one in ("party", "party_unknown") for one in every)
    if not acts.is_treaty:
        text = t("treaty.lead_state", n=parties, name=show.noun(iri)) if parties else ""
        return text[:1].upper() + text[1:]

    def some(count: int) -> str:
        return t("treaty.states", n=count) if count else t("treaty.none")

    signed, left = every.count("signatory"), every.count("left")
    text = t("treaty.lead", parties=some(parties), signed=some(signed), left=some(left))
    return text[:1].upper() + text[1:]


def graph(show: Presenter, iri: str, size: Size = (WIDTH, HEIGHT), prefix: str = "ego") -> str:
    """The nearest neighbours as a drawing of a size in pixels, for nodes of the network that have any. `prefix` sets
    its ids apart from those of another drawing on the page."""
    network = show.site.network
    number = network.aliases.get(iri)
    if number is None or not network.degree[number]:
        return ""
    read = show.site.manifest.date
    day = date.fromisoformat(read) if len(read) == 10 else UNDATED
    state = State(focus=(network.nodes[number].id,))
    scene = show.site.desk.scene(state, show.lang, day, size)
    return svg.draw(scene, svg.Look(node=_address, edge=_address, prefix=prefix))


def _address(path: str) -> str | None:
    return f"/doc/{path}"


def _timeline(show: Presenter, iri: str, path: str) -> str:
    counted = entity.years(show.site.store, iri)
    lanes = {name: show.words(f"family.{name}") for name in entity.FAMILIES}
    ids = show.site.ids
    marks = [
        timeline.Mark(
            year=one.year,
            family=one.family if one.family in lanes else "other",
            count=one.count,
            text=f"{one.year}, {lanes.get(one.family, lanes['other'])}: {one.count}",
            href=(links.local(one.statement, ids) or "") if one.count == 1 else f"{path}#{one.family}",
        )
        for one in counted
    ]
    return timeline.draw(marks, lanes, show.words("entity.timeline_text", name=show.name(iri)))
