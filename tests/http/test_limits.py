"""Every limit, run into: time, memory, nesting, the queue; what is remembered; and that nobody else notices."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
import pytest

from bench.hostile import tree
from tests import engine
from tests.http.conftest import TIME
from tests.loops import run

#: Runs for years on any data.
ENDLESS: Final = "SELECT (COUNT(*) AS ?n) {{ {} FILTER(?a + ?b != {}) }}"
DIGITS: Final = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefghijkl")
HUNGRY: Final = f"SELECT DISTINCT * {{ {DIGITS} }} ORDER BY ?l"
LIGHT: Final = "SELECT ?s { ?s ?p ?o } LIMIT 3"
#: The same, so long that it is parsed in a worker even where an engine elsewhere answers it.
PARSED: Final = f"{LIGHT} #{'.' * 400}"


def endless(number: int) -> str:
    return ENDLESS.format(DIGITS, 1000 + number)


def ask(client: httpx.Client, query: str, **more: Any) -> httpx.Response:
    return client.post("/sparql", data={"query": query, **more})


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def test_a_query_out_of_time_is_stopped_and_remembered(limited: httpx.Client) -> None:
    begun = time.monotonic()
    answer = ask(limited, endless(1))
    assert (answer.status_code, kind(answer), answer.json()["limit"]) == (504, "timed-out", TIME)
    assert TIME <= time.monotonic() - begun < TIME + 3
    assert "LIMIT" in answer.json()["detail"]
    _until(lambda: _refused_at_once(limited, "# the same, written differently\n" + endless(1).replace(" ", "  ")))


def _refused_at_once(client: httpx.Client, query: str) -> bool:
    """Whether a query is known to run out of time. On a busy machine that takes more than one try: a query that was
    left without processor time is not condemned.
    """
    begun = time.monotonic()
    answer = ask(client, query)
    assert (answer.status_code, kind(answer)) == (504, "timed-out")
    return time.monotonic() - begun < TIME / 2


def test_timeout_lowers_the_limit_and_its_verdict_holds_for_no_more(limited: httpx.Client) -> None:
    begun = time.monotonic()
    answer = ask(limited, endless(2), timeout="0.3")
    assert (kind(answer), answer.json()["limit"]) == ("timed-out", 0.3)
    assert time.monotonic() - begun < TIME
    assert ask(limited, endless(2)).json()["limit"] == TIME
    assert ask(limited, endless(3), timeout="3600").json()["limit"] == TIME


def test_a_query_out_of_memory_is_stopped_and_remembered(limited: httpx.Client) -> None:
    answer = ask(limited, HUNGRY)
    assert (answer.status_code, kind(answer), answer.json()["limit"]) == (422, "out-of-memory", 64 << 20)
    begun = time.monotonic()
    assert kind(ask(limited, HUNGRY)) == "out-of-memory"
    assert time.monotonic() - begun < 0.5


@pytest.mark.parametrize("brackets", ["{}", "()"])
def test_deep_nesting_is_refused(limited: httpx.Client, brackets: str) -> None:
    opened, closed = brackets[0] * 3000, brackets[1] * 3000
    query = f"SELECT * {opened}?s ?p ?o{closed}" if brackets == "{}" else f"SELECT ({opened}1{closed} AS ?x) {{}}"
    answer = ask(limited, query)
    assert (answer.status_code, kind(answer)) == (400, "too-complex")


def test_a_parser_that_runs_out_of_stack_is_only_a_bad_query(limited: httpx.Client) -> None:
    """Nesting that the guard does not count: the worker dies of it, and the server says what it was."""
    paths = "SELECT * { ?a " + "/".join(["<x:p>"] * 40_000) + " ?b }"
    sums = "SELECT (" + "+".join(["1"] * 60_000) + " AS ?x) {}"
    for query in (paths, sums):
        answer = limited.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"})
        assert answer.status_code in (400, 422, 504), answer.text
        assert ask(limited, LIGHT).status_code == 200


def test_the_queue_is_bounded_and_says_when_to_come_back(limited: httpx.Client) -> None:
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda number: ask(limited, endless(100 + number)), range(12)))
    kinds = [kind(answer) for answer in answers]
    assert set(kinds) == {"timed-out", "overloaded"}
    assert all(answer.status_code == 503 for answer in answers if kind(answer) == "overloaded")
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers if kind(answer) == "overloaded")


def test_cheap_queries_do_not_wait_behind_expensive_ones(limited: httpx.Client) -> None:
    for _ in range(3):
        assert ask(limited, LIGHT).status_code == 200
    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(ask, limited, endless(200 + number)) for number in range(4)]
        time.sleep(0.1)
        times = []
        while not all(one.done() for one in running):
            begun = time.monotonic()
            assert ask(limited, LIGHT).status_code == 200
            times.append(time.monotonic() - begun)
    assert len(times) > 10
    assert statistics.quantiles(times, n=20)[-1] < 0.25


def test_two_lanes_are_seen_from_outside(limited: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(
            ask, limited, f"ASK {{ {DIGITS} FILTER({' + '.join(f'?{name}' for name in 'abcdefghijkl')} > 1000) }}"
        )
        seen = []
        while not running.done():
            seen.append(limited.get("/ready").json()["load"])
            time.sleep(0.02)
    assert max(load["quick"] for load in seen) >= 1
    assert max(load["slow"] for load in seen) == 1
    assert limited.get("/ready").json()["load"] == {"quick": 0, "quick_waiting": 0, "slow": 0, "slow_waiting": 0}


def test_a_query_ends_when_its_client_goes_away(client: httpx.Client, tiny: str) -> None:
    body = endless(400).encode()
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", int(tiny.rpartition(":")[2]))) as connection:
        connection.sendall(f"{head}\r\n\r\n".encode() + body)
        _until(lambda: client.get("/ready").json()["load"]["slow"] == 1)
    _until(lambda: client.get("/ready").json()["load"]["slow"] == 0, within=2)


def _until(true: Any, within: float = 10.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_slow_reader_holds_no_worker(client: httpx.Client, tiny: str) -> None:
    """Six clients ask for megabytes and read nothing: their answers wait in memory files, the workers are free."""
    body = f"SELECT * {{ {DIGITS.split('VALUES ?e')[0]} }}".encode()
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(body)}"
    connections = []
    try:
        for _ in range(6):
            connection = socket.create_connection(("127.0.0.1", int(tiny.rpartition(":")[2])))
            connection.sendall(f"{head}\r\n\r\n".encode() + body)
            connections.append(connection)
        _until(lambda: sum(client.get("/ready").json()["load"].values()) == 0, within=30)
        begun = time.monotonic()
        assert ask(client, LIGHT).status_code == 200
        assert time.monotonic() - begun < 5  # and not the two minutes that its readers may take
    finally:
        for connection in connections:
            connection.close()


def test_workers_that_die_are_replaced_unnoticed(client: httpx.Client, tiny: str) -> None:
    assert ask(client, PARSED).status_code == 200
    server = _server_pid(int(tiny.rpartition(":")[2]))
    zygote = next(pid for pid in tree(server) if _name(pid) == "palermo-zygote")
    for worker in [pid for pid in tree(zygote) if pid != zygote]:
        os.kill(worker, signal.SIGKILL)
    assert all(ask(client, PARSED).status_code == 200 for _ in range(10))
    os.kill(zygote, signal.SIGKILL)
    _until(lambda: ask(client, PARSED).status_code == 200)
    assert all(ask(client, PARSED).status_code == 200 for _ in range(10))


def _name(pid: int) -> str:
    with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
        return file.read().strip()


def _command(pid: int) -> str:
    with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
        return file.read()


def _parent(pid: int) -> int:
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def _server_pid(port: int) -> int:
    """The process that was started to listen on a port."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                command = _command(int(entry)).split("\0")
            except OSError:
                continue
            forked = _name(int(entry)).startswith("palermo-")  # it has its parent's command line
            if "serve" in command and str(port) in command and not forked:
                return int(entry)
    raise AssertionError(f"no server on {port}")


