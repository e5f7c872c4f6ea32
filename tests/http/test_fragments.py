"""/tpf: pages of triple patterns, their number, and the controls that lead from one to the next."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pyoxigraph import DefaultGraph, RdfFormat, parse
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, RDF, SKOS, VOID

from tests import recount

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
PAL = Namespace("https://w3id.org/palermo/ontology#")
ID = Namespace("https://w3id.org/palermo/id/")


def ask(url: str, **pattern: str) -> tuple[Graph, Graph, URIRef]:
    """Data, metadata and the address of a page."""
    return read(httpx.get(f"{url}/tpf", params=pattern, timeout=60))


def read(answer: httpx.Response) -> tuple[Graph, Graph, URIRef]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/trig"
    lines: dict[bool, list[str]] = {True: [], False: []}
    for quad in parse(answer.text.encode(), format=RdfFormat.TRIG):
        lines[isinstance(quad.graph_name, DefaultGraph)].append(f"{quad.triple} .")
    data, metadata = (Graph().parse(data="\n".join(lines[which]), format="nt") for which in (True, False))
    (page,) = metadata.objects(None, FOAF.primaryTopic)
    return data, metadata, URIRef(str(page))


def test_pages_give_every_triple_once(server_url: str) -> None:
    data, metadata, page = ask(server_url, predicate=str(RDF.type), object=str(PAL.Evaluation))
    (total,) = metadata.objects(page, HYDRA.totalItems)
    assert int(str(total)) == len(recount.evaluations())
    assert list(metadata.objects(page, VOID.triples)) == [total]
    found = {str(one) for one in data.subjects(RDF.type, PAL.Evaluation)}
    seen = len(data)
    while following := list(metadata.objects(page, HYDRA.next)):
        data, metadata, page = read(httpx.get(str(following[0]), timeout=60))
        assert list(metadata.objects(page, HYDRA.previous))
        found |= {str(one) for one in data.subjects(RDF.type, PAL.Evaluation)}
        seen += len(data)
    assert seen == len(found) == len(recount.evaluations())


def test_the_form_says_how_to_ask(server_url: str) -> None:
    _, metadata, _ = ask(server_url, subject=str(ID.greta))
    (template,) = metadata.objects(None, HYDRA.template)
    assert str(template) == f"{server_url}/tpf{{?subject,predicate,object}}"
    names = {
        (str(name), metadata.value(mapping, HYDRA.property))
        for mapping, name in metadata.subject_objects(HYDRA.variable)
    }
    assert names == {(name, RDF[name]) for name in ("subject", "predicate", "object")}


@pytest.mark.parametrize(
    ("object_", "subjects"),
    [
        ('"France"@fr', {ID.fra}),
        ('"France"', set()),
        ('"FRA"', {ID.fra}),
        ("?anything", None),
        ("<" + ID.coe + ">", None),
    ],
)
def test_terms(server_url: str, object_: str, subjects: set[Any] | None) -> None:
    predicate = PAL.isoAlpha3 if object_ == '"FRA"' else SKOS.prefLabel
    predicate = PAL.memberOf if object_.startswith("<") else predicate
    data, _, _ = ask(server_url, predicate=str(predicate), object=object_)
    if subjects is None:
        assert len(data) > 40
    else:
        assert set(data.subjects()) == subjects
    if subjects == {ID.fra} and "@" in object_:
        assert (ID.fra, SKOS.prefLabel, Literal("France", lang="fr")) in data


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"subject": '"France"'}, "subject"),
        ({"predicate": "not an iri"}, "predicate"),
        ({"object": '"open'}, "object"),
        ({"object": "<a> . } DROP ALL #"}, "object"),
        ({"page": "0"}, "page"),
        ({"page": "20001"}, "page"),
        ({"graph": "x"}, "graph"),
    ],
)
def test_what_is_no_pattern_is_a_problem(server_url: str, given: dict[str, str], parameter: str) -> None:
    answer = httpx.get(f"{server_url}/tpf", params=given)
    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert answer.json()["allowed"]


def test_there_is_no_page_after_the_last(server_url: str) -> None:
    given = {"subject": str(ID.greta), "predicate": str(SKOS.prefLabel), "page": "2"}
    assert httpx.get(f"{server_url}/tpf", params=given).status_code == 404
