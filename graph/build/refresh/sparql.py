"""Results of SPARQL queries in JSON (SPARQL 1.1 Query Results JSON Format), read strictly."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from graph.build.refresh import markup
from graph.build.refresh.cache import Answer
from graph.build.refresh.errors import LayoutError

_TYPES = frozenset({"uri", "literal", "typed-literal"})


def rows(answer: Answer, variables: Sequence[str], where: str) -> list[dict[str, str]]:
    """The solutions, each with its bound variables as text. The head must name exactly `variables`.

    Raises :class:`LayoutError`, for no solution too: a query that has always had an answer and has none is a change.
    """
    value = markup.data(answer, where)
    head = markup.field(value, "head", dict, where)
    markup.exactly(markup.field(head, "vars", list, where), variables, where)
    results = markup.field(value, "results", dict, where)
    bindings = markup.field(results, "bindings", list, where)
    if not bindings:
        raise LayoutError(where, "solutions of the query", "none")
    return [_row(binding, variables, f"{where}, solution {number}") for number, binding in enumerate(bindings, 1)]


def _row(binding: object, variables: Sequence[str], where: str) -> dict[str, str]:
    if not isinstance(binding, dict):
        raise LayoutError(where, "an object", type(binding).__name__)
    if unknown := sorted(set(binding) - set(variables)):
        raise LayoutError(where, f"the variables {', '.join(variables)}", ", ".join(unknown))
    found = {}
    for name in binding:
        term = markup.field(binding, name, dict, where)
        if markup.field(term, "type", str, where) not in _TYPES:
            raise LayoutError(f"{where} [{name}]", f"one of {', '.join(sorted(_TYPES))}", term["type"])
        found[name] = markup.field(term, "value", str, f"{where} [{name}]")
    return found


def address(endpoint: str, query: str) -> str:
    """The address that asks an endpoint a query by GET (SPARQL 1.1 Protocol, 2.1.1)."""
    return f"{endpoint}?{urlencode({'query': query})}"


def asked(url: str) -> tuple[str, str]:
    """Endpoint and query of such an address; the query is empty where there is none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query).get("query", [""])[0]


def local(iri: str, prefix: str, where: str) -> str:
    """What follows the prefix of an IRI. Raises :class:`LayoutError` for an IRI without it."""
    if not iri.startswith(prefix) or not iri.removeprefix(prefix):
        raise LayoutError(where, f"an IRI below {prefix}", iri)
    return iri.removeprefix(prefix)
