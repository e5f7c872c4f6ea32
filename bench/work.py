"""What is asked: the same questions for every server, as far as it can be asked them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.clients import Ask
from graph.ids import PREFIXES
from graph.read.embedded import EmbeddedStore
from graph.read.library import load

#: The formats that every server writes a description in.
GRAPHS: Final = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
#: The formats in which an entity is fetched.
FORMATS: Final = ("text/html", "text/turtle", "application/ld+json", "application/n-triples")
ENTITIES: Final = 200

_CONSTRUCTS: Final = {
    "members": "CONSTRUCT { ?a pal:memberOf ?b } WHERE { ?a pal:memberOf ?b }",
    "parties": "CONSTRUCT WHERE { ?p a pal:PartyStatus ; pal:participant ?who ; pal:treaty ?treaty }",
    "everything of a country": "CONSTRUCT { ?s ?p ?o . ?s ?q ?r } WHERE { ?s ?p ?o ; ?q ?r VALUES ?o { id:fra } }",
}


def named() -> dict[str, str]:
    """Every named query with its defaults."""
    return {name: query.bind() for name, query in load().items()}


def constructs() -> dict[str, str]:
    """Three graphs, small to large."""
    head = "".join(f"PREFIX {one}: <{PREFIXES[one]}>\n" for one in ("pal", "id"))
    return {name: head + text for name, text in _CONSTRUCTS.items()}


def entities(release: Path) -> list[str]:
    """The entities with most said of them, some of every class: every n-th of all by number of triples."""
    with EmbeddedStore.open(release) as store:
        rows = store.select(
            "SELECT ?s (COUNT(*) AS ?n) { ?s a ?class ; ?p ?o FILTER(?class IN (pal:State, pal:Treaty, pal:Actor, "
            f"pal:Instrument, pal:Project)) FILTER(STRSTARTS(STR(?s), '{store.ids.entity('')}')) }} "
            "GROUP BY ?s ORDER BY DESC(?n) ?s"
        ).values()
        found = [str(row["s"]).removeprefix(store.ids.entity("")) for row in rows]
    return found[:: max(1, len(found) // ENTITIES)][:ENTITIES]


def documents(names: list[str]) -> list[Ask]:
    """Each entity in each format, as a browser and a program fetch it."""
    return [Ask(f"{name} {form}", f"/doc/{name}", form) for form in FORMATS for name in names]


def describes(names: list[str]) -> dict[str, str]:
    """`DESCRIBE` of each entity, for servers that are asked by SPARQL alone."""
    return {name: f"DESCRIBE <{PREFIXES['id']}{name}>" for name in names}


def lookups(names: list[str]) -> dict[str, list[Ask]]:
    """What only Palermo has: search, paths, scenes."""
    words = ("france", "greta", "conseil de l'europe", "trafiking", "united nations", "miprof", "sweden", "eu", "ilo")
    return {
        "search": [Ask(word, "/api/v1/search?q=" + word.replace(" ", "%20")) for word in words],
        "paths": [
            Ask(f"{one}-{other}", f"/api/v1/paths?from={one}&to={other}")
            for one, other in (("fra", "greta"), ("expertise-france", "eu"), ("swe", "untoc"), ("coe", "deu"))
        ],
        "scenes": [Ask(one, f"/api/v1/network?focus={one}") for one in ("fra", "greta", "swe", "eu", *names[:6])],
    }
