"""The GraphQL API over HTTP: authentication, timeouts, execution and the response."""

from typing import Any, Final

from asyncpg import QueryCanceledError
from cross_web import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult

from domain.actor import NOBODY
from domain.json_text import json_text
from gql.context import Context
from gql.faults import BAD_INPUT, Fault, MissingOperation
from gql.http.body_limit import MAX_BODY_BYTES, BodyTooLargeError, limit_body
from gql.http.cancellation import RequestTimeoutError, run_cancellable
from gql.http.content_types import JsonRequest
from gql.http.faults import BodyTooLarge, OnlyQueriesByGet, OperationTimedOut, RequestTimedOut
from gql.http.languages import language_of
from gql.http.parsing import ParsingView
from gql.http.responses import (
    empty_response,
    error_response,
    fault_response,
    response_body,
    set_error_status,
    with_json_body,
)
from gql.operations.timeouts import raise_if_cancelled
from gql.schema import schema
from gql.session_cache import SessionCache
from gql.shared_state import SharedState
from identity.backend import credentials_of

REQUEST_TIMEOUT: Final = 15.0
"""Seconds for receiving a request, and again for executing it."""


class GraphQLView(ParsingView):
    """`POST /graphql`, and `GET` for queries (GraphQL over HTTP); subscriptions are streamed."""

    def __init__(self, shared: SharedState | None = None, request_timeout: float = REQUEST_TIMEOUT) -> None:
        """Prepares the view.

        Args:
            shared: What the API's processes share; without it no budget is counted, and no client's document is stored.
            request_timeout: Seconds for receiving a request, and again for executing it.
        """
        super().__init__(schema)
        self._shared = shared
        self._request_timeout = request_timeout
        self._session_cache = SessionCache()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or WebSocket."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, limit_body(scope, receive))
        try:
            response = await self._respond(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        try:
            return await run_cancellable(request, self._execute, _is_mutation, self._request_timeout)
        except BodyTooLargeError:
            return fault_response(request, BodyTooLarge(allowed=MAX_BODY_BYTES))
        except RequestTimeoutError:
            return fault_response(request, RequestTimedOut(seconds=self._request_timeout))
        except (TimeoutError, QueryCanceledError):
            return fault_response(request, OperationTimedOut(seconds=self._request_timeout))
        except Fault as fault:
            return fault_response(request, fault)
        except HTTPException as error:
            return error_response(request, error.status_code, BAD_INPUT, error.reason)

    async def _execute(self, request: Request) -> Response:
        """The response to a request that was received completely, by the fast path or by Strawberry's `run`."""
        request_data = await self.fast_request_data(request)
        if request_data is None:
            return await self.run(request)
        response = await self.get_sub_response(request)
        context = await self._context(request, response, fast=True)
        result = await self.execute_single(request, JsonRequest(request), response, context, None, request_data)
        return self.create_response(await self.process_result(request, result), response)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """The context of a request. A WebSocket authenticates later, in `connection_init`.

        Raises:
            InvalidToken: The bearer token is invalid.
        """
        return await self._context(request, response)

    async def _context(
        self, request: Request | WebSocket, response: Response | WebSocket, *, fast: bool = False
    ) -> Context:
        plain = Context(
            actor=NOBODY,
            language=language_of(request),
            request_id=request.state.request_id,
            shared=self._shared,
            client_address=request.client.host if request.client else "",
        )
        context = request.state.context = plain if fast else self.context_for(plain, request)
        if isinstance(response, Response):
            request.state.response = response
            await self._authenticate(context, request, may_use_cache=fast)
        context.log_actor()
        return context

    async def _authenticate(self, context: Context, request: Request | WebSocket, *, may_use_cache: bool) -> None:
        credentials = credentials_of(request)
        if may_use_cache and (cached_session := self._session_cache.get(credentials)):
            context.use_cached_session(cached_session)
        else:
            context.set_actor(await self._session_cache.authenticate(credentials))

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """The response, whose body is set last."""
        return empty_response(request)

    async def execute_single(self, request: Request, *args: Any, **options: Any) -> ExecutionResult:
        """The result of one operation.

        Raises:
            HTTPException: Strawberry refuses the request.
            MissingOperation: The request has no operation.
            OnlyQueriesByGet: A GET request has a mutation or a subscription.
            QueryCanceledError: PostgreSQL cancelled a statement of a query, because it took too long.
        """
        try:
            result = await super().execute_single(request, *args, **options)
        except HTTPException as error:
            if isinstance(error.__cause__, InvalidOperationTypeError):
                raise OnlyQueriesByGet from error
            if isinstance(error.__cause__, MissingQueryError):
                raise MissingOperation from error
            raise
        if not _is_mutation(request):
            raise_if_cancelled(result)
        return result

    def encode_json(self, data: object) -> str:
        """The body of a response, or a WebSocket message; as text, since bytes would be sent in a binary frame."""
        return json_text(data)

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The body of the response, whose status is set on the way."""
        if result.errors:
            set_error_status(request.state.response, request, result)
        return response_body(result, request.state.context)

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The response with its body."""
        return with_json_body(sub_response, response_data)


def _is_mutation(request: Request) -> bool:
    context: Context | None = getattr(request.state, "context", None)
    return context is not None and context.is_mutation
