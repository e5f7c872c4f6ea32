"""A query on a release, as a query on the place where it stands among others (:mod:`graph.remote.placing`).

Two rewritings, exact by the algebra of SPARQL 1.1 and needing nothing that engines do in ways of their own:

    WHERE { P }         ->  WHERE { GRAPH <place/default> { P } }
    GRAPH x { P }       ->  { GRAPH <place/names> { ?hidden placed:names x } GRAPH ?hidden { P } }

GRAPH sets the active graph anew wherever it stands, so the second works inside the first. FROM would be shorter, but
by the standard it empties the set of named graphs. Brackets and keywords are all that is read; nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.read.store import BadQuery
from graph.remote.placing import NAMES, Place

#: Variables that begin so are ours and are taken out of answers.
HIDDEN: Final = "palermo_graph_"

_ESCAPE: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_TOKEN: Final = re.compile(
    rf"""(?P<space>\s+|\#[^\n\r]*)
      | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
      | (?P<string>"{{3}}(?:[^"\\]|\\.|"(?!""))*"{{3}}|'{{3}}(?:[^'\\]|\\.|'(?!''))*'{{3}}
                  |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%-]|\.(?=[\w:%-])|\\[-_~.!$&'()*+,;=/?\#@%])*)
      | (?P<word>[^\W\d]\w*)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


@dataclass(frozen=True)
class Token:
    """A piece of a query: its kind, its text (keywords in capitals), and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def tokens(query: str) -> list[Token]:
    """The query in pieces, white space and comments left out.

    Raises :class:`BadQuery` for a Unicode escape that an engine could read as part of the grammar: outside names and
    strings, or one that stands for a quotation mark, a bracket or a line end.
    """
    found = []
    for match in _TOKEN.finditer(query):
        kind, text = str(match.lastgroup), match.group()
        if kind == "space":
            continue
        escapes = re.findall(_ESCAPE, text)
        if (kind == "mark" and text == "\\") or any(chr(int(one[2:], 16)) in "\"'\\<>\n\r{}" for one in escapes):
            raise BadQuery("a Unicode escape stands where it could be taken for a part of the query")
        found.append(Token(kind, text.upper() if kind == "word" else text, match.start(), match.end()))
    return found


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """The query with those of `prefixes` declared that it uses and does not declare."""
    found = tokens(query)
    used: set[str] = set()
    declared: set[str] = set()
    for position, token in enumerate(found):
        if token.kind == "name":
            before = found[position - 1] if position else None
            chosen = declared if before is not None and before.text == "PREFIX" else used
            chosen.add(token.text.partition(":")[0])
    return "".join(f"PREFIX {one}: <{prefixes[one]}>\n" for one in sorted(used - declared) if one in prefixes) + query


def form(query: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE; empty where there is none. Raises :class:`BadQuery`."""
    return next((one.text for one in tokens(query) if one.kind == "word" and one.text in _FORMS), "")


def without_limit(query: str) -> tuple[str, int | None]:
    """The query without the LIMIT at its very end and how many rows that allowed; unchanged, with None, where there is
    no such LIMIT, an OFFSET, or no ORDER BY."""
    found = re.search(r"\bLIMIT\s+(\d+)\s*\Z", query, re.IGNORECASE)
    if found is None or not re.search(r"\bORDER\s+BY\b(?!.*(\}|\bOFFSET\b))", query, re.IGNORECASE | re.DOTALL):
        return query, None
    return query[: found.start()], int(found[1])


def rewritten(query: str, place: Place) -> str:
    """The query on a place. Raises :class:`BadQuery` for what cannot be asked there: FROM, DESCRIBE *, unclosed
    brackets, variables that begin like ours."""
    return _Rewriting(query, place).text()


class _Rewriting:
    def __init__(self, query: str, place: Place) -> None:
        self._query, self._place = query, place
        self._tokens = tokens(query)
        self._edits: list[tuple[int, int, str]] = []
        self._close = self._brackets()
        self._form = next((n for n, one in enumerate(self._tokens) if one.text in _FORMS and one.kind == "word"), -1)
        if self._form < 0:
            raise BadQuery("SELECT, ASK, CONSTRUCT or DESCRIBE is needed")

    def text(self) -> str:
        """The rewritten query."""
        self._graphs()
        groups = self._groups()
        kind = self._tokens[self._form].text
        if kind == "CONSTRUCT":
            groups = self._template(groups)
        opening, closing = f"{{ GRAPH <{self._place.default}> {{", "} }"
        for start, end in groups:
            self._edits += [(*self._at(start), opening), (*self._at(end), closing)]
        if kind == "DESCRIBE":
            return self._described(groups)
        return self._edited(0, len(self._query))

    def _at(self, position: int) -> tuple[int, int]:
        return self._tokens[position].start, self._tokens[position].end

    def _brackets(self) -> dict[int, int]:
        """The closing brace of each opening one."""
        stack: list[int] = []
        found: dict[int, int] = {}
        for position, token in enumerate(self._tokens):
            if token.kind == "variable" and token.text[1:].startswith(HIDDEN):
                raise BadQuery(f"variables that begin with {HIDDEN} are taken")
            if token.kind == "mark" and token.text == "{":
                stack.append(position)
            elif token.kind == "mark" and token.text == "}":
                if not stack:
                    raise BadQuery("a brace is closed that was never opened")
                found[stack.pop()] = position
        if stack:
            raise BadQuery("a brace is never closed")
        return found

    def _graphs(self) -> None:
        """Every GRAPH, wherever it stands."""
        number = 0
        for position, token in enumerate(self._tokens):
            if token.kind != "word" or token.text != "GRAPH":
                continue
            opening = position + 2
            if opening not in self._close or self._tokens[position + 1].kind not in ("iri", "name", "variable"):
                raise BadQuery("GRAPH needs a name or a variable and a group in braces")
            number += 1
            hidden, name = f"?{HIDDEN}{number}", self._tokens[position + 1].text
            before = f"{{ GRAPH <{self._place.names}> {{ {hidden} <{NAMES}> {name} }} GRAPH {hidden} "
            self._edits.append((token.start, self._tokens[position + 1].end, before))
            end = self._tokens[self._close[opening]].end
            self._edits.append((end, end, " }"))

    def _groups(self) -> list[tuple[int, int]]:
        """The outermost groups in braces, without those of VALUES. Raises :class:`BadQuery` for FROM."""
        found: list[tuple[int, int]] = []
        position, values = self._form + 1, False
        while position < len(self._tokens):
            token = self._tokens[position]
            if token.kind == "word":
                if token.text == "FROM":
                    raise BadQuery("FROM cannot be asked of a release in another engine; use GRAPH")
                values = token.text == "VALUES"
            if position in self._close:
                if not values:
                    found.append((position, self._close[position]))
                position = self._close[position]
            position += 1
        return found

    def _template(self, groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The groups without the template of a CONSTRUCT; its short form is written out."""
        if not groups:
            raise BadQuery("CONSTRUCT needs a group in braces")
        start, end = groups[0]
        if self._tokens[start - 1].text != "WHERE":
            return groups[1:]
        inside = self._query[self._tokens[start].end : self._tokens[end].start]
        at = self._tokens[start - 1].start
        self._edits.append((at, at, f"{{ {inside}\n}} "))
        return groups

    def _described(self, groups: list[tuple[int, int]]) -> str:
        """A DESCRIBE as a CONSTRUCT of everything said of what it names, so that all engines answer the same."""
        begin = self._form + 1
        stop = groups[0][0] if groups else len(self._tokens)
        if groups and self._tokens[stop - 1].text == "WHERE":
            stop -= 1
        named = self._tokens[begin:stop]
        if not named or any(one.kind not in ("iri", "name", "variable") for one in named):
            raise BadQuery("DESCRIBE needs names or variables, not *")
        rest = self._edited(self._tokens[stop].start, len(self._query)) if groups else ""
        what = f"?{HIDDEN}what"
        parts = [f"VALUES {what} {{ {one.text} }}" for one in named if one.kind != "variable"]
        parts += [f"SELECT ({one.text} AS {what}) {rest}" for one in named if one.kind == "variable" and groups]
        about = f"GRAPH <{self._place.default}> {{ {what} ?p ?o }}"
        return (
            self._query[: self._tokens[self._form].start]
            + f"CONSTRUCT {{ {what} ?p ?o }} WHERE {{ {' UNION '.join(f'{{ {one} }}' for one in parts)} {about} }}"
        )

    def _edited(self, start: int, end: int) -> str:
        pieces, done = [], start
        # Insertions at one place keep the order in which they nest: what ends first comes first.
        for first, last, text in sorted(self._edits, key=lambda one: (one[0], one[1])):
            if first < start:
                continue
            pieces += [self._query[done:first], text]
            done = last
        return "".join(pieces) + self._query[done:end]
