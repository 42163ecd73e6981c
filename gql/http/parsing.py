"""Parsing of HTTP requests and WebSocket messages."""

from contextlib import suppress
from json import JSONDecodeError
from typing import Any, Final

from cross_web import AsyncHTTPRequestAdapter
from starlette.requests import Request
from strawberry.http import GraphQLRequestData
from strawberry.http.types import QueryParams

from gql.http.content_types import JsonRequest, is_json
from gql.http.faults import (
    BodyNotAnObject,
    OperationNameNotAString,
    ParameterNotAnObject,
    UnsupportedContentEncoding,
    UnsupportedMediaType,
)
from gql.http.media_types import JSON
from gql.http.request_data import load_json, valid_request_data, with_document_id
from gql.live.streaming import StreamingView

IDENTITY: Final = "identity"
"""The content coding of a body that is not compressed (RFC 9110, 12.5.3)."""


class ParsingView(StreamingView):
    """Parses requests as Strawberry does, restricted to one JSON object, with a fast path for the usual ones."""

    request_adapter_class = JsonRequest

    async def fast_request_data(self, request: Request) -> GraphQLRequestData | None:
        """The data of a well-formed JSON request by POST that is not for a stream; None for any other request."""
        if request.method != "POST" or not is_json(request.headers.get("content-type")):
            return None
        return None if self.wants_stream(request) else valid_request_data(await request.body())

    def should_render_graphql_ide(self, request: Any) -> bool:
        """Never: `gql.app` serves GraphiQL."""
        del request
        return False

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """The data of a request.

        Raises:
            UnsupportedMediaType: It is not sent as JSON.
            UnsupportedContentEncoding: It is compressed.
            BodyNotAnObject: The body is not a JSON object.
            ParameterNotAnObject: A query parameter is not a JSON object.
            OperationNameNotAString: `operationName` is neither a string nor null.
            HTTPException: Strawberry refuses it for another reason.
        """
        if request.method == "POST" and request.content_type != JSON:
            raise UnsupportedMediaType(media_type=JSON)
        if request.headers.get("content-encoding", IDENTITY).lower() != IDENTITY:
            raise UnsupportedContentEncoding
        request_data = await super().parse_http_body(request)
        if not isinstance(request_data, GraphQLRequestData):  # `parse_json` refuses an array
            return request_data
        if not isinstance(request_data.operation_name, str | None):
            raise OperationNameNotAString
        return request_data

    def parse_json(self, data: str | bytes) -> Any:
        """The object in a request body.

        Raises:
            BodyNotAnObject: There is none.
        """
        content = _json_object(data)
        if content is None:
            raise BodyNotAnObject
        return with_document_id(content)

    def parse_query_params(self, params: QueryParams) -> dict[str, Any]:
        """The query parameters of a request, `variables` and `extensions` parsed.

        Raises:
            ParameterNotAnObject: One of these two is not a JSON object.
        """
        content: dict[str, Any] = dict(params)
        for name in ("variables", "extensions"):
            if content.get(name):
                content[name] = _json_object(content[name])
                if content[name] is None:
                    raise ParameterNotAnObject(name=name)
        return with_document_id(content)

    def decode_json(self, data: str | bytes) -> object:
        """The content of a WebSocket message.

        Raises:
            JSONDecodeError: It is neither a JSON object nor an array.
        """
        return load_json(data)


def _json_object(data: str | bytes) -> dict[str, Any] | None:
    """The JSON object in the data; None if there is none."""
    with suppress(JSONDecodeError):
        content = load_json(data)
        if isinstance(content, dict):
            return content
    return None
