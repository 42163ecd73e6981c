"""The operation that Strawberry's execution context is about."""

from graphql import OperationDefinitionNode, get_operation_ast
from strawberry.types import ExecutionContext


def operation_name(execution: ExecutionContext) -> str | None:
    """The operation name that was sent with the document, if one was."""
    return execution._provided_operation_name  # noqa: SLF001  # `operation_name` is the first one's where none is given


def operation_of(execution: ExecutionContext) -> OperationDefinitionNode | None:
    """The operation; None before the document is parsed, and where the request doesn't say which of several it is."""
    if execution.graphql_document is None:
        return None
    return get_operation_ast(execution.graphql_document, operation_name(execution))
