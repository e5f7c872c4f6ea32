"""Logs on standard error, one line each: for people, or as JSON for programs that collect them."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Final

import orjson

FORMATS: Final = ("text", "json", "none")


class Text(logging.Formatter):
    """`2026-11-24T09:00:00.123Z INFO palermo.http GET /sparql 200 request=… milliseconds=12.3`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the trace of an exception below it."""
        fields = getattr(record, "fields", {})
        told = "".join(f" {name}={_quoted(value)}" for name, value in fields.items() if name not in _IN_TEXT)
        line = f"{_moment(record)} {record.levelname} {record.name} {_line(record.getMessage())}{told}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class Json(logging.Formatter):
    """A JSON object on one line: time, level, logger, message, the fields of the record, and any trace."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        entry = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(entry, default=str).decode()


#: Fields that the message says already.
_IN_TEXT: Final = frozenset({"method", "path", "status"})


def configure(format_: str) -> None:
    """Send what the program logs to standard error; `none` leaves warnings and errors. For commands to call, once."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if format_ == "json" else Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("palermo").setLevel(logging.WARNING if format_ == "none" else logging.INFO)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _line(text: str) -> str:
    """Text whose further lines are set in, so that none can pretend to be an entry, without control characters."""
    lines = (one if one.isprintable() else one.encode("unicode_escape").decode() for one in text.splitlines())
    return "\n    ".join(lines)


def _quoted(value: object) -> str:
    text = str(value)
    return orjson.dumps(text).decode() if not text.isprintable() or " " in text or not text else text
