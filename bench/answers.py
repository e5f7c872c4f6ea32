"""Whether two servers give the same answer: the same rows, in whatever order, format of numbers and of booleans."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bench.clients import Ask, Dead, bodies


def digest(body: bytes) -> str:
    """The rows of an answer in SPARQL JSON as a hash. What engines may differ in without being wrong is evened out:
    the order of rows that sort alike, the lexical form of numbers and truth values, datatypes of plain strings.
    """
    found: Mapping[str, Any] = json.loads(body)
    rows = sorted(
        json.dumps(sorted((name, _value(term)) for name, term in row.items()))
        for row in found.get("results", {}).get("bindings", [])
    )
    return hashlib.blake2b("\n".join(rows).encode(), digest_size=12).hexdigest()


def _value(term: Mapping[str, str]) -> str:
    value = term["value"]
    kind = term.get("datatype", "").rpartition("#")[2]
    if kind == "boolean":
        return "1" if value in ("true", "1") else "0"
    if kind in ("integer", "decimal", "double", "float", "int"):
        return f"{float(value):.9g}"
    return value


def asked(url: str, ask: Ask) -> str:
    """The digest of a server's answer, "" where it is none."""
    try:
        return digest(bodies(url, [ask])[0])
    except (Dead, ValueError, KeyError):
        return ""
