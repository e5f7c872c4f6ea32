"""The page of a source with everything that it states, and the list of all sources."""

from __future__ import annotations

from typing import Any, Final

from pyoxigraph import NamedNode

from api import links
from api.present import Part, Presenter
from api.views import blocks
from graph.ids import CONCEPT, PAL, PREFIXES
from graph.read import sources
from graph.read.records import Record

#: Sources of one page of the list.
SIZE: Final = 150

#: Properties of things that a source's page tells, with what is told elsewhere left out.
_LEFT_OUT: Final = {
    PREFIXES["rdf"] + "type",
    PREFIXES["rdfs"] + "label",
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["dcterms"] + "identifier",
    *(PAL + name for name in ("day", "startDay", "endDay", "article", "claimText", "claimNumber")),
}


def context(show: Presenter, iri: str, page: int) -> dict[str, Any] | None:
    """What `source.html` prints; None for what is no source. Raises
    :class:`graph.read.description.UnknownPageError`."""
    store, t = show.site.store, show.words
    citation = sources.cite(store, [iri]).get(iri)
    if citation is None:
        return None
    stated = sources.stated(store, iri, page)
    path = links.local(iri, show.site.ids) or ""
    said, figures, things = stated.counts
    counts = [
        t(key, n=count)
        for key, count in (("source.statements", said), ("source.figures", figures), ("source.things", things))
        if count
    ]
    return {
        "iri": iri,
        "path": path,
        "title": Part(citation.title, lang=citation.language if citation.language != show.lang else ""),
        "kind": t("source.kind"),
        "citation": citation,
        "address": Part(_bare(citation.url), links.safe(citation.url) or "") if citation.url else None,
        "sort": show.link(citation.kind) if citation.kind else None,
        "weak": f"{CONCEPT}source-flag/weak" in citation.flags,
        "counts": ", ".join(counts),
        "said": [show.said(one) for one in stated.statements],
        "figures": blocks.figures(show, stated.figures),
        "things": [(show.link(node), _facts(show, record)) for node, record in stated.things.items()],
        "page": blocks.turn(path, page, stated.pages),
        "developers": blocks.developers(iri, path, _query(iri)),
    }


def _facts(show: Presenter, record: Record) -> list[blocks.Fact]:
    names = [name for name in record if name not in _LEFT_OUT and not _edge(show, name)]
    show.learn(names)
    stated = {name[len(PAL + "stated") :].lower() for name in names if name.startswith(PAL + "stated")}
    kept = [name for name in names if name.removeprefix(PAL).lower() not in stated]
    return [
        blocks.Fact(fact.name, fact.values) for fact in blocks.facts(show, record, [(n, show.kind(n)) for n in kept])
    ]


def _edge(show: Presenter, name: str) -> bool:
    return name in show.site.ontology.edges


def _bare(url: str) -> str:
    return url.split("://", 1)[-1].rstrip("/")


def _query(iri: str) -> str:
    return f"SELECT ?subject ?property ?value WHERE {{\n  GRAPH {NamedNode(iri)} {{ ?subject ?property ?value }}\n}}"


def index(show: Presenter, page: int) -> dict[str, Any] | None:
    """What `sources.html` prints; None past the last page."""
    every = sources.every(show.site.store)
    pages = max(1, -(-len(every) // SIZE))
    if not 1 <= page <= pages:
        return None
    shown = every[(page - 1) * SIZE : page * SIZE]
    show.learn(one.kind for one in shown if one.kind)
    return {
        "count": len(every),
        "rows": [
            (
                one,
                show.href(one.iri),
                show.name(one.kind) if one.kind else "",
                f"{CONCEPT}source-flag/weak" in one.flags,
            )
            for one in shown
        ],
        "page": blocks.turn("/sources", page, pages),
    }
