"""The migrations that the code has, and those that were applied to a database."""

from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "migrations"
_APPLIED: Final = "select name from tortoise_migrations where app = 'models'"
_HAS_TABLE: Final = "select to_regclass('tortoise_migrations') is not null as answer"


def known_migrations() -> frozenset[str]:
    """The names of the migrations in `domain/migrations`, such as `0001_tables`."""
    return frozenset(path.stem for path in FOLDER.glob("[0-9]*.py"))


async def applied_migrations(connection: Any) -> frozenset[str]:
    """The names of the migrations that were applied to a database; none for an empty one.

    Args:
        connection: A connection or pool of asyncpg.
    """
    if not await connection.fetchval(_HAS_TABLE):
        return frozenset()
    return frozenset(row["name"] for row in await connection.fetch(_APPLIED))
