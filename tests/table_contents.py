"""The contents of all tables, to check that nothing changed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.database.connection import database

TABLE_NAMES = """select table_name from information_schema.tables
  where table_schema = 'public' and table_type = 'BASE TABLE' order by 1"""


async def read_tables() -> dict[str, list[str]]:
    """The rows of each table as text."""
    names = [row["table_name"] for row in await database().execute_query_dict(TABLE_NAMES)]
    lines = [
        f"select '{name}' as name, array(select t::text from \"{name}\" t order by 1) as lines"  # from the catalogue
        for name in names
    ]
    return {row["name"]: row["lines"] for row in await database().execute_query_dict(" union all ".join(lines))}


@asynccontextmanager
async def assert_tables_unchanged() -> AsyncIterator[None]:
    """Asserts that the block leaves every table unchanged."""
    before = await read_tables()
    yield
    assert await read_tables() == before
