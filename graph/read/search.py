"""Search by name: accents, case and typing slips forgiven, French and English names and abbreviations alike.

Every name is a list of folded words. A word of the query is matched with the words that occur in names: exactly, as a
beginning, or by few slips (one in words of 4 or 5 letters, two from 6 on; a swap of neighbours counts once). A name
fits as well as its rare words are covered by the query and the query's by the name. Equal fits are ranked by how many
nodes an entity is linked to.

Names in everyday use that no source prints are in `everyday.toml`: they find and are not shown.

Why words and rapidfuzz: over the 2,500 names of this graph SQLite's FTS5 trigram index answers in 0.2 ms but cannot
find a word of two letters ("EU", "UN") and ranks a swap of letters behind unrelated names; rapidfuzz's whole-string
scorers take 1 to 6 ms and prefer short names inside the query. Matching words takes 0.1 ms per word and ranks best
(docs/api.md has the figures).
"""

from __future__ import annotations

import math
import re
import sys
import tomllib
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from graph.read.index import NetworkIndex, Node

_LETTERS: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l"})
_WORD: Final = re.compile(r"[^\W_]+")

#: A longer query is cut: nobody types more, and the cost of a query stays bounded.
MAX_WORDS: Final = 12
MAX_LETTERS: Final = 120

#: Below this share of the query's weight a name does not match at all.
_LEAST: Final = 0.5
#: How much being linked counts beside the fit of the text, which is 0 to 1.
_CENTRALITY: Final = 0.12
#: A word that stands in another name of the same entity counts this much of one that stands in the name itself.
_SPREAD: Final = 0.7
#: How well the initials of a name fit ("OIM" for Organisation internationale pour les migrations).
_ACRONYM: Final = 0.95
#: A name that begins like the query goes before one that has the same words further on.
_BEGINS: Final = 0.03
#: A name inside a longer query ("greta france") is found from this share of the query's weight on, if this much of the
#: name is matched: all of it, or all but a slip.
_INSIDE: Final = 0.3
_NEARLY: Final = 0.7
#: How much less another name counts than the entity's own: an identifier, a name in everyday use.
_OTHER: Final = 0.97

#: Words that initials leave out, folded.
_SMALL: Final = frozenset(
    {
        "a", "al", "and", "au", "aux", "contre", "d", "de", "des", "du", "en", "et", "for", "in",
        "l", "la", "le", "les", "of", "on", "par", "pour", "sur", "the", "to", "un", "une",
        "all", "forms", "formes", "toutes",
    }
)  # fmt: skip
#: What abbreviations of bodies of the United Nations leave out ("HCR" for Haut-Commissariat des Nations Unies pour …).
_WHOSE: Final = re.compile(r"\b(?:united nations|nations unies)\b")
#: Noughts that some write and some do not: C029, C29.
_NOUGHTS: Final = re.compile(r"\b([a-z]*)0+(?=\d)")
_GLUED: Final = re.compile(r"([a-z]+)(\d+)")
_EVERYDAY: Final = Path(__file__).with_name("everyday.toml")


def fold(text: str) -> str:
    """Lower case without accents, ligatures opened; words are separated by one space."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    return " ".join(_WORD.findall("".join(one for one in plain if not unicodedata.combining(one))))


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: folded, numbers without noughts before them."""
    return _NOUGHTS.sub(r"\1", fold(text)).split()


