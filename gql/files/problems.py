"""Refusals as problem documents (RFC 9457), in the reader's language."""

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from domain import refusals
from domain.refusals import ErrorCode, Refusal
from gql.http.languages import language_of
from gql.reading.sources import Record
from gql.user_errors import unexpected_error, user_error

_BY_CODE: Final = {
    ErrorCode.INVALID: HTTPStatus.BAD_REQUEST,
    ErrorCode.REQUIRED: HTTPStatus.BAD_REQUEST,
    ErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorCode.EXPIRED: HTTPStatus.GONE,
    ErrorCode.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
_BY_REFUSAL: Final[dict[type[Refusal], HTTPStatus]] = {
    refusals.UploadTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    refusals.UploadStalled: HTTPStatus.REQUEST_TIMEOUT,
    refusals.ChecksumWrong: HTTPStatus.UNPROCESSABLE_ENTITY,
    refusals.ContentWrong: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    refusals.FileAddressForOther: HTTPStatus.METHOD_NOT_ALLOWED,
}


def problem_response(request: Request, refusal: Refusal) -> JSONResponse:
    """The response for a refusal; `code`, `refusal` and `message` are those of a payload's `errors`."""
    status = _BY_REFUSAL.get(type(refusal)) or _BY_CODE.get(refusal.code, HTTPStatus.CONFLICT)
    response = _problem(request, status, user_error(refusal, language_of(request)))
    if isinstance(refusal, refusals.FileAddressForOther):
        response.headers["allow"] = "GET, HEAD" if refusal.facts["method"] == "GET" else refusal.facts["method"]
    return response


def unexpected_problem_response(request: Request) -> JSONResponse:
    """The response for an unexpected error: the request's id and no detail."""
    error = unexpected_error(request.state.request_id, language_of(request))
    return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, error)


def _problem(request: Request, status: HTTPStatus, error: Record) -> JSONResponse:
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "code": error.code,
        "refusal": error.refusal,
        "message": error.message,
        "requestId": request.state.request_id,
    }
    return JSONResponse(body, status.value, {"cache-control": "no-store"}, "application/problem+json")
