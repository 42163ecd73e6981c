"""From a request's bytes to the operation that it asks, or to what is wrong with them."""

from contextlib import suppress
from json import JSONDecodeError
from typing import Any, Final

from cross_web import AsyncHTTPRequestAdapter
from starlette.requests import Request
from strawberry.http import GraphQLRequestData
from strawberry.http.types import QueryParams

from gql.http.content_types import JsonRequest, is_json
from gql.http.media_types import JSON
from gql.http.refusals import Compressed, NoObject, NotJson, OperationNameNoText, ParameterNoObject
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
            NotJson: It is sent as something else.
            Compressed: It is sent so.
            NoObject: It is no operation.
            ParameterNoObject: A parameter of the address is none.
            OperationNameNoText: It isn't named by one.
            HTTPException: The library finds something else wrong, and says what.
        """
        if request.method == "POST" and request.content_type != JSON:
            raise NotJson(media_type=JSON)
        if request.headers.get("content-encoding", PLAIN).lower() != PLAIN:
            raise Compressed
        request_data = await super().parse_http_body(request)
        if not isinstance(request_data, GraphQLRequestData):  # what is no object is refused before
            return request_data
        if not isinstance(request_data.operation_name, str | None):
            raise OperationNameNoText
        return request_data

    def parse_json(self, data: str | bytes) -> Any:
        """What a request's body says.

        Raises:
            NoObject: It is no operation.
        """
        content = _object(data)
        if content is None:
            raise NoObject
        return with_document_id(content)

    def parse_query_params(self, params: QueryParams) -> dict[str, Any]:
        """What the parameters of a request's address say.

        Raises:
            ParameterNoObject: One that is to be an object is none.
        """
        content: dict[str, Any] = dict(params)
        for name in ("variables", "extensions"):
            if content.get(name):
                content[name] = _object(content[name])
                if content[name] is None:
                    raise ParameterNoObject(name=name)
        return with_document_id(content)

    def decode_json(self, data: str | bytes) -> object:
        """What a message of a WebSocket says.

        Raises:
            JSONDecodeError: It is not what it must be.
        """
        return decoded(data)


def _object(data: str | bytes) -> dict[str, Any] | None:
    """The object that JSON says; None where it says none."""
    with suppress(JSONDecodeError):
        content = decoded(data)
        if isinstance(content, dict):
            return content
    return None
