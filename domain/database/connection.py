"""The connections to PostgreSQL: opening, closing and migrating the database."""

from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate as apply_migrations

from domain.database.privileges import DatabaseRole, grant_privileges

STATEMENT_TIMEOUT = "10s"
STATEMENT_CACHE_SIZE = 300
"""How many prepared statements a connection caches."""
# Any number that nothing else locks: two processes that start at once must not migrate at once.
MIGRATION_LOCK = 307_308


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg publishes no types
    """A connection that is released to its pool without a statement that resets its session.

    Nothing changes a session here: settings and locks last as long as their transaction, and listeners have a
    connection of their own. A transaction that was left open is rolled back in any case.
    """

    def get_reset_query(self) -> str:
        """No statement."""
        return ""


def tortoise_config(url: str, *, pool_size: int = 10, generic_plans: bool = False) -> dict[str, Any]:
    """The configuration of Tortoise.

    Args:
        url: A `postgresql://` address; a socket's folder may stand in `?host=`.
        pool_size: How many connections there are at most.
        generic_plans: Whether PostgreSQL makes one generic plan for each statement: for processes that execute the
            same small statements over and over, where planning takes longer than executing.
    """
    connection = expand_db_url(url)
    connection["credentials"] |= {
        "minsize": 1,
        "maxsize": pool_size,
        "connection_class": Connection,
        "statement_cache_size": STATEMENT_CACHE_SIZE,
        "server_settings": {
            "statement_timeout": STATEMENT_TIMEOUT,
            "timezone": "UTC",
            "jit": "off",
            "plan_cache_mode": "force_generic_plan" if generic_plans else "auto",
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


async def open_database(url: str, *, pool_size: int = 10, generic_plans: bool = False) -> None:
    """Connects the models to the database at `url`, in every task of this process; see `tortoise_config`."""
    # Starlette runs its lifespan in a task of its own; without the fallback its requests would find no context.
    await Tortoise.init(
        config=tortoise_config(url, pool_size=pool_size, generic_plans=generic_plans), _enable_global_fallback=True
    )


async def close_database() -> None:
    """Closes the connections."""
    await Tortoise.close_connections()


def database() -> BaseDBAsyncClient:
    """The open connection pool, for statements that no model makes."""
    return get_connection("default")


async def migrate(url: str) -> list[DatabaseRole]:
    """Applies the migrations that are missing, and grants privileges; safe when several processes start at once.

    Returns:
        The roles that are missing because the owner of the tables may not create them.
    """
    lock_holder = await asyncpg.connect(url)
    try:
        await lock_holder.execute("select pg_advisory_lock($1)", MIGRATION_LOCK)
        await apply_migrations(config=tortoise_config(url, pool_size=1))
        await Tortoise.close_connections()
        return await grant_privileges(lock_holder)
    finally:
        await lock_holder.close()
