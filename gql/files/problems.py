"""Refusals as the answer to a plain HTTP request: a problem in JSON (RFC 9457), in the reader's language."""

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from domain import refusals
from domain.refusals import ErrorCode, Refusal
from gql.http.languages import preferred_language
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


def problem(request: Request, refusal: Refusal) -> JSONResponse:
    """The refusal with the status that fits it; `code`, `refusal` and `message` are those of a payload's `errors`."""
    status = _BY_REFUSAL.get(type(refusal)) or _BY_CODE.get(refusal.code, HTTPStatus.CONFLICT)
    answer = _problem(request, status, user_error(refusal, _language(request)))
    if isinstance(refusal, refusals.FileAddressForOther):
        answer.headers["allow"] = "GET, HEAD" if refusal.facts["method"] == "GET" else refusal.facts["method"]
    return answer


def unexpected_problem(request: Request) -> JSONResponse:
    """What is said of a failure of ours: the request's id, and nothing else."""
    error = unexpected_error(request.state.request_id, _language(request))
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


def _language(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language"))
