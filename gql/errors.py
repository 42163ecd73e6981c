"""Top-level errors: what a client can mend is said, what is ours is masked behind the request's id."""

import re
from typing import Any, Final

import structlog
from graphql import GraphQLError, IntValueNode
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from domain.refusals import RateLimited
from gql.limits.excess import BudgetSpent, TooExpensive
from gql.live.refusals import NoStream, OutOfReach, TooMany
from gql.metrics import ERRORS
from gql.reading.refusals import BadArgument
from gql.roots import Unauthenticated
from settings import settings

log = structlog.get_logger()

BAD_INPUT: Final = "BAD_INPUT"
UNAUTHENTICATED: Final = "UNAUTHENTICATED"
TOO_EXPENSIVE: Final = "TOO_EXPENSIVE"
RATE_LIMITED: Final = "RATE_LIMITED"
NOT_FOUND: Final = "NOT_FOUND"
INTERNAL: Final = "INTERNAL"
MASKED: Final = "Something went wrong on our side. Give the helpdesk the request's id."

OF_CLIENTS: Final = (
    GraphQLError,
    BadArgument,
    NoStream,
    # Strawberry's words for a request without an operation, or with one of the wrong kind.
    MissingQueryError,
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
)
"""What is wrong with a request; its text is for whoever sent it."""
TOO_MANY_DIGITS: Final = "Int cannot represent a whole number of so many digits: it takes 32 bits."
STREAMED: Final = "Only subscriptions are streamed. Post queries and mutations, and accept JSON."

_QUOTED_INPUT: Final = re.compile(r"[,.] [Ff]ound: .*\Z", re.DOTALL)
_SUGGESTION: Final = re.compile(r" Did you mean .*\Z", re.DOTALL)
_LONG_NUMBER: Final = re.compile(r"(?:\d[^\dA-Za-z]{0,3}){10}\d+")


def formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as the response shows it, with `extensions { code requestId }`; one that has them stays as it is."""
    if "requestId" in (error.extensions or {}):
        return dict(error.formatted)
    code = code_of(error)
    ERRORS.labels(code).inc()
    if code == INTERNAL:
        log.error("field_failed", request_id=request_id, path=error.path, exc_info=error.original_error)
    if isinstance(error.original_error, InvalidOperationTypeError):
        error.message = STREAMED
    if _has_too_many_digits(error):
        error.message = TOO_MANY_DIGITS
    shown: dict[str, Any] = {"message": MASKED if code == INTERNAL else _shown(error.message)}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shown["path"] = error.path
    return {**shown, "extensions": {"code": code, "requestId": request_id, **_figures(cause_of(error))}}


def _shown(message: str) -> str:
    shown = without_values(message)
    return shown if settings().tells_schema else without_suggestions(shown)


def _figures(cause: Exception | None) -> dict[str, int]:
    """What was asked and what is allowed, where that is why."""
    match cause:
        case TooExpensive():
            return {"asked": cause.asked, "allowed": cause.allowed}
        case BudgetSpent():
            return {"asked": cause.asked, "allowed": cause.allowed, "retryAfter": cause.wait}
        case RateLimited():
            return {"allowed": cause.most, "retryAfter": cause.wait}
    return {}


def without_suggestions(message: str) -> str:
    """A message of the GraphQL library without the names that it guesses at."""
    return _SUGGESTION.sub("", message)


def without_values(message: str) -> str:
    """A message of the GraphQL library without the input that it quotes, which may hold a national register number.

    It quotes a whole object where a field of it is missing or unknown, and single values in other places; there
    whatever may be such a number, in any notation, is left out.
    """
    return _LONG_NUMBER.sub("…", _QUOTED_INPUT.sub(".", message))


def cause_of(error: GraphQLError) -> Exception | None:
    """What was raised, below what the GraphQL library and we wrapped around it; None where it is the library's own."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def code_of(error: GraphQLError) -> str:
    """The stable code of an error, as the API's contract lists them."""
    cause = cause_of(error)
    if isinstance(cause, Unauthenticated):
        return UNAUTHENTICATED
    if isinstance(cause, RateLimited | BudgetSpent | TooMany):
        return RATE_LIMITED
    if isinstance(cause, TooExpensive):
        return TOO_EXPENSIVE
    if isinstance(cause, OutOfReach):
        return NOT_FOUND
    if cause is None or isinstance(cause, OF_CLIENTS) or _has_too_many_digits(error):
        return BAD_INPUT
    return INTERNAL


def _has_too_many_digits(error: GraphQLError) -> bool:
    """Stands a number in the document that Python doesn't read? The library takes that for a failure of ours."""
    return isinstance(error.original_error, ValueError) and any(
        isinstance(node, IntValueNode) for node in error.nodes or ()
    )
