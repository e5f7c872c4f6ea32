"""`palermo query`: SPARQL, or a named query, answered in the shell."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)
from rich.console import Console
from rich.table import Table

from api.elsewhere import elsewhere
from api.errors import Problem
from api.sandbox.guard import inspect
from api.sandbox.syntax import explain
from api.sandbox.worker import dataset
from api.settings import SettingError, Settings
from graph.ids import PREFIXES, Ids
from graph.read import library
from graph.read.embedded import load_files, opened
from graph.read.ondisk import served
from graph.read.store import BadQuery, text


class Format(StrEnum):
    """What an answer can be written as; `table` is for eyes."""

    TABLE = "table"
    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    RDFXML = "rdfxml"
    JSONLD = "jsonld"


_ROWS: Final = {
    Format.JSON: QueryResultsFormat.JSON,
    Format.XML: QueryResultsFormat.XML,
    Format.CSV: QueryResultsFormat.CSV,
    Format.TSV: QueryResultsFormat.TSV,
}
_DESCRIBED: Final = re.compile(r"\s*(?:describe|prefix|base)\s", re.IGNORECASE)
#: How deep brackets may nest in a query that is read for its FROM; a deeper one is handed on unread.
_DEEPEST: Final = 200
_GRAPHS: Final = {
    Format.TABLE: RdfFormat.TURTLE,
    Format.TURTLE: RdfFormat.TURTLE,
    Format.NTRIPLES: RdfFormat.N_TRIPLES,
    Format.RDFXML: RdfFormat.RDF_XML,
    Format.JSONLD: RdfFormat.JSON_LD,
}


def query(
    what: Annotated[
        str, typer.Argument(help="SPARQL in quotes, a file of it, '-' for standard input, or a named query.")
    ],
    release: Annotated[Path | None, typer.Option(help="The release to ask; by default that of the settings.")] = None,
    data: Annotated[list[Path] | None, typer.Option(help="Ask these RDF files instead of a release.")] = None,
    store: Annotated[
        str | None, typer.Option(help="Ask the release in this SPARQL engine; by default that of PALERMO_STORE.")
    ] = None,
    form: Annotated[Format | None, typer.Option("--format", help="How to write the answer.")] = None,
    param: Annotated[list[str] | None, typer.Option(help="name=value for a named query.")] = None,
) -> None:
    """Answer one SPARQL query."""
    given: dict[str, Any] = {
        name: value for name, value in (("release", release), ("store", store)) if value is not None
    }
    try:
        settings = Settings.read(**given)
    except SettingError as error:
        raise typer.BadParameter(str(error)) from None
    # A release or files that are named go before an engine that only the environment names
    if data and store:
        raise typer.BadParameter("--data and --store exclude each other")
    if settings.store and not data and (store or release is None):
        with elsewhere(settings) as remote:
            _written(_asked(what, param or [], remote.ids, remote.ids.prefixes, remote.answer), form)
        return
    place, described = (
        load_files(data) if data else served(settings.release, settings.indexes, settings.memory_statements)
    )
    held = opened(place)
    ids = Ids(described.base)
    prefixes = PREFIXES if data else ids.prefixes
    _written(_asked(what, param or [], ids, prefixes, lambda text: _merged(held, text, prefixes)), form)


def _merged(held: Store, sparql: str, prefixes: dict[str, str]) -> Any:
    """The engine's answer; of several FROM it is given the merge, as /sparql gives it."""
    try:
        seen = inspect(sparql, depth=_DEEPEST)
    except Problem:  # what the guard keeps strangers from is this machine's own affair
        return held.query(sparql, prefixes=prefixes)
    prologue = "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes.items()) + seen.prologue
    graphs = {"default": None, "named": None, "data": None, "from": seen.default, "from_named": seen.named}
    held, options, _ = dataset(held, {**graphs, "prologue": prologue, "base": None})
    return held.query(sparql, prefixes=prefixes, **options)


def _asked(
    what: str, params: list[str], ids: Ids, prefixes: dict[str, str], ask: Callable[[str], Any]
) -> QuerySolutions | QueryBoolean | list[Triple]:
    """The answer; a query that is none is told with the line it breaks in."""
    sparql = _text(what, ids, params)
    try:
        result: Any = ask(sparql)
    except (SyntaxError, BadQuery) as error:
        told = explain(sparql, str(error), prefixes)
        # An engine elsewhere may refuse what breaks no rule
        raise (error if isinstance(error, BadQuery) and told["column"] == 1 else BadQuery(_told(told))) from None
    return list(dict.fromkeys(result)) if isinstance(result, QueryTriples) else result


def _written(result: QuerySolutions | QueryBoolean | list[Triple], form: Format | None) -> None:
    if isinstance(result, QuerySolutions | QueryBoolean):
        _rows(result, form or (Format.TABLE if sys.stdout.isatty() else Format.TSV))
    else:
        kind = form or Format.TURTLE
        if kind not in _GRAPHS:
            raise BadQuery(f"--format {kind.value} is for SELECT and ASK; a graph is {_names(_GRAPHS)}")
        serialize(result, sys.stdout.buffer, format=_GRAPHS[kind])
    sys.stdout.flush()


def _text(what: str, ids: Ids, params: list[str]) -> str:
    values: dict[str, str] = {}
    for one in params:
        name, equals, value = one.partition("=")
        if not equals:
            raise BadQuery(f"--param {one!r}: name=value is needed")
        values[name] = value
    named = library.load()
    if what in named:
        return named[what].bind(values, ids=ids)
    if values:
        raise BadQuery(f"--param is for named queries; {what!r} is none")
    if what == "-":
        return sys.stdin.read()
    if "{" in what or _DESCRIBED.match(what):  # every other query has a brace; the name of a file has none
        return what
    path = Path(what)
    if not path.is_file():
        raise BadQuery(
            f"{what!r} is no SPARQL, no file and no named query; the named queries are {', '.join(sorted(named))}"
        )
    return path.read_text(encoding="utf-8")


def _told(wrong: dict[str, Any]) -> str:
    """A syntax error with the line it stands in."""
    place = f"line {wrong['line']}, column {wrong['column']}: {wrong['detail']}"
    return "\n".join(one for one in (place, f"  {wrong['source']}", f"  {wrong['marker']}", wrong.get("hint")) if one)


def _rows(result: QuerySolutions | QueryBoolean, kind: Format) -> None:
    if kind is Format.TABLE and isinstance(result, QuerySolutions):
        columns = [variable.value for variable in result.variables]
        table = Table(*columns)
        count = 0
        for count, row in enumerate(result, 1):  # noqa: B007 - the last number is the count
            table.add_row(*(text(term) or "" for term in row))
        console = Console()
        console.print(table)
        console.print(f"{count} row{'' if count == 1 else 's'}")
    elif kind is Format.TABLE:
        print("true" if result else "false")
    elif kind in _ROWS:
        result.serialize(sys.stdout.buffer, format=_ROWS[kind])
    else:
        raise BadQuery(f"--format {kind.value} is for graphs; SELECT and ASK give {_names(_ROWS)}")


def _names(formats: dict[Format, Any]) -> str:
    return ", ".join(kind.value for kind in formats)
