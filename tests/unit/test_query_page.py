"""The query page's form: parameters of named queries as fields, with words in both languages; what editors complete."""

from __future__ import annotations

import json
from pathlib import Path

from api.language import words
from api.views import query
from graph.ids import PREFIXES, Ids
from graph.read import completion, library


def test_every_parameter_has_a_word_in_both_languages() -> None:
    names = {one.name for each in library.load().values() for one in each.params}
    assert len(names) > 20
    for lang in ("en", "fr"):
        missing = [name for name in sorted(names) if f"query.param.{name}" not in words(lang)]
        assert missing == [], f"api/words/{lang}.toml, [query.param]"


def test_values_of_a_request_are_those_of_the_query() -> None:
    one = library.load()["parties-to-treaty"]
    values = query.given(one, {"p-treaty": "untoc", "p-date": "", "treaty": "x"}, "fr")
    assert values == {"treaty": "untoc", "lang": "fr"}
    fields = {field.name: (field.kind, field.value) for field in query.parameters(one, values)}
    assert fields == {"p-treaty": ("text", "untoc"), "p-date": ("date", "2026-11-23"), "p-lang": ("text", "fr")}
    assert "id:untoc" in one.bind(values, ids=Ids()) or "/id/untoc>" in one.bind(values, ids=Ids())


def test_a_parameter_that_may_be_left_open_can_be_emptied() -> None:
    for each in library.load().values():
        for one in each.params:
            if one.optional:
                assert query.given(each, {f"p-{one.name}": ""}, "en").get(one.name, "") is None
                return
    raise AssertionError("no query has a parameter that may be left open")


def test_a_name_is_shortened_only_where_it_needs_no_escapes() -> None:
    assert completion.shortened("https://w3id.org/palermo/id/fra", PREFIXES) == "id:fra"
    assert completion.shortened("https://w3id.org/palermo/concept/basis/recorded", PREFIXES) is None
    assert completion.shortened("https://w3id.org/palermo/id/", PREFIXES) is None
    assert completion.shortened("https://example.org/x", PREFIXES) is None


def test_the_release_says_what_can_be_completed(release_dir: Path) -> None:
    raw = (release_dir / "schema.json").read_text("utf-8")
    found = json.loads(raw)
    assert found["prefixes"]["pal"] == PREFIXES["pal"]
    classes = {row[0]: row for row in found["classes"]}
    assert classes["pal:State"][2:] == ["state", "État"]
    things = {row[0]: row for row in found["things"]}
    assert things["id:fra"] == ["id:fra", "State", "France", None]
    assert things["id:swe"][3] == "Suède"
    assert {"pal:memberOf", "skos:prefLabel"} <= {row[0] for row in found["properties"]}
    for key in ("classes", "properties", "things"):
        names = [row[0] for row in found[key]]
        assert names == sorted(set(names))
    assert len(things) > 900
    assert len(raw.encode()) < 200_000
