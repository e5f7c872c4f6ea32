"""The samples' records: the addresses they stand for, and their hashes, written anew after a change of a body."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from graph.build.refresh import cache
from graph.build.refresh.cache import Answer

SAMPLES = Path(__file__).parent / "samples"
FETCHED = "2026-11-23T09:30:00Z"

#: Body below samples/ -> the address it stands for and the type it was sent as.
ADDRESSES = {
    "untc/VII-5.html": (
        "https://treaties.un.org/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no=VII-5&chapter=7&clang=_en",
        "text/html; charset=utf-8",
    ),
    "untc-xml/XVIII-12-a.en.xml": (
        "https://treaties.un.org/doc/Publication/MTDSG/Volume%20II/Chapter%20XVIII/XVIII-12-a.en.xml",
        "text/xml",
    ),
    "coe/210.json": (
        "https://conventions-ws.coe.int/WS_LFRConventions/api/signatures?NumSte=210&langue=ENG",
        "application/json; charset=utf-8",
    ),
    "coe-html/201.html": (
        "https://www.coe.int/en/web/conventions/full-list?module=signatures-by-treaty&treatynum=201",
        "text/html; charset=UTF-8",
    ),
}


def answer(name: str) -> Answer:
    """The sample of that name, as it would come from its address."""
    url, content_type = ADDRESSES[name]
    return Answer(url, (SAMPLES / name).read_bytes(), FETCHED, content_type)


def with_body(one: Answer, body: bytes) -> Answer:
    """The same answer with other bytes: a damaged sample."""
    return replace(one, body=body)


if __name__ == "__main__":
    for name in ADDRESSES:
        cache.store(SAMPLES / name, answer(name))
