"""`python -m bench.graph.server`: the API as `econtracting serve` runs it, and the hand-written endpoints."""

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


def create_benchmark_app() -> Starlette:
    """The API with the baseline's endpoints, which have a connection pool of the same size."""
    app = create_app()
    api_lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        url, size = str(settings().database_url), settings().database_pool
        server_settings = tortoise_config(url)["connections"]["default"]["credentials"]["server_settings"]
        # Planning these statements for each viewer would take longer than executing them.
        server_settings = server_settings | {"plan_cache_mode": "force_generic_plan"}
        pool = asyncpg.create_pool(url, min_size=size, max_size=size, server_settings=server_settings)
        async with api_lifespan(app), pool:
            # After the API's own route, which thus is as fast as in production.
            app.router.routes.insert(1, Route("/baseline/{operation}", Baseline(pool).respond, methods=["POST"]))
            yield

    app.router.lifespan_context = lifespan
    return app


def disable_rules() -> None:
    """Makes everything visible to everyone, to measure the cost of authorisation; queries stay the same otherwise."""
    for source in SOURCES.values():
        if source.visible:
            object.__setattr__(source, "visible", Predicate("true"))
        for field in source.declared_type.__strawberry_definition__.fields:  # type: ignore[attr-defined]  # Strawberry adds it
            if isinstance(field, DeclaredField) and field.guard:
                field.guard = Predicate("true")


if __name__ == "__main__":
    configure_logging()
    if os.environ.get("RULES") == "none":
        disable_rules()
    exclude_imports_from_gc()
    uvicorn.Server(
        server_config(create_benchmark_app(), host="127.0.0.1", port=int(os.environ["PORT"]), loop="uvloop")
    ).run()
