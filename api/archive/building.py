"""Makes a copy: from first addresses along their links, in as many processes as there are cores, put in place at once.

The same release gives the same bytes: today is the day up to which its sources were read, and no file holds a clock,
a port or the order in which processes finished.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import httpx
import orjson
from fastapi import FastAPI
from pyoxigraph import NamedNode

from api import links
from api.app import create_app
from api.archive import network, tables
from api.archive.addresses import Address, Scope
from api.archive.rewriting import BASE, Rewriter
from api.language import DEFAULT, LANGUAGES, Lang
from api.service_description import Description
from api.settings import Settings
from api.site import Site
from graph import manifest
from graph.read.embedded import EmbeddedStore
from graph.read.index import NetworkIndex
from viz import scene, words
from viz.assets import DIRECTORY as ASSETS
from viz.view import short

#: Where every copy begins, in both languages.
FIRST: Final = (
    "/", "/explore", "/explore?show=whole", "/treaties", "/treaties/signed-only", "/figures", "/stories",
    "/evaluations", "/projects", "/cases", "/people", "/method", "/quality", "/sources", "/data", "/ontology",
    "/search", "/corrections", "/copies", "/problems",
)  # fmt: skip
_FILES: Final = (
    "/changes.atom",
    "/changes.json",
    "/context.jsonld",
    "/explore/whole.json",
    "/explore/scene.schema.json",
)
#: Addresses that a process is given at a time.
_BATCH: Final = 24
_ENTITIES: Final = "SELECT DISTINCT ?s WHERE { ?s a ?type FILTER(isIRI(?s)) }"


class CopyError(ValueError):
    """Pages that should be in a copy could not be made; the message names them."""


@dataclass(frozen=True)
class Plan:
    """What is copied from where to where. `public` is where the copy will stand, `server` what answers the rest; both
    without a slash at the end, empty where there is none."""

    release: Path
    directory: Path
    public: str = ""
    server: str = ""
    only: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Done:
    """What was made."""

    pages: int
    files: int
    bytes: int


class Maker:
    """One process's application and the place that it writes to."""

    def __init__(self, plan: Plan) -> None:
        described = manifest.read(plan.release)
        settings = Settings(release=plan.release, public_url=BASE)
        app: FastAPI = create_app(settings)
        # The lifespan would start workers for strangers' queries, which a copy has none of.
        app.state.store = EmbeddedStore.open(plan.release)
        app.state.description = Description(app.state.store, federated=False)
        app.state.today = today(described)
        self.release, self.today = described.release, today(described)
        self.plan, self.scope = plan, Scope(plan.only)
        self.public = plan.public or described.base.rstrip("/")
        self._transport = httpx.ASGITransport(app=app)

    def make(self, addresses: Iterable[Address]) -> tuple[set[Address], dict[Address, int]]:
        """Write the files of these addresses; returns what their links need, and those that the server has not."""
        return asyncio.run(self._make(addresses))

    async def _make(self, addresses: Iterable[Address]) -> tuple[set[Address], dict[Address, int]]:
        found: set[Address] = set()
        wrong: dict[Address, int] = {}
        async with httpx.AsyncClient(transport=self._transport, base_url=BASE, follow_redirects=True) as client:
            for one in addresses:
                headers = {"Accept": "text/html, */*;q=0.5", "Accept-Encoding": "identity"}
                answer = await client.get(one.asked, headers=headers)
                if answer.status_code != 200:
                    wrong[one] = answer.status_code
                    continue
                found |= self._write(one, answer)
        return found, wrong

    def _write(self, one: Address, answer: httpx.Response) -> set[Address]:
        lang: Lang = "fr" if one.lang == "fr" else DEFAULT
        rewriter = Rewriter(self.scope, one, lang, self.public, self.plan.server, self.release, self.today)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        body = answer.content
        if one.path == "/explore/view":
            rewriter.found |= self._unfolded(body, lang)
            body = rewriter.view(body)
        elif kind == "text/html":
            body = rewriter.page(answer.text).encode()
        elif kind == "image/svg+xml":
            body = rewriter.links(answer.text).encode()
        elif one.path.startswith("/changes."):
            body = rewriter.plain(answer.text).encode()
        target = self.plan.directory / one.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        return rewriter.found

    def _unfolded(self, body: bytes, lang: Lang) -> set[Address]:
        """The views that the folded groups of a view open."""
        drawn = orjson.loads(body)["scene"]
        state = drawn["state"].replace(f"lang={lang}", "").strip("&")
        joined = "&" if state else ""
        wanted = () if "open=" in state else drawn["groups"]
        views = (self.scope.view(f"{state}{joined}open={group['id']}", lang) for group in wanted)
        return {one for one in views if one is not None}


_maker: Maker | None = None


def _begin(plan: Plan) -> None:
    """Prepare a process."""
    global _maker  # a process of the pool has no other place that outlives a call
    _maker = Maker(plan)


def _made(addresses: tuple[Address, ...]) -> tuple[set[Address], dict[Address, int]]:
    if _maker is None:
        raise RuntimeError("the process was not prepared")
    return _maker.make(addresses)


def today(described: manifest.Manifest) -> date:
    """The day on which a copy is read: the one up to which its sources were."""
    text = described.date
    return date.fromisoformat(text) if len(text) == 10 else date(int(text[:4] or 2026), 12, 31)


