"""Names as they stand inside a sentence: articles, elision, contraction, quotation marks, in English and French.

The graph holds names as they stand in a list ("Council of Europe", « Conseil de l’Europe »). A sentence needs "the
Council of Europe" and « le Conseil de l’Europe ». States carry their French article (`pal:article`); for the rest the
head noun decides, by the lists of `nouns.toml`. A name whose head noun is not listed is taken for a proper name and has
no article; a title that is no name at all stands in quotation marks.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final, Literal

from graph.read.dates import NBSP, Lang

Gender = Literal["m", "f"]

#: Kinds of actors whose names are brands more often than descriptions: an article only before a plain description.
_BRANDS: Final = frozenset({"CivilSocietyOrganisation", "Person", "DevelopmentAgency", "Campaign"})
#: Kinds of texts whose name may be a bare title, which is then quoted.
_TITLED: Final = frozenset(
    {"Resolution", "Recommendation", "Declaration", "ActionPlan", "Strategy", "Circular", "Instrument", "Project"}
)


_LISTS: Final = tomllib.loads(files("graph.read").joinpath("nouns.toml").read_text("utf-8"))
#: Local id -> the name under which readers know the thing, by language, with its article.
_FAMILIAR: Final[dict[str, dict[Lang, str]]] = _LISTS["familiar"]


def _words(key: str) -> frozenset[str]:
    return frozenset(_LISTS[key].split())


_THE: Final = _words("the")
_THE_LAST: Final = frozenset(word.lower() for word in _THE)
_STATES_WITH_THE: Final = re.compile(
    r"United .*|.* Islands|.*Republic( of .*)?|Democratic .*|Bahamas|Comoros|Gambia|Maldives|Netherlands"
    r"|Philippines|Holy See|Russian Federation|State of .*"
)
_NUMBERED: Final = re.compile(
    r"(Law|Decree|Directive|Resolution|Recommendation|Regulation|Decision|Opinion|Ordinance|Circular|Order|Act)"
    r" (No\.?|\(|[A-Z]*[/(]?\d|of \d).*"
)
#: Words at which the head of an English name ends.
_HEAD_ENDS: Final = re.compile(r"\s(?:of|on|for|against|to|in|with|concerning|relating|between|under)\s|[,(–:]")

#: French head nouns. Those in lower case are common nouns also in the middle of a sentence.
_MASCULINE: Final = _words("masculine")
_FEMININE: Final = _words("feminine")
_PLURAL: Final = _words("plural")
#: Heads that are common nouns: texts and functions. Institutions keep their capital.
_COMMON: Final = _words("common")
_ORDINAL: Final = re.compile(
    r"(?:premier|deuxième|second|troisième|\d+(?:er|e|nd|d|ème)) (?=plan|programme|protocole)", re.I
)
_VOWEL: Final = re.compile(r"[aàâäeéèêëiîïoôöuùûüyœæh]", re.I)
#: Before these nothing is elided although they begin with a vowel's letter or an h.
_ASPIRATED: Final = re.compile(r"(?:haut|haute|hong|honduras|hongrie|yémen|hors|onz)", re.I)


@dataclass(frozen=True, slots=True)
class Noun:
    """A name ready for a sentence: `text` with its article, and what a French verb has to agree with.

    `article` is `le`, `la`, `les`, `l’` or empty and is part of `text`; `bare` is the name without it.
    """

    text: str
    bare: str
    article: str = ""
    gender: Gender = "m"
    plural: bool = False
    kind: str = ""


def noun(
    label: str, kind: str, lang: Lang, *, article: str | None = None, foreign: bool = False, local: str = ""
) -> Noun:
    """The noun for a name in a language.

    `kind` is the local name of the thing's class, `article` the French article of a state where the graph states one
    (None where it says nothing of articles), `foreign` whether the name is in another language than the sentence,
    `local` the thing's local id, by which a familiar name is found.
    """
    if local in _FAMILIAR:
        found = _familiar(_FAMILIAR[local][lang], lang)
    elif lang == "en":
        found = _english(label, kind)
    else:
        found = _french(_spaced(label), kind, article, foreign)
    return replace(found, kind=kind)


def _familiar(text: str, lang: Lang) -> Noun:
    first, _, rest = text.partition(" ")
    if lang == "fr" and first in ("le", "la", "les"):
        return _with(first, rest, "f" if first == "la" else "m")
    return Noun(text, text.removeprefix("the "))


def _english(label: str, kind: str) -> Noun:
    if kind in ("State", "Territory"):
        the = _STATES_WITH_THE.fullmatch(label) is not None
        return Noun(f"the {label}" if the else label, label)
    if kind == "Project":
        return Noun(f"the project “{label}”", label)
    first, head = label.split(" ")[0], _HEAD_ENDS.split(label)[0]
    if kind in ("Person", "Judgment") or first == "The" or _NUMBERED.fullmatch(label):
        return Noun(label, label)
    described = head.split(" ")[-1].lower() in _THE_LAST or (kind not in _BRANDS and _THE & set(label.split(" ")))
    if described and first not in ("A", "An"):
        return Noun(f"the {label}", label)
    return Noun(f"“{label}”" if kind in _TITLED else label, label)


def _french(label: str, kind: str, article: str | None, foreign: bool) -> Noun:
    if kind in ("State", "Territory"):
        return _with(article or "", label, _gender(article or "", label))
    if kind in ("Person", "Judgment"):
        return Noun(label, label)
    if kind == "Project":
        return Noun(f"le projet {quoted(label)}", label, "le")
    ordinal = _ORDINAL.match(label)
    if ordinal:
        return _with("le", label[0].lower() + label[1:], "m")
    head = re.split(r"[\s,(–]", label, maxsplit=1)[0]
    word = head.lower()
    if not foreign and (word in _PLURAL or word in _MASCULINE or word in _FEMININE):
        text = word + label[len(head) :] if word in _COMMON else label
        if word in _PLURAL:
            return _with("les", text, "f")
        gender: Gender = "f" if word in _FEMININE else "m"
        return _with("la" if gender == "f" else "le", text, gender)
    if kind in _TITLED or (foreign and kind not in _BRANDS and " " in label):
        return Noun(quoted(label), label)
    return Noun(label, label)


def _gender(article: str, name: str) -> Gender:
    """The gender of a state's French name. Where the article does not say: those in -e are feminine, and of the plural
    ones all but the United States, the Netherlands and the Emirates."""
    if article == "les":
        return "m" if name.split(" ")[0] in ("États-Unis", "Pays-Bas", "Émirats") else "f"
    if article in ("la", "le"):
        return "f" if article == "la" else "m"
    return "f" if name.split(" ")[0].endswith("e") else "m"


def _spaced(text: str) -> str:
    """A French name with the unbreakable spaces that its quotation marks and high punctuation want."""
    text = re.sub(r"«\s*", f"«{NBSP}", text)
    text = re.sub(r"\s*»", f"{NBSP}»", text)
    return re.sub(r"\s([:;!?])", rf"{NBSP}\1", text)


def _with(article: str, text: str, gender: Gender) -> Noun:
    if article in ("le", "la", "l’") and elides(text):
        return Noun(f"l’{text}", text, "l’", gender)
    if article in ("le", "la", "les"):
        return Noun(f"{article} {text}", text, article, gender, article == "les")
    return Noun(text, text, "", gender)


def quoted(text: str) -> str:
    """French quotation marks with the spaces that belong inside them; marks within become the second kind."""
    inner = text.replace(f"«{NBSP}", "“").replace(f"{NBSP}»", "”")
    return f"«{NBSP}{inner}{NBSP}»"


def elides(text: str) -> bool:
    """Whether `le`, `la` and `de` lose their vowel before this word."""
    return _VOWEL.match(text) is not None and not _ASPIRATED.match(text)


def after(phrase: str, thing: Noun) -> str:
    """A French phrase and the noun it governs, contracted: `partie à` + `le Mali` is `partie au Mali`."""
    head, _, last = phrase.rpartition(" ")
    lead = f"{head} " if head else ""
    if last in ("à", "de") and thing.article in ("le", "les"):
        joined = {"à": {"le": "au", "les": "aux"}, "de": {"le": "du", "les": "des"}}[last][thing.article]
        return f"{lead}{joined} {thing.text.removeprefix(thing.article).lstrip()}"
    if last == "de" and elides(thing.text):
        return f"{lead}d’{thing.text}"
    return f"{phrase} {thing.text}"


def place(thing: Noun) -> str:
    """In a country, in French: `en France`, `au Mali`, `aux États-Unis`, `à Malte`."""
    match thing.article:
        case "la" | "l’":
            return f"en {thing.bare}"
        case "le":
            return f"au {thing.bare}"
        case "les":
            return f"aux {thing.bare}"
        case _:
            return f"à {thing.bare}"
