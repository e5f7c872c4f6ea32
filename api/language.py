"""English and French: which one a reader gets, and the words of the interface in it.

`?lang=` wins and is remembered in a cookie; then the cookie; then Accept-Language; then English. The words stand in
`words/en.toml` and `words/fr.toml`, one file per language with the same keys (a test compares); templates name a key
and never hold a sentence of their own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast, get_args

from babel.numbers import format_decimal
from starlette.requests import Request

from api.errors import BadRequest

Lang = Literal["en", "fr"]
LANGUAGES: Final[tuple[Lang, ...]] = get_args(Lang)
DEFAULT: Final[Lang] = "en"

COOKIE: Final = "lang"
#: A year: a reader who chose a language does not want to choose it again (seconds).
MAX_AGE: Final = 31_536_000

_RANGE: Final = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")


class Words:
    """The words of one language. `words("entity.more", n=3)` is the sentence of that key with its values put in.

    A key with `one` and `many` is chosen by `n`; French counts nought in the singular, as it should.
    """

    def __init__(self, lang: Lang, table: Mapping[str, Any]) -> None:
        self.lang: Lang = lang
        self._table = dict(_flat(table))

    def __call__(self, key: str, /, **values: object) -> str:
        """Raises :class:`KeyError` for an unknown key."""
        if key not in self._table and "n" in values:
            count = cast(int, values["n"])
            single = count < 2 if self.lang == "fr" else count == 1
            key = f"{key}.{'one' if single else 'many'}"
        shown = {name: self.number(one) if isinstance(one, int) else one for name, one in values.items()}
        return self._table[key].format_map(shown)

    def __contains__(self, key: object) -> bool:
        return key in self._table

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._table)

    def template(self, key: str) -> str:
        """The sentence of a key as it is written, with its gaps. Raises :class:`KeyError`."""
        return self._table[key]

    def number(self, value: int) -> str:
        """A number with the language's own grouping of thousands."""
        return str(format_decimal(value, locale=self.lang))


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{name}.")
        else:
            found.append((prefix + name, str(value)))
    return found


@cache
def words(lang: Lang) -> Words:
    """The words of a language, read once."""
    text = files("api").joinpath("words", f"{lang}.toml").read_text("utf-8")
    return Words(lang, tomllib.loads(text))


def of(request: Request) -> Lang:
    """The reader's language. Raises :class:`BadRequest` for a `lang` that there is not."""
    asked = request.query_params.get("lang")
    if asked is not None:
        if asked in LANGUAGES:
            return asked
        raise BadRequest(f"lang={asked!r}: pages are in {' and '.join(LANGUAGES)}.")
    remembered = request.cookies.get(COOKIE)
    if remembered in LANGUAGES:
        return remembered
    return accepted(request.headers.get("accept-language"))


def accepted(header: str | None) -> Lang:
    """The language of highest quality in an Accept-Language header, English where it names neither."""
    best: tuple[float, Lang] = (0.0, DEFAULT)
    for part in (header or "").split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        quality = float(match[2]) if match[2] else 1.0
        name = DEFAULT if match[1] == "*" else match[1].lower()
        if name in LANGUAGES and quality > best[0]:
            best = quality, name
    return best[1]
