"""The demo's database: in its newest form, with the demo data."""

import asyncpg

from domain.database.connection import close_database, migrate, open_database
from local.demo_data.load import load_demo_data
from local.errors import LocalStackError
from local.logins import migrate_and_create_logins


async def prepare_database(url: str, *, ours: bool) -> None:
    """Migrates the database at `url` and loads what is missing of the demo data.

    Args:
        url: The database, as who owns it or is to own its tables.
        ours: Whether the server is the demo's own, whose users are made here.

    Raises:
        LocalStackError: Nothing answers there, or it doesn't let us in.
    """
    try:
        await (await asyncpg.connect(url)).close()
    except (OSError, asyncpg.PostgresError) as refused:
        raise LocalStackError(f"The database of DATABASE_URL cannot be used: {refused}") from refused
    await (migrate_and_create_logins(url) if ours else migrate(url))
    await open_database(url)
    try:
        await load_demo_data()
    finally:
        await close_database()
