"""The readiness of the process: the database and its migrations."""

import asyncio
from typing import Any, Final

import structlog

from domain.database.connection import database
from domain.database.migration_status import applied_migrations, known_migrations

log = structlog.get_logger()

TIMEOUT: Final = 2.0
"""Seconds that the database may take; health checks are frequent."""
DATABASE: Final = "database"
MIGRATIONS: Final = "migrations"


async def missing_requirements() -> tuple[str, ...]:
    """The names of what is missing: the database, or migrations that this code needs."""
    try:
        async with asyncio.timeout(TIMEOUT):
            migrated = await has_required_migrations()
    except Exception as error:  # noqa: BLE001  # whatever it is, the result is the same and the log has it
        log.warning("database_away", cause=type(error).__name__)
        return (DATABASE,)
    return () if migrated else (MIGRATIONS,)


async def has_required_migrations() -> bool:
    """Whether every migration that this code needs was applied; a newer database has more."""
    pool: Any = database()
    async with pool.acquire_connection() as connection:
        return known_migrations() <= await applied_migrations(connection)
