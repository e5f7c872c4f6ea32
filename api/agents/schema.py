"""The schema as an agent needs it to write SPARQL: short, with counts, made from the release itself."""

from __future__ import annotations

from typing import Final

from graph.ids import CONCEPT, PAL, RULE
from graph.read import labels, library
from graph.read.collections import COLLECTIONS
from graph.read.release import Release

_DATES: Final = """\
## Dates

A date is as precise as its source prints it: `pal:date`, `pal:start`, `pal:end`, `pal:established`, `pal:adoptedOn` may
be `xsd:date`, `xsd:gYearMonth` or `xsd:gYear`. To compare, use the days that always are `xsd:date`: `pal:day` of what
happens, `pal:startDay` and `pal:endDay` (exclusive) of what lasts. Something holds on day d when startDay <= d and not
endDay <= d. No startDay means that the day is unknown, not that it never began; `pal:knownBy` of a party status then
says by which day it certainly was one."""

_STATEMENTS: Final = """\
## Statements

Every edge is a plain triple (`id:fra pal:memberOf id:coe`) and a node with `pal:subject`, `pal:predicate`,
`pal:object`, dates and, through its graph, its source:

    SELECT ?statement ?source WHERE {
      GRAPH ?source { ?statement pal:subject id:fra ; pal:predicate pal:memberOf ; pal:object id:coe }
      ?source a pal:Source
    }

Select the statement node beside what you ask, and the answer comes with its sources. `pal:PartyStatus` (who is bound by
which treaty) is inferred: `prov:wasDerivedFrom` names its premises, which have sources. The default graph holds every
triple once, so a COUNT is a count."""


def schema(release: Release) -> str:
    """The schema as Markdown."""
    store, index = release.store, release.index
    out = ["# Palermo: schema", "", f"Release {release.manifest.release}. Declare the prefixes that you use:", ""]
    out += [f"    PREFIX {name}: <{iri}>" for name, iri in sorted(store.ids.prefixes.items())]
    out += ["", "## Classes of entities (how many)", ""]
    for group in ("Actor", "Instrument", "Project", "Judgment"):
        kinds = {kind: number for kind, (of, number) in sorted(index.classes.items()) if of == group}
        out.append(f"- pal:{group}: " + ", ".join(f"pal:{kind} ({number})" for kind, number in kinds.items()))
    out += ["", "## Lists: class and properties", ""]
    for one in COLLECTIONS.values():
        fields = ", ".join(dict.fromkeys(field.property for field in one.fields if field.property))
        out.append(f"- pal:{one.class_} — {one.about} {fields}")
    out += ["", _STATEMENTS, "", "## Kinds of edges: predicate, family, in words", ""]
    for name, kind in sorted(index.types.items(), key=lambda one: (one[1].family, one[0])):
        way = "" if kind.directed else ", either way"
        out.append(f"- pal:{name} ({kind.family}{way}): A {kind.label['en']} B")
    out += ["", "## Closed lists: concept IRIs are con:{list}/{notation}", ""]
    rows = store.select("SELECT ?c ?n WHERE { ?c skos:inScheme ?s ; skos:notation ?n }").values()
    schemes: dict[str, list[str]] = {}
    for row in rows:
        scheme = (row["c"] or "").removeprefix(CONCEPT).partition("/")[0]
        schemes.setdefault(scheme, []).append(row["n"] or "")
    for scheme, notations in sorted(schemes.items()):
        shown = sorted(notations)
        cut = f" … ({len(shown)} in all)" if len(shown) > 40 else ""
        out.append(f"- {scheme}: {', '.join(shown[:40])}{cut}")
    out += ["", _DATES, "", "## Rules of inference", ""]
    rules = sorted({edge.rule for edge in index.edges if edge.rule})
    said = labels.of(store, [RULE + one for one in rules], "en")
    out += [f"- {one}: {said[RULE + one].text}" for one in rules]
    out += ["", f"The ontology is {PAL.removesuffix('#')}."]
    return "\n".join(out) + "\n"


def queries() -> str:
    """The named queries as Markdown: what each answers and which parameters it has."""
    out = ["# Named queries", "", "Read palermo://queries/{name} for the SPARQL of one.", ""]
    for name, query in library.load().items():
        parameters = ", ".join(f"{one.name} ({one.datatype}, default {one.default or 'open'})" for one in query.params)
        out.append(f"- {name}: {query.question}" + (f" Parameters: {parameters}." if parameters else ""))
    return "\n".join(out) + "\n"
