"""Strict reading of HTML, XML and JSON from outside: everything unexpected is a :class:`LayoutError` in words.

Nothing here repairs. A page that ends too soon, is in another encoding than it says, declares entities, or holds a
script or a tag where a value should be, is refused; a value is plain text without markup and control characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from graph.build.refresh.cache import Answer
from graph.build.refresh.errors import LayoutError

#: Elements that may stand inside a cell of a table: links, notes and type, and nothing that acts.
INLINE: Final = frozenset(
    {"a", "abbr", "b", "br", "div", "em", "font", "i", "p", "small", "span", "strong", "sup", "u"}
)

#: Those of them after which a new line begins.
_BREAKS: Final = frozenset({"br", "div", "p"})

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_XML_ENCODING: Final = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)[\"']")
#: UTF-8 read as Latin-1 or Windows-1252 shows as these pairs; no language of our sources writes them.
_TWICE: Final = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]|\u00e2\u20ac"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_DECLARED: Final = re.compile(r"<!(DOCTYPE|ENTITY)\b[^>\[]*", re.IGNORECASE)


#: What servers call Latin-1 is Windows-1252 (WHATWG Encoding Standard, 4.2): their dashes and quotation marks are.
_MEANT: Final = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}


def decode(answer: Answer, where: str) -> str:
    """The text of an answer in the encoding that it says it has: header, XML declaration, `meta`, else UTF-8."""
    head = answer.body[:4096]
    if found := _CHARSET.search(answer.content_type):
        name, said = found.group(1), "the header Content-Type"
    elif declared := _XML_ENCODING.search(head):
        name, said = declared.group(1).decode("ascii"), "the XML declaration"
    elif meta := _CHARSET.search(head.decode("ascii", "ignore")):
        name, said = meta.group(1), "the page"
    else:
        name, said = "utf-8", "nothing, so UTF-8 is meant"
    try:
        text = answer.body.decode(_MEANT.get(name.casefold(), name)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        found_bytes = answer.body[error.start : error.start + 4].hex(" ")
        raise LayoutError(where, f"text in {name} ({said})", f"the bytes {found_bytes} at {error.start}") from None
    except LookupError:
        raise LayoutError(where, "an encoding that is known", f"{name!r} ({said})") from None
    if wrong := _TWICE.search(text) or _CONTROL.search(text):
        around = text[max(0, wrong.start() - 15) : wrong.end() + 15]
        raise LayoutError(where, f"text in {name} ({said})", f"{around!r}, which is another encoding read as {name}")
    return text


def page(answer: Answer, where: str) -> Any:
    """The root element of an HTML page that is whole. Scripts and styles of the page are dropped from it."""
    text = decode(answer, where)
    if not re.search(r"</html\s*>\s*(<!--.*?-->\s*)*$", text, re.IGNORECASE | re.DOTALL):
        raise LayoutError(where, "a whole HTML page, up to </html>", f"an end like {text[-40:]!r}")
    if found := re.search(r"<!ENTITY\b[^>]*", text, re.IGNORECASE):
        raise LayoutError(where, "no entity declaration", found.group()[:60])
    return lxml_html.document_fromstring(text, parser=lxml_html.HTMLParser(huge_tree=False))


def table(
    root: Any,
    where: str,
    *,
    ids: Sequence[str] = (),
    header: Sequence[str] = (),
    groups: bool = False,
    linked: bool = False,
) -> list[list[str]]:
    """The rows of the one table with one of these ids, or with this header: texts of cells, the header row first.

    `header` are the first labels of the header row that must be there; a missing, second or unlike table is an error,
    and so is a row with another number of cells unless `groups` lets rows name groups. With `linked`, a first cell
    that begins with a link is that link's text: what follows it is a remark.
    """
    every = root.xpath("//table")
    found = [one for one in every if (one.get("id") in ids if ids else _starts(one, header))]
    named = f"a table {' or '.join(ids)}" if ids else f"a table with the columns {', '.join(header)}"
    if len(found) != 1:
        heads = [" | ".join(_labels(one))[:80] for one in every][:5]
        raise LayoutError(where, named, f"{len(found)} of {len(every)} tables, which begin {heads}")
    lines = [row.xpath("./th|./td") for row in found[0].xpath("./tr|./thead/tr|./tbody/tr")]
    rows = [[_cell(cell, where) for cell in cells] for cells in lines if cells]
    if linked:
        for row, cells in zip(rows, (cells for cells in lines if cells), strict=True):
            row[0] = _leading_link(cells[0], where) or row[0]
    if not rows or [label.casefold() for label in rows[0][: len(header)]] != [label.casefold() for label in header]:
        raise LayoutError(where, f"the columns {', '.join(header)}", ", ".join(rows[0]) if rows else "no row at all")
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(rows[0]) and not groups:
            raise LayoutError(f"{where}, row {number}", f"{len(rows[0])} cells", f"{len(row)}: {' | '.join(row)}")
    if len(rows) < 2:
        raise LayoutError(where, "rows below the header", "none")
    return rows


def _labels(one: Any) -> list[str]:
    rows = one.xpath("./tr|./thead/tr|./tbody/tr")
    return [" ".join(cell.text_content().split()) for cell in rows[0].xpath("./th|./td")] if rows else []


def _starts(one: Any, header: Sequence[str]) -> bool:
    labels = [label.casefold() for label in _labels(one)[: len(header)]]
    return labels == [label.casefold() for label in header]


def _cell(cell: Any, where: str) -> str:
    """The text of a cell without its notes (`sup`), white space made single."""
    parts = [cell.text or ""]
    for child in cell:
        if not isinstance(child.tag, str):
            parts.append(child.tail or "")
            continue
        if child.tag not in INLINE or any(name.lower().startswith("on") for name in child.attrib):
            raise LayoutError(
                where, "text, links and notes in a cell", f"<{child.tag}> in {cell.text_content()[:40]!r}"
            )
        space = " " if child.tag in _BREAKS else ""
        parts += ["" if child.tag == "sup" else _cell(child, where), space, child.tail or ""]
    return plain(" ".join("".join(parts).split()), where)


def _leading_link(cell: Any, where: str) -> str:
    """The text of the link with which a cell begins, or the empty string."""
    first = cell[0] if len(cell) and not (cell.text or "").strip() else None
    return _cell(first, where) if first is not None and first.tag == "a" else ""


def plain(text: str, where: str) -> str:
    """The same text, when it is a value and no markup. Raises :class:`LayoutError`."""
    if re.search(r"[<>]|&[a-zA-Z#][a-zA-Z0-9]*;", text) or _CONTROL.search(text):
        raise LayoutError(where, "plain text", f"{text[:80]!r}")
    return text


def xml(answer: Answer, where: str) -> Any:
    """The root element of an XML document without document type declaration: no entity is ever expanded."""
    text = decode(answer, where)
    if found := _DECLARED.search(text):
        raise LayoutError(where, "no document type or entity declaration", found.group()[:60])
    # The text is decoded already: the parser is told UTF-8, whatever the declaration says.
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise LayoutError(where, "well-formed XML to its end", str(error.msg)) from None
    if root is None:
        raise LayoutError(where, "well-formed XML to its end", "nothing")
    return root


def words(element: Any, where: str) -> str:
    """The text of an XML element that holds nothing else, white space made single."""
    if len(element):
        raise LayoutError(where, f"text alone in <{element.tag}>", f"<{element[0].tag}>")
    return plain(" ".join((element.text or "").split()), where)


def data(answer: Answer, where: str) -> Any:
    """The value of a JSON answer. A name that stands twice in an object, NaN and Infinity are refused."""
    try:
        return json.loads(decode(answer, where), object_pairs_hook=_once(where), parse_constant=_no_constant(where))
    except json.JSONDecodeError as error:
        raise LayoutError(where, "whole JSON", f"{error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise LayoutError(where, "JSON of a few levels", "thousands of levels") from None


def _once(where: str) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            raise LayoutError(where, "each name once in an object", f"{sorted(name for name, _ in items)}")
        return made

    return pairs


def _no_constant(where: str) -> Any:
    def refuse(name: str) -> None:
        raise LayoutError(where, "a number", name)

    return refuse


def field(value: Any, name: str, kind: type | tuple[type, ...], where: str) -> Any:
    """A member of a JSON object that must be there and of that kind. Raises :class:`LayoutError` with what is there."""
    if not isinstance(value, dict):
        raise LayoutError(where, f"an object with {name!r}", type(value).__name__)
    if name not in value:
        raise LayoutError(where, f"the name {name!r}", ", ".join(sorted(map(str, value))) or "an empty object")
    found = value[name]
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
        wanted = " or ".join(one.__name__ for one in (kind if isinstance(kind, tuple) else (kind,)))
        raise LayoutError(f"{where} [{name}]", wanted, f"{type(found).__name__} {str(found)[:60]!r}")
    return plain(found, f"{where} [{name}]") if isinstance(found, str) else found


def exactly(names: Iterable[str], wanted: Sequence[str], where: str) -> None:
    """Raise :class:`LayoutError` unless the columns are exactly these, in this order."""
    got = list(names)
    if got != list(wanted):
        raise LayoutError(where, f"the columns {', '.join(wanted)}", ", ".join(got) or "none")
