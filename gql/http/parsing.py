"""From a request's bytes to the operation that it asks, or to what is wrong with them."""

from contextlib import suppress
from http import HTTPStatus
from json import JSONDecodeError
from typing import Any, Final

from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import Request
from strawberry.http import GraphQLRequestData
from strawberry.http.types import QueryParams

from gql.http.content_types import JsonRequest, is_json
from gql.http.media_types import JSON
from gql.http.sent_operation import decoded, plain_operation, with_document_id
from gql.live.streaming import Streaming

PLAIN: Final = "identity"
"""The content coding of what is sent as it is (RFC 9110, 12.5.3)."""


class Parsing(Streaming):
    """Reads what is asked: the library's way, held to one JSON object, with a shorter one for what most send."""

    request_adapter_class = JsonRequest

    async def plain_request(self, request: Request) -> GraphQLRequestData | None:
        """The operation of a request that asks as most do: JSON by POST, and JSON for an answer; else None."""
        if request.method != "POST" or not is_json(request.headers.get("content-type")):
            return None
        return None if self.asks_for_stream(request) else plain_operation(await request.body())

    def should_render_graphql_ide(self, request: Any) -> bool:
        """Never: whoever asks for the page is sent to it before."""
        del request
        return False

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """What is asked.

        Raises:
            HTTPException: It is sent as something else than plain JSON (415), or is not put as it must be (400).
        """
        if request.method == "POST" and request.content_type != JSON:
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the operation as {JSON}, in UTF-8.")
        if request.headers.get("content-encoding", PLAIN).lower() != PLAIN:
            message = "Send the operation uncompressed: no Content-Encoding is taken."
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)
        request_data = await super().parse_http_body(request)
        if not isinstance(request_data, GraphQLRequestData):  # what is no object is refused before
            return request_data
        if not isinstance(request_data.operation_name, str | None):
            raise HTTPException(HTTPStatus.BAD_REQUEST, "`operationName` must be a string or null, if provided.")
        return request_data

    def parse_json(self, data: str | bytes) -> Any:
        """What a request's body says.

        Raises:
            HTTPException: It is no operation (400).
        """
        content = _object(data, "Send one operation, as a JSON object in UTF-8 with the document in `query`.")
        return with_document_id(content)

    def parse_query_params(self, params: QueryParams) -> dict[str, Any]:
        """What the parameters of a request's address say.

        Raises:
            HTTPException: One that is to be an object is none (400).
        """
        content: dict[str, Any] = dict(params)
        for name in ("variables", "extensions"):
            if content.get(name):
                content[name] = _object(content[name], f"`{name}` in the address is to be a JSON object.")
        return with_document_id(content)

    def decode_json(self, data: str | bytes) -> object:
        """What a message of a WebSocket says.

        Raises:
            JSONDecodeError: It is not what it must be.
        """
        return decoded(data)


def _object(data: str | bytes, expected: str) -> dict[str, Any]:
    """The object that JSON says; what is expected is told where it says none (400)."""
    with suppress(JSONDecodeError):
        content = decoded(data)
        if isinstance(content, dict):
            return content
    raise HTTPException(HTTPStatus.BAD_REQUEST, expected)
