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
        "around.none": "{who} and none of the {all} it is linked to, as of {day}",
        "around.one": "{who} and one of the {all} it is linked to, as of {day}",
        "around.many": "{who} and {count} of the {all} it is linked to, as of {day}",
        "every": "{who} and everything it is linked to ({count}), as of {day}",
        "several.none": "{who} and nothing else, as of {day}",
        "several.one": "{who} and one other around them, as of {day}",
        "several.many": "{who} and {count} others around them, as of {day}",
        "path": "How {who} are connected, as of {day}",
        "compare": "{who} compared, as of {day}",
        "whole": "The whole network: {count} actors, texts and projects, as of {day}",
        "only": "{families} only",
        "folded.one": "one more is folded",
        "folded.many": "{n} more are folded",
        "faded.one": "one relation drawn pale does not hold that day",
        "faded.many": "{n} relations drawn pale do not hold that day",
    },
    "fr": {
        "around.none": "{who} et aucune des {all} entités qui lui sont liées, au {day}",
        "around.one": "{who} et une des {all} entités qui lui sont liées, au {day}",
        "around.many": "{who} et {count} des {all} entités qui lui sont liées, au {day}",
        "every": "{who} et tout ce qui lui est lié ({count}), au {day}",
        "several.none": "{who} et rien d’autre, au {day}",
        "several.one": "{who} et une autre entité autour d’eux, au {day}",
        "several.many": "{who} et {count} autres entités autour d’eux, au {day}",
        "path": "Comment {who} sont liés, au {day}",
        "compare": "{who} : comparaison, au {day}",
        "whole": "Le réseau entier : {count} acteurs, textes et projets, au {day}",
        "only": "seulement : {families}",
        "folded.one": "une autre est repliée",
        "folded.many": "{n} autres sont repliées",
        "faded.one": "une relation en pâle ne vaut pas ce jour-là",
        "faded.many": "{n} relations en pâle ne valent pas ce jour-là",
    },
}


def sentences(lang: str) -> dict[str, str]:
    """The sentences of a language as they are written, with their gaps: for the twin in `web/src/copy/made.ts`."""
    return dict(_CAPTION[lang])


def _said(lang: str, key: str, number: int, **values: str) -> str:
    """The sentence of a key in the form that goes with a number."""
    text = _CAPTION[lang]
    form = key if key in text else f"{key}.{('none', 'one', 'many')[min(number, 2)]}"
    return text[form].format(count=words.number(number, lang), n=words.number(number, lang), **values)


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
    sentence = _said(lang, form, count, who=who, all=words.number(total, lang), day=words.day(on, lang))
    tail = []
    if state.families:
        tail.append(text["only"].format(families=", ".join(words.FAMILY[lang][one].lower() for one in state.families)))
    if folded:
        tail.append(_said(lang, "folded", folded))
    pale = sum(edge.standing in ("future", "ended") for edge in edges if edge.leads)
    if pale:
        tail.append(_said(lang, "faded", pale))
    joint = " ; " if lang == "fr" else "; "
    said = joint.join([sentence, *tail]) + "."
    return said[0].upper() + said[1:]
