"""The application: settings in, FastAPI out. What it holds hangs on `app.state`, nothing on a module."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette_compress import CompressMiddleware, add_compress_type

from api import problems
from api.agents.http import Agents
from api.door import Door
from api.errors import NotFound
from api.metrics import Metrics
from api.negotiate import GRAPHS, ROWS
from api.observing import Observed
from api.openapi import Described
from api.problems import PROBLEM
from api.routes import ROUTERS
from api.routes.v1 import answering
from api.sandbox.service import Sandbox
from api.sandbox.zygote import Forked
from api.service_description import Description
from api.settings import Settings
from api.shelf import Shelf
from api.site import Site
from graph import manifest
from graph.read.embedded import EmbeddedStore
from graph.read.ondisk import served
from graph.read.store import Store, StoreError, StoreUnavailable

if TYPE_CHECKING:
    from api.sandbox.forward import Forwarder
    from graph.read.remote import RemoteStore

log = logging.getLogger("palermo")

#: Seconds after the start at which what pages need is read in the background.
_LATER: Final = 0.5


def create_app(settings: Settings, first: Forked | None = None) -> FastAPI:
    """Make the application. Nothing is loaded and no process started before its lifespan begins; `first` is a zygote
    that runs already and shares its release with this process.

    Raises :class:`graph.manifest.ManifestError` or :class:`StoreUnavailable` when there is nothing to serve.
    """
    remote = _elsewhere(settings) if settings.store else None
    described, open_store = (remote.manifest, lambda: remote) if remote else _what_to_serve(settings, first)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sandbox: Forwarder | Sandbox = _forwarding(settings, remote) if remote else Sandbox(settings, first)
        app.state.sandbox = sandbox
        try:
            (app.state.store, app.state.description), _ = await asyncio.gather(
                asyncio.to_thread(_opened, open_store, federated=bool(settings.services)), sandbox.start()
            )
            await asyncio.to_thread(_rehearse, app)
            for lock in sandbox.locks:
                if lock.holds:
                    log.info("lock: %s holds", lock.name)
                else:
                    log.warning("lock: %s DOES NOT HOLD here: %s", lock.name, lock.why)
            app.state.site = Site(app.state.store)
            answering.share(app, app.state.site.release)
            warming = asyncio.create_task(_warm(app.state.site))
            async with agents.running():
                yield
            warming.cancel()
        finally:
            await sandbox.close()
            if remote:
                remote.close()

    app = Described(
        title="Palermo",
        version=described.release,
        summary="Who acts against human trafficking, bound by what, and who says so",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    metrics = Metrics(described, lambda: app.state.sandbox.load)
    agents = Agents(app, settings, metrics)
    app.state.metrics = metrics
    app.state.settings = settings
    app.state.manifest = described
    app.state.routers = ROUTERS
    app.state.pages = Environment(
        loader=PackageLoader("api", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    app.state.pages.globals["release"] = described.release
    app.state.pages.filters["coded"] = problems.coded
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.router.routes.append(agents.route)
    for format_ in (*ROWS, *GRAPHS, PROBLEM):
        add_compress_type(format_.media)
    app.add_middleware(CompressMiddleware)
    app.add_middleware(Shelf)
    app.add_middleware(
        Door,
        release=described.release,
        url_limit=settings.url_limit,
        render=lambda request, problem: problems.render(_inside(app, request), problem),
        methods=lambda scope: problems.methods(app, scope),
    )
    app.add_middleware(Observed, metrics=metrics, log_queries=settings.log_queries == "on")
    return app


def _elsewhere(settings: Settings) -> RemoteStore:
    """The release in the engine that PALERMO_STORE names."""
    from api.elsewhere import elsewhere  # with its HTTP client a tenth of a second, for who has an engine

    return elsewhere(settings)


def _forwarding(settings: Settings, remote: RemoteStore) -> Forwarder:
    """Who passes strangers' queries on to that engine."""
    from api.sandbox.forward import Forwarder

    return Forwarder(settings, remote)


def _what_to_serve(settings: Settings, first: Forked | None) -> tuple[manifest.Manifest, Callable[[], Store]]:
    if first is not None:
        shared = EmbeddedStore.at(first.store, first.described)
        return shared.manifest, lambda: shared
    if not settings.data:
        return manifest.read(settings.release), lambda: EmbeddedStore.at(
            *served(settings.release, settings.indexes, settings.memory_statements)
        )
    for path in settings.data:
        if not path.is_file():
            raise StoreUnavailable(f"{path}: no such file")
    store = EmbeddedStore.of_files(settings.data)
    return store.manifest, lambda: store


def _rehearse(app: FastAPI) -> None:
    """Do what would otherwise be done in the middle of the first requests, and hold up everybody beside them."""
    scope = {"type": "http", "method": "GET", "scheme": "http", "server": ("localhost", 80), "app": app, "state": {}}
    scope |= {"path": "/", "root_path": "", "query_string": b"", "headers": [(b"accept", b"text/html")]}
    problems.methods(app, scope)  # FastAPI prepares its routes when they are first matched
    problems.render(Request(scope), NotFound())
    for name in ("sparql.html", "problems.html"):
        app.state.pages.get_template(name)


async def _warm(site: Site) -> None:
    """Read what the first page, search and drawing would otherwise wait for; whoever comes earlier waits for no more
    than is left. It begins when the first answers have had their chance."""
    await asyncio.sleep(_LATER)
    try:
        await asyncio.to_thread(site.warm)
    except StoreError as error:
        log.warning("nothing is read beforehand: %s", error)


def _opened(open_store: Callable[[], Store], *, federated: bool) -> tuple[Store, Description]:
    store = open_store()
    return store, Description(store, federated=federated)


def _inside(app: FastAPI, request: Request) -> Request:
    """A request that was made outside of the application, as its routes would see it."""
    request.scope.setdefault("app", app)
    return request
