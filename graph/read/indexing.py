"""Reads a store once and makes the :class:`graph.read.index.NetworkIndex` of its release.

Few plain selects, joined here: each asks one pattern, which every engine answers by a scan, and the order of rows does
not matter because everything is numbered by IRI.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from graph.ids import PAL, PREFIXES
from graph.read.index import GROUPS, STATEMENTS, Edge, EdgeType, Group, Link, NetworkIndex, Node, Source, link_key, rank
from graph.read.store import Store, is_true

_HEAD: Final = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n"
    for name in ("pal", "rdf", "rdfs", "skos", "dcterms", "owl", "prov", "schema")
)
_WIKIDATA: Final = "http://www.wikidata.org/entity/"

#: Texts of a node that are read, with the variable's meaning; every one of them is a name but the description.
_NAMES: Final = ("skos:prefLabel", "skos:altLabel", "pal:abbreviation", "pal:shortName", "pal:reference")


def index(store: Store) -> NetworkIndex:
    """The network of a store. Raises :class:`graph.read.store.StoreError`."""
    return _Reader(store).read()


def _classes(nodes: tuple[Node, ...]) -> Mapping[str, tuple[Group, int]]:
    count = Counter((node.kind, node.group) for node in nodes)
    return MappingProxyType({kind: (group, number) for (kind, group), number in sorted(count.items())})


class _Reader:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._ids = store.ids

    def read(self) -> NetworkIndex:
        nodes = self._nodes()
        number = {node.iri: node.number for node in nodes}
        types = self._types()
        sources = self._sources()
        edges, links = self._edges(number, types, {source.iri: source.number for source in sources})
        incident: list[list[int]] = [[] for _ in nodes]
        for link in links:
            incident[link.a].append(link.number)
            if link.b != link.a:
                incident[link.b].append(link.number)
        degree = tuple(
            len({links[one].a if links[one].b == node else links[one].b for one in incident[node]} - {node})
            for node in range(len(nodes))
        )
        return NetworkIndex(
            release=self._store.manifest.hash,
            ids=self._ids,
            nodes=nodes,
            edges=edges,
            links=links,
            sources=sources,
            types=types,
            kinds=self._labels(),
            classes=_classes(nodes),
            incident=tuple(map(tuple, incident)),
            degree=degree,
            aliases=self._aliases(nodes),
            statements=MappingProxyType({edge.iri: edge.number for edge in edges}),
        )

    def _rows(self, pattern: str, *columns: str) -> list[tuple[str, ...]]:
        """Rows of plain text; unbound is the empty string."""
        query = f"{_HEAD}SELECT {' '.join('?' + name for name in columns)} WHERE {{ {pattern} }}"
        rows = self._store.select(query).rows
        return [tuple("" if term is None else str(getattr(term, "value", term)) for term in row) for row in rows]

    def _one(self, predicate: str) -> dict[str, str]:
        """Subject to the value of a property that stands at most once; the least one, should a store hold several."""
        found: dict[str, str] = {}
        for subject, value in self._rows(f"?s {predicate} ?v", "s", "v"):
            found[subject] = min(found.get(subject, value), value)
        return found

    def _days(self, predicate: str) -> dict[str, date]:
        return {subject: date.fromisoformat(value[:10]) for subject, value in self._one(predicate).items()}

    def _kinds(self) -> dict[str, tuple[Group, int]]:
        """Class name to the group it stands in and how deep below it, the deeper the more specific."""
        above: dict[str, set[str]] = defaultdict(set)
        for name, other in self._rows("?c rdfs:subClassOf ?d", "c", "d"):
            if name.startswith(PAL) and other.startswith(PAL):
                above[name[len(PAL) :]].add(other[len(PAL) :])
        kinds: dict[str, tuple[Group, int]] = {group: (group, 0) for group in GROUPS}
        changed = True
        while changed:
            changed = False
            for name, others in above.items():
                for other in others & kinds.keys():
                    group, depth = kinds[other]
                    if kinds.get(name, ("", -1))[1] < depth + 1 and depth < len(above):
                        kinds[name] = group, depth + 1
                        changed = True
        return kinds

    def _nodes(self) -> tuple[Node, ...]:
        kinds = self._kinds()
        kind: dict[str, str] = {}
        prefix = self._ids.entity("")
        for iri, class_ in self._rows("?s rdf:type ?c", "s", "c"):
            name = class_.removeprefix(PAL)
            if iri.startswith(prefix) and name in kinds and class_ != name:
                best = kind.get(iri)
                if best is None or (kinds[name][1], name) > (kinds[best][1], best):
                    kind[iri] = name
        labels: dict[str, dict[str, str]] = {"en": {}, "fr": {}}
        for iri, value, lang in self._rows("?s skos:prefLabel ?v BIND(LANG(?v) AS ?l)", "s", "v", "l"):
            if lang in labels:
                labels[lang][iri] = min(labels[lang].get(iri, value), value)
        names: dict[str, set[str]] = defaultdict(set)
        for predicate in _NAMES:
            for iri, value in self._rows(f"?s {predicate} ?v", "s", "v"):
                names[iri].add(value)
        abbreviation, description = self._one("pal:abbreviation"), self._one("dcterms:description")
        short, country = self._one("pal:shortName"), self._one("pal:basedIn")
        start, end = self._days("pal:startDay"), self._days("pal:endDay")
        return tuple(
            Node(
                number=position,
                iri=iri,
                id=iri.removeprefix(prefix),
                kind=kind[iri],
                group=kinds[kind[iri]][0],
                label_en=labels["en"].get(iri, ""),
                label_fr=labels["fr"].get(iri, ""),
                abbreviation=abbreviation.get(iri) or short.get(iri, ""),
                names=tuple(sorted(names[iri])),
                description=description.get(iri, ""),
                country=country.get(iri, "").removeprefix(prefix),
                start=start.get(iri),
                end=end.get(iri),
            )
            for position, iri in enumerate(sorted(kind))
        )

    def _types(self) -> Mapping[str, EdgeType]:
        texts: dict[str, dict[str, dict[str, str]]] = {}
        for name in ("rdfs:label", "pal:inverseLabel", "pal:endedLabel", "pal:endedInverseLabel"):
            texts[name] = defaultdict(dict)
            for iri, value, lang in self._rows(
                f"?s rdf:type pal:EdgeType ; {name} ?v BIND(LANG(?v) AS ?l)", "s", "v", "l"
            ):
                texts[name][iri][lang] = value
        family, directed = self._one("pal:family"), self._one("pal:directed")
        found: dict[str, EdgeType] = {}
        for iri, value in sorted(self._rows("?s rdf:type pal:EdgeType ; pal:predicate ?v", "s", "v")):
            if iri not in family or iri not in directed:
                continue  # of data without our ontology, a kind of edge that nothing says how to draw
            name = value.removeprefix(PAL)
            words = [MappingProxyType(dict(one[iri])) for one in texts.values()]
            found[name] = EdgeType(name, family[iri].rpartition("/")[2], is_true(directed[iri]), *words)
        return MappingProxyType(found)

    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for iri, value, lang in self._rows("?s rdf:type owl:Class ; rdfs:label ?v BIND(LANG(?v) AS ?l)", "s", "v", "l"):
            found[iri.removeprefix(PAL)][lang] = value
        return MappingProxyType({name: MappingProxyType(words) for name, words in sorted(found.items())})

    def _sources(self) -> tuple[Source, ...]:
        title, publisher = self._one("dcterms:title"), self._one("dcterms:publisher")
        url, issued, kind = self._one("schema:url"), self._one("dcterms:issued"), self._one("pal:sourceKind")
        every = sorted(iri for (iri,) in self._rows("?s rdf:type pal:Source", "s"))
        return tuple(
            Source(
                number=number,
                iri=iri,
                id=iri.removeprefix(self._ids.source("")),
                title=title.get(iri, ""),
                publisher=publisher.get(iri, ""),
                url=url.get(iri, ""),
                issued=issued.get(iri, ""),
                kind=kind.get(iri, "").rpartition("/")[2],
            )
            for number, iri in enumerate(every)
        )

    def _stating(self, known: Mapping[str, int]) -> tuple[dict[str, tuple[int, ...]], set[str]]:
        """Statement to the sources that state it, or from whose statements it was inferred; and which are stated."""
        direct: dict[str, set[int]] = defaultdict(set)
        for iri, graph in self._rows("GRAPH ?g { ?s pal:predicate ?p }", "s", "g"):
            if graph in known:
                direct[iri].add(known[graph])
        premises: dict[str, list[str]] = defaultdict(list)
        for iri, premise in self._rows("?s prov:wasDerivedFrom ?v", "s", "v"):
            premises[iri].append(premise)
        found: dict[str, tuple[int, ...]] = {}
        for iri in {*direct, *premises}:
            reached, waiting, seen = set(), [iri], set()
            while waiting:
                one = waiting.pop()
                if one not in seen:
                    seen.add(one)
                    reached |= direct.get(one, set())
                    waiting += premises.get(one, [])
            found[iri] = tuple(sorted(reached))
        return found, set(direct)

    def _edges(
        self, node: Mapping[str, int], types: Mapping[str, EdgeType], sources: Mapping[str, int]
    ) -> tuple[tuple[Edge, ...], tuple[Link, ...]]:
        rows = self._rows("?e pal:subject ?s ; pal:predicate ?p ; pal:object ?o", "e", "s", "p", "o")
        kinds: dict[str, str] = {}
        for name in reversed(STATEMENTS):
            kinds.update((iri, name) for (iri,) in self._rows(f"?s rdf:type pal:{name}", "s"))
        day, start, end = self._days("pal:day"), self._days("pal:startDay"), self._days("pal:endDay")
        known_by, end_known_by = self._days("pal:knownBy"), self._days("pal:endKnownBy")
        rule = self._one("pal:byRule")
        stating, stated = self._stating(sources)
        keys: dict[tuple[str, int, int], int] = {}
        edges: list[Edge] = []
        for iri, subject, predicate, object_ in sorted(rows):
            if subject not in node or object_ not in node or iri not in kinds:
                continue
            type_ = types.get(predicate.removeprefix(PAL))
            if type_ is None:
                continue  # a statement of a kind that `edges.ttl` does not draw
            key = link_key(kinds[iri], type_.predicate, node[subject], node[object_])
            edges.append(
                Edge(
                    number=len(edges),
                    iri=iri,
                    kind=kinds[iri],
                    subject=node[subject],
                    predicate=type_.predicate,
                    object=node[object_],
                    family=type_.family,
                    directed=type_.directed,
                    start=start.get(iri) or day.get(iri),
                    end=end.get(iri),
                    known_by=known_by.get(iri),
                    end_known_by=end_known_by.get(iri),
                    rule="" if iri in stated else rule.get(iri, "").rpartition("/")[2],
                    link=keys.setdefault(key, len(keys)),
                    sources=stating.get(iri, ()),
                )
            )
        members: list[list[Edge]] = [[] for _ in keys]
        for edge in edges:
            members[edge.link].append(edge)
        links = []
        for number, several in enumerate(members):
            first = min(several, key=rank)
            ends = sorted((first.subject, first.object))
            order = tuple(edge.number for edge in sorted(several, key=rank))
            links.append(Link(number, ends[0], ends[1], first.family, order))
        return tuple(edges), tuple(links)

    def _aliases(self, nodes: tuple[Node, ...]) -> Mapping[str, int]:
        """Every way to name a node: local id, IRI, ISO codes in any case, Wikidata number and IRI.

        A local id always wins over a code, so that a code of two letters never hides an entity.
        """
        number = {node.iri: node.number for node in nodes}
        found: dict[str, int] = {}
        for predicate in ("pal:isoAlpha2", "pal:isoAlpha3", "pal:isoNumeric", "owl:sameAs"):
            for iri, value in self._rows(f"?s {predicate} ?v", "s", "v"):
                if iri in number:
                    for name in {value, value.lower(), value.removeprefix(_WIKIDATA).lower()}:
                        found[name] = number[iri]
        for node in nodes:
            found[node.id] = found[node.iri] = node.number
        return MappingProxyType(found)
