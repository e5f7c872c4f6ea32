"""Items of a list: read once per release, then filtered, sorted and paged in memory.

An item is a plain dictionary of the fields of its collection: local ids for links, notations for concepts, texts per
language for words; what is not known is absent. Pages are cut by the values of the sort key and the IRI, never by
position, so that a cursor stays good while a release is replaced by another.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from graph.ids import CONCEPT, PAL, PREFIXES
from graph.read.collections import COLLECTIONS, Collection, Field
from graph.read.dates import Validity, valid
from graph.read.index import NetworkIndex
from graph.read.network import standing
from graph.read.store import Store

Item: TypeAlias = Mapping[str, Any]

#: What may stand between < and > in a query.
_IRI: Final = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")
_RDFS: Final = PREFIXES["rdf"] + "type"


class CursorError(ValueError):
    """A cursor that no list gave out, or one of another list or sort order."""


@dataclass(frozen=True)
class Page:
    """One page: `count` items match in all, `next` is the cursor of the following page or None."""

    count: int
    items: tuple[Item, ...]
    next: str | None


class Rows:
    """Every list of one release."""

    def __init__(self, store: Store, index: NetworkIndex) -> None:
        self._ids = store.ids
        self._index = index
        self._labels = _concepts(store)
        self._store = store
        self._lock = threading.Lock()
        self._read_lists: dict[str, tuple[tuple[Item, ...], dict[str, Item]]] = {}

    def _list(self, name: str) -> tuple[tuple[Item, ...], dict[str, Item]]:
        """A list and its items by id, read when the list is first asked for."""
        with self._lock:
            if name not in self._read_lists:
                items = self._read(self._store, COLLECTIONS[name])
                self._read_lists[name] = items, {str(item["id"]): item for item in items}
            return self._read_lists[name]

    def all_of_them(self) -> None:
        """Read every list now. Raises :class:`graph.read.store.StoreError`."""
        for name in COLLECTIONS:
            self._list(name)

    def concept(self, scheme: str, notation: str, lang: str) -> str:
        """The label of a concept of a closed list, its notation where it has none."""
        words = self._labels.get((scheme, notation), {})
        return words.get(lang) or words.get("en") or notation

    def notations(self, scheme: str) -> list[str]:
        """The notations of a closed list."""
        return sorted(notation for name, notation in self._labels if name == scheme)

    def all(self, name: str) -> Sequence[Item]:
        """Every item of a list, by id."""
        return self._list(name)[0]

    def one(self, name: str, id_: str) -> Item | None:
        """The item of that local id."""
        if name in self._read_lists:
            return self._read_lists[name][1].get(id_)
        # The list was not asked for, which of a large release takes long: the one item is read by itself.
        for iri in (self._ids.entity(id_), self._ids.source(id_)):
            if _IRI.fullmatch(iri):
                for item in self._read(self._store, COLLECTIONS[name], iri):
                    return item
        return None if COLLECTIONS[name].kind in ("entity", "statement") else self._list(name)[1].get(id_)

    def _read(self, store: Store, collection: Collection, only: str = "") -> tuple[Item, ...]:
        chosen = f"VALUES ?s {{ <{only}> }} " if only else ""
        values: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        query = f"SELECT DISTINCT ?s ?p ?v (LANG(?v) AS ?l) WHERE {{ {chosen}?s a <{PAL}{collection.class_}> ; ?p ?v }}"
        for subject, predicate, value, lang in store.select(query).rows:
            text, language = getattr(value, "value", ""), getattr(lang, "value", "")
            values[getattr(subject, "value", "")][getattr(predicate, "value", "")].append((text, language))
        sources: dict[str, set[str]] = defaultdict(set)
        stated = (
            f"SELECT DISTINCT ?s ?g WHERE {{ {chosen}GRAPH ?g {{ ?s a <{_stated(collection)}> }} ?g a <{PAL}Source> }}"
        )
        if collection.class_ in ("Actor", "Instrument", "Treaty"):
            # Sources state the most specific class only.
            stated = (
                f"SELECT DISTINCT ?s ?g WHERE {{ {chosen}?s a <{PAL}{collection.class_}> GRAPH ?g {{ ?s a ?c }}"
                f" ?g a <{PAL}Source> }}"
            )
        for subject, graph in store.select(stated).rows:
            sources[getattr(subject, "value", "")].add(getattr(graph, "value", ""))
        items = [self._item(collection, iri, values[iri], sources.get(iri, set())) for iri in values]
        return tuple(sorted(items, key=lambda item: str(item["id"])))

    def _item(
        self, collection: Collection, iri: str, values: Mapping[str, list[tuple[str, str]]], sources: set[str]
    ) -> Item:
        item: dict[str, Any] = {"iri": iri, "id": self._short(iri), "type": collection.class_}
        number = self._index.aliases.get(iri) if collection.kind == "entity" else None
        if number is not None:
            item["type"] = self._index.nodes[number].kind
        edge = self._index.statements.get(iri)
        for field in collection.fields:
            if field.name == "kind" and number is not None:
                item["kind"] = item["type"]
            elif field.name == "sources":
                found = sources
                if not found and edge is not None:
                    found = {self._index.sources[one].iri for one in self._index.edges[edge].sources}
                item["sources"] = sorted(self._short(one) for one in found)
            elif field.name == "family" and edge is not None:
                item["family"] = self._index.edges[edge].family
            elif field.property:
                value = self._value(field, values.get(_expand(field.property), []))
                if value is not None:
                    item[field.name] = value
        if edge is not None and self._index.edges[edge].rule:
            item["rule"] = self._index.edges[edge].rule
        return item

    def _value(self, field: Field, found: list[tuple[str, str]]) -> Any:
        if not found:
            return [] if field.many else None
        if field.holds == "words":
            return {language: text for text, language in sorted(found, reverse=True)}
        texts: list[Any] = sorted(
            {self._short(text) if field.holds not in ("text", "iri") else text for text, _ in found}
        )
        if field.name == "predicate":
            texts = [text.removeprefix(PAL) for text in texts]
        if field.holds == "integer":
            texts = sorted(int(text) for text in texts)
        elif field.holds == "number":
            texts = sorted(_number(text) for text in texts)
        return texts if field.many else texts[0]

    def _short(self, iri: str) -> str:
        for start in (self._ids.entity(""), self._ids.source("")):
            if iri.startswith(start):
                return iri[len(start) :]
        return iri.rpartition("/")[2] if iri.startswith(CONCEPT) else iri

    def certainty(self, collection: Collection, item: Item, on: date) -> str | None:
        """`valid` or `unknown` where an item holds or may hold on a day, None where it certainly does not.

        Statements of the network follow the rule of the network, entities exist between their first and last day.
        """
        edge = self._index.statements.get(item["iri"])
        if edge is not None:
            return standing(self._index, self._index.edges[edge], on)
        start, end = item.get("startDay") or item.get("day"), item.get("endDay")
        found = valid(on, date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)
        return {Validity.YES: "valid", Validity.UNKNOWN: "unknown", Validity.NO: None}[found]

    def page(
        self,
        collection: Collection,
        *,
        filters: Mapping[str, frozenset[str]],
        sort: str,
        limit: int | None,
        cursor: str | None = None,
        as_of: date | None = None,
        keep: Callable[[Item], bool] | None = None,
        certain: bool = False,
    ) -> Page:
        """One page of a list. `filters` maps a field to the values allowed in it; `sort` is a field, `-` before it for
        the other way round; `certain` leaves out what only may have held `as_of`. Raises :class:`CursorError`."""
        items: list[Item] = []
        for item in self._list(collection.name)[0]:
            if not all(_has(item.get(name), wanted) for name, wanted in filters.items()):
                continue
            if keep is not None and not keep(item):
                continue
            if as_of is not None:
                certainty = self.certainty(collection, item, as_of)
                if certainty is None or (certain and certainty == "unknown"):
                    continue
                item = {**item, "standing": certainty}
            items.append(item)
        name, down = sort.removeprefix("-"), sort.startswith("-")
        items.sort(key=lambda item: str(item["id"]))
        # What is not known comes last either way round.
        known = [item for item in items if item.get(name) not in (None, [], "")]
        known.sort(key=lambda item: _key(item[name]), reverse=down)
        items = known + [item for item in items if item.get(name) in (None, [], "")]
        start = 0 if cursor is None else self._after(items, cursor, sort, name, down)
        chosen = items[start:] if limit is None else items[start : start + limit]
        following = None
        if chosen and start + len(chosen) < len(items):
            last = chosen[-1]
            raw = json.dumps([sort, last.get(name), last["id"]], separators=(",", ":"), ensure_ascii=False)
            following = base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")
        return Page(len(items), tuple(chosen), following)

    def _after(self, items: list[Item], cursor: str, sort: str, name: str, down: bool) -> int:
        """The position of the first item after the one that a cursor names, whether that one is still there or not."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            given, value, id_ = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            if given != sort or not isinstance(id_, str):
                raise ValueError
            last = _place({name: value, "id": id_}, name, down)
            return sum(1 for item in items if not last < _place(item, name, down))
        except (ValueError, TypeError):
            raise CursorError(cursor) from None


class _Down:
    """Turns an order round."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Down) -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and self.value == other.value


def _place(item: Item, name: str, down: bool) -> tuple[bool, Any, str]:
    value = item.get(name)
    if value in (None, [], ""):
        return True, 0, str(item["id"])
    return False, _Down(_key(value)) if down else _key(value), str(item["id"])


def _key(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _has(value: Any, wanted: frozenset[str]) -> bool:
    if isinstance(value, list):
        return any(str(one) in wanted for one in value)
    return value is not None and str(value) in wanted


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() else number


def _expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _stated(collection: Collection) -> str:
    return PAL + collection.class_


def _concepts(store: Store) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    query = f"SELECT ?s ?v WHERE {{ ?s <{PREFIXES['skos']}notation> ?n ; <{PREFIXES['skos']}prefLabel> ?v }}"
    for subject, label in store.select(query).rows:
        iri = getattr(subject, "value", "")
        if iri.startswith(CONCEPT):
            scheme, _, notation = iri[len(CONCEPT) :].partition("/")
            found[scheme, notation][getattr(label, "language", "") or ""] = getattr(label, "value", "")
    return dict(found)
