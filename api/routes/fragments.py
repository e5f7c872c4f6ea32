"""/tpf: Triple Pattern Fragments, for clients that join by themselves and ask a server for one pattern at a time.

Linked Data Fragments, "Triple Pattern Fragments" (Hydra W3C Community Group, unofficial draft): a page has the triples
of a pattern, how many there are, and the form by which other patterns are asked for. Each page costs one bounded look
into the store, which is why it needs no place among strangers' queries.
"""

from __future__ import annotations

import io
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize

from api.deps import BaseUrlDep, StoreDep
from api.documents import matches
from api.errors import BadRequest, NotFound
from api.linked import etag
from api.negotiate import NQUADS, TRIG, choose
from graph.ids import PREFIXES
from graph.read import fragments
from graph.read.fragments import Pattern, TermError

router = APIRouter(tags=["data set"])

#: Triples of one page, as other servers of this kind give.
SIZE: Final = 100
#: Pages after this one are not given: who wants so much takes the whole file.
LAST: Final = 20_000
_FORMATS: Final = (TRIG, NQUADS)
_TERMS: Final = ("subject", "predicate", "object")
_ALLOWED: Final = {*_TERMS, "page"}
_HYDRA: Final = "http://www.w3.org/ns/hydra/core#"
_VOID: Final = "http://rdfs.org/ns/void#"
_RDF: Final = PREFIXES["rdf"]
_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")
_PARAMETERS: Final = [
    {"name": name, "in": "query", "schema": {"type": "string"}, "description": f"The {name}: {what}."}
    for name, what in (
        ("subject", "an IRI"),
        ("predicate", "an IRI"),
        ("object", 'an IRI or a literal ("text", "texte"@fr, "1"^^IRI)'),
    )
] + [{"name": "page", "in": "query", "schema": {"type": "string"}, "description": "Which page, from 1."}]


@router.api_route(
    "/tpf", methods=["GET", "HEAD"], summary="Triples of one pattern", openapi_extra={"parameters": _PARAMETERS}
)
def fragment(request: Request, base: BaseUrlDep, store: StoreDep) -> Response:
    """A page of the triples that fit a pattern, with their number and the controls to ask for others."""
    form = choose(request.headers.get("accept"), _FORMATS)
    given = dict(request.query_params.multi_items())
    for name, value in given.items():
        if name not in _ALLOWED:
            raise BadRequest(
                f"{name!r} is no parameter of this address; allowed: {', '.join((*_TERMS, 'page'))}.",
                parameter=name, value=value[:200], allowed=[*_TERMS, "page"],
            )  # fmt: skip
    number = given.get("page", "1")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number[:6]) <= LAST:
        allowed = f"a whole number from 1 to {LAST}"
        raise BadRequest(f"page={number[:50]!r} does not fit; allowed: {allowed}.",
                         parameter="page", value=number[:50], allowed=[allowed])  # fmt: skip
    pattern = _pattern(given)
    total = fragments.count(store, pattern)
    if int(number) > 1 and (int(number) - 1) * SIZE >= total:
        raise NotFound(f"page={number}: this pattern has {-(-total // SIZE)} pages.")
    quads = [Quad(one.subject, one.predicate, one.object, DefaultGraph())
             for one in fragments.page(store, pattern, int(number), SIZE)]  # fmt: skip
    quads += _controls(base, {name: given[name] for name in _TERMS if given.get(name)}, int(number), total)
    out = io.BytesIO()
    serialize(quads, out, RdfFormat.TRIG if form.name == TRIG.name else RdfFormat.N_QUADS)
    body = out.getvalue()
    headers = {"ETag": etag(body), "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
    if matches(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=form.content_type)


def _pattern(given: dict[str, str]) -> Pattern:
    found: dict[str, fragments.Term | None] = {}
    for name in _TERMS:
        try:
            found[name] = fragments.term(given.get(name, ""))
        except TermError as error:
            value = given[name][:200]
            raise BadRequest(f"{name}={value!r} does not fit; allowed: {error}.",
                             parameter=name, value=value, allowed=[str(error)]) from None  # fmt: skip
    subject, predicate = found["subject"], found["predicate"]
    if isinstance(subject, Literal) or isinstance(predicate, Literal):
        name = "subject" if isinstance(subject, Literal) else "predicate"
        raise BadRequest(f"{name} is a literal; allowed: an IRI.", parameter=name, allowed=["an IRI"])
    return Pattern(subject, predicate, found["object"])


def _controls(base: str, asked: dict[str, str], number: int, total: int) -> list[Quad]:
    """What a client reads to go on, in a graph of its own so that it is told from the data."""

    def address(page: int) -> NamedNode:
        pairs = {**asked, **({"page": str(page)} if page > 1 else {})}
        return NamedNode(f"{base}/tpf" + (f"?{urlencode(pairs)}" if pairs else ""))

    here, first = address(number), address(1)
    about = NamedNode(f"{base}/tpf#metadata")
    dataset, form = NamedNode(f"{base}/tpf#dataset"), BlankNode("form")
    hydra = {name: NamedNode(_HYDRA + name) for name in (
        "search", "template", "variableRepresentation", "ExplicitRepresentation", "mapping", "variable", "property",
        "totalItems", "itemsPerPage", "first", "next", "previous", "view", "PartialCollectionView", "Collection",
    )}  # fmt: skip
    subset, triples = NamedNode(_VOID + "subset"), NamedNode(_VOID + "triples")
    type_ = NamedNode(_RDF + "type")
    items = Literal(str(total), datatype=_INTEGER)
    stated: list[tuple[NamedNode | BlankNode, NamedNode, NamedNode | BlankNode | Literal]] = [
        (about, NamedNode("http://xmlns.com/foaf/0.1/primaryTopic"), here),
        (dataset, type_, NamedNode(_VOID + "Dataset")),
        (dataset, type_, hydra["Collection"]),
        (dataset, subset, here),
        (dataset, hydra["search"], form),
        (form, hydra["template"], Literal(f"{base}/tpf{{?{','.join(_TERMS)}}}")),
        (form, hydra["variableRepresentation"], hydra["ExplicitRepresentation"]),
        (here, type_, hydra["PartialCollectionView"]),
        (here, hydra["totalItems"], items),
        (here, triples, items),
        (here, hydra["itemsPerPage"], Literal(str(SIZE), datatype=_INTEGER)),
        (here, hydra["first"], first),
    ]
    for name in _TERMS:
        mapping = BlankNode(name)
        stated += [
            (form, hydra["mapping"], mapping),
            (mapping, hydra["variable"], Literal(name)),
            (mapping, hydra["property"], NamedNode(_RDF + name)),
        ]
    if number > 1:
        stated.append((here, hydra["previous"], address(number - 1)))
    if number * SIZE < total:
        stated.append((here, hydra["next"], address(number + 1)))
    return [Quad(*one, about) for one in stated]
