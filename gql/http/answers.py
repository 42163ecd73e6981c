"""What goes out over HTTP: the body, status and headers of an answer, or of what is said in place of one."""

from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from domain.json_text import json_bytes
from gql.context import Context
from gql.errors import cause_of, figures_of, formatted, worded_fault
from gql.faults import Fault
from gql.http.languages import preferred_language
from gql.http.media_types import GRAPHQL, JSON, is_refused, media_type, status_of
from gql.metrics import ERRORS

_HEADERS: Final = {
    kind: [(b"cache-control", b"no-store"), (b"content-type", f"{kind}; charset=utf-8".encode())]
    for kind in (JSON, GRAPHQL)
}
"""The headers of every answer, by the media type that it goes out in."""


def empty_answer(request: Request | WebSocket) -> Response:
    """The answer to a request, whose body comes last."""
    answer = Response()
    answer.raw_headers = [*_HEADERS[media_type(request.headers.get("accept"))]]
    return answer


def with_body(answer: Response, body: Any) -> Response:
    """The answer with its body, of which JSON can be made; it keeps the status and headers found on the way."""
    answer.body = json_bytes(body)
    answer.raw_headers.append((b"content-length", b"%d" % len(answer.body)))
    return answer


def body_of(result: ExecutionResult, context: Context) -> GraphQLHTTPResponse:
    """The body of the answer to one operation."""
    body: dict[str, Any] = {} if is_refused(result) else {"data": result.data}
    if result.errors:
        body["errors"] = [formatted(error, context.request_id, context.language) for error in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    return body  # type: ignore[return-value]  # the same keys


def tell_errors(answer: Response, request: Request, result: ExecutionResult) -> None:
    """Has the answer's status and headers tell of a result's errors."""
    answer.status_code = status_of(result, media_type(request.headers.get("accept")))
    figures = [figures_of(cause_of(error)) for error in result.errors or ()]
    waits = [each["retryAfter"] for each in figures if "retryAfter" in each]
    if waits:
        answer.headers["retry-after"] = str(max(waits))


def fault_answer(request: Request, fault: Fault) -> Response:
    """The answer to a request that is no operation, or whose operation could not be carried out."""
    language = preferred_language(request.headers.get("accept-language"))
    return refusal_answer(request, fault.status, fault.code, worded_fault(fault, language))


def refusal_answer(request: Request, status: int, code: str, message: str) -> Response:
    """Such an answer in words that are found already, such as those of a library."""
    ERRORS.labels(code).inc()
    error = {"message": message, "extensions": {"code": code, "requestId": request.state.request_id}}
    answer = empty_answer(request)
    answer.status_code = status
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        # What is wrong with `GET` is the operation; with any other method, the method.
        answer.headers["allow"] = "POST" if request.method == "GET" else "GET, POST"
    return with_body(answer, {"errors": [error]})
