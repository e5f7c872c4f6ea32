"""Every treaty of chapters IV, VII and XVIII that the tables know, as page and as XML: what they state is what stands.

The pages are made here from the tables' own rows in the layouts of the Treaty Collection, with everything that its
pages are known to have: long official names, footnotes as numbers and as `sup`, tabs within days, marks in the cell.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from html import escape
from pathlib import Path

import pytest

from graph.build.pipeline import facts_directory
from graph.build.refresh import matching, run
from graph.build.refresh.cache import Answer
from graph.build.refresh.errors import LayoutError
from graph.build.tables import Tables

FACTS = facts_directory()
VOLUMES = {"IV": ("I", 4), "VII": ("I", 7), "XVIII": ("II", 18)}
#: Acts of the last column with their marks, as headings of the Treaty Collection name them.
MARKS = {
    "ratification": ("Ratification", ""), "acceptance": ("Acceptance(A)", "A"), "approval": ("Approval(AA)", "AA"),
    "accession": ("Accession(a)", "a"), "succession": ("Succession(d)", "d"),
    "participation": ("Participation(P)", "P"), "definitive-signature": ("Definitive signature(s)", "s"),
}  # fmt: skip
SIGNED = {"signature": ("Signature", ""), "succession-to-signature": ("Succession to signature(d)", "d")}
FULL = {
    "gbr": "United Kingdom of Great Britain and Northern Ireland", "bol": "Bolivia (Plurinational State of)",
    "usa": "United States of America", "lao": "Lao People's Democratic Republic",
}  # fmt: skip


def rows(family: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted(Path(FACTS).glob(f"{family}-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found.extend(csv.DictReader(file))
    return found


TREATIES = {
    row["reference"].removeprefix("UNTC "): row
    for row in rows("instruments")
    if row["reference"].split("-")[0] in ("UNTC IV", "UNTC VII", "UNTC XVIII")
}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return run.tables_of(FACTS)


@pytest.fixture(scope="module")
def names(tables: Tables) -> dict[str, str]:
    """The name of each participant; a long official one where the connector must know it."""
    found = {row["id"]: row["name_en"] for row in [*rows("actors"), *rows("states")]}
    known = matching.participants(tables)
    return found | {one: name for one, name in FULL.items() if known.find(name).sure}


def printed(day: str, mark: str) -> str:
    """A day as the Treaty Collection prints it: `14 May<tab> 2002 a`, a space before one digit."""
    when = date.fromisoformat(day)
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[when.month - 1]
    return f"{when.day:>2} {month}\t {when.year}" + (f" {mark}" if mark else "")


def table(number: str, names: dict[str, str]) -> tuple[list[str], dict[str, list[str]], int]:
    """Headings, cells by participant and number of parties, of what the depositary's rows of a treaty say."""
    source = f"untc-{number.lower()}"
    readings = {row["id"] for row in rows("sources") if row["id"] == source or row["id"].startswith(f"{source}-20")}
    acts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows("treaty-actions"):
        if row["treaty"] == TREATIES[number]["id"] and row["source"] in readings and len(row["date"]) == 10:
            acts[row["participant"]][row["action"]] = row["date"]
    signs = [act for act in SIGNED if any(act in one for one in acts.values())]
    consents = [act for act in MARKS if any(act in one for one in acts.values())]
    headings = [", ".join(SIGNED[act][0] for act in signs)] if signs else []
    headings.append(", ".join(MARKS[act][0] for act in consents))
    cells: dict[str, list[str]] = {}
    for participant, found in acts.items():
        columns = [(signs, SIGNED)] if signs else []
        made = [
            " ".join(printed(found[act], words[act][1]) for act in of if act in found)
            for of, words in [*columns, (consents, MARKS)]
        ]
        cells[names[participant]] = made
    return headings, cells, sum(bool(one[-1]) for one in cells.values())


