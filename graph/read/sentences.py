"""A statement as one plain sentence: "France ratified the Palermo Protocol on 29 October 2002."

The words between the two ends are those of `ontology/edges.ttl`; this module knows grammar only: tense, agreement,
articles (:mod:`graph.read.nouns`) and dates (:mod:`graph.read.dates`). What is not known is written out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.dates import PartialDate
from graph.read.dates import NBSP, Lang, moment, span
from graph.read.nouns import Noun, after, elides, place

#: Ties of which readers do not expect a date: that none is known is not worth a word.
_TIMELESS: Final = frozenset({"partOf", "basedIn", "amendsOrSupplements", "takesPlaceIn", "implements", "respondent"})

#: Past participles of English verbs that differ from the past tense of the edge types.
_PARTICIPLES: Final = {"was": "been", "were": "been", "took": "taken", "gave": "given"}

#: The three French participles that agree with their subject, as the edge types write them.
_AGREEING: Final = (
    ("s’est déclaré lié", "déclaré", "lié"),
    ("est devenu participant", "devenu", "participant"),
    ("s’est retiré", "retiré", ""),
    ("est entré", "entré", ""),
    ("s’est déroulé", "déroulé", ""),
)
_PLURALS: Final = {
    "a": "ont", "est": "sont", "s’est": "se sont", "fait": "font", "tient": "tiennent", "rend": "rendent",
    "met": "mettent", "soutient": "soutiennent", "reçoit": "reçoivent", "avait": "avaient", "tenait": "tenaient",
    "comptait": "comptaient", "était": "étaient",
}  # fmt: skip


#: Acts by which a participant binds itself, as nouns: in English, and in French with the possessive.
_ACTS: Final[dict[Lang, dict[str, str]]] = {
    "en": {
        "ratified": "ratification",
        "accepted": "acceptance",
        "approved": "approval",
        "accededTo": "accession",
        "succeededTo": "succession",
        "becameParticipantIn": "participation",
        "definitivelySigned": "definitive signature",
        "formallyConfirmed": "formal confirmation",
    },
    "fr": {
        "ratified": "sa ratification",
        "accepted": "son acceptation",
        "approved": "son approbation",
        "accededTo": "son adhésion",
        "succeededTo": "sa succession",
        "becameParticipantIn": "sa participation",
        "definitivelySigned": "sa signature définitive",
        "formallyConfirmed": "sa confirmation formelle",
    },
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """What an edge type says in one language: the verb phrase, and the one once the tie has ended (may be empty)."""

    predicate: str
    now: str
    ended: str = ""
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """A statement to be told. `phrase` stands between `subject` and `object`; dates are as precise as stated.

    `ended` says that the tie is over on the day of reading; `known_by` the day by which a party with no known day was
    bound; `in_force` since when a treaty applies for it; `acts` names the predicates of the acts by which it bound
    itself; `adopted`, `published` and `round` belong to a report; `because` has the premises of an inferred
    statement, told by :func:`clause`.
    """

    subject: Noun
    phrase: Phrase
    object: Noun
    start: PartialDate | None = None
    end: PartialDate | None = None
    ended: bool = False
    known_by: PartialDate | None = None
    in_force: PartialDate | None = None
    adopted: PartialDate | None = None
    published: PartialDate | None = None
    round: str = ""
    acts: Sequence[str] = ()
    because: Sequence[str] = ()


def sentence(told: Told, lang: Lang) -> str:
    """The whole sentence, with a capital and a full stop."""
    text = clause(told, lang)
    if told.because:
        text += _because(told.because, lang)
    return f"{text[0].upper()}{text[1:]}."


def clause(told: Told, lang: Lang) -> str:
    """The sentence without capital, full stop and premises, to stand inside another one."""
    if told.phrase.predicate == "evaluated":
        return _report(told, lang)
    if told.phrase.predicate == "boundInForceBy":
        return _into_force(told, lang)
    text = _core(told, lang)
    if not told.phrase.lasting:
        return f"{text} {_moment(told.start, lang)}" if told.phrase.predicate != "respondent" else text
    text += _holding(told, lang) + _grounds(told, lang)
    if told.in_force and told.phrase.predicate == "partyTo":
        since = span(told.in_force, None, lang)
        whose = "leur" if told.subject.plural else "son"
        text += f", in force for it {since}" if lang == "en" else f", en vigueur à {whose} égard {since}"
    return text


def _core(told: Told, lang: Lang) -> str:
    phrase = told.phrase
    verb = phrase.ended if told.ended and phrase.ended else phrase.now
    if lang == "en":
        if phrase.lasting and not told.ended and (told.start or told.known_by) and phrase.ended:
            verb = _perfect(phrase.ended)
        return f"{told.subject.text} {verb} {told.object.text}"
    verb = _agree(verb, told.subject)
    if verb.endswith(":"):
        # The edge types name the country after a colon, since they cannot know its preposition; a sentence does.
        verb = "exerce" if told.subject.kind == "Person" else re.sub(r" dans le pays suivant\s:$", "", verb)
        return f"{told.subject.text} {verb} {place(told.object)}"
    if phrase.predicate == "respondent":
        return f"l’arrêt {told.subject.text} {after(verb, told.object)}"
    return f"{told.subject.text} {after(verb, told.object)}"


def _perfect(past: str) -> str:
    first, _, rest = past.partition(" ")
    return f"has {_PARTICIPLES.get(first, first)} {rest}".rstrip()


def _moment(value: PartialDate | None, lang: Lang) -> str:
    if value is None:
        return "on a day that no source states" if lang == "en" else "à une date qu’aucune source n’indique"
    return moment(value, lang)


def _holding(told: Told, lang: Lang) -> str:
    if told.start is None and told.known_by is not None:
        if told.ended and told.end is not None:
            return f" {span(None, told.end, lang)}"
        latest = span(told.known_by, None, lang)
        return f" {latest} at the latest" if lang == "en" else f" {latest} au plus tard"
    dated = span(told.start, told.end, lang)
    if dated:
        return f" {dated}"
    if told.phrase.predicate in _TIMELESS:
        return ""
    return "; since when is not known" if lang == "en" else f"{NBSP}; on ne sait pas depuis quand"


def _grounds(told: Told, lang: Lang) -> str:
    nouns = [_ACTS[lang][act] for act in dict.fromkeys(told.acts) if act in _ACTS[lang]]
    if lang == "fr" and told.subject.plural:
        nouns = [re.sub(r"^(?:sa|son) ", "leur ", one) for one in nouns]
    if not nouns:
        return ""
    return f", by its {' and '.join(nouns)}" if lang == "en" else f", par {' et '.join(nouns)}"


def _into_force(told: Told, lang: Lang) -> str:
    when = _moment(told.start, lang)
    if lang == "en":
        return f"{told.object.text} entered into force for {told.subject.text} {when}"
    verb = _agree("est entré en vigueur à l’égard de", told.object)
    return f"{told.object.text} {after(verb, told.subject)} {when}"


def _report(told: Told, lang: Lang) -> str:
    dates = [(told.adopted, "adopted", "adopté"), (told.published, "published", "publié")]
    known = [(value, english, french) for value, english, french in dates if value is not None]
    if lang == "en":
        text = f"{told.subject.text} evaluated {told.object.text}{_round(told.round, lang)}"
        if not known:
            return f"{text}; the day of the report is not known"
        said = " and ".join(f"{english} {moment(value, lang)}" for value, english, _ in known)
        return f"{text}; the report was {said}"
    text = f"{told.subject.text} {_agree('a évalué', told.subject)} {told.object.text}{_round(told.round, lang)}"
    if not known:
        return f"{text}{NBSP}; la date du rapport n’est pas connue"
    said = " et ".join(f"{french} {moment(value, lang)}" for value, _, french in known)
    return f"{text}{NBSP}; le rapport a été {said}"


def _round(text: str, lang: Lang) -> str:
    if not text:
        return ""
    if lang == "en":
        return f" (rounds {text.replace('-', ' and ')})" if "-" in text else f" (round {text})"
    ordinals = [f"{number}{'er' if number == '1' else 'e'}" for number in text.split("-")]
    return f" ({' et '.join(ordinals)}{NBSP}cycle{'s' if len(ordinals) > 1 else ''})"


def _because(premises: Sequence[str], lang: Lang) -> str:
    if lang == "en":
        return f", because {' and '.join(premises)}"
    joined = " et ".join(f"qu{'’' if elides(one) else 'e '}{one}" for one in premises)
    return f", parce {joined}"


def _agree(verb: str, subject: Noun) -> str:
    """A French verb phrase, written for a masculine singular subject, with another subject."""
    ending = ("e" if subject.gender == "f" else "") + ("s" if subject.plural else "")
    for phrase, *participles in _AGREEING:
        if ending and verb.startswith(phrase):
            for participle in filter(None, participles):
                verb = re.sub(rf"\b{participle}\b", participle + ending, verb)
    if not subject.plural:
        return verb
    words = verb.split(" ")
    for position in [0, *(at + 1 for at, word in enumerate(words) if word == "ou")]:
        words[position] = _PLURALS.get(words[position]) or _third(words[position])
    if words[1:2] in (["partie"], ["membre"]) or words[1:3] in (["été", "partie"], ["été", "membre"]):
        at = words.index("partie") if "partie" in words else words.index("membre")
        words[at] += "s"
    return " ".join(words)


def _third(word: str) -> str:
    return f"{word}nt" if word.endswith("e") else word


def over(end: date | None, on: date | None) -> bool:
    """Whether a tie with this exclusive end is over: by the day asked, or at all when no day is asked."""
    return end is not None and (on is None or end <= on)
