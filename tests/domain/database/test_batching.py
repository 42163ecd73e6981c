"""Queries that are pending at the same time run as one batch; each gets its own row or its own error."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from domain.database import batching as batching_module
from domain.database.batching import MAX_BATCH_SIZE, BatchingPool
from domain.database.connection import database
from domain.database.read_only_pool import ReadOnlyPool, create_pool
from settings import settings
from tests.recorded_calls import recorded_calls

NEXT = "select $1::int + 1 as next"
DIVIDED = "select 60 / $1::int"
SLEEPING = "select $2::int as number, pg_sleep($1::float8)"


@pytest.fixture
async def batching(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BatchingPool]:
    """A pool of at most two connections; no query is too slow for a batch, however slow the machine is."""
    assert database
    monkeypatch.setattr(batching_module, "MAX_DURATION", 60.0)
    pool = BatchingPool(await create_pool(str(settings().database_url), 2))
    yield pool
    await pool.close()


async def fetch_values(batching: BatchingPool, sql: str, *parameter_sets: tuple[Any, ...]) -> list[Any]:
    """Runs queries concurrently; returns the first column of each row, or the query's error."""
    queries = (batching.fetchrow(sql, *parameters) for parameters in parameter_sets)
    return [
        row if row is None or isinstance(row, BaseException) else row[0]
        for row in await asyncio.gather(*queries, return_exceptions=True)
    ]


async def wait_for_sleeping(count: int) -> None:
    """Waits until this many statements sleep in PostgreSQL."""
    sleeping = (
        "select count(*) as all from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
    )
    while (await database().execute_query_dict(sleeping))[0]["all"] != count:  # noqa: ASYNC110  # PostgreSQL has no event for it
        await asyncio.sleep(0.02)


async def test_queries_of_one_turn_of_the_event_loop_are_one_statement(batching: BatchingPool):
    values = await fetch_values(batching, NEXT, (1,), (5,), (1,), (None,))

    assert values == [2, 6, 2, None]
    assert (batching.queries, batching.statements) == (4, 1)


async def test_a_query_without_companions_runs_unbatched(batching: BatchingPool):
    with recorded_calls(batching._pool, "fetchrow") as unbatched, recorded_calls(batching._pool, "fetch") as batched:
        for number in (1, 2):
            await batching.fetchrow(NEXT, number)

    assert unbatched == [(NEXT, 1), (NEXT, 2)]
    assert batched == []


async def test_each_statement_has_its_own_batch(batching: BatchingPool):
    next_values, quotients = await asyncio.gather(
        fetch_values(batching, NEXT, (1,), (2,)), fetch_values(batching, DIVIDED, (30,), (20,))
    )

    assert (next_values, quotients) == ([2, 3], [2, 3])
    assert (batching.queries, batching.statements) == (4, 2)


async def test_a_query_without_a_row_returns_none(batching: BatchingPool):
    statement = "select n from generate_series(1, $1::int) n"
    assert await fetch_values(batching, statement, (0,), (3,), (0,)) == [None, 1, None]


async def test_a_query_that_fails_leaves_the_others_their_rows(batching: BatchingPool):
    first, divided_by_zero, invalid, last = await fetch_values(batching, DIVIDED, (60,), (0,), ("x",), (20,))

    assert (first, last) == (1, 3)
    assert isinstance(divided_by_zero, asyncpg.DivisionByZeroError)
    assert isinstance(invalid, asyncpg.DataError)


async def test_more_queries_than_fit_in_a_batch_are_several_statements(batching: BatchingPool):
    values = await fetch_values(batching, NEXT, *((number,) for number in range(2 * MAX_BATCH_SIZE + 1)))

    assert values == list(range(1, 2 * MAX_BATCH_SIZE + 2))
    assert batching.statements == 3


async def test_slow_queries_run_unbatched_until_they_are_fast(batching: BatchingPool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(batching_module, "MAX_DURATION", 0.25)
    await batching.fetchrow(SLEEPING, 0.3, 0)

    values = [await fetch_values(batching, SLEEPING, (0.0, 1), (0.0, 2)) for _ in range(2)]

    assert values == [[1, 2]] * 2
    assert (batching.queries, batching.statements) == (5, 4)


async def test_a_cancelled_query_leaves_the_others_of_its_batch_running(batching: BatchingPool):
    first, second = (asyncio.ensure_future(batching.fetchrow(SLEEPING, 0.2, number)) for number in (1, 2))
    await wait_for_sleeping(1)

    first.cancel()
    await asyncio.wait([first, second])

    assert first.cancelled()
    assert second.result()["number"] == 2
    assert batching.statements == 1


async def test_a_batch_without_callers_is_cancelled_and_its_connection_reused(batching: BatchingPool):
    queries = [asyncio.ensure_future(batching.fetchrow(SLEEPING, 60.0, number)) for number in range(3)]
    await wait_for_sleeping(1)

    for query in queries:
        query.cancel()
    results = await asyncio.gather(*queries, return_exceptions=True)

    assert [type(result) for result in results] == [asyncio.CancelledError] * 3
    assert batching.get_idle_size() == batching.get_size()
    await wait_for_sleeping(0)
    assert await fetch_values(batching, NEXT, (1,)) == [2]


async def test_a_query_cancelled_before_its_batch_starts_is_never_executed(batching: BatchingPool):
    query = asyncio.ensure_future(batching.fetchrow(NEXT, 1))
    await asyncio.sleep(0)

    query.cancel()
    await asyncio.gather(query, return_exceptions=True)
    await asyncio.sleep(0)

    assert (batching.queries, batching.statements) == (1, 0)


async def test_batches_in_flight_end_before_the_connections_are_closed(pool: ReadOnlyPool):
    batching = BatchingPool(pool)
    query = asyncio.ensure_future(batching.fetchrow(SLEEPING, 0.05, 7))
    await wait_for_sleeping(1)

    await batching.close()

    assert (await query)["number"] == 7
