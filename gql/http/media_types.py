"""The media type and the status of a response (GraphQL over HTTP)."""

from functools import lru_cache
from typing import Final

from strawberry.types import ExecutionResult

from gql.errors import error_code
from gql.faults import INTERNAL, RATE_LIMITED
from gql.http.accept_headers import CACHE_SIZE, by_weight

GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"
"""Server-sent events."""
_ANY: Final = frozenset({"*/*", "application/*", JSON})


@lru_cache(CACHE_SIZE)
def negotiated_media_type(accept: str | None) -> str:
    """The media type for an `Accept` header: `GRAPHQL_RESPONSE` where the client prefers it, otherwise `JSON`."""
    for media_type in by_weight(accept):
        if media_type.lower() == GRAPHQL_RESPONSE:
            return GRAPHQL_RESPONSE
        if media_type.lower() in _ANY:
            return JSON
    return JSON


@lru_cache(CACHE_SIZE)
def prefers_event_stream(accept: str | None) -> bool:
    """Does the client prefer an event stream? Some, such as urql, accept one last, for every kind of operation."""
    for media_type in by_weight(accept):
        if media_type.lower() in {*_ANY, GRAPHQL_RESPONSE, EVENT_STREAM}:
            return media_type.lower() == EVENT_STREAM
    return False


def is_request_error(result: ExecutionResult) -> bool:
    """Was the operation not executed? Then the response has no `data`. Errors of an executed one have a path."""
    return result.data is None and bool(result.errors) and all(error.path is None for error in result.errors or ())


def status_of(result: ExecutionResult, media_type: str) -> int:
    """The status of a response.

    `JSON` uses 200 for everything but an exhausted budget, as clients of that media type expect. `GRAPHQL_RESPONSE`
    uses 400 for an operation that was not executed, or 500 where that is our failure.
    """
    codes = {error_code(error) for error in result.errors or ()}
    if is_request_error(result):
        if RATE_LIMITED in codes:
            return 429
        if media_type == GRAPHQL_RESPONSE:
            return 500 if INTERNAL in codes else 400
    return 200
