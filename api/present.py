"""From records to what a template prints: names with their language, values with their sources, sentences with links.

Nothing here makes HTML: templates escape, and whatever is a link has gone through :mod:`api.links`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from babel.numbers import format_currency, format_decimal
from pyoxigraph import Literal, NamedNode

from api import links
from api.language import Lang, Words, words
from api.site import Site
from graph.dates import PartialDate
from graph.ids import CONCEPT, PAL, PREFIXES, RULE
from graph.read import dates, labels, sources
from graph.read.labels import Label
from graph.read.records import Record, Stated
from graph.read.rules import rules
from graph.read.sources import Citation
from graph.read.statements import Statement

_XSD: Final = PREFIXES["xsd"]
_DATES: Final = {_XSD + name for name in ("date", "gYear", "gYearMonth")}
_NUMBERS: Final = {_XSD + name for name in ("decimal", "integer", "double", "float", "nonNegativeInteger")}
#: Sources that stand beside a sentence; the others are one click away, on the statement's own page.
FEW: Final = 2


@dataclass(frozen=True)
class Part:
    """A piece of text. `href` is empty for plain text; `lang` only where it differs from the page's; `day` is the
    comparable day of a date, for sorting."""

    text: str
    href: str = ""
    lang: str = ""
    day: str = ""


@dataclass(frozen=True)
class Shown:
    """A value with the citations of the sources that state it."""

    part: Part
    sources: tuple[Citation, ...] = ()
    datetime: str = ""


@dataclass(frozen=True)
class Said:
    """A statement in words: pieces of a sentence, the page with its evidence, a few sources and how many more."""

    iri: str
    parts: tuple[Part, ...]
    href: str
    day: str
    family: str
    sources: tuple[Citation, ...]
    more: int
    inferred: bool
    rivals: bool

    @property
    def text(self) -> str:
        """The sentence without links."""
        return "".join(part.text for part in self.parts)


@dataclass
class Presenter:
    """Presents one release in one language. Made for one page and thrown away: it remembers what the page needed."""

    site: Site
    lang: Lang
    _labels: dict[str, Label] = field(default_factory=dict)
    _sources: dict[str, Citation] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """The words of the interface."""
        return words(self.lang)

    # names

    def learn(self, iris: Iterable[str]) -> None:
        """Look up the labels of many IRIs at once."""
        new = set(iris) - self._labels.keys()
        if new:
            self._labels.update(labels.of(self.site.store, new, self.lang))
            for name, rule in rules().items():
                if RULE + name in new:  # rules are no part of the graph; their files tell what they do
                    self._labels[RULE + name] = Label(
                        rule.titre if self.lang == "fr" else rule.title, self.lang, self.lang
                    )

    def label(self, iri: str) -> Label:
        """The label of one IRI."""
        self.learn([iri])
        return self._labels[iri]

    def name(self, iri: str) -> str:
        """The label's text."""
        return self.label(iri).text

    def href(self, iri: str) -> str:
        """Where a link to an IRI leads, empty where none may."""
        return links.href(iri, self.site.ids) or ""

    def safe(self, url: str) -> str:
        """The address as it may stand in a link, empty for one that must not become a link."""
        return links.safe(url) or ""

    def link(self, iri: str, text: str = "") -> Part:
        """A name that links to its page; in another language than the page's, it says in which."""
        label = self.label(iri)
        return Part(text or label.text, self.href(iri), "" if text else label.language if label.foreign else "")

    def short(self, iri: str) -> str:
        """The short name by which readers know a node of the network, empty where that is its whole name."""
        number = self.site.network.aliases.get(iri)
        if number is None:
            return ""
        node = self.site.network.nodes[number]
        bare = self.site.teller.name(node, self.lang).bare
        text = bare[:1].upper() + bare[1:]
        return text if len(text) < len(node.label(self.lang)) else ""

    def noun(self, iri: str) -> str:
        """The name of a thing as it stands in a sentence, with its article where it takes one."""
        number = self.site.network.aliases.get(iri)
        if number is None:
            return self.name(iri)
        return self.site.teller.name(self.site.network.nodes[number], self.lang).text

    # sources

    def cited(self, iris: Iterable[str]) -> tuple[Citation, ...]:
        """Citations, best first: by rank, then newest, then identifier."""
        wanted = set(iris)
        new = wanted - self._sources.keys()
        if new:
            self._sources.update(sources.cite(self.site.store, new))
        found = [self._sources[iri] for iri in wanted if iri in self._sources]
        return tuple(sorted(sorted(found, key=lambda one: one.iri), key=lambda one: (one.rank, _newest(one.issued))))

    @property
    def all_sources(self) -> tuple[Citation, ...]:
        """Every source that this page has cited so far."""
        return self.cited(self._sources)

    # dates and values

    def date(self, text: str) -> str:
        """A partial date in words; what is no such date is shown as it stands."""
        try:
            return dates.written(PartialDate.parse(text), self.lang) if text else dates.UNKNOWN[self.lang]
        except ValueError:
            return text

    def number(self, text: str) -> str:
        """A number with the language's own grouping and decimal sign; what is no number is shown as it stands."""
        if not re.fullmatch(r"-?\d{1,18}(\.\d{1,6})?", text):
            return text
        return str(format_decimal(text, locale=self.lang))

    def value(self, stated: Stated, name: str = "") -> Shown:
        """A value as text or link, with who states it."""
        value, cited = stated.value, self.cited(stated.sources)
        if isinstance(value, NamedNode):
            known = self.label(value.value)
            if links.local(value.value, self.site.ids) is None and not known.language:
                return Shown(Part(_address(value.value), self.href(value.value)), cited)
            return Shown(self.link(value.value), cited)
        kind, text = value.datatype.value, value.value
        if kind in _DATES:
            return Shown(Part(self.date(text)), cited, text)
        if name == PAL + "budget":
            return Shown(
                Part(str(format_currency(text, "EUR", "#,##0 ¤", locale=self.lang, currency_digits=False))), cited
            )
        if kind in _NUMBERS:
            return Shown(Part(self.number(text)), cited)
        if kind == _XSD + "anyURI":
            return Shown(Part(_address(text), links.safe(text) or ""), cited)
        tag = (value.language or "").lower()
        return Shown(Part(text, lang=tag if tag and tag != self.lang else ""), cited)

    def values(self, record: Record, name: str) -> list[Shown]:
        """All values of a property; of texts in several languages, those in the reader's where there are any."""
        every = record.get(name, ())
        own = [one for one in every if isinstance(one.value, Literal) and one.value.language == self.lang]
        return [self.value(one, name) for one in own or every]

    # sentences

    def said(self, statement: Statement, about: str = "") -> Said:
        """A statement in words; on the page about one of its ends, that end is no link."""
        cited = self.cited(statement.sources)
        return Said(
            iri=statement.iri,
            parts=tuple(self.sentence(statement, about)),
            href=self.href(statement.iri),
            day=statement.day,
            family="",
            sources=cited[:FEW],
            more=max(0, len(cited) - FEW),
            inferred=bool(statement.rule) and not statement.sources,
            rivals=bool(rivals(statement)),
        )

    def sentence(self, statement: Statement, about: str = "") -> list[Part]:
        """The sentence of a statement, its ends linked but for the one that the page is about."""
        network = self.site.network
        number = network.statements.get(statement.iri)
        if number is None:
            return self._plain(statement)
        edge = network.edges[number]
        text = self.site.teller.say(edge, self.lang, because=False)
        ends = [(statement.subject, network.nodes[edge.subject]), (statement.object, network.nodes[edge.object])]
        return self.linked(
            text, [(self.site.teller.name(node, self.lang).bare, self.href(iri)) for iri, node in ends if iri != about]
        )

    def _plain(self, statement: Statement) -> list[Part]:
        """Of a statement outside the network's own vocabulary: its ends and the name of what joins them."""
        self.learn([statement.subject, statement.predicate, statement.object])
        middle = f" — {self.name(statement.predicate)} — "
        return [self.link(statement.subject), Part(middle), self.link(statement.object)]

    def linked(self, text: str, names: Sequence[tuple[str, str]]) -> list[Part]:
        """A text whose first mention of each name is a link; longer names are found first."""
        found: list[tuple[int, int, str]] = []
        for name, href in sorted(names, key=lambda one: -len(one[0])):
            place = _find(text, name, [(start, end) for start, end, _ in found])
            if place >= 0 and href:
                found.append((place, place + len(name), href))
        parts: list[Part] = []
        done = 0
        for start, end, href in sorted(found):
            parts += [Part(text[done:start])] if start > done else []
            parts.append(Part(text[start:end], href))
            done = end
        return [*parts, Part(text[done:])] if done < len(text) else parts

    def concept(self, scheme: str, notation: str) -> str:
        """The label of a concept of a closed list."""
        return self.name(f"{CONCEPT}{scheme}/{notation}")

    def kind(self, name: str) -> str:
        """The label of a class given by local name or IRI, with a capital."""
        text = self.name(name if "://" in name else PAL + name)
        return text[:1].upper() + text[1:]


