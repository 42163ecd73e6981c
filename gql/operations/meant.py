"""The operation that a request means, of those that stand in its document."""

from graphql import OperationDefinitionNode, get_operation_ast
from strawberry.types import ExecutionContext


def given_name(asked: ExecutionContext) -> str | None:
    """The name that came with the document, if one did."""
    return asked._provided_operation_name  # noqa: SLF001  # `operation_name` is the first one's where none is given


def operation_of(asked: ExecutionContext) -> OperationDefinitionNode | None:
    """The operation; None while the document is not parsed, and where it says of none which is meant."""
    if asked.graphql_document is None:
        return None
    return get_operation_ast(asked.graphql_document, given_name(asked))
