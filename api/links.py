"""From IRIs to addresses of this server and back, and which addresses may become links at all.

Data keep the IRIs of their release (`https://w3id.org/palermo/id/fra`); pages link the same thing here (`/doc/fra`), so
that a reader of any copy stays on it. Only http, https and mailto become links: a `javascript:` that somebody put into
data is shown as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from graph.ids import CONCEPT, PAL, RULE, Ids

_ONTOLOGY: Final = PAL.removesuffix("#")
_SAFE: Final = "/:@!$&'()*+,;=-._~"
_SCHEMES: Final = ("http", "https", "mailto")
_BAD: Final = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def safe(url: str) -> str | None:
    """The address as it may stand in a link, None for one that must not become a link."""
    if _BAD.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or (parts.scheme.lower() != "mailto" and not parts.netloc):
        return None
    return url


def local(iri: str, ids: Ids) -> str | None:
    """The path of an IRI's page on this server, None for an IRI of somebody else."""
    for start, place in (
        (ids.entity(""), "/doc/"),
        (ids.source(""), "/source/"),
        (ids.graph(""), "/graph/"),
        (PAL, "/ontology/"),
        (CONCEPT, "/concept/"),
        (RULE, "/rule/"),
    ):
        if iri.startswith(start) and len(iri) > len(start):
            return place + quote(iri[len(start) :], safe=_SAFE)
    return {_ONTOLOGY: "/ontology", ids.base: "/", ids.base + "data": "/data"}.get(iri)


def href(iri: str, ids: Ids) -> str | None:
    """Where a link to an IRI leads: here when the thing is ours, else to the address itself when that is safe."""
    return local(iri, ids) or safe(iri)


def link_header(links: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """A Link header (RFC 8288) of targets with their parameters; targets are percent-encoded, values quoted."""
    parts = []
    for target, parameters in links:
        encoded = quote(target, safe=_SAFE + "?#%")
        joined = "".join(f'; {name}="{value}"' for name, value in parameters.items())
        parts.append(f"<{encoded}>{joined}")
    return ", ".join(parts)
