"""How much waits in the outbox, and for how long: looked at now and then, and told as metrics."""

import asyncio
from typing import Final

import structlog

from domain.database.connection import database
from workers.metrics import OLDEST, STATE_READ, WAITING
from workers.outbox.claims import WAITS as DELIVERY_WAITS
from workers.outbox.routing import WAITS as NOTIFICATION_WAITS

log = structlog.get_logger()

EVERY: Final = 15.0
"""Seconds between two looks: as often as metrics are usually asked for."""

_STATE: Final = f"""
select 'notification' as kind, count(*), extract(epoch from now() - min(claimable_at)) as oldest
from notification where ({NOTIFICATION_WAITS}) and claimable_at <= now()
union all
select 'mail', count(*), extract(epoch from now() - min(claimable_at))
from delivery where ({DELIVERY_WAITS}) and claimable_at <= now()"""


async def tell_outbox_for_ever() -> None:
    """Looks at the outbox until it is cancelled; a database that is away is waited for, and the metrics grow old."""
    while True:
        try:
            # In a task of its own, for the reason that chores are.
            await asyncio.create_task(tell_outbox())
        except Exception as cause:  # noqa: BLE001  # the sweep tells the log of a database that is away
            log.debug("outbox_not_read", cause=type(cause).__name__)
        await asyncio.sleep(EVERY)


async def tell_outbox() -> None:
    """Looks once."""
    for row in await database().execute_query_dict(_STATE):
        WAITING.labels(row["kind"]).set(row["count"])
        OLDEST.labels(row["kind"]).set(row["oldest"] or 0)
    STATE_READ.set_to_current_time()
