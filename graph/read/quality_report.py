"""The quality report as Markdown and as DQV (the W3C's Data Quality Vocabulary); what a build calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from graph import manifest
from graph.ids import PREFIXES, Ids
from graph.read.embedded import EmbeddedStore
from graph.read.quality import AGES, DEGREES, UNDATED, Quality, measurements, read

MARKDOWN: Final = "quality.md"
TURTLE: Final = "quality.ttl"
DQV: Final = "http://www.w3.org/ns/dqv#"
_DECIMAL: Final = NamedNode(PREFIXES["xsd"] + "decimal")
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
#: Metric -> what it measures and in which dimension of ISO 25012 it lies.
METRICS: Final = {
    "several-publishers": ("share of facts that two or more publishers state", "credibility"),
    "weak-only": ("share of facts that only flagged sources state", "credibility"),
    "coverage": ("share of what the outside world says there is", "completeness"),
    "filled": ("share of things whose value is known", "completeness"),
    "labels": ("share of things named in a language", "completeness"),
    "addresses": ("share of sources with an address", "traceability"),
    "links-checked": ("share of addresses that were ever asked whether they answer", "traceability"),
    "links-alive": ("share of the addresses asked that answered", "traceability"),
    "recent": ("share of facts whose newest source is at most five years older than the release", "currentness"),
}


def percent(here: int, of: int) -> str:
    """A share in percent, rounded half up to one decimal; a dash where there is nothing."""
    return "–" if not of else f"{(Decimal(here) * 100 / of).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


def markdown(found: Quality) -> str:
    """The report for people, in English."""
    families = found.families
    return "\n".join([
        f"# Quality of release {found.release}",
        "",
        f"Read from sources up to {found.date}. A fact is counted once, however many sources state it. Publishers that "
        "quote each other are not seen through.",
        "",
        "## Who bears facts out",
        "",
        *_table(
            ("family", "facts", "two or more publishers", "weak sources only"),
            [(one.name, one.facts, percent(one.several, one.facts), percent(one.weak, one.facts)) for one in families],
        ),
        "## Facts by kind of source",
        "",
        *_matrix("kind", {one.name: one.kinds for one in families}),
        "## Confidence",
        "",
        "By the rule `80-confidence`: contested where dates exclude each other; else weak where every page is flagged; "
        "else corroborated by two publishers; else authoritative (depositary or public authority); else single.",
        "",
        *_matrix("degree", {one.name: one.confidence for one in families}, DEGREES),
        "## Sources",
        "",
        f"{found.sources} sources, {found.without_address} of them without an address.",
        "",
        *_table(("kind", "sources"), found.source_kinds.items()),
        *_table(("published", "sources"), [(year or "not known", n) for year, n in found.years.items()]),
        "### Addresses",
        "",
        *_table(("address", "sources"), [("none", found.without_address), *found.links.items()]),
        "Sources without an address or with a dead one:",
        "",
        *_table(
            ("source", "title", "address", "found dead on"),
            [(one.iri.rsplit("/", 1)[1], one.title, one.url or "none", one.checked) for one in found.lost],
        ),
        "## Age of facts",
        "",
        f"Years between the newest source that states a fact and the newest of the release ({found.date}).",
        "",
        *_matrix("years", {one.name: one.ages for one in families}, [*(key for key, _ in AGES), UNDATED]),
        "## Contradictions",
        "",
        "The first value is the preferred one; the reason is what decided: rank of the source, newer reading, or id.",
        "",
        *_table(
            ("thing", "property", "values", "reason"),
            [(one.node, one.property, "; ".join(value for value, _ in one.values), one.reason)
             for one in found.contradictions],
        ),
        "## Findings with a known reason",
        "",
        *_table(("finding", "reason"), [(one["finding"], one["reason_en"]) for one in found.explained]),
        "## Coverage",
        "",
        *_shares(found, "coverage"),
        "## Fill rates",
        "",
        *_shares(found, "filled"),
        "## Names",
        "",
        *_shares(found, "labels"),
        f"{found.translated} of the French names are translations of ours.",
        "",
    ])  # fmt: skip


def turtle(found: Quality, ids: Ids) -> bytes:
    """The measurements as DQV, sorted."""
    ordered = sorted(set(_measurements(found, ids)), key=str)
    result = serialize(ordered, format=RdfFormat.TURTLE, prefixes={**ids.prefixes, "dqv": DQV})
    if result is None:
        raise ValueError("the serializer returned nothing")
    return result


def write(directory: Path, ids: Ids) -> Iterable[Triple]:
    """Writes `quality.md` and `quality.ttl` beside the other files of a release, and gives the measurements, which the
    build puts into the release's own graph as well."""
    with EmbeddedStore.open(directory) as store:
        found = read(store, directory / manifest.REPORT)
    (directory / MARKDOWN).write_text(markdown(found), encoding="utf-8")
    (directory / TURTLE).write_bytes(turtle(found, ids))
    return set(_measurements(found, ids))


def _measurements(found: Quality, ids: Ids) -> Iterator[Triple]:
    definition, in_dimension = NamedNode(PREFIXES["skos"] + "definition"), NamedNode(f"{DQV}inDimension")
    for metric, (text, dimension) in METRICS.items():
        node, about = NamedNode(ids.quality(f"metric-{metric}")), NamedNode(ids.quality(f"dimension-{dimension}"))
        yield Triple(node, _TYPE, NamedNode(f"{DQV}Metric"))
        yield Triple(node, definition, Literal(text, language="en"))
        yield Triple(node, NamedNode(f"{DQV}expectedDataType"), _DECIMAL)
        yield Triple(node, in_dimension, about)
        yield Triple(about, _TYPE, NamedNode(f"{DQV}Dimension"))
        yield Triple(about, NamedNode(PREFIXES["skos"] + "prefLabel"), Literal(dimension, language="en"))
    for metric, key, here, of in measurements(found):
        node = NamedNode(ids.quality(f"{metric}-{key.replace('.', '-')}"))
        share = (Decimal(here) / of if of else Decimal(1)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        yield Triple(node, _TYPE, NamedNode(f"{DQV}QualityMeasurement"))
        yield Triple(node, NamedNode(f"{DQV}isMeasurementOf"), NamedNode(ids.quality(f"metric-{metric}")))
        yield Triple(node, NamedNode(f"{DQV}computedOn"), NamedNode(f"{ids.base}data"))
        yield Triple(node, NamedNode(f"{DQV}value"), Literal(str(share), datatype=_DECIMAL))
        yield Triple(node, NamedNode(PREFIXES["rdfs"] + "comment"), Literal(f"{key}: {here} of {of}", language="en"))


def _shares(found: Quality, name: str) -> list[str]:
    shares = getattr(found, name)
    return _table(
        ("what", "here", "of", "share"), [(one.key, one.here, one.of, percent(one.here, one.of)) for one in shares]
    )


def _matrix(first: str, columns: Mapping[str, Mapping[str, int]], rows: Iterable[str] = ()) -> list[str]:
    names = list(rows) or sorted({key for one in columns.values() for key in one})
    return _table((first, *columns), [(name, *(one.get(name, 0) for one in columns.values())) for name in names])


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    body = ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body, ""] if body else ["None.", ""]
