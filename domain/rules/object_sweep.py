"""Objects that no row names: what a crash left behind between the store and the database."""

from datetime import UTC, datetime, timedelta
from typing import Final

from domain.database.connection import database
from domain.files.object_store import attachment_store

AGE: Final = timedelta(hours=24)
"""Younger objects may belong to an upload that is being written down just now."""
_UNNAMED: Final = """select key from unnest($1::text[]) given (key) where not exists (
  select from attachment a where a.storage_key = given.key and a.arrived_at is not null and a.removed_at is null)"""


async def sweep_objects(now: datetime | None = None) -> int:
    """Takes away what no attachment names, and what was never finished; answers how many. Several may sweep at once.

    Args:
        now: The moment that ages count from, when it isn't this one.

    Raises:
        StoreUnavailable: The store doesn't answer.
    """
    swept = 0
    before = (now or datetime.now(UTC)) - AGE
    async for page in attachment_store().list_pages():
        old = [stored.key for stored in page if stored.written_at <= before]
        unnamed = [row["key"] for row in await database().execute_query_dict(_UNNAMED, [old])] if old else []
        await attachment_store().delete(unnamed)
        swept += len(unnamed)
    return swept + await attachment_store().delete_unfinished(before)
