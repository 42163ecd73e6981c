"""What Strawberry's context of an execution says of the operation that a request means."""

from graphql import OperationDefinitionNode, get_operation_ast
from strawberry.types import ExecutionContext


def operation_name(execution: ExecutionContext) -> str | None:
    """The name that came with the document, if one did."""
    return execution._provided_operation_name  # noqa: SLF001  # `operation_name` is the first one's where none is given


def operation_of(execution: ExecutionContext) -> OperationDefinitionNode | None:
    """The operation; None while the document is not parsed, and where it says of none which is meant."""
    if execution.graphql_document is None:
        return None
    return get_operation_ast(execution.graphql_document, operation_name(execution))
