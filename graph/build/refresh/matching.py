"""Which known thing does a name mean? An answer has a score from 0 to 100 and says in words how it came about.

Only what is certain is taken: a code, a name as it stands in the tables, the same name but for case, accents,
punctuation and the order of its words, or an official long name of `official-names.csv`. A name that only resembles
one is never taken, however near (Niger and Nigeria are 83 alike): it becomes a question with its candidates.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from rapidfuzz import fuzz, process

from graph.build.tables import Tables

#: From this score on a match is taken without a question. Likeness alone stays below it.
SURE: Final = 95
_BY_CODE: Final = 100
_AS_IT_STANDS: Final = 100
_BUT_FOR_FORM: Final = 98
_OFFICIAL: Final = 97
_REORDERED: Final = 96
#: Likeness below this is no candidate.
_FAR: Final = 60

#: Words that come and go in names of states and bodies without meaning another one.
_EMPTY: Final = frozenset({"the", "of", "and", "on", "for", "in", "le", "la", "les", "l", "de", "des", "du", "et", "d"})


@dataclass(frozen=True)
class Match:
    """The thing that a text means (empty: none is certain), how surely, why, and who else was near."""

    text: str
    id: str
    score: int
    why: str
    candidates: tuple[tuple[str, int], ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it may be taken without asking."""
        return bool(self.id) and self.score >= SURE

    def explained(self) -> str:
        """In words, for the reason of a proposal."""
        if self.sure:
            return f"“{self.text}” is {self.id}: {self.why}, score {self.score}"
        near = ", ".join(f"{one} ({score})" for one, score in self.candidates)
        return f"“{self.text}”: {self.why}" + (f"; near are {near}" if near else "")


def folded(text: str) -> str:
    """A name without case, accents, punctuation and apostrophes: what stays when only its form differs."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain.casefold().replace("&", " and ").replace("st.", "saint ")).split())


def _bag(text: str) -> str:
    """The words of a folded name that mean something, in alphabetical order."""
    return " ".join(sorted(word for word in folded(text).split() if word not in _EMPTY))


@cache
def _official() -> tuple[tuple[str, str], ...]:
    text = files("graph.build.refresh").joinpath("official-names.csv").read_text(encoding="utf-8")
    return tuple((row["id"], row["name"]) for row in csv.DictReader(text.splitlines()))


class Names:
    """The names and codes of one kind of things, ready to be asked.

    `codes` map a code (upper case) to an id; `names` are pairs of id and name, `official` such pairs from elsewhere.
    """

    def __init__(
        self,
        names: Iterable[tuple[str, str]],
        codes: Iterable[tuple[str, str]] = (),
        official: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._as: dict[str, set[str]] = defaultdict(set)
        self._folded: dict[str, set[str]] = defaultdict(set)
        self._bags: dict[str, set[str]] = defaultdict(set)
        self._official: dict[str, set[str]] = defaultdict(set)
        self._codes: dict[str, str] = {code.upper(): one for code, one in codes}
        for one, name in names:
            self._as[name].add(one)
            self._folded[folded(name)].add(one)
            self._bags[_bag(name)].add(one)
        for one, name in official:
            self._official[_bag(name)].add(one)

    def by_code(self, code: str, what: str) -> Match:
        """The thing with that code; `what` names the code: ISO 3166-1 alpha-3, Wikidata."""
        one = self._codes.get(code.upper(), "")
        return Match(code, one, _BY_CODE if one else 0, f"its {what} code" if one else f"no {what} code of ours")

    def find(self, text: str) -> Match:
        """The thing that a name means. See the module's own text for what is certain."""
        for found, score, why in (
            (self._as.get(text), _AS_IT_STANDS, "its name as it stands in the tables"),
            (self._folded.get(folded(text)), _BUT_FOR_FORM, "its name but for case, accents and punctuation"),
            (self._official.get(_bag(text)), _OFFICIAL, "an official name of it"),
            (self._bags.get(_bag(text)), _REORDERED, "the words of its name in another order"),
        ):
            if found and len(found) == 1:
                return Match(text, next(iter(found)), score, why)
            if found:
                return Match(text, "", 0, "several have this name", tuple((one, score) for one in sorted(found)))
        return Match(text, "", 0, "no name of ours", self._near(text))

    def _near(self, text: str) -> tuple[tuple[str, int], ...]:
        """The three nearest things by likeness of names, at most one point below certainty."""
        every = {**self._folded, **self._official}
        best: dict[str, int] = {}
        for name, likeness, _ in process.extract(folded(text), list(every), scorer=fuzz.token_sort_ratio, limit=10):
            for one in every[name]:
                best[one] = max(best.get(one, 0), min(int(likeness), SURE - 1))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return tuple((one, score) for one, score in ranked if score >= _FAR)[:3]


def states(tables: Tables) -> Names:
    """States and territories by name and by ISO 3166-1 code."""
    rows = tables["states"]
    ids = {row["id"] for row in rows}
    names = [(row["id"], row[column]) for row in rows for column in ("name_en", "name_fr")]
    names += [(row["id"], row["name"]) for row in tables["names"] if row["id"] in ids]
    codes = [(row["id"], row["id"]) for row in rows] + [(row["alpha2"], row["id"]) for row in rows]
    return Names(names, codes, [(one, name) for one, name in _official() if one in ids])


def participants(tables: Tables) -> Names:
    """Whatever may take part in a treaty: states, territories and intergovernmental organisations."""
    rows = tables["states"]
    ids = {row["id"] for row in rows}
    names = [(row["id"], row[column]) for row in rows for column in ("name_en", "name_fr")]
    names += [
        (row["id"], row[column])
        for row in tables["actors"]
        if row["type"] == "IntergovernmentalOrganisation"
        for column in ("name_en", "name_fr")
        if row[column]
    ]
    return Names(names, (), [(one, name) for one, name in _official() if one in ids])


def actors(tables: Tables) -> Names:
    """Actors by name, abbreviation and Wikidata Q-number."""
    rows = tables["actors"]
    names = [
        (row["id"], row[column]) for row in rows for column in ("name_en", "name_fr", "abbreviation") if row[column]
    ]
    ids = {row["id"] for row in rows}
    names += [(row["id"], row["name"]) for row in tables["names"] if row["id"] in ids]
    return Names(names, [(row["wikidata"], row["id"]) for row in rows if row["wikidata"]])