Scores = NDArray[np.float64]
Positions = NDArray[np.intp]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that was found: its score (1 is a whole name, exactly), and the name that matched."""

    node: Node
    score: float
    matched: str


class Search:
    """Names of a network, ready to be searched; immutable and shared by threads.

    What is said of names stands in arrays by their position, so that a word that thousands of names share costs little
    more than one of ten: at a hundred times today's release a search in loops took five times as long as today's.
    """

    def __init__(self, index: NetworkIndex) -> None:
        self._index = index
        self._vocabulary: list[str] = []
        self._number: dict[str, int] = {}
        raw: list[tuple[int, str, tuple[int, ...], bool]] = []
        seen: set[tuple[int, tuple[int, ...]]] = set()
        everyday: dict[str, list[str]] = tomllib.loads(_EVERYDAY.read_text(encoding="utf-8"))
        for node in index.nodes:
            for text, own in _names(node, everyday.get(node.id, ())):
                words = tuple(self._word(word) for word in words_of(text))
                if words and (node.number, words) not in seen:
                    seen.add((node.number, words))
                    raw.append((node.number, text, words, own))
        count = [0] * len(self._vocabulary)
        for _, _, words, _ in raw:
            for word in set(words):
                count[word] += 1
        self._rarity = [math.log(1 + len(raw) / one) for one in count]
        self._texts = [text for _, text, _, _ in raw]
        self._node = np.array([node for node, _, _, _ in raw], dtype=np.intp)
        self._weight = np.array([sum(self._rarity[word] for word in words) for _, _, words, _ in raw])
        self._counts = np.array([1.0 if own else _OTHER for _, _, _, own in raw])
        self._first = np.array([words[0] for _, _, words, _ in raw], dtype=np.intp)
        self._sorted = sorted(self._vocabulary)
        self._lengths = np.array([len(word) for word in self._vocabulary])
        having: dict[int, list[int]] = defaultdict(list)
        for position, (_, _, words, _) in enumerate(raw):
            for word in set(words):
                having[word].append(position)
        self._having = {word: np.array(positions, dtype=np.intp) for word, positions in having.items()}
        self._beginnings: dict[int, list[str]] = {
            length: [word[:length] for word in self._vocabulary] for length in range(4, 13)
        }
        self._acronyms: dict[str, set[int]] = defaultdict(set)
        for node in index.nodes:
            for text in (node.label_en, node.label_fr):
                for acronym in _acronyms(text):
                    self._acronyms[acronym].add(node.number)
        most = max((len(index.incident[node.number]) for node in index.nodes), default=0)
        self._central = np.array([math.log1p(one) / math.log1p(most) if most else 0.0 for one in index.degree])

    def _word(self, word: str) -> int:
        if word not in self._number:
            self._number[word] = len(self._vocabulary)
            self._vocabulary.append(word)
        return self._number[word]

    def _apart(self, word: str) -> list[str]:
        """A word that no name has, as letters and number where names have both ("cets197")."""
        glued = None if word in self._number else _GLUED.fullmatch(word)
        parts = list(glued.groups()) if glued else []
        return parts if parts and all(part in self._number for part in parts) else [word]

    def _like(self, word: str, last: bool) -> dict[int, float]:
        """Words of names that a word of the query may mean, with how sure that is, 0 to 1."""
        found: dict[int, float] = {}
        length = len(word)
        if length >= 4:
            slips = 1 if length < 6 else 2
            distances = process.cdist([word], self._vocabulary, scorer=OSA.distance, score_cutoff=slips)[0]
            for near in np.flatnonzero(distances <= slips).tolist():
                found[near] = 0.9 - 0.15 * float(distances[near])
            if last and length in self._beginnings:
                distances = process.cdist([word], self._beginnings[length], scorer=OSA.distance, score_cutoff=1)[0]
                for near in np.flatnonzero((distances <= 1) & (self._lengths > length)).tolist():
                    found[near] = max(found.get(near, 0.0), 0.65)
        # "OIT" is like "ILO", since it is the initials of a body of that abbreviation.
        for number in self._acronyms.get(word, ()):
            known = self._number.get(fold(self._index.nodes[number].abbreviation))
            if known is not None:
                found[known] = max(found.get(known, 0.0), _ACRONYM)
        begun = self._sorted[bisect_left(self._sorted, word) : bisect_left(self._sorted, word + chr(sys.maxunicode))]
        for position in sorted(map(self._number.__getitem__, begun)):
            candidate = self._vocabulary[position]
            found[position] = 1.0 if candidate == word else (0.8 if last else 0.7) + 0.15 * length / len(candidate)
        return found

    def __call__(self, query: str, limit: int = 20, kinds: Iterable[str] = ()) -> list[Hit]:
        """The best `limit` entities for a query, best first. `kinds` restricts to classes or groups of nodes."""
        words = [part for word in words_of(query[:MAX_LETTERS]) for part in self._apart(word)][:MAX_WORDS]
        begin = words[0] if words else ""
        score, text, begins = self._best(words, self._number.get(begin, -1))
        told: dict[int, str] = {}
        for number in self._acronyms.get(words[0], ()) if len(words) == 1 else ():
            if score[number] < _ACRONYM:
                score[number], told[number] = _ACRONYM, self._index.nodes[number].label_en
                begins[number] = words_of(told[number])[:1] == [begin]
        exact = self._index.aliases.get(query.strip()) or self._index.aliases.get(query.strip().lower())
        if exact is not None:
            if exact not in told:
                told[exact] = self._texts[text[exact]] if score[exact] else query.strip()
            score[exact] = 1.0
            begins[exact] = words_of(told[exact])[:1] == [begin]
        found = np.flatnonzero(score)
        rank = score[found] + _CENTRALITY * self._central[found] + _BEGINS * begins[found]
        wanted, hits = frozenset(kinds), list[Hit]()
        for number in found[np.lexsort((found, -rank))].tolist():  # nodes are numbered in the order of their ids
            if len(hits) == limit:
                break
            node = self._index.nodes[number]
            if not wanted or node.kind in wanted or node.group in wanted:
                matched = told.get(number) or self._texts[text[number]]
                hits.append(Hit(node, round(float(score[number]), 4), matched))
        return hits

    def _best(self, words: list[str], first: int) -> tuple[Scores, Positions, Truths]:
        """By node: the score of its best name, 0 where none fits; that name's position; whether it begins with the word
        of that number."""
        nodes = len(self._index.nodes)
        best, text, begins = np.zeros(nodes), np.zeros(nodes, np.intp), np.zeros(nodes, np.bool_)
        position, fit = self._fits(words)
        score = fit * self._counts[position]
        order = np.lexsort((position, -score))
        _, top = np.unique(self._node[position[order]], return_index=True)  # the first of each node, the best
        chosen = order[top]
        at = self._node[position[chosen]]
        best[at], text[at], begins[at] = score[chosen], position[chosen], self._first[position[chosen]] == first
        return best, text, begins

    def _fits(self, words: list[str]) -> tuple[Positions, Scores]:
        """Positions of the names that fit, and how well, 0 to 1."""
        if not words:
            return np.zeros(0, np.intp), np.zeros(0)
        likes = [self._like(word, position == len(words) - 1) for position, word in enumerate(words)]
        rarest = max(self._rarity, default=1.0)
        # A word that names have as it stands weighs what it weighs there; of a misspelt one it is not known.
        weights = [
            self._rarity[self._number[word]]
            if word in self._number
            else max((self._rarity[one] for one in like), default=rarest)
            for word, like in zip(words, likes, strict=True)
        ]
        having = {word: self._having[word] for like in likes for word in like}
        if not having:
            return np.zeros(0, np.intp), np.zeros(0)
        # Only names that have one of the words are looked at: the cost follows their number, not that of all names.
        position, places = _among(list(having.values()), len(self._texts))
        there = dict(zip(having, places, strict=True))
        nodes, (node,) = _among([self._node[position]], len(self._index.nodes))
        covered, matched, anywhere = np.zeros(len(position)), np.zeros(len(position)), np.zeros(len(nodes))
        for like, weight in zip(likes, weights, strict=True):
            sure, rarity, every = np.zeros(len(position)), np.zeros(len(position)), np.zeros(len(nodes))
            for word, how in like.items():
                better = there[word][sure[there[word]] < how]
                sure[better], rarity[better] = how, self._rarity[word]
            np.maximum.at(every, node, sure)
            covered += sure * weight
            matched += sure * rarity
            anywhere += every * weight
        whole = self._weight[position]
        # Words spread over several names of one entity ("protocole de palerme" over a French and an English
        # one) count, but less than words that stand in one name.
        query = (covered + _SPREAD * (anywhere[node] - covered)) / sum(weights)
        fits = query >= np.where(matched >= _NEARLY * whole, _INSIDE, _LEAST)
        return position[fits], (query * (0.7 + 0.3 * np.minimum(1.0, matched / whole)))[fits]


def _among(numbers: list[Positions], most: int) -> tuple[Positions, list[Positions]]:
    """All of some numbers below `most`, once, in order; and of each list where its numbers stand among them."""
    seen, where = np.zeros(most, np.bool_), np.empty(most, np.intp)
    for one in numbers:
        seen[one] = True
    every = np.flatnonzero(seen)
    where[every] = np.arange(len(every))
    return every, [where[one] for one in numbers]


def _names(node: Node, everyday: Iterable[str]) -> list[tuple[str, bool]]:
    """What a node is called, and whether that is a name of its own; the identifier is a name too, a little less so."""
    labels = [node.label_en, node.label_fr, node.abbreviation, *node.names]
    return [(one, True) for one in labels if one] + [(node.id, False), *((one, False) for one in everyday)]


def _acronyms(text: str) -> set[str]:
    """The initials of a name of two to six words that matter, with and without whose body it is."""
    found = set()
    for name in (fold(text), _WHOSE.sub("", fold(text))):
        words = [word for word in name.split() if word not in _SMALL]
        if 2 <= len(words) <= 6:
            found.add("".join(word[0] for word in words))
    return found
