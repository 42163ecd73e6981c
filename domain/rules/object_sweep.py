"""Objects in the store that no row refers to, left behind by a crash between the store and the database."""

from datetime import UTC, datetime, timedelta
from typing import Final

from domain.database.connection import database
from domain.files.object_store import attachment_store

AGE: Final = timedelta(hours=24)
"""The minimum age of an object: a younger one may belong to an upload whose row is not committed yet."""
_UNNAMED: Final = """select key from unnest($1::text[]) stored (key) where not exists (
  select from attachment a where a.storage_key = stored.key and a.arrived_at is not null and a.removed_at is null)"""


async def drop_unnamed_objects(now: datetime | None = None) -> int:
    """Deletes objects that no attachment refers to, and unfinished uploads; returns how many.

    Any number of workers may run it at once.

    Args:
        now: The moment from which ages are counted; the current one by default.

    Raises:
        StoreUnavailable: The store doesn't answer.
    """
    deleted = 0
    before = (now or datetime.now(UTC)) - AGE
    async for page in attachment_store().list_pages():
        old = [stored.key for stored in page if stored.written_at <= before]
        unnamed = [row["key"] for row in await database().execute_query_dict(_UNNAMED, [old])] if old else []
        await attachment_store().delete(unnamed)
        deleted += len(unnamed)
    return deleted + await attachment_store().delete_unfinished(before)
