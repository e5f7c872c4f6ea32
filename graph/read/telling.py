"""Tells the statements of a network in sentences, with their dates as precise as the sources state them.

The index knows comparable days; a sentence needs to know whether a source printed a day, a month or a year. A
:class:`Teller` reads those once per release and then answers from memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.dates import PartialDate
from graph.ids import PAL, PREFIXES
from graph.read.dates import Lang
from graph.read.index import Edge, EdgeType, NetworkIndex, Node
from graph.read.nouns import Noun, noun
from graph.read.sentences import Phrase, Told, clause, over, sentence
from graph.read.store import Store

#: Properties of statements that a sentence uses, by their local names.
_DATES: Final = ("start", "end", "date", "knownBy", "inForceSince", "adoptedOn", "publishedOn")

#: Those of them that say when a statement begins to hold or when it happened, the first that is there.
_BEGUN: Final = ("start", "date", "adoptedOn", "publishedOn")

#: Ties that have their phrases once ended: the others are acts of one day.
_ACTS: Final = frozenset({"TreatyAction", "Evaluation"})


@dataclass(frozen=True)
class Facts:
    """What sentences need besides the index.

    By number of the statement: its dates as sources print them, the round of an evaluation, and the numbers of the
    premises of what rests on a rule alone. By number of the node: the French article before its name.
    """

    dates: Sequence[Mapping[str, PartialDate]]
    rounds: Sequence[str]
    premises: Sequence[tuple[int, ...]]
    articles: Sequence[str]


def read_facts(index: NetworkIndex, store: Store) -> Facts:
    """The facts of a release. Raises :class:`graph.read.store.StoreError`."""
    dates, rounds, premises = _dates(store), _texts(store, "round"), _premises(store, index)
    articles = _texts(store, "article")
    nothing: Mapping[str, PartialDate] = MappingProxyType({})
    return Facts(
        dates=tuple(dates.get(edge.iri, nothing) for edge in index.edges),
        rounds=tuple(rounds.get(edge.iri, "") for edge in index.edges),
        premises=tuple(premises.get(edge.iri, ()) for edge in index.edges),
        articles=tuple(articles.get(node.iri, "") for node in index.nodes),
    )


class Teller:
    """Says statements in English and French. Immutable once made; threads may share it.

    Raises :class:`graph.read.store.StoreError` while it is made.
    """

    def __init__(self, index: NetworkIndex, store: Store | Facts) -> None:
        self._index = index
        self._facts = store if isinstance(store, Facts) else read_facts(index, store)

    def say(self, edge: Edge, lang: Lang, on: date | None = None, *, because: bool = True) -> str:
        """A statement as one sentence, as read on a day (any day: what has an end is over).

        `because` adds the premises of what rests on a rule alone.
        """
        if edge.kind == "PartyStatus" or not because:  # rests on the participant's own acts, which its sentence names
            return sentence(self._told(edge, lang, on), lang)
        reasons = [clause(self._told(premise, lang, on), lang) for premise in self._premises(edge)]
        return sentence(self._told(edge, lang, on, tuple(reasons)), lang)

    def since(self, edge: Edge) -> PartialDate | None:
        """When a statement begins to hold, or when it happened, as precisely as a source states it."""
        dates = self._facts.dates[edge.number]
        return next((dates[name] for name in _BEGUN if name in dates), None)

    def name(self, node: Node, lang: Lang) -> Noun:
        """The name of a node as it stands in a sentence."""
        label = node.label(lang)
        foreign = lang == "fr" and not node.label_fr
        return noun(
            label, node.kind, lang, article=self._facts.articles[node.number] or None, foreign=foreign, local=node.id
        )

    def _premises(self, edge: Edge) -> list[Edge]:
        return [self._index.edges[number] for number in self._facts.premises[edge.number]]

    def _told(self, edge: Edge, lang: Lang, on: date | None, because: tuple[str, ...] = ()) -> Told:
        dates = self._facts.dates[edge.number]
        kind = self._index.types[edge.predicate]
        return Told(
            subject=self.name(self._index.nodes[edge.subject], lang),
            phrase=_phrase(kind, edge, lang),
            object=self.name(self._index.nodes[edge.object], lang),
            start=dates.get("start") or dates.get("date"),
            end=dates.get("end"),
            ended=over(edge.end, on),
            known_by=dates.get("knownBy"),
            in_force=dates.get("inForceSince"),
            adopted=dates.get("adoptedOn"),
            published=dates.get("publishedOn"),
            round=self._facts.rounds[edge.number],
            acts=[one.predicate for one in self._premises(edge) if edge.kind == "PartyStatus"],
            because=because,
        )


def _phrase(kind: EdgeType, edge: Edge, lang: Lang) -> Phrase:
    ended = kind.ended.get(lang, "")
    return Phrase(kind.predicate, kind.label[lang], ended, lasting=bool(ended) and edge.kind not in _ACTS)


def _dates(store: Store) -> dict[str, dict[str, PartialDate]]:
    found: dict[str, dict[str, PartialDate]] = {}
    for name in _DATES:
        query = f"SELECT ?s ?v WHERE {{ ?s <{PAL}{name}> ?v ; <{PAL}predicate> ?p }}"
        for subject, value in store.select(query).rows:
            if isinstance(subject, NamedNode) and isinstance(value, Literal):
                found.setdefault(subject.value, {})[name] = PartialDate.parse(value.value)
    return found


def _texts(store: Store, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for subject, value in store.select(f"SELECT ?s ?v WHERE {{ ?s <{PAL}{name}> ?v }}").rows:
        if isinstance(subject, NamedNode) and isinstance(value, Literal):
            found[subject.value] = min(found.get(subject.value, value.value), value.value)
    return found


def _premises(store: Store, index: NetworkIndex) -> Mapping[str, tuple[int, ...]]:
    """Premises of the statements that rest on a rule alone, in order."""
    found: dict[str, list[int]] = {}
    query = f"SELECT ?s ?v WHERE {{ ?s <{PREFIXES['prov']}wasDerivedFrom> ?v ; <{PAL}byRule> ?rule }}"
    for subject, value in store.select(query).rows:
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode) and value.value in index.statements:
            found.setdefault(subject.value, []).append(index.statements[value.value])
    return {iri: tuple(sorted(numbers)) for iri, numbers in found.items()}
