"""Errors in the results of a stream, formatted as in every other response."""

from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StreamResult
from strawberry.types.execution import PreExecutionError

from gql.context import Context
from gql.errors import format_error


class StreamErrors(SchemaExtension):
    """Formats the errors of each result of a stream, which the transports serialise unchanged."""

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Replaces the errors by formatted ones."""
        if result.errors:
            context = self.execution_context.context
            result.errors = [_formatted(error, context) for error in result.errors]
        yield


async def with_request_errors(results: StreamResult, context: Context) -> StreamResult:
    """The results of a stream, or a single one with the error where the operation is refused before execution.

    Strawberry returns such an error as the result of a query or mutation, but lets it propagate from a stream, and the
    transports would end the stream without an explanation.

    Args:
        results: Strawberry's results.
        context: The request's.
    """
    async with aclosing(results):
        try:
            async for result in results:
                yield result
        except GraphQLError as error:
            yield PreExecutionError(data=None, errors=[_formatted(error, context)])


def _formatted(error: GraphQLError, context: Context) -> GraphQLError:
    formatted = format_error(error, context.request_id, context.language)
    return GraphQLError(
        formatted["message"],
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=formatted["extensions"],
    )
