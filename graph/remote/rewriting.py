"""A query on a release, as a query on the place where it stands among others (:mod:`graph.remote.placing`).

Two rewritings, exact by the algebra of SPARQL 1.1 and needing nothing that engines do in ways of their own:

    WHERE { P }         ->  WHERE { GRAPH <place/default> { P } }
    GRAPH x { P }       ->  { GRAPH <place/names> { ?hidden placed:names x } GRAPH ?hidden { P } }

GRAPH sets the active graph anew wherever it stands, so the second works inside the first. Where a query chooses its
graphs (:mod:`graph.remote.datasets`), the engine is told by FROM, which leaves P as it is:

    FROM a FROM NAMED b ->  FROM <place/1> FROM NAMED <place/names> FROM NAMED <place/2>

Brackets and keywords are all that is read; nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.read.store import BadQuery
from graph.remote.placing import NAMES, NOTHING, Place

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
FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


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


def froms(found: Sequence[Token], close: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Positions of the tokens of each FROM and FROM NAMED; `close` has the closing brace of each opening one."""
    clauses: list[tuple[int, ...]] = []
    position = 0
    while position < len(found):
        token = found[position]
        if token.kind == "word" and token.text == "FROM":
            long = position + 1 < len(found) and found[position + 1].text == "NAMED"
            clause = tuple(range(position, position + (3 if long else 2)))
            if clause[-1] >= len(found) or found[clause[-1]].kind not in ("iri", "name"):
                raise BadQuery("FROM needs the name of a graph")
            clauses.append(clause)
            position = clause[-1]
        position = close.get(position, position) + 1
    return clauses


def braces(found: Sequence[Token]) -> dict[int, int]:
    """The closing brace of each opening one. Raises :class:`BadQuery` where one lacks its other."""
    stack: list[int] = []
    pairs: dict[int, int] = {}
    for position, token in enumerate(found):
        if token.kind == "mark" and token.text == "{":
            stack.append(position)
        elif token.kind == "mark" and token.text == "}":
            if not stack:
                raise BadQuery("a brace is closed that was never opened")
            pairs[stack.pop()] = position
    if stack:
        raise BadQuery("a brace is never closed")
    return pairs


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
    return next((one.text for one in tokens(query) if one.kind == "word" and one.text in FORMS), "")


def without_limit(query: str) -> tuple[str, int | None]:
    """The query without the LIMIT at its very end and how many rows that allowed; unchanged, with None, where there is
    no such LIMIT, an OFFSET, or no ORDER BY."""
    found = re.search(r"\bLIMIT\s+(\d+)\s*\Z", query, re.IGNORECASE)
    if found is None or not re.search(r"\bORDER\s+BY\b(?!.*(\}|\bOFFSET\b))", query, re.IGNORECASE | re.DOTALL):
        return query, None
    return query[: found.start()], int(found[1])


@dataclass(frozen=True)
class Chosen:
    """The graphs that a query is to see, by their names in the engine: at most one default graph, and named graphs."""

    default: str | None
    named: tuple[str, ...]

    def clauses(self, place: Place | None) -> str:
        """FROM and FROM NAMED. A graph that is nowhere stands for none: some engines take the lack of a clause for
        every graph that they hold."""
        named = [*([place.names] if place else []), *self.named] or [NOTHING]
        return " ".join([f"FROM <{self.default or NOTHING}>", *(f"FROM NAMED <{one}>" for one in named)])


def rewritten(query: str, place: Place | None, chosen: Chosen | None = None) -> str:
    """The query on a place, None for an engine that holds one release alone; `chosen` replaces its FROM.

    Raises :class:`BadQuery` for what cannot be asked there: FROM that is not replaced, DESCRIBE *, unclosed brackets,
    variables that begin like ours.
    """
    return _Rewriting(query, place, chosen).text()


