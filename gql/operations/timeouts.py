"""Queries that PostgreSQL cancelled: its statement timeout is ten seconds."""

from asyncpg import QueryCanceledError
from strawberry.types import ExecutionResult

from gql.errors import root_cause


def raise_if_cancelled(result: ExecutionResult) -> None:
    """Raises the error of a statement that was cancelled, if one of the query was.

    Raises:
        QueryCanceledError: A statement took too long.
    """
    for error in result.errors or ():
        cause = root_cause(error)
        if isinstance(cause, QueryCanceledError):
            raise cause
