"""Statements of the network as sentences: facts from the store, grammar from :mod:`graph.read.sentences`."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import date
from typing import Final

from graph.dates import PartialDate
from graph.ids import PAL, PREFIXES
from graph.read.dates import Lang
from graph.read.index import Edge, NetworkIndex, Node
from graph.read.nouns import Noun, noun
from graph.read.sentences import Phrase, Told, over, sentence
from graph.read.store import Store

#: Properties of a statement that are told, as precise as its sources state them.
_TOLD: Final = ("start", "end", "date", "adoptedOn", "publishedOn", "inForceSince", "round")
#: A name longer than this gives way to its abbreviation or short name inside a sentence.
_LONG: Final = 40
_HEAD: Final = f"PREFIX pal: <{PAL}>\nPREFIX rdfs: <{PREFIXES['rdfs']}>\n"


class Sayer:
    """Says one statement in one sentence, in English or French, as known on a day; shared by threads."""

    def __init__(self, store: Store, index: NetworkIndex) -> None:
        self._index = index
        self._facts: dict[str, dict[str, str]] = defaultdict(dict)
        for name in _TOLD:
            for row in store.select(f"{_HEAD}SELECT ?s ?v WHERE {{ ?s pal:predicate ?p ; pal:{name} ?v }}").values():
                self._facts[row["s"] or ""][name] = row["v"] or ""
        self._articles = {
            row["s"] or "": row["v"] or ""
            for row in store.select(f"{_HEAD}SELECT ?s ?v WHERE {{ ?s pal:article ?v }}").values()
        }
        self._phrases = _phrases(store)
        self._said: dict[tuple[int, str, bool], str] = {}
        self._nouns: dict[tuple[int, str], Noun] = {}
        self._lock = threading.Lock()

    def __call__(self, edge: Edge, lang: str, on: date) -> str:
        """The sentence of a statement; what is over by that day is told in the past."""
        ended = over(edge.end, on)
        key = edge.number, lang, ended
        with self._lock:
            if key in self._said:
                return self._said[key]
        said = self._sentence(edge, "fr" if lang == "fr" else "en", ended)
        with self._lock:
            self._said[key] = said
        return said

    def noun(self, node: Node, lang: Lang) -> Noun:
        """An entity inside a sentence, with its article."""
        key = node.number, lang
        if key not in self._nouns:
            own, other = (node.label_fr, node.label_en) if lang == "fr" else (node.label_en, node.label_fr)
            label, foreign = own or other or node.id, not own
            # a short name of a text is mostly English; an abbreviation of a body serves in both languages
            brief = node.abbreviation if node.group == "Actor" or lang == "en" else ""
            if brief and len(label) > _LONG:
                label = brief
            article = self._articles.get(node.iri, "") if node.kind in ("State", "Territory") else None
            self._nouns[key] = noun(label, node.kind, lang, article=article, foreign=foreign)
        return self._nouns[key]

    def _sentence(self, edge: Edge, lang: Lang, ended: bool) -> str:
        facts = self._facts.get(edge.iri, {})

        def day(*names: str) -> PartialDate | None:
            return next((PartialDate.parse(facts[name]) for name in names if facts.get(name)), None)

        told = Told(
            subject=self.noun(self._index.nodes[edge.subject], lang),
            phrase=self._phrases[edge.predicate, lang],
            object=self.noun(self._index.nodes[edge.object], lang),
            start=day("start", "date"),
            end=day("end"),
            ended=ended,
            known_by=PartialDate.of(edge.known_by) if edge.known_by else None,
            in_force=day("inForceSince"),
            adopted=day("adoptedOn"),
            published=day("publishedOn"),
            round=facts.get("round", ""),
        )
        return sentence(told, lang)


def _phrases(store: Store) -> dict[tuple[str, str], Phrase]:
    """The verb phrases of every kind of edge by predicate and language."""
    query = f"""{_HEAD}SELECT ?p ?l ?now ?ended ?lasting WHERE {{
      ?t pal:family ?f ; pal:predicate ?p ; rdfs:label ?now .
      BIND(LANG(?now) AS ?l)
      OPTIONAL {{ ?t pal:endedLabel ?ended FILTER(LANG(?ended) = ?l) }}
      OPTIONAL {{ ?t pal:lasting ?lasting }}
    }}"""
    return {
        ((row["p"] or "").removeprefix(PAL), row["l"] or ""): Phrase(
            (row["p"] or "").removeprefix(PAL), row["now"] or "", row["ended"] or "", row["lasting"] != "false"
        )
        for row in store.select(query).values()
    }
