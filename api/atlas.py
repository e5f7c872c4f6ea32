"""What the pages around the graph share: treaties, figures and stories of one release, the day asked about, the words.

Each table is read from the store when the first page needs it and kept for as long as the server runs: a release never
changes.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from threading import RLock
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from api import language, rendering
from api.deps import base_url
from api.errors import BadRequest
from api.language import Lang, Words
from api.site import Site, SiteDep
from graph.dates import PartialDate
from graph.read import dates, series, treaties
from graph.read.series import Figures
from graph.read.treaties import Commitments
from viz import words as names
from viz.charts.drawing import Drawing
from viz.cite import Citation

T = TypeVar("T")

#: Widths of a chart in pixels: beside text on a screen, and on a phone. The style sheet shows the one that fits.
WIDE: Final = 760.0
NARROW: Final = 340.0

_DAY: Final = re.compile(r"(\d{4})(?:-(\d{2})-(\d{2}))?")
FIRST_YEAR: Final = 1904


@cache
def interface(lang: Lang) -> Words:
    """The words of these pages in a language."""
    text = files("api").joinpath("words", f"atlas.{lang}.toml").read_text("utf-8")
    return Words(lang, tomllib.loads(text))


class Atlas:
    """The tables of one release, read when first asked for; shared by threads."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._lock = RLock()
        self._kept: dict[tuple[str, str], object] = {}

    def kept(self, name: str, lang: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a name and language."""
        with self._lock:
            if (name, lang) not in self._kept:
                self._kept[name, lang] = make()
            return self._kept[name, lang]  # type: ignore[return-value]  # one name always holds one type

    def commitments(self, lang: Lang) -> Commitments:
        """States and treaties. Raises :class:`graph.read.store.StoreError`."""
        return self.kept("treaties", lang, lambda: treaties.read(self.site.store, lang))

    def figures(self, lang: Lang) -> Figures:
        """Figures. Raises :class:`graph.read.store.StoreError`."""
        return self.kept("figures", lang, lambda: series.read(self.site.store, lang))


@dataclass(frozen=True)
class Reader:
    """One request: who reads in which language, about which day, from where. `dated` is whether a day was asked for."""

    request: Request
    atlas: Atlas
    lang: Lang
    say: Words
    today: date
    on: date
    dated: bool
    base: str

    @property
    def site(self) -> Site:
        """The release as pages see it."""
        return self.atlas.site

    def day(self, value: date) -> str:
        """A day in words."""
        return names.day(value, self.lang)

    def written(self, value: PartialDate | None) -> str:
        """A partial date in words; None is written out as not known."""
        return dates.written(value, self.lang)

    def stated(self, text: str) -> str:
        """A partial date as a source prints it (`2019-05`), in words."""
        return self.written(PartialDate.parse(text))

    def moment(self, value: PartialDate | None) -> str:
        """When something happened: `on 29 October 2002`; a day that is not known is written out."""
        return dates.moment(value, self.lang) if value else dates.UNKNOWN[self.lang]

    def span(self, start: PartialDate | None, end: PartialDate | None) -> str:
        """From when to when, in words."""
        return dates.span(start, end, self.lang)

    def number(self, value: int) -> str:
        """A number with the language's own grouping."""
        return names.number(value, self.lang)

    def doc(self, local: str) -> str:
        """The address of the page of something below `id/`."""
        return f"/doc/{local}"

    def go(self, path: str = "", **changes: str | None) -> str:
        """An address with this page's own parameters, changed; None takes one away."""
        pairs = {name: value for name, value in self.request.query_params.items() if name != "lang"}
        pairs.update({name: value for name, value in changes.items() if value})
        for name, value in changes.items():
            if not value:
                pairs.pop(name, None)
        query = urlencode(pairs)
        return (path or self.request.url.path) + (f"?{query}" if query else "")

    @property
    def permalink(self) -> str:
        """The address of exactly this page, its day and language written out."""
        pairs = dict(self.request.query_params.items())
        pairs["lang"] = self.lang
        if self.dated or "as_of" in pairs:
            pairs["as_of"] = self.on.isoformat()
        return f"{self.base}{self.request.url.path}?{urlencode(sorted(pairs.items()))}"

    @property
    def cited(self) -> list[tuple[str, str]]:
        """The citation's formats for reference managers, with their addresses."""
        return rendering.citations(self.permalink.removeprefix(self.base), self.lang)

    def citation(self, title: str) -> Citation:
        """How this page is cited."""
        return Citation(title, self.permalink, self.site.manifest.release, self.today, self.lang)

    def frame(self, picture: str, title: str) -> str:
        """The code that frames a chart elsewhere, its day and language written out. `picture` is its SVG's address."""
        path, _, query = picture.partition("?")
        pairs = dict(parse_qsl(query)) | ({"as_of": self.on.isoformat()} if self.dated else {})
        of = path + (f"?{urlencode(sorted(pairs.items()))}" if pairs else "")
        source = f"{self.base}/embed/picture?{urlencode({'lang': self.lang, 'of': of})}"
        return rendering.frame(source, title)

    def framed(self, title: str) -> str:
        """The code that frames this page elsewhere, its day and language written out."""
        return rendering.framed(self.base, self.permalink.removeprefix(self.base), title, self.lang)

    def source_line(self) -> str:
        """The line below a picture: where it is from."""
        return self.say("source-line", release=self.site.manifest.release, day=self.day(self.today))

    def page(self, template: str, **context: Any) -> Response:
        """The answer with a page. `context` has at least `title`."""
        filled = {
            "say": self.say,
            "reader": self,
            "chart": figure,
            "markup": Markup,
            "cite": self.citation(str(context["title"])).text(),
        }
        return rendering.answer(self.request, rendering.page(self.request, f"atlas/{template}", **filled, **context))

    def picture(self, drawing: Drawing) -> Response:
        """The answer with a drawing as a file of its own."""
        return Response(
            drawing.picture(self.source_line()).replace('href="/', f'href="{self.base}/'),
            media_type="image/svg+xml",
            headers={"Cache-Control": "no-cache", "Vary": rendering.VARY},
        )

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
        """The answer with a CSV file: UTF-8, one header row, empty where not known."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([[cell(one) for one in row] for row in rows])
        headers = {"Content-Disposition": f'inline; filename="{name}.csv"', "Vary": rendering.VARY}
        return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def cell(value: object) -> str:
    """A cell of a table: empty where not known, never what a spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "@") else text


