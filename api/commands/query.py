"""`palermo query`: SPARQL, or a named query, answered in the shell."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat
from rich.console import Console
from rich.table import Table

from api.sandbox.syntax import explain
from graph.ids import PREFIXES, Ids
from graph.read import library
from graph.read.embedded import load_files, load_release
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
    release: Annotated[Path, typer.Option(help="The release to ask.")] = Path("build/release"),
    data: Annotated[list[Path] | None, typer.Option(help="Ask these RDF files instead of a release.")] = None,
    form: Annotated[Format | None, typer.Option("--format", help="How to write the answer.")] = None,
    param: Annotated[list[str] | None, typer.Option(help="name=value for a named query.")] = None,
) -> None:
    """Answer one SPARQL query."""
    store, described = load_files(data) if data else load_release(release)
    sparql = _text(what, Ids(described.base), param or [])
    prefixes = PREFIXES if data else Ids(described.base).prefixes
    try:
        result: Any = store.query(sparql, prefixes=prefixes)
    except SyntaxError as error:
        raise BadQuery(_told(explain(sparql, str(error), prefixes))) from None
    if isinstance(result, QuerySolutions | QueryBoolean):
        _rows(result, form or (Format.TABLE if sys.stdout.isatty() else Format.TSV))
    else:
        kind = form or Format.TURTLE
        if kind not in _GRAPHS:
            raise BadQuery(f"--format {kind.value} is for SELECT and ASK; a graph is {_names(_GRAPHS)}")
        result.serialize(sys.stdout.buffer, format=_GRAPHS[kind])
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
    if "{" in what:  # every query has a brace; the name of a file has none
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
