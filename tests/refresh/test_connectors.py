"""Every connector on its sample: one proposal on every run, and a clear error for every damage to every sample."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.build.pipeline import facts_directory
from graph.build.refresh import markup, proposal, run
from graph.build.refresh.cache import Answer
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.proposal import Proposal
from graph.build.tables import Tables
from tests.refresh.recorded import ADDRESSES, SAMPLES, answer, with_body

TINY = Path(__file__).parents[1] / "tiny" / "facts"

#: Sample -> a value of its that stands in a cell, and a heading whose renaming must be seen.
VALUES: dict[str, tuple[str, str]] = {
    "untc/VII-5.html": ("Niger", "Accession(a)"),
    "untc-xml/XVIII-12-a.en.xml": ("Austria", "<Entry>Participant</Entry>"),
    "coe/210.json": ("Bulgaria", '"DateConsentement"'),
    "coe-html/201.html": ("Greece", "Entry into Force"),
}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return run.tables_of(facts_directory())


def fitting(name: str) -> Tables:
    """The tables that a sample fits: it must state about as much as earlier readings of its page do."""
    return run.tables_of(TINY if name.startswith("untc-xml") else facts_directory())


def connector_of(name: str) -> str:
    return name.split("/")[0].split("-")[0]


def proposed(name: str, tables: Tables) -> list[Proposal]:
    return proposal.ordered(run.proposals(connector_of(name), [answer(name)], tables))


def told(proposals: list[Proposal]) -> list[str]:
    """What the tests compare: operation, key and values after, the sources left out."""
    return [f"{one.operation} {one.key}" for one in proposals if one.family != "sources"]


def test_every_sample_has_its_values_and_its_record() -> None:
    assert VALUES.keys() == ADDRESSES.keys()
    assert {connector_of(name) for name in ADDRESSES} == run.CONNECTORS.keys()
    for name in ADDRESSES:
        assert run.samples([SAMPLES / name]) == [answer(name)], "python -m tests.refresh.recorded writes the records"


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_same_sample_is_the_same_proposal(name: str) -> None:
    first = proposal.dumps(proposed(name, fitting(name)))
    again = proposal.dumps(reversed(run.proposals(connector_of(name), [answer(name)], fitting(name))))
    assert first == again
    assert proposal.dumps(proposal.loads(first, name)) == first


def damages(name: str, body: bytes) -> dict[str, tuple[bytes, str]]:
    """Ways in which a sample can be damaged, and what the error must say."""
    value, heading = VALUES[name]
    text = body.decode("utf-8")
    assert value in text
    assert heading in text
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    bombed = re.sub(r"^(<\?xml[^>]*\?>|<!DOCTYPE html>)?", lambda start: start.group() + laughs, text, count=1)
    as_json = name.endswith(".json")
    return {
        "truncated": (body[: len(body) * 2 // 3], r"expected (a whole HTML page|well-formed XML|whole JSON)"),
        "cut before its end": (body.rstrip()[:-1], r"expected (a whole HTML page|well-formed XML|whole JSON)"),
        "another page": (b"<html><body>Under maintenance</body></html>", r"expected .*; found "),
        "Latin-1": (text.replace(value, f"{value}é", 1).encode("latin-1", "replace"), "expected text in (utf|UTF)-8"),
        "UTF-8 twice": (text.replace(value, f"{value}Ã©", 1).encode(), "which is another encoding read as"),
        "control character": (text.replace(value, f"{value}\x1b[2J", 1).encode(), "expected (text|whole JSON|plain)"),
        "script": (text.replace(value, f"{value}<script>alert(1)</script>", 1).encode(), r"<script>"),
        "escaped script": (
            text.replace(value, f"{value}&lt;script&gt;", 1).encode(),
            r"expected plain text; found '[^']*(<|&lt;)script",
        ),
        "entities": (
            b"[" * 200_000 if as_json else bombed.encode(),
            "JSON of a few levels" if as_json else r"expected no (document type or )?entity declaration",
        ),
        "renamed column": (text.replace(heading, heading.replace("a", "ä").replace("E", "É"), 0 if as_json else 1)
                           .encode() if not as_json else text.replace(heading, '"DateRatification"').encode(),
                           r"; found .*"),
        "an empty answer of the same form": (b"[]" if as_json else b"<a/>", "expected .*; found "),
    }  # fmt: skip


@pytest.mark.parametrize("damage", list(damages("coe/210.json", (SAMPLES / "coe/210.json").read_bytes())))
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_damaged_sample_is_a_clear_error(name: str, damage: str, tables: Tables) -> None:
    whole = answer(name)
    body, message = damages(name, whole.body)[damage]
    assert body != whole.body
    with pytest.raises(LayoutError, match=message) as caught:
        run.proposals(connector_of(name), [with_body(whole, body)], tables)
    assert caught.value.expected
    assert caught.value.found
    assert len(str(caught.value)) < 700, "short enough to be read"


def edited(name: str, old: str, new: str) -> Answer:
    whole = answer(name)
    text = whole.body.decode()
    assert text.count(old) == 1
    return with_body(whole, text.replace(old, new).encode())


Edit = tuple[str, str, str, str]

CHANGED_PAGES: list[Edit] = [
    ("untc/VII-5.html", "STATUS AS AT : 20-11-2026", "As of 20 November", "“STATUS AS AT : DD-MM-YYYY”"),
    ("untc/VII-5.html", "Parties : 11", "Parties : 112", "the 112 parties that the page counts; found 13 in its table"),
    ("untc/VII-5.html", "of Full Age<", "and Children<", "the page of “International Convention"),
    ("untc/VII-5.html", "InnerPage_tblgrid", "InnerPage_list", "a table ctl00_.*found 0 of 2 tables"),
    ("untc/VII-5.html", "25 Aug&#9; 1961 d", "25 Aug&#9; 1961 q", "one of no mark .ratification., a .accession., d"),
    ("untc/VII-5.html", "25 Aug&#9; 1961 d", "31 Feb&#9; 1961 d", "a date of the calendar; found '31 Feb 1961'"),
    ("untc/VII-5.html", "<td>Niger</td>", "<td>Senegal</td>", "each participant once"),
    ("untc/VII-5.html", "<td>Niger</td>", "<td>Niger</td><td></td>", "row 9: expected 2 cells; found 3"),
    ("untc/VII-5.html", "<td>Niger</td>", '<td><b onclick="x()">Niger</b></td>', "text, links and notes in a cell"),
    ("untc-xml/XVIII-12-a.en.xml", "<Parties>7</Parties>", "<Parties>seven</Parties>", "a number in <Parties>"),
    ("untc-xml/XVIII-12-a.en.xml", "<Parties>7</Parties>", "", "one element .//ExternalData/Status/Parties"),
    ("untc-xml/XVIII-12-a.en.xml", "<Entry>15 Sep 2005</Entry>", "", "3 entries in a row; found 2"),
    ("coe/210.json", '"LibPaysOrga": "Bulgaria", "NumSTE": "210"', '"LibPaysOrga": "Bulgaria", "NumSTE": "197"',
     "NumSTE 210; found 197"),
    ("coe/210.json", '"2016-04-21T00:00:00"', "1461196800", "DateSignature.: expected str or NoneType; found int"),
    ("coe/210.json", '"LibPaysOrga": "Bulgaria"', '"LibPaysOrga": "France"', "each participant once; found 'France'"),
    ("coe/210.json", '"2016-04-21T00:00:00", "DateConsentement": null', '"2016-04-21T00:00:00"',
     "the name 'DateConsentement'; found CodePays, DateDenonciation, DateEntreeVigueur"),
    ("coe-html/201.html", "of Treaty 201", "of a treaty", "“Treaty 201” in the page"),
    ("coe-html/201.html", "20/06/2018", "June 2018", "a day like 16/05/2005; found 'June 2018'"),
    ("coe-html/201.html", "<td>10/03/2009</td>", "", "5 cells, or the name of a group; found Greece"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message"), CHANGED_PAGES)
def test_a_changed_page_says_what_was_expected(name: str, old: str, new: str, message: str, tables: Tables) -> None:
    with pytest.raises(LayoutError, match=message):
        run.proposals(connector_of(name), [edited(name, old, new)], tables)


def test_untc_html(tables: Tables) -> None:
    treaty, new = "traffic-women-full-age-1933", "untc-vii-5-2026-11-20"
    proposals = proposed("untc/VII-5.html", tables)
    assert told(proposals) == [
        f"add {treaty} mne succession - {new}",
        f"change {treaty} svk succession - untc-vii-5",
        f"withdraw {treaty} fra ratification - untc-vii-5",
        f"question {treaty} - ratification - {new}",
    ]
    source, added, changed, withdrawn, question = proposals
    assert (source.after["published"], source.after["read"], source.after["kind"]) == (
        "2026-11-20", "2026-11-23", "depositary",
    )  # fmt: skip
    assert added.score == 100
    assert "“Montenegro” is mne: its name as it stands in the tables, score 100" in added.reason
    assert (changed.before["date"], changed.after) == ("1993-05-28", {"date": "1993-05-29", "source": new})
    assert withdrawn.before["date"] == "1947-01-08"
    assert "participant" not in question.after
    assert "its day stands in brackets" in question.reason


def test_untc_xml_agrees() -> None:
    assert proposed("untc-xml/XVIII-12-a.en.xml", run.tables_of(TINY)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<Entry>29 Oct 2002</Entry>", "<Entry>30 Oct 2002</Entry>",
         ["change palermo-protocol fra ratification - untc-xviii-12-a"]),
        ("<Row><Entry>Sweden</Entry><Entry>12 Dec 2000</Entry>", "<Row><Entry>Sweden</Entry><Entry></Entry>",
         ["withdraw palermo-protocol swe signature - untc-xviii-12-a"]),
        ("<Entry>Sweden</Entry>", "<Entry>Swedem</Entry>",
         ["question palermo-protocol - ratification - untc-xviii-12-a-2026-11-23",
          "question palermo-protocol - signature - untc-xviii-12-a-2026-11-23"]),
    ],
)  # fmt: skip
def test_untc_xml_differs(old: str, new: str, expected: list[str]) -> None:
    found = run.proposals("untc", [edited("untc-xml/XVIII-12-a.en.xml", old, new)], run.tables_of(TINY))
    assert told(proposal.ordered(found)) == expected


def test_much_missing_at_once_is_a_changed_page() -> None:
    whole = answer("untc-xml/XVIII-12-a.en.xml")
    text = re.sub(r"<Row><Entry>(Austria|Belarus|Benin|France).*</Row>\n", "", whole.body.decode())
    text = text.replace("<Parties>7<", "<Parties>3<")
    with pytest.raises(
        LayoutError, match="most of the 13 rows that earlier readings of the page state; found 8 of them"
    ):
        run.proposals("untc", [with_body(whole, text.encode())], run.tables_of(TINY))


def test_coe(tables: Tables) -> None:
    service = {one.key.split(" - ")[0]: one for one in proposed("coe/210.json", tables) if one.family != "sources"}
    assert {one.operation for one in service.values()} == {"add"}
    assert service["cets-210 eu approval"].after["date"] == "2023-06-28", "the kind that the tables have"
    assert service["cets-210 tur denunciation"].after["date"] == "2021-03-22"
    assert "so far only others state it: wikipedia-istanbul" in service["cets-210 tur denunciation"].reason
    assert "cets-210 bgr ratification" not in service, "Bulgaria signed and nothing else"
    chart = {one.key.split(" - ")[0]: one for one in proposed("coe-html/201.html", tables)}
    assert chart["cets-201 tun accession"].after["date"] == "2019-10-15"
    assert "the kind of consent; accession is the usual one" in chart["cets-201 tun accession"].reason
    assert chart["cets-201 gbr entry-into-force"].after["source"] == "coe-cets-201-2026-11-23"


def test_a_denunciation_that_nobody_states_is_an_end(tables: Tables) -> None:
    rows = {
        **tables.rows,
        "treaty-actions": [row for row in tables["treaty-actions"] if row["action"] != "denunciation"],
    }
    ends = [one for one in proposed("coe/210.json", Tables(rows)) if one.operation == "end"]
    assert told(ends) == ["end cets-210 tur denunciation - coe-cets-210-2026-11-23"]


def test_a_table_of_the_page_is_read_only_where_it_is_meant() -> None:
    root = markup.page(answer("untc/VII-5.html"), "untc")
    with pytest.raises(LayoutError, match="the columns Country; found Participant"):
        markup.table(root, "untc", ids=("ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_tblgrid",),
                     header=("Country",))  # fmt: skip
