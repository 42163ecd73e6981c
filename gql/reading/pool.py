"""The engine's own connections to PostgreSQL, for reading alone."""

from typing import Any, Final

import asyncpg

from domain.database import STATEMENT_TIMEOUT, Connection

PREPARED: Final = 100
"""How many statements a connection keeps prepared; each costs it up to a megabyte."""
SETTINGS: Final = {
    "statement_timeout": STATEMENT_TIMEOUT,
    "timezone": "UTC",
    "jit": "off",
    # A plan for any values is made once; a plan for each value costs more than it gains here.
    "plan_cache_mode": "force_generic_plan",
    # What is read is in memory, or on a disk that finds a page as fast as the next one.
    "random_page_cost": "1.1",
    "default_transaction_read_only": "on",
}
"""How PostgreSQL treats these connections."""
ARRAYS: Final = """select array[1::bigint], array[1::int], array[1::smallint], array['x'::text], array['x'::varchar],
  array[true], array[now()], array[current_date], array['\\x00'::bytea], array['{}'::jsonb], array[row(1)]"""
"""A value of each type of array. asyncpg finds a type's reader when a statement names it, and not inside a record."""


async def _know_arrays(connection: Any) -> None:
    await connection.fetchrow(ARRAYS)


async def open_pool(url: str, size: int) -> Any:
    """A pool of connections to the database at `url`, of that size at most."""
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        connection_class=Connection,
        init=_know_arrays,
        statement_cache_size=PREPARED,
        server_settings=SETTINGS,
    )


_open: list[Any] = []


async def open_reading(url: str, size: int) -> None:
    """Opens the pool that the engine reads through in this process; until then the ordinary executor answers.

    Args:
        url: The database.
        size: How many connections it has at most; 0 leaves everything to the ordinary executor.
    """
    if size:
        _open.append(await open_pool(url, size))


async def close_reading() -> None:
    """Gives the connections back."""
    while _open:
        await _open.pop().close()


def reading() -> Any:
    """The open pool, or None."""
    return _open[-1] if _open else None
