"""Concurrent operations, on connections of their own, that wait for a lock."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import asyncpg

from domain.database.connection import database
from domain.models.row import Row
from domain.refusals import Refusal
from settings import settings


async def run_while_locked(row: Row, *operations: Awaitable[Any], meanwhile: str = "select") -> list[Any]:
    """Runs operations concurrently that all wait for a lock on a row before any of them can continue.

    Args:
        row: The row that is locked: each operation needs it, or what an earlier operation holds while it waits.
        operations: In the order in which they are started.
        meanwhile: A statement that is executed while all of them wait.

    Returns:
        What each operation returned or raised.
    """
    lock = f'select from "{row._meta.db_table}" where id = {row.pk} for update'
    return await run_behind_lock(lock, *operations, meanwhile=meanwhile, waiting=len(operations))


async def run_behind_lock(
    lock: str, *operations: Awaitable[Any], meanwhile: str = "select", waiting: int = 1
) -> list[Any]:
    """Like `run_while_locked`, but with any lock, for which only the first operations must wait.

    Args:
        lock: The statement that acquires the lock.
        operations: In the order in which they are started.
        meanwhile: A statement that is executed while they wait.
        waiting: How many of the first operations wait for the lock, or for what an earlier operation holds.
    """
    locking = await asyncpg.connect(str(settings().database_url))
    try:
        async with locking.transaction():
            await locking.execute(lock)
            running = []
            for operation in operations:
                running.append(asyncio.ensure_future(operation))
                await wait_until_blocked(*running)
            assert not any(future.done() for future in running[:waiting])
            await locking.execute(meanwhile)
        async with asyncio.timeout(60):
            return await asyncio.gather(*running, return_exceptions=True)
    finally:
        await locking.close()


async def wait_until_blocked(*running: asyncio.Future[Any]) -> None:
    """Returns when each of these waits for a lock in this database, or is done."""
    waiting = """select count(*) as number from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'"""
    async with asyncio.timeout(60):
        while await _count(waiting) < sum(not future.done() for future in running):  # noqa: ASYNC110  # no event tells it
            await asyncio.sleep(0.01)


async def wait_until_blocked_by(connection: Any) -> None:
    """Returns when another connection waits for a lock that this one holds."""
    waiting = "select count(*) as number from pg_stat_activity where $1 = any(pg_blocking_pids(pid))"
    async with asyncio.timeout(60):
        while not await _count(waiting, connection.get_server_pid()):  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.01)


async def _count(query: str, *parameters: object) -> int:
    [row] = await database().execute_query_dict(query, list(parameters))
    return int(row["number"])


def single_refusal(outcomes: list[Any], winner: type) -> Refusal:
    """The refusal of one of two operations; the other one returned an object of the type `winner`."""
    [refusal] = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    [result] = [outcome for outcome in outcomes if outcome is not refusal]
    assert isinstance(result, winner)
    assert isinstance(refusal, Refusal), refusal
    return refusal
