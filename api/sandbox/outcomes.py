"""What became of a query that has no answer: the problem to tell, and whether it will be the same next time."""

from __future__ import annotations

import signal
from typing import Any, Final

from api.errors import (
    Failure,
    OutOfMemory,
    Problem,
    ResultTooLarge,
    ServiceFailed,
    SyntaxProblem,
    TimedOut,
    TooComplex,
)
from api.settings import Settings

#: What a worker tells of a syntax error, beside the detail.
_TOLD: Final = ("line", "column", "source", "marker", "hint")


def problem(error: str, members: dict[str, Any], limits: Settings) -> tuple[Problem, bool]:
    """The problem for a worker's error, and whether the same query will always have it."""
    match error:
        case "syntax":
            told = {name: members[name] for name in _TOLD if name in members}
            return SyntaxProblem(members["detail"], **told), False
        case "bytes":  # another format may be shorter
            size = limits.byte_limit
            return ResultTooLarge(f"The answer is larger than {size} bytes. {ResultTooLarge.remedy}", limit=size), False
        case "memory":
            size = limits.memory_limit
            detail = f"The query needs more than {size} bytes of memory. {OutOfMemory.remedy}"
            return OutOfMemory(detail, limit=size), True
        case "nesting":
            return TooComplex(f"The query nests deeper than the engine can follow. {TooComplex.remedy}"), True
        case "killed":  # by the machine, which may have been short of memory for other reasons
            return OutOfMemory(headers={"Retry-After": "10"}), False
        case "service":
            return ServiceFailed(), False
        case _:
            return Failure(), False


def timed_out(seconds: float) -> TimedOut:
    """The problem of a query that was stopped at its limit."""
    return TimedOut(f"The query was stopped after its limit of {seconds:g} seconds. {TimedOut.remedy}", limit=seconds)


def cause(number: int) -> str:
    """What a signal that ended a worker says about its query: Rust aborts when memory runs out, and a parser that
    runs out of stack is stopped by the memory protection.
    """
    if number == signal.SIGKILL:
        return "killed"
    if number == signal.SIGABRT:
        return "memory"
    return "nesting" if number in (signal.SIGSEGV, signal.SIGBUS) else "engine"
