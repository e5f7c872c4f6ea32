"""Which of the formats that can be given is the one that was asked for: Accept with q-values and wildcards, `format=`.

Only registered media types are given. A few that clients send by habit (`application/json`, `application/xml`) are
taken for the format they mean and answered under the very name that was asked for, which is registered too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from api.errors import BadRequest, NotAcceptable

_TOKEN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_RANGE: Final = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*")
_QUALITY: Final = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@dataclass(frozen=True)
class Format:
    """A format: its name here, the media type it is sent as, what else it answers to."""

    name: str
    media: str
    charset: bool = False
    aliases: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of Content-Type."""
        return f"{self.media}; charset=utf-8" if self.charset else self.media

    def under(self, media: str) -> Format:
        """The same format, sent under another of its media types."""
        return self if media == self.media else Format(self.name, media, self.charset, self.aliases, self.also)


JSON: Final = Format("json", "application/sparql-results+json", also=("application/json",))
XML: Final = Format("xml", "application/sparql-results+xml", also=("application/xml", "text/xml"))
CSV: Final = Format("csv", "text/csv", charset=True)
TSV: Final = Format("tsv", "text/tab-separated-values", charset=True)
TURTLE: Final = Format("turtle", "text/turtle", charset=True, aliases=("ttl", "n3"))
TRIG: Final = Format("trig", "application/trig")
NTRIPLES: Final = Format("nt", "application/n-triples", aliases=("ntriples", "n-triples"))
NQUADS: Final = Format("nq", "application/n-quads", aliases=("nquads", "n-quads"))
RDFXML: Final = Format(
    "rdfxml", "application/rdf+xml", aliases=("rdf", "rdf+xml", "rdf-xml", "xml"), also=("application/xml", "text/xml")
)
JSONLD: Final = Format("jsonld", "application/ld+json", aliases=("json-ld", "json"), also=("application/json",))
HTML: Final = Format("html", "text/html", charset=True)

#: What results and graphs can be sent as; the first is for who does not mind.
ROWS: Final = (JSON, XML, CSV, TSV)
GRAPHS: Final = (TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG, NQUADS)


@dataclass(frozen=True)
class _Range:
    kind: str
    subtype: str
    quality: float

    def fits(self, media: str) -> int:
        """How precisely a media type is meant: 0 not at all, 1 by */*, 2 by type/*, 3 by name."""
        kind, _, subtype = media.partition("/")
        if self.kind == "*":
            return 1 if self.subtype == "*" else 0
        if self.kind != kind:
            return 0
        if self.subtype == "*":
            return 2
        return 3 if self.subtype == subtype else 0


def parse(accept: str) -> list[_Range]:
    """The media ranges of an Accept header; what is malformed is passed over, as RFC 9110 lets a server do."""
    found: list[_Range] = []
    for part in _split(accept, ","):
        pieces = _split(part, ";")
        match = _RANGE.fullmatch(pieces[0])
        if match is None or (match[1] == "*" and match[2] != "*"):
            continue
        quality: float | None = 1.0
        for piece in pieces[1:]:
            name, _, value = piece.partition("=")
            if name.strip().lower() == "q":
                quality = float(value.strip()) if _QUALITY.fullmatch(value.strip()) else None
                break
        if quality is not None:
            found.append(_Range(match[1].lower(), match[2].lower(), quality))
    return found


def _split(text: str, mark: str) -> list[str]:
    """Split at a mark outside quotation marks."""
    if '"' not in text:
        return text.split(mark)
    return re.findall(rf'(?:"(?:[^"\\]|\\.)*"?|[^"{mark}])+', text) or [text]


def choose(accept: str | None, formats: Sequence[Format]) -> Format:
    """The format to send: the highest quality, then the order of `formats`. Raises :class:`NotAcceptable`.

    HTML is only for those who name it: a `*/*` or `text/*` never gets a page where data can be had.
    """
    if accept is None or not accept.strip():
        return formats[0]
    ranges = parse(accept)
    best: tuple[float, int] = (0.0, 0)
    chosen: Format | None = None
    for format_ in formats:
        for media in (format_.media, *format_.also):
            fit, quality = max(((one.fits(media), one.quality) for one in ranges), default=(0, 0.0))
            if not fit or (fit < 3 and (media != format_.media or (format_ is HTML and len(formats) > 1))):
                continue
            if (quality, fit == 3) > best and quality > 0:
                best, chosen = (quality, fit == 3), format_.under(media)
    if chosen is None:
        raise NotAcceptable(
            "The Accept header takes none of the formats that this answer has. " + NotAcceptable.remedy,
            available=[one.media for one in formats],
        )
    return chosen


def named(name: str, formats: Sequence[Format]) -> Format:
    """The format of that name or media type, as `format=` gives it. Raises :class:`BadRequest` for an unknown name,
    :class:`NotAcceptable` for one that this answer does not have.
    """
    wanted = name.strip().lower().replace(" ", "+")  # a plus that was not encoded arrives as a space
    for first in (True, False):
        for one in formats:
            names = (one.name, one.media) if first else (*one.aliases, *one.also)
            if wanted in names:
                return one
    available = [one.name for one in formats]
    every = {text for one in (*ROWS, *GRAPHS, HTML) for text in (one.name, one.media, *one.aliases, *one.also)}
    if wanted in every:
        raise NotAcceptable(
            f"This answer cannot be given as {name!r}. It can be given as {', '.join(available)}.",
            available=[one.media for one in formats],
        )
    raise BadRequest(f"format={name!r}: no such format. This answer can be given as {', '.join(available)}.")


def pick(accept: str | None, names: Sequence[str], formats: Sequence[Format]) -> Format:
    """The format for a request: `format=` wins over Accept. Raises as :func:`choose` and :func:`named`.

    Some clients send several names for one format, of which not all are ours; the first that fits counts.
    """
    if not names:
        return choose(accept, formats)
    for name in names[:-1]:
        with suppress(BadRequest, NotAcceptable):
            return named(name, formats)
    return named(names[-1], formats)


def coding(accept: str | None, known: Sequence[str]) -> str:
    """The content coding for a request: the first of `known` that Accept-Encoding takes, or "" for none."""
    qualities: dict[str, float] = {}
    for part in (accept or "").split(","):
        name, _, rest = part.partition(";")
        match = re.fullmatch(r"\s*q\s*=\s*([\d.]+)\s*", rest)
        try:
            qualities[name.strip().lower()] = float(match[1]) if match else 1.0
        except ValueError:
            continue
    return next((one for one in known if qualities.get(one, qualities.get("*", 0.0)) > 0), "")
