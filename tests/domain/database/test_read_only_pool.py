"""Connections stay acquired between queries; broken ones are replaced."""

import asyncio
import contextlib

import asyncpg
import pytest

from domain.database.connection import database
from domain.database.read_only_pool import ReadOnlyPool
from domain.database.read_queries import RowQuery, fetch_row, open_read_pool, read_pool
from settings import settings

BACKEND_PID = "select pg_backend_pid()"
SLOW = "select pg_sleep(60)"


async def test_consecutive_queries_use_the_same_connection(pool: ReadOnlyPool):
    pids = {(await pool.fetchrow(BACKEND_PID))[0] for _ in range(3)}

    assert len(pids) == 1
    assert (pool.get_size(), pool.get_idle_size(), pool.get_max_size()) == (1, 1, 2)


async def test_more_queries_than_connections_all_get_their_rows(pool: ReadOnlyPool):
    rows = await asyncio.gather(*(pool.fetchrow("select $1::int", number) for number in range(20)))

    assert [row[0] for row in rows] == list(range(20))
    assert pool.get_size() == 2
    assert pool.get_idle_size() == 2


async def test_a_terminated_connection_is_replaced(pool: ReadOnlyPool):
    [terminated_pid] = await pool.fetchrow(BACKEND_PID)
    await database().execute_query("select pg_terminate_backend($1, 5000)", [terminated_pid])
    # The next query may fail, if it is the one that detects it.
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        await pool.fetchrow(BACKEND_PID)

    [new_pid] = await pool.fetchrow(BACKEND_PID)

    assert new_pid != terminated_pid


async def test_a_cancelled_query_leaves_its_connection_usable(pool: ReadOnlyPool):
    query = asyncio.ensure_future(pool.fetchrow(SLOW))
    sleeping = "select count(*) as all from pg_stat_activity where query = $1 and wait_event = 'PgSleep'"
    while not (await database().execute_query_dict(sleeping, [SLOW]))[0]["all"]:  # noqa: ASYNC110  # PostgreSQL has no event for it
        await asyncio.sleep(0.02)

    query.cancel()
    await asyncio.wait([query])

    assert query.cancelled()
    assert pool.get_idle_size() == pool.get_size()
    assert (await pool.fetchrow("select 7"))[0] == 7


async def test_a_connection_is_read_only(pool: ReadOnlyPool):
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await pool.fetchrow("update organisation set name = 'x' returning id")


@pytest.mark.usefixtures("database")
async def test_a_process_without_the_pool_reads_over_the_connections_of_the_models():
    assert read_pool() is None
    await open_read_pool(str(settings().database_url), 0)
    assert read_pool() is None

    row = await fetch_row(RowQuery("select $1::int + 1 as next", (6,)))

    assert row["next"] == 7
