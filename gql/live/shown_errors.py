"""Errors in what is streamed, shown as in every other answer."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from gql.errors import formatted


class ShownErrors(SchemaExtension):
    """Masks and completes the errors of each result of a stream, which the transports write down as they are."""

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Replaces the errors by what is shown of them."""
        if result.errors:
            request_id = self.execution_context.context.request_id
            result.errors = [_shown(error, request_id) for error in result.errors]
        yield


def _shown(error: GraphQLError, request_id: str) -> GraphQLError:
    shown = formatted(error, request_id)
    return GraphQLError(
        shown["message"],
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=shown["extensions"],
    )
