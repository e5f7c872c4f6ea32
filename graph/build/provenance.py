"""The graph of graphs: what each source is, and how far it may be trusted to decide between rival values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from graph.build.collect import RDF_TYPE, literal, pal
from graph.build.prefer import Standing
from graph.build.tables import Row
from graph.build.vocabulary import Vocabulary
from graph.dates import PartialDate
from graph.ids import PREFIXES, Ids, concept

_TITLE: Final = NamedNode(PREFIXES["dcterms"] + "title")
_LABELS: Final = (NamedNode(PREFIXES["rdfs"] + "label"),)
_PUBLISHER: Final = NamedNode(PREFIXES["dcterms"] + "publisher")
_ISSUED: Final = NamedNode(PREFIXES["dcterms"] + "issued")
_LANGUAGE: Final = NamedNode(PREFIXES["dcterms"] + "language")
_IDENTIFIER: Final = NamedNode(PREFIXES["dcterms"] + "identifier")
_URL: Final = NamedNode(PREFIXES["schema"] + "url")
_DATE: Final = NamedNode(PREFIXES["xsd"] + "date")
_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")


def standings(rows: list[Row], ranks: Mapping[str, int]) -> dict[str, Standing]:
    """What the preference rule knows of each source, by id."""
    return {row["id"]: Standing(row["id"], ranks[row["kind"]], row["published"]) for row in rows}


def describe(rows: list[Row], ids: Ids, words: Vocabulary, checks: list[Row] | None = None) -> Iterator[Quad]:
    """The description of every source, in the graph `sources`. A link check of an address that the source no longer
    has says nothing about the one it has, and is left out."""
    graph = NamedNode(ids.graph("sources"))
    checked = {(one["source"], one["url"]): one for one in checks or ()}
    for row in rows:
        node = NamedNode(ids.source(row["id"]))
        yield Quad(node, RDF_TYPE, pal("Source"), graph)
        yield Quad(node, _IDENTIFIER, Literal(row["id"]), graph)
        for predicate in (_TITLE, *_LABELS):
            yield Quad(node, predicate, Literal(row["title"], language=row["language"]), graph)
        yield Quad(node, _PUBLISHER, Literal(row["publisher"]), graph)
        yield Quad(node, _LANGUAGE, Literal(row["language"]), graph)
        yield Quad(node, pal("sourceKind"), NamedNode(concept("source-kind", row["kind"])), graph)
        yield Quad(node, pal("sourceRank"), Literal(str(words.ranks[row["kind"]]), datatype=_INTEGER), graph)
        if row["published"]:
            yield Quad(node, _ISSUED, literal(PartialDate.parse(row["published"])), graph)
        # The last day of what the cell covers: by then everything that the source states had happened.
        read = PartialDate.parse(row["read"]).last_day.isoformat()
        yield Quad(node, pal("readBy"), Literal(read, datatype=_DATE), graph)
        if row["url"]:
            yield Quad(node, _URL, NamedNode(row["url"]), graph)
            if found := checked.get((row["id"], row["url"])):
                yield Quad(node, pal("linkOutcome"), NamedNode(concept("link-outcome", found["outcome"])), graph)
                day = PartialDate.parse(found["checked"]).first_day.isoformat()
                yield Quad(node, pal("linkCheckedOn"), Literal(day, datatype=_DATE), graph)
        else:
            yield Quad(node, pal("flag"), NamedNode(concept("source-flag", "no-url")), graph)
        if row["kind"] in words.weak:
            yield Quad(node, pal("flag"), NamedNode(concept("source-flag", "weak")), graph)
