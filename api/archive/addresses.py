"""Which addresses of the server a copy holds, and the file of each.

    /doc/fra                          doc/fra.html          fr/doc/fra.html
    /treaties/cets-197?as_of=2004     treaties/cets-197,as_of=2004.html
    /doc/fra.ttl                      doc/fra.ttl           (one for both languages)
    /explore?focus=greta              explore.html?focus=greta   (the page reads its state from its address)

Names keep to characters that file systems, archives and URLs take as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from api.language import DEFAULT, LANGUAGES, Lang
from api.linked import ENDINGS
from api.treaties import MAIN
from viz.state import State, StateError, parse

#: The page for everything that needs a server.
ELSEWHERE: Final = "/copies"
#: Addresses that lead on, and where to.
_LEADS: Final = {
    "/.well-known/void": "/data.ttl", "/graph/ontology": "/ontology", "/graph/sources": "/sources",
    "/graph/release": "/data", "/graph/inferred": "/data",
}  # fmt: skip
#: Pages whose script reads the query: one file for all of them.
_READ_BY_SCRIPT: Final = ("/explore", "/search", "/corrections")
_PLAIN: Final = re.compile(
    r"/|/(?:treaties(?:/signed-only)?|figures|stories|projects|method|quality|cases|people|evaluations|sources|data"
    r"|ontology|problems|copies|search|corrections|explore)"
    r"|/(?:treaties(?:/states)?|stories|problems|rule|source|ontology)/[A-Za-z0-9_-]+|/(?:doc|concept)/[A-Za-z0-9/_-]+"
)
#: Files: the same in every language, and those written in one.
_RDF: Final = "|".join(one for one in ENDINGS if one != "html")
_FOR_ALL: Final = re.compile(
    rf"/(?:doc|source|ontology|concept|rule|data)[A-Za-z0-9/_-]*\.(?:{_RDF})"
    r"|/data/[A-Za-z0-9_./-]+|/static/[A-Za-z0-9_./-]+|/context\.jsonld|/changes\.(?:atom|json)|/explore/whole\.json"
    r"|/explore/scene\.schema\.json"
)
_OF_A_LANGUAGE: Final = re.compile(
    r"/(?:treaties|figures|stories|projects|method|quality|cases|people|evaluations)[a-z0-9/-]*\.(?:csv|svg|png)"
)
_ABOUT_THINGS: Final = ("/doc/", "/source/", "/concept/", "/treaties/", "/rule/", "/ontology/")
_DAY: Final = ("as_of",)
#: Parameters of pages, one at a time: every combination would be more files than there are readers.
_ALONE: Final[Mapping[str, tuple[str, ...]]] = {
    "/treaties": ("as_of", "region", "members", "which", "sort"), "/treaties/signed-only": _DAY, "/people": _DAY,
    "/projects": ("place", "by"), "/evaluations": ("body",), "/sources": ("page",),
    **{f"/treaties/{one}": _DAY for one in MAIN},
}  # fmt: skip
#: Parameters that the script of a page answers from the copy's tables, together and with any value.
_LIVE: Final[Mapping[str, frozenset[str]]] = {
    "/treaties": frozenset({"as_of", "region", "members", "which", "sort"}), "/projects": frozenset({"place", "by"}),
    "/treaties/signed-only": frozenset(_DAY), "/people": frozenset(_DAY),
}  # fmt: skip
_TOGETHER: Final = ({"page"}, {"family"}, {"family", "page"})
_NAME: Final = re.compile(r"[^A-Za-z0-9=_.,/@-]")
#: A longer name is no name: some file systems end at 255 bytes.
_LONGEST: Final = 180


@dataclass(frozen=True, order=True)
class Address:
    """An address in a copy: path, canonical query without the language, language (empty: the same in all)."""

    path: str
    query: str = ""
    lang: str = ""

    @property
    def asked(self) -> str:
        """As the server is asked."""
        pairs = [self.query] if self.query else []
        if self.lang:
            pairs.append(f"lang={self.lang}")
        return quote(self.path, safe="/-_.@:,~") + (f"?{'&'.join(pairs)}" if pairs else "")

    @property
    def file(self) -> str:
        """The name of its file, from the copy's own directory."""
        path = self.path.removeprefix("/")
        if self.path == "/explore/view":
            return f"explore/view/{self.lang}/{key(parse(self.query))}.json"
        if self.path.startswith("/embed"):
            path = path + ".html"
        elif self.path == "/":
            path = "index.html"
        elif not PurePosixPath(path).suffix or _PLAIN.fullmatch(self.path):
            path += ".html"
        if self.query:
            stem, dot, ending = path.rpartition(".")
            path = f"{stem},{_NAME.sub('_', unquote(self.query).replace('/', '.').replace('&', ','))}{dot}{ending}"
        return f"{self.lang}/{path}" if self.lang not in ("", DEFAULT) else path


def key(state: State) -> str:
    """The name of a precomputed view: what is drawn, without what the browser does by itself. Twin of copy.ts."""
    drawn = state.but(
        sel="", asof=None, lang=None, view="graph", pin=(), families=(), kinds=(), hide=(), layout="map", with_=()
    )
    return _NAME.sub(".", drawn.query().replace("&", ",").replace(":", ".")) or "home"


