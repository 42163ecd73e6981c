"""The connection to PostgreSQL: opened, closed and brought up to date here."""

from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate as apply_migrations

from domain.database.privileges import DatabaseRole, grant

STATEMENT_TIMEOUT = "10s"
PREPARED = 300
"""How many statements a connection keeps prepared."""
# Any number will do that nothing else locks: two processes that start at once must not migrate at once.
MIGRATION_LOCK = 307_308


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg publishes no types
    """A connection that goes back to its pool without a statement that would clean up after it.

    Nothing of ours changes a session: settings and locks last as long as their transaction, and whoever listens has a
    connection of their own. A transaction that was left open is rolled back in any case.
    """

    def get_reset_query(self) -> str:
        """Nothing."""
        return ""


def configuration(url: str, *, pool: int = 10, planned_once: bool = False) -> dict[str, Any]:
    """What Tortoise is told of the database.

    Args:
        url: A `postgresql://` address; a socket's folder may stand in `?host=`.
        pool: The connections that are kept at most.
        planned_once: Whether PostgreSQL plans each statement once, for any values: for processes that ask the same
            small questions over and over, where planning takes longer than answering.
    """
    connection = expand_db_url(url)
    connection["credentials"] |= {
        "minsize": 1,
        "maxsize": pool,
        "connection_class": Connection,
        "statement_cache_size": PREPARED,
        "server_settings": {
            "statement_timeout": STATEMENT_TIMEOUT,
            "timezone": "UTC",
            "jit": "off",
            "plan_cache_mode": "force_generic_plan" if planned_once else "auto",
        },
    }
    return {
        "connections": {"default": connection},
        "apps": {
            "models": {
                "models": ["domain.models"],
                "default_connection": "default",
                "migrations": "domain.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def open_database(url: str, *, pool: int = 10, planned_once: bool = False) -> None:
    """Makes the models answer from the database at `url`, in every task of this process; see `configuration`."""
    # Starlette runs its lifespan in a task of its own; without the fallback its requests would find no context.
    await Tortoise.init(config=configuration(url, pool=pool, planned_once=planned_once), _enable_global_fallback=True)


async def close_database() -> None:
    """Gives the connections back."""
    await Tortoise.close_connections()


def database() -> BaseDBAsyncClient:
    """The open connection pool, for statements that no model words."""
    return get_connection("default")


async def migrate(url: str) -> list[DatabaseRole]:
    """Brings the database at `url` to the newest form; safe when several processes start at once.

    Returns:
        The roles of the database that are missing, which the owner of the tables may not make.
    """
    guard = await asyncpg.connect(url)
    try:
        await guard.execute("select pg_advisory_lock($1)", MIGRATION_LOCK)
        await apply_migrations(config=configuration(url, pool=1))
        await Tortoise.close_connections()
        return await grant(guard)
    finally:
        await guard.close()
