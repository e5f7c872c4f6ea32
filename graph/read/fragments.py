"""Triple patterns and their pages: what a Triple Pattern Fragments interface gives to clients that do the joining.

A pattern is three terms of which each may be missing. The order of a page is the store's own, which is the same for as
long as one release is served by an embedded store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.read.store import Store

Term = NamedNode | Literal

_LITERAL: Final = re.compile(r'"(.*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^<?([^<>"\s]+)>?)?', re.DOTALL)
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")


class TermError(ValueError):
    """A text that is no term; the message says what is."""


@dataclass(frozen=True)
class Pattern:
    """Subject, predicate and object; None stands for anything."""

    subject: NamedNode | None = None
    predicate: NamedNode | None = None
    object: Term | None = None

    def text(self) -> str:
        """The pattern in SPARQL, with variables for what is missing."""
        return " ".join(
            str(term) if term is not None else f"?{name}"
            for name, term in (("s", self.subject), ("p", self.predicate), ("o", self.object))
        )


def term(text: str) -> Term | None:
    """A term as clients write it in addresses: an IRI, `"text"`, `"texte"@fr`, `"1"^^IRI`; None for the empty text and
    for a variable (`?x`). Raises :class:`TermError`."""
    if not text or text.startswith("?"):
        return None
    try:
        if text.startswith('"'):
            found = _LITERAL.fullmatch(text)
            if found is None:
                raise TermError
            value, language, datatype = found.groups()
            return Literal(value, language=language, datatype=NamedNode(datatype) if datatype else None)
        iri = text.removeprefix("<").removesuffix(">")
        if not _IRI.fullmatch(iri):
            raise TermError
        return NamedNode(iri)
    except ValueError:
        raise TermError('an IRI, a literal ("text", "texte"@fr, "1"^^IRI) or a variable (?x)') from None


def count(store: Store, pattern: Pattern) -> int:
    """How many triples fit."""
    ((number,),) = store.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern.text()} }}").rows
    return int(number.value) if isinstance(number, Literal) else 0


def page(store: Store, pattern: Pattern, number: int, size: int) -> list[Triple]:
    """The triples of a page, counted from 1. No node of a release is nameless, so every triple can be asked for."""
    text = pattern.text()
    return store.construct(f"CONSTRUCT {{ {text} }} WHERE {{ {text} }} LIMIT {size} OFFSET {(number - 1) * size}")
