"""Linked data as it is asked for: formats, addresses, headers, pages, against the server over the real release."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import ceil
from xml.etree import ElementTree

import httpx
import pyoxigraph
import pytest
import rdflib

from api.framing import context
from api.linked import ENDINGS
from graph.ids import HOME, PREFIXES, redirects
from graph.manifest import read as read_manifest
from graph.read.entity import PARTICIPANTS
from tests.recount import actions

ENGINE = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
}
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld", "trig": "trig", "nq": "nquads"}
MEDIA = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "html": "text/html; charset=utf-8",
}
#: One of each kind: a state, a treaty of 190 parties, bodies, a person's mandate, statements of every class, a figure,
#: a claim, a source, words.
THINGS = (
    "/doc/fra",
    "/doc/palermo-protocol",
    "/doc/un",
    "/doc/miprof",
    "/doc/sr-trafficking",
    "/doc/ef-altp",
    "/doc/ecthr-siliadin",
    "/doc/action/palermo-protocol/fra/ratification",
    "/doc/party/cets-197/fra",
    "/doc/relation/greta/monitors/fra",
    "/doc/evaluation/greta/fra/1",
    "/doc/claim/article-01",
    "/source/votestart-article",
    "/ontology/TreatyAction",
    "/ontology/ratified",
    "/concept/treaty-action",
    "/concept/treaty-action/signature",
)


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=60) as one:
        del one.headers["accept"]
        yield one


@pytest.fixture(scope="module")
def disputed(client: httpx.Client) -> str:
    """The address of a statement whose date two sources give differently, both to the day."""
    query = (
        f"PREFIX pal: <{PREFIXES['pal']}> SELECT ?s WHERE {{ ?s a pal:TreatyAction ."
        " GRAPH ?g { ?s pal:statedDate ?a } GRAPH ?h { ?s pal:statedDate ?b }"
        " FILTER(STRLEN(STR(?a)) = 10 && STRLEN(STR(?b)) = 10 && STR(?a) < STR(?b)) } ORDER BY ?s LIMIT 1"
    )
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert rows, "the release has rival dates"
    return str(rows[0]["s"]["value"]).replace(HOME + "id/", "/doc/")


def triples(body: bytes, ending: str) -> set[str]:
    return {str(quad.triple) for quad in pyoxigraph.parse(body, format=ENGINE[ending])}


# addresses


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_thing_leads_to_its_document(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/id/action/palermo-protocol/fra/ratification")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/doc/action/palermo-protocol/fra/ratification"
    assert 'rel="describedby"' in answer.headers["link"]


@pytest.mark.parametrize("path", THINGS)
@pytest.mark.parametrize("ending", list(ENDINGS))
def test_every_document_in_every_format_by_ending_and_by_accept(client: httpx.Client, path: str, ending: str) -> None:
    by_ending = client.get(f"{path}.{ending}")
    assert by_ending.status_code == 200
    assert by_ending.headers["content-type"] == MEDIA[ending]
    by_accept = client.get(path, headers={"Accept": MEDIA[ending].split(";")[0]})
    assert by_accept.headers["content-type"] == MEDIA[ending]
    assert {"Accept", "Accept-Language"} <= {one.strip() for one in by_accept.headers["vary"].split(",")}
    if ending != "html":
        assert by_accept.content == by_ending.content
        assert "max-age" in by_ending.headers["cache-control"]
        assert by_accept.headers["content-location"] == f"{path}.{ending}"
    head = client.head(f"{path}.{ending}")
    assert head.status_code == 200
    assert head.headers["etag"] == by_ending.headers["etag"]
    assert not head.content


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # rdflib's parsers use what rdflib deprecates
@pytest.mark.parametrize("path", [*THINGS, "/ontology", "/data"])
def test_every_format_is_the_same_graph(client: httpx.Client, path: str) -> None:
    wanted = triples(client.get(f"{path}.nt").content, "nt")
    assert wanted
    for ending, engine in ENGINE.items():
        body = client.get(f"{path}.{ending}").content
        if any("_:" in one for one in wanted):
            assert len(triples(body, ending)) == len(wanted), ending
        else:
            assert {str(quad.triple) for quad in pyoxigraph.parse(body, format=engine)} == wanted, ending
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=body, format=RDFLIB[ending])
        assert len({quad[:3] for quad in dataset.quads()}) == len(wanted), f"{ending} in rdflib"


def test_trig_says_which_source_states_what(client: httpx.Client, disputed: str) -> None:
    quads = list(pyoxigraph.parse(client.get(f"{disputed}.trig").content, format=ENGINE["trig"]))
    by_graph: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate.value == PREFIXES["pal"] + "statedDate":
            by_graph.setdefault(str(quad.graph_name), set()).add(str(quad.object))
    union = by_graph.pop(str(pyoxigraph.DefaultGraph()))
    assert len(by_graph) > 1, "two sources state the date"
    assert all(HOME + "source/" in graph for graph in by_graph)
    assert len(union) > 1, "they differ, and both stand"
    assert union == set().union(*by_graph.values()), "the default graph is the union"


@pytest.mark.parametrize("ending", ["trig", "nq"])
@pytest.mark.parametrize("path", [*THINGS, "/ontology", "/data"])
def test_the_default_graph_is_the_whole_document(client: httpx.Client, path: str, ending: str) -> None:
    default = pyoxigraph.DefaultGraph()
    quads = list(pyoxigraph.parse(client.get(f"{path}.{ending}").content, format=ENGINE[ending]))
    assert {str(one.triple) for one in quads if one.graph_name == default} == {str(one.triple) for one in quads}


def test_json_ld_is_one_tree_with_its_context_inside(client: httpx.Client) -> None:
    document = client.get("/doc/miprof.jsonld").json()
    assert document["id"] == HOME + "id/miprof"
    assert document["label"]["fr"].startswith("Mission interministérielle")
    assert {one["type"][0] if isinstance(one["type"], list) else one["type"] for one in document["statements"]}
    assert all("object" in one for one in document["statements"])
    published = client.get("/context.jsonld").json()["@context"]
    assert published == context()
    prefixes = set(PREFIXES) | {"hydra"}
    for name, meaning in document["@context"].items():
        assert published.get(name, meaning if name in prefixes else None) == meaning, name


def test_links_of_a_document(client: httpx.Client) -> None:
    answer = client.get("/doc/fra", headers={"Accept": "text/html"})
    links = httpx.Response(200, headers={"Link": answer.headers["link"]}).links
    assert links["canonical"]["url"] == HOME + "doc/fra"
    assert links["license"]["url"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert links["describes"]["url"] == HOME + "id/fra"
    for ending in ("ttl", "jsonld", "nt", "rdf", "trig"):
        assert f'</doc/fra.{ending}>; rel="alternate"; type="{MEDIA[ending].split(";")[0]}"' in answer.headers["link"]


def test_a_client_that_has_it_is_told_so(client: httpx.Client) -> None:
    for path in ("/doc/fra.ttl", "/doc/fra", "/ontology.ttl", "/data", "/sitemap.xml", "/context.jsonld"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 304, path
        assert not again.content
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_pages_of_a_long_description(client: httpx.Client) -> None:
    statements: set[str] = set()
    own: set[str] = set()
    path = "/doc/fra.nt"
    while path:
        answer = client.get(path)
        for one in pyoxigraph.parse(answer.content, format=ENGINE["nt"]):
            if one.predicate.value in (PREFIXES["pal"] + "subject", PREFIXES["pal"] + "object"):
                statements.add(str(one.subject))
            if str(one.subject) == f"<{HOME}id/fra>":
                own.add(str(one))
        path = answer.links.get("next", {}).get("url", "").replace("/doc/fra?", "/doc/fra.nt?")
    rows = client.get(
        "/sparql",
        params={
            "query": f"SELECT (COUNT(DISTINCT ?n) AS ?c) {{ {{ ?n <{PREFIXES['pal']}subject> <{HOME}id/fra> }} UNION"
            f" {{ ?n <{PREFIXES['pal']}object> <{HOME}id/fra> }} }}"
        },
    ).json()
    assert len(statements) == int(rows["results"]["bindings"][0]["c"]["value"])
    assert client.get("/doc/fra.nt?page=99").status_code == 404
    assert client.get("/doc/fra.nt?page=x").status_code == 400


# what is not there


@pytest.mark.parametrize(
    "path",
    [
        "/id/nothing",
        "/doc/nothing.ttl",
        "/source/nothing",
        "/ontology/Nothing",
        "/concept/x/y",
        "/rule/x",
        "/data/x.csv",
        "/graph/x",
    ],
)
def test_unknown_things(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert page.status_code == 404
    assert "Il n’y a rien à cette adresse" in page.text


def test_every_renamed_id_leads_on(client: httpx.Client) -> None:
    for one in redirects().values():
        if not one.new:
            continue
        if one.old.startswith("source/"):
            answer = client.get(f"/{one.old}.ttl")
            assert (answer.status_code, answer.headers["location"]) == (308, f"/{one.new}.ttl")
            assert client.get(f"/{one.new}.ttl").status_code == 200, one.new
        else:
            answer = client.get(f"/id/{one.old}")
            assert (answer.status_code, answer.headers["location"]) == (308, f"/id/{one.new}")
            assert client.get(f"/id/{one.new}").status_code == 303, one.new


# pages


@pytest.mark.parametrize("path", ["/", "/sources", "/data", "/ontology", "/rule/20-party-status", *THINGS])
def test_every_page_in_both_languages(client: httpx.Client, path: str) -> None:
    bodies = {}
    for language in ("en", "fr"):
        answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text
        assert answer.headers["content-language"] == language
        assert len(re.findall("<h1", answer.text)) == 1
        assert "Undefined" not in answer.text
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL):
            if block:
                assert json.loads(block)["@context"] == "https://schema.org"
        bodies[language] = answer.text
    assert bodies["en"] != bodies["fr"]


def test_the_language_is_remembered(client: httpx.Client) -> None:
    answer = client.get("/doc/fra?lang=fr", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert '<html lang="fr"' in answer.text
    assert "lang=fr" in answer.headers["set-cookie"]
    client.cookies.clear()
    again = client.get("/doc/fra", headers={"Accept": "text/html", "Cookie": "lang=fr", "Accept-Language": "en"})
    assert '<html lang="fr"' in again.text
    assert client.get("/doc/fra?lang=xx", headers={"Accept": "text/html"}).status_code == 400


def test_a_treaty_page_has_its_participants(client: httpx.Client) -> None:
    english = {"Accept": "text/html", "Accept-Language": "en"}
    text = client.get("/doc/palermo-protocol", headers=english).text
    assert "states and organisations are bound by it" in text
    further = {"family": "acts", "page": "2"}
    text += client.get("/doc/palermo-protocol", params=further, headers=english).text
    row = re.search(r'<tr>\s*<th[^>]*><a href="/doc/fra">.*?</tr>', text, re.DOTALL)
    assert row is not None
    assert "29 October 2002" in row[0]
    assert "/doc/action/palermo-protocol/fra/ratification" in row[0]
    assert "12 December 2000" in row[0]


def test_a_party_whose_day_no_source_states_is_written_out(client: httpx.Client) -> None:
    query = (
        f"PREFIX pal: <{PREFIXES['pal']}> SELECT ?treaty WHERE {{ ?p a pal:PartyStatus ; pal:treaty ?treaty"
        " FILTER NOT EXISTS { ?p pal:start ?d } FILTER NOT EXISTS { ?p pal:endDay ?e }"
        " FILTER NOT EXISTS { ?p pal:endKnownBy ?k } } LIMIT 1"
    )
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert rows, "the release has parties of an unknown day"
    path = rows[0]["treaty"]["value"].replace(HOME + "id/", "/doc/")
    text = client.get(path, headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert "bound, day not known" in text


def test_a_statement_names_every_source_with_its_link(client: httpx.Client, disputed: str) -> None:
    path = disputed
    text = client.get(path, headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert "Where sources disagree" in text
    sources = {
        str(quad.object)
        for quad in pyoxigraph.parse(client.get(f"{path}.nt").content, format=ENGINE["nt"])
        if quad.predicate.value == PREFIXES["dcterms"] + "source"
    }
    assert len(sources) > 1
    for source in sources:
        assert source.strip("<>").replace(HOME, "/") in text, source


def test_an_inferred_statement_tells_its_premises_and_its_rule(client: httpx.Client) -> None:
    text = client.get("/doc/party/palermo-protocol/fra", headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert "No source prints this sentence" in text
    assert "/doc/action/palermo-protocol/fra/ratification" in text
    assert "/rule/20-party-status" in text


def test_no_link_of_the_pages_is_broken(client: httpx.Client) -> None:
    seen: set[str] = set()
    for path in ("/", *THINGS, "/data", "/sources", "/ontology"):
        text = client.get(path, headers={"Accept": "text/html"}).text
        seen |= {one.split("#")[0] for one in re.findall(r'(?:href|src)="(/[^"]*)"', text)}
    targets = sorted(one.replace("&amp;", "&") for one in seen if one and not one.startswith(("/sparql", "/explore")))
    assert len(targets) > 300
    for target in targets[:: max(1, len(targets) // 300)]:
        answer = client.get(target, headers={"Accept": "text/html"})
        assert answer.status_code in (200, 303), f"{target}: {answer.status_code}"


# the data set


def test_void_and_dcat(client: httpx.Client, release_dir: object) -> None:
    answer = client.get("/.well-known/void", follow_redirects=True, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    graph = rdflib.Graph().parse(data=answer.content, format="turtle")
    data = rdflib.URIRef(HOME + "data")
    void, dcat = rdflib.Namespace(PREFIXES["void"]), rdflib.Namespace(PREFIXES["dcat"])
    assert (data, rdflib.RDF.type, void.Dataset) in graph
    assert (data, rdflib.RDF.type, dcat.Dataset) in graph
    sizes = {str(one): int(size) for one, size in graph.subject_objects(dcat.byteSize)}
    assert f"{HOME}data/dataset.nq" in sizes
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    assert len(list(graph.subject_objects(spdx.checksumValue))) == len(sizes)
    assert all(graph.value(rdflib.URIRef(one), dcat.mediaType) for one in sizes)


def test_every_file_of_the_release_can_be_had(client: httpx.Client, release_dir: object) -> None:
    manifest = read_manifest(release_dir)  # type: ignore[arg-type]
    page = client.get("/data", headers={"Accept": "text/html"}).text
    for name, file in manifest.files.items():
        head = client.head(f"/data/{name}", headers={"Accept-Encoding": "identity"})
        assert head.status_code == 200, name
        assert int(head.headers["content-length"]) == file.bytes
        assert head.headers["content-type"].split(";")[0] == file.media_type
        assert file.sha256 in page
    part = client.get("/data/merged.nt", headers={"Range": "bytes=0-99", "Accept-Encoding": "identity"})
    assert part.status_code == 206
    assert len(part.content) == 100


def test_sitemap_and_robots(client: httpx.Client, server_url: str) -> None:
    robots = client.get("/robots.txt").text
    assert f"Sitemap: {server_url}/sitemap.xml" in robots
    root = ElementTree.fromstring(client.get("/sitemap.xml").text)
    found = [one.text or "" for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{server_url}/doc/fra" in found
    assert len(found) == len(set(found)) > 1500
    for one in found[::97]:
        assert client.head(one, headers={"Accept": "text/html"}).status_code == 200, one


def test_the_release_is_named_everywhere(client: httpx.Client) -> None:
    for path in ("/", "/doc/fra", "/doc/fra.ttl", "/ontology", "/source/votestart-article.nt", "/nothing"):
        assert client.get(path).headers["palermo-release"] == read_release(client)


def read_release(client: httpx.Client) -> str:
    return str(client.get("/health").json()["release"])


def test_a_treaty_with_many_participants_is_paged(client: httpx.Client) -> None:
    """Every participant stands on one page of the table, by name; the number in the lead is that of all pages."""
    wanted = {who for treaty, who, _, _ in actions() if treaty == "crc"}
    browser = {"Accept": "text/html"}
    pages = ceil(len(wanted) / PARTICIPANTS)
    assert pages > 1
    found: list[str] = []
    for page in range(1, pages + 1):
        text = client.get("/doc/crc", params={"family": "acts", "page": page}, headers=browser).text
        found += re.findall(r'<th scope="row"[^>]*><a href="/doc/([^"]+)"', text)
    assert len(found) == len(set(found))
    assert set(found) == wanted
    whole = client.get("/doc/crc", headers=browser).text
    assert whole.count('<th scope="row"') == PARTICIPANTS
    assert 'href="/doc/crc?family=acts"' in whole
    assert client.get("/doc/crc", params={"family": "acts", "page": pages + 1}, headers=browser).status_code == 404
