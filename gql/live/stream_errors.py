"""Errors in what is streamed, shown as in every other answer."""

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
    """Masks and completes the errors of each result of a stream, which the transports write down as they are."""

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Replaces the errors by what is shown of them."""
        if result.errors:
            context = self.execution_context.context
            result.errors = [_shown(error, context) for error in result.errors]
        yield


async def with_refusal(results: StreamResult, context: Context) -> StreamResult:
    """The results of a stream; where the operation is refused on the way to them, that alone.

    Whatever reads, weighs or looks up an operation may refuse it. The library answers so itself where one is asked and
    answered once; from a stream it lets the refusal out, and the transports would break off without a word.

    Args:
        results: What the library streams.
        context: The request's.
    """
    async with aclosing(results):
        try:
            async for result in results:
                yield result
        except GraphQLError as refusal:
            yield PreExecutionError(data=None, errors=[_shown(refusal, context)])


def _shown(error: GraphQLError, context: Context) -> GraphQLError:
    shown = format_error(error, context.request_id, context.language)
    return GraphQLError(
        shown["message"],
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=shown["extensions"],
    )
