"""Rows are counted and cut exactly, wherever the engine's writes happen to be divided."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, QueryResultsFormat, Store, parse_query_results

from api.sandbox.output import Full, RowCounter, Sink, TooMany, XmlSafe

FORMATS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
VALUES = st.one_of(
    st.just("UNDEF"),
    st.text(alphabet='"\\},{\n\r<result>é ', max_size=10).map(lambda text: str(Literal(text))),
)


def written(query: str, form: str) -> bytes:
    result: Any = Store().query(query)
    return bytes(result.serialize(format=FORMATS[form]))


def cut(document: bytes, form: str, cap: int, size: int) -> tuple[bytes, RowCounter]:
    sink = Sink()
    counter = RowCounter(sink, form, cap)
    with suppress(Full):
        for start in range(0, len(document), size):
            counter.write(document[start : start + size])
    counter.close()
    return b"".join(sink.coded("", counter.mark).chunks()), counter


def rows_of(document: bytes, form: str) -> int:
    if form == "csv":
        return len(list(csv.reader(io.StringIO(document.decode(), newline="")))) - 1
    if form == "tsv":
        return document.count(b"\n") - 1
    parsed: Any = parse_query_results(document, FORMATS[form])
    return len(list(parsed))


@given(st.lists(st.tuples(VALUES, VALUES), max_size=12), st.integers(1, 13), st.sampled_from([1, 2, 3, 7, 50, 8192]))
@settings(max_examples=150, deadline=None)
def test_counted_and_cut(table: list[tuple[str, str]], cap: int, size: int) -> None:
    query = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {' '.join(f'({a} {b})' for a, b in table)} }} }}"
    for form in FORMATS:
        whole = written(query, form)
        part, counter = cut(whole, form, cap, size)
        assert counter.rows == min(len(table), cap), form
        assert counter.truncated == (len(table) > cap), form
        assert rows_of(part, form) == counter.rows, form
        if not counter.truncated:
            assert part == whole
        elif form == "json":
            assert json.loads(part)["head"]["truncated"] is True
        elif form == "xml":
            assert b"truncated" in part


@pytest.mark.parametrize("form", list(FORMATS))
def test_tables_without_columns_and_without_rows(form: str) -> None:
    for query, rows in (("SELECT * { VALUES () { () () () } }", 3), ("SELECT ?a { FILTER(false) }", 0)):
        assert cut(written(query, form), form, 10, 4)[1].rows == rows
    assert cut(written("SELECT * { VALUES () { () () () } }", form), form, 2, 4)[1].truncated


def test_a_sink_refuses_to_pass_its_limit() -> None:
    sink = Sink(10)
    sink.write(b"12345")
    with pytest.raises(TooMany):
        sink.write(b"678901")


def test_large_content_goes_to_a_memory_file_and_comes_back() -> None:
    sink = Sink()
    for number in range(300):
        sink.write(b"%06d" % number * 100)
    assert b"".join(sink.chunks()) == b"".join(b"%06d" % number * 100 for number in range(300))
    body, file = sink.finish()
    assert (body, file is None) == (b"", False)
    sink.discard()


def test_xml_keeps_what_it_can() -> None:
    sink = Sink()
    XmlSafe(sink).write(b"a\rb\x01c\n\t")
    assert b"".join(sink.chunks()) == "a&#13;b\ufffdc\n\t".encode()
