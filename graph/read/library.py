"""The named queries: questions in plain English, each answered by one file of SPARQL below `queries/`.

A file begins with a header of comment lines and runs as it is in any SPARQL 1.1 tool:

    #: question   Which states are bound by a treaty on a given day?
    #: question-fr Quels États sont liés par un traité à une date donnée ?
    #: summary    One row per party; what is counted, and what a reader should know; a line that is set in by
    #:    four spaces or more goes on with the line before it.
    #: summary-fr Une ligne par partie ; ce qui est compté, et ce qu'un lecteur doit savoir.
    #: param      treaty iri id:cets-197 The treaty.
    #: column     name The party's name.
    #: bound      45..60
    #: tags       treaties, as-of

A parameter stands in the body as `VALUES ?treaty { id:cets-197 }`, once or several times, always with its default.
:meth:`NamedQuery.bind` puts other terms there: as terms of the term library, never as pasted text. `UNDEF` is the
default of a parameter that may be left open. Header fields and the body are held against each other when the library
is loaded, and everything wrong is reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from graph.ids import PREFIXES, Ids
from graph.read.parameters import Param, ParameterError, Value, problem_of

NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Fields that stand exactly once, and those that may stand any number of times.
_ONCE: Final = ("question", "question-fr", "summary", "summary-fr", "bound", "tags")
_MANY: Final = ("param", "column")

_HEADER: Final = re.compile(r"#: {1,3}([a-z-]+) +(\S.*)")
_MORE: Final = re.compile(r"#: {4,}(\S.*)")
_BOUND: Final = re.compile(r"(\d+)\.\.(\d+)")

#: What may be skipped or stepped over as a whole when a body is read token by token.
_TOKEN: Final = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<iri><[^<>"{}|^`\\\s]*>)
      | (?P<string>"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
                  |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<word>[^\s{}()<>"'?$\#]+)
      | (?P<mark>[{}()<>?$])""",
    re.VERBOSE,
)


class LibraryError(Exception):
    """Query files that cannot be used. `lines` has one finding each: file, field, what is wrong and allowed."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__(f"the named queries: {len(lines)} finding(s)\n" + "\n".join(lines))


class UnknownQueryError(KeyError):
    """No named query has that name; the message lists near ones."""

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show its message in quotes


@dataclass(frozen=True)
class Column:
    """A column of the answer: the variable's name and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True)
class NamedQuery:
    """One named query. `text` is its file as it stands; `bound` the least and most rows on a full release."""

    name: str
    question: str
    question_fr: str
    summary: str
    summary_fr: str
    bound: tuple[int, int]
    tags: tuple[str, ...]
    params: tuple[Param, ...]
    columns: tuple[Column, ...]
    text: str = field(repr=False)

    @property
    def body(self) -> str:
        """The SPARQL without the header."""
        lines = self.text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith("#:")).lstrip("\n")

    def param(self, name: str) -> Param:
        """The parameter of that name. Raises :class:`ParameterError`, which lists those that exist."""
        for one in self.params:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.params) or "none"
        raise ParameterError(f"{self.name}: no parameter {name!r}; parameters: {known}")

    def bind(self, values: Mapping[str, Value] | None = None, *, ids: Ids | None = None) -> str:
        """The query with other values for some of its parameters, ready to run.

        A value is a term, a Python value or its text form (`fra`, `id:fra`, an IRI, `2004-12-31`, 5). `ids` gives the
        base of the release that is asked; the prefixes of data and the defaults follow it. Raises
        :class:`ParameterError` for an unknown name or a value that does not fit, saying what is allowed.
        """
        ids, values = ids or Ids(), values or {}
        terms = {name: self.param(name).term(value, ids) for name, value in values.items()}
        text = _with_prefixes(self.body, ids)
        pieces: list[str] = []
        done = 0
        for block in _blocks(text):
            if block.name in terms:
                term = terms[block.name]
                pieces += [text[done : block.start], f" {'UNDEF' if term is None else term} "]
                done = block.end
        return "".join(pieces) + text[done:]


