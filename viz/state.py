"""The state of a view: one object, one query string, one canonical form.

The same state gives the graph, its table, the data behind it, the picture, the embed and the citation, because each
of them starts from this object and nothing else. It travels in the address, so that a link shows what its sender saw.
The front end has a twin of this module (`web/src/state.ts`); `tests/unit/state-vectors.json` binds both.

| parameter | what it says | form |
|---|---|---|
| `show`     | what kind of view | `around` (default), `path`, `compare`, `whole` |
| `focus`    | who it is about; path: from, to; compare: two or three | ids joined by `,` |
| `with`     | further nodes that are shown | ids joined by `,` |
| `open`     | folded neighbours that are unfolded | `id`, `id:family` or `id:family:kind`, joined by `,` |
| `hide`     | nodes that are left out | ids joined by `,` |
| `families` | kinds of relation that are shown; absent: all | families joined by `,` |
| `kinds`    | kinds of node that are shown; absent: all | kinds joined by `,` |
| `asof`     | the day the view is true on; absent: today | `YYYY-MM-DD`, 1900 or later |
| `layout`   | how nodes are placed | `map` (default) or `rings` |
| `view`     | drawing or table | `graph` (default) or `table` |
| `lang`     | language | `en` or `fr`; absent: the reader's own |
| `sel`      | what is selected: a node or a statement | a path such as `greta` or `relation/greta/monitors/fra` |
| `pin`      | nodes put in a place by hand | `id@x:y` in pixels of the nominal canvas, joined by `,` |
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal
from urllib.parse import parse_qsl, quote

from graph.ids import LOCAL_ID
from viz.scene import FAMILIES, KINDS, Family, Kind

Show = Literal["around", "path", "compare", "whole"]
Layout = Literal["map", "rings"]
View = Literal["graph", "table"]
Lang = Literal["en", "fr"]

#: What a view opens on when nobody is named.
HOME: Final = "fra"
#: Before the first treaty against the traffic in persons (1904) there is nothing to show.
FIRST_DAY: Final = date(1900, 1, 1)
#: More than this many ids in one parameter is no view that a person can read.
MOST_IDS: Final = 400
#: A canonical query string longer than this gets a short id kept by the server; some mail programs cut longer links.
LONG: Final = 1500

PARAMETERS: Final = (
    "show", "focus", "with", "open", "hide", "families", "kinds", "asof", "layout", "view", "lang", "sel", "pin",
)  # fmt: skip

_SELECTION: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)*")
_PIN: Final = re.compile(r"([a-z0-9-]+)@(-?[0-9]{1,5}):(-?[0-9]{1,5})")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class StateError(ValueError):
    """A query string that is no state: which parameter, which value, what is allowed."""

    def __init__(self, parameter: str, value: str, allowed: str) -> None:
        super().__init__(f"{parameter}={value[:80]}: {allowed}")
        self.parameter, self.value, self.allowed = parameter, value, allowed


@dataclass(frozen=True)
class Pin:
    """A node put in a place by hand, in pixels of the nominal canvas."""

    id: str
    x: int
    y: int


@dataclass(frozen=True)
class State:
    """The state of a view; see the module for each field. Empty `families` or `kinds` mean all of them."""

    show: Show = "around"
    focus: tuple[str, ...] = (HOME,)
    with_: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    kinds: tuple[Kind, ...] = ()
    asof: date | None = None
    layout: Layout = "map"
    view: View = "graph"
    lang: Lang | None = None
    sel: str = ""
    pin: tuple[Pin, ...] = ()

    def query(self) -> str:
        """The canonical query string, without a question mark: fixed order, defaults left out, lists sorted."""
        pairs = {
            "show": "" if self.show == "around" else self.show,
            "focus": "" if self.show == "whole" or self.focus == (HOME,) else ",".join(self.focus),
            "with": ",".join(self.with_),
            "open": ",".join(self.open),
            "hide": ",".join(self.hide),
            "families": ",".join(self.families),
            "kinds": ",".join(self.kinds),
            "asof": self.asof.isoformat() if self.asof else "",
            "layout": "" if self.layout == "map" else self.layout,
            "view": "" if self.view == "graph" else self.view,
            "lang": self.lang or "",
            "sel": self.sel,
            "pin": ",".join(f"{one.id}@{one.x}:{one.y}" for one in self.pin),
        }
        return "&".join(f"{name}={quote(value, safe=',:/@-')}" for name, value in pairs.items() if value)

    def but(self, **changes: object) -> State:
        """The same state with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def shows(self, family: Family) -> bool:
        """Whether relations of a family are shown."""
        return not self.families or family in self.families


