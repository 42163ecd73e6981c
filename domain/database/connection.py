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
MIGRATION_LOCK = 307_308
"""The number of the advisory lock that prevents concurrent migrations; nothing else uses it."""


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg publishes no types
    """A connection that is released to its pool without resetting its session.

    No code here changes a session: settings and locks end with their transaction, and listeners have connections of
    their own. asyncpg rolls back an open transaction in any case.
    """

    def get_reset_query(self) -> str:
        """No statement."""
        return ""


def tortoise_config(url: str, *, pool_size: int = 10, generic_plans: bool = False) -> dict[str, Any]:
    """The configuration of Tortoise.

    Args:
        url: A `postgresql://` URL; `?host=` may be the folder of a socket.
        pool_size: The maximum number of connections.
        generic_plans: Whether PostgreSQL makes one generic plan for each statement: for processes that execute the
            same small statements again and again, where planning takes longer than execution.
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
    """Connects the models to a database, for every task of this process; for the arguments see `tortoise_config`."""
    # Starlette runs its lifespan in a separate task; without the fallback, requests would have no Tortoise context.
    await Tortoise.init(
        config=tortoise_config(url, pool_size=pool_size, generic_plans=generic_plans), _enable_global_fallback=True
    )


async def close_database() -> None:
    """Closes the connections."""
    await Tortoise.close_connections()


def database() -> BaseDBAsyncClient:
    """The open connection pool, for statements written in SQL."""
    return get_connection("default")


async def migrate(url: str) -> list[DatabaseRole]:
    """Applies the missing migrations and grants privileges; several processes may call it at once.

    Returns:
        The roles that don't exist because the owner of the tables may not create them.
    """
    lock_holder = await asyncpg.connect(url)
    try:
        await lock_holder.execute("select pg_advisory_lock($1)", MIGRATION_LOCK)
        await apply_migrations(config=tortoise_config(url, pool_size=1))
        await Tortoise.close_connections()
        return await grant_privileges(lock_holder)
    finally:
        await lock_holder.close()