@dataclass(frozen=True)
class _Block:
    """The inside of one `VALUES ?name { … }`."""

    name: str
    start: int
    end: int


def _blocks(text: str) -> Iterator[_Block]:
    tokens = [match for match in _TOKEN.finditer(text) if match.lastgroup != "comment"]
    for position, token in enumerate(tokens[:-3]):
        if token.lastgroup != "word" or token.group().upper() != "VALUES":
            continue
        variable, opening = tokens[position + 1], tokens[position + 2]
        if variable.lastgroup != "variable" or opening.group() != "{":
            continue
        closing = next((one for one in tokens[position + 3 :] if one.group() == "}"), None)
        if closing is not None:
            yield _Block(variable.group()[1:], opening.end(), closing.start())


def _prefixes(text: str) -> dict[str, str]:
    return dict(re.findall(r"^PREFIX\s+([a-z]+):\s+<([^>]*)>", text, re.MULTILINE))


def _with_prefixes(text: str, ids: Ids) -> str:
    """The text with data prefixes under the base of `ids`; the prologue stands a prefix a line."""

    def line(match: re.Match[str]) -> str:
        return f"PREFIX {match.group(1)}: <{ids.prefixes[match.group(1)]}>"

    return re.sub(r"^PREFIX\s+([a-z]+):\s+<[^>]*>", line, text, flags=re.MULTILINE)


def parse(name: str, text: str) -> NamedQuery:
    """Read one query file. Raises :class:`LibraryError` with everything that is wrong with it."""
    wrong: list[str] = []
    fields: dict[str, list[str]] = {key: [] for key in (*_ONCE, *_MANY)}
    key = ""
    for line in text.splitlines():
        if not line.startswith("#:"):
            break
        more, match = _MORE.fullmatch(line.rstrip()), _HEADER.fullmatch(line.rstrip())
        if more and key and fields[key]:
            fields[key][-1] += " " + more.group(1)
        elif match and match.group(1) in fields:
            key = match.group(1)
            fields[key].append(match.group(2))
        else:
            wrong.append(f"header {line!r}: a field and its text are needed; fields: {', '.join(fields)}")
    if not NAME.fullmatch(name):
        wrong.append(f"the name {name!r}: lower-case words joined by '-' are needed")
    wrong += [f"{key}: stands {len(fields[key])} times, once is needed" for key in _ONCE if len(fields[key]) != 1]
    params, columns = _params(fields["param"], wrong), _columns(fields["column"], wrong)
    bound = _BOUND.fullmatch(fields["bound"][0]) if fields["bound"] else None
    least, most = (int(bound.group(1)), int(bound.group(2))) if bound else (0, -1)
    if fields["bound"] and least > most:
        wrong.append(f"bound {fields['bound'][0]!r}: two whole numbers are needed, such as 45..60")
    query = NamedQuery(
        name=name,
        question=" ".join(fields["question"]),
        question_fr=" ".join(fields["question-fr"]),
        summary=" ".join(fields["summary"]),
        summary_fr=" ".join(fields["summary-fr"]),
        bound=(least, most),
        tags=tuple(tag.strip() for tag in ",".join(fields["tags"]).split(",")),
        params=params,
        columns=columns,
        text=text,
    )
    wrong += _body(query)
    if wrong:
        raise LibraryError([f"queries/{name}.rq: {line}" for line in wrong])
    return query


