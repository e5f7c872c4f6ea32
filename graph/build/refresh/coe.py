"""Council of Europe Treaty Office: the charts of signatures and ratifications of CETS 197, 201 and 210.

The public page (`/en/web/conventions/full-list?module=signatures-by-treaty&treatynum=197`) is filled in the browser
from `conventions-ws.coe.int/WS_LFRConventions/api/signatures?NumSte=197&langue=ENG`, with a key that the page itself
carries for everyone. Both are read: the service's JSON, three lists (members, other states, organisations) of
`LibPaysOrga`, `DateSignature`, `DateConsentement`, `DateEntreeVigueur`, `DateDenonciation`; and the table of a page
that a browser has filled and saved.

The chart does not tell ratification from acceptance and approval. The kind that the tables already have is kept; else
it is a ratification after a signature and an accession without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from graph.build.refresh import dates, markup, matching
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.reading import Reading, Stated
from graph.build.refresh.treaties import act_of
from graph.build.tables import Tables

CONVENTIONS: Final = ("197", "201", "210")

_PAGE: Final = "https://www.coe.int/en/web/conventions/full-list?module=signatures-by-treaty&treatynum={number}"
_SERVICE: Final = "https://conventions-ws.coe.int/WS_LFRConventions/api/signatures?NumSte={number}&langue=ENG"
_KEY: Final = re.compile(r"window\.conventions_api_key\s*=\s*'([A-Za-z0-9]+)'")

_CONSENT: Final = ("ratification", "acceptance", "approval", "accession", "definitive-signature")
_COLUMNS: Final = ("signature", "consent", "entry-into-force", "denunciation")
#: JSON name -> what it is of.
_FIELDS: Final = {
    "DateSignature": "signature",
    "DateConsentement": "consent",
    "DateEntreeVigueur": "entry-into-force",
    "DateDenonciation": "denunciation",
}
_HEADER: Final = ("Signature", "Ratification", "Entry into Force")
_GROUPS: Final = ("members of council of europe", "non-members of council of europe", "international organisations")


class Coe(Connector):
    """Treaty actions of three conventions of the Council of Europe."""

    name = "coe"
    title = "Council of Europe Treaty Office: signatures and ratifications of CETS 197, 201 and 210"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """The public page for its key, then the three charts."""
        page = get(_PAGE.format(number=CONVENTIONS[0]), {})
        found = _KEY.search(markup.decode(page, "coe"))
        if not found:
            raise LayoutError("coe", "window.conventions_api_key in the page", "no such line")
        return [get(_SERVICE.format(number=number), {"token": found.group(1)}) for number in CONVENTIONS]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each convention."""
        names = matching.participants(tables)
        return [_reading(answer, tables, names) for answer in answers]


def _reading(answer: Answer, tables: Tables, names: matching.Names) -> Reading:
    number = _number(answer.url)
    if number not in CONVENTIONS:
        raise LayoutError(answer.url, f"the chart of CETS {', '.join(CONVENTIONS)}", number or "another page")
    treaty, where = f"cets-{number}", f"coe {number}"
    kinds = _kinds(treaty, tables)
    read = _table if answer.body.lstrip()[:1] == b"<" else _service
    stated = [one for name, days in read(answer, number, where) for one in _acts(treaty, names.find(name), days, kinds)]
    source = source_row(
        f"coe-cets-{number}-{answer.day}",
        f"Chart of signatures and ratifications of Treaty {number}",
        "Council of Europe Treaty Office",
        answer,
        kind="depositary",
        published=answer.day,
        url=_PAGE.format(number=number),
    )
    return Reading(
        source,
        lambda row: _number(row["url"]) == number and row["kind"] == "depositary",
        lambda row: row.family == "treaty-actions" and row["treaty"] == treaty,
        tuple(stated),
    )


def _number(url: str) -> str:
    """The number of a treaty in the address of its chart; empty for any other page."""
    parts = urlsplit(url)
    asked = {name.casefold(): values[0] for name, values in parse_qs(parts.query).items()}
    if parts.hostname == "conventions-ws.coe.int":
        return asked.get("numste", "")
    if parts.hostname in ("www.coe.int", "coe.int") and asked.get("module") == "signatures-by-treaty":
        return asked.get("treatynum", "")
    return ""