def page(number: str, names: dict[str, str]) -> Answer:
    headings, cells, parties = table(number, names)
    notes = ("", " <a href='#1'><sup>1</sup></a>", " 4 ,", " 6 , 18 , 19 ,")
    lines = "".join(
        f"<tr><td>{escape(name)}{notes[turn % len(notes)]}</td>"
        + "".join(f"<td>{one.replace(chr(9), '&#9;').replace('  ', '&nbsp;')}</td>" for one in dates)
        + "</tr>\n"
        for turn, (name, dates) in enumerate(cells.items())
    )
    head = "".join(f"<th>{one}</th>" for one in ["Participant", *headings])
    text = (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>UNTC</title></head><body>\n'
        f"<div>STATUS AS AT : 14-03-2015 05:00:42 EDT</div><div>{escape(TREATIES[number]['name_en'])}</div>\n"
        f"<table><tr><td>Status</td><td>:</td><td>Signatories : 9. Parties : {parties}</td></tr></table>\n"
        '<table id="ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_tblgrid">\n'
        f"<tr>{head}</tr>\n{lines}</table>\n<table><tr><td>Declarations</td></tr></table>\n</body></html>\n"
    )
    chapter = VOLUMES[number.split("-")[0]][1]
    url = f"https://treaties.un.org/Pages/ViewDetails.aspx?src=IND&mtdsg_no={number}&chapter={chapter}&clang=_en"
    return Answer(url, text.encode(), "2026-11-23T09:30:00Z", "text/html; charset=utf-8")


def document(number: str, names: dict[str, str], encoding: str) -> Answer:
    headings, cells, parties = table(number, names)
    notes = ("", "<superscript>7</superscript>", "<superscript>4,5</superscript>")
    lines = "".join(
        f"<Row><Entry>{escape(name + notes[turn % len(notes)])}</Entry>"
        + "".join(f"<Entry>{one}</Entry>" for one in dates)
        + "</Row>\n"
        for turn, (name, dates) in enumerate(cells.items())
    )
    head = "".join(f"<Entry>{one}</Entry>" for one in ["Participant", *headings])
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<MTDSG><Treaty><ExternalData>'
        f"<Titlesect>{escape(TREATIES[number]['name_en'])}</Titlesect>"
        f"<Status><Signatories>9</Signatories><Parties>{parties}</Parties></Status></ExternalData>"
        f"<Participants><Table><TGroup><Thead><Row>{head}</Row></Thead><Tbody><Rows>\n{lines}</Rows></Tbody></TGroup>"
        "</Table></Participants><Declarations><Text>“Reservation” – none</Text></Declarations></Treaty></MTDSG>\n"
    )
    chapter = number.split("-")[0]
    url = f"https://treaties.un.org/doc/Publication/MTDSG/Volume%20{VOLUMES[chapter][0]}/Chapter%20{chapter}/{number}.en.xml"
    # Windows-1252 under the name of Latin-1 is what the dashes and quotation marks of such a file need.
    # The XML prints no day of its status; the day of fetching stands for it.
    return Answer(
        url, text.encode("cp1252" if encoding == "ISO-8859-1" else encoding), "2015-03-14T09:30:00Z", "text/xml"
    )


def test_all_three_chapters_are_there() -> None:
    assert {number.split("-")[0] for number in TREATIES} == set(VOLUMES)
    assert len(TREATIES) == 24


@pytest.mark.parametrize("number", sorted(TREATIES))
def test_what_the_page_states_stands_already(number: str, tables: Tables, names: dict[str, str]) -> None:
    """Page and XML: nothing is proposed for a status that is the tables' own, and one change for one other day."""
    made = [page(number, names), document(number, names, "utf-8"), document(number, names, "ISO-8859-1")]
    for answer in made:
        assert run.proposals("untc", [answer], tables) == []
    html = made[0].body.decode()
    at = html.index("tblgrid")
    start = html.index("&#9; ", at) + len("&#9; ")
    year = html[start : start + 4]
    changed = html[:start] + str(int(year) - 1) + html[start + 4 :]
    answer = Answer(made[0].url, changed.encode(), made[0].fetched, made[0].content_type)
    found = [one for one in run.proposals("untc", [answer], tables) if one.family != "sources"]
    assert [one.operation for one in found] == ["change"]


def test_the_other_encoding_is_an_error(tables: Tables, names: dict[str, str]) -> None:
    """UTF-8 in a file that says it is Latin-1, whether or not its bytes mean something there."""
    made = document("IV-8", names, "utf-8")
    body = made.body.replace(b'encoding="utf-8"', b'encoding="ISO-8859-1"')
    with pytest.raises(LayoutError, match=r"expected text in ISO-8859-1 .*; found the bytes 9d"):
        run.proposals("untc", [Answer(made.url, body, made.fetched, "text/xml")], tables)
    said = (
        made.body.decode().replace("“Reservation” – none", "États").replace('encoding="utf-8"', 'encoding="ISO-8859-1"')
    )
    body = "".join(line for line in said.splitlines(keepends=True) if line.isascii() or "États" in line).encode()
    with pytest.raises(LayoutError, match=r"found '.*Ã.*', which is another encoding read as ISO-8859-1"):
        run.proposals("untc", [Answer(made.url, body, made.fetched, "text/xml")], tables)
