"""Shares: content-addressed, bounded, never replaced, there again after a restart."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from api import shares
from api.shares import ID, Full, Share, Shares, TooLong, TooMany


def keeper(directory: Path, number: int = 10, rate: int = 100) -> Shares:
    return Shares(directory / "kept", size=100, number=number, rate=rate)


def test_the_same_content_has_the_same_id_and_is_kept_once(tmp_path: Path) -> None:
    first = keeper(tmp_path).keep("query", "query=ASK+%7B%7D")
    assert first.new
    assert ID.fullmatch(first.id)
    assert len(first.id) == 12
    again = keeper(tmp_path).keep("query", "query=ASK+%7B%7D")
    assert again == Share(first.id, "query", first.state, new=False)
    other = keeper(tmp_path).keep("view", "query=ASK+%7B%7D")
    assert other.id != first.id
    assert len(list((tmp_path / "kept").glob("*/*/*"))) == 2


def test_another_process_finds_what_was_kept(tmp_path: Path) -> None:
    kept = keeper(tmp_path).keep("view", "focus=greta")
    assert keeper(tmp_path).find(kept.id) == Share(kept.id, "view", "focus=greta")


@pytest.mark.parametrize("name", ["", "a", "aaaaaaaaaaaa", "../../../etc/passwd", "AAAAAAAAAAAA", "a" * 40])
def test_what_is_not_kept_is_not_found(tmp_path: Path, name: str) -> None:
    assert keeper(tmp_path).find(name) is None


def test_size_and_number_are_bounded_and_nothing_is_forgotten(tmp_path: Path) -> None:
    kept = keeper(tmp_path, number=3)
    with pytest.raises(TooLong, match="100 bytes"):
        kept.keep("query", "é" * 51)
    ids = [kept.keep("query", f"query={turn}").id for turn in range(3)]
    with pytest.raises(Full, match="3 shares"):
        kept.keep("query", "query=3")
    with pytest.raises(Full):
        keeper(tmp_path, number=3).keep("query", "query=3")
    assert [kept.find(one) for one in ids] == [Share(one, "query", f"query={turn}") for turn, one in enumerate(ids)]
    assert not kept.keep("query", "query=0").new


def test_one_client_may_share_so_much_an_hour(tmp_path: Path) -> None:
    now = [0.0]
    kept = Shares(tmp_path, size=100, number=10, rate=2, clock=lambda: now[0])
    for turn in range(2):
        kept.keep("query", f"query={turn}", "192.0.2.1")
    with pytest.raises(TooMany):
        kept.keep("query", "query=2", "192.0.2.1")
    assert not kept.keep("query", "query=1", "192.0.2.1").new
    assert kept.keep("query", "query=2", "192.0.2.2").new
    now[0] = 3601
    assert kept.keep("query", "query=3", "192.0.2.1").new


def test_two_contents_of_one_short_id_are_both_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_names", lambda _, data: ["a" * 12, "a" * 12 + data.decode()])
    kept = keeper(tmp_path)
    one, two = kept.keep("query", "b" * 8), kept.keep("query", "c" * 8)
    assert (one.id, two.id) == ("a" * 12, "a" * 12 + "c" * 8)
    assert kept.find(one.id) == Share(one.id, "query", "b" * 8)
    assert kept.find(two.id) == Share(two.id, "query", "c" * 8)


def test_threads_keep_no_more_than_the_number(tmp_path: Path) -> None:
    kept = keeper(tmp_path, number=5)
    refused = []

    def share(turn: int) -> None:
        try:
            kept.keep("query", f"query={turn}")
        except Full:
            refused.append(turn)

    threads = [threading.Thread(target=share, args=(turn,)) for turn in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 7
    assert len(list((tmp_path / "kept").glob("*/*/*"))) == 5


def test_a_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file")
    with pytest.raises(Full, match="cannot be written"):
        keeper(tmp_path).keep("query", "query=1")
