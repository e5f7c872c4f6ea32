"""What the explorer's pages, parts and files are filled with, from a state and the release's desk."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from api import rendering
from api.language import Lang, Words
from api.links import safe
from graph.read.compare import SECTIONS
from graph.read.index import Source
from graph.read.paths import KINDS as EXPLANATIONS
from viz import chain, evidence, layout, query, svg, view
from viz import words as names
from viz.cite import Citation
from viz.desk import Desk
from viz.marks import MARKS
from viz.scene import FAMILIES, HEIGHT, KINDS, WIDTH, Scene, kind_of
from viz.state import LONG, Pin, State

PATH: Final = "/explore"
#: Rows that a comparison lists in one section before it says how many more there are.
MOST_ROWS: Final = 14
#: Rows of the table of the whole network.
MOST_NODES: Final = 1200

#: The parts of the page that change with the state, by the id of the element that holds each.
PARTS: Final = {
    "filters-part": "explorer/filters.html",
    "caption-part": "explorer/caption.html",
    "panel-part": "explorer/panel.html",
    "story-part": "explorer/story.html",
    "table-part": "explorer/table.html",
    "share-part": "explorer/share.html",
}


@cache
def interface(lang: Lang) -> Words:
    """The words of the explorer in a language."""
    text = files("api").joinpath("words", f"explorer.{lang}.toml").read_text("utf-8")
    return Words(lang, tomllib.loads(text))


@dataclass(frozen=True)
class Place:
    """Where a view is answered: the release's desk, the reader's language, today, and this server's address."""

    desk: Desk
    lang: Lang
    today: date
    base: str

    @property
    def release(self) -> str:
        """The version of the release."""
        return self.desk.store.manifest.release


def address(state: State) -> str:
    """The address of a state's page on this server."""
    text = state.query()
    return f"{PATH}?{text}" if text else PATH


def context(state: State, place: Place, size: layout.Size = (WIDTH, HEIGHT)) -> dict[str, Any]:
    """Everything that a page or part of a view says. Raises :class:`UnknownNodeError` and :class:`ValueError`."""
    scene = place.desk.scene(state, place.lang, place.today, size)
    on = state.asof or place.today

    def go(**changes: object) -> str:
        return address(state.but(**changes))

    return {
        "x": interface(place.lang),
        "lang": place.lang,
        "state": state,
        "scene": scene,
        "go": go,
        "today": place.today.isoformat(),
        "on": on,
        "day": names.day(on, place.lang),
        "names": names,
        "families": FAMILIES,
        "kinds": KINDS,
        "marks": MARKS,
        "outline": svg.outline,
        "title": _title,
        "safe": safe,
        "words_json": _for_script(interface(place.lang)),
        "drawing": _drawing(scene, state),
        "table": _table(state, place, scene),
        "panel": _panel(state, place, on, scene),
        "story": _story(state, place, on),
        "share": share(state, place, scene),
        "base": place.base,
    }


def _for_script(t: Words) -> dict[str, str]:
    standings = {f"standing.{one}": text for one, text in names.STANDING[t.lang].items()}
    return standings | {
        key: t(key, n="{n}", nodes="{nodes}", edges="{edges}", day="{day}")
        for key in (
            "copy-caption",
            "nobody",
            "found",
            "play",
            "stop",
            "copied",
            "refining",
            "failed",
            "as-table",
            "as-graph",
            "choose",
            "shortened",
        )
    }


def _title(source: Source) -> str:
    return source.title or source.id


def _drawing(scene: Scene, state: State) -> str:
    """The server's own picture: nothing for the whole network, which is too large for one."""
    if state.show == "whole":
        return ""
    return svg.draw(
        scene,
        svg.Look(
            node=lambda local: address(state.but(sel=local)),
            edge=lambda path: address(state.but(sel=path)),
            group=lambda group: address(state.but(open=tuple(sorted({*state.open, group})))),
            selected=state.sel,
        ),
    )


def _table(state: State, place: Place, scene: Scene) -> dict[str, Any]:
    index, lang = place.desk.index, place.lang
    if state.show == "whole":
        order = sorted(index.nodes, key=lambda node: (-index.degree[node.number], node.id))
        chosen = [node for node in order if not state.kinds or kind_of(node.kind) in state.kinds]
        return {"nodes": [(node, node.label(lang), index.degree[node.number]) for node in chosen[:MOST_NODES]]}
    reading = place.desk.reading(lang, place.today)
    return {"lines": view.lines(state, reading, place.desk.through(state, place.today)), "count": len(scene.nodes)}


