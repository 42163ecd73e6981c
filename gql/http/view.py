"""The API over HTTP: who asks is found out, how long it may take is bounded, and what comes back is put in order."""

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
from gql.faults import BAD_INPUT, Fault, NoOperation
from gql.http.answers import body_of, empty_answer, fault_answer, refusal_answer, tell_errors, with_body
from gql.http.attended import SlowRequestError, attended
from gql.http.body import LONGEST, BodyTooLongError, bounded
from gql.http.content_types import JsonRequest
from gql.http.languages import preferred_language
from gql.http.parsing import Parsing
from gql.http.refusals import BodyTooLong, OnlyQueriesByGet, OperationSlow, RequestSlow
from gql.operations.timeouts import require_whole
from gql.presumption import LastFound
from gql.schema import schema
from gql.shared_state import Shared
from identity.backend import credentials_of

PATIENCE: Final = 15.0
"""Seconds that one request may take."""


class Api(Parsing):
    """`POST /graphql`, and `GET` for queries (GraphQL over HTTP); subscriptions are streamed."""

    def __init__(self, shared: Shared | None = None, patience: float = PATIENCE) -> None:
        """Prepares to answer.

        Args:
            shared: What the API's processes share; without it nobody is counted, and no client's document is kept.
            patience: How many seconds one request may take.
        """
        super().__init__(schema)
        self._shared = shared
        self._patience = patience
        self._last_found = LastFound()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, bounded(scope, receive))
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            return await attended(request, self._run, _acts, self._patience)
        except BodyTooLongError:
            return fault_answer(request, BodyTooLong(allowed=LONGEST))
        except SlowRequestError:
            return fault_answer(request, RequestSlow(seconds=self._patience))
        except (TimeoutError, QueryCanceledError):
            return fault_answer(request, OperationSlow(seconds=self._patience))
        except Fault as fault:
            return fault_answer(request, fault)
        except HTTPException as error:
            return refusal_answer(request, error.status_code, BAD_INPUT, error.reason)

    async def _run(self, request: Request) -> Response:
        """The answer to a request that has come whole: by the library's way, or by the part of it that is needed."""
        request_data = await self.plain_request(request)
        if request_data is None:
            return await self.run(request)
        response = await self.get_sub_response(request)
        context = await self._context(request, response, plain=True)
        result = await self.execute_single(request, JsonRequest(request), response, context, None, request_data)
        return self.create_response(await self.process_result(request, result), response)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Finds out who asks and in which language; a WebSocket tells who it is later.

        Raises:
            InvalidToken: The bearer token is not to be believed.
        """
        return await self._context(request, response)

    async def _context(
        self, request: Request | WebSocket, response: Response | WebSocket, *, plain: bool = False
    ) -> Context:
        single = Context(
            actor=NOBODY,
            language=preferred_language(request.headers.get("accept-language")),
            request_id=request.state.request_id,
            shared=self._shared,
            address=request.client.host if request.client else "",
        )
        context = request.state.context = single if plain else self.streamed(single, request)
        if isinstance(response, Response):
            request.state.answer = response
            await self._find_asker(context, request, presuming=plain)
        context.log_actor()
        return context

    async def _find_asker(self, context: Context, request: Request | WebSocket, *, presuming: bool) -> None:
        credentials = credentials_of(request)
        if presuming and (presumed := self._last_found.presumed(credentials)):
            context.presume(presumed)
        else:
            context.become(await self._last_found.found(credentials))

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """The response, whose body comes last."""
        return empty_answer(request)

    async def execute_single(self, request: Request, *args: Any, **options: Any) -> ExecutionResult:
        """The result of one operation.

        Raises:
            HTTPException: The library finds it wrong, and says why.
            NoOperation: There is none.
            OnlyQueriesByGet: Its kind doesn't go with the request's method.
            QueryCanceledError: PostgreSQL stopped something in a query, because it took too long.
        """
        try:
            result = await super().execute_single(request, *args, **options)
        except HTTPException as error:
            if isinstance(error.__cause__, InvalidOperationTypeError):
                raise OnlyQueriesByGet from error
            if isinstance(error.__cause__, MissingQueryError):
                raise NoOperation from error
            raise
        if not _acts(request):
            require_whole(result)
        return result

    def encode_json(self, data: object) -> str:
        """The body of a response, or a message of a WebSocket; as text, since bytes would go into a binary frame."""
        return json_text(data)

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The body of the response."""
        if result.errors:
            tell_errors(request.state.answer, request, result)
        return body_of(result, request.state.context)

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The response, with the status and headers that were found on the way."""
        return with_body(sub_response, response_data)


def _acts(request: Request) -> bool:
    context: Context | None = getattr(request.state, "context", None)
    return context is not None and context.acts
