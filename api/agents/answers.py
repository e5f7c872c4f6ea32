"""What agents are told: plain values of JSON with the ids of their sources; the sources are cited once at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from graph.read.collections import COLLECTIONS
from graph.read.dates import Lang
from graph.read.index import FAMILIES, Edge, NetworkIndex, Node, UnknownNodeError
from graph.read.neighbours import neighbours, tally
from graph.read.network import Filter, standing
from graph.read.paths import KINDS as EXPLANATIONS
from graph.read.properties import LISTS
from graph.read.release import Release
from graph.read.rows import Item

LICENCE: Final = "CC BY 4.0; cite the sources that an answer names"
#: Sources that are cited for one thing; a state is named by hundreds.
FEW: Final = 5
#: The list that holds the statements of a kind.
_STATEMENTS: Final = {
    "PartyStatus": "party-statuses",
    "TreatyAction": "treaty-actions",
    "Relation": "relations",
    "Evaluation": "evaluations",
}
#: What makes two figures answers to one question.
QUESTION: Final = ("indicator", "area", "period", "form", "sex", "age", "unit", "basis")
#: Words of a figure that are notations of closed lists.
_CODED: Final = {
    "indicator": "indicator",
    "form": "exploitation-form",
    "sex": "sex",
    "age": "age-group",
    "basis": "basis",
}


class AnswerError(ValueError):
    """A question that cannot be answered; the message says why and what is allowed."""


class Answers:
    """Answers about one release. Immutable; threads may share it."""

    def __init__(self, release: Release) -> None:
        self._release = release

    @property
    def index(self) -> NetworkIndex:
        """The network that is answered from."""
        return self._release.index

    def day(self, as_of: str) -> date:
        """The day that a question is about: the one given, else the day of the release's newest source."""
        try:
            return date.fromisoformat(as_of or self._release.manifest.date)
        except ValueError:
            raise AnswerError(f"as_of {as_of!r}: a day YYYY-MM-DD is needed") from None

    def node(self, identifier: str) -> Node:
        """An entity by any of its identifiers, or else by its exact name. Raises :class:`AnswerError`."""
        try:
            return self.index.find(identifier)
        except UnknownNodeError:
            near = self._release.search(identifier, 5)
            if near and near[0].score == 1.0 and (len(near) == 1 or near[1].score < 1.0):
                return near[0].node
            hint = "; near it: " + ", ".join(f"{one.node.id} ({one.node.label('en')})" for one in near) if near else ""
            raise AnswerError(f"{identifier[:200]!r} names no entity of this release{hint}") from None

    def told(self, body: dict[str, Any], sources: Iterable[str]) -> dict[str, Any]:
        """An answer: its body, then the release, the licence and every source it rests on."""
        manifest = self._release.manifest
        return {**body, "release": manifest.release, "licence": LICENCE, "sources": self.cited(sources)}

    def cited(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Sources as they are cited, each once, by id."""
        found = (self._release.rows.one("sources", id_) for id_ in sorted(set(ids)))
        names = ("id", "title", "publisher", "url", "issued", "kind")
        return [{name: one[name] for name in names if one.get(name)} for one in found if one is not None]

    def _best(self, item: Item | None) -> list[str]:
        """A few sources of an item, the best ranked first."""
        ids: Sequence[str] = (item or {}).get("sources", ())
        rank = {id_: (self._release.rows.one("sources", id_) or {}).get("rank", 99) for id_ in ids}
        return sorted(ids, key=lambda id_: (rank[id_], id_))[:FEW]

    def _item(self, node: Node) -> Item | None:
        return self._release.rows.one(LISTS[node.group], node.id)

    def _sources_of(self, edge: Edge) -> list[str]:
        return [self.index.sources[number].id for number in edge.sources]

    # search and description

    def search(self, query: str, kinds: Sequence[str], limit: int, lang: Lang) -> dict[str, Any]:
        """Entities by name."""
        known = {*self.index.classes, *LISTS}
        if stray := set(kinds) - known:
            raise AnswerError(f"kinds {', '.join(sorted(stray))}: known are {', '.join(sorted(known))}")
        hits = self._release.names(query, limit, kinds)
        found, cited = [], set[str]()
        for hit in hits:
            best = self._best(self._item(hit.node))
            cited.update(best)
            found.append(
                {
                    **self._named(hit.node, lang),
                    "score": hit.score,
                    "matched": hit.matched,
                    "description": hit.node.description,
                    "connections": self.index.degree[hit.node.number],
                    "sources": best,
                }
            )
        return self.told({"results": found}, cited)

    def _named(self, node: Node, lang: Lang) -> dict[str, Any]:
        return {"id": node.id, "iri": node.iri, "name": node.label(lang), "kind": node.kind}

    def describe(self, identifier: str, lang: Lang) -> dict[str, Any]:
        """Everything about one entity, statement, figure, claim or source."""
        local = self._local(identifier)
        if local in self.index.statements or self._release.store.ids.entity(local) in self.index.statements:
            return self._statement(self.index.edge(local), lang)
        for name in ("statistics", "claims", "sources"):
            item = self._release.rows.one(name, local)
            if item is not None:
                sources = [item["id"]] if name == "sources" else item.get("sources", [])
                return self.told({"list": name, "facts": self._plain(item)}, sources)
        node = self.node(identifier)
        item = self._item(node)
        counts = [
            {"family": one.family, "relation": one.predicate, "outgoing": one.outgoing, "count": one.links}
            for one in tally(self.index, node.number, neighbours(self.index, node.number))
        ]
        best = self._best(item)
        facts = self._plain(item or {})
        facts["sources"] = best
        more = len((item or {}).get("sources", ())) - len(best)
        body = {**self._named(node, lang), "facts": facts, "relations": counts}
        return self.told(body | ({"more_sources": more} if more > 0 else {}), best)

    def _local(self, identifier: str) -> str:
        ids = self._release.store.ids
        for start in (ids.entity(""), ids.source(""), "id:", "source/"):
            if identifier.startswith(start):
                return identifier[len(start) :]
        return identifier.strip()

    def _plain(self, item: Item) -> dict[str, Any]:
        return {name: value for name, value in item.items() if value not in (None, [], "", {})}

    def _statement(self, edge: Edge, lang: Lang) -> dict[str, Any]:
        local = edge.iri.removeprefix(self._release.store.ids.entity(""))
        item = self._release.rows.one(_STATEMENTS[edge.kind], local) or {}
        return self.told({**self._said(edge, lang, None), "facts": self._plain(item)}, self._sources_of(edge))

    def _said(self, edge: Edge, lang: Lang, on: date | None) -> dict[str, Any]:
        found: dict[str, Any] = {
            "statement": edge.iri.removeprefix(self._release.store.ids.entity("")),
            "sentence": self._release.teller.say(edge, lang, on),
            "subject": self.index.nodes[edge.subject].id,
            "predicate": edge.predicate,
            "object": self.index.nodes[edge.object].id,
            "family": edge.family,
            "sources": self._sources_of(edge),
        }
        if edge.rule:
            found["inferred_by"] = edge.rule
        return found

    # the network

    def relations(
        self, identifier: str, families: Sequence[str], predicate: str, as_of: str, limit: int, offset: int, lang: Lang
    ) -> dict[str, Any]:
        """Everything an entity is linked to, as sentences."""
        if stray := set(families) - set(FAMILIES):
            raise AnswerError(f"families {', '.join(sorted(stray))}: known are {', '.join(FAMILIES)}")
        if predicate and predicate not in self.index.types:
            raise AnswerError(f"predicate {predicate!r}: known are {', '.join(sorted(self.index.types))}")
        node, on = self.node(identifier), self.day(as_of) if as_of else None
        found = neighbours(self.index, node.number, Filter(frozenset(families), as_of=on))
        if predicate:
            found = [one for one in found if self.index.edges[one.line.edge].predicate == predicate]
        shown, cited = [], set[str]()
        for one in found[offset : offset + limit]:
            edge = self.index.edges[one.line.edge]
            said = {**self._said(edge, lang, on), "other": one.node.label(lang), "dated": one.line.standing == "valid"}
            cited.update(said["sources"])
            shown.append(said)
        body = {**self._named(node, lang), "count": len(found), "offset": offset, "relations": shown}
        if offset + limit < len(found):
            body["next_offset"] = offset + limit
        return self.told(body, cited)

    def paths(self, from_: str, to: str, as_of: str, families: Sequence[str], limit: int, lang: Lang) -> dict[str, Any]:
        """How two entities are connected, in words."""
        a, b = self.node(from_), self.node(to)
        on = self.day(as_of) if as_of else None
        try:
            explanations = self._release.paths(a.id, b.id, as_of=on, families=families, limit=limit)
        except ValueError as error:
            raise AnswerError(str(error)) from None
        found, cited = [], set[str]()
        for explanation in explanations:
            steps = [self._said(self.index.edges[step.line.edge], lang, on) for step in explanation.steps]
            cited.update(source for step in steps for source in step["sources"])
            kind = EXPLANATIONS[explanation.kind][int(lang == "fr")]
            found.append({"kind": kind, "cost": explanation.cost, "steps": steps})
        return self.told({"from": self._named(a, lang), "to": self._named(b, lang), "paths": found}, cited)

    # treaties

    def treaty_status(self, treaty: str, participant: str, as_of: str, lang: Lang) -> dict[str, Any]:
        """Who is bound by a treaty on a day, or how one participant stands to it."""
        about, on = self.node(treaty), self.day(as_of)
        if about.kind not in ("Treaty", "Protocol"):
            raise AnswerError(f"{about.id} is no treaty but of the kind {about.kind}")
        body: dict[str, Any] = {"treaty": self._named(about, lang), "as_of": on.isoformat()}
        acts: dict[int, list[Edge]] = defaultdict(list)
        for number in self.index.incident[about.number]:
            for edge in (self.index.edges[one] for one in self.index.links[number].edges):
                if edge.kind in ("TreatyAction", "PartyStatus") and edge.object == about.number:
                    acts[edge.subject].append(edge)
        if participant:
            who = self.node(participant)
            edges = sorted(acts.get(who.number, []), key=lambda one: (one.start or date.max, one.iri))
            body |= {"participant": self._named(who, lang), "status": self._status(edges, on)}
            body["statements"] = [self._said(edge, lang, on) for edge in edges]
            return self.told(body, (source for edge in edges for source in self._sources_of(edge)))
        by_status: dict[str, list[dict[str, Any]]] = defaultdict(list)
        cited = set[str]()
        for number, edges in acts.items():
            status = self._status(edges, on)
            held = next((one for one in edges if one.kind == "PartyStatus"), edges[0])
            by_status[status].append(
                {
                    "id": self.index.nodes[number].id,
                    "name": self.index.nodes[number].label(lang),
                    "since": held.start.isoformat() if held.start and held.kind == "PartyStatus" else None,
                    "statement": held.iri.removeprefix(self._release.store.ids.entity("")),
                }
            )
            cited.update(self._sources_of(held)[:1])
        body["counts"] = {status: len(who) for status, who in sorted(by_status.items())}
        body["participants"] = {
            status: sorted(who, key=lambda one: str(one["id"])) for status, who in sorted(by_status.items())
        }
        return self.told(body, cited)

    def _status(self, edges: Sequence[Edge], on: date) -> str:
        """`party`, `party, day unknown` (it may have been one), `no longer a party`, `signatory`, `no act`."""
        held = [(one, standing(self.index, one, on)) for one in edges if one.kind == "PartyStatus"]
        if any(state == "valid" for _, state in held):
            return "party"
        if any(state == "unknown" for _, state in held):
            return "party, day unknown"
        if any(one.end is not None and one.end <= on for one, _ in held):
            return "no longer a party"
        if any(one.predicate == "signed" and standing(self.index, one, on) == "valid" for one in edges):
            return "signatory"
        return "no act"

    # figures

    def statistics(
        self, area: str, indicator: str, period: str, conflicts_only: bool, limit: int, lang: Lang
    ) -> dict[str, Any]:
        """Figures as their sources give them, and where they disagree. Nothing is added up or averaged."""
        rows = self._release.rows
        if indicator and indicator not in rows.notations("indicator"):
            raise AnswerError(f"indicator {indicator!r}: known are {', '.join(rows.notations('indicator'))}")
        where = self.node(area).id if area else ""
        found = [
            item
            for item in rows.all("statistics")
            if (not where or item.get("area") == where)
            and (not indicator or item.get("indicator") == indicator)
            and (not period or item.get("period") == period)
        ]
        groups: dict[tuple[str, ...], list[Item]] = defaultdict(list)
        for item in found:
            if "period" in item and "value" in item:
                groups[tuple(str(item.get(name, "")) for name in QUESTION)].append(item)
        rivals = {key: items for key, items in groups.items() if len({one["value"] for one in items}) > 1}
        disputed = {str(one["id"]) for items in rivals.values() for one in items}
        if conflicts_only:
            found = [item for item in found if item["id"] in disputed]
        shown = sorted(found, key=lambda one: (str(one.get("period", "")), str(one["id"])), reverse=True)[:limit]
        figures = [self._figure(item, lang) | {"disputed": item["id"] in disputed} for item in shown]
        conflicts = [
            {
                "question": {name: value for name, value in zip(QUESTION, key, strict=True) if value},
                "values": sorted({one["value"] for one in items}),
                "figures": sorted(str(one["id"]) for one in items),
            }
            for key, items in sorted(rivals.items())
        ][:limit]
        body = {
            "count": len(found),
            "conflict_count": len(rivals),
            "note": "Figures count different things (see basis and unit); never add or average them.",
            "figures": figures,
            "conflicts": conflicts,
        }
        named = {str(one) for conflict in conflicts for one in conflict["figures"]}
        items = [*shown, *(one for group in rivals.values() for one in group if one["id"] in named)]
        return self.told(body, (source for item in items for source in item.get("sources", ())))

    def _figure(self, item: Item, lang: Lang) -> dict[str, Any]:
        plain = self._plain(item)
        words = {
            f"{name}_label": self._release.rows.concept(scheme, str(plain[name]), lang)
            for name, scheme in _CODED.items()
            if name in plain
        }
        return {name: value for name, value in plain.items() if name not in ("iri", "type")} | words

    # sources of what a query found

    def sources_of(self, iris: Iterable[str]) -> tuple[list[str], int]:
        """Ids of the sources behind the statements, figures, entities and graphs that an answer names, the most named
        first and at most 25 of them, and how many there are."""
        ids, rows = self._release.store.ids, self._release.rows
        count: dict[str, int] = defaultdict(int)
        for iri in iris:
            local = iri.removeprefix(ids.entity(""))
            item: Mapping[str, Any] | None = None
            if iri.startswith(ids.source("")):
                count[iri.removeprefix(ids.source(""))] += 1
            elif iri in self.index.statements:
                for source in self._sources_of(self.index.edge(iri)):
                    count[source] += 1
            elif iri in self.index.aliases:
                item = self._item(self.index.find(iri))
            else:
                item = next((one for name in ("statistics", "claims") if (one := rows.one(name, local))), None)
            for source in self._best(item):
                count[source] += 1
        known = [id_ for id_ in count if rows.one("sources", id_) is not None]
        return sorted(known, key=lambda id_: (-count[id_], id_))[:25], len(known)


def lists() -> str:
    """The lists of a release with what each is, for the schema."""
    return "\n".join(f"- {one.name} (pal:{one.class_}): {one.about}" for one in COLLECTIONS.values())
