"""Questions of one moment go together, each gets its own answer, and none suffers from another."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from domain.database import batching as batching_module
from domain.database.batching import MOST, BatchingPool
from domain.database.connection import database
from domain.database.reading_pool import ReadingPool, open_pool
from settings import settings
from tests.called import calls_of

NEXT = "select $1::int + 1 as next"
DIVIDED = "select 60 / $1::int"
SLEEPING = "select $2::int as told, pg_sleep($1::float8)"


@pytest.fixture
async def batching(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BatchingPool]:
    """Two connections at most; nothing is too long to go together, however slow the machine is."""
    assert database
    monkeypatch.setattr(batching_module, "SHORT", 60.0)
    opened = BatchingPool(await open_pool(str(settings().database_url), 2))
    yield opened
    await opened.close()


async def answers(batching: BatchingPool, statement: str, *sets: tuple[Any, ...]) -> list[Any]:
    """The first column of what is asked in one moment, or what went wrong."""
    asked = (batching.fetchrow(statement, *values) for values in sets)
    return [
        told if told is None or isinstance(told, BaseException) else told[0]
        for told in await asyncio.gather(*asked, return_exceptions=True)
    ]


async def until_asleep(times: int) -> None:
    """Until so many statements sleep in PostgreSQL."""
    asleep = (
        "select count(*) as all from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
    )
    while (await database().execute_query_dict(asleep))[0]["all"] != times:  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(0.02)


async def test_what_is_asked_in_one_moment_is_one_statement(batching: BatchingPool):
    told = await answers(batching, NEXT, (1,), (5,), (1,), (None,))

    assert told == [2, 6, 2, None]
    assert (batching.questions, batching.statements) == (4, 1)


async def test_who_is_alone_asks_the_statement_itself(batching: BatchingPool):
    with calls_of(batching._pool, "fetchrow") as by_itself, calls_of(batching._pool, "fetch") as together:
        for number in (1, 2):
            await batching.fetchrow(NEXT, number)

    assert by_itself == [(NEXT, 1), (NEXT, 2)]
    assert together == []


async def test_other_words_are_another_statement(batching: BatchingPool):
    both = await asyncio.gather(answers(batching, NEXT, (1,), (2,)), answers(batching, DIVIDED, (30,), (20,)))

    assert both == [[2, 3], [2, 3]]
    assert (batching.questions, batching.statements) == (4, 2)


async def test_a_question_without_a_row_is_answered_by_none(batching: BatchingPool):
    statement = "select n from generate_series(1, $1::int) n"
    assert await answers(batching, statement, (0,), (3,), (0,)) == [None, 1, None]


async def test_one_that_fails_leaves_the_others_their_answers(batching: BatchingPool):
    first, wrong, unreadable, last = await answers(batching, DIVIDED, (60,), (0,), ("x",), (20,))

    assert (first, last) == (1, 3)
    assert isinstance(wrong, asyncpg.DivisionByZeroError)
    assert isinstance(unreadable, asyncpg.DataError)


async def test_more_than_go_together_are_several_statements(batching: BatchingPool):
    told = await answers(batching, NEXT, *((number,) for number in range(2 * MOST + 1)))

    assert told == list(range(1, 2 * MOST + 2))
    assert batching.statements == 3


async def test_long_ones_are_asked_side_by_side_until_they_are_short(
    batching: BatchingPool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(batching_module, "SHORT", 0.25)
    await batching.fetchrow(SLEEPING, 0.3, 0)

    told = [await answers(batching, SLEEPING, (0.0, 1), (0.0, 2)) for _ in range(2)]

    assert told == [[1, 2]] * 2
    assert (batching.questions, batching.statements) == (5, 4)


async def test_one_that_is_given_up_leaves_the_others_waiting_for_theirs(batching: BatchingPool):
    first, second = (asyncio.ensure_future(batching.fetchrow(SLEEPING, 0.2, number)) for number in (1, 2))
    await until_asleep(1)

    first.cancel()
    ended = await asyncio.gather(first, second, return_exceptions=True)

    assert isinstance(ended[0], asyncio.CancelledError)
    assert not isinstance(ended[1], BaseException)
    assert ended[1]["told"] == 2
    assert batching.statements == 1


async def test_when_all_give_up_postgresql_stops_and_the_connection_answers_others(batching: BatchingPool):
    waiting = [asyncio.ensure_future(batching.fetchrow(SLEEPING, 60.0, number)) for number in range(3)]
    await until_asleep(1)

    for one in waiting:
        one.cancel()
    ended = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(end) for end in ended] == [asyncio.CancelledError] * 3
    assert batching.get_idle_size() == batching.get_size()
    await until_asleep(0)
    assert await answers(batching, NEXT, (1,)) == [2]


async def test_what_is_given_up_before_it_is_asked_is_never_asked(batching: BatchingPool):
    asked = asyncio.ensure_future(batching.fetchrow(NEXT, 1))
    await asyncio.sleep(0)

    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    await asyncio.sleep(0)

    assert (batching.questions, batching.statements) == (1, 0)


async def test_what_was_asked_is_answered_before_the_connections_are_closed(pool: ReadingPool):
    batching = BatchingPool(pool)
    asked = asyncio.ensure_future(batching.fetchrow(SLEEPING, 0.05, 7))
    await until_asleep(1)

    await batching.close()

    assert (await asked)["told"] == 7
