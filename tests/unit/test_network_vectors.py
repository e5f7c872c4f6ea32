"""What the browser of a copy is bound to: the originals give the answers of network-vectors.json on its network.

`viz/web/test/network.test.ts` asks the twins in `viz/web/src/copy/` the same.
"""

from __future__ import annotations

import json

from api.archive import network as archive
from graph.read.paths import KINDS
from graph.read.release import Release
from tests.unit import network_vectors
from tests.unit.network_vectors import PATH, answers, cut, unpack


def test_the_originals_give_the_stored_answers() -> None:
    """Paths, comparisons and views of the stored network, made now."""
    stored = json.loads(PATH.read_text("utf-8"))
    made = json.loads(json.dumps(answers(unpack(stored["network"]))))
    for what in ("paths", "compared", "views"):
        assert made[what] == stored[what], what
    told = [one["found"] for one in stored["paths"]]
    assert sum(map(len, told)) > 30
    assert {one["kind"] for found in told for one in found} > {"direct", "project", "treaty"}
    assert {one["kind"] for found in told for one in found} <= set(KINDS)


def test_a_packed_network_answers_as_the_whole(release: Release) -> None:
    """Packing loses nothing that paths, comparisons and views of the real release rest on."""
    whole = unpack(json.loads(json.dumps(archive.pack(release.index))))
    assert whole.degree == release.index.degree
    assert whole.incident == release.index.incident
    asked = network_vectors.ASKED[:3]
    kept, network_vectors.ASKED[:] = list(network_vectors.ASKED), asked
    try:
        assert list(network_vectors._paths(whole)) == list(network_vectors._paths(release.index))
    finally:
        network_vectors.ASKED[:] = kept
    assert list(network_vectors._compared(whole)) == list(network_vectors._compared(release.index))


def test_the_stored_network_is_one_of_the_real_release(release: Release) -> None:
    """The cut is what the front end reads: the same columns, and ids that the release still has."""
    stored = json.loads(PATH.read_text("utf-8"))["network"]
    assert stored.keys() == cut(release.index).keys()
    gone = [one for one in stored["nodes"]["id"] if one not in release.index.aliases]
    assert not gone
