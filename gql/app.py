"""The ASGI application: lifespan, middleware, routes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from domain.database.connection import close_database, open_database
from domain.database.read_queries import close_read_pool, open_read_pool
from domain.doorbell import Doorbell, install_doorbell
from domain.files.object_store import attachment_store
from gql.error_masking import ErrorMaskingMiddleware
from gql.explorer.routes import explorer_routes, graphiql
from gql.files.routes import file_routes
from gql.http.faults import BearerTokenInvalid, IdentityProviderUnavailable
from gql.http.request_ids import RequestIdMiddleware
from gql.http.responses import fault_response
from gql.http.security import security_middleware
from gql.http.view import GraphQLView
from gql.live.service import close_live, open_live
from gql.metrics_collector import ApiMetricsCollector
from gql.operations.names import refresh_names
from gql.schema import engine
from gql.shared_state import SharedState
from gql.start_page import page_routes
from identity.provider import close_provider, open_provider
from identity.refusals import ProviderUnavailableError
from identity.routes import routes as identity_routes
from identity.tokens import InvalidToken
from observing.exposition import serve_metrics
from observing.health import health_routes
from observing.http import RequestMetrics
from observing.tracing import process_tracing
from registers.lifespan import open_registers
from settings import settings


class ClosingDoorbell(Doorbell, Protocol):
    """A doorbell with connections to close."""

    async def close(self) -> None:
        """Closes its connections."""


OPERATION_PARAMETERS: Final = frozenset({"query", "documentId", "extensions"})
"""Query parameters by which a GET request has an operation."""


class _GraphQLEndpoint:
    """`/graphql`: the API with its WebSockets, and GraphiQL for a browser that opens the URL."""

    def __init__(self, shared: SharedState | None) -> None:
        self._api = GraphQLView(shared)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            request = Request(scope, receive)
            accept = request.headers.get("accept", "*/*")
            accepts_html = "text/html" in accept or "*/*" in accept
            has_operation = not OPERATION_PARAMETERS.isdisjoint(request.query_params)
            if accepts_html and not has_operation:
                await (await graphiql(request))(scope, receive, send)
                return
        await self._api(scope, receive, send)


async def _invalid_token(request: Request, _error: Exception) -> Response:
    response = fault_response(request, BearerTokenInvalid())
    response.headers["www-authenticate"] = InvalidToken.challenge
    return response


async def _provider_unavailable(request: Request, _error: Exception) -> Response:
    response = fault_response(request, IdentityProviderUnavailable())
    response.headers["retry-after"] = "5"
    return response


def create_app(
    extra_routes: Sequence[BaseRoute] = (), doorbell: ClosingDoorbell | None = None, shared: SharedState | None = None
) -> Starlette:
    """The application: the API with its pages.

    Args:
        extra_routes: Pages that only some installations have, such as the demo's mailbox.
        doorbell: Rung when a notification is committed; without one the workers' sweep finds it.
        shared: What the processes share; without it no budget is counted, and no client's document is stored.
    """
    return Starlette(
        lifespan=lambda _app: _lifespan(doorbell, shared),
        middleware=[
            Middleware(RequestIdMiddleware),
            Middleware(RequestMetrics),
            *security_middleware(settings()),
            Middleware(ErrorMaskingMiddleware),
        ],
        exception_handlers={InvalidToken: _invalid_token, ProviderUnavailableError: _provider_unavailable},
        routes=[
            *_graphql_routes(shared),
            *explorer_routes(),
            *identity_routes(),
            *health_routes(),
            *file_routes(),
            *extra_routes,
            *page_routes(),
        ],
    )


@asynccontextmanager
async def _lifespan(doorbell: ClosingDoorbell | None, shared: SharedState | None) -> AsyncIterator[None]:
    """Opens what requests need, and closes it when the process stops."""
    configuration = settings()
    await open_database(str(configuration.database_url), pool_size=configuration.database_pool, generic_plans=True)
    attachment_store()  # fails at the start on an unusable URL
    await open_read_pool(str(configuration.database_url), configuration.reading_pool)
    await open_provider()
    install_doorbell(doorbell)
    open_live()
    try:
        async with (
            open_registers(configuration),
            refresh_names(),
            serve_metrics(configuration, ApiMetricsCollector(engine)),
            process_tracing(configuration, "api"),
        ):
            yield
    finally:
        await close_live()
        install_doorbell(None)
        if doorbell:
            await doorbell.close()
        if shared:
            await shared.close()
        await close_provider()
        await close_read_pool()
        await close_database()


def _graphql_routes(shared: SharedState | None) -> list[BaseRoute]:
    """The first routes: routes are tried in order, and nearly all requests are for these."""
    endpoint = _GraphQLEndpoint(shared)
    return [
        Route("/graphql", endpoint, methods=["GET", "HEAD", "POST"]),
        WebSocketRoute("/graphql", endpoint),
    ]
