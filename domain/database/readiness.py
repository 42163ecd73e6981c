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
            migrated = await is_migrated()
    except Exception as cause:  # noqa: BLE001  # whatever it is, the answer is the same and the log has it
        log.warning("database_away", cause=type(cause).__name__)
        return (DATABASE,)
    return () if migrated else (MIGRATIONS,)


async def is_migrated() -> bool:
    """Whether the database has seen every migration that this code needs; a newer one has."""
    pool: Any = database()
    async with pool.acquire_connection() as connection:
        return migrations_of_code() <= await migrations_of_database(connection)
