"""The strict reader: each way a table can be wrong is one finding that names file, line and column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.build.findings import BuildError
from graph.build.schema import FAMILIES
from graph.build.tables import Tables, read
from graph.ids import Redirect

NOTATIONS = {
    "source-kind": frozenset({"official", "press", "editorial"}),
    "region": frozenset({"western-europe"}),
    "treaty-action": frozenset({"signature", "ratification"}),
    "evaluation-round": frozenset({"1", "2"}),
    "indicator": frozenset({"victims-recorded"}),
    "exploitation-form": frozenset({"forced-labour"}),
    "sex": frozenset({"female"}),
    "age-group": frozenset({"children"}),
    "unit": frozenset({"persons"}),
    "basis": frozenset({"recorded"}),
}
REDIRECTS = {"old-name": Redirect("old-name", "greta", "2026-11-01", "renamed")}

GOOD = {
    "sources": "gov,A page,A ministry,https://example.org/page,2020-05,2026-11-23,en,official",
    "states": "fra,France,France,la,FR,250,western-europe,State,gov",
    "actors": "greta,CouncilOfEuropeBody,GRETA,GRETA,GRETA,,,2009,,https://example.org/,Q1,Experts.,gov",
    "instruments": "cets-197,Treaty,The convention,,,CETS 197,2005-05-03,Warsaw,2008-02-01,greta,,,,,gov",
    "treaty-actions": "cets-197,fra,signature,,2006-05-22,gov",
    "relations": "fra,cooperatesWith,greta,,2009,,gov,",
    "evaluations": "greta,fra,1,GRETA(2012)16,2012-11,2013-01-28,gov",
    "projects": "altp,A project,,greta,fra,fra,Gulf of Guinea,2019,2023,18000000,greta,,,gov",
    "statistics": "s1,victims-recorded,fra,2020-2021,forced-labour,female,children,12,persons,recorded,Police,gov,",
    "court-cases": "siliadin,Siliadin v. France,,greta,fra,2005-07-26,no. 73316/01,gov",
    "names": "cets-197,fr,La convention,gov",
    "claims": "c1,1,It is so.,C’est ainsi.,It is.,Oui.,statistic/s1,,action/cets-197/fra/signature,gov",
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a directory of good tables, with the lines of some families replaced or whole files given."""

    def make(lines: dict[str, list[str]] | None = None, files: dict[str, bytes] | None = None) -> Path:
        for family in FAMILIES.values():
            rows = (lines or {}).get(family.name, [GOOD[family.name]])
            header = ",".join(column.name for column in family.columns)
            (tmp_path / f"{family.name}-test.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        for name, data in (files or {}).items():
            (tmp_path / name).write_bytes(data)
        return tmp_path

    return make


def load(directory: Path) -> Tables:
    return read(directory, NOTATIONS, REDIRECTS)


def findings(directory: Path) -> list[str]:
    with pytest.raises(BuildError) as caught:
        load(directory)
    return caught.value.lines


def test_good_tables_are_read_whole(write: Write) -> None:
    tables = load(write())
    assert {family: len(rows) for family, rows in tables.rows.items()} == dict.fromkeys(FAMILIES, 1)
    row = tables["projects"][0]
    assert (row.file, row.line, row["budget_eur"], row.many("countries")) == (
        "projects-test.csv", 2, "18000000", ["fra"],
    )  # fmt: skip


BAD = [
    ("actors", "greta,CouncilOfEuropeBody,,,,,,,,,,,gov", "actors-test.csv:2 [name_en]: a value is required"),
    ("actors", GOOD["actors"].replace(",2009,", ",2009-13,"), "actors-test.csv:2 [established]: '2009-13' is no date"),
    ("actors", GOOD["actors"].replace("2009", "2009-02-30"), "[established]: '2009-02-30' is no date"),
    ("actors", GOOD["actors"].replace("greta,", "Greta!,"), "actors-test.csv:2 [id]: 'Greta!' is no id"),
    ("actors", GOOD["actors"].replace("greta,", "old-name,"), "[id]: 'old-name' was given up"),
    ("actors", GOOD["actors"].replace("Q1", "1"), "[wikidata]: '1' is no Wikidata Q-number"),
    ("actors", GOOD["actors"].replace("https:", "ftp:"), "[homepage]: 'ftp://example.org/' is no http or https URL"),
    ("actors", GOOD["actors"].replace("GRETA,", "GRETA ,", 1), "[name_en]: 'GRETA ' has white space around it"),
    ("actors", GOOD["actors"].replace("CouncilOfEuropeBody", "Robot"), "[type]: 'Robot' is not in the values allowed"),
    ("actors", GOOD["actors"] + ",more", "actors-test.csv:2: 14 cells, the header has 13"),
    ("sources", GOOD["sources"].replace(",en,", ",english,"), "[language]: 'english' is no ISO 639-1"),
    ("sources", GOOD["sources"].replace("official", "gossip"), "[kind]: 'gossip' is not in the closed list"),
    ("relations", GOOD["relations"].replace("greta", "nobody"), "[object]: 'nobody' is unknown; needed is the id of"),
    ("relations", GOOD["relations"].replace("greta", "old-name"), "[object]: 'old-name' was given up; the id is now"),
    ("relations", GOOD["relations"].replace("cooperatesWith", "likes"), "[relation]: 'likes' is not in the values"),
    ("relations", GOOD["relations"].replace(",gov,", ",none,"), "[source]: 'none' is unknown"),
    ("relations", GOOD["relations"].replace(",,2009", ",0,2009"), "[number]: '0' is no whole number from 1"),
    ("treaty-actions", "greta,fra,signature,,2006,gov", "[treaty]: 'greta' is one of actors; needed is one"),
    ("treaty-actions", "cets-197,fra,handshake,,2006,gov", "[action]: 'handshake' is not in the closed list"),
    ("statistics", GOOD["statistics"].replace("2020-2021", "2021-2020"), "[year]: '2021-2020' ends before it begins"),
    ("projects", GOOD["projects"].replace("18000000", "18 million"), "[budget_eur]: '18 million' is no decimal number"),
    ("projects", GOOD["projects"].replace("greta,fra,fra", "greta,fra,fra;fra"), "'fra' stands twice in one cell"),
    ("names", "nobody,fr,Personne,press", "names-test.csv:2 [id]: 'nobody' is unknown; needed is the id of one of"),
    ("names", "cets-197,de,Das Übereinkommen,gov", "[language]: 'de' is not in the values allowed"),
    ("names", "cets-197,fr,,gov", "names-test.csv:2 [name]: a value is required"),
    ("claims", GOOD["claims"].replace("statistic/s1", "../etc"), "[supported_by]: '../etc' is no path below id/"),
]  # fmt: skip


@pytest.mark.parametrize(("family", "line", "message"), BAD, ids=[f"{one[0]}-{n}" for n, one in enumerate(BAD)])
def test_a_bad_cell_is_named(write: Write, family: str, line: str, message: str) -> None:
    assert any(message in one for one in findings(write({family: [line]}))), findings(write({family: [line]}))


def test_every_finding_of_a_run_is_reported(write: Write) -> None:
    lines = findings(write({
        "relations": ["fra,likes,greta,,,,gov,", "fra,funds,nobody,,,,gov,", "fra,funds,greta,,soon,,gov,"],
        "evaluations": ["greta,fra,9,,,,gov"],
    }))  # fmt: skip
    assert [line.split("]")[0] for line in lines] == [
        "evaluations-test.csv:2 [round", "relations-test.csv:2 [relation",
        "relations-test.csv:3 [object", "relations-test.csv:4 [start",
    ]  # fmt: skip


def test_the_same_row_from_one_source_twice_is_a_duplicate_and_from_two_is_not(write: Write) -> None:
    twice = findings(write({"relations": [GOOD["relations"], GOOD["relations"]]}))
    assert twice == [
        "relations-test.csv:3 [subject, relation, object, number, source]: "
        "fra · cooperatesWith · greta ·  · gov stands already at relations-test.csv:2"
    ]
    sources = [GOOD["sources"], GOOD["sources"].replace("gov,", "press,")]
    both = [GOOD["relations"], GOOD["relations"].replace(",gov,", ",press,")]
    assert len(load(write({"sources": sources, "relations": both}))["relations"]) == 2


def test_an_actor_has_one_type_whichever_file_says_so(write: Write) -> None:
    sources = [GOOD["sources"], GOOD["sources"].replace("gov,", "press,")]
    other = GOOD["actors"].replace("CouncilOfEuropeBody", "Network").removesuffix("gov") + "press"
    lines = findings(write({"sources": sources, "actors": [GOOD["actors"], other]}))
    assert lines == ["actors-test.csv:3 [type]: greta is a Network here and a CouncilOfEuropeBody at actors-test.csv:2"]


def test_an_id_names_one_thing(write: Write) -> None:
    lines = findings(write({"projects": [GOOD["projects"].replace("altp", "greta")]}))
    assert "projects-test.csv:2 [id]: 'greta' also names one of actors" in lines
    lines = findings(write({"actors": [GOOD["actors"], GOOD["actors"].replace("greta,C", "fra,C")]}))
    assert any("'fra' is a state of the table states, not a CouncilOfEuropeBody" in line for line in lines)


def test_headers_are_taken_to_the_letter(write: Write) -> None:
    header = ",".join(column.name for column in FAMILIES["relations"].columns)
    for given, message in (
        (header.replace("note", "remark"), "relations-test.csv:1 [remark]: unknown column"),
        (header.replace("note", "remark"), "relations-test.csv:1 [note]: this column is missing"),
        (header.replace("start,end", "end,start"), "stand in another order"),
        (header + ",note", "relations-test.csv:1 [note]: this column stands twice"),
    ):
        data = f"{given}\n{GOOD['relations']}\n".encode()
        assert any(message in line for line in findings(write(files={"relations-test.csv": data}))), message


def test_files_are_utf8_csv_of_a_known_family(write: Write) -> None:
    header = ",".join(column.name for column in FAMILIES["relations"].columns)
    latin = f"{header}\n{GOOD['relations']}é\n".encode("latin-1")
    assert any("relations-test.csv:2: not UTF-8" in one for one in findings(write(files={"relations-test.csv": latin})))
    open_quote = f'{header}\n"{GOOD["relations"]}\n'.encode()
    assert any("no CSV" in one for one in findings(write(files={"relations-test.csv": open_quote})))
    stray = findings(write({}, {"relations-test.csv": (header + "\n" + GOOD["relations"] + "\n").encode(),
                                "gossip-test.csv": b"a,b\n"}))  # fmt: skip
    assert any("gossip-test.csv:0: belongs to no family" in one for one in stray)


def test_a_family_without_a_table_is_a_finding(write: Write) -> None:
    directory = write()
    (directory / "claims-test.csv").unlink()
    assert any("claims-*.csv:0: no table of the family claims" in line for line in findings(directory))
