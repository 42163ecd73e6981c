"""`python -m bench.graph.server`: the API as `econtracting serve` runs it, the hand-written endpoints beside it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bench.graph.baseline import Baseline
from domain.database.connection import tortoise_config
from domain.predicate import Predicate
from gql.app import create_app
from gql.reading.fields import DeclaredField
from gql.reading.sources import SOURCES
from gql.server import exclude_imports_from_gc, server_config
from logs import configure_logging
from settings import settings


def app() -> Starlette:
    """Both, over pools of the same size with the same settings."""
    served = create_app()
    opened = served.router.lifespan_context

    @asynccontextmanager
    async def lifespan(application: Starlette) -> AsyncIterator[None]:
        given = settings()
        url, size = str(given.database_url), given.database_pool
        told = tortoise_config(url)["connections"]["default"]["credentials"]["server_settings"]
        # These statements are planned for anybody, once: planning them again would take longer than they do.
        told = told | {"plan_cache_mode": "force_generic_plan"}
        pool = asyncpg.create_pool(url, min_size=size, max_size=size, server_settings=told)
        async with opened(application), pool:
            # Behind the API's own route, which is asked as it is served.
            application.router.routes.insert(1, Route("/baseline/{operation}", Baseline(pool).answer, methods=["POST"]))
            yield

    served.router.lifespan_context = lifespan
    return served


def without_rules() -> None:
    """Has everyone see everything, to measure what the rules cost; the statements stay what they are otherwise."""
    for source in SOURCES.values():
        if source.visible:
            object.__setattr__(source, "visible", Predicate("true"))
        for declared in source.declared_type.__strawberry_definition__.fields:  # type: ignore[attr-defined]  # Strawberry adds it
            if isinstance(declared, DeclaredField) and declared.guard:
                declared.guard = Predicate("true")


if __name__ == "__main__":
    configure_logging()
    if os.environ.get("RULES") == "none":
        without_rules()
    exclude_imports_from_gc()
    uvicorn.Server(server_config(app(), host="127.0.0.1", port=int(os.environ["PORT"]), loop="uvloop")).run()
