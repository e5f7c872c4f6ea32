"""United Nations Treaty Collection: the status tables of chapters IV, VII and XVIII, as HTML page or as XML.

The page of a treaty (`/Pages/ViewDetails.aspx?…mtdsg_no=XVIII-12-a…`) prints `STATUS AS AT : DD-MM-YYYY`, the number of
parties, and a table whose id ends in `tblgrid`. The XML of the same treaty
(`/doc/Publication/MTDSG/Volume II/Chapter XVIII/XVIII-12-a.en.xml`) holds the table as
`Treaty/Participants/Table/TGroup` and prints no day: the day of fetching stands for it. Which treaties are asked for
follows from the references `UNTC …` of the table of instruments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from graph.build.refresh import dates, markup, matching
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.reading import Reading, Stated
from graph.build.refresh.treaties import UNBOUND, status_rows
from graph.build.tables import Row, Tables

CHAPTERS: Final = {"IV": 4, "VII": 7, "XVIII": 18}

_GRIDS: Final = (
    "ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_tblgrid",
    "ctl00_ContentPlaceHolder1_tblgrid",
)
_HOST: Final = "treaties.un.org"
_STATUS: Final = re.compile(r"STATUS AS AT ?:? ?(\d{2}-\d{2}-\d{4})")
_PARTIES: Final = re.compile(r"Parties ?:? ?(\d+)")
#: The XML writes its notes as escaped elements within the text.
_NOTE: Final = re.compile(r"<superscript>.*?</superscript>")


class Untc(Connector):
    """Treaty actions of the treaties that the Secretary-General of the United Nations keeps."""

    name = "untc"
    title = "United Nations Treaty Collection: status of treaties, chapters IV, VII and XVIII"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """The page of every treaty of those chapters that the tables know."""
        return [get(_address(number), {}) for number in sorted(_treaties(tables))]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each treaty."""
        names = matching.participants(tables)
        return [self._read(answer, tables, names) for answer in answers]

    def _read(self, answer: Answer, tables: Tables, names: matching.Names) -> Reading:
        number = _number(answer.url)
        known = _treaties(tables)
        if number not in known:
            raise LayoutError(answer.url, f"a treaty of the tables: {', '.join(sorted(known))}", number or "no number")
        treaty = known[number]
        where = f"untc {number}"
        rows, status, parties, title = (_xml if _is_xml(answer) else _html)(answer, where)
        if matching.folded(treaty["name_en"]) not in matching.folded(title):
            raise LayoutError(where, f"the page of “{treaty['name_en']}”", f"“{title[:200]}”")
        stated = status_rows(treaty["id"], rows, names, where)
        _complete(stated, parties, where)
        source = source_row(
            f"untc-{number.lower()}-{status or answer.day}",
            f"Status of treaties: {treaty['name_en']}",
            "United Nations Treaty Collection",
            answer,
            kind="depositary",
            published=status,
        )
        return Reading(
            source,
            lambda row: _number(row["url"]) == number and row["kind"] == "depositary",
            lambda row: row.family == "treaty-actions" and row["treaty"] == treaty["id"],
            tuple(stated),
        )


def _treaties(tables: Tables) -> dict[str, Row]:
    """The treaties of our chapters by their number: `XVIII-12-a`."""
    found = {}
    for row in tables["instruments"]:
        number = row["reference"].removeprefix("UNTC ")
        if row["reference"].startswith("UNTC ") and number.split("-")[0] in CHAPTERS:
            found[number] = row
    return found


def _address(number: str) -> str:
    chapter = CHAPTERS[number.split("-")[0]]
    return f"https://{_HOST}/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no={number}&chapter={chapter}&clang=_en"


def _number(url: str) -> str:
    """The number of a treaty in the address of its page or its XML; empty for any other page."""
    parts = urlsplit(url)
    if parts.hostname != _HOST:
        return ""
    asked = parse_qs(parts.query)
    if "mtdsg_no" in asked and parts.path.lower().endswith(("viewdetails.aspx", "showmtdsgdetails.aspx")):
        return asked["mtdsg_no"][0]
    found = re.search(r"/([IVX]+-\d+(?:-[a-z])?)\.(?:en|fr)\.xml$", unquote(parts.path), re.IGNORECASE)
    if not found:
        return ""
    chapter, _, rest = found.group(1).partition("-")
    return f"{chapter.upper()}-{rest.lower()}"


def _is_xml(answer: Answer) -> bool:
    return urlsplit(answer.url).path.lower().endswith(".xml")


def _html(answer: Answer, where: str) -> tuple[list[list[str]], str, int, str]:
    root = markup.page(answer, where)
    text = " ".join(root.text_content().split())
    status, parties = _STATUS.search(text), _PARTIES.search(text)
    if not status:
        raise LayoutError(where, "“STATUS AS AT : DD-MM-YYYY”", f"“{text[:120]}”")
    if not parties:
        raise LayoutError(where, "“Parties : ” and their number", f"“{text[:120]}”")
    rows = markup.table(root, where, ids=_GRIDS, header=("Participant",))
    return rows, dates.day(status.group(1), where), int(parties.group(1)), text


def _xml(answer: Answer, where: str) -> tuple[list[list[str]], str, int, str]:
    root = markup.xml(answer, where)
    title = _one(root, ".//ExternalData/Titlesect", where)
    parties = markup.words(_one(root, ".//ExternalData/Status/Parties", where), where)
    if not parties.isdigit():
        raise LayoutError(where, "a number in <Parties>", repr(parties))
    group = _one(root, "./Treaty/Participants/Table/TGroup", where)
    head = _one(group, "./Thead/Row", where)
    body = _one(group, "./Tbody/Rows", where)
    rows = [[_entry(entry, where) for entry in row.findall("./Entry")] for row in [head, *body.findall("./Row")]]
    if rows[0][:1] != ["Participant"]:
        raise LayoutError(where, "the column Participant first", ", ".join(rows[0]) or "no column")
    for row in rows:
        if len(row) != len(rows[0]):
            raise LayoutError(where, f"{len(rows[0])} entries in a row", f"{len(row)}: {' | '.join(row)}")
    return rows, "", int(parties), " ".join((title.text or "").split())


def _one(root: Any, path: str, where: str) -> Any:
    found = root.findall(path)
    if len(found) != 1:
        below = ", ".join(sorted({str(child.tag) for child in root})) or "nothing"
        raise LayoutError(where, f"one element {path} in <{root.tag}>", f"{len(found)}; it holds {below}")
    return found[0]


def _entry(entry: Any, where: str) -> str:
    if len(entry):
        raise LayoutError(where, "text alone in <Entry>", f"<{entry[0].tag}>")
    return markup.plain(" ".join(_NOTE.sub("", entry.text or "").split()), where)


def _complete(stated: list[Stated], parties: int, where: str) -> None:
    """Raise :class:`LayoutError` when fewer participants are bound than the page itself counts."""
    bound = {one.matches["participant"].text for one in stated if one.values["action"] not in UNBOUND}
    if len(bound) < parties:
        raise LayoutError(where, f"the {parties} parties that the page counts", f"{len(bound)} in its table")
