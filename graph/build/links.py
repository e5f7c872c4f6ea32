"""Asks the addresses of the sources whether they still answer, and keeps the answers in `link-checks.csv`.

Polite: HEAD first and GET only where HEAD is refused, no body is read, one host at a time with a pause between two
requests to it, a name that says who asks. Safe without a network: when no host at all answers, nothing is written,
because then it is the asker who is cut off. Each host's answers are written as soon as they are there, so that a long
run may be interrupted.
"""

from __future__ import annotations

import csv
import io
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from graph.build import keeping
from graph.build.refresh.apply import only_one
from graph.build.schema import LINK_CHECKS
from graph.build.tables import Row

AGENT: Final = "palermo-links/1 (+https://w3id.org/palermo/; checks whether cited pages still answer)"
FILE: Final = f"{LINK_CHECKS.name}.csv"
#: Statuses by which a server says that HEAD is not for it, or answers HEAD otherwise than GET.
_ASK_AGAIN: Final = frozenset({400, 403, 404, 405, 406, 410, 500, 501, 503})
_GONE: Final = frozenset({404, 410})
#: Hosts that must all be silent before the network is taken to be missing.
SILENT: Final = 5


class NoNetworkError(Exception):
    """No host answered: the network is missing, and nothing is known of any address."""


@dataclass(frozen=True)
class Answer:
    """What one address answered: outcome of the closed list, and the status or the reason in a few words."""

    outcome: str
    text: str
    heard: bool


@dataclass(frozen=True)
class Summary:
    """How many addresses were asked in a run and what came back, by outcome."""

    asked: int
    outcomes: dict[str, int]


def due(sources: Iterable[Row], known: dict[str, dict[str, str]], today: date, days: int) -> list[Row]:
    """The sources whose address is to be asked: never asked, another than the one asked, or asked `days` ago."""
    found = []
    for row in sources:
        last = known.get(row["id"])
        fresh = last is not None and last["url"] == row["url"]
        if row["url"] and not (fresh and last and _age(last["checked"], today) < timedelta(days)):
            found.append(row)
    return found


def read(facts: Path) -> dict[str, dict[str, str]]:
    """The answers kept so far, by source; empty where none was ever asked."""
    path = facts / FILE
    if not path.exists():
        return {}
    return {row["source"]: row for row in csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))}


def check(
    facts: Path,
    sources: list[Row],
    client: httpx.Client,
    today: date,
    *,
    days: int = 30,
    limit: int = 0,
    pause: float = 1.0,
    say: Callable[[str], None] = lambda text: None,
) -> Summary:
    """Ask every address that is due, host by host, and keep the answers. `limit` 0 asks all.

    Raises :class:`NoNetworkError`; then the file is as it was.
    """
    wanted = due(sources, read(facts), today, days)
    hosts: dict[str, list[Row]] = defaultdict(list)
    for row in wanted[: limit or None]:
        hosts[urlsplit(row["url"]).netloc].append(row)
    current = {row["id"]: row["url"] for row in sources}
    waiting: dict[str, dict[str, str]] = {}
    outcomes: dict[str, int] = defaultdict(int)
    silent, heard = 0, False
    unsaid: list[str] = []
    for rows in hosts.values():
        answers = _ask_host(client, rows, pause)
        silent += not any(one.heard for one in answers.values())
        heard = heard or any(one.heard for one in answers.values())
        for source, one in answers.items():
            outcomes[one.outcome] += 1
            waiting[source] = {
                "source": source, "url": current[source], "outcome": one.outcome, "answer": one.text,
                "checked": today.isoformat(),
            }  # fmt: skip
            unsaid.append(f"{one.outcome}: {current[source]} ({one.text})")
        # Until one host has answered, nothing tells a dead address from a missing network.
        if heard:
            for line in unsaid:
                say(line)
            unsaid = []
            _keep(facts, waiting, current)
            waiting = {}
        elif silent >= SILENT:
            break
    if hosts and not heard:
        raise NoNetworkError(f"none of {silent} hosts answered, {next(iter(hosts))} the first; nothing was changed")
    return Summary(sum(outcomes.values()), dict(sorted(outcomes.items())))


def _keep(facts: Path, new: dict[str, dict[str, str]], current: dict[str, str]) -> None:
    """Add answers to the file; rows of addresses that no source has any more go."""
    with only_one(facts):
        known = {source: row for source, row in read(facts).items() if current.get(source) == row["url"]}
        keeping.replace(facts / FILE, keeping.dump(LINK_CHECKS, {**known, **new}.values()))


def _ask_host(client: httpx.Client, rows: list[Row], pause: float) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for number, row in enumerate(rows):
        if number:
            time.sleep(pause)
        found[row["id"]] = ask(client, row["url"])
        if not found[row["id"]].heard and number == 0 and found[row["id"]].outcome == "dead":
            # A host without a name is asked once, however many addresses it has.
            return {one["id"]: found[row["id"]] for one in rows}
    return found


def ask(client: httpx.Client, url: str) -> Answer:
    """Ask one address. A failure to connect is an answer too, though not one of the server's."""
    try:
        status = client.head(url).status_code
        if status in _ASK_AGAIN:
            with client.stream("GET", url) as response:
                status = response.status_code
    except httpx.TooManyRedirects:
        return Answer("unclear", "sent on in a circle", heard=True)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        if _nameless(urlsplit(url).hostname or ""):
            return Answer("dead", "no such host", heard=False)
        # Certificates and broken answers come from a server that is there.
        spoke = isinstance(error, httpx.RemoteProtocolError | httpx.ReadTimeout | httpx.DecodingError)
        return Answer("unclear", type(error).__name__, heard=spoke)
    if 200 <= status < 300:
        return Answer("alive", str(status), heard=True)
    return Answer("dead" if status in _GONE else "unclear", str(status), heard=True)


def _nameless(host: str) -> bool:
    """Whether the name service says that there is no such name, as against saying nothing."""
    try:
        socket.getaddrinfo(host, None)
    except socket.gaierror as error:
        return error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
    return False


def _age(checked: str, today: date) -> timedelta:
    return today - date.fromisoformat(checked)


def client(timeout: float) -> httpx.Client:
    """The client of a run: follows redirects, waits `timeout` seconds for a server."""
    return httpx.Client(headers={"User-Agent": AGENT}, follow_redirects=True, timeout=timeout)
