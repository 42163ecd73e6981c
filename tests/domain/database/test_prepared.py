"""What PostgreSQL keeps prepared for a connection for reading: no more text than so much, the latest of it."""

from domain.database.prepared import LENGTH
from domain.database.reading_pool import PREPARED, ReadingPool

KEPT = "select array_agg(length(statement) order by prepare_time, name) as lengths from pg_prepared_statements"
NAMED = "select count(*) as times from pg_prepared_statements where statement = $1"


def statement(number: int, length: int) -> str:
    """It answers its number, and is that long."""
    asked = f"select {number} as told -- "
    return asked + "x" * (length - len(asked))


async def is_kept(pool: ReadingPool, text: str) -> bool:
    return bool((await pool.fetchrow(NAMED, text))["times"])


async def test_long_statements_make_room_for_one_another_the_oldest_first(pool: ReadingPool):
    third = LENGTH // 3 - 1_000
    for number in (1, 2, 3):
        await pool.fetchrow(statement(number, third))
    await pool.fetchrow(statement(1, third))

    assert (await pool.fetchrow(statement(4, third)))["told"] == 4

    assert [await is_kept(pool, statement(number, third)) for number in (1, 2, 3, 4)] == [True, False, True, True]
    assert (await pool.fetchrow(statement(2, third)))["told"] == 2


async def test_however_many_are_asked_for_their_length_is_bounded(pool: ReadingPool):
    for number in range(70):
        await pool.fetchrow(statement(number, 20_000))
    lengths = (await pool.fetchrow(KEPT))["lengths"]

    assert LENGTH - 20_000 < sum(lengths) <= LENGTH


async def test_short_ones_are_kept_by_number(pool: ReadingPool):
    for number in range(PREPARED + 20):
        await pool.fetchrow(statement(number, 100))

    assert len((await pool.fetchrow(KEPT))["lengths"]) == PREPARED


async def test_one_that_is_longer_than_all_may_be_is_answered_and_the_others_go(pool: ReadingPool):
    await pool.fetchrow(statement(1, 1_000))

    assert [(await pool.fetchrow(statement(2, LENGTH + 1)))["told"] for _ in range(2)] == [2, 2]

    assert not await is_kept(pool, statement(1, 1_000))
    assert not await is_kept(pool, statement(2, LENGTH + 1))
