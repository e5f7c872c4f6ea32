"""JSON-LD as one readable tree: the thing itself at the root, its statements and what they mention inside it.

The context is the published one (`ontology/context.jsonld`, served at `/context.jsonld`), cut down to the terms that a
document uses and carried in the document, so that nobody has to fetch anything to read it. A value that does not fit
what the context says of its term (a number where text is usual, text without a language where others have one) stands
under the term's full name with its own datatype: no value is bent to fit, so that every format is the same graph.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.ids import PAL, PREFIXES

_TYPE: Final = PREFIXES["rdf"] + "type"
_XSD: Final = PREFIXES["xsd"]
_STRING: Final = _XSD + "string"
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
#: A language tag that a language map can hold.
_TAG: Final = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*")

#: Links to the root that are told from the root: term of the context by property.
_REVERSE: Final = {
    PAL + "subject": "statements",
    PAL + "object": "statementsAbout",
    PREFIXES["foaf"] + "primaryTopic": "document",
}


@cache
def context() -> dict[str, Any]:
    """The published context, read once."""
    found: dict[str, Any] = json.loads(files("ontology").joinpath("context.jsonld").read_text("utf-8"))["@context"]
    return found


@cache
def _terms() -> dict[str, tuple[str, Mapping[str, str]]]:
    """Property IRI to its term and what the context says of it."""
    known = context()
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    for name, meaning in known.items():
        if isinstance(meaning, Mapping) and "@id" in meaning:
            prefix, _, local = meaning["@id"].partition(":")
            found[known[prefix] + local] = name, meaning
    return found


class _Tree:
    """Turns triples into one tree. Each node is written out where it is first met and named by its IRI after that."""

    def __init__(self, triples: Iterable[Triple], prefixes: Mapping[str, str]) -> None:
        self._of: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._to: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._prefixes = sorted(prefixes.items(), key=lambda one: -len(one[1]))
        self._used: set[str] = set()
        self._written: set[str] = set()
        for triple in sorted(triples, key=str):
            subject, predicate, value = _key(triple.subject), triple.predicate.value, triple.object
            self._of[subject][predicate].append(value)
            if not isinstance(value, Literal) and predicate != _TYPE:
                self._to[_key(value)][predicate].append(subject)

    def document(self, root: str) -> dict[str, Any]:
        """The whole document, context first."""
        tree = self._root(root)
        rest = []
        for subject in sorted(self._of):
            if subject not in self._written:
                rest.append(self._node(subject))
        head = self._head()
        return {"@context": head, "@graph": [tree, *rest]} if rest else {"@context": head, **tree}

    def _head(self) -> dict[str, Any]:
        """The terms of the published context that are used, and the prefixes that they and the names need."""
        every, prefixes = context(), dict(self._prefixes)
        terms = {name: every[name] for name in every if name in self._used}
        needed = set(self._used & prefixes.keys())
        for meaning in terms.values():
            if isinstance(meaning, Mapping):
                needed |= {value.partition(":")[0] for name, value in meaning.items() if name != "@container"}
        known = {name: every.get(name) or prefixes[name] for name in sorted(needed & (every.keys() | prefixes.keys()))}
        return {"@version": every["@version"], "id": "@id", "type": "@type", **known, **terms}

    def _root(self, root: str) -> dict[str, Any]:
        self._written.add(root)
        told: dict[str, Any] = {}
        reverse: dict[str, list[Any]] = {}
        turned: list[tuple[str, str, list[str]]] = []
        for predicate, subjects in self._to[root].items():
            name = _REVERSE.get(predicate)
            # A node that is both ends of the same property (a link to itself) is told forwards.
            ends = [one for one in subjects if one != root and not one.startswith("_:")]
            turned.append((predicate, name or "", ends))
            for one in ends:
                self._of[one][predicate] = [value for value in self._of[one][predicate] if _key(value) != root]
        own = self._node(root)
        for predicate, name, ends in sorted(turned):
            if not ends:
                continue
            nodes = [self._nested(one) for one in ends]
            if name:
                self._used.add(name)
                told[name] = nodes
            else:
                reverse[self._full(predicate)] = nodes
        if reverse:
            told["@reverse"] = reverse
        return {**own, **told}

    def _node(self, subject: str) -> dict[str, Any]:
        self._written.add(subject)
        node: dict[str, Any] = {"id": self._iri(subject)}
        properties = self._of[subject]
        types = [one for one in properties.get(_TYPE, []) if isinstance(one, NamedNode)]
        if types:
            names = [self._full(one.value) for one in types]
            node["type"] = names[0] if len(names) == 1 else names
        for predicate in sorted(properties, key=lambda one: (not one.endswith("abel"), one)):
            values = properties[predicate]
            if not values:  # told from the root
                continue
            if predicate == _TYPE:
                values = [one for one in values if not isinstance(one, NamedNode)]
            for key, value in self._values(predicate, values).items():
                node[key] = value
        return node

    def _nested(self, subject: str) -> dict[str, Any]:
        return {"id": self._iri(subject)} if subject in self._written else self._node(subject)

    def _values(self, predicate: str, values: list[Any]) -> dict[str, Any]:
        term, meaning = _terms().get(predicate, ("", {}))
        fitting: list[Any] = []
        by_language: dict[str, list[str]] = defaultdict(list)
        others: list[Any] = []
        for value in values:
            if not isinstance(value, Literal):
                key = _key(value)
                is_link = meaning.get("@type") == "@id"
                if key in self._written or not self._of.get(key):
                    shown: Any = self._iri(key) if term and is_link else {"id": self._iri(key)}
                else:
                    shown = self._node(key)
                (fitting if term and meaning.get("@container") != "@language" else others).append(shown)
            elif value.language is not None:
                if term and meaning.get("@container") == "@language" and _TAG.fullmatch(value.language):
                    by_language[value.language].append(value.value)
                else:
                    others.append({"@language": value.language, "@value": value.value})
            else:
                shown = self._plain(value, meaning.get("@type", ""))
                (fitting if term and meaning.get("@container") != "@language" else others).append(shown)
        found: dict[str, Any] = {}
        if by_language:
            self._used.add(term)
            found[term] = {tag: texts[0] if len(texts) == 1 else texts for tag, texts in sorted(by_language.items())}
        if fitting:
            self._used.add(term)
            found[term] = fitting[0] if len(fitting) == 1 else fitting
        if others:
            found[self._full(predicate)] = others[0] if len(others) == 1 else others
        return found

    def _plain(self, value: Literal, expected: str) -> Any:
        """A literal without a language: as a JSON value where that means the same, else with its datatype."""
        datatype, text = value.datatype.value, value.value
        if expected and expected != "@id" and datatype == context()["xsd"] + expected.partition(":")[2]:
            return text
        if datatype == _STRING:
            return {"@value": text} if expected else text
        if datatype == _XSD + "boolean" and text in ("true", "false") and not expected:
            return text == "true"
        if datatype == _XSD + "integer" and _INTEGER.fullmatch(text) and not expected:
            return int(text)
        return {"@type": self._full(datatype), "@value": text}

    def _full(self, iri: str) -> str:
        """A property, class or datatype by prefix where that is unambiguous, else in full."""
        for prefix, start in self._prefixes:
            local = iri[len(start) :]
            if iri.startswith(start) and local and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", local):
                self._used.add(prefix)
                return f"{prefix}:{local}"
        return iri

    @staticmethod
    def _iri(key: str) -> str:
        return key


def _key(term: NamedNode | BlankNode | Triple | Literal) -> str:
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", term))


def frame(triples: Iterable[Triple], root: str, prefixes: Mapping[str, str]) -> bytes:
    """The JSON-LD document of a graph, with the node `root` at its root. The context takes a line for each term."""
    used = {name: iri for name, iri in prefixes.items() if name not in ("id", "src", "graph")}
    document = _Tree(triples, used).document(root)
    head = document.pop("@context")
    lines = b",\n".join(b"    %s: %s" % (orjson.dumps(name), orjson.dumps(value)) for name, value in head.items())
    body = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    return b'{\n  "@context": {\n' + lines + b"\n  }," + body[1:] + b"\n"
