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
from gql.api_state import ApiState
from gql.explorer.routes import explorer_routes, graphiql
from gql.failures import Masked
from gql.files.routes import file_routes
from gql.http.answers import fault_answer
from gql.http.refusals import ProviderAway, TokenInvalid
from gql.http.request_ids import RequestIds
from gql.http.safety import safety
from gql.http.view import Api
from gql.live.service import close_live, open_live
from gql.operations.names import names_read
from gql.schema import engine
from gql.shared_state import Shared
from gql.start_page import page_routes
from identity.provider import close_provider, open_provider
from identity.refusals import ProviderUnavailableError
from identity.routes import routes as identity_routes
from identity.tokens import InvalidToken
from observing.exposition import exposed
from observing.health import health_routes
from observing.http import Measured
from observing.tracing import traced
from registers.lifespan import open_registers
from settings import settings


class ClosingDoorbell(Doorbell, Protocol):
    """A doorbell that is hung up at the end."""

    async def close(self) -> None:
        """Gives back what it holds."""


ASKING: Final = frozenset({"query", "documentId", "extensions"})
"""Parameters of an address that make it a question to the API."""


class _GraphQL:
    """`/graphql`: the API with its WebSockets, and GraphiQL for a browser that opens the address."""

    def __init__(self, shared: Shared | None) -> None:
        self._api = Api(shared)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            request = Request(scope, receive)
            accepted = request.headers.get("accept", "*/*")
            takes_page = "text/html" in accepted or "*/*" in accepted
            asks = not ASKING.isdisjoint(request.query_params)
            if takes_page and not asks:
                await (await graphiql(request))(scope, receive, send)
                return
        await self._api(scope, receive, send)


async def _invalid_token(request: Request, _refusal: Exception) -> Response:
    answer = fault_answer(request, TokenInvalid())
    answer.headers["www-authenticate"] = InvalidToken.challenge
    return answer


async def _provider_away(request: Request, _refusal: Exception) -> Response:
    answer = fault_answer(request, ProviderAway())
    answer.headers["retry-after"] = "5"
    return answer


def create_app(
    extra_routes: Sequence[BaseRoute] = (), doorbell: ClosingDoorbell | None = None, shared: Shared | None = None
) -> Starlette:
    """The API with its pages.

    Args:
        extra_routes: Pages that only some installations have, such as the demo's mailbox.
        doorbell: Rung when a notification is committed; without one the workers' sweep finds it.
        shared: What the processes share; without it nobody is counted, and no client's document is kept.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        configuration = settings()
        await open_database(str(configuration.database_url), pool_size=configuration.database_pool, generic_plans=True)
        attachment_store()  # an address that can't be used is told at the start
        await open_read_pool(str(configuration.database_url), configuration.reading_pool)
        await open_provider()
        install_doorbell(doorbell)
        open_live()
        try:
            async with (
                open_registers(configuration),
                names_read(),
                exposed(configuration, ApiState(engine)),
                traced(configuration, "api"),
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

    answering = _GraphQL(shared)
    return Starlette(
        lifespan=lifespan,
        middleware=[Middleware(RequestIds), Middleware(Measured), *safety(settings()), Middleware(Masked)],
        exception_handlers={InvalidToken: _invalid_token, ProviderUnavailableError: _provider_away},
        routes=[
            # The routes are tried in this order, and this is the one that is asked all the time.
            Route("/graphql", answering, methods=["GET", "HEAD", "POST"]),
            WebSocketRoute("/graphql", answering),
            *explorer_routes(),
            *identity_routes(),
            *health_routes(),
            *file_routes(),
            *extra_routes,
            *page_routes(),
        ],
    )
