"""The sentence that says what a view shows: its caption, alternative text and the title of every export alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from viz import words
from viz.scene import Edge, Group, Node
from viz.state import State

_CAPTION: Final = {
    "en": {
        "around": "{who} and {count} of the {all} it is linked to, as of {day}",
        "every": "{who} and everything it is linked to ({count}), as of {day}",
        "several": "{who} and {count} others around them, as of {day}",
        "path": "How {who} are connected, as of {day}",
        "compare": "{who} compared, as of {day}",
        "whole": "The whole network: {count} actors, texts and projects, as of {day}",
        "only": "{families} only",
        "folded": "{n} more are folded",
        "faded": "{n} relations drawn pale do not hold that day",
    },
    "fr": {
        "around": "{who} et {count} des {all} entités qui lui sont liées, au {day}",
        "every": "{who} et tout ce qui lui est lié ({count}), au {day}",
        "several": "{who} et {count} autres autour d’eux, au {day}",
        "path": "Comment {who} sont liés, au {day}",
        "compare": "{who} : comparaison, au {day}",
        "whole": "Le réseau entier : {count} acteurs, textes et projets, au {day}",
        "only": "seulement : {families}",
        "folded": "{n} autres sont repliées",
        "faded": "{n} relations en pâle ne valent pas ce jour-là",
    },
}


def sentences(lang: str) -> dict[str, str]:
    """The sentences of a language as they are written, with their gaps: for the twin in `web/src/copy/captions.ts`."""
    return dict(_CAPTION[lang])


def caption(
    state: State,
    lang: str,
    on: date,
    names: list[str],
    drawn: tuple[Sequence[Node], Sequence[Edge], Sequence[Group]],
    everything: int,
) -> str:
    """The sentence. `names` are those of the focuses inside a sentence, `everything` the nodes of the whole network."""
    nodes, edges, groups = drawn
    text = _CAPTION[lang]
    who = words.joined(names, lang)
    others = len(nodes) - len(state.focus)
    folded = sum(group.count for group in groups)
    form, total = state.show, others + folded
    if form == "around":
        form = "several" if len(names) > 1 else "around" if folded else "every"  # type: ignore[assignment]
    count = others if form != "whole" else everything
    sentence = text[form].format(
        who=who, count=words.number(count, lang), all=words.number(total, lang), day=words.day(on, lang)
    )
    tail = []
    if state.families:
        tail.append(text["only"].format(families=", ".join(words.FAMILY[lang][one].lower() for one in state.families)))
    if folded:
        tail.append(text["folded"].format(n=words.number(folded, lang)))
    pale = sum(edge.standing in ("future", "ended") for edge in edges if edge.leads)
    if pale:
        tail.append(text["faded"].format(n=words.number(pale, lang)))
    joint = " ; " if lang == "fr" else "; "
    said = joint.join([sentence, *tail]) + "."
    return said[0].upper() + said[1:]
