"""Pages, pictures and views of the server as files of a copy: links relative, forms replaced by what files can do."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Final
from urllib.parse import quote

import orjson

from api.archive.addresses import ELSEWHERE, Address, Scope
from api.language import Lang

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
_YEAR: Final = re.compile(r'<a data-year="\d+" href="([^"]*)"[^>]*>\d+</a>\s*')
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
    found: set[Address] = field(default_factory=set)

    def page(self, text: str) -> str:
        """A page: its forms, its links, the addresses that it writes out; the root element says that it is a copy."""
        text = _FILTERS.sub(self._facets, text)
        text = _DAY_FIELD.sub(r"<span>\1</span>", text)
        text = _YEAR.sub(lambda match: match[0] if self._holds(unescape(match[1])) else "", text)
        if 'class="asof-form"' in text and "data-year" not in text:
            text = re.sub(r'<form class="asof-form".*?</form>', "", text, flags=re.DOTALL)
        # browsers ask every host for a picture of its own, which a copy's host may not have
        text = text.replace("</head>", '<link rel="icon" href="data:,">\n</head>', 1)
        root = posixpath.relpath(".", posixpath.dirname(self.here.file) or ".")
        return _HTML.sub(f'<html data-copy="{root}/" ', self.links(text), count=1)

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
        link = unescape(unescape(match[1])) or "/"
        found = self.scope.find(link, self.lang)
        if found is None:
            return (self.server or self.public) + match[1]
        address, after = found
        self._need(address, after)
        return self.public + "/" + escape(quote(address.file, safe="/,=@:._-~") + after)

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
