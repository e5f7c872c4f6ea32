"""One address of every kind of page: what tests that are about all pages go through.

`test_every_page.py` asserts that no template of a page is without an address here.
"""

from __future__ import annotations

from typing import Final

from viz.tours import tours

#: The pages around the graph.
AROUND: Final = {
    "home": "/",
    "treaties": "/treaties",
    "treaty": "/treaties/palermo-protocol?as_of=2004-12-31",
    "signed-only": "/treaties/signed-only",
    "state-treaties": "/treaties/states/fra",
    "figures": "/figures",
    "stories": "/stories",
    **{f"story-{tour.slug}": f"/stories/{tour.slug}" for tour in tours()},
    "evaluations": "/evaluations",
    "projects": "/projects",
    "cases": "/cases",
    "people": "/people",
    "query": "/sparql",
    "data": "/data",
    "method": "/method",
    "quality": "/quality",
    "corrections": "/corrections?about=/doc/greta",
}
#: Pages about one thing, about the words of the graph, and what else the server has to read.
OTHERS: Final = {
    "state": "/doc/fra",
    "treaty-entity": "/doc/palermo-protocol",
    "body": "/doc/greta",
    "statement": "/doc/action/crc/fra/ratification",
    "inferred": "/doc/party/palermo-protocol/fra",
    "claim": "/doc/claim/article-01",
    "figure": "/doc/statistic/police-2021-ssmsi",
    "figures-of": "/doc/fra?family=figures",
    "family": "/doc/greta?family=monitoring",
    "source": "/source/votestart-article",
    "sources": "/sources",
    "ontology": "/ontology",
    "term": "/ontology/ratified",
    "concept": "/concept/treaty-action",
    "rule": "/rule/20-party-status",
    "problems": "/problems",
    "problem": "/problems/not-found",
    "search": "/search?q=france",
    "copies": "/copies",
    "explore": "/explore?focus=greta",
    "draw": "/explore/draw",
}
#: Pages that others frame: what they show, and no more.
FRAMED: Final = {
    "embed": "/embed?focus=greta",
    "embed-picture": "/embed/picture?of=/people.svg",
    "embed-page": "/embed/page?of=/stories",
}
EVERY: Final = {**AROUND, **OTHERS, **FRAMED}