def _params(lines: list[str], wrong: list[str]) -> tuple[Param, ...]:
    found: list[Param] = []
    for line in lines:
        try:
            found.append(Param.parse(line))
        except ParameterError as error:
            wrong.append(f"param {line!r}: {error}")
    names = [one.name for one in found]
    wrong += [f"param {name}: stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
    return tuple(found)


def _columns(lines: list[str], wrong: list[str]) -> tuple[Column, ...]:
    found: list[Column] = []
    for line in lines:
        name, _, meaning = line.partition(" ")
        if not re.fullmatch(r"[A-Za-z]\w*", name) or not meaning.strip():
            wrong.append(f"column {line!r}: a variable's name and its meaning are needed")
        else:
            found.append(Column(name, meaning.strip()))
    return tuple(found)


def _body(query: NamedQuery) -> Iterator[str]:
    """What is wrong with the SPARQL, by itself and against the header."""
    foreign = {prefix: iri for prefix, iri in _prefixes(query.body).items() if PREFIXES.get(prefix) != iri}
    if foreign:
        yield from (f"PREFIX {prefix}: <{iri}> is not one of those of graph/ids.py" for prefix, iri in foreign.items())
        return
    if not re.search(r"\bORDER BY\b", query.body) or not re.search(r"\bLIMIT [1-9]\d*\s*\Z", query.body):
        yield "ORDER BY and a closing LIMIT are needed, so that an answer is the same everywhere and never endless"
    try:
        solutions = Store().query(query.body)
    except (SyntaxError, ValueError) as error:
        yield f"no SPARQL: {error}"
        return
    if not isinstance(solutions, QuerySolutions):
        yield "a SELECT is needed"
        return
    projected = [variable.value for variable in solutions.variables]
    described = [column.name for column in query.columns]
    if projected != described:
        yield f"the columns are {', '.join(described) or 'none'}; the SELECT gives {', '.join(projected)}"
    yield from _parameters(query)


def _parameters(query: NamedQuery) -> Iterator[str]:
    blocks: dict[str, list[_Block]] = {}
    for block in _blocks(query.body):
        blocks.setdefault(block.name, []).append(block)
    for param in query.params:
        if param.name not in blocks:
            yield f"param {param.name}: the body has no VALUES ?{param.name} {{ … }}"
        for block in blocks.get(param.name, ()):
            message = problem_of(param, _term(query.body, block))
            if message:
                yield message
    try:
        Store().query(query.bind({param.name: param.default for param in query.params}))
    except SyntaxError as error:
        yield f"no SPARQL any more when its parameters are bound: {error}"


def _term(text: str, block: _Block) -> NamedNode | Literal | str | None:
    """The one term of a VALUES block; a text saying what is wrong where there is not exactly one."""
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in _prefixes(text).items())
    inside = text[block.start : block.end]
    solutions = Store().query(f"{prologue}SELECT ?{block.name} {{ VALUES ?{block.name} {{{inside}}} }}")
    assert isinstance(solutions, QuerySolutions)  # it is a SELECT
    terms = [solution[block.name] for solution in solutions]
    if len(terms) != 1:
        return f"VALUES ?{block.name} holds {len(terms)} terms; exactly one, the default, is needed"
    term = terms[0]
    if term is None or isinstance(term, NamedNode | Literal):
        return term
    return f"VALUES ?{block.name} holds {term}; an IRI, a literal or UNDEF is needed"


class Library(Mapping[str, NamedQuery]):
    """All named queries by name, in alphabetical order."""

    def __init__(self, queries: Mapping[str, NamedQuery]) -> None:
        self._queries = dict(sorted(queries.items()))

    def __getitem__(self, name: str) -> NamedQuery:
        """Raises :class:`UnknownQueryError` (a KeyError) with what is near."""
        try:
            return self._queries[name]
        except KeyError:
            words = set(name.split("-"))
            near = [one for one in self._queries if words & set(one.split("-"))] or list(self._queries)
            raise UnknownQueryError(f"no named query {name!r}; there are: {', '.join(near)}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._queries

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)


@cache
def load() -> Library:
    """Every query file that comes with the package. Raises :class:`LibraryError` with the findings of all files."""
    queries: dict[str, NamedQuery] = {}
    wrong: list[str] = []
    for file in sorted(files("graph.read").joinpath("queries").iterdir(), key=lambda one: one.name):
        name, dot, ending = file.name.rpartition(".")
        if dot and ending == "rq":
            try:
                queries[name] = parse(name, file.read_text(encoding="utf-8"))
            except LibraryError as error:
                wrong += error.lines
    if wrong:
        raise LibraryError(wrong)
    return Library(queries)
