"""Connections for reading are kept at hand, and no question is answered by one that is of no use."""

import asyncio
import contextlib

import asyncpg
import pytest

from domain.database.connection import database
from domain.database.reading import Question, open_reading, read_row, reading
from domain.database.reading_pool import ReadingPool
from settings import settings

WHO = "select pg_backend_pid()"
LONG = "select pg_sleep(60)"


async def test_one_question_after_another_goes_by_the_same_connection(pool: ReadingPool):
    answers = {(await pool.fetchrow(WHO))[0] for _ in range(3)}

    assert len(answers) == 1
    assert (pool.get_size(), pool.get_idle_size(), pool.get_max_size()) == (1, 1, 2)


async def test_more_questions_than_connections_are_all_answered(pool: ReadingPool):
    answers = await asyncio.gather(*(pool.fetchrow("select $1::int", number) for number in range(20)))

    assert [answer[0] for answer in answers] == list(range(20))
    assert pool.get_size() == 2
    assert pool.get_idle_size() == 2


async def test_a_connection_that_was_cut_is_replaced(pool: ReadingPool):
    [cut] = await pool.fetchrow(WHO)
    await database().execute_query("select pg_terminate_backend($1, 5000)", [cut])
    # That may be noticed only by whoever reads by it next.
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        await pool.fetchrow(WHO)

    [new] = await pool.fetchrow(WHO)

    assert new != cut


async def test_a_question_that_is_given_up_leaves_a_connection_that_answers_others(pool: ReadingPool):
    asked = asyncio.ensure_future(pool.fetchrow(LONG))
    sleeping = "select count(*) as all from pg_stat_activity where query = $1 and wait_event = 'PgSleep'"
    while not (await database().execute_query_dict(sleeping, [LONG]))[0]["all"]:  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(0.02)

    asked.cancel()
    ended = await asyncio.gather(asked, return_exceptions=True)

    assert isinstance(ended[0], asyncio.CancelledError)
    assert pool.get_idle_size() == pool.get_size()
    assert (await pool.fetchrow("select 7"))[0] == 7


async def test_nothing_is_changed_by_them(pool: ReadingPool):
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await pool.fetchrow("update organisation set name = 'x' returning id")


@pytest.mark.usefixtures("database")
async def test_a_process_without_them_reads_by_the_connections_of_the_models():
    assert reading() is None
    await open_reading(str(settings().database_url), 0)
    assert reading() is None

    row = await read_row(Question("select $1::int + 1 as next", (6,)))

    assert row["next"] == 7
