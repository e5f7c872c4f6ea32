"""Settings: read once, strictly, from a flag, the environment or the default."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from api.settings import SettingError, Settings, markdown, table


def test_a_flag_wins_over_the_environment_and_that_over_the_default() -> None:
    assert Settings.read({}).time_limit == 30.0
    assert Settings.read({"PALERMO_TIME_LIMIT": "7"}).time_limit == 7.0
    assert Settings.read({"PALERMO_TIME_LIMIT": "7"}, time_limit=3.0).time_limit == 3.0
    assert Settings.read({"PALERMO_TIME_LIMIT": "7"}, time_limit=None).time_limit == 7.0


def test_lists() -> None:
    read = Settings.read({"PALERMO_DATA": "a.ttl:b.nt", "PALERMO_SERVICES": "http://a/ http://b/"})
    assert read.data == (Path("a.ttl"), Path("b.nt"))
    assert read.services == ("http://a/", "http://b/")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PALERMO_TIME_LIMIT", "soon", "seconds"),
        ("PALERMO_TIME_LIMIT", "0", "at least 0.05"),
        ("PALERMO_TIME_LIMITS", "3", "no such setting"),
        ("PALERMO_SLOW_NICE", "20", "at most 19"),
        ("PALERMO_URL_LIMIT", "70000", "at most 60000"),
        ("PALERMO_PUBLIC_URL", "ftp://x", "http or https"),
        ("PALERMO_ROW_LIMIT", "1.5", "rows"),
    ],
)
def test_what_cannot_be_used_is_one_clear_error(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingError, match=says) as error:
        Settings.read({name: value})
    assert name in str(error.value)


def test_every_setting_says_what_it_does_and_why() -> None:
    rows = table()
    assert len(rows) == len(fields(Settings)) >= 24
    for row in rows:
        assert row.about.endswith(".")
        assert row.reason.endswith(".")
        assert row.unit
        assert row.variable == "PALERMO_" + row.name.upper()


@pytest.mark.parametrize("contact", ["nobody", "a@b c", "a@b?cc=x@y", "mailto:a@example.org"])
def test_a_contact_is_a_mail_address(contact: str) -> None:
    """It stands in a mailto: address, where a question mark would add what nobody asked for."""
    with pytest.raises(SettingError, match="mail address"):
        Settings.read({"PALERMO_CONTACT": contact})


def test_the_page_of_settings_holds_the_table_as_it_is() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
    assert markdown() in page.read_text(encoding="utf-8")
