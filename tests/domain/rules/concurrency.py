"""Acts that run at the same time, on connections of their own, and wait for a lock."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import asyncpg

from domain.database.connection import database as connection
from domain.models.row import Row
from domain.refusals import Refusal
from settings import settings


async def run_while_locked(row: Row, *acts: Awaitable[Any], meanwhile: str = "select") -> list[Any]:
    """Runs concurrent acts that all wait for a lock before any can go on.

    Args:
        row: The row that is locked: each act needs it, or needs what an act before it holds while waiting.
        acts: In the order in which they are started.
        meanwhile: A statement that is executed while all of them wait.

    Returns:
        What each act returned or raised.
    """
    lock = f'select from "{row._meta.db_table}" where id = {row.pk} for update'
    return await run_behind_lock(lock, *acts, meanwhile=meanwhile, waiting=len(acts))


async def run_behind_lock(lock: str, *acts: Awaitable[Any], meanwhile: str = "select", waiting: int = 1) -> list[Any]:
    """The same behind any lock, where only the first acts must wait.

    Args:
        lock: The statement that takes the lock.
        acts: In the order in which they are started.
        meanwhile: A statement that is executed while they wait.
        waiting: How many of the first acts wait for the lock, or for what an act before them holds.
    """
    other = await asyncpg.connect(str(settings().database_url))
    try:
        async with other.transaction():
            await other.execute(lock)
            running = []
            for act in acts:
                running.append(asyncio.ensure_future(act))
                await until_waiting(*running)
            assert not any(act.done() for act in running[:waiting])
            await other.execute(meanwhile)
        async with asyncio.timeout(60):
            return await asyncio.gather(*running, return_exceptions=True)
    finally:
        await other.close()


async def until_waiting(*running: asyncio.Future[Any]) -> None:
    """Returns when each of these waits for a lock in this database, or is done."""
    waiting = """select count(*) as number from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'"""
    async with asyncio.timeout(60):
        while (await connection().execute_query_dict(waiting))[0]["number"] < sum(not each.done() for each in running):  # noqa: ASYNC110  # another process answers
            await asyncio.sleep(0.01)


async def until_blocked_by(holder: Any) -> None:
    """Returns when something waits for a lock of this connection, rather than of another one."""
    waiting = "select count(*) as number from pg_stat_activity where $1 = any(pg_blocking_pids(pid))"
    async with asyncio.timeout(60):
        while not (await connection().execute_query_dict(waiting, [holder.get_server_pid()]))[0]["number"]:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.01)


def the_loser(outcomes: list[Any], winner: type) -> Refusal:
    """The refusal of the one act that lost; the other one returned an object of the type `winner`."""
    [refusal] = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    [won] = [outcome for outcome in outcomes if outcome is not refusal]
    assert isinstance(won, winner)
    assert isinstance(refusal, Refusal), refusal
    return refusal
