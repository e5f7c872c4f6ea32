"""The samples' records: the addresses they stand for, and their hashes, written anew after a change of a body."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from graph.build.refresh import cache, cellar, eurostat, greta, iati, sparql, wikidata
from graph.build.refresh.cache import Answer

SAMPLES = Path(__file__).parent / "samples"
FETCHED = "2026-11-23T09:30:00Z"
CSV = "application/vnd.sdmx.data+csv;version=1.0.0"

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
    "normlex/c189.html": (
        "https://normlex.ilo.org/dyn/nrmlx_en/f?p=NORMLEXPUB:11300:0::NO::P11300_INSTRUMENT_ID:2551460",
        "text/html; charset=utf-8",
    ),
    "greta/reports.html": (greta.ADDRESS, "text/html;charset=UTF-8"),
    "wikidata/names.json": (
        sparql.address(wikidata.ENDPOINT, 'SELECT * WHERE { VALUES ?labelEn { "La Strada International"@en } }'),
        "application/sparql-results+json;charset=utf-8",
    ),
    "cellar/acts.json": (
        sparql.address(cellar.ENDPOINT, "SELECT * WHERE { ?work cdm:resource_legal_id_celex ?celex }"),
        "application/sparql-results+json",
    ),
    "cellar-measures/measures.json": (
        sparql.address(cellar.ENDPOINT, "SELECT * WHERE { ?m cdm:measure_national_implementing_implements_… ?work }"),
        "application/sparql-results+json",
    ),
    "eurostat/crim_thb_sex.csv": (eurostat.address("crim_thb_sex"), CSV),
    "eurostat/crim_thb_vexp.csv": (eurostat.address("crim_thb_vexp"), CSV),
    "iati/search.xml": (iati.SEARCH, "text/xml; charset=utf-8"),
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
