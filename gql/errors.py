"""Formatting of top-level errors: client errors are reported, our failures masked behind the request's id."""

import re
from typing import Any, Final

import structlog
from graphql import GraphQLError, IntValueNode
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from domain.refusals import RateLimited
from gql.faults import (
    BAD_INPUT,
    INTERNAL,
    RATE_LIMITED,
    Fault,
    InternalFault,
    MissingOperation,
    OperationNotStreamable,
    TooManyDigits,
)
from gql.localised_messages import localised_message
from gql.metrics import ERRORS
from settings import settings

log = structlog.get_logger()


CLIENT_ERRORS: Final = (GraphQLError, MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)
"""Errors of the client, which reads their messages."""

_QUOTED_INPUT: Final = re.compile(r"[,.] [Ff]ound: .*\Z", re.DOTALL)
_SUGGESTION: Final = re.compile(r" Did you mean .*\Z", re.DOTALL)
_LONG_NUMBER: Final = re.compile(r"(?:\d[^\dA-Za-z]{0,3}){10}\d+")


def format_error(error: GraphQLError, request_id: str, language: str) -> dict[str, Any]:
    """An error as it is in the response, with `extensions { code requestId }`; a formatted one is unchanged.

    Our own messages are in the reader's language. Those of the GraphQL library are in English; one precedes ours if
    it names the variable that one of our scalars refuses.
    """
    if "requestId" in (error.extensions or {}):
        return dict(error.formatted)
    code = error_code(error)
    ERRORS.labels(code).inc()
    if code == INTERNAL:
        log.error("field_failed", request_id=request_id, path=error.path, exc_info=error.original_error)
    formatted: dict[str, Any] = {"message": _message(error, language)}
    if error.locations:
        formatted["locations"] = [{"line": location.line, "column": location.column} for location in error.locations]
    if error.path:
        formatted["path"] = error.path
    extensions = {"code": code, "requestId": request_id, **extension_values_of(root_cause(error))}
    return {**formatted, "extensions": extensions}


def fault_message(fault: Fault, language: str) -> str:
    """The message of a fault in the reader's language."""
    return localised_message(language, fault.message_template, fault.facts)


def _message(error: GraphQLError, language: str) -> str:
    fault = _fault_of(error)
    if fault is None:
        return _redacted(error.message)
    prefix = error.message.removesuffix(fault.message) if error.message.endswith(fault.message) else ""
    return _redacted(prefix + fault_message(fault, language))


def _fault_of(error: GraphQLError) -> Fault | None:
    """The fault whose message an error has; None if the message is the library's."""
    cause = root_cause(error)
    if isinstance(cause, Fault):
        return cause
    if isinstance(cause, MissingQueryError):
        return MissingOperation()
    if isinstance(cause, InvalidOperationTypeError):
        return OperationNotStreamable()
    if _has_too_many_digits(error):
        return TooManyDigits()
    return InternalFault() if error_code(error) == INTERNAL else None


def _redacted(message: str) -> str:
    redacted = without_input_values(message)
    return redacted if settings().introspection_enabled else without_suggestions(redacted)


def extension_values_of(cause: Exception) -> dict[str, int]:
    """The facts in the `extensions` of an error, by their names there."""
    if isinstance(cause, RateLimited):
        return {"allowed": cause.maximum, "retryAfter": cause.wait}
    return cause.extension_values if isinstance(cause, Fault) else {}


def without_suggestions(message: str) -> str:
    """A message of the GraphQL library without the names that it suggests."""
    return _SUGGESTION.sub("", message)


def without_input_values(message: str) -> str:
    """A message of the GraphQL library without the input that it quotes, which may hold a national register number.

    The library quotes a whole object of which a field is missing or unknown, which is removed. It quotes single values
    elsewhere: from these, whatever may be such a number in any notation is removed.
    """
    return _LONG_NUMBER.sub("…", _QUOTED_INPUT.sub(".", message))


def root_cause(error: GraphQLError) -> Exception:
    """The exception that is wrapped in an error; the error itself if there is none."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def error_code(error: GraphQLError) -> str:
    """The stable code of an error, one of those in the API's contract."""
    cause = root_cause(error)
    if isinstance(cause, Fault):
        return cause.code
    if isinstance(cause, RateLimited):
        return RATE_LIMITED
    return BAD_INPUT if isinstance(cause, CLIENT_ERRORS) or _has_too_many_digits(error) else INTERNAL


def _has_too_many_digits(error: GraphQLError) -> bool:
    """Does the document have an integer that Python refuses to parse? The library reports that as our failure."""
    return isinstance(error.original_error, ValueError) and any(
        isinstance(node, IntValueNode) for node in error.nodes or ()
    )
