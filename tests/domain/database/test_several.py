"""One statement gives each of several sets of values the first row that the statement itself gives."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.database.reading_pool import ReadingPool
from domain.database.several import Several

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


async def together(pool: ReadingPool, statement: str, sets: list[tuple[Any, ...]]) -> list[tuple[Any, ...] | None]:
    """The rows that several sets of values are given at once, in their order."""
    several = Several.of(statement, await pool.parameters(statement))
    rows = {row[-1]: tuple(row)[:-1] for row in await pool.fetch(several.text, *several.values(sets))}
    return [rows.get(place) for place in range(len(sets))]


async def one_by_one(pool: ReadingPool, statement: str, sets: list[tuple[Any, ...]]) -> list[tuple[Any, ...] | None]:
    rows = [await pool.fetchrow(statement, *values) for values in sets]
    return [None if row is None else tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("statement", "sets"),
    [
        pytest.param("select $1::bigint + $2::int", [(1, 2), (2**60, -1), (None, 4)], id="numbers"),
        pytest.param("select $1::text || '$', $2::bytea", [("é'\\{,\"", b"\0"), ("", b""), (None, None)], id="texts"),
        pytest.param(
            "select $1::timestamptz, $2::date, $3::boolean",
            [(NOON, NOON.date(), True), (None, date(1, 1, 1), False)],
            id="times",
        ),
        pytest.param(
            "select $1::bigint[], $2::text[], 3 = any($1), cardinality($1)",
            [([1, 2, 3], ["a,b", "{}", "NULL", ""]), ([], []), (None, ["x"]), ([3], None), ([4, None], [None])],
            id="lists",
        ),
        pytest.param("select n from generate_series(1, $1::int) n order by n desc", [(3,), (0,), (5,)], id="rows"),
        pytest.param("select $2::int, $1::int, $1 * 10", [(1, 2), (3, 4)], id="order"),
        pytest.param(
            """with recursive down as materialized (select $1::int as n union all select n - 1 from down where n > 0)
            select array(select n from down), (select count(*) from down where n = any($2::int[]))""",
            [(3, [1, 2]), (1, [9]), (0, [0])],
            id="common table expressions",
        ),
        pytest.param("select 7 as place__", [(), ()], id="no values"),
    ],
)
async def test_each_set_of_values_has_the_row_that_it_has_by_itself(
    pool: ReadingPool, statement: str, sets: list[tuple[Any, ...]]
):
    told = await together(pool, statement, sets)

    assert told == await one_by_one(pool, statement, sets)


async def test_more_numbers_than_nine_are_told_apart(pool: ReadingPool):
    statement = "select " + ", ".join(f"${number}::int" for number in range(1, 13))
    sets = [tuple(range(12)), tuple(range(12, 24))]

    assert await together(pool, statement, sets) == sets