def rivals(statement: Statement) -> dict[str, tuple[Stated, ...]]:
    """The dates on which sources disagree: property (`statedDate`) to its values, where there are several."""
    return {
        name: stated
        for name, stated in statement.values.items()
        if name.startswith(PAL + "stated") and len(stated) > 1 and not _agree(stated)
    }


def _agree(stated: tuple[Stated, ...]) -> bool:
    """Whether all values are one date at different precision."""
    try:
        every = [PartialDate.parse(one.value.value) for one in stated]
    except ValueError:
        return False
    finest = max(every, key=lambda one: ("year", "month", "day").index(one.precision))
    return all(one.contains(finest) for one in every)


def _newest(issued: str) -> tuple[int, ...]:
    return tuple(-int(part) for part in re.findall(r"\d+", issued)) or (1,)


def _address(iri: str) -> str:
    """An address as it is read aloud: without the scheme and the last slash."""
    return re.sub(r"^https?://(www\.)?", "", iri).rstrip("/")


def _find(text: str, name: str, taken: list[tuple[int, int]]) -> int:
    """Where a name stands as whole words outside what is taken; a sentence may have given it a capital. -1: nowhere."""
    if not name:
        return -1
    for match in re.finditer(re.escape(name), text, re.IGNORECASE):
        start, end = match.span()
        whole = (start == 0 or not text[start - 1].isalnum()) and (end == len(text) or not text[end].isalnum())
        if end - start == len(name) and whole and all(end <= first or start >= last for first, last in taken):
            return start
    return -1
