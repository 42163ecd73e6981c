"""The process's pool for reading, and queries for one row."""

from dataclasses import dataclass
from typing import Any

from domain.database.batching import BatchingPool
from domain.database.connection import database
from domain.database.read_only_pool import create_pool


@dataclass(frozen=True)
class RowQuery:
    """A statement that reads one row and changes nothing, with its parameters.

    Attributes:
        sql: The statement; the row's columns are accessed by name.
        parameters: The values of its parameters.
    """

    sql: str
    parameters: tuple[Any, ...]


_pools: list[BatchingPool] = []


async def open_read_pool(url: str, max_size: int) -> None:
    """Opens the pool of this process.

    Args:
        url: The database.
        max_size: The maximum number of connections; 0 for no pool.
    """
    if max_size:
        _pools.append(BatchingPool(await create_pool(url, max_size)))


async def close_read_pool() -> None:
    """Closes the connections."""
    while _pools:
        await _pools.pop().close()


def read_pool() -> BatchingPool | None:
    """The open pool, or None."""
    return _pools[-1] if _pools else None


async def fetch_row(query: RowQuery) -> Any:
    """The row of a query, read through the pool for reading or, without one, through a connection of the models.

    Returns:
        The row, whose columns are accessed by name; None if there is none.
    """
    if pool := read_pool():
        return await pool.fetchrow(query.sql, *query.parameters)
    rows = await database().execute_query_dict(query.sql, list(query.parameters))
    return rows[0] if rows else None
