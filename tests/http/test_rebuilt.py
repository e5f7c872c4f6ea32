"""One client, two releases: what it was given before a rebuild stays good after it. And what only made-up tables hold:
Wikidata numbers, which no source of the real ones states yet."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import httpx
import pytest

from graph.build import pipeline
from graph.ids import Ids
from tests.conftest import serving

TINY = Path(__file__).parents[1] / "tiny" / "facts"
#: The second tables lack this one, on which the first page ends, …
LOST = "ccem"
#: … and have these besides: one that sorts before that place, one after it.
EARLIER, LATER = "aaa-new", "zzz-new"

pytestmark = pytest.mark.xdist_group("pipeline")


def release(directory: Path, second: bool) -> Path:
    """The tiny tables, with the Wikidata number of France and for the second release with other actors, built."""
    facts = directory / "facts"
    shutil.copytree(TINY, facts)
    table = facts / "actors-tiny.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["id"] == "fra":
            row["wikidata"] = "Q142"
    if second:
        named = {**dict.fromkeys(rows[0], ""), "type": "Network", "description_en": "New.", "source": rows[0]["source"]}
        rows = [row for row in rows if row["id"] != LOST]
        rows += [{**named, "id": one, "name_en": one, "name_fr": one} for one in (EARLIER, LATER)]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row["source"], row["id"])))
    for other in facts.glob("*.csv"):
        if second and other != table:
            lines = other.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if LOST not in line.rstrip("\n").rpartition(",")[0].split(",")]
            other.write_text("".join(kept), encoding="utf-8")
    assert pipeline.build(facts, directory / "release", Ids())
    return directory / "release"


def ids(answer: httpx.Response) -> list[str]:
    """The ids of a page."""
    return [item["id"] for item in answer.raise_for_status().json()["items"]]


def test_a_cursor_outlives_the_release_that_gave_it(tmp_path: Path) -> None:
    with serving("--release", release(tmp_path / "first", second=False)) as url:
        everything = ids(httpx.get(f"{url}/api/v1/actors", params={"limit": 1000}, timeout=60))
        size = everything.index(LOST) + 1
        first = httpx.get(f"{url}/api/v1/actors", params={"limit": size})
        following = httpx.get(first.json()["next"])
        assert ids(first) + ids(following) == everything[: 2 * size]
        for name in (
            "Q142",
            "q142",
            "http://www.wikidata.org/entity/Q142",
            "FR",
            "FRA",
            "https://w3id.org/palermo/id/fra",
        ):
            assert httpx.get(f"{url}/api/v1/entities/{name}").json()["id"] == "fra", name
            assert httpx.get(f"{url}/api/v1/actors/{name}").json()["sameAs"] == ["http://www.wikidata.org/entity/Q142"]
        found = httpx.get(f"{url}/api/v1/treaty-actions", params={"participant": "Q142", "treaty": "crc"}).json()
        assert {item["participant"]["id"] for item in found["items"]} == {"fra"}
        assert httpx.get(f"{url}/api/v1/entities/Q143").status_code == 404
    query = httpx.URL(first.json()["next"]).query
    with serving("--release", release(tmp_path / "second", second=True)) as url:
        now = ids(httpx.get(f"{url}/api/v1/actors", params={"limit": 1000}, timeout=60))
        assert LOST not in now
        assert now.index(EARLIER) < size < now.index(LATER)
        rest, address = [], f"{url}/api/v1/actors?{query.decode()}"
        while address:
            page = httpx.get(address)
            rest += ids(page)
            address = page.json().get("next", "")
        assert rest == [one for one in now if one > LOST], (
            "nothing twice and nothing left out after the page that was read"
        )
