"""Drains the outbox: routes and sends everything that is due, as a worker does, until nothing is left."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from domain.database.connection import database
from domain.mail_domain import message_domain
from domain.rules.second_routing import route_undelivered
from settings import Settings
from workers.dispatcher import Dispatcher
from workers.outbox.delivery_claims import DELIVERY_IS_WAITING
from workers.outbox.notification_claims import NOTIFICATION_IS_WAITING

PROGRESS_INTERVAL: Final = 0.5
"""Seconds between two reports of progress."""

# Rows that another worker holds are only counted when their lease has expired.
_COUNT_DUE: Final = f"""
select
  (select count(*) from notification where ({NOTIFICATION_IS_WAITING}) and claimable_at <= now()) as notifications,
  (select count(*) from delivery where ({DELIVERY_IS_WAITING}) and claimable_at <= now()) as mails"""


@dataclass(frozen=True, slots=True)
class DrainResult:
    """The result of draining; the command prints it as JSON under these names.

    Attributes:
        handled: The number of notifications that were routed, and of mails that were sent or rejected.
        left: The number of those that are due and could not be handled, because the mail server is unavailable.
    """

    handled: int
    left: int


async def drain(settings: Settings, progress: Callable[[int, int], None]) -> DrainResult:
    """Routes and sends everything that is due; returns when nothing is left, or the mail server is unavailable.

    Args:
        settings: The settings of a worker.
        progress: Called repeatedly with the number of all that were due so far, and of those that are left.
    """
    dispatcher = Dispatcher(settings)
    reporting = asyncio.create_task(_report_progress(progress))
    handled = 0
    try:
        while count := await dispatcher.sweep() + await route_undelivered(message_domain(settings)):
            handled += count
    finally:
        reporting.cancel()
        await dispatcher.close()
    left = await count_due()
    progress(handled + left, left)
    return DrainResult(handled, left)


async def count_due() -> int:
    """How many notifications and mails are due now and not held by a worker."""
    [row] = await database().execute_query_dict(_COUNT_DUE)
    return int(row["notifications"] + row["mails"])


async def _report_progress(progress: Callable[[int, int], None]) -> None:
    total = 0
    while True:
        left = await count_due()
        total = max(total, left)
        progress(total, left)
        await asyncio.sleep(PROGRESS_INTERVAL)
