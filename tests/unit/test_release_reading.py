"""The façade for notebooks, and the lists that the API pages through."""

from __future__ import annotations

from datetime import date

import pandas
import pytest

from graph.read import library
from graph.read.collections import COLLECTIONS
from graph.read.release import Release
from graph.read.rows import CursorError
from graph.read.store import BadQuery
from tests import recount


def test_a_query_is_a_table(release: Release) -> None:
    found = release.query(
        "SELECT ?treaty (COUNT(?a) AS ?n) { ?a a pal:TreatyAction ; pal:treaty ?treaty } GROUP BY ?treaty"
    )
    assert isinstance(found, pandas.DataFrame)
    counted = {iri.rpartition("/")[2]: n for iri, n in zip(found["treaty"], found["n"], strict=True)}
    expected: dict[str, int] = {}
    for treaty, *_ in recount.actions():
        expected[treaty] = expected.get(treaty, 0) + 1
    assert counted == expected


def test_values_have_python_types(release: Release) -> None:
    found = release.query(
        'SELECT ("x" AS ?t) (1 AS ?i) (1.5 AS ?d) (true AS ?b) ("2002-10-29"^^xsd:date AS ?day) ?none {}'
    )
    row = found.iloc[0]
    assert (row["t"], row["i"], row["d"], bool(row["b"]), row["day"]) == ("x", 1, 1.5, True, date(2002, 10, 29))
    assert row["none"] is None


def test_only_select(release: Release) -> None:
    with pytest.raises(BadQuery):
        release.query("ASK {}")


def test_unknown_family(release: Release) -> None:
    with pytest.raises(ValueError, match="known are treaty"):
        release.network(families=["friendship"])


#: List -> how many items the tables say it has.
COUNTS = {
    "actors": lambda: len(recount.ids("states", "actors")),
    "instruments": lambda: len(recount.ids("instruments")),
    "projects": lambda: len(recount.ids("projects")),
    "judgments": lambda: len(recount.ids("court-cases")),
    "treaty-actions": lambda: len(recount.actions()),
    "evaluations": lambda: len(recount.evaluations()),
    "statistics": lambda: len(recount.ids("statistics")),
    "sources": lambda: len(recount.ids("sources")),
    "claims": lambda: len(recount.ids("claims")),
    "treaties": lambda: len({r["id"] for r in recount.rows("instruments") if r["type"] in ("Treaty", "Protocol")}),
}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_lists_are_as_long_as_the_tables_say(release: Release, name: str) -> None:
    assert len(release.rows.all(name)) == COUNTS[name]()


def test_relations_are_those_of_the_tables(release: Release) -> None:
    stated = [item for item in release.rows.all("relations") if "rule" not in item]
    assert len(stated) == len(recount.relations())


@pytest.mark.parametrize("name", sorted(COLLECTIONS))
def test_pages_give_everything_once_in_every_order(release: Release, name: str) -> None:
    collection = COLLECTIONS[name]
    size = max(7, len(release.rows.all(name)) // 9)
    for sort in ["id", *(field.name for field in collection.fields if field.sort)]:
        for sign in ("", "-"):
            seen: list[str] = []
            cursor = None
            while True:
                page = release.rows.page(collection, filters={}, sort=sign + sort, limit=size, cursor=cursor)
                seen += [item["id"] for item in page.items]
                cursor = page.next
                if cursor is None:
                    break
            assert len(seen) == len(set(seen)) == page.count == len(release.rows.all(name))


def test_a_cursor_survives_the_loss_of_its_item(release: Release) -> None:
    collection = COLLECTIONS["treaties"]
    first = release.rows.page(collection, filters={}, sort="id", limit=5)
    lost = first.items[-1]["id"]
    rest = release.rows.page(
        collection, filters={}, sort="id", limit=None, cursor=first.next, keep=lambda item: item["id"] != lost
    )
    assert [item["id"] for item in rest.items] == sorted(item["id"] for item in release.rows.all("treaties"))[5:]


@pytest.mark.parametrize("cursor", ["x", "====", "WzFd", "eyJhIjoxfQ", "W251bGwsbnVsbCxudWxsXQ"])
def test_bad_cursors(release: Release, cursor: str) -> None:
    with pytest.raises(CursorError):
        release.rows.page(COLLECTIONS["treaties"], filters={}, sort="id", limit=5, cursor=cursor)


def test_a_cursor_belongs_to_its_order(release: Release) -> None:
    collection = COLLECTIONS["treaties"]
    cursor = release.rows.page(collection, filters={}, sort="id", limit=5).next
    with pytest.raises(CursorError):
        release.rows.page(collection, filters={}, sort="-id", limit=5, cursor=cursor)


@pytest.mark.parametrize("treaty", ["palermo-protocol", "untoc", "cets-197", "crc-opsc"])
@pytest.mark.parametrize("day", ["2006-01-01", "2015-03-14", "2026-11-23"])
def test_parties_of_a_list_are_those_of_the_named_query(release: Release, treaty: str, day: str) -> None:
    query = library.load()["parties-to-treaty"].bind({"treaty": treaty, "date": day}, ids=release.index.ids)
    rows = release.store.select(query).values()
    page = release.rows.page(
        COLLECTIONS["party-statuses"],
        filters={"treaty": frozenset({treaty})},
        sort="id",
        limit=None,
        as_of=date.fromisoformat(day),
    )
    assert {item["participant"] for item in page.items} == {
        (row["participant"] or "").rpartition("/")[2] for row in rows
    }
    certain = {item["participant"] for item in page.items if item["standing"] == "valid" and "startDay" in item}
    assert certain == {(row["participant"] or "").rpartition("/")[2] for row in rows if row["status"] == "certain"}


def test_several_graphs_are_not_counted_twice(release: Release) -> None:
    """The engine would count a triple once for each graph that holds it; a FROM in a text or an IRI is none."""
    with pytest.raises(BadQuery, match="several FROM"):
        release.query("SELECT (COUNT(*) AS ?n) FROM <a:1> FROM <a:2> { ?s ?p ?o }")
    assert len(release.query("SELECT ?from FROM NAMED <a:FROM> { VALUES ?from { ' FROM x FROM y' } } # FROM FROM")) == 1
