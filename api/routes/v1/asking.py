"""Parameters of a request, read strictly: an unknown name or a value that does not fit is a problem that says what is
allowed. Nothing is guessed and nothing passed over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final

from starlette.requests import Request

from api.errors import BadRequest
from api.language import LANGUAGES, Lang
from graph.read.index import FAMILIES, NetworkIndex, Node, UnknownNodeError

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2999, 12, 31)
#: Values that one parameter may list.
MOST: Final = 100
#: Allowed values that a message lists; of longer lists it gives the beginning.
_LISTED: Final = 60

IDENTIFIERS: Final = "a local id (fra), its IRI, an ISO 3166-1 code (FRA, FR) or a Wikidata number (Q142)"


class Asked:
    """The query parameters of a request. Raises :class:`BadRequest` for any that `allowed` does not name."""

    def __init__(self, request: Request, allowed: Collection[str]) -> None:
        self._given: dict[str, str] = {}
        for name, value in request.query_params.multi_items():
            if name not in allowed:
                raise _refused(name, value, sorted(allowed), f"{name!r} is no parameter of this address")
            if name in self._given:
                raise BadRequest(f"{name} is given twice; several values are joined by ','.", parameter=name)
            self._given[name] = value

    def __contains__(self, name: str) -> bool:
        return bool(self._given.get(name, ""))

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        """A text as given."""
        value = self._given.get(name, "").strip()
        if required and not value:
            raise BadRequest(f"{name} is missing; it is required here.", parameter=name)
        return value or default

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """One of a few values."""
        value = self.text(name, default)
        if value not in allowed:
            raise _refused(name, value, allowed)
        return value

    def several(self, name: str, allowed: Sequence[str] | None = None) -> frozenset[str]:
        """Values joined by commas; with `allowed`, only those."""
        values = [one.strip() for one in self._given.get(name, "").split(",") if one.strip()]
        if len(values) > MOST:
            raise BadRequest(f"{name} lists {len(values)} values; at most {MOST} are read.", parameter=name)
        for value in values:
            if allowed is not None and value not in allowed:
                raise _refused(name, value, allowed)
        return frozenset(values)

    def families(self) -> frozenset[str]:
        """The parameter `families`."""
        return self.several("families", FAMILIES)

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"\d{1,9}", value) or not least <= int(value) <= most:
            raise _refused(name, value, [f"a whole number from {least} to {most}"])
        return int(value)

    def flag(self, name: str) -> bool:
        """`true` or `false`, which is the default."""
        return self.choice(name, ("false", "true"), "false") == "true"

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A day, or None when it is not given."""
        value = self.text(name, required=required)
        if not value:
            return None
        try:
            found = date.fromisoformat(value) if _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or not FIRST_DAY <= found <= LAST_DAY:
            raise _refused(name, value, [f"a day YYYY-MM-DD from {FIRST_DAY} to {LAST_DAY}"])
        return found

    def lang(self, default: Lang) -> Lang:
        """The parameter `lang`."""
        return "fr" if self.choice("lang", LANGUAGES, default) == "fr" else "en"

    def node(self, name: str, index: NetworkIndex) -> Node:
        """An entity, named in any way that is known."""
        return node(name, self.text(name, required=True), index)

    def nodes(self, name: str, index: NetworkIndex, least: int, most: int) -> list[Node]:
        """Entities joined by commas."""
        given = [one.strip() for one in self._given.get(name, "").split(",") if one.strip()]
        if not least <= len(given) <= most:
            raise _refused(name, ",".join(given)[:200], [f"{least} to {most} identifiers joined by ','"])
        found = [node(name, one, index) for one in given]
        if len({one.number for one in found}) < len(found):
            raise _refused(name, ",".join(given), ["different entities"])
        return found


def node(name: str, value: str, index: NetworkIndex) -> Node:
    """The entity that a value names. Raises :class:`BadRequest`, with the parameter's name."""
    try:
        return index.find(value)
    except UnknownNodeError:
        raise _refused(name, value, [IDENTIFIERS], f"{value[:200]!r} names nothing in this release") from None


def _refused(name: str, value: str, allowed: Iterable[str], why: str = "") -> BadRequest:
    known = list(allowed)
    listed = ", ".join(known[:_LISTED]) + (", …" if len(known) > _LISTED else "")
    detail = f"{why or f'{name}={value[:200]!r} does not fit'}; allowed: {listed}."
    return BadRequest(detail, parameter=name, value=value[:200], allowed=known[:_LISTED])


def refused(name: str, value: str, allowed: Iterable[str]) -> BadRequest:
    """The problem of a value that is not allowed."""
    return _refused(name, value, allowed)
