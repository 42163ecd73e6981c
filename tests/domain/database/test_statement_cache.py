"""The statement cache of a read-only connection: bounded by length and number, evicting the oldest entries first."""

from domain.database.read_only_pool import STATEMENT_CACHE_SIZE, ReadOnlyPool
from domain.database.statement_cache import MAX_LENGTH

CACHED_LENGTHS = (
    "select array_agg(length(statement) order by prepare_time, name) as lengths from pg_prepared_statements"
)
COUNT = "select count(*) as times from pg_prepared_statements where statement = $1"


def statement(number: int, length: int) -> str:
    """A statement of this length that selects its number."""
    query = f"select {number} as number -- "
    return query + "x" * (length - len(query))


async def is_cached(pool: ReadOnlyPool, text: str) -> bool:
    return bool((await pool.fetchrow(COUNT, text))["times"])


async def test_long_statements_evict_the_least_recently_used(pool: ReadOnlyPool):
    third = MAX_LENGTH // 3 - 1_000
    for number in (1, 2, 3):
        await pool.fetchrow(statement(number, third))
    await pool.fetchrow(statement(1, third))

    assert (await pool.fetchrow(statement(4, third)))["number"] == 4

    assert [await is_cached(pool, statement(number, third)) for number in (1, 2, 3, 4)] == [True, False, True, True]
    assert (await pool.fetchrow(statement(2, third)))["number"] == 2


async def test_the_total_length_is_bounded(pool: ReadOnlyPool):
    for number in range(70):
        await pool.fetchrow(statement(number, 20_000))
    lengths = (await pool.fetchrow(CACHED_LENGTHS))["lengths"]

    assert MAX_LENGTH - 20_000 < sum(lengths) <= MAX_LENGTH


async def test_short_statements_are_bounded_by_number(pool: ReadOnlyPool):
    for number in range(STATEMENT_CACHE_SIZE + 20):
        await pool.fetchrow(statement(number, 100))

    assert len((await pool.fetchrow(CACHED_LENGTHS))["lengths"]) == STATEMENT_CACHE_SIZE


async def test_a_statement_longer_than_the_bound_is_executed_and_evicts_the_others(pool: ReadOnlyPool):
    await pool.fetchrow(statement(1, 1_000))

    assert [(await pool.fetchrow(statement(2, MAX_LENGTH + 1)))["number"] for _ in range(2)] == [2, 2]

    assert not await is_cached(pool, statement(1, 1_000))
    assert not await is_cached(pool, statement(2, MAX_LENGTH + 1))
