"""What each connector asks for: addresses that it knows again when it reads, with the headers that they need."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pyoxigraph import Store

from graph.build.pipeline import facts_directory
from graph.build.refresh import cellar, eurostat, greta, iati, run, sparql, wikidata
from graph.build.refresh.cache import Answer
from graph.build.refresh.errors import LayoutError
from graph.build.tables import Tables
from tests.refresh.recorded import ADDRESSES, FETCHED

PAGE = b"<html><script>window.conventions_api_key='abc123';</script></html>"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return run.tables_of(facts_directory())


def asked(name: str, tables: Tables, body: bytes = PAGE) -> dict[str, Mapping[str, str]]:
    """The addresses and headers that a connector asks for, in their order."""
    found: dict[str, Mapping[str, str]] = {}

    def get(url: str, headers: Mapping[str, str]) -> Answer:
        found[url] = headers
        return Answer(url, body, FETCHED, "text/html; charset=utf-8")

    answers = run.connector(name).fetch(get, tables)
    assert [one.url for one in answers] == [url for url in found if "module=signatures" not in url]
    return found


def test_untc_asks_for_every_treaty_of_its_chapters(tables: Tables) -> None:
    found = asked("untc", tables)
    wanted = [
        r["reference"]
        for r in tables["instruments"]
        if r["reference"].startswith(("UNTC IV-", "UNTC VII-", "UNTC XVIII-"))
    ]
    assert len(found) == len(set(wanted)) >= 24
    assert ADDRESSES["untc/VII-5.html"][0] in found


def test_coe_takes_the_key_from_the_public_page(tables: Tables) -> None:
    page, *services = asked("coe", tables).items()
    assert page[0].startswith("https://www.coe.int/en/web/conventions/full-list?")
    assert [headers for _, headers in services] == [{"token": "abc123"}] * 3
    assert ADDRESSES["coe/210.json"][0] in dict(services)
    with pytest.raises(LayoutError, match=r"window\.conventions_api_key in the page; found no such line"):
        asked("coe", tables, b"<html></html>")


def test_wikidata_asks_for_names_in_batches_and_never_for_persons(tables: Tables) -> None:
    queries = [sparql.asked(url) for url in asked("wikidata", tables)]
    assert {endpoint for endpoint, _ in queries} == {wikidata.ENDPOINT}
    text = "\n".join(query for _, query in queries)
    assert '"La Strada International"@en' in text
    persons = [row["name_en"] for row in tables["actors"] if row["type"] == "Person"]
    assert persons
    assert not [name for name in persons if f'"{name}"' in text]
    assert max(len(url) for url in asked("wikidata", tables)) < 8000
    assert max(query.count("@en") for _, query in queries) <= wikidata.BATCH


def test_cellar_asks_by_celex_number(tables: Tables) -> None:
    acts, measures = (sparql.asked(url)[1] for url in asked("cellar", tables))
    for number in ("32011L0036", "32024L1712", "32002F0629", "52021DC0171", "52012DC0286"):
        assert f'"{number}"^^xsd:string' in acts
    assert '"32011L0036"' in measures
    assert "DC0171" not in measures, "only directives are transposed"


def test_the_others(tables: Tables) -> None:
    assert list(asked("greta", tables)) == [greta.ADDRESS]
    assert list(asked("iati", tables)) == [iati.SEARCH]
    assert ADDRESSES["normlex/c189.html"][0] in asked("normlex", tables)
    assert len(asked("eurostat", tables)) == len(eurostat.DATASETS)
    assert ADDRESSES["eurostat/crim_thb_sex.csv"][0] in asked("eurostat", tables)


@pytest.mark.parametrize("name", sorted(run.CONNECTORS))
def test_another_address_is_not_read(name: str, tables: Tables) -> None:
    elsewhere = Answer("https://example.org/", PAGE, FETCHED, "text/html")
    with pytest.raises(LayoutError, match=r"expected .*; found "):
        run.proposals(name, [elsewhere], tables)


def test_queries_are_sparql(tables: Tables) -> None:
    known = {
        "wd": "http://www.wikidata.org/entity/", "wdt": "http://www.wikidata.org/prop/direct/",
        "p": "http://www.wikidata.org/prop/", "psv": "http://www.wikidata.org/prop/statement/value/",
        "wikibase": "http://wikiba.se/ontology#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    }  # fmt: skip
    store = Store()
    for name in ("wikidata", "cellar"):
        for url in asked(name, tables):
            assert list(store.query(sparql.asked(url)[1], prefixes=known)) == []


def test_queries_name_what_they_bind() -> None:
    for query, variables in (
        (wikidata._QUERY, wikidata._VARIABLES),
        (cellar._ACTS_QUERY, cellar._ACTS),
        (cellar._MEASURES_QUERY, cellar._MEASURES),
    ):
        head = query.split("SELECT", 1)[1].split("WHERE")[0].removeprefix(" DISTINCT")
        assert head.split() == [f"?{name}" for name in variables]
