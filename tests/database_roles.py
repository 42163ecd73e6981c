"""Statements as another user than the tests' own: the owner of the tables, or exactly one database role."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tortoise.transactions import in_transaction

from domain.database.privileges import DatabaseRole
from settings import settings


async def execute_as_owner(*statements: str) -> None:
    """Executes statements in turn as the owner of the test's database."""
    connection = await asyncpg.connect(settings().owner_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def as_database_role(role: DatabaseRole) -> AsyncIterator[None]:
    """Runs the block in one transaction, with the privileges of that role and no others."""
    async with in_transaction() as connection:
        await connection.execute_query(f"set local role {role}")
        yield
        await connection.execute_query("set local role none")
