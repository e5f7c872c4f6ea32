"""Past releases side by side, Memento (RFC 7089) for pages of things, and their history.

/release                        the published releases, as a page; /release.json as data
/release/{version}/doc/{path}   the document about a thing as that release had it: a memento
/release/{version}/data/{file}  a file of that release
/timegate/doc/{path}            302 to the memento of Accept-Datetime
/timemap/doc/{path}             all mementos, as application/link-format
/history/{path}                 what changed about a thing, release by release; /history/{path}.json as data
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse, RedirectResponse

from api import linked, rendering
from api.deps import BaseUrlDep
from api.documents import CACHEABLE, page_number, serve
from api.errors import BadRequest, Gone, NotFound
from api.language import words
from api.past import LINKS, Memento, Past, PastDep, relations
from api.present import Presenter
from api.routes.entities import view
from api.site import Site, SiteDep
from graph import manifest
from graph.ids import Ids
from graph.read import description, history

router = APIRouter(tags=["data set"])

_GET: Final = ["GET", "HEAD"]
_ADDED: Final = frozenset({manifest.NAME, manifest.RECORD, "NOTES.md", "SHA256SUMS", "SHA256SUMS.sig"})


def _on(past: Past) -> None:
    if not past.on:
        raise NotFound("This server serves one release and none of the past.")


def _allowed(past: Past, site: Site, path: str) -> None:
    """Raises :class:`Gone` for what was withdrawn: it is no longer shown as any release had it."""
    for old in past.withdrawn & {path, *path.split("/")}:
        known = site.redirects[old]
        raise Gone(f"{old} was withdrawn on {known.date}: {known.reason}.", withdrawn=known.date)


def _holding(past: Past, ids: Ids, path: str) -> list[Memento]:
    """The releases that say something of a path. Raises :class:`NotFound` where none does."""
    found = [one for one in past.mementos if history.holds(one.directory, ids.entity(path))]
    if not found:
        raise NotFound(f"No published release holds {path!r}.")
    return found


def _record(one: Memento) -> dict[str, Any]:
    described = manifest.read(one.directory)
    return {**manifest.record(one.directory), "date": described.date, "counts": described.counts}


@router.api_route("/release", methods=_GET, summary="The published releases")
def releases(request: Request, past: PastDep) -> Response:
    """A page: version, day of publication, level of the change, notes and sums."""
    _on(past)
    found = [_record(one) for one in reversed(past.mementos)]
    return rendering.answer(request, rendering.page(request, "releases.html", found=found))


@router.api_route("/release.json", methods=_GET, summary="The published releases as data")
def releases_json(past: PastDep) -> Response:
    """The same as JSON."""
    _on(past)
    return Response(orjson.dumps([_record(one) for one in past.mementos]), media_type="application/json")


@router.api_route("/release/{version}/data/{name:path}", methods=_GET, summary="A file of a past release")
def file(version: str, name: str, past: PastDep) -> Response:
    """The file as it was published. Raises :class:`Gone` for a release that holds something withdrawn since."""
    _on(past)
    one = past.find(version)
    if name not in {*manifest.read(one.directory).files, *_ADDED} or not (one.directory / name).is_file():
        raise NotFound(f"Release {version} has no file {name!r}.")
    if name not in _ADDED and not past.open(one)[1]:
        raise Gone(f"The files of release {version} hold something that was withdrawn since.")
    media = manifest.MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    return FileResponse(one.directory / name, media_type=media, headers={"Cache-Control": CACHEABLE})


@router.api_route("/release/{version}/doc/{path:path}", methods=_GET, summary="A thing as a past release had it")
def document(version: str, path: str, request: Request, past: PastDep, site: SiteDep, base: BaseUrlDep) -> Response:
    """A memento: the document about a thing, in every format that the present one has."""
    _on(past)
    one = past.find(version)
    stem, ending = linked.split(path)
    _allowed(past, site, stem)
    then, _ = past.open(one)
    iri = then.ids.entity(stem)
    if not description.exists(then.store, iri):
        raise NotFound(f"{stem!r} is nothing that release {version} holds.")
    family, number = request.query_params.get("family", ""), page_number(request)

    def shown(show: Presenter) -> tuple[str, dict[str, Any]]:
        template, context = view(show, iri, family, number)
        day = one.published.date().isoformat()
        return template, {**context, "memento": {"version": version, "day": day, "now": f"/doc/{stem}"}}

    response = serve(request, then, iri, f"/release/{version}/doc/{stem}", ending, shown)
    response.headers["Memento-Datetime"] = one.stamp
    response.headers["Palermo-Release"] = version
    response.headers["Link"] = f"{response.headers['Link']}, {relations(base, stem)}"
    return response


@router.api_route("/timegate/doc/{path:path}", methods=_GET, summary="The thing as it was at Accept-Datetime")
def timegate(path: str, request: Request, past: PastDep, site: SiteDep, base: BaseUrlDep) -> Response:
    """302 to the release that was current then; the first one for a time before it, the last one without a time."""
    _on(past)
    _allowed(past, site, path)
    found = _holding(past, site.ids, path)
    given = request.headers.get("accept-datetime")
    chosen = found[-1]
    if given is not None:
        when = _moment(given)
        chosen = next((one for one in reversed(found) if one.published <= when), found[0])
    headers = {"Vary": "accept-datetime", "Link": relations(base, path), "Cache-Control": "no-cache"}
    return RedirectResponse(f"{base}/release/{chosen.version}/doc/{path}", 302, headers)


def _moment(text: str) -> datetime:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        raise BadRequest(f"Accept-Datetime: {text!r}: a date such as Tue, 24 Nov 2026 00:00:00 GMT.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@router.api_route("/timemap/doc/{path:path}", methods=_GET, summary="All that there was of a thing")
def timemap(path: str, past: PastDep, site: SiteDep, base: BaseUrlDep) -> Response:
    """Every memento of a thing, first to last (RFC 7089, section 5)."""
    _on(past)
    _allowed(past, site, path)
    found = _holding(past, site.ids, path)
    entries = [
        f'<{base}/doc/{path}>; rel="original"',
        f'<{base}/timemap/doc/{path}>; rel="self"; type="{LINKS}"; from="{found[0].stamp}"; until="{found[-1].stamp}"',
        f'<{base}/timegate/doc/{path}>; rel="timegate"',
    ]
    for number, one in enumerate(found):
        place = " ".join(name for name, is_so in (("first", number == 0), ("last", one is found[-1])) if is_so)
        rel = f"{place} memento".strip()
        entries.append(f'<{base}/release/{one.version}/doc/{path}>; rel="{rel}"; datetime="{one.stamp}"')
    return Response(",\n".join(entries) + "\n", media_type=LINKS, headers={"Cache-Control": "no-cache"})


@router.api_route("/history/{path:path}", methods=_GET, summary="What changed about a thing, release by release")
def changes(path: str, request: Request, past: PastDep, site: SiteDep) -> Response:
    """The page, or JSON under `.json`: for each release that changed something, what was added and removed."""
    _on(past)
    data = path.endswith(".json")
    path = path.removesuffix(".json")
    _allowed(past, site, path)
    iri = site.ids.entity(path)
    every = [one.directory for one in past.mementos]
    found = history.changes(every, iri, past.withdrawn)
    if not found:
        raise NotFound(f"No published release holds {path!r}.")
    if data:
        body = orjson.dumps({"id": iri, "changes": [asdict(one) for one in found]})
        return Response(body, media_type="application/json")
    show = Presenter(site, rendering.chrome(request).lang)
    named = {one.property for change in found for one in (*change.added, *change.removed)}
    show.learn(named | {iri})
    rows = [
        (
            change,
            [(sign, _about(show, one, iri), show.name(one.property), _value(show, one.value)) for sign, one in both],
        )
        for change in reversed(found)
        for both in [[*(("+", one) for one in change.added), *(("−", one) for one in change.removed)]]
    ]
    body = rendering.page(
        request, "history.html", title=show.name(iri), path=path, rows=rows, say=words(show.lang), show=show
    )
    return rendering.answer(request, body)


def _about(show: Presenter, one: history.Said, iri: str) -> str:
    """The local name of the statement that a value belongs to; empty for the thing itself."""
    return "" if one.node == iri else show.site.ids.local(one.node) or one.node


def _value(show: Presenter, text: str) -> str:
    return show.name(text) if text.startswith(("http://", "https://")) and " " not in text else text
