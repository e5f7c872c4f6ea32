"""Releases on disk: when, made how, and that they answer as releases in memory do."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat

from bench.answers import digest
from bench.multiply import multiply
from graph import manifest
from graph.manifest import ManifestError
from graph.read import ondisk
from graph.read.embedded import EmbeddedStore
from graph.read.library import load
from graph.read.store import BadQuery
from tests.conftest import PALERMO
from tests.stores import releases
from tests.stores.answers import DATA

FORMS = (
    "SELECT ?s ?n { ?s a pal:State ; rdfs:label ?n FILTER(LANG(?n) = 'en') } ORDER BY ?s",
    "SELECT (STR(?g) AS ?name) (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?name",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return releases.write(tmp_path / "release", DATA.read_text(encoding="utf-8"))


def test_every_form_is_answered_as_in_memory(small: Path, tmp_path: Path) -> None:
    place = ondisk.make(small, tmp_path / "indexes")
    with EmbeddedStore.open(small) as here, EmbeddedStore.at(place, manifest.read(small)) as there:
        assert there.ids == here.ids
        for query in FORMS:
            assert there.select(query).rows == here.select(query).rows
            assert there.serialized(query, QueryResultsFormat.CSV) == here.serialized(query, QueryResultsFormat.CSV)
        for query in ("DESCRIBE id:fra", "CONSTRUCT WHERE { id:fra ?p ?o }", "DESCRIBE ?t { ?t a pal:Treaty }"):
            assert sorted(there.construct(query), key=str) == sorted(here.construct(query), key=str) != []
        for query in ("ASK { ?s a pal:Treaty }", "ASK { ?s a pal:Nothing }"):
            assert there.ask(query) == here.ask(query)
        for query in ("SELECT ?s { ?s ?p }", "ASK {}"):
            with pytest.raises(BadQuery):
                there.select(query)


def test_every_named_query_answers_the_same_on_the_release(release_dir: Path, tmp_path: Path) -> None:
    place, described = ondisk.served(release_dir, tmp_path, 0)
    form = QueryResultsFormat.JSON
    with EmbeddedStore.open(release_dir) as here, EmbeddedStore.at(place, described) as there:
        asked = {name: query.bind(ids=here.ids) for name, query in load().items()}
        differ = {
            name
            for name, text in asked.items()
            if digest(here.serialized(text, form)) != digest(there.serialized(text, form))
        }
    assert len(asked) >= 60
    assert differ == set()


def test_what_was_made_says_what_it_holds_and_is_made_once(small: Path, tmp_path: Path) -> None:
    described = manifest.read(small)
    said = list[str]()
    place = ondisk.make(small, tmp_path / "indexes", said.append)
    assert (
        ondisk.make(small, tmp_path / "indexes", said.append) == place == ondisk.found(tmp_path / "indexes", described)
    )
    assert len(said) == 1
    made = ondisk.made(place)
    assert (made.hash, made.triples) == (described.hash, described.counts["triples"])
    assert sum(made.graphs.values()) == described.counts["quads"]
    assert len(made.graphs) == described.counts["graphs"]


def test_reading_writes_nothing(small: Path, tmp_path: Path) -> None:
    place = ondisk.make(small, tmp_path / "indexes")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in place.rglob("*")}
    with EmbeddedStore.at(place, manifest.read(small)) as one, EmbeddedStore.at(place, manifest.read(small)) as other:
        assert one.select(FORMS[2]).rows == other.select(FORMS[2]).rows
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in place.rglob("*")} == before


@pytest.mark.parametrize("damage", ["format", "hash", "gone"])
def test_what_cannot_be_used_is_made_again(small: Path, tmp_path: Path, damage: str) -> None:
    described, indexes = manifest.read(small), tmp_path / "indexes"
    place = ondisk.make(small, indexes)
    if damage == "gone":
        (place / ondisk.MADE).unlink()
    else:
        raw = json.loads((place / ondisk.MADE).read_text("utf-8")) | {damage: 0}
        (place / ondisk.MADE).write_text(json.dumps(raw), encoding="utf-8")
    assert ondisk.found(indexes, described) is None
    with EmbeddedStore.at(ondisk.ensured(small, indexes), described) as store:
        assert store.ask("ASK { ?s a pal:Treaty }")
    assert [path.name for path in indexes.iterdir() if path.is_dir()] == [place.name]


def test_a_release_that_is_not_what_its_manifest_says_is_refused_and_leaves_nothing(
    small: Path, tmp_path: Path
) -> None:
    merged = small / manifest.MERGED
    merged.write_bytes(merged.read_bytes() + b"<a:a> <a:a> <a:a> .\n")
    with pytest.raises(ManifestError, match="the manifest says"):
        ondisk.make(small, tmp_path / "indexes")
    merged.write_text("no triples")
    with pytest.raises(ManifestError, match="could not be made"):
        ondisk.make(small, tmp_path / "indexes")
    assert [path for path in (tmp_path / "indexes").iterdir() if path.is_dir()] == []


def test_size_decides(release_dir: Path) -> None:
    described = manifest.read(release_dir)
    size = ondisk.statements(described)
    assert size == described.counts["triples"] + described.counts["quads"] > 250_000
    assert not ondisk.wanted(described, size)
    assert ondisk.wanted(described, size - 1)
    # More than the memory of any machine: on disk, whatever is allowed.
    huge = replace(described, counts={"triples": 1 << 50, "quads": 1 << 50})
    assert ondisk.wanted(huge, 1 << 60)


def test_the_command_makes_it_and_a_query_reads_it(small: Path, tmp_path: Path) -> None:
    indexes = tmp_path / "indexes"
    done = subprocess.run(
        [PALERMO, "release", "index", small, "--to", indexes], capture_output=True, text=True, check=True, timeout=60
    )
    place = ondisk.place(indexes, manifest.read(small))
    assert done.stdout.splitlines()[-1] == str(place)
    for name in (manifest.DATASET, manifest.MERGED):  # it is the store on disk that answers
        (small / name).unlink()
    environment = {**os.environ, "PALERMO_INDEXES": str(indexes), "PALERMO_MEMORY_STATEMENTS": "0"}
    asked = subprocess.run(
        [PALERMO, "query", "ASK { ?s a pal:Treaty }", "--release", small, "--format", "csv"],
        env=environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert asked.stdout.strip() == "true"


def test_a_multiplied_release_counts_what_it_holds(release_dir: Path, tmp_path: Path) -> None:
    multiply(release_dir, 2, tmp_path / "twice")
    place = ondisk.make(tmp_path / "twice", tmp_path / "indexes")  # compares with the manifest
    with EmbeddedStore.at(place, manifest.read(tmp_path / "twice")) as store:
        of = "SELECT (COUNT(*) AS ?n) { ?e pal:subject id:%s ; pal:predicate pal:partyTo }"
        counts = [store.select(of % one).values()[0]["n"] for one in ("fra", "fra-x2")]
        assert counts[0] == counts[1] != "0"
        assert store.select("SELECT ?n { id:fra-x2 skos:prefLabel ?n FILTER(LANG(?n) = 'en') }").values() == [
            {"n": "France 2"}
        ]
