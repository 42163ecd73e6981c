"""GraphQL over HTTP: in which media type an answer goes out, and with which status."""

from functools import lru_cache
from typing import Final

from strawberry.types import ExecutionResult

from gql.errors import code_of
from gql.faults import INTERNAL, RATE_LIMITED
from gql.http.preferences import HEADERS, by_weight

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
"""A stream of events (Server-sent events)."""
_ANY: Final = frozenset({"*/*", "application/*", JSON})


@lru_cache(HEADERS)
def media_type(accept: str | None) -> str:
    """The media type that a client takes best: its own one of GraphQL where it is named, else plain JSON."""
    for named in by_weight(accept):
        if named.lower() == GRAPHQL:
            return GRAPHQL
        if named.lower() in _ANY:
            return JSON
    return JSON


@lru_cache(HEADERS)
def prefers_events(accept: str | None) -> bool:
    """Does a client take a stream of events best? Some, such as urql, name it last for whatever they ask."""
    for named in by_weight(accept):
        if named.lower() in {*_ANY, GRAPHQL, EVENTS}:
            return named.lower() == EVENTS
    return False


def is_refused(result: ExecutionResult) -> bool:
    """Was the operation never executed? Then the answer has no `data`: an executed one's errors have a path."""
    return result.data is None and bool(result.errors) and all(error.path is None for error in result.errors or ())


def status_of(result: ExecutionResult, answered_in: str) -> int:
    """The status of an answer.

    Plain JSON keeps to 200, as clients of that media type expect, for everything but a spent budget; the media type of
    GraphQL tells an operation that was not executed by 4xx, or 500 where that is our fault.
    """
    codes = {code_of(error) for error in result.errors or ()}
    if is_refused(result):
        if RATE_LIMITED in codes:
            return 429
        if answered_in == GRAPHQL:
            return 500 if INTERNAL in codes else 400
    return 200
