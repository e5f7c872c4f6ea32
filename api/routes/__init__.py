"""The routes, one module each. A new one is written in its own module and named in the list below."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from api.routes import (
    changes,
    cite,
    corrections,
    curate,
    datasets,
    entities,
    evaluations,
    explore,
    figures,
    health,
    home,
    method,
    metrics,
    oembed,
    past,
    pictures,
    problems,
    projects,
    quality,
    queries,
    reconcile,
    search,
    share,
    sources,
    sparql,
    static,
    stories,
    treaties,
    v1,
    vocabulary,
)

#: In the order in which addresses are matched.
ROUTERS: Final[tuple[APIRouter, ...]] = (
    sparql.router,
    health.router,
    metrics.router,
    v1.router,
    queries.router,
    reconcile.router,
    explore.router,
    share.router,
    oembed.router,
    cite.router,
    home.router,
    treaties.router,
    figures.router,
    stories.router,
    projects.router,
    method.router,
    quality.router,
    search.router,
    corrections.router,
    evaluations.router,
    past.router,
    entities.router,
    sources.router,
    vocabulary.router,
    changes.router,
    curate.router,
    datasets.router,
    static.router,
    pictures.router,
    problems.router,
)
