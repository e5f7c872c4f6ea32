"""What an earlier release had and this one has not: renamed, renamed inside a statement, withdrawn, never there."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.documents import missing
from api.errors import Gone, NotFound
from api.site import Site
from graph.ids import Redirect
from graph.read.embedded import EmbeddedStore


@pytest.fixture
def site(tmp_path: Path) -> Site:
    file = tmp_path / "data.ttl"
    about = "<https://w3id.org/palermo/id/relation/new-name/funds/other>"
    file.write_text(f'{about} <http://www.w3.org/2000/01/rdf-schema#label> "x" .', encoding="utf-8")
    found = Site(EmbeddedStore.of_files([file]))
    found.redirects = {
        "old-name": Redirect("old-name", "new-name", "2026-01-01", "a better name"),
        "mistake": Redirect("mistake", "", "2026-02-03", "it never existed"),
        "source/old": Redirect("source/old", "source/new", "2026-01-01", "the same page"),
    }
    return found


@pytest.mark.parametrize(
    ("kind", "local", "ending", "target"),
    [
        ("id", "old-name", "", "/id/new-name"),
        ("doc", "old-name", "ttl", "/doc/new-name.ttl"),
        ("source", "old", "jsonld", "/source/new.jsonld"),
        ("doc", "relation/old-name/funds/other", "nt", "/doc/relation/new-name/funds/other.nt"),
    ],
)
def test_renamed_is_308(site: Site, kind: str, local: str, ending: str, target: str) -> None:
    answer = missing(site, kind, local, ending)
    assert (answer.status_code, answer.headers["location"]) == (308, target)


def test_withdrawn_is_410_and_says_why(site: Site) -> None:
    with pytest.raises(Gone) as caught:
        missing(site, "doc", "mistake")
    assert caught.value.status == 410
    assert "2026-02-03" in caught.value.detail
    assert "it never existed" in caught.value.detail


@pytest.mark.parametrize("local", ["nothing", "relation/old-name/funds/nobody", "relation/mistake/funds/other", "old"])
def test_unknown_is_404(site: Site, local: str) -> None:
    with pytest.raises(NotFound):
        missing(site, "doc", local)
