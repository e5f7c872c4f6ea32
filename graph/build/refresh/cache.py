"""Raw answers kept with their hash and time, so that a proposal can be made again from the very bytes that were read.

An answer is two files: the body as it came, and beside it `{body}.json` with where, when and what:

    {"content_type": …, "etag": …, "fetched": "2026-11-23T09:30:00Z", "last_modified": …, "sha256": …, "url": …}

A recorded sample is the same pair of files. The directory of the cache is the curator's; nothing in it is published.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.build.refresh.errors import CacheError

_FIELDS: Final = ("url", "fetched", "sha256", "content_type", "etag", "last_modified")
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@dataclass(frozen=True)
class Answer:
    """What a source answered: the bytes, and what its record says. `fetched` is UTC to the second."""

    url: str
    body: bytes
    fetched: str
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""

    @property
    def sha256(self) -> str:
        """Hash of the body."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def day(self) -> str:
        """The day it was fetched, as the column `read` of the sources wants it."""
        return self.fetched[:10]

    def record(self) -> dict[str, str]:
        """What stands in the file beside the body."""
        return {name: str(getattr(self, name)) for name in _FIELDS}


def record_of(body: Path) -> Path:
    """The file with the record of a kept body."""
    return body.with_name(body.name + ".json")


def load(path: Path) -> Answer:
    """The answer whose body is `path`. Raises :class:`CacheError` when it has no record or differs from it."""
    beside = record_of(path)
    try:
        body, text = path.read_bytes(), beside.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CacheError(
            f"{error.filename}: missing; an answer is a file with its body and {beside.name} beside it, with "
            f"{', '.join(_FIELDS)}"
        ) from None
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise CacheError(f"{beside}: no JSON: {error}") from None
    if not isinstance(record, dict) or set(record) != set(_FIELDS) or not _texts(record):
        raise CacheError(f"{beside}: needed are the texts {', '.join(_FIELDS)} and nothing else")
    if not _TIME.fullmatch(record["fetched"]):
        raise CacheError(f"{beside} [fetched]: {record['fetched']!r} is no UTC time like 2026-11-23T09:30:00Z")
    sha256 = record.pop("sha256")
    answer = Answer(body=body, **record)
    if answer.sha256 != sha256:
        raise CacheError(f"{path}: its bytes have the hash {answer.sha256}, its record says {sha256}: it was changed")
    return answer


def _texts(record: Mapping[str, object]) -> bool:
    return all(isinstance(value, str) for value in record.values())


def store(path: Path, answer: Answer) -> None:
    """Keep an answer: the body first, the record last, each by renaming, so that a kill leaves no false pair."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for target, data in (
        (path, answer.body),
        (record_of(path), json.dumps(answer.record(), indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"),
    ):
        part = target.with_name(target.name + ".part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)


class Cache:
    """The kept answers of one directory, found by address."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, url: str) -> Path:
        """Where the answer of an address is kept: a readable part and a hash of the whole address."""
        readable = re.sub(r"[^a-z0-9]+", "-", url.lower().split("//", 1)[-1])[:60].strip("-")
        return self.directory / f"{readable}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"

    def get(self, url: str) -> Answer | None:
        """The kept answer, or None where there is none. Raises :class:`CacheError` for a damaged one."""
        path = self.path(url)
        return load(path) if record_of(path).exists() else None

    def put(self, answer: Answer) -> None:
        """Keep an answer under its address."""
        store(self.path(answer.url), answer)
