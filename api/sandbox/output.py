"""Results on their way out: written by the engine, counted, cut at the row cap, compressed, kept in memory or a file.

The engine writes; nothing is written again by hand. Rows are counted in what passes by, with one delimiter for each
format that cannot stand inside a value, and the answer is cut between two rows when it passes the cap. A cut answer is
still well-formed and says `truncated` wherever its format has a place for that.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import brotli
import zstandard

from api.sandbox.wire import INLINE

#: Content codings a worker can apply, best first.
CODINGS: Final = ("zstd", "br", "gzip")


class Full(Exception):
    """The row cap is reached: the engine may stop."""


class TooMany(Exception):
    """The answer is larger than the byte limit."""


class _Coder(Protocol):
    def add(self, data: bytes) -> bytes: ...

    def end(self) -> bytes: ...


class _Plain:
    def add(self, data: bytes) -> bytes:
        return data

    def end(self) -> bytes:
        return b""


class _Gzip:
    def __init__(self) -> None:
        self._coder = zlib.compressobj(4, zlib.DEFLATED, 31)

    def add(self, data: bytes) -> bytes:
        return self._coder.compress(data)

    def end(self) -> bytes:
        return self._coder.flush()


class _Brotli:
    def __init__(self) -> None:
        self._coder = brotli.Compressor(quality=4)

    def add(self, data: bytes) -> bytes:
        return bytes(self._coder.process(data))

    def end(self) -> bytes:
        return bytes(self._coder.finish())


class _Zstandard:
    def __init__(self) -> None:
        self._coder = zstandard.ZstdCompressor(level=4).compressobj()

    def add(self, data: bytes) -> bytes:
        return self._coder.compress(data)

    def end(self) -> bytes:
        return self._coder.flush()


_CODERS: Final[dict[str, type[_Plain | _Gzip | _Brotli | _Zstandard]]] = {
    "": _Plain,
    "gzip": _Gzip,
    "br": _Brotli,
    "zstd": _Zstandard,
}


class Sink:
    """Takes bytes up to a limit and keeps them: a little in memory, more in a memory file."""

    def __init__(self, limit: int = 1 << 40) -> None:
        self._left = limit
        self.size = 0
        self._memory = bytearray()
        self._file: int | None = None

    def write(self, data: bytes) -> int:
        """Add bytes. Raises :class:`TooMany`."""
        self._left -= len(data)
        self.size += len(data)
        if self._left < 0:
            raise TooMany
        if self._file is None and len(self._memory) + len(data) <= INLINE:
            self._memory += data
            return len(data)
        if self._file is None:
            self._file = os.memfd_create("answer")
            self._spill(bytes(self._memory))
            self._memory.clear()
        self._spill(data)
        return len(data)

    def _spill(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._file or 0, view) :]

    def flush(self) -> None:
        """Nothing is held back."""

    def chunks(self) -> Iterator[bytes]:
        """What was written, from the beginning."""
        if self._file is None:
            yield bytes(self._memory)
            return
        at = 0
        while data := os.pread(self._file, 1 << 18, at):
            yield data
            at += len(data)

    def coded(self, coding: str, replace: tuple[bytes, bytes] = (b"", b"")) -> Sink:
        """The content in a content coding, with the first bytes `replace[0]` exchanged for `replace[1]`."""
        if not coding and replace == (b"", b""):
            return self
        coder, done = _CODERS[coding](), Sink()
        for number, data in enumerate(self.chunks()):
            first = replace[1] + data.removeprefix(replace[0]) if number == 0 else data
            done.write(coder.add(first))
        done.write(coder.end())
        self.discard()
        return done

    def finish(self) -> tuple[bytes, int | None]:
        """The whole: bytes, or the descriptor of the file that holds them."""
        return bytes(self._memory), self._file

    def discard(self) -> None:
        """Let go of everything."""
        self._memory.clear()
        if self._file is not None:
            os.close(self._file)
            self._file = None


class XmlSafe:
    """Passes bytes of XML on to a sink, with what an XML reader would change or refuse put so that it survives.

    A carriage return is read as a line feed unless it is escaped. Other control characters cannot stand in XML at all,
    not even escaped; they become U+FFFD, the character for what could not be represented.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        """Pass on. Raises :class:`TooMany`."""
        self._sink.write(_NOT_XML.sub(b"\xef\xbf\xbd", bytes(data)).replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class _Grammar:
    """How rows are told apart in a format. `skip` passes over everything up to the next `row` delimiter, a string that
    does not end in this chunk, or the beginning of a delimiter at its end; `inside` goes on in such a string.
    """

    row: bytes
    skip: re.Pattern[bytes]
    inside: re.Pattern[bytes]


_NEVER: Final = re.compile(rb"(?!)")
#: One match a row: a match a string would be ten times slower than the engine writes. Nothing stands behind the outer
#: repetition and strings are written as unrolled loops, so nothing is ever gone over twice. (Possessive repetition
#: would say the same more shortly; Python 3.11 before 3.11.5 matches it wrongly around groups.)
_GRAMMARS: Final = {
    # Between two rows stands `},{`, which stands nowhere else outside a string.
    "json": _Grammar(
        b"},{",
        re.compile(rb'(?:[^"}]+|"[^"\\]*(?:\\.[^"\\]*)*"|\}(?!,\{|,?\Z))*', re.DOTALL),
        re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*(?P<closed>")?', re.DOTALL),
    ),
    # In XML `<` is always escaped in values.
    "xml": _Grammar(b"<result>", re.compile(rb"(?:[^<]+|<(?!result>|[a-z]{0,6}\Z))*"), _NEVER),
    "csv": _Grammar(
        b"\r\n",
        re.compile(rb'(?:[^"\r]+|"[^"]*"|\r(?!\n|\Z))*'),
        re.compile(rb'[^"]*(?P<closed>")?'),
    ),
    # In TSV a line end in a value is written \\n.
    "tsv": _Grammar(b"\n", re.compile(rb"[^\n]*"), _NEVER),
}
_NO_ROWS: Final = b'"bindings":[]}}'


class RowCounter:
    """Counts rows that an engine writes in one of the four result formats, and cuts after `cap` rows.

    Write to it like to a file. :meth:`write` raises :class:`Full` once there is a row beyond the cap; the sink then
    holds exactly `cap` rows. :meth:`close` ends the document.
    """

    def __init__(self, sink: Sink | XmlSafe, form: str, cap: int) -> None:
        self._sink, self._form, self._cap = sink, form, cap
        self._grammar = _GRAMMARS[form]
        self._carry = b""
        self._last = b""
        self._inside = False
        self._seen = 0
        self.truncated = False

    @property
    def rows(self) -> int:
        """Rows in the sink."""
        if self.truncated:
            return self._cap
        if self._form == "json":
            return 0 if self._last.endswith(_NO_ROWS) else self._seen + 1
        return self._seen if self._form == "xml" else self._seen - 1

    def write(self, data: bytes) -> int:
        """Take what the engine writes. Raises :class:`Full` and :class:`TooMany`."""
        if self.truncated:
            raise Full
        chunk = self._carry + bytes(data)
        self._carry = b""
        cut = self._scan(chunk)
        if cut is not None:
            self.truncated, self._carry = True, b""
            self._put(chunk[:cut])
            raise Full
        self._put(chunk[: len(chunk) - len(self._carry)])
        return len(data)

    def flush(self) -> None:
        """The engine flushes at its end; only an unfinished delimiter is held back."""

    def _put(self, data: bytes) -> None:
        self._sink.write(data)
        self._last = (self._last + data)[-len(_NO_ROWS) :]

    def _scan(self, chunk: bytes) -> int | None:
        """Count delimiters, and say where to cut when there is a row beyond the cap. Sets what is carried over."""
        at, grammar = 0, self._grammar
        if self._lines and self._seen > self._cap and chunk:
            return 0
        while True:
            if self._inside:
                match = grammar.inside.match(chunk, at)
                at = match.end() if match else at
                if match is None or match["closed"] is None:
                    self._carry = chunk[at:]  # at most one backslash
                    return None
                self._inside = False
            skipped = grammar.skip.match(chunk, at)
            at = skipped.end() if skipped else at
            if chunk.startswith(grammar.row, at):
                self._seen += 1
                cut = self._cut(at, at + len(grammar.row), len(chunk))
                if cut is not None:
                    return cut
                at += len(grammar.row)
            elif chunk.startswith(b'"', at):
                self._inside = True
                at += 1
            else:
                self._carry = chunk[at:]  # nothing, or the beginning of a delimiter
                return None

    @property
    def _lines(self) -> bool:
        """Whether rows are lines below a header line."""
        return self._form in ("csv", "tsv")

    def _cut(self, start: int, end: int, length: int) -> int | None:
        """Where to cut after the delimiter from `start` to `end`, or None to go on."""
        if self._form == "json":
            return start + 1 if self._seen == self._cap else None
        if self._form == "xml":
            return start if self._seen > self._cap else None
        return end if self._seen > self._cap and end < length else None

    @property
    def mark(self) -> tuple[bytes, bytes]:
        """What the beginning of the document is exchanged for where only the beginning can say that it is cut.

        Strict readers of JSON results stop at a member they do not know behind the bindings, and pass over one in
        the head.
        """
        if self.truncated and self._form == "json":
            return b'{"head":{', b'{"head":{"truncated":true,'
        return b"", b""

    def close(self) -> None:
        """End the document: what was held back, or what a cut one needs to be well-formed and to say that it is cut."""
        if not self.truncated:
            self._put(self._carry)
            self._carry = b""
        elif self._form == "json":
            self._sink.write(b"]}}")
        elif self._form == "xml":
            self._sink.write(b"</results><!-- truncated: the first %d rows --></sparql>" % self._cap)


def graph_note(form: str, cap: int) -> bytes:
    """What a cut graph carries at its end, in the formats that have comments."""
    text = f"truncated: the first {cap} triples"
    if form in ("turtle", "trig", "nt", "nq"):
        return f"# {text}\n".encode()
    return f"\n<!-- {text} -->\n".encode() if form == "rdfxml" else b""
