"""Every connector on its sample: one proposal on every run, and a clear error for every damage to every sample."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from graph.build.pipeline import facts_directory
from graph.build.refresh import markup, proposal, run
from graph.build.refresh.apply import apply
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
    "normlex/c189.html": ("Mauritius", ">Status<"),
    "greta/reports.html": ("Malta", "Third evaluation round"),
    "wikidata/names.json": ("La Strada International", '"labelFr"'),
    "cellar/acts.json": ("32011L0036", '"inForce"'),
    "cellar-measures/measures.json": ("authority/country/FRA", '"country"'),
    "eurostat/crim_thb_sex.csv": ("EU28", "leg_stat"),
    "eurostat/crim_thb_vexp.csv": ("ORGAN", "exploit"),
    "iati/search.xml": ("Wells for twelve villages", "<recipient-country"),
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


RENAMED = str.maketrans("aeot", "4307")


def damages(name: str, body: bytes) -> dict[str, tuple[bytes, str]]:
    """Ways in which a sample can be damaged, and what the error must say."""
    value, heading = VALUES[name]
    text = body.decode("utf-8")
    assert value in text
    assert heading in text
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    bombed = re.sub(r"^(<\?xml[^>]*\?>|<!DOCTYPE html>)?", lambda start: start.group() + laughs, text, count=1)
    as_json, as_csv = name.endswith(".json"), name.endswith(".csv")
    header = text.splitlines(keepends=True)[0].encode()
    return {
        "truncated": (body[: len(body) * 2 // 3], r"expected (a whole (HTML page|table)|well-formed XML|whole JSON)"),
        "cut before its end": (body.rstrip()[:-1], r"expected (a whole (HTML page|table)|well-formed XML|whole JSON)"),
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
            "JSON of a few levels"
            if as_json
            else "expected the columns DATAFLOW"
            if as_csv
            else r"expected no (document type or )?entity declaration",
        ),
        "renamed column": (text.replace(heading, heading.translate(RENAMED)).encode(), r"; found .*"),
        "an empty answer of the same form": (
            b"[]" if as_json else header if as_csv else b"<a/>", "expected .*; found ",
        ),
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
    ("normlex/c189.html", "8 ratifications", "181 ratifications", "the 181 ratifications .* counts; found 8 rows"),
    ("normlex/c189.html", "8 ratifications", "some", "the number of ratifications"),
    ("normlex/c189.html", "C189 - Domestic Workers", "C188 - Fishers", "the page of “Domestic Workers Convention"),
    ("normlex/c189.html", "<td>Not in force</td>", "<td>Dormant</td>", "In Force or Not in force; found 'Dormant'"),
    ("normlex/c189.html", ">Ireland<", ">Italy<", "Italy: expected each country once"),
    ("greta/reports.html", "GRETA(2012)14,", "Report of 2012,", "a report like GRETA.*found 'Report of 2012"),
    ("greta/reports.html", ">Fourth evaluation round<", ">Urgent procedure<", "found 'Urgent procedure'"),
    ("greta/reports.html", "24 January 2013", "32 January 2013", "a date of the calendar; found '32 January 2013'"),
    ("wikidata/names.json", "http://www.wikidata.org/entity/Q81299", "https://example.org/Q81299",
     "an IRI below http://www.wikidata.org/entity/"),
    ("wikidata/names.json", '"value": "11"', '"value": "7"', "a precision of .inception: 9 .year.*; found 7"),
    ("wikidata/names.json", '"value": "BEL"', '"value": "BEL", "type": "code"', "each name once in an object"),
    ("cellar/acts.json", "32011L0036", "32016R0679", "CELEX numbers asked for; found 32016R0679"),
    ("cellar/acts.json", '"2012-06-19"', '"June 2012"', "a date like .*found 'June 2012'"),
    ("cellar-measures/measures.json", "authority/country/SWE", "authority/corporate-body/SWE",
     "an IRI below http://publications.europa.eu/resource/authority/country/"),
    ("eurostat/crim_thb_sex.csv", ",p,\r\nESTAT:CRIM_THB_SEX(1.0),15/10/26 23:00:00,A,VICT,T,NR,LV,2020",
     ",p,\r\nESTAT:CRIM_THB_VEXP(1.0),15/10/26 23:00:00,A,VICT,T,NR,LV,2020",
     "the dataflow ESTAT:CRIM_THB_SEX in every row; found ESTAT:CRIM_THB_SEX.1.0., ESTAT:CRIM_THB_VEXP"),
    ("eurostat/crim_thb_sex.csv", "15/10/26 23:00:00,A,VICT,T,NR,LV,2020", "16/10/26,A,VICT,T,NR,LV,2020",
     "one LAST UPDATE like 15/10/26 23:00:00 in every row; found 15/10/26 23:00:00, 16/10/26"),
    ("eurostat/crim_thb_sex.csv", ",1811,", ",18.5,", "a whole number of persons; found '18.5'"),
    ("eurostat/crim_thb_sex.csv", ",1811,p,", ",1811,p", "row 4: expected 11 cells; found 10"),
    ("eurostat/crim_thb_sex.csv", ",1811,p,", ",1811,q,", "flags of :, b, c, .*; found 'q'"),
    ("eurostat/crim_thb_sex.csv", ",1811,p,", ",1811,c,", "no figure where a flag says that there is none; found 'c'"),
    ("eurostat/crim_thb_sex.csv", "T,NR,FR,2021", "T,NR,FR,2020", "T NR FR 2020: expected each figure once"),
    ("eurostat/crim_thb_sex.csv", "T,NR,FR,2021", "T,NR,FR,2021-Q1", "a year as TIME_PERIOD; found '2021-Q1'"),
    ("eurostat/crim_thb_sex.csv", "OBS_FLAG,CONF_STATUS", "CONF_STATUS,OBS_FLAG", "the columns DATAFLOW, LAST UPDATE"),
    ("eurostat/crim_thb_sex.csv", "freq,leg_stat,sex,unit,geo", "freq,leg_stat,sex,unit,region", "no geo in"),
    ("eurostat/crim_thb_vexp.csv", "freq,exploit,unit,geo", "freq,nationality,unit,geo", "also nationality"),
    ("eurostat/crim_thb_vexp.csv", ",48,\r\n", ",\"48,\r\n", "a table in CSV with a header row"),
    ("iati/search.xml", ' version="2.03"', ' version="1.05"', "version 2.0x .*; found '1.05'"),
    ("iati/search.xml", "XM-DAC-0-0-WELLS", "XM-DAC-5-7-ALTP", "each activity once"),
    ("iati/search.xml", '<activity-date iso-date="2020-01-01" type="2"/>',
     '<activity-date iso-date="2020-01-01" type="9"/>', "type 1, 2, 3 or 4; found '9'"),
    ("iati/search.xml", "<value>90000</value>", "<value>ninety</value>", "a number in <value>; found 'ninety'"),
    ("iati/search.xml", '<recipient-country code="TG"/>', '<country code="TG"/>', "elements of .*; found <country>"),
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
    assert question.about == "“Yugoslavia (former)”"
    assert added.about == "", "only questions are about a name"


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


def by_key(name: str, tables: Tables) -> dict[str, Proposal]:
    return {f"{one.operation} {one.key}": one for one in proposed(name, tables) if one.family != "sources"}


def test_normlex(tables: Tables) -> None:
    found = by_key("normlex/c189.html", tables)
    new = "normlex-c189-2026-11-23"
    assert found[f"add ilo-c189 deu ratification - {new}"].reason.startswith("no row states it")
    assert "only others state it: un-src-lexaris-c189" in found[f"add ilo-c189 che ratification - {new}"].reason
    assert found[f"end ilo-c189 ury denunciation - {new}"].after["date"] == "2026-06-20"
    assert "near are ury (9" in found[f"question ilo-c189 - ratification - {new}"].reason
    assert len(found) == 9


def test_normlex_remarks_and_reasons(tables: Tables) -> None:
    """A remark after the country is no part of its name; who is not in force is bound, has left, or is asked about."""
    text = answer("normlex/c189.html").body.decode()
    text = text.replace(">Mauritius</a>", ">Mauritius</a> Excluding certain categories of workers")
    text = text.replace("12 Nov 2014</td><td>In Force</td><td>",
                        "12 Nov 2014</td><td>Not in force</td><td>The Convention will enter into force for Switzerland "
                        "on 12 Nov 2015.")  # fmt: skip
    text = text.replace("22 Jan 2013</td><td>In Force", "22 Jan 2013</td><td>Not in force")
    found = run.proposals("normlex", [with_body(answer("normlex/c189.html"), text.encode())], tables)
    acts = {one.key: one for one in found if one.family != "sources"}
    new = "normlex-c189-2026-11-23"
    assert f"ilo-c189 mus ratification - {new}" in acts
    assert f"ilo-c189 che ratification - {new}" in acts
    assert "che denunciation" not in " ".join(acts)
    asked = acts[f"ilo-c189 - denunciation - {new}"]
    assert asked.operation == "question"
    assert "it is not in force, and the page does not say since when" in asked.reason
    assert "near are ita" in asked.reason


def test_an_old_copy_of_a_page_takes_nothing_back(tables: Tables) -> None:
    """Of a page of 2011 nothing follows for what a later reading of the same page states."""
    whole = answer("untc/VII-5.html")
    old = with_body(whole, whole.body.replace(b"20-11-2026", b"20-11-2011"))
    later = run.proposals("untc", [old], tables)
    assert {one.operation for one in later if one.family != "sources"} <= {"add", "question"}


def test_greta(tables: Tables) -> None:
    found = by_key("greta/reports.html", tables)
    new = "greta-reports-2026-11-23"
    assert set(found) == {
        f"add greta mlt 1 {new}", f"add greta mlt 2 {new}", f"add greta mlt 3 {new}", f"add greta esp 3 {new}",
        f"question greta - 1 {new}",
    }, "of Spain's first two reports nothing is new"  # fmt: skip
    assert found[f"add greta esp 3 {new}"].after["published"] == "2023-06-12"


def test_wikidata(tables: Tables) -> None:
    proposals = [one for one in proposed("wikidata/names.json", tables) if one.family != "sources"]
    la_strada, osce, *questions = proposals
    assert (osce.after["id"], osce.after["wikidata"], osce.after["established"]) == ("osce", "Q81299", "1995-01-01")
    assert "and the same website" in osce.reason
    assert "name_fr" not in osce.after, "another source has that name already"
    assert (la_strada.after["id"], la_strada.score) == ("la-strada-international", 97)
    assert "and the same country" in la_strada.reason
    by_name = {one.after["name_en"]: one for one in questions}
    assert len(by_name) == 2
    assert "neither website nor country does; near are ecpat-france (90)" in by_name["ECPAT France"].reason
    centre = by_name["International Center for Migration Policy Development"]
    assert "near are icmpd (9" in centre.reason
    assert centre.after["established"] == "1993", "a year is not its first of January"


def test_cellar(tables: Tables) -> None:
    found = by_key("cellar/acts.json", tables)
    strategy = found["add eu-strategy-2012-2016 cellar-acts-2026-11-23"]
    assert (strategy.after["adopted"], strategy.score) == ("2012-06-19", 100)
    assert "“52012DC0286” is eu-strategy-2012-2016: its CELEX number" in strategy.reason
    found = by_key("cellar-measures/measures.json", tables)
    france = found["add fra implements eu-dir-2011-36 - cellar-transposition-2026-11-23"]
    assert france.after["start"] == "2013-08-05", "the day of the first measure"
    assert france.after["note"] == "national implementing measures notified: 2"
    assert "start" not in found["add swe implements eu-dir-2011-36 - cellar-transposition-2026-11-23"].after
    assert "no ISO 3166-1 alpha-3 code of ours" in next(
        one.reason for key, one in found.items() if key.startswith("question")
    )


def test_eurostat(tables: Tables) -> None:
    found = by_key("eurostat/crim_thb_sex.csv", tables)
    prefix = "add eurostat-crim-thb-sex-victims-registered-eu"
    assert set(found) == {
        f"{prefix}-fra-2020", f"{prefix}-fra-2021", f"{prefix}-fra-2020-female", f"{prefix}-fra-2021-female",
        f"{prefix}-lva-2020",
    }, "no figure of an older Union, of a rate, or where the cell is empty"  # fmt: skip
    female = found[f"{prefix}-fra-2021-female"].after
    assert (female["value"], female["sex"], female["unit"], female["basis"]) == (
        "1200", "female", "persons", "recorded",
    )  # fmt: skip
    assert female["note"] == "flagged by Eurostat: provisional"
    assert "note" not in found[f"{prefix}-lva-2020"].after


def test_eurostat_by_form_of_exploitation(tables: Tables) -> None:
    found = by_key("eurostat/crim_thb_vexp.csv", tables)
    prefix = "add eurostat-crim-thb-vexp-victims-registered-eu"
    assert set(found) == {
        f"{prefix}-grc-2021", f"{prefix}-grc-2021-sexual-exploitation", f"{prefix}-grc-2021-labour-exploitation",
        f"{prefix}-grc-2021-other", f"{prefix}-eu-2021", f"{prefix}-eu-2021-sexual-exploitation",
    }, "Greece is EL to Eurostat; a form without a concept of ours is left out"  # fmt: skip
    assert found[f"{prefix}-eu-2021"].after["note"] == "flagged by Eurostat: the definition differs"
    assert "the Union in its shape since 2020" in found[f"{prefix}-eu-2021"].reason


def test_eurostat_revised(tmp_path: Path) -> None:
    """The next edition of the dataset changes one figure, calls another final and takes one back."""
    facts = tmp_path / "facts"
    shutil.copytree(facts_directory(), facts)
    first = run.proposals("eurostat", [answer("eurostat/crim_thb_sex.csv")], run.tables_of(facts))
    apply([one.decided("accept") for one in first], facts)
    whole = answer("eurostat/crim_thb_sex.csv")
    assert run.proposals("eurostat", [whole], run.tables_of(facts)) == []
    text = whole.body.decode().replace("15/10/26 23:00:00", "01/12/26 11:00:00").replace(",1811,p,", ",1812,p,")
    text = text.replace(",48,,", ",,:,").replace(",1200,p,", ",1200,,")
    later = run.proposals("eurostat", [with_body(whole, text.encode())], run.tables_of(facts))
    assert told(proposal.ordered(later)) == [
        "change eurostat-crim-thb-sex-victims-registered-eu-fra-2021",
        "change eurostat-crim-thb-sex-victims-registered-eu-fra-2021-female",
        "withdraw eurostat-crim-thb-sex-victims-registered-eu-lva-2020",
    ]
    final = next(one for one in later if one.key.endswith("female"))
    assert (final.before["note"], final.after["note"]) == ("flagged by Eurostat: provisional", "")
    apply([one.decided("accept") for one in later], facts)
    row = next(row for row in run.tables_of(facts)["statistics"] if row["id"] == final.key)
    assert (row["value"], row["note"]) == ("1200", "")


def test_iati(tables: Tables) -> None:
    found = by_key("iati/search.xml", tables)
    altp = found["add ef-altp iati-d-portal-org-2026-11-23"].after
    assert (altp["start"], altp["end"], altp["budget_eur"]) == ("2019-07-01", "2024-03-31", "18000000")
    assert (altp["implementer"], altp["funders"], altp["countries"]) == ("expertise-france", "eutf-africa", "ben;civ")
    assert altp["homepage"] == "https://www.expertisefrance.fr/en/projet/altp"
    reason = found["add ef-altp iati-d-portal-org-2026-11-23"].reason
    assert "IATI identifier XM-DAC-5-7-ALTP; not recognised: Principality of Nowhere" in reason
    wells = found["question - iati-d-portal-org-2026-11-23"]
    assert "budget_eur" not in wells.after, "its budget is in dollars"
    assert "not recognised: Water for All" in wells.reason


def test_an_end_of_a_project(tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    shutil.copytree(facts_directory(), facts)
    ending = '<activity-date iso-date="2024-03-31" type="4"/>'
    running = edited("iati/search.xml", ending, "")
    apply([one.decided("accept") for one in run.proposals("iati", [running], run.tables_of(facts))
           if one.operation == "add"], facts)  # fmt: skip
    later = run.proposals("iati", [answer("iati/search.xml")], run.tables_of(facts))
    (end,) = [one for one in later if one.operation == "end"]
    assert (end.key, end.before["end"], end.after["end"]) == ("ef-altp iati-d-portal-org-2026-11-23", "", "2024-03-31")


@pytest.mark.parametrize("name", ADDRESSES)
def test_what_was_applied_is_proposed_no_more(name: str, tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    shutil.copytree(TINY if name.startswith("untc-xml") else facts_directory(), facts)
    first = run.proposals(connector_of(name), [answer(name)], run.tables_of(facts))
    apply([one if one.operation == "question" else one.decided("accept") for one in first], facts)
    again = run.proposals(connector_of(name), [answer(name)], run.tables_of(facts))
    assert {one.operation for one in again if one.family != "sources"} <= {"question"}
    assert told(proposal.ordered(again)) == [
        f"{one.operation} {one.key}" for one in proposal.ordered(first) if one.operation == "question"
    ]
