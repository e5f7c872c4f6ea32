"""The network in files is the network in memory, item by item, and what stands in files behaves as tuples and dicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from graph.read import packed, packing
from graph.read.index import NetworkIndex, UnknownNodeError
from graph.read.paths import Paths
from graph.read.release import Release


@pytest.fixture(scope="module")
def here(release_dir: Path) -> Iterator[NetworkIndex]:
    with Release.open(release_dir) as release:
        yield release.index


@pytest.fixture(scope="module")
def there(here: NetworkIndex, tmp_path_factory: pytest.TempPathFactory) -> NetworkIndex:
    directory = tmp_path_factory.mktemp("packed") / "network"
    packing.pack(here, directory)
    return packing.unpack(directory, here.release, here.ids)


SEQUENCES = ("nodes", "edges", "links", "sources", "incident", "degree")
MAPPINGS = ("types", "kinds", "classes", "aliases", "statements")


@pytest.mark.parametrize("name", SEQUENCES)
def test_every_item_is_the_same(here: NetworkIndex, there: NetworkIndex, name: str) -> None:
    assert len(getattr(there, name)) == len(getattr(here, name)) > 100
    assert tuple(getattr(there, name)) == tuple(getattr(here, name))


@pytest.mark.parametrize("name", MAPPINGS)
def test_every_key_is_the_same(here: NetworkIndex, there: NetworkIndex, name: str) -> None:
    assert dict(getattr(there, name).items()) == dict(getattr(here, name).items()) != {}


def test_nothing_of_the_network_is_left_out(here: NetworkIndex) -> None:
    assert {field.name for field in fields(here)} == {*SEQUENCES, *MAPPINGS, "release", "ids"}


def test_paths_are_the_same(here: NetworkIndex, there: NetworkIndex) -> None:
    for a, b in (("fra", "greta"), ("expertise-france", "eu"), ("miprof", "unodc"), ("swe", "fra")):
        ends = here.find(a).number, here.find(b).number
        assert Paths(there).between(*ends) == Paths(here).between(*ends) != []


def test_what_is_not_there(there: NetworkIndex) -> None:
    with pytest.raises(UnknownNodeError):
        there.find("nobody-at-all")
    with pytest.raises(UnknownNodeError):
        there.edge("nothing/at/all")
    with pytest.raises(IndexError):
        there.nodes[len(there.nodes)]
    assert there.find("FRA") is there.find("fra")
    assert there.nodes[-1] == there.nodes[len(there) - 1]
    assert "fra" in there.aliases
    assert "" not in there.aliases


def test_a_network_of_nothing(tmp_path: Path) -> None:
    packed.write_texts(tmp_path / "texts", [])
    packed.write_groups(tmp_path / "groups", [])
    packed.write_keys(tmp_path / "keys", {})
    assert list(packed.Texts(tmp_path / "texts")) == []
    assert list(packed.Groups(tmp_path / "groups")) == []
    assert packed.Keys(tmp_path / "keys").get("x") is None


def test_texts_are_found_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    words = {"zèbre": 1, "zebre": 2, "": 3, "Œuvre": 4, "𝔘": 5, "\uffff": 6, "a b": 7}
    packed.write_keys(tmp_path / "keys", words)
    keys = packed.Keys(tmp_path / "keys")
    assert dict(keys.items()) == words
    assert {word: keys.get(word) for word in words} == words
    assert [keys.get(word + "x") for word in words] == [None] * len(words)
