"""Data as nobody would wish for: what strangers may put into names, addresses and links, and a node of 10,000 links."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from graph.ids import PAL, PREFIXES, Ids

IDS: Final = Ids()
DEGREE: Final = 10_000

SCRIPT: Final = "<script>alert('label')</script>"
BREAKING: Final = "</title></script><img src=x onerror=alert(1)>\"'`]]>-->{{ 7*7 }}{% raw %}"
ARABIC: Final = "المنظمة الدولية \u202eللهجرة"
EMOJI: Final = "Campaign 💙🫀 ‘Blue Heart’"

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_LABELS = (NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(PREFIXES["skos"] + "prefLabel"))
_XSD = PREFIXES["xsd"]


def _pal(name: str) -> NamedNode:
    return NamedNode(PAL + name)


def _date(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(_XSD + "date"))


class _Writer:
    def __init__(self) -> None:
        self.quads: list[Quad] = []

    def add(self, subject: str, predicate: NamedNode, value: NamedNode | Literal, source: str = "bad") -> None:
        self.quads.append(Quad(NamedNode(subject), predicate, value, NamedNode(IDS.source(source))))

    def named(self, local: str, kind: str, text: str, language: str) -> str:
        iri = IDS.entity(local)
        self.add(iri, _TYPE, _pal(kind))
        for label in _LABELS:
            self.add(iri, label, Literal(text, language=language))
        self.add(iri, NamedNode(PREFIXES["dcterms"] + "identifier"), Literal(local))
        return iri

    def statement(self, iri: str, kind: str, edge: tuple[str, NamedNode, str]) -> None:
        self.add(iri, _TYPE, _pal(kind))
        for name, value in zip(("subject", "predicate", "object"), edge, strict=True):
            self.add(iri, _pal(name), value if isinstance(value, NamedNode) else NamedNode(value))
        self.add(edge[0], edge[1], NamedNode(edge[2]))


def _things(to: _Writer) -> None:
    evil = to.named("evil", "CivilSocietyOrganisation", SCRIPT, "en")
    to.add(evil, NamedNode(PREFIXES["skos"] + "altLabel"), Literal(BREAKING, language="fr"))
    to.add(evil, NamedNode(PREFIXES["dcterms"] + "description"), Literal(BREAKING, language="en"))
    homepage, same = NamedNode(PREFIXES["foaf"] + "homepage"), NamedNode(PREFIXES["owl"] + "sameAs")
    for address in ("javascript:alert(1)", "data:text/html,%3Cscript%3E", "JaVaScRiPt:alert(2)"):
        to.add(evil, homepage, NamedNode(address))
        to.add(evil, same, NamedNode(address))
    to.add(evil, homepage, NamedNode("https://example.org/?a=1&b=2#é"))
    to.add(evil, homepage, NamedNode("mailto:desk@example.org"))
    to.add(evil, _pal("established"), _date("not a date"))
    to.add(evil, NamedNode("http://example.org/terms/1"), Literal("a property that no XML name can hold"))
    to.add(evil, NamedNode("javascript:property"), Literal("a property with an address of its own"))
    to.add(evil, _pal("note"), Literal("x" * 20_000))
    control = to.named("control", "CivilSocietyOrganisation", "Bell \u0007 and escape \u001b", "en")
    to.add(control, _pal("note"), Literal("\u0001"))
    to.named("arabic", "IntergovernmentalOrganisation", ARABIC, "ar")
    to.named("emoji", "Campaign", EMOJI, "en")
    to.named("blank", "Network", "   ", "en")
    source = IDS.source("bad")
    to.add(source, _TYPE, _pal("Source"), "bad")
    to.add(source, NamedNode(PREFIXES["dcterms"] + "title"), Literal(SCRIPT, language="en"))
    to.add(source, NamedNode(PREFIXES["dcterms"] + "publisher"), Literal(BREAKING))
    to.add(source, NamedNode(PREFIXES["schema"] + "url"), NamedNode("javascript:alert(3)"))
    for other in ("arabic", "emoji", "blank"):
        to.statement(IDS.relation("evil", "funds", other), "Relation", (evil, _pal("funds"), IDS.entity(other)))
    claim = IDS.claim("evil")
    to.add(claim, _TYPE, _pal("Claim"))
    to.add(claim, _pal("claimText"), Literal(SCRIPT, language="en"))
    to.add(claim, _pal("supportedBy"), NamedNode(IDS.relation("evil", "funds", "arabic")))
    figure = IDS.observation("evil")
    to.add(figure, _TYPE, _pal("Observation"))
    to.add(figure, _pal("refArea"), NamedNode(evil))
    to.add(figure, _pal("period"), Literal(SCRIPT))
    to.add(figure, _pal("value"), Literal("12 <b>", datatype=NamedNode(_XSD + "decimal")))


def _hubs(to: _Writer) -> None:
    treaty = to.named("hub-treaty", "Treaty", "Treaty with 10,000 participants", "en")
    union = to.named("hub-union", "IntergovernmentalOrganisation", "Union of 10,000 members", "en")
    for number in range(DEGREE):
        member = to.named(f"member-{number}", "Network", f"Member {number}", "en")
        action = IDS.action("hub-treaty", f"member-{number}", "ratification")
        to.statement(action, "TreatyAction", (member, _pal("ratified"), treaty))
        to.add(action, _pal("participant"), NamedNode(member))
        to.add(action, _pal("treaty"), NamedNode(treaty))
        day = _date(f"{1950 + number % 70}-0{1 + number % 9}-{10 + number % 18}")
        to.add(action, _pal("date"), day)
        to.add(action, _pal("day"), day)
        relation = IDS.relation(f"member-{number}", "memberOf", "hub-union")
        to.statement(relation, "Relation", (member, _pal("memberOf"), union))


def write(path: Path) -> Path:
    """Write the data to a file of N-Quads, the same bytes each time."""
    to = _Writer()
    _things(to)
    _hubs(to)
    path.write_bytes(serialize(to.quads, format=RdfFormat.N_QUADS) or b"")
    return path
