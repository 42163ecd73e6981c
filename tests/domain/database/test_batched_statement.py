"""A batched statement returns for each set of parameters the first row that the query itself returns."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.database.batched_statement import BatchedStatement
from domain.database.read_only_pool import ReadOnlyPool

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


async def fetch_batched(pool: ReadOnlyPool, sql: str, sets: list[tuple[Any, ...]]) -> list[tuple[Any, ...] | None]:
    """The rows of a batch, in the order of its sets of parameters."""
    batched = BatchedStatement.from_statement(sql, await pool.get_parameters(sql))
    rows = {row[-1]: tuple(row)[:-1] for row in await pool.fetch(batched.sql, *batched.parameters(sets))}
    return [rows.get(position) for position in range(len(sets))]


async def fetch_each(pool: ReadOnlyPool, sql: str, sets: list[tuple[Any, ...]]) -> list[tuple[Any, ...] | None]:
    rows = [await pool.fetchrow(sql, *parameters) for parameters in sets]
    return [None if row is None else tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("sql", "sets"),
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
            id="arrays",
        ),
        pytest.param("select n from generate_series(1, $1::int) n order by n desc", [(3,), (0,), (5,)], id="rows"),
        pytest.param("select $2::int, $1::int, $1 * 10", [(1, 2), (3, 4)], id="order"),
        pytest.param(
            """with recursive down as materialized (select $1::int as n union all select n - 1 from down where n > 0)
            select array(select n from down), (select count(*) from down where n = any($2::int[]))""",
            [(3, [1, 2]), (1, [9]), (0, [0])],
            id="common table expressions",
        ),
        pytest.param("select 7 as place__", [(), ()], id="no parameters"),
    ],
)
async def test_each_set_of_parameters_gets_the_row_of_the_query_itself(
    pool: ReadOnlyPool, sql: str, sets: list[tuple[Any, ...]]
):
    assert await fetch_batched(pool, sql, sets) == await fetch_each(pool, sql, sets)


async def test_parameter_numbers_of_two_digits(pool: ReadOnlyPool):
    sql = "select " + ", ".join(f"${number}::int" for number in range(1, 13))
    sets = [tuple(range(12)), tuple(range(12, 24))]

    assert await fetch_batched(pool, sql, sets) == sets
