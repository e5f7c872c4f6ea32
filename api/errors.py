"""The one error tree of the HTTP door; every answer that is no answer is one of these, as RFC 9457 problem+json.

    Problem
      BadRequest        400  the request itself is wrong            SyntaxProblem      400  the query is not SPARQL
      TooComplex        400  nested too deeply                      UpdateRefused      403  this service is read-only
      FeatureRefused    403  e.g. SERVICE                           NotFound           404
      Forbidden         403  for people at the machine itself
      MethodNotAllowed  405                                         NotAcceptable      406
      Gone              410  withdrawn                              TooLarge           413  the request is too large
      UriTooLong        414                                         UnsupportedMediaType 415
      OutOfMemory       422  the query needs too much memory        ResultTooLarge     422  the answer is too large
      TooManyShares     429  shared too much within the hour        Failure            500  a slip of ours
      ServiceFailed     502  an allowed SERVICE failed              EngineFailed       502  so did the engine elsewhere
      Overloaded        503  come back later                        TimedOut           504  the query ran out of time
      NotKept           507  no more can be shared here

Each kind has a type URI, `/problems/{kind}`, where it is explained. `detail` is written for the person who asked;
nothing of the engine's own text, no trace and no path ever stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final


class Problem(Exception):
    """A problem to answer with. Keyword arguments become members of the problem document."""

    kind: ClassVar[str] = "failure"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong here"
    about: ClassVar[str] = "A mistake of this server, not of the request. It has been logged with the request's number."
    remedy: ClassVar[str] = "Try again; if it happens again, report it with the request number of the answer."

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        self.detail = detail or self.about
        self.headers = dict(headers or {})
        self.members = members
        super().__init__(f"{self.kind}: {self.detail}")

    def document(self, base: str, instance: str = "") -> dict[str, Any]:
        """The problem document; `base` is the address of this server without a slash at its end."""
        found: dict[str, Any] = {
            "type": f"{base}/problems/{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if instance:
            found["instance"] = instance
        return {**found, **self.members}


class Failure(Problem):
    """A slip of ours."""


class BadRequest(Problem):
    kind, status, title = "bad-request", 400, "The request cannot be understood"
    about = "A parameter is missing, given twice where once is allowed, badly encoded, or has a value that is no such."
    remedy = "The `detail` says which part is wrong and what is allowed there."


class SyntaxProblem(Problem):
    kind, status, title = "syntax", 400, "The query is not valid SPARQL 1.1"
    about = "The query does not follow the grammar of SPARQL 1.1."
    remedy = (
        "`line`, `column` and `source` say where reading stopped; the mistake is there or just before. "
        "`hint` offers a missing PREFIX where one is well known."
    )


class TooComplex(Problem):
    kind, status, title = "too-complex", 400, "The query is nested too deeply"
    about = "Brackets or operators stand inside one another more often than the engine can follow."
    remedy = "Write long lists as VALUES and chains as property paths."


class UpdateRefused(Problem):
    kind, status, title = "update-refused", 403, "This service is read-only"
    about = "SPARQL Update is never carried out here, whoever asks."
    remedy = "Download the data and change your own copy."


class FeatureRefused(Problem):
    kind, status, title = "feature-refused", 403, "The query uses a feature that is not served"
    about = "SERVICE makes a server fetch from another address. Only services that the operator lists may be named."
    remedy = "Ask the other service yourself and join the answers, or put its data in a VALUES block."


class Forbidden(Problem):
    kind, status, title = "forbidden", 403, "This is not for you"
    about = "The page is for people at the server's own machine, and the request came from elsewhere."
    remedy = "Ask http://127.0.0.1 from the machine itself, without a proxy, and use the forms of the page."


class NotFound(Problem):
    kind, status, title = "not-found", 404, "There is nothing at this address"
    about = "No such page, entity, source or term in this release."
    remedy = "Search for it by name; identifiers never change, so a mistyped address is the likeliest cause."


class MethodNotAllowed(Problem):
    kind, status, title = "method-not-allowed", 405, "This address does not take that method"
    about = "The address exists, the method is not one that it answers."
    remedy = "The header `Allow` lists the methods that it does."


class NotAcceptable(Problem):
    kind, status, title = "not-acceptable", 406, "None of the accepted formats can be given"
    about = "The answer exists, in none of the formats that the Accept header or `format=` asks for."
    remedy = "The member `available` lists the formats there are; without an Accept header you get the first."


class Gone(Problem):
    kind, status, title = "gone", 410, "This was withdrawn"
    about = "The identifier existed in an earlier release and was withdrawn; the detail says why."
    remedy = "Earlier releases keep it."


class TooLarge(Problem):
    kind, status, title = "request-too-large", 413, "The request is too large"
    about = "The body of the request is larger than this server reads."
    remedy = "Shorten the query, or split it."


class UriTooLong(Problem):
    kind, status, title = "uri-too-long", 414, "The address is too long"
    about = "The URL of the request is longer than this server reads."
    remedy = "Send the query by POST."


class UnsupportedMediaType(Problem):
    kind, status, title = "unsupported-media-type", 415, "The body has a media type that is not read here"
    about = "A query by POST is either a form or the query itself."
    remedy = "Use application/x-www-form-urlencoded with query=…, or application/sparql-query."


class OutOfMemory(Problem):
    kind, status, title = "out-of-memory", 422, "The query needs more memory than it is given"
    about = "The query was stopped when it reached the memory that one query may use."
    remedy = (
        "Sort or group less at once, join on shared variables, ask for one part at a time. The same query "
        "will be refused at once as long as this release is served."
    )


class ResultTooLarge(Problem):
    kind, status, title = "result-too-large", 422, "The answer is larger than this server sends"
    about = "The answer passed the size that one answer may have."
    remedy = "Add LIMIT and OFFSET, project fewer columns, ask for CSV, or download the release."


class TooManyShares(Problem):
    kind, status, title = "too-many-shares", 429, "Too much was shared from one address"
    about = "Short addresses are kept on this server's disk, so one address may make only so many within an hour."
    remedy = "Wait as long as the header `Retry-After` says, or share the long address or the text itself."


class ServiceFailed(Problem):
    kind, status, title = "service-failed", 502, "A service named in the query did not answer"
    about = "The query names an allowed SERVICE, which failed or gave no SPARQL result."
    remedy = "Try again later, or write SERVICE SILENT."


class EngineFailed(Problem):
    kind, status, title = "engine-failed", 502, "The engine that holds the release failed"
    about = "Queries are answered by an engine elsewhere, and it gave no answer to this one that can be used."
    remedy = "Write the query another way, or try again later. What is known of the engine stands in docs/engines.md."


class Overloaded(Problem):
    kind, status, title = "overloaded", 503, "Too many long queries are waiting"
    about = "Every place for long queries is taken and the queue is full, or your share of it is."
    remedy = "Wait as long as the header `Retry-After` says. Short queries are still answered."


class TimedOut(Problem):
    kind, status, title = "timed-out", 504, "The query ran out of time"
    about = "The query was stopped when it reached its time limit. Nothing of it is sent: an answer is whole or none."
    remedy = (
        "Add LIMIT, bind more variables, join on shared variables instead of filtering products. The same query "
        "will be refused at once as long as this release is served."
    )


class NotKept(Problem):
    kind, status, title = "not-kept", 507, "This server keeps no more short addresses"
    about = "The number of shares that the operator allows is reached, sharing is off, or the disk cannot be written."
    remedy = "Share the long address or the text itself. Short addresses that exist go on working."


#: Every kind, by name; :mod:`api.routes.problems` documents each at its address.
KINDS: Final[dict[str, type[Problem]]] = {
    one.kind: one
    for one in (
        BadRequest,
        SyntaxProblem,
        TooComplex,
        UpdateRefused,
        FeatureRefused,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        NotAcceptable,
        Gone,
        TooLarge,
        UriTooLong,
        UnsupportedMediaType,
        OutOfMemory,
        ResultTooLarge,
        TooManyShares,
        Failure,
        ServiceFailed,
        EngineFailed,
        Overloaded,
        TimedOut,
        NotKept,
    )
}

_BY_STATUS: Final[dict[int, type[Problem]]] = {
    400: BadRequest,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    406: NotAcceptable,
    410: Gone,
    413: TooLarge,
    414: UriTooLong,
    415: UnsupportedMediaType,
    422: BadRequest,
    502: ServiceFailed,
    503: Overloaded,
    504: TimedOut,
}


def for_status(status: int, detail: str = "", headers: Mapping[str, str] | None = None) -> Problem:
    """The problem for a status that another library chose."""
    return _BY_STATUS.get(status, Failure)(detail, headers=headers)
