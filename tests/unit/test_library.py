"""The library of named queries: what a file must say, and what a parameter may be."""

from __future__ import annotations

import re
from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from graph.ids import PREFIXES, Ids
from graph.read.library import LibraryError, UnknownQueryError, load, parse
from graph.read.parameters import Param, ParameterError, Value

GOOD = """\
#: question Who is it?
#: question-fr Qui est-ce ?
#: summary A summary that is long enough
#:    to go on in a second line.
#: summary-fr Un résumé.
#: param who iri id:fra The one.
#: param day xsd:date 2004-12-31 The day.
#: param text xsd:string "two words" A text.
#: param many xsd:integer 5 A number.
#: param lang lang en The language.
#: param maybe iri UNDEF Left open.
#: column who Who it is.
#: column day The day.
#: bound 1..2
#: tags one, two

PREFIX id: <https://w3id.org/palermo/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

SELECT ?who ?day WHERE {
  VALUES ?who { id:fra } # VALUES ?who { id:commented-out }
  VALUES ?day { "2004-12-31"^^xsd:date }
  VALUES ?text { "two words" }
  VALUES ?many { 5 }
  VALUES ?lang { "en" }
  VALUES ?maybe { UNDEF }
  { VALUES ?who { id:fra } BIND("VALUES ?who { id:in-a-text }" AS ?other) }
}
ORDER BY ?who
LIMIT 10
"""


