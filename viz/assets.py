"""Where the front end's files are: from a name that stays ("main.css") to one that carries a hash of its contents.

`viz/web` is built into `viz/static`; the build's `manifest.json` joins the names. A file with a hash in its name never
changes, so it is served as immutable. The build needs Node, the rest of Palermo does not: without it every page works,
plain, and :attr:`Assets.built` is false.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

#: The address below which the server answers for DIRECTORY.
BASE: Final = "/static/"
DIRECTORY: Final = Path(__file__).with_name("static")


class AssetError(LookupError):
    """A name that the front end's build does not have; the message lists those it has."""


@dataclass(frozen=True)
class Assets:
    """The front end's files by name.

    Names: an entry's own ("main.css", "page.js"), and any font or picture by its plain file name
    ("inter-latin-400-normal.woff2").
    """

    files: dict[str, str] = field(default_factory=dict)
    _styles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _modules: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def built(self) -> bool:
        """Whether there is a front end; a page links nothing where there is none."""
        return bool(self.files)

    @classmethod
    def read(cls, directory: Path = DIRECTORY) -> Assets:
        """What the build in `directory` holds; nothing where there was no build."""
        try:
            manifest: dict[str, dict[str, Any]] = json.loads((directory / "manifest.json").read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        files: dict[str, str] = {}
        styles: dict[str, tuple[str, ...]] = {}
        modules: dict[str, tuple[str, ...]] = {}
        for key, entry in sorted(manifest.items()):
            if entry.get("isDynamicEntry") or key.startswith("_"):
                continue
            name = _name(key, entry)
            files[name] = BASE + entry["file"]
            chunks = _imported(key, manifest)
            modules[name] = tuple(BASE + manifest[chunk]["file"] for chunk in chunks)
            found = [style for chunk in [key, *chunks] for style in manifest[chunk].get("css", [])]
            styles[name] = tuple(BASE + style for style in dict.fromkeys(found))
        return cls(files, styles, modules)

    def url(self, name: str) -> str:
        """The address of one file. Raises AssetError."""
        if name not in self.files:
            raise AssetError(
                f"no front-end file {name!r}; there are {', '.join(sorted(self.files)) or 'none: run make web'}"
            )
        return self.files[name]

    def styles(self, name: str) -> tuple[str, ...]:
        """The style sheets that a script's own modules import, to be linked beside it. Raises AssetError."""
        self.url(name)
        return self._styles[name]

    def preloads(self, name: str) -> tuple[str, ...]:
        """The modules that a script imports, for `<link rel="modulepreload">`. Raises AssetError."""
        self.url(name)
        return self._modules[name]


def _name(key: str, entry: dict[str, Any]) -> str:
    """The name of an entry: of a script the name given in vite.config.ts, of anything else its file's."""
    suffix = PurePosixPath(entry["file"]).suffix
    return f"{entry['name']}{suffix}" if entry.get("isEntry") else PurePosixPath(key).name


def _imported(key: str, manifest: dict[str, dict[str, Any]]) -> list[str]:
    """Every chunk that an entry imports, directly or not, each once, in the order of first need."""
    found: dict[str, None] = {}
    waiting = list(manifest[key].get("imports", []))
    while waiting:
        chunk = waiting.pop(0)
        if chunk not in found:
            found[chunk] = None
            waiting += manifest[chunk].get("imports", [])
    return list(found)
