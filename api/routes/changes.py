"""/changes.atom, /changes.rss, /changes.json: what this release changed, for feed readers, from its CHANGES.md.

A release knows the step from the one before it, so a feed has one entry; readers keep the earlier ones. Its date is
that of the newest source, not of a clock: the same release gives the same feed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from xml.sax.saxutils import escape

import orjson
from fastapi import APIRouter, Request, Response

from api.deps import BaseUrlDep, SettingsDep, base_url
from api.documents import matches
from api.errors import NotFound
from api.linked import LICENCE, etag
from api.settings import Settings
from graph.manifest import Manifest

router = APIRouter(prefix="/changes", tags=["data set"])

FILE: Final = "CHANGES.md"
#: Characters of an entry; the whole text is one link away.
_MOST: Final = 60_000
_TITLE: Final = "Palermo: changes by release"


@dataclass(frozen=True)
class Entry:
    """A release as an entry: `title` is the first heading of its changes, `summary` their headings, `text` them all,
    `differs` whether there are any, `first` whether there was no release before."""

    id: str
    title: str
    summary: str
    text: str
    date: str
    differs: bool
    first: bool


def entry(request: Request, settings: Settings) -> Entry:
    """The release's changes. Raises :class:`NotFound` for data that are no release."""
    manifest: Manifest = request.app.state.manifest
    path = settings.release / FILE
    if settings.data or not path.is_file():
        raise NotFound("What is served here is no release, so there are no changes to tell.")
    text = path.read_text(encoding="utf-8")
    headings = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
    title = headings[0] if headings else f"Release {manifest.release}"
    said = "; ".join(headings[1:]) or next((line for line in text.splitlines()[1:] if line.strip()), title)
    cut = text if len(text) <= _MOST else text[:_MOST].rpartition("\n")[0] + "\n\n…\n"
    # The hash stands in the identifier: two builds of one version that differ are two entries.
    return Entry(
        f"{manifest.base}data#{manifest.hash[:16]}",
        title,
        said,
        cut,
        f"{manifest.date}T00:00:00Z",
        differs=len(headings) > 1,
        # with a release before it, the heading names both
        first=title == f"Release {manifest.release}",
    )


def _sent(request: Request, body: bytes, media: str) -> Response:
    headers = {"ETag": etag(body + base_url(request).encode()), "Cache-Control": "public, no-cache"}
    if matches(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media)


@router.api_route(".atom", methods=["GET", "HEAD"], summary="Changes of this release as an Atom feed")
def atom(request: Request, settings: SettingsDep, base: BaseUrlDep) -> Response:
    """RFC 4287."""
    one = entry(request, settings)
    manifest: Manifest = request.app.state.manifest
    body = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>{escape(manifest.base)}data</id>
<title>{_TITLE}</title>
<updated>{one.date}</updated>
<author><name>Palermo</name></author>
<rights>{LICENCE}</rights>
<link rel="self" type="application/atom+xml" href="{escape(base)}/changes.atom"/>
<link rel="alternate" type="text/html" href="{escape(base)}/data"/>
<entry>
<id>{escape(one.id)}</id>
<title>{escape(one.title)}</title>
<updated>{one.date}</updated>
<link rel="alternate" type="text/html" href="{escape(base)}/data"/>
<link rel="alternate" type="text/markdown" href="{escape(base)}/data/{FILE}"/>
<summary type="text">{escape(one.summary)}</summary>
<content type="text">{escape(one.text)}</content>
</entry>
</feed>
"""
    return _sent(request, body.encode(), "application/atom+xml")


@router.api_route(".rss", methods=["GET", "HEAD"], summary="Changes of this release as an RSS feed")
def rss(request: Request, settings: SettingsDep, base: BaseUrlDep) -> Response:
    """RSS 2.0 (rssboard.org/rss-specification), for readers that know no Atom."""
    one = entry(request, settings)
    # RSS wants the day as e-mail writes it (RFC 822, with a year of four digits)
    day = format_datetime(datetime.fromisoformat(one.date))
    body = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{_TITLE}</title>
<link>{escape(base)}/data</link>
<description>What each release changed: a line for each statement, with its source.</description>
<language>en</language>
<copyright>{LICENCE}</copyright>
<lastBuildDate>{day}</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="{escape(base)}/changes.rss"/>
<item>
<title>{escape(one.title)}</title>
<link>{escape(base)}/data/{FILE}</link>
<guid isPermaLink="false">{escape(one.id)}</guid>
<pubDate>{day}</pubDate>
<description>{escape(one.text)}</description>
</item>
</channel>
</rss>
"""
    return _sent(request, body.encode(), "application/rss+xml")


@router.api_route(".json", methods=["GET", "HEAD"], summary="Changes of this release as a JSON feed")
def feed(request: Request, settings: SettingsDep, base: BaseUrlDep) -> Response:
    """JSON Feed 1.1 (jsonfeed.org), with the release in a member of its own."""
    one = entry(request, settings)
    manifest: Manifest = request.app.state.manifest
    body: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _TITLE,
        "home_page_url": f"{base}/data",
        "feed_url": f"{base}/changes.json",
        "language": "en",
        "authors": [{"name": "Palermo"}],
        "items": [
            {
                "id": one.id,
                "url": f"{base}/data/{FILE}",
                "title": one.title,
                "summary": one.summary,
                "content_text": one.text,
                "date_published": one.date,
                "_release": {"version": manifest.release, "hash": manifest.hash, "counts": manifest.counts},
            }
        ],
    }
    return _sent(request, orjson.dumps(body), "application/feed+json")
