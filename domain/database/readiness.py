"""What a process can't do its work without, and lacks."""

import asyncio
from typing import Any, Final

import structlog

from domain.database.applied import migrations_of_code, migrations_of_database
from domain.database.connection import database

log = structlog.get_logger()

PATIENCE: Final = 2.0
"""Seconds that the database is given: whoever asks for health asks again soon."""
DATABASE: Final = "database"
MIGRATIONS: Final = "migrations"


async def lacking() -> tuple[str, ...]:
    """The names of what is lacking: the database, or the migrations that this code needs; nothing when all is well."""
    try:
        async with asyncio.timeout(PATIENCE):
            applied = await _applied()
    except Exception as cause:  # noqa: BLE001  # whatever it is, the answer is the same and the log has it
        log.warning("database_away", cause=type(cause).__name__)
        return (DATABASE,)
    return () if migrations_of_code() <= applied else (MIGRATIONS,)


async def _applied() -> frozenset[str]:
    pool: Any = database()
    async with pool.acquire_connection() as connection:
        return await migrations_of_database(connection)
