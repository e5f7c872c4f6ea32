"""`palermo links` against a real HTTP server in this process: what each answer means, and what is never written."""

from __future__ import annotations

import csv
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from graph.build import links, pipeline, tables, vocabulary
from graph.build.findings import BuildError
from graph.build.tables import Row
from graph.ids import PAL, Ids, redirects

TINY = Path(__file__).parents[1] / "tiny" / "facts"
DAY = date(2026, 11, 23)


class Site(BaseHTTPRequestHandler):
    """Answers by path; notes what it was asked."""

    asked: list[tuple[str, str]]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.asked.append((self.command, self.path))
        status = {"/gone": 410, "/missing": 404, "/refused": 403, "/broken": 500, "/moved": 301, "/circle": 302}
        code = status.get(self.path, 200)
        if self.path == "/get-only" and self.command == "HEAD":
            code = 405
        self.send_response(code)
        if code in (301, 302):
            self.send_header("Location", "/fine" if code == 301 else "/circle")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal of the tests."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    place = tmp_path / "facts"
    shutil.copytree(TINY, place)
    return place


def source(name: str, url: str) -> Row:
    return Row("sources", "sources-test.csv", 2, {"id": name, "url": url})


def run(
    facts: Path, sources: list[Row], today: date = DAY, days: int = 30, say: Callable[[str], None] = lambda text: None
) -> links.Summary:
    with links.client(5.0) as client:
        return links.check(facts, sources, client, today, days=days, pause=0, say=say)


def kept(facts: Path) -> dict[str, tuple[str, str]]:
    with (facts / links.FILE).open(encoding="utf-8", newline="") as file:
        return {row["source"]: (row["outcome"], row["answer"]) for row in csv.DictReader(file)}


def test_every_answer_has_its_meaning(site: str, facts: Path) -> None:
    paths = ["fine", "moved", "get-only", "gone", "missing", "refused", "broken", "circle"]
    done = run(facts, [source(name, f"{site}/{name}") for name in paths] + [source("none", "")])
    assert done.outcomes == {"alive": 3, "dead": 2, "unclear": 3}
    assert kept(facts) == {
        "fine": ("alive", "200"),
        "moved": ("alive", "200"),
        "get-only": ("alive", "200"),
        "gone": ("dead", "410"),
        "missing": ("dead", "404"),
        "refused": ("unclear", "403"),
        "broken": ("unclear", "500"),
        "circle": ("unclear", "sent on in a circle"),
    }
    assert ("GET", "/fine") not in Site.asked[:1]
    assert [method for method, path in Site.asked if path == "/get-only"] == ["HEAD", "GET"]


def test_what_was_asked_lately_is_not_asked_again(site: str, facts: Path) -> None:
    sources = [source("fine", f"{site}/fine"), source("gone", f"{site}/gone")]
    run(facts, sources)
    assert run(facts, sources, date(2026, 12, 1)).asked == 0
    moved = [sources[0], source("gone", f"{site}/other")]
    assert run(facts, moved, date(2026, 12, 1)).asked == 1, "another address was never asked"
    assert kept(facts)["gone"] == ("alive", "200")
    assert run(facts, moved, date(2027, 1, 1)).asked == 2
    assert run(facts, moved[:1], date(2027, 3, 1)).asked == 1
    assert set(kept(facts)) == {"fine"}, "the row of a source that is no more goes"


def test_without_a_network_nothing_changes(facts: Path) -> None:
    with socket.socket() as probe:  # a port of this machine that nobody listens on, as any address without a network
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    said: list[str] = []
    with pytest.raises(links.NoNetworkError, match="none of 2 hosts answered"):
        run(facts, [source("one", f"{address}/a"), source("two", "http://no-such-host.invalid/")], say=said.append)
    assert not (facts / links.FILE).exists()
    assert said == [], "no address is called dead for want of a network"


def test_silence_of_one_host_among_others_is_kept_as_unclear(site: str, facts: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{probe.getsockname()[1]}"
    run(facts, [source("silent", f"{silent}/a"), source("fine", f"{site}/fine")])
    assert kept(facts) == {"silent": ("unclear", "ConnectError"), "fine": ("alive", "200")}


def test_the_answers_reach_the_graph_and_only_those_of_the_address_that_stands(facts: Path) -> None:
    read = tables.read(facts, vocabulary.load().notations, redirects())
    first, second = [row for row in read["sources"] if row["url"]][:2]
    (facts / links.FILE).write_text(
        "source,url,outcome,answer,checked\n"
        f"{first['id']},{first['url']},dead,404,2026-11-23\n"
        f"{second['id']},https://example.org/before,dead,404,2026-11-23\n",
        encoding="utf-8",
    )
    ids = Ids()
    done = pipeline.check(facts, ids)
    outcome = NamedNode(PAL + "linkOutcome")
    assert {str(one.subject) for one in done.merged if one.predicate == outcome} == {f"<{ids.source(first['id'])}>"}


def test_a_check_of_no_source_is_a_finding(facts: Path) -> None:
    (facts / links.FILE).write_text(
        "source,url,outcome,answer,checked\nnobody,https://example.org/,lost,404,2026-11-23\n", encoding="utf-8"
    )
    with pytest.raises(BuildError) as caught:
        tables.read(facts, vocabulary.load().notations, redirects())
    told = "\n".join(caught.value.lines)
    assert "link-checks.csv:2 [source]: 'nobody' is no source" in told
    assert "[outcome]: 'lost' is not in the closed list link-outcome: alive, dead, unclear" in told
