"""Parameters of named queries: what a value may be, and the term it becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.ids import CONCEPT, LOCAL_ID, PREFIXES, Ids

#: A value as people and programs give it: text, a number, a day, a term, or None for "left open".
Value = str | int | date | NamedNode | Literal | None

DATATYPES: Final = ("iri", "xsd:date", "xsd:integer", "xsd:string", "lang")

#: Datatype -> what a value of it looks like, for messages and forms.
ALLOWED: Final = {
    "iri": "an IRI, a prefixed name such as id:fra, or a local id such as fra",
    "xsd:date": "a day YYYY-MM-DD",
    "xsd:integer": "a whole number",
    "xsd:string": "a text",
    "lang": "a language code such as en or fr",
}

_DECLARED: Final = re.compile(r'(\w+)\s+(\S+)\s+("[^"]*"|\S+)\s+(\S.*)')
_PREFIXED: Final = re.compile(r"([a-z]+):([A-Za-z0-9][A-Za-z0-9._/-]*)")
_PATH: Final = re.compile(r"[A-Za-z0-9]+(?:[-/._][A-Za-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_INTEGER: Final = re.compile(r"-?\d{1,18}")
_DATE: Final = NamedNode(PREFIXES["xsd"] + "date")
_NUMBER: Final = NamedNode(PREFIXES["xsd"] + "integer")


class ParameterError(ValueError):
    """A parameter that does not exist or a value that does not fit; the message says what is allowed."""


@dataclass(frozen=True)
class Param:
    """A declared parameter. `default` is the text form of its default term, None when it is left open (UNDEF)."""

    name: str
    datatype: str
    default: str | None
    help: str

    @classmethod
    def parse(cls, line: str) -> Param:
        """Read `NAME DATATYPE DEFAULT help…`; a default with spaces stands in quotes. Raises
        :class:`ParameterError`."""
        match = _DECLARED.fullmatch(line)
        if match is None:
            raise ParameterError("a name, a datatype, a default (or UNDEF) and a help text are needed")
        name, datatype, default, text = match.groups()
        if datatype not in DATATYPES:
            raise ParameterError(f"datatype {datatype!r}; datatypes: {', '.join(DATATYPES)}")
        param = cls(name, datatype, None if default == "UNDEF" else default.strip('"'), text)
        param.term(param.default, Ids())
        return param

    @property
    def optional(self) -> bool:
        """Whether the parameter may be left open."""
        return self.default is None

    @property
    def allowed(self) -> str:
        """What a value of it looks like."""
        return ALLOWED[self.datatype] + (", or nothing" if self.optional else "")

    def term(self, value: Value, ids: Ids) -> NamedNode | Literal | None:
        """The term of a value, None for UNDEF. Raises :class:`ParameterError`."""
        if value is None:
            if self.optional:
                return None
            raise self._unfit(value)
        match self.datatype:
            case "iri":
                return self._iri(value, ids)
            case "xsd:date":
                return self._date(value)
            case "xsd:integer":
                return self._integer(value)
            case "lang":
                text = value.value if isinstance(value, Literal) else value
                if isinstance(text, str) and _LANGUAGE.fullmatch(text):
                    return Literal(text)
                raise self._unfit(value)
            case _:
                text = value.value if isinstance(value, Literal) else value
                if isinstance(text, str):
                    return Literal(text)
                raise self._unfit(value)

    def _iri(self, value: Value, ids: Ids) -> NamedNode:
        if isinstance(value, NamedNode):
            return value
        if not isinstance(value, str):
            raise self._unfit(value)
        prefixed = _PREFIXED.fullmatch(value)
        if prefixed and prefixed.group(1) in ids.prefixes:
            return NamedNode(ids.prefixes[prefixed.group(1)] + prefixed.group(2))
        if _PATH.fullmatch(value):
            return NamedNode(self._namespace(ids) + value)
        if re.match(r"(?:https?|urn|mailto):", value):
            try:
                return NamedNode(value)
            except ValueError:
                pass
        raise self._unfit(value)

    def _namespace(self, ids: Ids) -> str:
        """Where local ids of this parameter live: beside its default, and below `id/` where it has none."""
        if self.default is None or LOCAL_ID.fullmatch(self.default) or self.default.startswith("id:"):
            return ids.entity("")
        beside = self._iri(self.default, ids).value
        if beside.startswith(CONCEPT):
            return beside[: beside.rindex("/") + 1]
        return next((iri for iri in ids.prefixes.values() if beside.startswith(iri)), ids.entity(""))

    def _date(self, value: Value) -> Literal:
        text = value.value if isinstance(value, Literal) else value
        if isinstance(text, date):
            return Literal(f"{text.year:04}-{text.month:02}-{text.day:02}", datatype=_DATE)
        try:
            if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                raise ValueError
            return Literal(date.fromisoformat(text).isoformat(), datatype=_DATE)
        except ValueError:
            raise self._unfit(value) from None

    def _integer(self, value: Value) -> Literal:
        text = value.value if isinstance(value, Literal) else value
        if isinstance(text, bool) or not isinstance(text, int | str) or not _INTEGER.fullmatch(str(text)):
            raise self._unfit(value)
        return Literal(str(int(text)), datatype=_NUMBER)

    def _unfit(self, value: Value) -> ParameterError:
        return ParameterError(f"parameter {self.name}: {str(value)!r} does not fit; allowed is {self.allowed}")


def problem_of(param: Param, term: NamedNode | Literal | str | None) -> str:
    """What is wrong with the term that a query's body gives a parameter as its default, or the empty string."""
    if isinstance(term, str):
        return f"param {param.name}: {term}"
    expected = param.term(param.default, Ids())
    if term != expected:
        return f"param {param.name}: the header's default is {expected or 'UNDEF'}, the body's {term or 'UNDEF'}"
    return ""
