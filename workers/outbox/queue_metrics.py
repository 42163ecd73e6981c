"""How many rows wait in the outbox, and since when: read every few seconds, and published as metrics."""

import asyncio
from typing import Final

import structlog

from domain.database.connection import database
from workers.metrics import OLDEST, STATE_READ, WAITING
from workers.outbox.delivery_claims import DELIVERY_IS_WAITING
from workers.outbox.notification_claims import NOTIFICATION_IS_WAITING

log = structlog.get_logger()

INTERVAL: Final = 15.0
"""Seconds between two readings: as often as metrics are usually scraped."""

_SELECT_WAITING: Final = f"""
select 'notification' as kind, count(*), extract(epoch from now() - min(claimable_at)) as oldest
from notification where ({NOTIFICATION_IS_WAITING}) and claimable_at <= now()
union all
select 'mail', count(*), extract(epoch from now() - min(claimable_at))
from delivery where ({DELIVERY_IS_WAITING}) and claimable_at <= now()"""


async def update_queue_metrics_forever() -> None:
    """Updates the metrics until it is cancelled; while the database is unavailable, they keep their last values."""
    while True:
        try:
            # In a task of its own, for the same reason as chores.
            await asyncio.create_task(update_queue_metrics())
        except Exception as cause:  # noqa: BLE001  # the sweep logs that the database is unavailable
            log.debug("outbox_not_read", cause=type(cause).__name__)
        await asyncio.sleep(INTERVAL)


async def update_queue_metrics() -> None:
    """Reads the outbox once, and updates the metrics."""
    for row in await database().execute_query_dict(_SELECT_WAITING):
        WAITING.labels(row["kind"]).set(row["count"])
        OLDEST.labels(row["kind"]).set(row["oldest"] or 0)
    STATE_READ.set_to_current_time()