def test_workers_have_no_network_and_cannot_write(client: httpx.Client, tiny: str) -> None:
    """Seen from outside: another network namespace than the server's, a seccomp filter, limits on memory and files."""
    assert ask(client, PARSED).status_code == 200
    server = _server_pid(int(tiny.rpartition(":")[2]))
    locks = client.get("/ready").json()["locks"]
    workers = [pid for pid in tree(server) if _name(pid) in ("palermo-zygote", "palermo-worker")]
    assert len(workers) >= (2 if engine.chosen() else 3)  # with an engine elsewhere they parse, and are few
    for pid in workers:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            status = file.read()
        assert ("Seccomp:\t2" in status) == locks["no sockets, no programs"]
        assert (os.readlink(f"/proc/{pid}/ns/net") != os.readlink(f"/proc/{server}/ns/net")) == locks[
            "network namespace"
        ]
        if _parent(pid) != server:
            with open(f"/proc/{pid}/limits", encoding="utf-8") as file:
                limits = {line[:26].strip(): line[26:].split()[0] for line in file}
            assert limits["Max data size"] != "unlimited"
            assert int(limits["Max file size"]) < 1 << 30
            assert limits["Max core file size"] == "0"
    assert any(locks.values()), "neither lock on the network holds on this machine"


def test_many_at_once(client: httpx.Client) -> None:
    """Concurrent light queries on forks that share one store: every answer whole and the same."""

    async def all_of_them(url: str) -> list[str]:
        async with httpx.AsyncClient(base_url=url, timeout=30) as one:
            parameters = {"query": "SELECT * { ?s ?p ?o FILTER(!isBlank(?o)) } ORDER BY ?s ?p ?o", "format": "csv"}
            return [
                (await got).text
                for got in [asyncio.create_task(one.get("/sparql", params=parameters)) for _ in range(100)]
            ]

    texts = run(all_of_them(str(client.base_url)))
    assert len(set(texts)) == 1
    assert len(texts[0].splitlines()) > 15


def test_threads_of_the_test_are_gone() -> None:
    """Nothing above left a thread behind, which could hide a request that never ended."""
    assert [one.name for one in threading.enumerate() if one.name.startswith("ThreadPoolExecutor")] == []