def parse(query: str, also: Iterable[str] = ()) -> State:
    """Read a query string. `also` names parameters of the caller that are no part of the state and are passed over.

    Raises :class:`StateError` for an unknown or doubled parameter and for every value that is not allowed.
    """
    passed = set(also)
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in passed:
            continue
        if name not in PARAMETERS:
            raise StateError(name, value, f"unknown parameter; known are {', '.join(PARAMETERS)}")
        if name in given:
            raise StateError(name, value, "given twice; join several ids with ','")
        given[name] = value
    show = _choice(given, "show", ("around", "path", "compare", "whole"), "around")
    state = State(
        show=show,  # type: ignore[arg-type]
        focus=_focus(given, show),
        with_=_ids(given, "with"),
        open=_open(given),
        hide=_ids(given, "hide"),
        families=_subset(given, "families", FAMILIES),  # type: ignore[arg-type]
        kinds=_subset(given, "kinds", KINDS),  # type: ignore[arg-type]
        asof=_day(given),
        layout=_choice(given, "layout", ("map", "rings"), "map"),  # type: ignore[arg-type]
        view=_choice(given, "view", ("graph", "table"), "graph"),  # type: ignore[arg-type]
        lang=_choice(given, "lang", ("en", "fr"), "") or None,  # type: ignore[arg-type]
        sel=_selection(given),
        pin=_pins(given),
    )
    return state.but(with_=tuple(one for one in state.with_ if one not in state.focus))


def _choice(given: dict[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = given.get(name, "")
    if not value:
        return default
    if value not in allowed:
        raise StateError(name, value, f"one of {', '.join(allowed)}")
    return value


def _list(given: dict[str, str], name: str) -> list[str]:
    value = given.get(name, "")
    parts = list(dict.fromkeys(part for part in value.split(",") if part))
    if len(parts) > MOST_IDS:
        raise StateError(name, value, f"at most {MOST_IDS} ids; this has {len(parts)}")
    return parts


def _local(name: str, value: str) -> str:
    if not LOCAL_ID.fullmatch(value):
        raise StateError(name, value, "ids are lower-case letters, digits and hyphens, joined by ','")
    return value


def _ids(given: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(sorted(_local(name, part) for part in _list(given, name)))


def _focus(given: dict[str, str], show: str) -> tuple[str, ...]:
    found = tuple(_local("focus", part) for part in _list(given, "focus"))
    value = given.get("focus", "")
    if show == "whole":
        if found:
            raise StateError("focus", value, "the whole network has no focus; leave it out")
        return ()
    found = found or ((HOME,) if show == "around" else ())
    if show == "path" and len(found) != 2:
        raise StateError("focus", value, "a path needs two ids, from and to, joined by ','")
    if show == "compare" and not 2 <= len(found) <= 3:
        raise StateError("focus", value, "a comparison needs two or three ids joined by ','")
    return found


def _subset(given: dict[str, str], name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    parts = _list(given, name)
    for part in parts:
        if part not in allowed:
            raise StateError(name, part, f"one or more of {', '.join(allowed)}")
    found = tuple(one for one in allowed if one in parts)
    return () if found == allowed else found


def _open(given: dict[str, str]) -> tuple[str, ...]:
    parts = _list(given, "open")
    for part in parts:
        local, *rest = part.split(":")
        _local("open", local)
        if len(rest) > 2 or (rest and rest[0] not in FAMILIES) or (len(rest) == 2 and rest[1] not in KINDS):
            raise StateError("open", part, f"id, id:family or id:family:kind; families are {', '.join(FAMILIES)}")
    return tuple(sorted(parts))


def _day(given: dict[str, str]) -> date | None:
    value = given.get("asof", "")
    if not value:
        return None
    try:
        found = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or not FIRST_DAY <= found <= date(2999, 12, 31):
        raise StateError("asof", value, "a day YYYY-MM-DD, 1900 or later")
    return found


def _selection(given: dict[str, str]) -> str:
    value = given.get("sel", "")
    if value and (len(value) > 300 or not _SELECTION.fullmatch(value)):
        raise StateError("sel", value, "a node or a statement, such as greta or relation/greta/monitors/fra")
    return value


def _pins(given: dict[str, str]) -> tuple[Pin, ...]:
    pins: dict[str, Pin] = {}
    for part in _list(given, "pin"):
        match = _PIN.fullmatch(part)
        if match is None:
            raise StateError("pin", part, "id@x:y with whole pixels, joined by ','")
        pins[match[1]] = Pin(_local("pin", match[1]), int(match[2]), int(match[3]))
    return tuple(pins[name] for name in sorted(pins))
