"""Objects in the store that no row names: what a crash between the store and the database left behind."""

from datetime import UTC, datetime, timedelta
from typing import Final

from domain.database.connection import database
from domain.files.object_store import attachment_store

AGE: Final = timedelta(hours=24)
"""How old an object must be: a younger one may belong to an upload whose row is not committed yet."""
_UNNAMED: Final = """select key from unnest($1::text[]) given (key) where not exists (
  select from attachment a where a.storage_key = given.key and a.arrived_at is not null and a.removed_at is null)"""


async def drop_unnamed_objects(now: datetime | None = None) -> int:
    """Deletes objects that no attachment names, and unfinished uploads; returns how many. Any number may run at once.

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