def test_a_good_file() -> None:
    query = parse("good-one", GOOD)
    assert query.question == "Who is it?"
    assert query.question_fr == "Qui est-ce ?"
    assert query.summary == "A summary that is long enough to go on in a second line."
    assert query.summary_fr == "Un résumé."
    assert query.bound == (1, 2)
    assert query.tags == ("one", "two")
    assert [one.name for one in query.params] == ["who", "day", "text", "many", "lang", "maybe"]
    assert [one.optional for one in query.params] == [False] * 5 + [True]
    assert [(one.name, one.meaning) for one in query.columns] == [("who", "Who it is."), ("day", "The day.")]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("#: question Who is it?\n", "", "question: stands 0 times"),
        ("#: question Who is it?\n", "#: question Who is it?\n#: question Again?\n", "question: stands 2 times"),
        ("#: summary A", "#: sumary A", "a field and its text are needed; fields: question"),
        ("#: bound 1..2", "#: bound 2..1", "two whole numbers are needed"),
        ("#: bound 1..2", "#: bound many", "two whole numbers are needed"),
        ("#: param day xsd:date", "#: param day xsd:time", "datatypes: iri, xsd:date"),
        ("#: param day xsd:date 2004-12-31", "#: param day xsd:date 2004", "a day YYYY-MM-DD"),
        ("#: param many xsd:integer 5 A number.", "#: param many", "a default (or UNDEF) and a help text are needed"),
        ("#: param many", "#: param who", "param who: stands twice"),
        ("#: param who iri id:fra", "#: param who iri id:swe", "the header's default is"),
        ("#: param many xsd:integer 5", "#: param other xsd:integer 5", "has no VALUES ?other"),
        ("VALUES ?many { 5 }", "VALUES ?many { 5 6 }", "VALUES ?many holds 2 terms"),
        ("#: column day The day.\n", "", "the columns are who; the SELECT gives who, day"),
        ("#: column day The day.", "#: column day", "a variable's name and its meaning are needed"),
        ("ORDER BY ?who\n", "", "ORDER BY and a closing LIMIT are needed"),
        ("LIMIT 10\n", "", "ORDER BY and a closing LIMIT are needed"),
        ("https://w3id.org/palermo/id/", "https://elsewhere.example/", "not one of those of graph/ids.py"),
        ("SELECT ?who ?day WHERE {", "SELECT ?who ?day WHERE {{", "no SPARQL"),
        ("SELECT ?who ?day WHERE", "CONSTRUCT { ?who a ?day } WHERE", "a SELECT is needed"),
    ],
)
def test_a_bad_file_is_refused(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(LibraryError) as caught:
        parse("bad-one", GOOD.replace(old, new, 1))
    assert any(says in line for line in caught.value.lines), caught.value.lines
    assert all(line.startswith("queries/bad-one.rq: ") for line in caught.value.lines)


def test_all_findings_come_at_once() -> None:
    text = GOOD.replace("#: bound 1..2", "#: bound x").replace("LIMIT 10", "").replace("#: tags one, two\n", "")
    with pytest.raises(LibraryError) as caught:
        parse("Bad Name", text)
    assert len(caught.value.lines) == 4


def answer(text: str) -> dict[str, str]:
    solutions = Store().query(text)
    assert isinstance(solutions, QuerySolutions)
    (row,) = solutions
    return {name: row[name].value for name in ("who", "day")}


def test_binding_replaces_every_block_and_nothing_else() -> None:
    query = parse("good-one", GOOD)
    text = query.bind({"who": "swe", "day": date(2010, 5, 31)})
    assert answer(text) == {"who": "https://w3id.org/palermo/id/swe", "day": "2010-05-31"}
    assert "id:in-a-text" in text
    assert "id:commented-out" in text


def test_data_prefixes_and_defaults_follow_the_base() -> None:
    query = parse("good-one", GOOD)
    ids = Ids("https://elsewhere.example/kg/")
    assert answer(query.bind(ids=ids))["who"] == "https://elsewhere.example/kg/id/fra"
    assert answer(query.bind({"who": "swe"}, ids=ids))["who"] == "https://elsewhere.example/kg/id/swe"


@pytest.mark.parametrize(
    "text", ['"', "'", '" } UNION { ?s ?p ?o', "\\", "\n", "} #", "<x>", "é\u202e", '"""', "VALUES ?who { id:swe }"]
)
def test_text_is_never_pasted(text: str) -> None:
    body = GOOD.replace("SELECT ?who ?day WHERE", "SELECT ?who ?text WHERE").replace(
        "#: column day The day.", "#: column text The text."
    )
    solutions = Store().query(parse("good-one", body).bind({"text": text}))
    assert isinstance(solutions, QuerySolutions)
    assert [row["text"].value for row in solutions] == [text]


@pytest.mark.parametrize(
    ("name", "value", "term"),
    [
        ("who", "fra", NamedNode("https://w3id.org/palermo/id/fra")),
        (
            "who",
            "action/untoc/fra/ratification",
            NamedNode("https://w3id.org/palermo/id/action/untoc/fra/ratification"),
        ),
        ("who", "src:untc-xviii-12", NamedNode("https://w3id.org/palermo/source/untc-xviii-12")),
        ("who", "con:basis/recorded", NamedNode("https://w3id.org/palermo/concept/basis/recorded")),
        ("who", "https://example.org/x", NamedNode("https://example.org/x")),
        ("who", NamedNode("urn:x"), NamedNode("urn:x")),
        ("day", "2004-02-29", Literal("2004-02-29", datatype=NamedNode(PREFIXES["xsd"] + "date"))),
        ("many", "7", Literal("7", datatype=NamedNode(PREFIXES["xsd"] + "integer"))),
        ("many", 7, Literal("7", datatype=NamedNode(PREFIXES["xsd"] + "integer"))),
        ("lang", "fr", Literal("fr")),
        ("text", "a b", Literal("a b")),
        ("maybe", None, None),
    ],
)
def test_terms(name: str, value: Value, term: NamedNode | Literal | None) -> None:
    assert parse("good-one", GOOD).param(name).term(value, Ids()) == term


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("who", "no such thing", "a local id such as fra"),
        ("who", "javascript:alert(1)", "a local id such as fra"),
        ("who", "https://example.org/a b", "a local id such as fra"),
        ("who", "../../etc", "a local id such as fra"),
        ("who", None, "a local id such as fra"),
        ("day", "2004-02-30", "a day YYYY-MM-DD"),
        ("day", "2004", "a day YYYY-MM-DD"),
        ("day", "20041231", "a day YYYY-MM-DD"),
        ("many", "7.5", "a whole number"),
        ("many", True, "a whole number"),
        ("lang", 'en" }', "a language code such as en or fr"),
        ("text", 5, "a text"),
        ("maybe", "a b", "or nothing"),
    ],
)
def test_other_values_are_refused(name: str, value: Value, allowed: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(allowed)):
        parse("good-one", GOOD).bind({name: value})


def test_an_unknown_parameter_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ParameterError, match="no parameter 'whom'; parameters: who, day, text"):
        parse("good-one", GOOD).bind({"whom": "fra"})


def test_local_ids_of_a_source_parameter_are_sources() -> None:
    param = Param.parse("source iri src:untc-xviii-12 The source.")
    assert param.term("other", Ids()) == NamedNode("https://w3id.org/palermo/source/other")


def test_an_unknown_query_is_refused_with_near_ones() -> None:
    with pytest.raises(UnknownQueryError, match="parties-to-treaty"):
        load()["parties"]
    assert "parties" not in load()
    assert load().get("parties") is None


def test_names_are_in_order_and_speak_both_languages() -> None:
    library = load()
    assert list(library) == sorted(library)
    for query in library.values():
        assert query.question.endswith("?")
        assert query.question_fr.endswith("\u00a0?"), "French puts an unbreakable space before it"
        assert not re.search(r"\w [:;?!%»]|« ", query.summary_fr), query.name
        assert query.summary_fr.endswith("."), query.name
        assert query.summary_fr != query.summary