class _Rewriting:
    def __init__(self, query: str, place: Place | None, chosen: Chosen | None) -> None:
        self._query, self._place, self._chosen = query, place, chosen
        self._tokens = tokens(query)
        self._where: int | None = None
        self._dropped: set[int] = set()
        self._edits: list[tuple[int, int, str]] = []
        for token in self._tokens:
            if token.kind == "variable" and token.text[1:].startswith(HIDDEN):
                raise BadQuery(f"variables that begin with {HIDDEN} are taken")
        self._close = braces(self._tokens)
        self._form = next((n for n, one in enumerate(self._tokens) if one.text in FORMS and one.kind == "word"), -1)
        if self._form < 0:
            raise BadQuery("SELECT, ASK, CONSTRUCT or DESCRIBE is needed")

    def text(self) -> str:
        """The rewritten query."""
        if self._place:
            self._graphs(self._place)
        groups = self._groups()
        kind = self._tokens[self._form].text
        if kind == "CONSTRUCT":
            groups = self._template(groups)
        if self._place and not self._chosen:
            opening, closing = f"{{ GRAPH <{self._place.default}> {{", "} }"
            for start, end in groups:
                self._edits += [(*self._at(start), opening), (*self._at(end), closing)]
        if kind == "DESCRIBE":
            return self._described(groups)
        if self._chosen:
            self._put(self._chosen, kind)
        return self._edited(0, len(self._query))

    def _put(self, chosen: Chosen, kind: str) -> None:
        """The clauses of the dataset, before the group that is asked."""
        if self._where is None:
            raise BadQuery(f"{kind} needs a group in braces")
        before = self._where - (self._tokens[self._where - 1].text == "WHERE")
        at = self._tokens[before].start
        self._edits.append((at, at, chosen.clauses(self._place) + " "))

    def _at(self, position: int) -> tuple[int, int]:
        return self._tokens[position].start, self._tokens[position].end

    def _graphs(self, place: Place) -> None:
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
            before = f"{{ GRAPH <{place.names}> {{ {hidden} <{NAMES}> {name} }} GRAPH {hidden} "
            self._edits.append((token.start, self._tokens[position + 1].end, before))
            end = self._tokens[self._close[opening]].end
            self._edits.append((end, end, " }"))

    def _groups(self) -> list[tuple[int, int]]:
        """The outermost groups in braces, without those of VALUES; FROM is taken out on the way."""
        found: list[tuple[int, int]] = []
        template = self._tokens[self._form].text == "CONSTRUCT"
        depth, values = 0, False
        for clause in froms(self._tokens, self._close):
            if self._chosen is None:
                raise BadQuery("FROM was not replaced by the graphs that it stands for")
            self._edits.append((self._tokens[clause[0]].start, self._tokens[clause[-1]].end, ""))
            self._dropped.update(clause)
        position = self._form + 1
        while position < len(self._tokens):
            token = self._tokens[position]
            if token.kind == "word":
                values = token.text == "VALUES"
            if token.kind == "mark":
                depth += (token.text == "(") - (token.text == ")")
            if position in self._close:
                if not values:
                    found.append((position, self._close[position]))
                    before = self._tokens[position - 1]
                    if template and not (before.kind == "word" and before.text == "WHERE"):
                        template = False
                    elif depth == 0 and self._where is None:
                        self._where = position
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
        named = [self._tokens[one] for one in range(begin, stop) if one not in self._dropped]
        if not named or any(one.kind not in ("iri", "name", "variable") for one in named):
            raise BadQuery("DESCRIBE needs names or variables, not *")
        rest = self._edited(self._tokens[stop].start, len(self._query)) if groups else ""
        what = f"?{HIDDEN}what"
        parts = [f"VALUES {what} {{ {one.text} }}" for one in named if one.kind != "variable"]
        parts += [f"SELECT ({one.text} AS {what}) {rest}" for one in named if one.kind == "variable" and groups]
        about = f"{what} ?p ?o"
        if self._place and not self._chosen:
            about = f"GRAPH <{self._place.default}> {{ {about} }}"
        clauses = self._chosen.clauses(self._place) + " " if self._chosen else ""
        asked = " UNION ".join(f"{{ {one} }}" for one in parts)
        prologue = self._query[: self._tokens[self._form].start]
        return f"{prologue}CONSTRUCT {{ {what} ?p ?o }} {clauses}WHERE {{ {asked} {about} }}"

    def _edited(self, start: int, end: int) -> str:
        pieces, done = [], start
        # Insertions at one place keep the order in which they nest: what ends first comes first.
        for first, last, text in sorted(self._edits, key=lambda one: (one[0], one[1])):
            if first < start:
                continue
            pieces += [self._query[done:first], text]
            done = last
        return "".join(pieces) + self._query[done:end]
