"""Queries that PostgreSQL stopped: it gives no statement longer than ten seconds."""

from asyncpg import QueryCanceledError
from strawberry.types import ExecutionResult

from gql.errors import root_cause


def require_whole(result: ExecutionResult) -> None:
    """Goes on only if nothing that a query asks for was stopped.

    Raises:
        QueryCanceledError: Something was, because it took too long.
    """
    for error in result.errors or ():
        cause = root_cause(error)
        if isinstance(cause, QueryCanceledError):
            raise cause
