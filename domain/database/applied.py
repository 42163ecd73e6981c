"""Which migrations the code has, and which of them a database has seen."""

from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "migrations"
_APPLIED: Final = "select name from tortoise_migrations where app = 'models'"
_HAS_ANY: Final = "select to_regclass('tortoise_migrations') is not null as answer"


def migrations_of_code() -> frozenset[str]:
    """The names of the migrations in `domain/migrations`: `0001_tables` and what follows it."""
    return frozenset(path.stem for path in FOLDER.glob("[0-9]*.py"))


async def migrations_of_database(connection: Any) -> frozenset[str]:
    """The names of the migrations that a database has seen; none for one that is empty.

    Args:
        connection: A connection or a pool of asyncpg's.
    """
    if not await connection.fetchval(_HAS_ANY):
        return frozenset()
    return frozenset(row["name"] for row in await connection.fetch(_APPLIED))
