"""Where a text stops being a SPARQL query: the first token that no query has there, and what could stand instead.

The engine's own message names the furthest character it looked at, which is often far behind the mistake. This reads
the tokens by the grammar of the specification (sparql.grammar), for which one token of foresight is enough, and so
stops at the very token. It is asked only about texts that the engine refused; it decides nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from api.sandbox.tokens import Kind, Token, tokens

END: Final = "end"
_PAIRS: Final = frozenset({"&&", "||", "!=", "<=", ">=", "^^"})
_KINDS: Final = {
    Kind.IRI: "IRIREF",
    Kind.STRING: "STRING",
    Kind.VARIABLE: "VAR",
    Kind.BLANK: "BLANK",
    Kind.LANGUAGE: "LANGTAG",
    Kind.NUMBER: "NUMBER",
}
#: Built-in functions, which all take a list of expressions as far as the grammar is concerned.
FUNCTIONS: Final = frozenset(
    "STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE "  # noqa: SIM905
    "ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW "
    "UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL "
    "ISNUMERIC REGEX SUBSTR REPLACE".split()
)
#: Kinds of token as a person calls them.
_CALLED: Final = {
    "IRIREF": "an IRI",
    "PNAME_LN": "a name such as ex:a",
    "PNAME_NS": "a prefix such as ex:",
    "STRING": "a string",
    "VAR": "a variable",
    "BLANK": "a blank node",
    "ANON": "[]",
    "NIL": "()",
    "LANGTAG": "a language",
    "NUMBER": "a number",
    "FUNCTION": "a function",
    END: "the end of the query",
}


@dataclass(frozen=True)
class Stop:
    """The first token that cannot stand where it stands; at the end of the text, `found` is empty. `expected` are
    keywords and marks as they are written and kinds of token as a person calls them.
    """

    at: int
    found: str
    expected: tuple[str, ...]


def stop(text: str) -> Stop | None:
    """Where a text stops being a query, or None if the grammar has nothing against it."""
    table = _table()
    stack = ["Query"]
    read = [*_terminals(text, table.keywords), (END, "", len(text.rstrip()))]
    position = 0
    passed: set[str] = set()  # what could have stood at this token, too
    while stack:
        symbol, (terminal, found, at) = stack.pop(), read[position]
        if symbol in table.rules:
            passed |= table.first[symbol]
            production = table.rules[symbol].get(terminal)
            if production is None:
                return Stop(at, found, _called(passed))
            stack += reversed(production)
        elif symbol == terminal:
            position += 1
            passed.clear()
        else:
            return Stop(at, found, _called(passed | {symbol}))
    terminal, found, at = read[position]
    return None if terminal == END else Stop(at, found, _called(passed | {END}))


def words() -> frozenset[str]:
    """Every keyword and function."""
    return _table().keywords | FUNCTIONS


def _terminals(text: str, keywords: frozenset[str]) -> list[tuple[str, str, int]]:
    """Tokens as the grammar names them, with text and place; marks of two characters and empty brackets are one."""
    found: list[tuple[str, str, int]] = []
    last: Token | None = None
    for token in tokens(text):
        name = _terminal(token, keywords)
        if found and last is not None and token.kind is Kind.MARK and last.kind is Kind.MARK:
            before = found[-1][0]
            joined = {"()": "NIL", "[]": "ANON"}.get(before + name)
            if joined is None and before + name in _PAIRS and token.at == last.at + 1:
                joined = before + name
            if joined is not None:
                found[-1] = (joined, found[-1][1] + token.text, found[-1][2])
                last = None
                continue
        found.append((name, token.text, token.at))
        last = token
    return found


def _terminal(token: Token, keywords: frozenset[str]) -> str:
    if token.kind is Kind.PREFIXED:
        return "PNAME_NS" if token.text.endswith(":") else "PNAME_LN"
    if token.kind is not Kind.WORD:
        return _KINDS.get(token.kind, token.text)
    if token.text == "a" or token.text.upper() in keywords:
        return token.text if token.text == "a" else token.text.upper()
    return "FUNCTION" if token.text.upper() in FUNCTIONS else "WORD"


@dataclass(frozen=True)
class _Table:
    """For each rule and next terminal what the rule becomes; what may begin a rule; which rules may be empty."""

    rules: dict[str, dict[str, tuple[str, ...]]]
    first: dict[str, frozenset[str]]
    nullable: frozenset[str]
    keywords: frozenset[str]


def _called(terminals: set[str]) -> tuple[str, ...]:
    """Terminals as a person calls them: kinds of token, then marks, then keywords."""
    names = {_CALLED.get(one, one if one.isidentifier() else f'"{one}"') for one in terminals}
    return tuple(sorted(names, key=lambda one: (not one[0].islower(), one[0].isupper(), one)))


@cache
def _table() -> _Table:
    """The grammar, made into a table once for each process."""
    reader = _Reader()
    text = files("api.sandbox").joinpath("sparql.grammar").read_text(encoding="utf-8")
    for line in text.splitlines():
        name, arrow, body = line.partition(" ::= ")
        if arrow and not line.startswith("#"):
            reader.rule(name, body)
    return reader.table()


class _Reader:
    """Reads rules in the notation of the specification and turns ? * + and groups into rules of their own."""

    def __init__(self) -> None:
        self._productions: dict[str, list[tuple[str, ...]]] = {}
        self._words: list[str] = []
        self._keywords: set[str] = set()

    def rule(self, name: str, body: str) -> None:
        """Add one rule."""
        self._words = re.findall(r"'[^']+'|\w+|[()|?*+]", body)
        self._productions[name] = self._choice()

    def _fresh(self, productions: list[tuple[str, ...]]) -> str:
        name = f"#{len(self._productions)}"
        self._productions[name] = productions
        return name

    def _choice(self) -> list[tuple[str, ...]]:
        found = [self._sequence()]
        while self._words and self._words[0] == "|":
            self._words.pop(0)
            found.append(self._sequence())
        return found

    def _sequence(self) -> tuple[str, ...]:
        found: list[str] = []
        while self._words and self._words[0] not in ("|", ")"):
            word = self._words.pop(0)
            if word == "(":
                symbol = self._fresh(self._choice())
                self._words.pop(0)
            elif word.startswith("'"):
                symbol = word[1:-1] if word == "'a'" else word[1:-1].upper()
                if symbol[0].isalpha():
                    self._keywords.add(symbol.upper())
            else:
                symbol = word
            found.append(self._repeated(symbol))
        return tuple(found)

    def _repeated(self, symbol: str) -> str:
        sign = self._words[0] if self._words else ""
        if sign not in ("?", "*", "+"):
            return symbol
        self._words.pop(0)
        if sign == "?":
            return self._fresh([(symbol,), ()])
        more = f"#{len(self._productions)}"
        self._productions[more] = [(symbol, more), ()]
        return more if sign == "*" else self._fresh([(symbol, more)])

    def table(self) -> _Table:
        """The table. Where two productions begin alike, as after a full stop, the first that is not empty counts."""
        nullable, first = self._nullable(), dict[str, frozenset[str]]()
        known: dict[str, set[str]] = {name: set() for name in self._productions}
        grown = True
        while grown:
            grown = False
            for name, productions in self._productions.items():
                size = len(known[name])
                for production in productions:
                    known[name] |= self._begins(production, known, nullable)
                grown = grown or len(known[name]) > size
        first = {name: frozenset(terminals) for name, terminals in known.items()}
        rules: dict[str, dict[str, tuple[str, ...]]] = {}
        every = {symbol for many in self._productions.values() for one in many for symbol in one}
        terminals = (every - set(self._productions)) | {END, "WORD"}
        for name, productions in self._productions.items():
            line = rules.setdefault(name, {})
            for production in productions:
                for terminal in self._begins(production, known, nullable):
                    line.setdefault(terminal, production)
            empty = next((one for one in productions if all(symbol in nullable for symbol in one)), None)
            if empty is not None:
                for terminal in terminals:
                    line.setdefault(terminal, empty)
        return _Table(rules, first, frozenset(nullable), frozenset(self._keywords))

    def _nullable(self) -> set[str]:
        found: set[str] = set()
        size = -1
        while len(found) > size:
            size = len(found)
            found |= {
                name
                for name, productions in self._productions.items()
                if any(all(symbol in found for symbol in production) for production in productions)
            }
        return found

    def _begins(self, production: tuple[str, ...], known: dict[str, set[str]], nullable: set[str]) -> set[str]:
        found: set[str] = set()
        for symbol in production:
            found |= known.get(symbol, {symbol})
            if symbol not in nullable:
                break
        return found
