"""The demo's database: in its newest form, with the demo data."""

import asyncpg

from domain.database import close_database, migrate, open_database
from local.demo_data.load import load_demo_data
from local.refusals import LocalStackError


async def prepare_database(url: str) -> None:
    """Migrates the database at `url` and loads what is missing of the demo data.

    Raises:
        LocalStackError: Nothing answers there, or it lets us not in.
    """
    try:
        await (await asyncpg.connect(url)).close()
    except (OSError, asyncpg.PostgresError) as refused:
        raise LocalStackError(f"The database of DATABASE_URL cannot be used: {refused}") from refused
    await migrate(url)
    await open_database(url)
    try:
        await load_demo_data()
    finally:
        await close_database()
