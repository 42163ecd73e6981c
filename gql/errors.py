"""Top-level errors: what a client can mend is said, what is ours is masked behind the request's id."""

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
    Failed,
    Fault,
    NoOperation,
    OnlySubscriptionsStreamed,
    TooManyDigits,
)
from gql.metrics import ERRORS
from gql.refusals import in_words
from settings import settings

log = structlog.get_logger()


OF_CLIENTS: Final = (GraphQLError, MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)
"""What is wrong with a request; its text is for whoever sent it."""

_QUOTED_INPUT: Final = re.compile(r"[,.] [Ff]ound: .*\Z", re.DOTALL)
_SUGGESTION: Final = re.compile(r" Did you mean .*\Z", re.DOTALL)
_LONG_NUMBER: Final = re.compile(r"(?:\d[^\dA-Za-z]{0,3}){10}\d+")


def formatted(error: GraphQLError, request_id: str, language: str) -> dict[str, Any]:
    """An error as the response shows it, with `extensions { code requestId }`; one that has them stays as it is.

    What we word ourselves is in the reader's language. The GraphQL library's own words are English, and stand before
    ours where it tells which variable one of our scalars refuses.
    """
    if "requestId" in (error.extensions or {}):
        return dict(error.formatted)
    code = code_of(error)
    ERRORS.labels(code).inc()
    if code == INTERNAL:
        log.error("field_failed", request_id=request_id, path=error.path, exc_info=error.original_error)
    shown: dict[str, Any] = {"message": _message(error, language)}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shown["path"] = error.path
    return {**shown, "extensions": {"code": code, "requestId": request_id, **figures_of(cause_of(error))}}


def worded_fault(fault: Fault, language: str) -> str:
    """What the reader is told of a fault, in their language."""
    return in_words(language, fault.sentence, fault.facts)


def _message(error: GraphQLError, language: str) -> str:
    fault = _fault_of(error)
    if fault is None:
        return _shown(error.message)
    before = error.message.removesuffix(fault.message) if error.message.endswith(fault.message) else ""
    return _shown(before + worded_fault(fault, language))


def _fault_of(error: GraphQLError) -> Fault | None:
    """What we word ourselves, of all that an error says; None where its words are the library's, or worded already."""
    cause = cause_of(error)
    if isinstance(cause, Fault):
        return cause
    if isinstance(cause, MissingQueryError):
        return NoOperation()
    if isinstance(cause, InvalidOperationTypeError):
        return OnlySubscriptionsStreamed()
    if _has_too_many_digits(error):
        return TooManyDigits()
    return Failed() if code_of(error) == INTERNAL else None


def _shown(message: str) -> str:
    shown = without_values(message)
    return shown if settings().tells_schema else without_suggestions(shown)


def figures_of(cause: Exception) -> dict[str, int]:
    """What was asked and what is allowed, where that is why."""
    if isinstance(cause, RateLimited):
        return {"allowed": cause.most, "retryAfter": cause.wait}
    return cause.figures if isinstance(cause, Fault) else {}


def without_suggestions(message: str) -> str:
    """A message of the GraphQL library without the names that it guesses at."""
    return _SUGGESTION.sub("", message)


def without_values(message: str) -> str:
    """A message of the GraphQL library without the input that it quotes, which may hold a national register number.

    It quotes a whole object where a field of it is missing or unknown, and single values in other places; there
    whatever may be such a number, in any notation, is left out.
    """
    return _LONG_NUMBER.sub("…", _QUOTED_INPUT.sub(".", message))


def cause_of(error: GraphQLError) -> Exception:
    """What was raised, below what the GraphQL library and we wrapped around it; the library's own is its own cause."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def code_of(error: GraphQLError) -> str:
    """The stable code of an error, as the API's contract lists them."""
    cause = cause_of(error)
    if isinstance(cause, Fault):
        return cause.code
    if isinstance(cause, RateLimited):
        return RATE_LIMITED
    return BAD_INPUT if isinstance(cause, OF_CLIENTS) or _has_too_many_digits(error) else INTERNAL


def _has_too_many_digits(error: GraphQLError) -> bool:
    """Stands a number in the document that Python doesn't read? The library takes that for a failure of ours."""
    return isinstance(error.original_error, ValueError) and any(
        isinstance(node, IntValueNode) for node in error.nodes or ()
    )
