"""The routes, one module each. A new one is written in its own module and named in the list below."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from api.routes import explore, health, problems, queries, sparql, v1

#: In the order in which addresses are matched.
ROUTERS: Final[tuple[APIRouter, ...]] = (
    sparql.router,
    health.router,
    v1.router,
    queries.router,
    explore.router,
    problems.router,
)
