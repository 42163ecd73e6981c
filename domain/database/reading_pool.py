"""Connections to PostgreSQL for reading alone, outside any transaction, and kept at hand."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import asyncpg

from domain.database.connection import STATEMENT_TIMEOUT
from domain.database.prepared import ReadingConnection

PREPARED: Final = 100
"""How many statements a connection keeps prepared at most, long ones fewer: see `domain.database.prepared`."""
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


class ReadingPool:
    """asyncpg's pool, whose connections are kept at hand from one question to the next.

    Giving one back to the pool and taking it again takes longer than a small question does.

    Args:
        pool: The pool.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._at_hand: list[Any] = []
        self._waiting = 0
        self._closing = False

    async def fetchrow(self, statement: str, *values: Any) -> Any:
        """The first row, or None without one.

        Args:
            statement: It changes nothing, and needs no transaction.
            values: Of its parameters.
        """
        return await self._by_one(lambda connection: connection.fetchrow(statement, *values))

    async def fetch(self, statement: str, *values: Any) -> Sequence[Any]:
        """All rows; the rest as for `fetchrow`."""
        rows: Sequence[Any] = await self._by_one(lambda connection: connection.fetch(statement, *values))
        return rows

    async def parameters(self, statement: str) -> Sequence[asyncpg.Type]:
        """The types of a statement's parameters."""

        async def asked(connection: Any) -> Sequence[asyncpg.Type]:
            types: Sequence[asyncpg.Type] = (await connection.prepare(statement)).get_parameters()
            return types

        types: Sequence[asyncpg.Type] = await self._by_one(asked)
        return types

    async def _by_one(self, ask: Callable[[Any], Awaitable[Any]]) -> Any:
        """What a connection answers."""
        connection = await self._take()
        try:
            answer = await ask(connection)
        except BaseException:
            # The pool has what is under way cancelled, and looks whether the connection is of use yet.
            await self._pool.release(connection)
            raise
        if self._waiting or self._closing:
            await self._pool.release(connection)
        else:
            self._at_hand.append(connection)
        return answer

    async def _take(self) -> Any:
        while self._at_hand:
            connection = self._at_hand.pop()
            if not connection.is_closed():
                return connection
            await self._pool.release(connection)
        self._waiting += 1
        try:
            return await self._pool.acquire()
        finally:
            self._waiting -= 1

    def get_size(self) -> int:
        """How many connections there are."""
        return int(self._pool.get_size())

    def get_idle_size(self) -> int:
        """How many of them nobody uses."""
        return int(self._pool.get_idle_size()) + len(self._at_hand)

    def get_max_size(self) -> int:
        """How many there are at most."""
        return int(self._pool.get_max_size())

    async def close(self) -> None:
        """Closes them all, when they have answered."""
        self._closing = True
        while self._at_hand:
            await self._pool.release(self._at_hand.pop())
        await self._pool.close()


async def open_pool(url: str, size: int) -> ReadingPool:
    """Connections to the database at `url`, so many at most."""
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        connection_class=ReadingConnection,
        init=_know_arrays,
        statement_cache_size=PREPARED,
        # However long: planning anew what a wide screen asks takes ten times as long as answering it.
        max_cacheable_statement_size=0,
        server_settings=SETTINGS,
    )
    return ReadingPool(pool)


async def _know_arrays(connection: Any) -> None:
    await connection.fetchrow(ARRAYS)
