"""Connections stay acquired between queries, and no query is run on a broken one."""

import asyncio
import contextlib

import asyncpg
import pytest

from domain.database.connection import database
from domain.database.read_only_pool import ReadOnlyPool
from domain.database.read_queries import RowQuery, fetch_row, open_read_pool, read_pool
from settings import settings

BACKEND = "select pg_backend_pid()"
SLOW = "select pg_sleep(60)"


async def test_consecutive_queries_use_the_same_connection(pool: ReadOnlyPool):
    backends = {(await pool.fetchrow(BACKEND))[0] for _ in range(3)}

    assert len(backends) == 1
    assert (pool.get_size(), pool.get_idle_size(), pool.get_max_size()) == (1, 1, 2)


async def test_more_queries_than_connections_all_get_their_rows(pool: ReadOnlyPool):
    found = await asyncio.gather(*(pool.fetchrow("select $1::int", number) for number in range(20)))

    assert [row[0] for row in found] == list(range(20))
    assert pool.get_size() == 2
    assert pool.get_idle_size() == 2


async def test_a_connection_that_was_cut_is_replaced(pool: ReadOnlyPool):
    [cut] = await pool.fetchrow(BACKEND)
    await database().execute_query("select pg_terminate_backend($1, 5000)", [cut])
    # The next query may be the one that notices it.
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        await pool.fetchrow(BACKEND)

    [new] = await pool.fetchrow(BACKEND)

    assert new != cut


async def test_a_cancelled_query_leaves_its_connection_usable(pool: ReadOnlyPool):
    query = asyncio.ensure_future(pool.fetchrow(SLOW))
    sleeping = "select count(*) as all from pg_stat_activity where query = $1 and wait_event = 'PgSleep'"
    while not (await database().execute_query_dict(sleeping, [SLOW]))[0]["all"]:  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(0.02)

    query.cancel()
    ended = await asyncio.gather(query, return_exceptions=True)

    assert isinstance(ended[0], asyncio.CancelledError)
    assert pool.get_idle_size() == pool.get_size()
    assert (await pool.fetchrow("select 7"))[0] == 7


async def test_a_connection_is_read_only(pool: ReadOnlyPool):
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await pool.fetchrow("update organisation set name = 'x' returning id")


@pytest.mark.usefixtures("database")
async def test_a_process_without_the_pool_reads_by_the_connections_of_the_models():
    assert read_pool() is None
    await open_read_pool(str(settings().database_url), 0)
    assert read_pool() is None

    row = await fetch_row(RowQuery("select $1::int + 1 as next", (6,)))

    assert row["next"] == 7
