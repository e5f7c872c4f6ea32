"""SPARQL split into tokens, without any opinion on its grammar.

A guard that reads differently from the engine can be led past. Two readings are doubtful, and both are made:

- `<` opens an IRI or compares. `FILTER(1<2)SERVICE#>` holds an IRI by the longest match, a SERVICE by the grammar.
- SPARQL 1.1, section 19.2, decodes `\\uXXXX` before anything else; an engine may decode later, or not at all.

:func:`readings` gives every combination; what any one of them shows counts.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple


class Kind(StrEnum):
    """What a token is."""

    IRI = "iri"
    STRING = "string"
    VARIABLE = "variable"
    BLANK = "blank"
    PREFIXED = "prefixed"
    LANGUAGE = "language"
    NUMBER = "number"
    WORD = "word"
    MARK = "mark"


class Token(NamedTuple):
    """One token: what it is, its text, and where it begins (an offset in characters)."""

    kind: Kind
    text: str
    at: int


# Within a token no two alternatives begin alike, so no text makes the expression go back more than once. Possessive
# repetition would say so itself, but Python 3.11 before 3.11.5 matches it wrongly around groups.
_PN: Final = r"\w\-.·‿⁀"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_FIRST: Final = rf"(?:[\w:]|{_ESCAPED})"
_TOKEN: Final = re.compile(
    rf"""(?:[\s\ufeff]+|\#[^\n\r]*)*(?:
        (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>|<(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
      | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
                  |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<blank>_:[{_PN}]+)
      | (?P<prefixed>(?:[^\W\d_][{_PN}]*)?:(?:{_FIRST}(?:[{_PN}:]|{_ESCAPED})*)?)
      | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<mark>.) | (?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)

_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def decode(text: str) -> str:
    """The text with codepoint escapes decoded; an escape for no character stays as it is."""

    def one(match: re.Match[str]) -> str:
        number = int(match.group(1) or match.group(2), 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else match.group()

    return _ESCAPE.sub(one, text) if "\\" in text else text


def tokens(text: str, *, compare: bool = False) -> list[Token]:
    """The tokens of a text, comments and white space left out.

    With `compare`, a `<` before something that only looks like an IRI because it holds a `#` is a mark of its own.
    """
    found: list[Token] = []
    at = 0
    while (match := _TOKEN.match(text, at)) is not None and match.lastgroup not in (None, "end"):
        name = match.lastgroup or ""
        piece, begins, at = match[name], match.start(name), match.end()
        if name == "iri" and compare and "#" in piece:
            name, piece, at = "mark", "<", begins + 1
        elif name == "prefixed" and piece.endswith("."):
            shorter = piece.rstrip(".")  # a name does not end with the dot that ends a triple
            at -= len(piece) - len(shorter)
            piece = shorter
        found.append(Token(_KINDS[name], piece, begins))
    return found


_KINDS: Final = {str(kind): kind for kind in Kind}


def readings(text: str) -> list[tuple[bool, list[Token]]]:
    """Every reading of a text that an engine could have, and whether it is sure; the first is the plain one.

    Those in which an IRI is taken for a comparison and a comment are not sure: most such IRIs are what they seem.
    """
    texts = dict.fromkeys((text, decode(text)))
    found = [(True, tokens(one)) for one in texts]
    for one, (_, plain) in zip(texts, list(found), strict=True):
        if any(token.kind is Kind.IRI and "#" in token.text and _SUSPECT.search(token.text) for token in plain):
            found.append((False, tokens(one, compare=True)))
    return found


#: Only a word that the guard looks for makes the second reading worth its time.
_SUSPECT: Final = re.compile(r"service", re.IGNORECASE)
