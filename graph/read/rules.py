"""Inference rules for readers: what each makes and why, from the header of its file in the ontology."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

#: A field of a header: `# title    Who is, or was, bound by which treaty`; what is indented further goes on with it.
_FIELD: Final = re.compile(r"# ([a-z]+)\s+(\S.*)")


@dataclass(frozen=True)
class Rule:
    """A rule as its file tells it: `title` and, in French, `titre`; in English what it `makes` and `why`; `text` is the
    CONSTRUCT itself."""

    name: str
    title: str
    titre: str
    makes: str
    why: str
    text: str


@cache
def rules() -> dict[str, Rule]:
    """Every rule by name, in the order in which they run. Raises :class:`KeyError` for one without a title."""
    found = sorted(files("ontology").joinpath("rules").iterdir(), key=lambda one: one.name)
    names = [one for one in found if one.name.endswith(".rq")]
    return {one.name.removesuffix(".rq"): _rule(one.name.removesuffix(".rq"), one.read_text("utf-8")) for one in names}


def _rule(name: str, text: str) -> Rule:
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    lines = text.splitlines()
    for line in lines:
        match = _FIELD.fullmatch(line)
        if match is not None:
            current = fields.setdefault(match[1], [])
            current.append(match[2])
        elif line.startswith("#"):
            current.append(line.lstrip("# "))
        else:
            break
    told = {key: " ".join(part for part in parts if part) for key, parts in fields.items()}
    return Rule(name, told["title"], told["titre"], told.get("makes", ""), told.get("why", ""), text.strip())