def _by_script(path: str) -> frozenset[str]:
    if path.startswith("/treaties/"):
        return frozenset(_DAY)
    return _LIVE.get(path, frozenset())


def _readable(query: str) -> bool:
    """Whether a query is a state of the explorer: each has a view, precomputed or made in the browser."""
    try:
        parse(query, ("find",))
    except StateError:
        return False
    return True


@dataclass(frozen=True)
class Scope:
    """What a copy holds. `only` are the ids of things whose pages it holds; empty: of all."""

    only: frozenset[str] = field(default_factory=frozenset)

    def find(self, link: str, lang: Lang) -> tuple[Address, str] | None:
        """The address in the copy that a link from a page in `lang` leads to, with what stands after its file's name
        (query for a script, fragment). None for what a copy does not hold. `link` begins with a slash.
        """
        parts = urlsplit(link)
        path = _LEADS.get(parts.path, parts.path)
        if path.startswith("/id/"):
            path = "/doc/" + path.removeprefix("/id/")
        path = unquote(path)
        pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = pairs.pop("lang", "")
        wanted: str = asked if asked in LANGUAGES else lang
        after = f"#{parts.fragment}" if parts.fragment else ""
        if path in _READ_BY_SCRIPT:
            kept = "&".join(f"{name}={quote(value, safe=',:/@-')}" for name, value in pairs.items())
            if path == "/explore" and not _readable(kept):
                return None
            return Address(path, "", wanted), (f"?{kept}" if kept else "") + after
        query = "&".join(f"{name}={quote(value, safe=',:/@-')}" for name, value in sorted(pairs.items()))
        if _FOR_ALL.fullmatch(path):
            found = Address(path) if not pairs else None
        elif _OF_A_LANGUAGE.fullmatch(path):
            found = Address(path, query, wanted) if self._asked(path.rpartition(".")[0], pairs) else None
        elif path in ("/embed", "/embed/picture"):
            found = Address(path, query, wanted) if self._framed(path, pairs) else None
        elif _PLAIN.fullmatch(path) and self._asked(path, pairs):
            found = Address(path, query, wanted)
        elif _PLAIN.fullmatch(path) and set(pairs) <= _by_script(path):
            # the page that has no day and no filters counts for any in the browser
            found, after = Address(path, "", wanted), f"?{query}{after}"
        else:
            found = None
        if found is None or not self._chosen(path) or len(found.file) > _LONGEST:
            return None
        return found, after

    def view(self, query: str, lang: Lang) -> Address | None:
        """The precomputed view behind a state of the explorer, None for one that a copy does not hold."""
        state = self._view(query)
        if state is None:
            return None
        return Address("/explore/view", state.query(), lang)

    def _view(self, query: str) -> State | None:
        try:
            state = parse(query, ("find",))
        except StateError:
            return None
        if state.show not in ("around", "whole") or len(state.open) > 1 or state.with_:
            return None
        if not all(self._has(one) for one in state.focus):
            return None
        drawn = State(show=state.show, focus=state.focus, open=state.open)
        return drawn if len(key(drawn)) < _LONGEST - 40 else None

    def _framed(self, path: str, pairs: Mapping[str, str]) -> bool:
        if path == "/embed":
            return set(pairs) <= {"focus"} and self._view("&".join(f"{a}={b}" for a, b in pairs.items())) is not None
        return set(pairs) == {"of"} and "?" not in pairs["of"] and self._chosen(pairs["of"])

    def _asked(self, path: str, pairs: Mapping[str, str]) -> bool:
        if not pairs:
            return True
        if path.startswith(("/doc/", "/source/", "/concept/")):
            return set(pairs) in _TOGETHER
        if path == "/treaties" and pairs.get("sort", "name") not in ("name", "bound", *MAIN):
            return False  # a column that only the wide matrix has, which is another parameter
        # a copy of a few things has no lists of many
        return not self.only and len(pairs) == 1 and set(pairs) <= set(_ALONE.get(path, ()))

    def _has(self, local: str) -> bool:
        return not self.only or local in self.only

    def _chosen(self, path: str) -> bool:
        """Whether the things that a path names are among those chosen. Statements need both of their ends."""
        if not self.only or not path.startswith(
            ("/doc/", "/source/", "/concept/", "/treaties/", "/rule/", "/ontology/")
        ):
            return True
        if path.startswith("/source/"):
            return path.removeprefix("/source/").partition(".")[0] in self.only
        if path.startswith(("/concept/", "/rule/", "/ontology/")):
            return False
        parts = path.removeprefix("/doc/").removeprefix("/treaties/").removeprefix("states/")
        named = parts.partition(".")[0].split("/")
        if path.startswith("/treaties/") and (named[0] == "signed-only" or named[0] in self.only):
            return True
        if len(named) == 1:
            return named[0] in self.only
        if named[0] in ("action", "party"):
            return named[1] in self.only and named[2] in self.only
        return named[0] == "relation" and named[1] in self.only and named[-1] in self.only
