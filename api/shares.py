"""What people share by a short link: queries and views, kept as files below one directory.

An id is made of the content, so that the same content has the same id on every server and nothing is kept twice. What
is kept is bounded in size and number and never replaced: when the directory is full, new shares are refused, since a
link that somebody published must not stop working because others share more. A file is named `{kind}/{ab}/{id}` and
holds the canonical query string of the query or view, nothing about who shared it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final, Literal, get_args

Kind = Literal["query", "view"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

#: An id as it may stand in an address: 60 bits in base 32, or more where two contents share those.
ID: Final = re.compile(r"[a-z2-7]{12,32}")
_LENGTHS: Final = (12, 20, 32)
#: Seconds over which a client's new shares are counted, and how many clients are remembered.
_WINDOW: Final = 3600.0
_CLIENTS: Final = 10_000


class ShareError(Exception):
    """A share that cannot be kept; the message says why."""


class TooLong(ShareError):
    """The content is longer than one share may be."""


class Full(ShareError):
    """Nothing more can be kept here: the number is reached, or the directory cannot be written."""


class TooMany(ShareError):
    """This client has shared as much as it may within the hour."""


@dataclass(frozen=True)
class Share:
    """Something kept: its id, its kind, and the canonical query string. `new` says that it was not there before."""

    id: str
    kind: Kind
    state: str
    new: bool = False


class Shares:
    """The shares of one directory. Thread-safe; the directory is made when something is first kept."""

    def __init__(
        self, directory: Path, *, size: int, number: int, rate: int, clock: Callable[[], float] = monotonic
    ) -> None:
        self._directory, self._size, self._most, self._rate, self._clock = directory, size, number, rate, clock
        self._lock = Lock()
        self._count: int | None = None
        self._made: OrderedDict[str, list[float]] = OrderedDict()

    def keep(self, kind: Kind, state: str, client: str = "") -> Share:
        """Keep a state, or find it kept already, which is always allowed.

        Raises :class:`TooLong`, :class:`Full` and :class:`TooMany`.
        """
        data = state.encode()
        if len(data) > self._size:
            raise TooLong(f"What is shared may have {self._size} bytes; this has {len(data)}.")
        with self._lock:
            for name in _names(kind, data):
                kept = self._read(kind, name)
                if kept == data:
                    return Share(name, kind, state)
                if kept is None:
                    self._allow(client)
                    self._write(kind, name, data)
                    return Share(name, kind, state, new=True)
        raise Full("Two different contents share one id of full length.")

    def find(self, name: str) -> Share | None:
        """What an id stands for; None where nothing is kept under it."""
        if ID.fullmatch(name):
            for kind in KINDS:
                data = self._read(kind, name)
                if data is not None:
                    return Share(name, kind, data.decode())
        return None

    def _path(self, kind: Kind, name: str) -> Path:
        return self._directory / kind / name[:2] / name

    def _read(self, kind: Kind, name: str) -> bytes | None:
        try:
            return self._path(kind, name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _write(self, kind: Kind, name: str, data: bytes) -> None:
        """Write beside and rename, so that a reader sees the whole or nothing."""
        if self._count is None:
            self._count = sum(1 for path in self._directory.glob("*/*/*") if ID.fullmatch(path.name))
        if self._count >= self._most:
            raise Full(f"This server keeps {self._most} shares and has them all.")
        path = self._path(kind, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(beside).replace(path)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise Full("The directory for shares cannot be written.") from error
        self._count += 1

    def _allow(self, client: str) -> None:
        """Count one more new share of a client."""
        now = self._clock()
        made = [one for one in self._made.pop(client, ()) if now - one < _WINDOW]
        self._made[client] = made
        if len(self._made) > _CLIENTS:
            self._made.popitem(last=False)
        if len(made) >= self._rate:
            raise TooMany(f"One address may share {self._rate} new things an hour.")
        made.append(now)


def _names(kind: Kind, data: bytes) -> list[str]:
    """The ids of a content, the shortest first; a longer one is for two contents that have the shorter in common."""
    digest = hashlib.blake2b(kind.encode() + b"\0" + data, digest_size=20).digest()
    whole = base64.b32encode(digest).decode().lower()
    return [whole[:length] for length in _LENGTHS]
