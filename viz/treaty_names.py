"""Short names of treaties in two languages, from `treaties.toml`, and of which ones only some acts were gathered."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class TreatyName:
    """`short` for a column, `inside` for a sentence, each by language; `partial`: an empty cell says nothing."""

    short: dict[str, str]
    inside: dict[str, str]
    partial: bool


@cache
def treaty_names() -> dict[str, TreatyName]:
    """Every treaty of the file by id. Raises KeyError for an entry without one of its four names."""
    raw = tomllib.loads(files("viz").joinpath("treaties.toml").read_text("utf-8"))
    return {
        name: TreatyName(
            {lang: entry[lang] for lang in ("en", "fr")},
            {lang: entry[f"in_{lang}"] for lang in ("en", "fr")},
            bool(entry.get("partial", False)),
        )
        for name, entry in raw.items()
    }
