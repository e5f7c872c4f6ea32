"""The network, or the surroundings of some entities, as one HTML file that works without a server (drawn by pyvis).

What `palermo network export html` writes and `/api/v1/network/export?format=html` answers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from api.explorer import interface
from api.language import Lang
from graph.read.release import Release
from viz import scene, snapshot
from viz import words as names
from viz.desk import Desk
from viz.state import State

#: Beside the formats of :mod:`graph.read.export`, which hold data alone.
NAME: Final = "html"
MEDIA_TYPE: Final = "text/html"
ENDING: Final = ".html"
#: The file's own policy, once more as a header: nothing is fetched, and the script in it can reach nothing.
POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; sandbox allow-scripts"
)


def state_of(
    release: Release, focus: Sequence[str], depth: int, families: Collection[str], as_of: date | None, most: int
) -> State:
    """The state of the view around entities, `depth` steps wide and of at most `most` nodes; the whole network without
    a focus."""
    with_: tuple[str, ...] = ()
    if depth > 1 and focus:
        found = release.view(focus, depth, as_of=as_of, families=families, most=most)
        with_ = tuple(sorted(release.index.nodes[number].id for number, step in found.nodes if step))
    return State(
        show="around" if focus else "whole",
        focus=tuple(focus),
        with_=with_,
        families=tuple(one for one in scene.FAMILIES if one in families),
        asof=as_of,
    )


def today(release: Release) -> date:
    """The day on which views stand when none is asked for: that of the release, since the clock is not asked."""
    text = release.manifest.date
    return date.fromisoformat(text) if len(text) == 10 else date(int(text[:4] or 2026), 12, 31)


def html(release: Release, desk: Desk, state: State, lang: Lang, base: str) -> str:
    """The file: the drawing, and below it every statement as a sentence with its sources."""
    made = desk.scene(state, lang, today(release))
    on = names.day(state.asof or today(release), lang)
    line = interface(lang)("source-line", release=release.manifest.release, day=on, url=base)
    index = desk.index
    cited = {edge.id: "; ".join(index.sources[one].title for one in index.edge(edge.id).sources) for edge in made.edges}
    return snapshot.html(made, line, cited)