def _kinds(treaty: str, tables: Tables) -> dict[str, str]:
    """How each participant consented, as the tables have it; the first in the order of :data:`_CONSENT`."""
    found: dict[str, str] = {}
    for kind in reversed(_CONSENT):
        for row in tables["treaty-actions"]:
            if row["treaty"] == treaty and row["action"] == kind:
                found[row["participant"]] = kind
    return found


def _acts(treaty: str, match: matching.Match, days: dict[str, str], kinds: dict[str, str]) -> Iterator[Stated]:
    for column in _COLUMNS:
        if not days.get(column):
            continue
        if column != "consent":
            yield act_of(treaty, match, column, days[column])
            continue
        usual = "ratification" if days.get("signature") else "accession"
        kind = kinds.get(match.id, usual)
        note = "" if match.id in kinds else f"the chart does not name the kind of consent; {kind} is the usual one"
        yield act_of(treaty, match, kind, days[column], note)


def _service(answer: Answer, number: str, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    lists = markup.data(answer, where)
    if not isinstance(lists, list) or len(lists) != 3 or not all(isinstance(one, list) for one in lists):
        raise LayoutError(where, "three lists: members, other states, organisations", str(lists)[:80])
    if not lists[0]:
        raise LayoutError(where, "member states", "an empty list")
    seen: set[str] = set()
    for row in (row for one in lists for row in one):
        name = markup.field(row, "LibPaysOrga", str, where)
        if markup.field(row, "NumSTE", str, f"{where}, {name}") != number:
            raise LayoutError(f"{where}, {name}", f"NumSTE {number}", str(row["NumSTE"]))
        if not name or name in seen:
            raise LayoutError(where, "each participant once", repr(name))
        seen.add(name)
        days = {}
        for column, what in _FIELDS.items():
            # A service that leaves out a name that is always there has changed; DateDenonciation alone is not always.
            value = row.get(column) if column == "DateDenonciation" else _required(row, column, f"{where}, {name}")
            if value is not None:
                days[what] = dates.day(_text(value, where), f"{where}, {name} [{column}]")
        yield name, days


def _required(row: Any, column: str, where: str) -> Any:
    return markup.field(row, column, (str, type(None)), where)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise LayoutError(where, "a date", repr(value))
    return value


def _table(answer: Answer, number: str, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    root = markup.page(answer, where)
    if not re.search(rf"\b(?:Treaty|CETS No\.?) ?{number}\b", " ".join(root.text_content().split())):
        raise LayoutError(where, f"“Treaty {number}” in the page", "no such words")
    rows = _chart(root, where)
    labels = [label.casefold() for label in rows[0]]
    at = {what: labels.index(label.casefold()) for what, label in zip(_COLUMNS, _HEADER, strict=False)}
    if "denunciation" in labels:
        at["denunciation"] = labels.index("denunciation")
    for row in rows[1:]:
        days = {}
        for what, column in at.items():
            if row[column]:
                found = re.fullmatch(r"(\d{2}/\d{2}/\d{4})(?: (a|s|su|r))?", row[column])
                if not found:
                    raise LayoutError(f"{where}, {row[0]}", "a day like 16/05/2005", repr(row[column]))
                days[what] = dates.day(found.group(1), f"{where}, {row[0]}")
        yield row[0], days


def _chart(root: Any, where: str) -> list[list[str]]:
    """The rows of the chart without those that only name a group or count."""
    rows = markup.table(root, where, header=("", *_HEADER), groups=True)
    kept = [row for row in rows[1:] if len(row) == len(rows[0])]
    for row in rows[1:]:
        if len(row) != len(rows[0]) and not row[0].casefold().startswith((*_GROUPS, "total number")):
            raise LayoutError(where, f"{len(rows[0])} cells, or the name of a group", " | ".join(row))
    if not kept:
        raise LayoutError(where, "rows below the header", "none")
    return [rows[0], *kept]
