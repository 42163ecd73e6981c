"""A pool of read-only connections to PostgreSQL, used outside any transaction."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import asyncpg

from domain.database.connection import STATEMENT_TIMEOUT
from domain.database.statement_cache import ReadOnlyConnection

STATEMENT_CACHE_SIZE: Final = 100
"""How many prepared statements a connection caches at most; fewer long ones: see `domain.database.statement_cache`."""
SERVER_SETTINGS: Final = {
    "statement_timeout": STATEMENT_TIMEOUT,
    "timezone": "UTC",
    "jit": "off",
    # A generic plan is made once; a custom plan for each execution costs more than it gains here.
    "plan_cache_mode": "force_generic_plan",
    # The data are in memory, or on a disk where random access is as fast as sequential access.
    "random_page_cost": "1.1",
    "default_transaction_read_only": "on",
}
"""The settings of these connections' sessions."""
ARRAY_TYPES: Final = """select array[1::bigint], array[1::int], array[1::smallint], array['x'::text],
  array['x'::varchar], array[true], array[now()], array[current_date], array['\\x00'::bytea], array['{}'::jsonb],
  array[row(1)]"""
"""Selects a value of each array type: asyncpg loads the codec of a type that a statement uses, but not in records."""


class ReadOnlyPool:
    """asyncpg's pool, with connections that stay acquired between queries.

    Releasing a connection to the pool and acquiring it again takes longer than a small query does.

    Args:
        pool: The pool.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._idle: list[Any] = []
        self._waiters = 0
        self._closing = False

    async def fetchrow(self, sql: str, *parameters: Any) -> Any:
        """The first row, or None without one.

        Args:
            sql: A statement that changes nothing and needs no transaction.
            parameters: The values of its parameters.
        """
        return await self._with_connection(lambda connection: connection.fetchrow(sql, *parameters))

    async def fetch(self, sql: str, *parameters: Any) -> Sequence[Any]:
        """All rows; otherwise as `fetchrow`."""
        rows: Sequence[Any] = await self._with_connection(lambda connection: connection.fetch(sql, *parameters))
        return rows

    async def get_parameters(self, sql: str) -> Sequence[asyncpg.Type]:
        """The types of a statement's parameters."""

        async def prepare(connection: Any) -> Sequence[asyncpg.Type]:
            types: Sequence[asyncpg.Type] = (await connection.prepare(sql)).get_parameters()
            return types

        types: Sequence[asyncpg.Type] = await self._with_connection(prepare)
        return types

    async def _with_connection(self, run: Callable[[Any], Awaitable[Any]]) -> Any:
        """The result of running something on a connection."""
        connection = await self._acquire()
        try:
            result = await run(connection)
        except BaseException:
            # The pool cancels what is still running, and checks whether the connection can be used again.
            await self._pool.release(connection)
            raise
        if self._waiters or self._closing:
            await self._pool.release(connection)
        else:
            self._idle.append(connection)
        return result

    async def _acquire(self) -> Any:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            await self._pool.release(connection)
        self._waiters += 1
        try:
            return await self._pool.acquire()
        finally:
            self._waiters -= 1

    def get_size(self) -> int:
        """How many connections there are."""
        return int(self._pool.get_size())

    def get_idle_size(self) -> int:
        """How many of them are idle."""
        return int(self._pool.get_idle_size()) + len(self._idle)

    def get_max_size(self) -> int:
        """How many there are at most."""
        return int(self._pool.get_max_size())

    async def close(self) -> None:
        """Closes the connections, each when its query is done."""
        self._closing = True
        while self._idle:
            await self._pool.release(self._idle.pop())
        await self._pool.close()


async def create_pool(url: str, max_size: int) -> ReadOnlyPool:
    """A pool of connections to the database at `url`."""
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=max_size,
        connection_class=ReadOnlyConnection,
        init=_load_array_codecs,
        statement_cache_size=STATEMENT_CACHE_SIZE,
        # No limit: planning the statement of a large screen again takes ten times as long as executing it.
        max_cacheable_statement_size=0,
        server_settings=SERVER_SETTINGS,
    )
    return ReadOnlyPool(pool)


async def _load_array_codecs(connection: Any) -> None:
    await connection.fetchrow(ARRAY_TYPES)
