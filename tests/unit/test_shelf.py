"""Answers that are kept whole: what is kept, what tells two requests apart, and how much there may be."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.shelf import Shelf, keep
from tests.loops import run


class Counting:
    """An application that counts how often it is asked; `/kept…` says that its answer may be kept."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the number of the request."""
        self.asked += 1
        scope["route"] = "the route"
        if scope["path"].startswith("/kept"):
            keep(Request(scope))
        response = Response(b"x" * 5000 + str(self.asked).encode(), 404 if "missing" in scope["path"] else 200)
        if "cookie" in scope["path"]:
            response.set_cookie("lang", "fr")
        await response(scope, receive, send)


def ask(app: Any, path: str, method: str = "GET", **headers: str) -> bytes:
    """The body of one answer."""
    scope = {"type": "http", "method": method, "scheme": "http", "path": path, "query_string": b"", "state": {}}
    scope["headers"] = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    run(app(scope, receive, send))
    assert scope["route"] == "the route"
    assert [one["type"] for one in sent] == ["http.response.start", "http.response.body"]
    body: bytes = sent[1]["body"]
    return body


def test_an_answer_is_made_once() -> None:
    """The second of two like requests is answered without the application, with the same bytes."""
    app = Counting()
    shelf = Shelf(app)
    assert ask(shelf, "/kept/a") == ask(shelf, "/kept/a")
    assert app.asked == 1
    assert shelf.size > 5000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"host": "a"}, {"host": "b"}),
        ({"accept": "text/html"}, {"accept": "text/turtle"}),
        ({"accept_language": "fr"}, {"accept_language": "en"}),
        ({"accept_encoding": "gzip"}, {}),
        ({"if_none_match": '"x"'}, {}),
        ({"cookie": "theme=dark"}, {"cookie": "theme=light"}),
        ({"cookie": "a=1; lang=fr"}, {"cookie": "a=1"}),
    ],
)
def test_what_tells_requests_apart(one: dict[str, str], other: dict[str, str]) -> None:
    """Everything that an answer may depend on is part of its key."""
    app = Counting()
    shelf = Shelf(app)
    assert ask(shelf, "/kept", **one) != ask(shelf, "/kept", **other)
    assert ask(shelf, "/kept", **one) == ask(shelf, "/kept", **one)
    assert app.asked == 2


def test_what_does_not() -> None:
    """Cookies of others and the name of the program make no difference."""
    app = Counting()
    shelf = Shelf(app)
    assert ask(shelf, "/kept", cookie="visit=1", user_agent="a") == ask(shelf, "/kept", cookie="visit=2")


@pytest.mark.parametrize(
    ("path", "method"), [("/other", "GET"), ("/kept", "HEAD"), ("/kept/missing", "GET"), ("/kept/cookie", "GET")]
)
def test_what_is_never_kept(path: str, method: str) -> None:
    """Routes that do not ask for it, other methods, problems, and answers that set a cookie."""
    app = Counting()
    shelf = Shelf(app)
    ask(shelf, path, method)
    ask(shelf, path, method)
    assert app.asked == 2
    assert shelf.size == 0


def test_there_is_a_bound() -> None:
    """The least recently used goes first; an answer that is an eighth of everything is not kept at all."""
    app = Counting()
    shelf = Shelf(app, limit=80_000)
    for number in range(30):
        ask(shelf, f"/kept/{number}")
        ask(shelf, "/kept/0")
    assert shelf.size <= 80_000
    assert app.asked == 30  # the first stayed, since it was asked for again and again
    ask(shelf, "/kept/1")
    assert app.asked == 31
    small = Shelf(app, limit=8000)
    ask(small, "/kept")
    assert small.size == 0
