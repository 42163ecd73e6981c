"""The API over HTTP: who asks is found out, and what comes back is put in order."""

from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from gql.context import Context
from gql.errors import formatted
from gql.languages import preferred_language
from gql.schema import schema
from identity.backend import actor_of


class Api(GraphQL[Context, None]):
    """`POST /graphql`, and `GET` for queries."""

    def __init__(self) -> None:
        # Live changes come with their own issue; until then there is nothing to subscribe to.
        super().__init__(schema, graphql_ide=None, subscription_protocols=())

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Finds out who asks and in which language.

        Raises:
            InvalidToken: The bearer token is not to be believed.
        """
        if isinstance(response, Response):
            response.headers["cache-control"] = "no-store"
        return Context(
            actor=await actor_of(request),
            language=preferred_language(request.headers.get("accept-language")),
            request_id=request.state.request_id,
        )

    def decode_json(self, data: str | bytes) -> object:
        """What a request's body, or a parameter of its address, says.

        Raises:
            JSONDecodeError: It isn't JSON in UTF-8, or neither an object nor a list; the answer is 400.
        """
        try:
            told = super().decode_json(data)
        except UnicodeDecodeError:
            raise JSONDecodeError("No UTF-8", "", 0) from None
        if not isinstance(told, dict | list):
            raise JSONDecodeError("Neither an object nor a list", "", 0)
        return told

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The body of the response."""
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [formatted(error, request.state.request_id) for error in result.errors]
        if result.extensions:
            body["extensions"] = result.extensions
        return body  # type: ignore[return-value]  # the same keys