def build(release: Path, out: Path, say: Callable[[str], None], plan: Plan | None = None, processes: int = 0) -> Done:
    """Make a copy of a release's site at `out`, which is replaced as a whole when all of it is there.

    Raises :class:`CopyError`, :class:`graph.manifest.ManifestError`, and :class:`FileExistsError` for a directory that
    holds something else than a copy.
    """
    if out.exists() and any(out.iterdir()) and not (out / "copy.json").is_file():
        raise FileExistsError(f"{out} holds something else than a copy of this site; name another directory")
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    staging.chmod(0o755)
    try:
        given = plan or Plan(release, staging)
        done = _build(Plan(release.resolve(), staging, given.public, given.server, given.only), say, processes)
        old = staging.with_name(staging.name + ".old")
        if out.exists():
            out.rename(old)
        staging.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return done


def _build(plan: Plan, say: Callable[[str], None], processes: int) -> Done:
    described = manifest.read(plan.release)
    scope = Scope(plan.only)
    with EmbeddedStore.open(plan.release) as store:
        subjects = [one.value for (one,) in store.select(_ENTITIES).rows if isinstance(one, NamedNode)]
        paths = sorted({path for iri in subjects if (path := links.local(iri, store.ids))})
    waiting = sorted(_first(scope, paths))
    seen, linked, pages = set(waiting), set[Address](), 0
    wrong: dict[Address, int] = {}
    running: set[Future[tuple[set[Address], dict[Address, int]]]] = set()
    workers = processes or os.cpu_count() or 1
    # spawned, not forked: the store's threads do not survive a fork
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (plan,)) as pool:
        while waiting or running:
            while waiting and len(running) < 2 * workers:
                batch, waiting = tuple(waiting[:_BATCH]), waiting[_BATCH:]
                running.add(pool.submit(_made, batch))
                pages += len(batch)
                if pages // 2400 != (pages - len(batch)) // 2400:
                    say(f"{pages} of {len(seen)} files so far")
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for one in finished:
                found, failed = one.result()
                wrong |= failed
                linked |= found
                new = sorted(address for address in found - seen if not address.path.startswith(("/static/", "/data/")))
                seen.update(new)
                waiting += new
    # What the release holds and the server has no page for is no fault unless a page links to it.
    dead = sorted(f"{one.asked}: {status}" for one, status in wrong.items() if one in linked or status >= 500)
    if dead:
        raise CopyError(f"{len(dead)} pages could not be made: " + "; ".join(dead[:20]))
    _copied(plan, described)
    _data(plan)
    files = sorted(one for one in plan.directory.rglob("*") if one.is_file())
    about = {"release": described.release, "hash": described.hash, "files": len(files) + 1, "public": plan.public}
    (plan.directory / "copy.json").write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2) + b"\n")
    return Done(pages, len(files) + 1, sum(one.stat().st_size for one in files))


def _first(scope: Scope, paths: Iterable[str]) -> set[Address]:
    found: set[Address] = set()
    for lang in LANGUAGES:
        for path in (*FIRST, *paths):
            one = scope.find(path, lang)
            if one is not None:
                found.add(one[0])
        for query in ("", "show=whole"):
            view = scope.view(query, lang)
            if view is not None:
                found.add(view)
    return found | {Address(path) for path in _FILES}


def _copied(plan: Plan, described: manifest.Manifest) -> None:
    """The front end with its addresses made relative, the release's own files, and their list."""
    for file in sorted(ASSETS.rglob("*")):
        if not file.is_file():
            continue
        target = plan.directory / "static" / file.relative_to(ASSETS)
        target.parent.mkdir(parents=True, exist_ok=True)
        body = file.read_bytes()
        if file.suffix in (".css", ".js"):
            body = body.replace(b"/static/assets/", b"./")
        target.write_bytes(body)
    for name in sorted([*described.files, manifest.NAME]):
        target = plan.directory / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(plan.release / name, target)


def _data(plan: Plan) -> None:
    """What the browser makes views, tables and searches from."""
    (plan.directory / "explore").mkdir(exist_ok=True)
    with EmbeddedStore.open(plan.release) as store:
        site = Site(store)
        (plan.directory / "explore" / "network.json").write_bytes(orjson.dumps(network.pack(site.network)))
        for lang in LANGUAGES:
            said = orjson.dumps(network.told(site.desk, lang))
            (plan.directory / "explore" / f"network.{lang}.json").write_bytes(said)
            (plan.directory / f"atlas.{lang}.json").write_bytes(orjson.dumps(tables.pack(site, lang)))
            (plan.directory / f"search.{lang}.json").write_bytes(orjson.dumps(_names(plan, site.network, lang)))


def _names(plan: Plan, index: NetworkIndex, lang: Lang) -> list[dict[str, object]]:
    """Names of everything, for the search in the browser, the best known first."""
    kinds = words.KIND[lang]
    found: list[dict[str, object]] = []
    for node in sorted(index.nodes, key=lambda node: (-index.degree[node.number], node.id)):
        kind = kinds[scene.kind_of(node.kind)][0]
        names = dict.fromkeys(
            (node.label_en, node.label_fr, node.abbreviation, short(node, lang), *node.names, node.id)
        )
        found.append(
            {
                "id": node.id, "label": node.label(lang), "kind": kind[:1].upper() + kind[1:],
                "who": node.description if lang == "en" else "", "names": [one for one in names if one],
                "page": not plan.only or node.id in plan.only,
            }
        )  # fmt: skip
    return found