def figure(wide: Drawing, narrow: Drawing | None, prefix: str) -> Markup:
    """A chart for a page. The drawings escape every text from data themselves."""
    if narrow is None:
        return Markup(wide.svg(prefix))
    return Markup(
        f'<div class="for-wide">{wide.svg(prefix)}</div><div class="for-narrow">{narrow.svg(prefix + "-narrow")}</div>'
    )


def as_of(request: Request, today: date) -> tuple[date, bool]:
    """The day that is asked about, and whether one was: `2004-12-31`, or `2004` for the end of that year.

    Raises :class:`BadRequest` for anything else and for days before the first treaty.
    """
    text = request.query_params.get("as_of", "")
    if not text:
        return today, False
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else 0 for part in match.groups())
        found = date(year, month, day) if month else date(year, 12, 31)
        if found.year < FIRST_YEAR or found.year > today.year + 100:
            raise ValueError
    except ValueError:
        raise BadRequest(
            f"as_of={text!r}: a day such as 2004-12-31, or a year such as 2004 for its last day, from {FIRST_YEAR} on."
        ) from None
    return found, True


def choice(request: Request, name: str, allowed: Iterable[str], default: str = "") -> str:
    """A parameter that must be one of a list. Raises :class:`BadRequest`."""
    value = request.query_params.get(name, "") or default
    known = list(allowed)
    if value and value not in known:
        raise BadRequest(f"{name}={value!r}: allowed are {', '.join(known)}.")
    return value


def atlas(request: Request, site: SiteDep) -> Atlas:
    """The tables of the application's release."""
    state = request.app.state
    if not hasattr(state, "atlas"):
        state.atlas = Atlas(site)
    found: Atlas = state.atlas
    return found


def reader(request: Request, atlas: Annotated[Atlas, Depends(atlas)]) -> Reader:
    """What a page needs to know of a request. Raises :class:`BadRequest`."""
    lang = language.of(request)
    today: date = getattr(request.app.state, "today", None) or date.today()
    on, dated = as_of(request, today)
    return Reader(request, atlas, lang, interface(lang), today, on, dated, base_url(request))


ReaderDep = Annotated[Reader, Depends(reader)]