def _panel(state: State, place: Place, on: date, scene: Scene) -> dict[str, Any] | None:
    if not state.sel:
        return None
    if "/" in state.sel:
        return {"edge": evidence.evidence(place.desk, state.sel, place.lang, on)}
    found = evidence.profile(place.desk, state.sel, state, place.lang, on)
    local = found.node.id
    opened = any(one == local or one.startswith(f"{local}:") for one in state.open)
    around = state.show != "whole" and local not in state.focus
    # past what opening brings at once, the reader is asked which neighbours
    few = sum(one.count for one in found.relations) <= view.MORE
    return {
        "node": found,
        "who": "" if place.lang == "en" else place.desk.introduction(found.node, place.lang, place.today),
        "opened": opened,
        "few": few,
        "choice": [(one.family, one.count) for one in found.relations] if around and not few and not opened else [],
        "pinned": any(one.id == local for one in state.pin),
        "pin": _held(local, scene),
    }


def _held(local: str, scene: Scene) -> Pin | None:
    """A node of the drawing held where it stands now, in pixels of the nominal canvas."""
    for one in scene.nodes:
        if one.id == local:
            return Pin(local, round(one.x * WIDTH / scene.width), round(one.y * HEIGHT / scene.height))
    return None


def _story(state: State, place: Place, on: date) -> dict[str, Any] | None:
    """The explanations of a path with numbered sources, or the rows of a comparison."""
    desk, lang = place.desk, place.lang

    def go(path: str) -> str:
        return address(state.but(sel=path))

    if state.show == "path":
        sources: dict[int, int] = {}
        told = []
        for one in desk.explanations(state, place.today):
            steps = []
            for step in one.steps:
                edge = desk.index.edges[step.line.edge]
                marks = [sources.setdefault(number, len(sources) + 1) for number in edge.sources[:3]]
                steps.append((evidence.said(desk, edge, lang, on), marks))
            told.append((_explanation(one.kind, lang), steps, chain.draw(one, desk.index, lang, go)))
        cited = [(mark, desk.index.sources[number]) for number, mark in sources.items()]
        ends = [desk.name(desk.index.find(one), lang) for one in state.focus]
        return {"told": told, "sources": cited, "ends": ends}
    if state.show == "compare":
        found = desk.comparison(state, place.today)
        sections = {
            name: [(row, [[evidence.said(desk, desk.index.edges[line.edge], lang, on) for line in lines]
                          for lines in row.lines]) for row in found.sections[name]]
            for name in SECTIONS
            if found.sections.get(name)
        }  # fmt: skip
        direct = [evidence.said(desk, desk.index.edges[line.edge], lang, on) for line in found.direct]
        return {"nodes": found.nodes, "sections": sections, "direct": direct, "most": MOST_ROWS}
    return None


def _explanation(kind: str, lang: Lang) -> str:
    return EXPLANATIONS[kind][1 if lang == "fr" else 0]


def fixed(state: State, place: Place) -> State:
    """The state with its day and language said: what is published must not change with the reader or the calendar."""
    return state.but(asof=state.asof or place.today, lang=place.lang, sel="", view="graph")


def source_line(state: State, place: Place) -> str:
    """The line under every exported picture: source, release, day, address."""
    on = names.day(state.asof or place.today, place.lang)
    return interface(place.lang)("source-line", release=place.release, day=on, url=f"{place.base}{PATH}")


def citation(state: State, place: Place, title: str) -> Citation:
    """The citation of a view, or of the statement that is selected."""
    url = place.base + address(fixed(state, place).but(sel=state.sel))
    return Citation(title, url, place.release, place.today, place.lang)


def share(state: State, place: Place, scene: Scene) -> dict[str, Any]:
    """Addresses and texts to publish a view with."""
    stable = fixed(state, place)
    text = stable.query()
    embedded = f"{place.base}/embed?{text}"
    cited = citation(state, place, scene.caption)
    return {
        "query": text,
        "link": f"{place.base}{PATH}?{text}",
        "long": len(text) > LONG,
        "embed": rendering.frame(embedded, scene.caption),
        "alt": scene.caption,
        "cite": cited,
        "sparql": "/sparql?query=" + quote(_sparql(place, scene), safe=""),
    }


def _sparql(place: Place, scene: Scene) -> str:
    if not scene.nodes or len(scene.nodes) > svg.MOST * 2:
        return ""
    return query.sparql(scene, place.desk.store.ids)
