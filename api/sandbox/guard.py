"""What a query is and what it asks for, by its tokens alone.

The guard refuses what is never served, before any engine sees it, and gives the scheduler what it needs: a normalised
text (comments and white space gone) and a shape (constants gone, variables numbered). It is the first of two locks:
the worker that runs the query has no network in any case.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.errors import FeatureRefused, TooComplex, UpdateRefused
from api.sandbox.tokens import Kind, Token, readings, tokens

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})

#: Functions whose value differs from one call to the next: their answers carry no ETag.
_VOLATILE: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID"})


_SHORT: Final = 60
_FEW: Final = 4
_BUILDING: Final = frozenset({"REPLACE", "CONCAT", "GROUP_CONCAT", "REGEX"})

#: Most texts hold none of these anywhere, and need not be searched token by token.
_RARE: Final = re.compile(r"service|load|now|rand|uuid|\\", re.IGNORECASE)


@dataclass(frozen=True)
class Inspection:
    """What the guard saw. `form` is empty where no query form was found: the engine will say what is wrong.

    `promising` queries look cheap, which only decides who waits for whom. `prologue` is the text before the form,
    `default` and `named` the terms behind FROM and FROM NAMED as written.
    """

    form: str
    normal: str
    shape: str
    volatile: bool
    federated: bool
    promising: bool
    prologue: str
    default: tuple[str, ...]
    named: tuple[str, ...]


def inspect(text: str, *, depth: int, services: Sequence[str] = ()) -> Inspection:
    """Inspect one query.

    Raises :class:`UpdateRefused`, :class:`FeatureRefused` for a SERVICE whose constant IRI is not among `services`, and
    :class:`TooComplex` where brackets nest deeper than `depth`.
    """
    every = readings(text)
    plain = every[0][1]
    rare = _RARE.search(text) is not None
    for sure, reading in every:
        _refuse_update(reading)
        if rare:
            _refuse_service(reading, services, sure=sure)
        _refuse_depth(text, reading, depth)
    form, start = _form(plain)
    default, named = _sources(plain, start)
    return Inspection(
        form=form,
        normal=_digest([token.text for token in plain]),
        shape=_digest(_shape(plain)),
        volatile=rare and any(token.kind is Kind.WORD and token.text.upper() in _VOLATILE for token in plain),
        federated=rare and any(_services(reading, sure=sure) for sure, reading in every),
        promising=_promising(plain),
        prologue=text[: plain[start].at] if form else "",
        default=default,
        named=named,
    )


def undeclared(text: str) -> dict[str, int]:
    """Prefixes that a query uses and does not declare, each with the offset of its first use."""
    plain = tokens(text)
    declared: set[str] = set()
    used: dict[str, int] = {}
    for position, token in enumerate(plain):
        if token.kind is Kind.PREFIXED:
            prefix = token.text.partition(":")[0]
            before = plain[position - 1] if position else None
            if before is not None and before.kind is Kind.WORD and before.text.upper() == "PREFIX":
                declared.add(prefix)
            else:
                used.setdefault(prefix, token.at)
    return {prefix: at for prefix, at in used.items() if prefix not in declared}


def _digest(parts: list[str]) -> str:
    return hashlib.blake2b("\x00".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _shape(tokens: Sequence[Token]) -> list[str]:
    """Constants become a mark of their own, a run of them one; variables are numbered as they come."""
    variables: dict[str, str] = {}
    found: list[str] = []
    constant = False
    for kind, text, _ in tokens:
        if kind is Kind.MARK:
            found.append(text)
        elif kind is Kind.VARIABLE:
            found.append(variables.setdefault(text[1:], f"?{len(variables)}"))
        elif kind is Kind.WORD:
            found.append(text.upper())
        else:
            if not constant:
                found.append("constant")
            constant = True
            continue
        constant = False
    return found


def _promising(tokens: Sequence[Token]) -> bool:
    """Whether a query looks cheap: short, few variables, no repeated paths, nothing that builds long strings."""
    if len(tokens) > _SHORT:
        return False
    before = ""
    for kind, text, _ in tokens:
        word = text.upper()
        if kind is Kind.MARK and text in "*+!^" and before not in ("SELECT", "DISTINCT", "REDUCED", "("):
            return False
        if kind is Kind.WORD and word in _BUILDING:
            return False
        before = word
    return len({text[1:] for kind, text, _ in tokens if kind is Kind.VARIABLE}) <= _FEW


def _form(tokens: Sequence[Token]) -> tuple[str, int]:
    """The query form and the position of its keyword, or an empty form."""
    for position, token in enumerate(tokens):
        word = token.text.upper() if token.kind is Kind.WORD else ""
        if word in FORMS:
            return word, position
        if word not in ("PREFIX", "BASE", "VERSION") and token.kind not in (Kind.IRI, Kind.PREFIXED, Kind.STRING):
            break
    return "", 0


def _refuse_update(tokens: Sequence[Token]) -> None:
    for token in tokens:
        word = token.text.upper() if token.kind is Kind.WORD else ""
        if word in _UPDATES:
            raise UpdateRefused(f"{word} is an update; this service is read-only.", feature=word)
        if word not in ("PREFIX", "BASE", "VERSION") and token.kind not in (Kind.IRI, Kind.PREFIXED, Kind.STRING):
            return


def _services(tokens: Sequence[Token], *, sure: bool) -> list[Token | None]:
    """What stands behind each SERVICE: a token, or None where it cannot be told.

    Engines read keywords without looking for the end of a word: `trueSERVICE`, `SERVICESILENT` and `SERVICEex:a {`
    count. In a reading that is not `sure` a SERVICE counts only with a target and a group behind it, as the grammar
    has it.
    """
    found: list[Token | None] = []
    for position, token in enumerate(tokens):
        word = token.text.upper()
        if token.kind is Kind.PREFIXED:
            glued = "SERVICE" in word.partition(":")[0] and position + 1 < len(tokens)
            if glued and tokens[position + 1].text == "{":
                found.append(None)
            continue
        if token.kind is not Kind.WORD or "SERVICE" not in word:
            continue
        after = list(tokens[position + 1 : position + 4])
        if after and after[0].kind is Kind.WORD and after[0].text.upper() == "SILENT":
            after = after[1:]
        if sure or (len(after) > 1 and after[1].text == "{"):
            found.append(after[0] if after and word == "SERVICE" else None)
    return found


def _refuse_service(tokens: Sequence[Token], allowed: Sequence[str], *, sure: bool) -> None:
    for target in _services(tokens, sure=sure):
        if target is None or target.kind is not Kind.IRI or target.text[1:-1] not in allowed:
            named = "an address that is not constant" if target is None or target.kind is not Kind.IRI else target.text
            raise FeatureRefused(
                f"SERVICE is refused: {named} is not on the list of services that may be asked from here. "
                "Ask the other service yourself and join the answers, or put its data in a VALUES block.",
                feature="SERVICE",
                allowed=list(allowed),
            )


def _refuse_depth(text: str, tokens: Sequence[Token], limit: int) -> None:
    if sum(map(text.count, "{([!-+^\\")) <= limit:
        return
    depth = run = 0
    for kind, mark, _ in tokens:
        if kind is not Kind.MARK:
            run = 0
            continue
        if mark in "{([":
            depth += 1
        elif mark in "})]":
            depth -= 1
        run = run + 1 if mark in "!-+^" else 0
        if depth > limit or run > limit:
            raise TooComplex(
                f"The query nests more than {limit} levels deep. Write it flatter: VALUES for long lists, "
                "property paths for chains.",
                limit=limit,
            )


def _sources(tokens: Sequence[Token], start: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms behind FROM and FROM NAMED, as written, outside of all braces: the template of a CONSTRUCT and groups
    within the columns of a SELECT stand before them."""
    default, named = [], []
    position, depth = start, 0
    while position < len(tokens) - 1:
        if tokens[position].kind is Kind.MARK:
            depth += (tokens[position].text == "{") - (tokens[position].text == "}")
        elif depth == 0 and tokens[position].kind is Kind.WORD and tokens[position].text.upper() == "FROM":
            after = tokens[position + 1]
            if after.kind is Kind.WORD and after.text.upper() == "NAMED" and position + 2 < len(tokens):
                named.append(tokens[position + 2].text)
            else:
                default.append(after.text)
        position += 1
    return tuple(default), tuple(named)
