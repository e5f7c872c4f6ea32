"""JSON-LD trees: whatever the graph, the tree is the same graph, in two parsers that know nothing of each other."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from api.framing import context, frame
from graph.ids import PAL, PREFIXES, Ids

ROOT = "https://w3id.org/palermo/id/root"
_NODES = [ROOT, *(f"https://w3id.org/palermo/id/n{number}" for number in range(5)), "https://example.org/x?y=1#z"]
_PREDICATES = [
    PREFIXES["rdf"] + "type",
    PREFIXES["rdfs"] + "label",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["foaf"] + "primaryTopic",
    PREFIXES["dcterms"] + "source",
    *(PAL + name for name in ("subject", "object", "treaty", "date", "day", "sourceRank", "directed", "value", "note")),
    "http://example.org/terms/other",
]
_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
_DATATYPES = [PREFIXES["xsd"] + name for name in ("date", "gYear", "integer", "decimal", "boolean", "string", "anyURI")]

nodes = st.sampled_from(_NODES).map(NamedNode)
literals = st.one_of(
    _TEXT.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), _TEXT, st.sampled_from(["en", "fr", "ar", "fr-ca"])),
    st.builds(
        lambda text, datatype: Literal(text, datatype=NamedNode(datatype)),
        st.one_of(_TEXT, st.sampled_from(["2002-10-29", "2002", "7", "-0", "007", "true", "1", "1.50"])),
        st.sampled_from(_DATATYPES),
    ),
)
triples = st.builds(Triple, nodes, st.sampled_from(_PREDICATES).map(NamedNode), st.one_of(nodes, literals))


@settings(max_examples=300, deadline=None)
@given(st.lists(triples, min_size=1, max_size=25))
def test_a_tree_is_the_graph_it_was_made_from(graph: list[Triple]) -> None:
    body = frame(graph, ROOT, Ids().prefixes)
    found = {str(quad.triple) for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.JSON_LD)}
    assert found == {str(triple) for triple in graph}


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # rdflib's parsers use what rdflib deprecates
@settings(max_examples=100, deadline=None)
@given(st.lists(st.builds(Triple, nodes, st.sampled_from(_PREDICATES).map(NamedNode), nodes), min_size=1, max_size=20))
def test_rdflib_reads_the_same_links(graph: list[Triple]) -> None:
    read = rdflib.Graph().parse(data=frame(graph, ROOT, Ids().prefixes), format="json-ld")
    assert {tuple(map(str, one)) for one in read} == {
        (one.subject.value, one.predicate.value, one.object.value)
        for one in graph  # type: ignore[union-attr]
    }


def test_a_node_that_links_to_itself_is_told_once() -> None:
    me = NamedNode(ROOT)
    body = frame([Triple(me, NamedNode(PAL + "subject"), me)], ROOT, Ids().prefixes)
    assert json.loads(body)["subject"] == ROOT


def test_the_context_is_what_the_ontology_makes_it(root: Path) -> None:
    """After a new property: `.venv/bin/python scripts/context.py`."""
    module = runpy.run_path(str(root / "scripts" / "context.py"))
    assert (root / "ontology" / "context.jsonld").read_text("utf-8") == module["text"]()
    assert len(context()) > 150
