"""ILO NORMLEX: who ratified the conventions 29, 105, 182, 189, 190 and the protocol of 2014.

The page of an instrument (`NORMLEXPUB:11300:…P11300_INSTRUMENT_ID:312174`) prints its title, the number of
ratifications, and a table Country | Date | Status | Note. A country is a link, and a remark may follow it in its cell.
`In Force` leaves nothing to say; `Not in force` with “Denounced on …” in status or note is a denunciation, and one that
“will enter into force” is none yet. `Not in force` for another reason is a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from graph.build.refresh import dates, markup, matching
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.matching import Match
from graph.build.refresh.reading import Reading, Stated
from graph.build.refresh.treaties import act_of
from graph.build.tables import Tables

#: The ILO's number of an instrument's page -> our id.
INSTRUMENTS: Final = {
    "312174": "ilo-c029",
    "312250": "ilo-c105",
    "312327": "ilo-c182",
    "2551460": "ilo-c189",
    "3174672": "ilo-p029",
    "3999810": "ilo-c190",
}

_PAGE: Final = "https://normlex.ilo.org/dyn/nrmlx_en/f?p=NORMLEXPUB:11300:0::NO::P11300_INSTRUMENT_ID:{number}"
_HEADER: Final = ("Country", "Date", "Status", "Note")
_HOSTS: Final = ("normlex.ilo.org", "www.ilo.org", "ilo.org")
_RATIFICATIONS: Final = re.compile(r"\b(\d+) ratifications?\b")
_DENOUNCED: Final = re.compile(r"[Dd]enounced on (\d{1,2} [A-Za-z]{3,9} \d{4})")
_NOT_YET: Final = re.compile(r"[Ww]ill enter into force")
#: What may follow the name of a status; anything else is not known and so not read.
_STATUS: Final = re.compile(r"(In Force|Not in force)\b.*", re.IGNORECASE)


class Normlex(Connector):
    """Ratifications and denunciations of instruments of the International Labour Organization."""

    name = "normlex"
    title = "ILO NORMLEX: ratifications of the conventions on forced labour, child labour and domestic workers"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """The page of every instrument."""
        return [get(_PAGE.format(number=number), {}) for number in sorted(INSTRUMENTS)]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each instrument."""
        names = matching.participants(tables)
        titles = {row["id"]: row["name_en"] for row in reversed(tables["instruments"])}
        return [_reading(answer, names, titles) for answer in answers]


def _number(url: str) -> str:
    """The ILO's number in the address of an instrument's page of ratifications; empty for any other page."""
    found = re.search(r"P11300_INSTRUMENT_ID:(\d+)", unquote(url))
    return found.group(1) if found and urlsplit(url).hostname in _HOSTS else ""


def _reading(answer: Answer, names: matching.Names, titles: dict[str, str]) -> Reading:
    number = _number(answer.url)
    if number not in INSTRUMENTS:
        raise LayoutError(answer.url, f"the page of an instrument {', '.join(sorted(INSTRUMENTS))}", number or "none")
    treaty = INSTRUMENTS[number]
    where, title = f"normlex {treaty}", titles[treaty]
    root = markup.page(answer, where)
    text = " ".join(root.text_content().split())
    if matching.folded(title) not in matching.folded(text):
        raise LayoutError(where, f"the page of “{title}”", f"“{text[:120]}”")
    counted = _RATIFICATIONS.search(text)
    if not counted:
        raise LayoutError(where, "the number of ratifications", f"“{text[:120]}”")
    rows = markup.table(root, where, header=_HEADER, linked=True)
    if len(rows) - 1 < int(counted.group(1)):
        raise LayoutError(where, f"the {counted.group(1)} ratifications that the page counts", f"{len(rows) - 1} rows")
    source = source_row(
        f"normlex-{treaty.removeprefix('ilo-')}-{answer.day}",
        f"Ratifications of {title}",
        "ILO NORMLEX",
        answer,
        kind="depositary",
        published=answer.day,
    )
    return Reading(
        source,
        lambda row: _number(row["url"]) == number,
        lambda row: row.family == "treaty-actions" and row["treaty"] == treaty,
        tuple(_acts(treaty, rows[1:], names, where)),
    )


def _acts(treaty: str, rows: list[list[str]], names: matching.Names, where: str) -> Iterator[Stated]:
    seen: set[str] = set()
    for country, day, status, note in rows:
        place = f"{where}, {country or 'a row without a country'}"
        if not country or country in seen:
            raise LayoutError(place, "each country once", " | ".join((country, day, status)))
        seen.add(country)
        if not _STATUS.fullmatch(status):
            raise LayoutError(place, "the status In Force or Not in force", repr(status))
        match = names.find(country)
        yield act_of(treaty, match, "ratification", dates.day(day, place))
        if denounced := _DENOUNCED.search(f"{status} {note}"):
            yield act_of(treaty, match, "denunciation", dates.day(denounced.group(1), place))
        elif status.casefold().startswith("not") and not _NOT_YET.search(f"{status} {note}"):
            why = f"it is not in force, and the page does not say since when: {note or status}"
            near = ((match.id, match.score - 1),) if match.id else match.candidates
            yield act_of(treaty, Match(match.text, "", 0, why, near), "denunciation", "")
