"""HTTP responses: body, status and headers, for results and for errors."""

from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from domain.json_text import json_bytes
from gql.context import Context
from gql.errors import extension_values_of, fault_message, format_error, root_cause
from gql.faults import Fault
from gql.http.languages import language_of
from gql.http.media_types import GRAPHQL_RESPONSE, JSON, is_request_error, negotiated_media_type, status_of
from gql.metrics import ERRORS

_HEADERS: Final = {
    kind: [(b"cache-control", b"no-store"), (b"content-type", f"{kind}; charset=utf-8".encode())]
    for kind in (JSON, GRAPHQL_RESPONSE)
}
"""The headers of every response, by media type."""


def empty_response(request: Request | WebSocket) -> Response:
    """A response in the media type that the client prefers, to be completed by `with_json_body`."""
    response = Response()
    response.raw_headers = [*_HEADERS[negotiated_media_type(request.headers.get("accept"))]]
    return response


def with_json_body(response: Response, body: Any) -> Response:
    """The response with its body, encoded as JSON; its status and headers are kept."""
    response.body = json_bytes(body)
    response.raw_headers.append((b"content-length", b"%d" % len(response.body)))
    return response


def response_body(result: ExecutionResult, context: Context) -> GraphQLHTTPResponse:
    """The body of the response to an operation."""
    body: dict[str, Any] = {} if is_request_error(result) else {"data": result.data}
    if result.errors:
        body["errors"] = [format_error(error, context.request_id, context.language) for error in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    return body  # type: ignore[return-value]  # the same keys


def set_error_status(response: Response, request: Request, result: ExecutionResult) -> None:
    """Sets the status, and `Retry-After`, that the errors of a result call for."""
    response.status_code = status_of(result, negotiated_media_type(request.headers.get("accept")))
    extension_values = [extension_values_of(root_cause(error)) for error in result.errors or ()]
    retry_after = [each["retryAfter"] for each in extension_values if "retryAfter" in each]
    if retry_after:
        response.headers["retry-after"] = str(max(retry_after))


def fault_response(request: Request, fault: Fault) -> Response:
    """The response to a request whose operation was not executed, in the reader's language."""
    return error_response(request, fault.status, fault.code, fault_message(fault, language_of(request)))


def error_response(request: Request, status: int, code: str, message: str) -> Response:
    """The same for a message of a library."""
    ERRORS.labels(code).inc()
    error = {"message": message, "extensions": {"code": code, "requestId": request.state.request_id}}
    response = empty_response(request)
    response.status_code = status
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        # GET is refused for mutations only; any other method always.
        response.headers["allow"] = "POST" if request.method == "GET" else "GET, POST"
    return with_json_body(response, {"errors": [error]})
