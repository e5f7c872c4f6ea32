"""Pages, pictures and views of the server as files of a copy: links relative, forms replaced by what files can do."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from html import escape, unescape
from typing import Final
from urllib.parse import parse_qs, quote

import orjson

from api.archive.addresses import ELSEWHERE, Address, Scope
from api.language import Lang
from viz.cite import Citation

#: The server's own name while a copy is made; no page keeps it.
BASE: Final = "http://palermo.invalid"

_LINK: Final = re.compile(r'(?<=\s)(href|src|action)="([^"]*)"')
_NAMED: Final = re.compile(re.escape(BASE) + r"((?:/(?:[^\s\"'<>&]|&amp;(?:amp;)?)*(?<![.,;]))?)")
_FILTERS: Final = re.compile(r'<form class="filters".*?</form>', re.DOTALL)
_FIELD: Final = re.compile(
    r'<label for="[^"]*">(.*?)</label>\s*<select id="[^"]*" name="([^"]*)">(.*?)</select>', re.DOTALL
)
_OPTION: Final = re.compile(r'<option value="([^"]*)"( selected)?>(.*?)</option>', re.DOTALL)
_DAY_FIELD: Final = re.compile(r'<label for="as-of">(.*?)</label>\s*<input id="as-of".*?</button>', re.DOTALL)
_ASOF: Final = re.compile(r'<form class="asof-form".*?</form>', re.DOTALL)
_TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_CITE: Final = re.compile(r'href="/cite\.(\w+)\?([^"]*)"')
_TYPES: Final = {
    "bib": "application/x-bibtex", "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json", "txt": "text/plain",
}  # fmt: skip
_YEAR: Final = re.compile(r'<a data-year="\d+" href="([^"]*)"[^>]*>\d+</a>\s*')
#: What stands in a data address as it is.
_DATA: Final = "/:;,=@{}[]()!*'~-._ ".replace(" ", "").replace("'", "")
_HIDDEN: Final = re.compile(r'<input type="hidden"[^>]*>')
_HTML: Final = re.compile(r"<html ")


@dataclass
class Rewriter:
    """Rewrites one file at `here`. What it meets is in `found`: addresses that the copy needs too."""

    scope: Scope
    here: Address
    lang: Lang
    public: str
    server: str
    release: str
    today: date
    found: set[Address] = field(default_factory=set)

    def page(self, text: str) -> str:
        """A page: its forms, its links, the addresses that it writes out; the root element says that it is a copy."""
        live = 'data-live="' in text
        text = _FILTERS.sub(lambda match: self._facets(match) + (_kept(match[0]) if live else ""), text)
        text = _DAY_FIELD.sub(lambda match: self._day(match, live), text)
        text = _YEAR.sub(lambda match: match[0] if self._holds(unescape(match[1])) else "", text)
        if 'class="asof-form"' in text and "data-year" not in text:
            text = _ASOF.sub(lambda match: _kept(_plain(match[0])) if live else "", text)
        text = self._cited(text)
        # browsers ask every host for a picture of its own, which a copy's host may not have
        text = text.replace("</head>", '<link rel="icon" href="data:,">\n</head>', 1)
        root = posixpath.relpath(".", posixpath.dirname(self.here.file) or ".")
        about = f' data-only="{" ".join(sorted(self.scope.only))}"' if self.scope.only else ""
        return _HTML.sub(
            f'<html data-copy="{root}/" data-today="{self.today.isoformat()}"{about} ', self.links(text), 1
        )

    def links(self, text: str) -> str:
        """Every link and every address that is written out."""
        text = _LINK.sub(lambda match: f'{match[1]}="{escape(self._link(unescape(match[2])))}"', text)
        return _NAMED.sub(self._written, text)

    def view(self, body: bytes) -> bytes:
        """The JSON of a view: its parts are put into the explorer's page, which stands beside the site's first page."""
        answer = orjson.loads(body)
        answer["parts"] = {name: self.links(part) for name, part in answer["parts"].items()}
        return orjson.dumps(answer)

    def plain(self, text: str) -> str:
        """A text with addresses in it, such as a feed."""
        return _NAMED.sub(self._written, text)

    def _holds(self, link: str) -> bool:
        return self.scope.find(link, self.lang) is not None

    def _link(self, link: str) -> str:
        if link.startswith(BASE):
            link = link.removeprefix(BASE) or "/"
        if not link.startswith("/") or link.startswith("//"):
            return link
        found = self.scope.find(link, self.lang)
        if found is None:
            if self.server:
                return self.server + link
            found = Address(ELSEWHERE, "", self.lang), ""
        address, after = found
        self._need(address, after)
        start = posixpath.dirname(f"{self._depth()}/x" if self._depth() else "x") or "."
        return quote(posixpath.relpath(address.file, start), safe="/,=@:._-~") + after

    def _depth(self) -> str:
        """The directory of the page that this file is part of."""
        if self.here.path == "/explore/view":
            return posixpath.dirname(Address("/explore", "", self.lang).file)
        return posixpath.dirname(self.here.file)

    def _need(self, address: Address, after: str) -> None:
        self.found.add(address)
        if address.path == "/explore":
            view = self.scope.view(after.partition("#")[0].removeprefix("?"), "fr" if address.lang == "fr" else "en")
            if view is not None:
                self.found.add(view)

    def _written(self, match: re.Match[str]) -> str:
        """An address in a text: where the copy will stand if that is known, else under the release's own name."""
        return escape(self._written_out(unescape(unescape(match[1])) or "/"))

    def _written_out(self, link: str) -> str:
        if link.startswith("/embed/page?"):
            # a file may be framed as it is
            asked = parse_qs(link.partition("?")[2])
            link = asked.get("of", ["/"])[0]
        found = self.scope.find(link, self.lang)
        if found is None:
            return (self.server or self.public) + link
        address, after = found
        self._need(address, after)
        return self.public + "/" + quote(address.file, safe="/,=@:._-~") + after

    def _cited(self, text: str) -> str:
        """The links to citations of the page as the citations themselves: data that the browser keeps as a file."""
        title = _TITLE.search(text)
        shown = unescape(" ".join(title[1].split())) if title else ""

        def written(match: re.Match[str]) -> str:
            asked = parse_qs(unescape(match[2]))
            address = self._written_out(asked.get("url", ["/"])[0])
            one = Citation(shown, address, self.release, self.today, self.lang)
            forms: dict[str, Callable[[], str]] = {"bib": one.bibtex, "ris": one.ris, "json": one.csl, "txt": one.text}
            body = forms[match[1]]()
            kind = _TYPES[match[1]]
            return f'href="data:{kind};charset=utf-8,{quote(body, safe=_DATA)}" download="palermo.{match[1]}"'

        return _CITE.sub(written, text)

    def _day(self, match: re.Match[str], live: bool) -> str:
        """The field of a day: in its place its words, with what comes back once a script can answer for it."""
        kept = _kept(_plain(match[0])) if live else ""
        return f'<span class="no-script">{match[1]}</span>{kept}'

    def _facets(self, match: re.Match[str]) -> str:
        """A form of filters as lists of links, one for each choice that the copy holds."""
        action = re.search(r'action="([^"]*)"', match[0])
        path = unescape(action[1]) if action else self.here.path
        lists = []
        for label, name, options in _FIELD.findall(match[0]):
            items = []
            for value, chosen, text in _OPTION.findall(options):
                link = f"{path}?{name}={quote(unescape(value))}" if value else path
                if self._holds(link):
                    current = ' aria-current="true"' if chosen else ""
                    items.append(f'<li><a href="{escape(link)}"{current}>{text}</a></li>')
            if len(items) > 1:
                lists.append(f'<details><summary>{label}</summary><ul class="chips">{"".join(items)}</ul></details>')
        return f'<div class="facets">{"".join(lists)}</div>'


def _kept(piece: str) -> str:
    """A piece of a page that a script puts back; nothing of it is shown or asked for without one."""
    return f'<template class="live">{piece}</template>'


def _plain(piece: str) -> str:
    """A form without what it was submitted with: a script says where it leads."""
    return _HIDDEN.sub("", piece)
