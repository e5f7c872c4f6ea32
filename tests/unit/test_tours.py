"""Guided tours and the data of the charts: read strictly, whole in both languages."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from graph.read import series, treaties
from graph.read.embedded import EmbeddedStore
from viz import questions, state, tours
from viz.treaty_names import treaty_names

GOOD = 'slug = "a-b"\nen = "E"\nfr = "F"\nlead_en = "e"\nlead_fr = "f"\n'
STEP = '[[step]]\nen = "e"\nfr = "f"\nrests = ["fra"]\n'


def test_there_are_five_tours_of_five_to_eight_steps() -> None:
    """Counted, so that a file that is no longer found is missed."""
    found = tours.tours()
    assert len(found) == 5
    assert all(tours.LEAST <= len(tour.steps) <= tours.MOST for tour in found)


def test_what_steps_rest_on_is_in_the_release(release_dir: Path) -> None:
    """Every path names something of which the release says something; every view of the explorer can be read."""
    with EmbeddedStore.open(release_dir) as store:
        for tour in tours.tours():
            for step in tour.steps:
                for path in step.rests:
                    assert store.ask(f"ASK {{ <{store.ids.entity(path)}> ?p ?o }}"), f"{tour.slug}: {path}"
                if step.explore:
                    state.parse(step.explore)


def test_numbers_in_a_step_are_those_of_its_figures(release_dir: Path) -> None:
    """A count that a step of the fifth tour gives stands in a figure or claim that it rests on."""
    tour = next(one for one in tours.tours() if one.slug == "an-article-checked")
    checked = 0
    with EmbeddedStore.open(release_dir) as store:
        for step in tour.steps:
            stated = set()
            for path in step.rests:
                rows = store.select(
                    f"SELECT ?v WHERE {{ <{store.ids.entity(path)}> pal:value|pal:claimText ?v }}"
                ).values()
                stated |= {number for row in rows for number in re.findall(r"\d[\d,]*", row["v"] or "")}
            stated = {one.replace(",", "").strip() for one in stated}
            for number in re.findall(r"\b\d{1,2},\d{3}\b|\b\d+(?= per cent| minors)", step.say["en"]):
                assert number.replace(",", "") in stated, f"{number} in {step.say['en']!r}"
                checked += 1
    assert checked >= 6


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_dates_of_steps_are_the_same_in_both_languages(lang: str) -> None:
    """The years that a step names are the same in English and French."""
    for tour in tours.tours():
        for step in tour.steps:
            other = step.say["fr" if lang == "en" else "en"]
            for year in re.findall(r"\b(?:19|20)\d\d\b", step.say[lang]):
                assert year in other, f"{tour.slug}: {step.say[lang]}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + STEP * 4, "4 steps"),
        (GOOD + STEP * 9, "9 steps"),
        (GOOD.replace("a-b", "A b") + STEP * 5, "slug"),
        (GOOD + STEP * 4 + STEP.replace('["fra"]', "[]"), "names no statement"),
        (GOOD + STEP * 4 + STEP + "colour = 1\n", "unknown colour"),
        (GOOD.replace('fr = "F"\n', "") + STEP * 5, "missing fr"),
    ],
)
def test_a_wrong_tour_is_refused(text: str, message: str) -> None:
    """What is wrong is named."""
    with pytest.raises(tours.TourError, match=message):
        tours.parse("x.toml", text)


def test_the_words_of_the_pages_have_the_same_keys() -> None:
    """Both languages say everything, with the same values put in."""

    def flat(table: dict[str, object], prefix: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in table.items():
            if isinstance(value, dict):
                found |= flat(value, f"{prefix}{name}.")
            else:
                found[prefix + name] = str(value)
        return found

    english, french = (
        flat(tomllib.loads(files("api").joinpath("words", f"atlas.{lang}.toml").read_text("utf-8")))
        for lang in ("en", "fr")
    )
    assert english.keys() == french.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", french[key])), key


def test_french_typography() -> None:
    """No ordinary space before a double sign, in any French sentence of these pages."""
    texts = [files("api").joinpath("words", "atlas.fr.toml").read_text("utf-8")]
    texts += [step.say["fr"] for tour in tours.tours() for step in tour.steps]
    texts += [
        text for one in questions.desk().questions for text in (one.title["fr"], one.counts["fr"], one.caveat["fr"])
    ]
    for text in texts:
        assert not re.search(r"\w [:;?!%»]|« ", "\n".join(line for line in text.splitlines() if line[:1] != "#")), text


def test_every_treaty_with_acts_has_a_short_name(release_dir: Path) -> None:
    """A treaty that enters the tables needs its names, and a name needs its treaty."""
    with EmbeddedStore.open(release_dir) as store:
        assert set(treaties.read(store, "en").treaties) == set(treaty_names())


def test_what_charts_show_has_its_french(release_dir: Path) -> None:
    """Publishers and remarks of every figure that a chart shows; ids that the file names exist; no panel is empty."""
    french = tomllib.loads(files("viz").joinpath("figures-fr.toml").read_text("utf-8"))
    desk = questions.desk()
    with EmbeddedStore.open(release_dir) as store:
        figures = series.read(store, "fr")
    named = {
        *desk.rounded,
        *(one for question in desk.questions for panel in question.panels for one in panel.pick.without),
    }
    assert named <= set(figures.by_id)
    shown = []
    for question in desk.questions:
        for panel in question.panels:
            rows = figures.rows(panel.pick, desk.rounded)
            assert rows, f"{question.id}: {panel.heading['en']}"
            shown += [one for row in rows for one in row.figures]
    for figure in shown:
        assert figure.publisher in french["publishers"], figure.publisher
        assert not figure.note or figure.note in french["notes"], figure.note
